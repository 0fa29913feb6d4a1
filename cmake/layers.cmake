# SPDX-License-Identifier: GPL-2.0-or-later
# One OBJECT library a layer, linked as far down as docs/layers.txt allows and no further. OBJECT, not STATIC: an archive
# silently drops what nothing refers to by name.

# memhp_layers(TABLE) - defines a target memhp_LAYER for each line of the table, '/' written as '_'.
function(memhp_layers table)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${table})
  file(STRINGS ${table} lines REGEX "^[a-z]")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE ":.*" "" layer "${line}")
    string(REGEX REPLACE "^[^:]*:" "" below "${line}")
    string(REGEX MATCHALL "[a-z/]+" below "${below}")
    memhp_layer(${layer} "${below}")
    list(APPEND all ${layer})
  endforeach()
  set(MEMHP_LAYERS ${all} PARENT_SCOPE)
endfunction()

function(memhp_layer layer below)
  string(REPLACE "/" "_" name ${layer})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${layer}/*.c)
  list(FILTER sources EXCLUDE REGEX "/bench/micro/.*_bench\\.c$|/bench/cli/main\\.c$")
  if(NOT sources)
    add_library(memhp_${name} INTERFACE)
    set(scope INTERFACE)
  else()
    add_library(memhp_${name} OBJECT ${sources})
    set(scope PUBLIC)
  endif()
  foreach(dependency IN LISTS below)
    string(REPLACE "/" "_" dependency ${dependency})
    set_property(GLOBAL APPEND PROPERTY MEMHP_BELOW_${name} ${dependency})
  endforeach()
  target_link_libraries(memhp_${name} ${scope} ${MEMHP_LIBS_${name}})
  if(name STREQUAL "base")
    target_include_directories(memhp_${name} SYSTEM ${scope} ${RANDOM123_INCLUDE})
  endif()
  set_property(GLOBAL PROPERTY MEMHP_HAS_${name} "${sources}")
endfunction()

# memhp_link(TARGET LAYER...) - gives TARGET the objects of each layer and of all layers below it, however far down: a layer
# may not include what lies two below, but its objects still need it.
function(memhp_link target)
  set(layers ${ARGN})
  set(unseen ${ARGN})
  while(unseen)
    list(POP_FRONT unseen layer)
    get_property(below GLOBAL PROPERTY MEMHP_BELOW_${layer})
    list(REMOVE_ITEM below ${layers})
    list(APPEND layers ${below})
    list(APPEND unseen ${below})
  endwhile()
  foreach(layer IN LISTS layers)
    target_link_libraries(${target} PRIVATE memhp_${layer} ${MEMHP_LIBS_${layer}})
  endforeach()
endfunction()

# The program exports its symbols: a module links nothing and finds the kernel's names here.
function(memhp_program target)
  if(NOT EXISTS ${CMAKE_SOURCE_DIR}/bench/cli/main.c)
    message(WARNING "bench/cli/main.c is not there yet: no program")
    return()
  endif()
  add_executable(${target} ${CMAKE_SOURCE_DIR}/bench/cli/main.c)
  memhp_link(${target} bench_cli)
  set_target_properties(${target} PROPERTIES ENABLE_EXPORTS ON)
endfunction()

# One program for each bench/micro/*_bench.c.
function(memhp_micro)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/bench/micro/*_bench.c)
  foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    add_executable(${name} ${source})
    memhp_link(${name} bench_micro)
    target_compile_options(${name} PRIVATE -falign-functions=64 -falign-loops=32)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/micro)
  endforeach()
endfunction()

# The example modules, by the one line that a user's own module is compiled with.
function(memhp_modules)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/examples/modules/*.c ${CMAKE_SOURCE_DIR}/examples/bugs/*.c)
  file(GLOB headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/include/memhp/*.h ${CMAKE_SOURCE_DIR}/include/memhp/kernel/linux/*.h)
  foreach(source IN LISTS sources)
    get_filename_component(name ${source} NAME_WE)
    set(module ${CMAKE_BINARY_DIR}/modules/${name}.so)
    add_custom_command(OUTPUT ${module} DEPENDS ${source} ${headers}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/modules
      COMMAND ${CMAKE_C_COMPILER} -std=gnu11 -g -O2 -shared -fPIC
              -I${CMAKE_SOURCE_DIR}/include/memhp/kernel -I${CMAKE_SOURCE_DIR}/include ${source} -o ${module}
      COMMENT "module ${name}.so" VERBATIM)
    list(APPEND modules ${module})
  endforeach()
  add_custom_target(modules ALL DEPENDS ${modules})
endfunction()
