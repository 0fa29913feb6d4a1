/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each condition of a trigger by itself, their order, and the contradictions that are refused.
 */
#include "faults/trigger.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/rng.h"

#define TRIGGER .probability_ppb = MH_PPB_ONE

static struct mh_trigger_plan plan;
static struct mh_trigger_state state;

static void begin(const struct mh_trigger *trigger)
{
	struct mh_error error = {0};
	const char *key;

	cr_assert_eq(mh_trigger_compile(trigger, 1, 99, &plan, &key, &error), 0, "%s", error.text);
	cr_assert_eq(mh_trigger_state_init(&state, &plan, trigger->times, 2), 0);
}

static bool fires_at(uint64_t time_ns, uint64_t draw)
{
	struct mh_trigger_call call = {.draw = draw, .size_bytes = UINT64_C(128) << 20, .time_ns = time_ns};

	return mh_trigger_fires(&plan, &state, 5, &call);
}

/* "0010" for calls that fire and calls that do not, one after the other; no draw is below any threshold. */
static const char *pattern(unsigned calls)
{
	static char text[64];

	for (unsigned i = 0; i < calls; i++)
		text[i] = fires_at(0, UINT64_MAX) ? '1' : '0';
	text[calls] = '\0';
	return text;
}

#define EXPECT_PATTERN(expected)                                                                                       \
	do {                                                                                                           \
		const char *got_ = pattern(sizeof(expected) - 1);                                                      \
		cr_expect_str_eq(got_, expected, "%s, not %s", got_, expected);                                        \
		mh_trigger_state_release(&state);                                                                      \
	} while (0)

Test(trigger, fires_always_without_conditions)
{
	begin(&(struct mh_trigger){TRIGGER});
	cr_expect(plan.simple);
	EXPECT_PATTERN("1111");
}

Test(trigger, after_lets_that_many_pass)
{
	begin(&(struct mh_trigger){TRIGGER, .after = 3});
	EXPECT_PATTERN("000111");
}

Test(trigger, every_takes_each_nth)
{
	begin(&(struct mh_trigger){TRIGGER, .every = 3});
	EXPECT_PATTERN("001001001");
}

Test(trigger, every_one_is_all)
{
	begin(&(struct mh_trigger){TRIGGER, .every = 1});
	EXPECT_PATTERN("111");
}

Test(trigger, times_ends_after_that_many)
{
	begin(&(struct mh_trigger){TRIGGER, .times = 2});
	EXPECT_PATTERN("11000");
}

Test(trigger, times_share_of_zero_never_fires)
{
	struct mh_trigger trigger = {TRIGGER, .times = 2};

	begin(&trigger);
	cr_assert_eq(mh_trigger_state_init(&state, &plan, 0, 1), 0);
	EXPECT_PATTERN("000");
}

Test(trigger, space_passes_what_is_below_the_budget)
{
	begin(&(struct mh_trigger){TRIGGER, .space_bytes = UINT64_C(300) << 20});
	EXPECT_PATTERN("0011");
}

Test(trigger, space_of_exactly_one_block_fires_at_once)
{
	begin(&(struct mh_trigger){TRIGGER, .space_bytes = UINT64_C(128) << 20});
	EXPECT_PATTERN("11");
}

Test(trigger, nth_fires_once)
{
	begin(&(struct mh_trigger){TRIGGER, .nth = (char *)"3"});
	EXPECT_PATTERN("001000000");
}

Test(trigger, conditions_are_asked_in_the_listed_order)
{
	begin(&(struct mh_trigger){TRIGGER, .after = 1, .every = 2, .times = 2, .space_bytes = UINT64_C(200) << 20});
	/* after: call 1. every: 3, 5, 7, 9 pass. space: 3 is taken off. times: 5 and 7. */
	EXPECT_PATTERN("00001010000");
}

Test(trigger, kernel_order_asks_space_before_every)
{
	begin(&(struct mh_trigger){TRIGGER, .order = MH_ORDER_KERNEL, .every = 2, .space_bytes = UINT64_C(200) << 20});
	/* space: call 1 is taken off. every: 3, 5 … */
	EXPECT_PATTERN("001010");
}

Test(trigger, kernel_order_lets_nth_decide_alone)
{
	begin(&(struct mh_trigger){TRIGGER, .order = MH_ORDER_KERNEL, .nth = (char *)"2", .times = 1, .every = 5});
	EXPECT_PATTERN("010000");
}

Test(trigger, kernel_nth_leaves_a_times_of_zero_alone)
{
	struct mh_trigger trigger = {TRIGGER, .order = MH_ORDER_KERNEL, .nth = (char *)"1", .times = 1};

	begin(&trigger);
	cr_assert_eq(mh_trigger_state_init(&state, &plan, 0, 1), 0);
	cr_expect(fires_at(0, 0));
	cr_expect_eq(state.times_left, 0, "%lu", state.times_left);
}

