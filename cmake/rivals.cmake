# SPDX-License-Identifier: GPL-2.0-or-later
# What the bars compare us with, in build/PRESET/micro, each where its package is installed (scripts/rivals): files of
# benchmarks rival_NAME.so, compiled as a user's own, and the program rival_gbench. memhp-bench links none of it.

set(RIVAL_FLAGS -O2 -g -falign-functions=64 -falign-loops=32 -I${CMAKE_SOURCE_DIR} -I${CMAKE_SOURCE_DIR}/include)

# memhp_rival(OUTPUT LIBRARY SOURCE... COMPILER FLAGS...) - one, if pkg-config knows the library.
function(memhp_rival output library sources compiler)
  pkg_check_modules(RIVAL_${library} QUIET ${library})
  if(NOT RIVAL_${library}_FOUND OR NOT compiler)
    message(STATUS "${output}: absent, '${library}' is not installed (scripts/rivals)")
    return()
  endif()
  list(TRANSFORM sources PREPEND ${CMAKE_SOURCE_DIR}/bench/micro/)
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/bench/micro/*.h ${CMAKE_SOURCE_DIR}/include/memhp/*.h)
  set(file ${CMAKE_BINARY_DIR}/micro/${output})
  add_custom_command(OUTPUT ${file} DEPENDS ${sources} ${headers}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/micro
    COMMAND ${compiler} ${ARGN} ${RIVAL_FLAGS} ${RIVAL_${library}_CFLAGS} ${sources} -o ${file}
            ${RIVAL_${library}_LDFLAGS} -lm -lpthread
    COMMENT "rival ${output}" VERBATIM)
  set_property(GLOBAL APPEND PROPERTY MEMHP_RIVALS ${file})
endfunction()

# Sanitized builds measure nothing.
if(NOT MEMHP_SANITIZER)
  find_program(MEMHP_CXX NAMES g++ c++ clang++)
  set(shared -std=gnu11 -shared -fPIC -DMEMHP_COMPAT=0 -D_GNU_SOURCE)
  memhp_rival(rival_hdr.so hdr_histogram rivals/hdr.c ${CMAKE_C_COMPILER} ${shared})
  memhp_rival(rival_ck.so ck "rivals/ck.c;callbacks.c" ${CMAKE_C_COMPILER} ${shared})
  memhp_rival(rival_gbench benchmark rivals/gbench.cc "${MEMHP_CXX}" -std=c++11)
  get_property(rivals GLOBAL PROPERTY MEMHP_RIVALS)
  add_custom_target(rivals ALL DEPENDS ${rivals})
endif()
