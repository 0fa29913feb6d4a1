# SPDX-License-Identifier: GPL-2.0-or-later
# What the report's pages carry: dygraphs from the distribution and files of ours, read by the assembler.

find_path(DYGRAPHS_FOLDER dygraph.min.js PATHS /usr/share/javascript/dygraphs)
if(NOT DYGRAPHS_FOLDER OR NOT EXISTS ${DYGRAPHS_FOLDER}/dygraph.min.css)
  message(FATAL_ERROR "'dygraph.min.js' and 'dygraph.min.css' not found: apt-get install libjs-dygraphs")
endif()

set(report ${CMAKE_SOURCE_DIR}/results/report)
set(MEMHP_ASSETS
  MH_PAGE_HTML=${report}/page.html MH_PAGE_CSS=${report}/page.css MH_PAGE_JS=${report}/page.js
  MH_DYGRAPHS_CSS=${DYGRAPHS_FOLDER}/dygraph.min.css MH_DYGRAPHS_JS=${DYGRAPHS_FOLDER}/dygraph.min.js)
foreach(asset IN LISTS MEMHP_ASSETS)
  string(REGEX REPLACE "^([A-Z_]+)=(.*)" "\\1=\"\\2\"" definition ${asset})
  string(REGEX REPLACE "^[A-Z_]+=" "" path ${asset})
  list(APPEND definitions ${definition})
  list(APPEND paths ${path})
endforeach()
set_source_files_properties(${report}/assets.c PROPERTIES COMPILE_DEFINITIONS "${definitions}" OBJECT_DEPENDS "${paths}")