/* In a good state of 0 % nothing is counted, as with the kernel's probability 0; in the listed order it is. */
static uint64_t every_left_after_good_calls(int order)
{
	uint64_t left;

	begin(&(struct mh_trigger){
		TRIGGER, .order = order, .every = 5,
		.burst = {.given = true, .bad_ppb = MH_PPB_ONE, .mean_good = (char *)"1s", .mean_bad = (char *)"1us"}});
	for (unsigned i = 0; i < 3; i++)
		cr_expect_not(fires_at(0, UINT64_MAX));
	left = state.every_left;
	mh_trigger_state_release(&state);
	return left;
}

Test(trigger, kernel_order_counts_nothing_at_a_probability_of_zero)
{
	cr_expect_eq(every_left_after_good_calls(MH_ORDER_KERNEL), 5);
	cr_expect_eq(every_left_after_good_calls(MH_ORDER_LISTED), 2);
}

Test(trigger, sweep_names_the_command_that_sweeps)
{
	struct mh_trigger trigger = {TRIGGER, .nth = (char *)"sweep"};
	struct mh_error error = {0};
	const char *key;

	cr_expect_eq(mh_trigger_compile(&trigger, 1, 0, &plan, &key, &error), -EINVAL);
	cr_expect(strstr(error.text, "sweep-faults"), "%s", error.text);
}

Test(trigger, window_is_half_open)
{
	begin(&(struct mh_trigger){TRIGGER, .window = {.from_ns = 100, .to_ns = 200}});
	cr_expect(plan.clocked);
	cr_expect_not(fires_at(99, 0));
	cr_expect(fires_at(100, 0));
	cr_expect(fires_at(199, 0));
	cr_expect_not(fires_at(200, 0));
}

Test(trigger, window_without_end_lasts)
{
	begin(&(struct mh_trigger){TRIGGER, .window = {.from_ns = 100}});
	cr_expect_not(fires_at(0, 0));
	cr_expect(fires_at(UINT64_MAX - 1, 0));
}

Test(trigger, calls_outside_the_window_do_not_count)
{
	begin(&(struct mh_trigger){TRIGGER, .window = {.from_ns = 100}, .after = 1});
	cr_expect_not(fires_at(0, 0));
	cr_expect_not(fires_at(100, 0), "the first inside is let pass by 'after'");
	cr_expect(fires_at(101, 0));
}

Test(trigger, time_scale_multiplies_the_window)
{
	struct mh_trigger trigger = {TRIGGER, .window = {.from_ns = 100, .to_ns = 200}};
	const char *key;

	cr_assert_eq(mh_trigger_compile(&trigger, 0.5, 0, &plan, &key, NULL), 0);
	cr_expect_eq(plan.from_ns, 50, "%lu", plan.from_ns);
	cr_expect_eq(plan.to_ns, 100, "%lu", plan.to_ns);
}

Test(trigger, probability_is_exact_at_its_ends)
{
	begin(&(struct mh_trigger){.probability_ppb = 0});
	cr_expect_not(fires_at(0, 0), "not even the smallest draw");
	begin(&(struct mh_trigger){.probability_ppb = MH_PPB_ONE});
	cr_expect(fires_at(0, UINT64_MAX), "even the largest draw");
}

Test(trigger, probability_compares_with_its_threshold)
{
	uint64_t threshold = UINT64_C(1) << 62;

	begin(&(struct mh_trigger){.probability_ppb = MH_PPB_ONE / 4});
	cr_expect_eq(plan.threshold, threshold, "%lx, not %lx", plan.threshold, threshold);
	cr_expect(fires_at(0, threshold - 1));
	cr_expect_not(fires_at(0, threshold));
}

