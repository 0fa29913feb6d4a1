/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which exit code wins. */
#include <criterion/criterion.h>

#include "bench/cli/exit_codes.h"

static const int falling[] = {8, 130, 3, 7, 2, 5, 6, 1, 4, 0};

#define COUNT (sizeof(falling) / sizeof(falling[0]))

Test(exit_codes, win_by_the_documented_order)
{
	for (size_t i = 0; i < COUNT; i++) {
		for (size_t j = i; j < COUNT; j++) {
			cr_expect_eq(mh_exit_combine(falling[i], falling[j]), falling[i], "%d and %d", falling[i],
				     falling[j]);
			cr_expect_eq(mh_exit_combine(falling[j], falling[i]), falling[i], "%d and %d", falling[j],
				     falling[i]);
		}
	}
}

Test(exit_codes, of_two_signals_the_first_stays)
{
	cr_expect_eq(mh_exit_combine(130, 143), 130);
	cr_expect_eq(mh_exit_combine(143, 130), 143);
	cr_expect_eq(mh_exit_combine(143, 3), 143);
}

Test(exit_codes, an_unknown_one_is_an_internal_error)
{
	cr_expect_eq(mh_exit_combine(0, 77), 8);
	cr_expect_eq(mh_exit_combine(77, 3), 8);
	cr_expect_eq(mh_exit_combine(-1, 8), 8);
}
