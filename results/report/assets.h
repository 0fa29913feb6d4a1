/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every page is made of: files of this folder and dygraphs, taken into the program when it is built. */
#ifndef RESULTS_REPORT_ASSETS_H
#define RESULTS_REPORT_ASSETS_H

/* Each a text with a NUL behind it. */
extern const char mh_asset_page_html[], mh_asset_page_css[], mh_asset_page_js[];
extern const char mh_asset_dygraphs_css[], mh_asset_dygraphs_js[];

#endif
