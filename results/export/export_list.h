/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every format, one line each: X(NAME) stands for mh_export_NAME, defined in NAME.c.
 */
#ifndef RESULTS_EXPORT_EXPORT_LIST_H
#define RESULTS_EXPORT_EXPORT_LIST_H

/* clang-format off */
#define MH_EXPORT_LIST(X) \
	X(hgrm) \
	X(hlog) \
	X(gbench) \
	X(junit) \
	X(github) \
	X(trace) \
	X(csv) \
	X(md)
/* clang-format on */

#endif
