/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Many tests at once: adjusted p values.
 *
 * Source: Holm 1979; Benjamini and Hochberg 1995.
 */
#ifndef RESULTS_STATISTICS_HOLM_H
#define RESULTS_STATISTICS_HOLM_H

#include <stddef.h>

/* The chance of any false alarm among all @count stays below alpha where an adjusted value does. @ret_adjusted: @count
 * values, may be @p itself; at most 1. No @p is NAN. 0 or -ENOMEM. */
int mh_holm(const double *p, size_t count, double *ret_adjusted);
/* The share of false ones among those found stays below q where an adjusted value does. Arguments as of mh_holm. */
int mh_benjamini_hochberg(const double *p, size_t count, double *ret_adjusted);

#endif
