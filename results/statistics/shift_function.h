/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How much the candidate differs at each of several quantiles: a Hodges-Lehmann ratio a quantile and a simultaneous
 * band by the permutations of max_t.
 *
 * Source: Doksum 1974; Wilcox and Rousselet.
 */
#ifndef RESULTS_STATISTICS_SHIFT_FUNCTION_H
#define RESULTS_STATISTICS_SHIFT_FUNCTION_H

#include "results/statistics/interval.h"
#include "results/statistics/max_t.h"

#define MH_SHIFT_QUANTILES 12 /* .1 … .9, .95, .99, .999 */

extern const double mh_shift_quantiles[MH_SHIFT_QUANTILES];

/* @data: a variable a quantile, values ln of the quantile. @ret_shifts: variable_count of them, in ln; @confidence is
 * of the whole band; not attained: too few runs for any band. 0; -EINVAL as mh_max_t_paired; -ENOMEM. */
int mh_shift_function_paired(const struct mh_max_t_paired *data, double confidence, struct mh_interval *ret_shifts);
int mh_shift_function_unpaired(const struct mh_max_t_unpaired *data, double confidence, struct mh_interval *ret_shifts);

#endif
