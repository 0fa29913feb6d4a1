# SPDX-License-Identifier: GPL-2.0-or-later
# Libraries from the distribution, each found by pkg-config or by its header; a missing one is named with its package.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

function(memhp_need target package)
  pkg_check_modules(${target} IMPORTED_TARGET ${ARGN})
  if(NOT ${target}_FOUND)
    message(FATAL_ERROR "'${ARGN}' not found: apt-get install ${package}")
  endif()
endfunction()

memhp_need(URCU liburcu-dev liburcu-memb liburcu-qsbr liburcu-bp liburcu-mb)
memhp_need(HWLOC libhwloc-dev hwloc)
memhp_need(NUMA libnuma-dev numa)
memhp_need(YAML libyaml-dev yaml-0.1)
memhp_need(JANSSON libjansson-dev jansson)
memhp_need(ZLIB zlib1g-dev zlib)
memhp_need(RMATH r-mathlib libRmath)
# Debian's file names the headers of R itself, which Rmath.h does not need and which r-mathlib does not bring.
set_property(TARGET PkgConfig::RMATH PROPERTY INTERFACE_INCLUDE_DIRECTORIES)

find_path(RANDOM123_INCLUDE Random123/philox.h)
if(NOT RANDOM123_INCLUDE)
  message(FATAL_ERROR "'Random123/philox.h' not found: apt-get install librandom123-dev")
endif()

# Which layer sees which library: liburcu behind base/rcu, hwloc and libnuma in core/topology, libRmath in
# results/statistics and nowhere else.
set(MEMHP_LIBS_base PkgConfig::URCU Threads::Threads m dl)
set(MEMHP_LIBS_core_topology PkgConfig::HWLOC PkgConfig::NUMA PkgConfig::JANSSON)
set(MEMHP_LIBS_results_statistics PkgConfig::RMATH)
set(MEMHP_LIBS_results_export PkgConfig::JANSSON)
set(MEMHP_LIBS_results_report PkgConfig::JANSSON)
set(MEMHP_LIBS_results PkgConfig::JANSSON PkgConfig::ZLIB)
set(MEMHP_LIBS_bench_micro PkgConfig::JANSSON)
set(MEMHP_LIBS_bench_engine PkgConfig::YAML PkgConfig::JANSSON)
set(MEMHP_LIBS_bench_cli PkgConfig::JANSSON)
