# SPDX-License-Identifier: GPL-2.0-or-later
# A unit-test program a layer, linked to that layer and those below it, no further: unit_LAYER from tests/unit/LAYER/*.c.
# A race test is a plain program a file: race_NAME from tests/race/NAME.c (Criterion does not run under ThreadSanitizer).

enable_testing()
memhp_need(CRITERION libcriterion-dev criterion)

# A library of the name by which Criterion asks for libgit2; loaded first, it is taken for it (tests/criterion says why).
get_target_property(criterion PkgConfig::CRITERION INTERFACE_LINK_LIBRARIES)
execute_process(COMMAND ${CMAKE_READELF} -d ${criterion} OUTPUT_VARIABLE needed ERROR_QUIET)
if(needed MATCHES "\\[(libgit2\\.so[.0-9]*)\\]")
  set(without_libgit2 ${CMAKE_BINARY_DIR}/criterion/${CMAKE_MATCH_1})
  add_custom_command(OUTPUT ${without_libgit2} DEPENDS ${CMAKE_SOURCE_DIR}/tests/criterion/without_libgit2.c
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/criterion
    COMMAND ${CMAKE_C_COMPILER} -shared -fPIC -O2 -Wl,-soname,${CMAKE_MATCH_1}
            ${CMAKE_SOURCE_DIR}/tests/criterion/without_libgit2.c -o ${without_libgit2}
    COMMENT "without libgit2" VERBATIM)
  add_custom_target(without_libgit2 DEPENDS ${without_libgit2})
endif()

foreach(layer IN LISTS MEMHP_LAYERS)
  string(REPLACE "/" "_" name ${layer})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/${layer}/*.c)
  if(sources AND NOT MEMHP_SANITIZER STREQUAL "thread")
    add_executable(unit_${name} ${sources})
    memhp_link(unit_${name} ${name})
    if(without_libgit2)
      add_dependencies(unit_${name} without_libgit2)
      target_link_libraries(unit_${name} PRIVATE -Wl,--no-as-needed ${without_libgit2})
    endif()
    target_link_libraries(unit_${name} PRIVATE PkgConfig::CRITERION)
    # They find their fixtures by the place of their sources, wherever they are run: the last map counts.
    target_compile_options(unit_${name} PRIVATE -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=${CMAKE_SOURCE_DIR}/)
    set_target_properties(unit_${name} PROPERTIES ENABLE_EXPORTS ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/unit)
    add_test(NAME unit_${name} COMMAND unit_${name})
  endif()
endforeach()

# Modules that a loader must take or refuse, compiled as a user's own, NAME_73 and NAME_612 for that kernel; unit programs find them beside themselves, in ../fixtures.
file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fixtures/modules/*.c)
file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/include/memhp/*.h ${CMAKE_SOURCE_DIR}/include/memhp/kernel/linux/*.h
     ${CMAKE_SOURCE_DIR}/tests/fixtures/modules/*.h)
foreach(source IN LISTS sources)
  get_filename_component(name ${source} NAME_WE)
  set(module ${CMAKE_BINARY_DIR}/fixtures/${name}.so)
  set(options)
  if(MEMHP_SANITIZER STREQUAL "thread")
    set(options -fsanitize=thread)
  endif()
  if(name STREQUAL sysv_hash)
    list(APPEND options -Wl,--hash-style=sysv)
  elseif(name MATCHES "_(73|612)$")
    list(APPEND options -DMEMHP_COMPAT=${CMAKE_MATCH_1})
  endif()
  add_custom_command(OUTPUT ${module} DEPENDS ${source} ${headers}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/fixtures
    COMMAND ${CMAKE_C_COMPILER} -std=gnu11 -g -O2 -shared -fPIC
            -I${CMAKE_SOURCE_DIR}/include/memhp/kernel -I${CMAKE_SOURCE_DIR}/include ${source} -o ${module} ${options}
    COMMENT "fixture ${name}.so" VERBATIM)
  list(APPEND fixtures ${module})
endforeach()
add_custom_target(fixtures ALL DEPENDS ${fixtures})
foreach(name IN ITEMS core bench_engine bench_kernel)
  if(TARGET unit_${name})
    add_dependencies(unit_${name} fixtures)
  endif()
endforeach()

file(GLOB races CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/race/*.c)
foreach(source IN LISTS races)
  get_filename_component(name ${source} NAME_WE)
  add_executable(race_${name} ${source})
  memhp_link(race_${name} workloads faults)
  add_dependencies(race_${name} fixtures)
  set_target_properties(race_${name} PROPERTIES ENABLE_EXPORTS ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/race)
endforeach()

# What the rule of a gate does with made-up runs; scripts/proof statistics holds its figures in bands.
file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/simulation/*.c)
add_executable(simulation_statistics ${sources})
memhp_link(simulation_statistics results_statistics)
set_target_properties(simulation_statistics PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/simulation)

# What a gate says of runs that were recorded; scripts/proof gate records them.
add_executable(decisions ${CMAKE_SOURCE_DIR}/tests/decisions/decisions.c)
memhp_link(decisions bench_cli)
set_target_properties(decisions PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/simulation)
