# SPDX-License-Identifier: GPL-2.0-or-later
# A unit-test program a layer, linked to that layer and those below it, no further: unit_LAYER from tests/unit/LAYER/*.c.
# A race test is a plain program a file: race_NAME from tests/race/NAME.c (Criterion does not run under ThreadSanitizer).

enable_testing()
memhp_need(CRITERION libcriterion-dev criterion)

foreach(layer IN LISTS MEMHP_LAYERS)
  string(REPLACE "/" "_" name ${layer})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/${layer}/*.c)
  if(sources AND NOT MEMHP_SANITIZER STREQUAL "thread")
    add_executable(unit_${name} ${sources})
    memhp_link(unit_${name} ${name})
    target_link_libraries(unit_${name} PRIVATE PkgConfig::CRITERION)
    set_target_properties(unit_${name} PROPERTIES ENABLE_EXPORTS ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/unit)
    add_test(NAME unit_${name} COMMAND unit_${name})
  endif()
endforeach()

file(GLOB races CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/race/*.c)
foreach(source IN LISTS races)
  get_filename_component(name ${source} NAME_WE)
  add_executable(race_${name} ${source})
  memhp_link(race_${name} workloads faults)
  set_target_properties(race_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/race)
endforeach()
