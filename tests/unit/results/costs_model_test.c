/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verdict on costs of which the truth is known. */
#include "results/costs_model.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "costs_sample.h"

static struct mh_costs costs;
static struct mh_costs_verdict verdict;
static struct mh_text text = MH_TEXT_INIT;

static void release(void)
{
	mh_costs_release(&costs);
	mh_text_release(&text);
}

TestSuite(costs_model, .fini = release);

static void validate(const struct costs_sample *sample)
{
	struct mh_error error;

	costs_sample_make(sample, &costs);
	cr_assert_eq(mh_costs_validate(&costs, &verdict, &error), 0);
	mh_costs_verdict_show(&costs, &verdict, &text);
}

Test(costs_model, independent_parts_that_stay_as_they_are_are_predicted)
{
	validate(&(struct costs_sample){.count = 1000, .later_factor = 1});
	cr_expect(verdict.validated, "%s", text.data);
	cr_expect_eq(verdict.count, 2u);
	cr_expect_lt(verdict.difference, 0.3, "%g", verdict.difference);
	cr_expect_eq(strncmp(text.data, "validated to ", 13), 0, "%s", text.data);
}

Test(costs_model, the_median_is_that_of_the_sum)
{
	validate(&(struct costs_sample){.count = 4000, .later_factor = 1});
	/* 50 + 200 + 9 + 1500 + 0.7 us, of which the widest pulls the median of the sum up a little. */
	cr_expect_float_eq(verdict.predictions[0].predicted_ns[MH_COST_P50], 1.77e6, 0.05e6, "%s", text.data);
	/* exp(2.33 * 0.5) of the listener's median, and the others' medians. */
	cr_expect_float_eq(verdict.predictions[0].predicted_ns[MH_COST_P99], 5.07e6, 0.7e6, "%s", text.data);
}

Test(costs_model, a_kernel_that_became_slower_is_not)
{
	validate(&(struct costs_sample){.count = 1000, .later_factor = 1.5});
	cr_expect_not(verdict.validated, "%s", text.data);
	cr_expect_lt(verdict.predictions[0].difference[MH_COST_P50], -MH_COSTS_P50_MAX, "%s", text.data);
	cr_expect_eq(strncmp(text.data, "costs: not validated\n", 21), 0, "%s", text.data);
	cr_expect(strstr(text.data, "offline: p50 -3"), "%s", text.data);
}

Test(costs_model, one_that_became_faster_is_not)
{
	validate(&(struct costs_sample){.count = 1000, .later_factor = 0.7});
	cr_expect_not(verdict.validated, "%s", text.data);
	cr_expect_gt(verdict.predictions[0].difference[MH_COST_P50], MH_COSTS_P50_MAX, "%s", text.data);
}

Test(costs_model, parts_that_are_slow_together_make_a_tail_that_is_not_predicted)
{
	validate(&(struct costs_sample){.count = 4000, .later_factor = 1, .common_sigma = 2});
	cr_expect_not(verdict.validated, "%s", text.data);
}

Test(costs_model, too_few_operations_say_nothing)
{
	validate(&(struct costs_sample){.count = 398, .later_factor = 1});
	cr_expect_not(verdict.validated);
	cr_expect(strstr(text.data, "online: 199 operations are held out, 200 are needed: record more"), "%s",
		  text.data);
}

Test(costs_model, just_enough_operations_do)
{
	validate(&(struct costs_sample){.count = 400, .later_factor = 1, .node = true});
	cr_expect(verdict.validated, "%s", text.data);
	cr_expect(strstr(text.data, "offline of a node's last"), "%s", text.data);
}

Test(costs_model, the_same_file_always_has_the_same_verdict)
{
	struct mh_costs_verdict again;
	struct mh_error error;

	validate(&(struct costs_sample){.count = 500, .later_factor = 1});
	cr_assert_eq(mh_costs_validate(&costs, &again, &error), 0);
	cr_expect_eq(memcmp(&again, &verdict, sizeof(again)), 0);
}

Test(costs_model, the_document_says_the_same)
{
	struct mh_text json = MH_TEXT_INIT;
	struct mh_error error;

	validate(&(struct costs_sample){.count = 400, .later_factor = 1});
	cr_assert_eq(mh_costs_verdict_write(&costs, &verdict, &json, &error), 0);
	cr_expect(strstr(json.data, "\"validated\": true"), "%s", json.data);
	cr_expect(strstr(json.data, "\"operation\": \"online\""), "%s", json.data);
	mh_text_release(&json);
}
