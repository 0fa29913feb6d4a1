/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ranks from 1, where equal values share the mean of theirs; doubled, so that they are whole numbers.
 */
#ifndef RESULTS_STATISTICS_MIDRANKS_H
#define RESULTS_STATISTICS_MIDRANKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* @ret_doubled: @count of them, in the order of @values. @ret_tied: whether any two are equal. 0 or -ENOMEM. */
int mh_midranks(const double *values, size_t count, uint64_t *ret_doubled, bool *ret_tied);

#endif
