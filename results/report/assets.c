/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The assembler reads the files, as bytes, where the build found them; cmake/assets.cmake gives their paths and makes
 * this file depend on them.
 */
#include "results/report/assets.h"

#define ASSET(symbol, path)                                                                                            \
	__asm__(".pushsection .rodata\n"                                                                               \
		".global " #symbol "\n"                                                                                \
		".hidden " #symbol "\n"                                                                                \
		".type " #symbol ", @object\n" #symbol ":\n"                                                           \
		".incbin \"" path "\"\n"                                                                               \
		".byte 0\n"                                                                                            \
		".size " #symbol ", . - " #symbol "\n"                                                                 \
		".popsection\n")

ASSET(mh_asset_page_html, MH_PAGE_HTML);
ASSET(mh_asset_page_css, MH_PAGE_CSS);
ASSET(mh_asset_page_js, MH_PAGE_JS);
ASSET(mh_asset_dygraphs_css, MH_DYGRAPHS_CSS);
ASSET(mh_asset_dygraphs_js, MH_DYGRAPHS_JS);
