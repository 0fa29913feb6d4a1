/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts so great that no memory suffices: nothing of the values is read before that is known. */
#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>

#include "base/rcu.h"
#include "results/statistics/holm.h"
#include "results/statistics/mann_whitney.h"
#include "results/statistics/power.h"
#include "results/statistics/shift_function.h"
#include "results/statistics/signed_rank.h"

#define FAR_TOO_MANY ((size_t)1 << 46) /* doubles: more than an address space holds */
#define MANY_PAIRED  ((size_t)1 << 25) /* the same, once squared */

/* The address sanitizer ends the program where malloc would fail. */
Test(memory, rank_tests_say_that_there_is_none, .disabled = MH_RCU_ASAN)
{
	double value = 1;
	struct mh_two_samples far = {&value, &value, FAR_TOO_MANY, 1},
			      many = {&value, &value, MANY_PAIRED, MANY_PAIRED};
	struct mh_interval shift;

	cr_expect(isnan(mh_signed_rank_p(&value, FAR_TOO_MANY, MH_GREATER)));
	cr_expect_eq(mh_signed_rank_shift(&value, MANY_PAIRED, 0.95, &shift), -ENOMEM);
	cr_expect(isnan(mh_mann_whitney_p(&far, MH_GREATER)));
	cr_expect_eq(mh_mann_whitney_shift(&many, 0.95, &shift), -ENOMEM);
}

Test(memory, lists_say_that_there_is_none, .disabled = MH_RCU_ASAN)
{
	double value = 1;

	cr_expect_eq(mh_holm(&value, FAR_TOO_MANY, &value), -ENOMEM);
	cr_expect_eq(mh_benjamini_hochberg(&value, FAR_TOO_MANY, &value), -ENOMEM);
	cr_expect_eq(mh_noise_deviation(&value, FAR_TOO_MANY, &value), -ENOMEM);
	cr_expect_eq(value, 1.0, "%g was written", value);
}

Test(memory, permutations_say_that_there_is_none, .disabled = MH_RCU_ASAN)
{
	double value = 1;
	struct mh_max_t_paired paired = {&value, 1, FAR_TOO_MANY, 0}, many = {&value, 1, MANY_PAIRED, 0};
	struct mh_max_t_unpaired unpaired = {&value, &value, 1, FAR_TOO_MANY, 2, 0};
	struct mh_max_t result;
	struct mh_interval shift;

	cr_expect_eq(mh_max_t_paired(&paired, &result), -ENOMEM);
	cr_expect_eq(mh_max_t_unpaired(&unpaired, &result), -ENOMEM);
	cr_expect_eq(mh_shift_function_paired(&many, 0.95, &shift), -ENOMEM);
	unpaired.base_count = unpaired.candidate_count = MANY_PAIRED;
	cr_expect_eq(mh_shift_function_unpaired(&unpaired, 0.95, &shift), -ENOMEM);
}