Test(trigger, refuses_contradictions)
{
	static const struct {
		struct mh_trigger trigger;
		const char *key;
		int ret;
	} rows[] = {
		{{TRIGGER, .window = {.from_ns = 5, .to_ns = 5}}, "window", -EINVAL},
		{{TRIGGER, .nth = (char *)"2", .burst.given = true}, "nth", -EINVAL},
		{{.nth = (char *)"2", .probability_ppb = 5}, "nth", -EINVAL},
		{{TRIGGER, .nth = (char *)"sweep"}, "nth", -EINVAL},
		{{TRIGGER, .nth = (char *)"0"}, "nth", -ERANGE},
		{{TRIGGER, .nth = (char *)"x"}, "nth", -EINVAL},
		{{.probability_ppb = 5, .burst.given = true}, "burst", -EINVAL},
		{{TRIGGER, .correlate = MH_CORRELATE_NODE}, "correlate", -EINVAL},
		{{TRIGGER, .burst = {.given = true, .mean_good = (char *)"1ms"}}, "burst", -EINVAL},
		{{TRIGGER, .burst = {.given = true, .mean_good = (char *)"1ms", .mean_bad = (char *)"5"}},
		 "burst",
		 -EINVAL},
		{{TRIGGER, .burst = {.given = true, .mean_good = (char *)"1ms", .mean_bad = (char *)"999ns"}},
		 "burst",
		 -EINVAL},
		{{TRIGGER, .burst = {.given = true,
				     .domain = MH_BURST_EVENTS,
				     .mean_good = (char *)"1",
				     .mean_bad = (char *)"0"}},
		 "burst",
		 -EINVAL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mh_error error = {0};
		const char *key = "";
		int ret = mh_trigger_compile(&rows[i].trigger, 1, 0, &plan, &key, &error);

		cr_expect_eq(ret, rows[i].ret, "row %zu: %d, not %d", i, ret, rows[i].ret);
		cr_expect_str_eq(key, rows[i].key, "row %zu: %s, not %s", i, key, rows[i].key);
		cr_expect_neq(error.text[0], '\0', "row %zu has no sentence", i);
	}
}

static struct mh_trigger burst_trigger(int domain, const char *mean_good, const char *mean_bad)
{
	return (struct mh_trigger){
		TRIGGER,
		.burst = {.given = true,
			  .good_ppb = 0,
			  .bad_ppb = MH_PPB_ONE,
			  .mean_good = (char *)mean_good,
			  .mean_bad = (char *)mean_bad,
			  .domain = domain},
	};
}

Test(trigger, burst_by_events_has_its_mean_lengths)
{
	struct mh_trigger trigger = burst_trigger(MH_BURST_EVENTS, "90", "10");
	unsigned fired = 0, bursts = 0, calls = 200000;
	bool before = false;
	double share, length;

	begin(&trigger);
	for (unsigned i = 0; i < calls; i++) {
		bool fires = fires_at(0, UINT64_MAX / 2);

		fired += fires;
		bursts += fires && !before;
		before = fires;
	}
	share = (double)fired / calls;
	length = (double)fired / bursts;
	cr_expect(fabs(share - 0.1) < 0.015, "share in the bad state %.4f, not 0.1", share);
	cr_expect(fabs(length - 10) < 1.5, "mean burst of %.2f events, not 10", length);
	mh_trigger_state_release(&state);
}

Test(trigger, burst_by_time_is_the_same_line_for_all_workers)
{
	struct mh_trigger trigger = burst_trigger(MH_BURST_TIME, "800us", "60us");
	struct mh_trigger_state other;
	unsigned differing = 0, bad = 0;

	begin(&trigger);
	cr_assert_eq(mh_trigger_state_init(&other, &plan, 0, 1), 0);
	for (uint64_t i = 0; i < 100000; i++) {
		/* One goes straight on, the other jumps about. */
		uint64_t ahead = i * 10000, back = (i * 7919 % 100000) * 10000;
		struct mh_trigger_call here = {.draw = 1, .time_ns = ahead}, there = {.draw = 1, .time_ns = back};
		bool fires = mh_trigger_fires(&plan, &state, 1, &here);

		(void)mh_trigger_fires(&plan, &other, 2, &there);
		differing += fires != mh_trigger_fires(&plan, &other, 2, &here);
		bad += fires;
	}
	cr_expect_eq(differing, 0, "%u of 100000 places differ", differing);
	cr_expect(fabs(bad / 1e5 - 60.0 / 860) < 0.015, "share in the bad state %.4f, not %.4f", bad / 1e5, 60.0 / 860);
	mh_trigger_state_release(&state);
	mh_trigger_state_release(&other);
}

Test(trigger, correlate_gives_each_node_its_line)
{
	struct mh_trigger trigger = burst_trigger(MH_BURST_TIME, "100us", "100us");
	unsigned both = 0, one = 0;

	trigger.correlate = MH_CORRELATE_NODE;
	begin(&trigger);
	for (uint64_t i = 0; i < 20000; i++) {
		struct mh_trigger_call calls[] = {{.draw = 1, .time_ns = i * 5000, .node = 0},
						  {.draw = 1, .time_ns = i * 5000, .node = 1}};
		bool first = mh_trigger_fires(&plan, &state, 1, &calls[0]);
		bool second = mh_trigger_fires(&plan, &state, 1, &calls[1]);

		both += first && second;
		one += first;
	}
	cr_expect(fabs(both / 2e4 - 0.25) < 0.05, "both bad at once in %.3f, not 0.25", both / 2e4);
	cr_expect(fabs(one / 2e4 - 0.5) < 0.06, "node 0 bad in %.3f, not 0.5", one / 2e4);
	mh_trigger_state_release(&state);
}

Test(trigger, burst_draws_with_the_probability_of_its_state)
{
	struct mh_trigger trigger = burst_trigger(MH_BURST_EVENTS, "50", "50");
	unsigned fired = 0;

	trigger.burst.good_ppb = MH_PPB_ONE / 10;
	trigger.burst.bad_ppb = MH_PPB_ONE / 2;
	begin(&trigger);
	for (uint64_t i = 0; i < 100000; i++)
		fired += fires_at(0, mh_rng_mix(3, i));
	cr_expect(fabs(fired / 1e5 - 0.3) < 0.02, "%.4f, not 0.3", fired / 1e5);
	mh_trigger_state_release(&state);
}
