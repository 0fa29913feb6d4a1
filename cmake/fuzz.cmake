# SPDX-License-Identifier: GPL-2.0-or-later
# One libFuzzer program for each tests/fuzz/*.c: fuzz_NAME, linked to the layer of the first header that it includes and to
# those below, no further. A function __wrap_NAME in the source stands in for NAME, wherever the layers call it.

if(NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
  message(FATAL_ERROR "MEMHP_SANITIZER=fuzzer needs clang, not ${CMAKE_C_COMPILER_ID}: use the preset 'fuzz'")
endif()

# The seeds are made by the program, so it belongs to what is built.
add_custom_target(fuzz DEPENDS memhp-bench)

file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/*.c)
foreach(source IN LISTS sources)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  get_filename_component(name ${source} NAME_WE)
  file(STRINGS ${source} header REGEX "^#include \"" LIMIT_COUNT 1)
  string(REGEX REPLACE "^#include \"(.*)/[^/]*\"$" "\\1" layer "${header}")
  string(REPLACE "/" "_" layer ${layer})
  add_executable(fuzz_${name} ${source})
  memhp_link(fuzz_${name} ${layer})
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  file(STRINGS ${source} wraps REGEX "^[a-z]+ [*]?__wrap_")
  foreach(wrap IN LISTS wraps)
    string(REGEX REPLACE "^[a-z]+ [*]?__wrap_([a-z_]+).*" "\\1" wrap "${wrap}")
    target_link_options(fuzz_${name} PRIVATE -Wl,--wrap=${wrap})
  endforeach()
  set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/targets)
  add_dependencies(fuzz fuzz_${name})
endforeach()
