# SPDX-License-Identifier: GPL-2.0-or-later
# What `cmake --install` puts where: the program, the headers that a user's module is compiled against, the two ways to find
# them (memhp.pc, find_package(memhp)), scenarios and examples, and man pages.
#
# The two files sit below share/: they name headers only, the same on every architecture. Both find their prefix from where
# they lie, so that the whole tree may be moved.

include(GNUInstallDirs)

set(memhp_data ${CMAKE_INSTALL_DATADIR}/memhp-bench)
set(memhp_package ${CMAKE_INSTALL_DATADIR}/cmake/memhp)
set(memhp_pkgconfig ${CMAKE_INSTALL_DATADIR}/pkgconfig)

# From the folder of memhp.pc to the prefix, and from there to the headers: "../..", "include".
file(RELATIVE_PATH MEMHP_PC_PREFIX ${CMAKE_INSTALL_FULL_DATADIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
file(RELATIVE_PATH MEMHP_PC_INCLUDE ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
file(RELATIVE_PATH MEMHP_PACKAGE_INCLUDE ${CMAKE_INSTALL_FULL_DATADIR}/cmake/memhp ${CMAKE_INSTALL_FULL_INCLUDEDIR})
string(REGEX REPLACE "/$" "" MEMHP_PC_PREFIX ${MEMHP_PC_PREFIX})

configure_file(cmake/memhp.pc.in memhp.pc @ONLY)
configure_file(cmake/memhp-config.cmake.in memhp-config.cmake @ONLY)
include(CMakePackageConfigHelpers)
write_basic_package_version_file(memhp-config-version.cmake COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)

install(TARGETS memhp-bench RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY include/memhp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
install(FILES ${CMAKE_BINARY_DIR}/memhp.pc DESTINATION ${memhp_pkgconfig})
install(FILES ${CMAKE_BINARY_DIR}/memhp-config.cmake ${CMAKE_BINARY_DIR}/memhp-config-version.cmake
        DESTINATION ${memhp_package})
install(DIRECTORY bench/scenarios DESTINATION ${memhp_data} FILES_MATCHING PATTERN "*.yaml" PATTERN "*.costs.json")
install(DIRECTORY examples DESTINATION ${memhp_data} USE_SOURCE_PERMISSIONS)

# What the program says of itself: so it must run here, and a sanitizer's program would be slow at it.
if(CMAKE_CROSSCOMPILING OR MEMHP_SANITIZER)
  return()
endif()

set(memhp_completion ${CMAKE_BINARY_DIR}/completion/memhp-bench)
add_custom_command(OUTPUT ${memhp_completion}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/completion
  COMMAND memhp-bench completion bash > ${memhp_completion}
  DEPENDS memhp-bench COMMENT "bash completion" VERBATIM)
add_custom_target(completion ALL DEPENDS ${memhp_completion})
install(FILES ${memhp_completion} DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)

# A page a command.
find_program(HELP2MAN help2man)
if(NOT HELP2MAN)
  message(STATUS "no man pages: 'help2man' not found (apt-get install help2man)")
  return()
endif()

set(memhp_man ${CMAKE_BINARY_DIR}/man)
file(GLOB documents CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/docs/*.md)
add_custom_command(OUTPUT ${memhp_man}/memhp-bench.1
  COMMAND ${CMAKE_SOURCE_DIR}/scripts/man-pages $<TARGET_FILE:memhp-bench> ${memhp_man}
  DEPENDS memhp-bench ${CMAKE_SOURCE_DIR}/scripts/man-pages ${CMAKE_SOURCE_DIR}/README.md ${documents}
  COMMENT "man pages" VERBATIM)
add_custom_target(man ALL DEPENDS ${memhp_man}/memhp-bench.1)
install(DIRECTORY ${memhp_man}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN "*.1")
