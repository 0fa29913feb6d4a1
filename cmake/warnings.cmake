# SPDX-License-Identifier: GPL-2.0-or-later
# How every file of ours is compiled. No global -D but those that every file must agree upon: a file sees what it includes.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_EXTENSIONS ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g -DNDEBUG")

add_compile_options(
  -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
  -Wpointer-arith -Wcast-align -Wwrite-strings -Wundef -Wformat=2 -Wvla -Werror=implicit
  -fno-strict-aliasing -fno-common -falign-functions=64 -falign-loops=32)

# Our objects go into programs only: -fPIE reaches what is ours without the table that -fPIC goes through.
add_compile_options(-fPIE)
add_link_options(-pie)
# What is installed names no folder of the machine that built it. In a Debug build a debugger finds its sources by the path.
add_compile_options($<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=>)
# The host sees the names and fields of every kernel at once (include/memhp/kernel.h); a module is compiled without it.
add_compile_definitions(_GNU_SOURCE MEMHP_COMPAT=0)
include_directories(${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/include)

# core/hook.h says what it is otherwise.
if(NOT MEMHP_HOOKS)
  add_compile_definitions(MEMHP_HOOKS=0)
endif()

if(MEMHP_WERROR)
  add_compile_options(-Werror)
endif()

if(MEMHP_SANITIZER STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
  # Each of the two libraries has 6 MB of globals of its own, all of which are searched for pointers at the end of each process:
  # linked statically, they share them.
  if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    add_link_options(-static-libasan -static-libubsan)
  endif()
elseif(MEMHP_SANITIZER STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
elseif(MEMHP_SANITIZER STREQUAL "fuzzer")
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(MEMHP_SANITIZER)
  message(FATAL_ERROR "MEMHP_SANITIZER='${MEMHP_SANITIZER}': use 'address', 'thread' or 'fuzzer'")
endif()
