/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking more than once: how the 5 % chance of a false PASS is spent over the looks, which looks can decide anything,
 * and when another one is of no use.
 *
 * Source: Lan and DeMets 1983; Kim and DeMets 1987 (spending by a power of the share of pairs); Armitage, McPherson and
 * Rowe 1969 (the recursion). tests/simulation/statistics.c shows what the rule does with these levels.
 */
#ifndef RESULTS_STATISTICS_LOOKS_H
#define RESULTS_STATISTICS_LOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "results/statistics/interval.h"
#include "results/statistics/power.h"

#define MH_LOOKS_MAX  8
#define MH_PASS_ERROR 0.05 /* chance that a change of exactly the tolerance passes at any look */
/* What several looks have of it. Sums of ranks go in steps, not like the Brownian motion that levels are computed for:
 * five looks let 5.2 % pass of 5 %, which tests/simulation shows. */
#define MH_PASS_SPENT      0.048
#define MH_FUTILITY_WIDTHS 4

/**
 * mh_look_levels - the level of the upper bound that PASS is decided by, at each look
 * @pairs: rising, at least 1; only the looks that are taken
 * @ret_levels: @look_count of them, one-sided: a bound at @ret_levels[i] has confidence 1 - @ret_levels[i]
 *
 * One look has the whole 5 %. Return: 0; -EINVAL no look, more than MH_LOOKS_MAX, or pairs that do not rise.
 */
int mh_look_levels(const uint64_t *pairs, size_t look_count, double *ret_levels);

/* Whether so many pairs can reach the level at all: family 2^-n < alpha. @strictness: its alpha is that of one look. */
bool mh_look_can_decide(uint64_t pairs, const struct mh_strictness *strictness);

/**
 * mh_look_is_futile - whether noise is so much greater than expected that the last look cannot decide either
 * @shift: of ln values, larger is worse, two-sided 95 %
 * @tolerance: 0.05: 5 % worse is still a pass
 * @detectable: mh_detectable_change at the last look; NAN: not known, never futile
 *
 * True when @shift holds both no change and more than the tolerance, and is wider than 4 times @detectable.
 */
bool mh_look_is_futile(const struct mh_interval *shift, double tolerance, double detectable);

#endif
