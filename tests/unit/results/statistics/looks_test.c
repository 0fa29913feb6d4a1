/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the 5 % are spent over looks; tests/simulation shows that they are not exceeded. */
#include "results/statistics/looks.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>

Test(looks, one_look_has_all)
{
	double level;

	cr_assert_eq(mh_look_levels((uint64_t[]){16}, 1, &level), 0);
	cr_expect_float_eq(level, 0.05, 1e-12, "%.17g", level);
}

/* At the first look of two, with half of the pairs, a quarter is spent: without what was spent before, exactly. */
Test(looks, first_look_has_the_square_of_its_share)
{
	double levels[2];

	cr_assert_eq(mh_look_levels((uint64_t[]){12, 24}, 2, levels), 0);
	cr_expect_float_eq(levels[0], MH_PASS_SPENT / 4, 1e-12, "%.17g", levels[0]);
	cr_expect(levels[1] > MH_PASS_SPENT * 3 / 4 && levels[1] < MH_PASS_SPENT, "%.17g", levels[1]);
}

/* By nested integration of normal densities with scipy (quad and Gauss-Legendre) for the same shares. */
Test(looks, default_looks_have_the_known_levels)
{
	static const double expected[] = {0.008333333333, 0.01734663258, 0.03896878645};
	double levels[3];

	cr_assert_eq(mh_look_levels((uint64_t[]){10, 16, 24}, 3, levels), 0);
	for (int i = 0; i < 3; i++)
		cr_expect_float_eq(levels[i], expected[i], 1e-7, "look %d: %.10g, not %.10g", i, levels[i],
				   expected[i]);
}

Test(looks, no_level_exceeds_all)
{
	uint64_t pairs[MH_LOOKS_MAX];
	double levels[MH_LOOKS_MAX];

	for (size_t count = 1; count <= MH_LOOKS_MAX; count++) {
		for (size_t i = 0; i < count; i++)
			pairs[i] = 10 + 3 * i;
		cr_assert_eq(mh_look_levels(pairs, count, levels), 0);
		for (size_t i = 0; i < count; i++)
			cr_expect(levels[i] > 0 && levels[i] < 0.05 + 1e-12, "look %zu of %zu: %g", i, count,
				  levels[i]);
	}
}

Test(looks, refuses_what_is_no_list_of_looks)
{
	uint64_t many[MH_LOOKS_MAX + 1] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	double levels[MH_LOOKS_MAX + 1];

	cr_expect_eq(mh_look_levels(many, 0, levels), -EINVAL);
	cr_expect_eq(mh_look_levels(many, MH_LOOKS_MAX + 1, levels), -EINVAL);
	cr_expect_eq(mh_look_levels((uint64_t[]){10, 10}, 2, levels), -EINVAL);
	cr_expect_eq(mh_look_levels((uint64_t[]){0, 10}, 2, levels), -EINVAL);
}

/* 20 / 2^11 is below 1 %, 20 / 2^10 is not; split over 3 looks, 13 pairs are too few by little. */
Test(looks, few_pairs_can_decide_nothing)
{
	struct mh_strictness one = {0.01, 20}, third = {0.01 / 3, 20};

	cr_expect_not(mh_look_can_decide(10, &one));
	cr_expect(mh_look_can_decide(11, &one));
	cr_expect_not(mh_look_can_decide(12, &third));
	cr_expect(mh_look_can_decide(13, &third));
}

Test(looks, futile_is_noise_far_beyond_what_was_calibrated)
{
	double detectable = 0.03;
	struct mh_interval wide = {0.02, -0.08, 0.12, true}, narrow = {0.02, -0.03, 0.07, true},
			   worse = {0.2, 0.1, 0.3, true};

	cr_expect(mh_look_is_futile(&wide, 0.05, detectable));
	cr_expect_not(mh_look_is_futile(&narrow, 0.05, detectable));
	cr_expect_not(mh_look_is_futile(&worse, 0.05, detectable));
	cr_expect_not(mh_look_is_futile(&wide, 0.15, detectable));
	cr_expect_not(mh_look_is_futile(&wide, 0.05, NAN));
}
