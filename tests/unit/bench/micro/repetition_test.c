/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a repetition finds its iterations, keeps within its time, and what it does where the clock steps back. */
#include "bench/micro/repetition.h"

#include <criterion/criterion.h>

#include "fake_timer.h"

static uint64_t cost_ns, runs, turns, last_turns;
static uint64_t preempted_every; /* a sample in so many is preempted; 0: none */
static uint64_t slower_from =
	UINT64_MAX; /* the number of the run from which an iteration takes a thousand times as long */

static void spend(struct memhp_bench_state *state)
{
	runs++;
	last_turns = 0;
	fake_preemptions_step = preempted_every && runs % preempted_every == 0;
	if (runs == slower_from)
		cost_ns *= 1000;
	MEMHP_BENCH_LOOP(state)
	{
		fake_now_ns += cost_ns;
		last_turns++;
	}
	turns += last_turns;
	memhp_bench_counter(state, "depth", 3, 0);
	memhp_bench_items(state, memhp_bench_iterations(state));
}

static const struct memhp_bench bench = {.name = "spend", .run = spend};
static const struct mh_instance instance = {.bench = &bench, .threads = 1};

static struct mh_repetition_plan plan_of(double min_time_s)
{
	runs = turns = 0;
	return (struct mh_repetition_plan){.measurement = {.instance = &instance, .timer = &fake_timer},
					   .min_time_s = min_time_s};
}

static void run(const struct mh_repetition_plan *plan, struct mh_repetition *repetition)
{
	struct mh_error error = {0};

	cr_assert_eq(mh_repetition_run(plan, repetition, &error), 0, "%s", error.text);
}

static const struct {
	double min_time_s;
	uint64_t cost_ns;
} sizes[] = {{0.5, 100}, {0.1, 1000}, {0.01, 300}, {0.01, 100000}, {0.001, 5000}, {0.05, 7000000}};

/* The bar is 1.25: it holds whatever is preempted. */
Test(repetition, keeps_all_it_does_within_a_quarter_more_than_its_time)
{
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		const struct mh_repetition_plan plan = plan_of(sizes[i].min_time_s);
		const uint64_t begin_ns = fake_now_ns;
		struct mh_repetition repetition;
		double spent_s;

		cost_ns = sizes[i].cost_ns;
		run(&plan, &repetition);
		spent_s = (double)(fake_now_ns - begin_ns) / 1e9;
		cr_expect_leq(spent_s, 1.25 * plan.min_time_s, "row %zu: %g s of %g s", i, spent_s, plan.min_time_s);
		cr_expect_geq(spent_s, 0.9 * plan.min_time_s, "row %zu: %g s of %g s", i, spent_s, plan.min_time_s);
		cr_expect_float_eq(repetition.wall_s * 1e9 / (double)repetition.iterations, (double)sizes[i].cost_ns,
				   1e-3, "row %zu: %g ns", i, repetition.wall_s * 1e9 / (double)repetition.iterations);
		cr_expect_eq(repetition.iterations, repetition.samples * repetition.sample_iterations);
		mh_repetition_release(&repetition);
	}
}

/* What began fast, as by a cache, must not lead to a sample of minutes. */
Test(repetition, grows_no_faster_than_sixteenfold)
{
	const struct mh_repetition_plan plan = plan_of(0.5);
	const uint64_t begin_ns = fake_now_ns;
	struct mh_repetition repetition;

	cost_ns = 1;
	slower_from = 2;
	run(&plan, &repetition);
	cr_expect_leq(fake_now_ns - begin_ns, 625000000u, "%lu", fake_now_ns - begin_ns);
	mh_repetition_release(&repetition);
}

Test(repetition, leaves_preempted_samples_out_where_the_others_tell_enough)
{
	const struct mh_repetition_plan plan = plan_of(0.5);
	const uint64_t begin_ns = fake_now_ns;
	struct mh_repetition repetition;

	cost_ns = 1000;
	preempted_every = 2;
	run(&plan, &repetition);
	cr_expect_leq(fake_now_ns - begin_ns, 625000000u, "%lu", fake_now_ns - begin_ns);
	cr_expect_eq(repetition.preempted, 0u);
	cr_expect_geq(repetition.retaken, 50u, "%u", repetition.retaken);
	cr_expect_geq(repetition.samples, 50u, "%u", repetition.samples);
	cr_expect_float_eq(repetition.wall_s * 1e9 / (double)repetition.iterations, 1000, 1e-6);
	mh_repetition_release(&repetition);
}

Test(repetition, keeps_preempted_samples_where_there_are_no_others_and_says_so)
{
	const struct mh_repetition_plan plan = plan_of(0.5);
	const uint64_t begin_ns = fake_now_ns;
	struct mh_repetition repetition;

	cost_ns = 1000;
	preempted_every = 1;
	run(&plan, &repetition);
	cr_expect_leq(fake_now_ns - begin_ns, 625000000u, "%lu", fake_now_ns - begin_ns);
	cr_expect_geq(repetition.samples, 100u, "%u", repetition.samples);
	cr_expect_eq(repetition.preempted, repetition.samples);
	cr_expect_eq(repetition.retaken, 0u);
	cr_expect_eq(mh_counters_find(&repetition.counters, "depth")->value, 3.0 * repetition.samples);
	mh_repetition_release(&repetition);
}

Test(repetition, of_an_iteration_that_outlasts_the_time_is_the_one_that_found_it)
{
	const struct mh_repetition_plan plan = plan_of(0.1);
	struct mh_repetition repetition;

	preempted_every = 1;
	cost_ns = 3000000000;
	run(&plan, &repetition);
	cr_expect_eq(runs, 1u, "%lu", runs);
	cr_expect_eq(repetition.iterations, 1u);
	cr_expect_float_eq(repetition.wall_s, 3, 1e-9);
	mh_repetition_release(&repetition);
}

Test(repetition, with_iterations_given_runs_exactly_these_in_one_sample)
{
	struct mh_repetition_plan plan = plan_of(0.5);
	struct mh_repetition repetition;

	plan.iterations = 17;
	cost_ns = 10;
	run(&plan, &repetition);
	cr_expect_eq(runs, 1u);
	cr_expect_eq(turns, 17u);
	cr_expect_eq(repetition.iterations, 17u);
	cr_expect_eq(repetition.samples, 1u);
	mh_repetition_release(&repetition);
}

Test(repetition, with_a_sample_found_before_does_not_calibrate)
{
	struct mh_repetition_plan plan = plan_of(0.01);
	struct mh_repetition repetition;

	plan.sample_iterations = 1000;
	cost_ns = 1000;
	run(&plan, &repetition);
	cr_expect_eq(turns, runs * 1000, "%lu in %lu", turns, runs);
	mh_repetition_release(&repetition);
}

Test(repetition, that_warms_up_leaves_that_out)
{
	struct mh_repetition_plan plan = plan_of(0.01);
	const uint64_t begin_ns = fake_now_ns;
	struct mh_repetition repetition;

	plan.warm_up_s = 0.1;
	plan.iterations = 1000;
	cost_ns = 1000;
	run(&plan, &repetition);
	cr_expect_geq(fake_now_ns - begin_ns, 101000000u);
	cr_expect_eq(repetition.iterations, 1000u);
	cr_expect_eq(mh_counters_find(&repetition.counters, "items_per_second")->value, 1000);
	mh_repetition_release(&repetition);
}

Test(repetition, adds_counters_of_its_samples_up)
{
	const struct mh_repetition_plan plan = plan_of(0.1);
	struct mh_repetition repetition;

	cost_ns = 1000;
	run(&plan, &repetition);
	cr_expect_gt(repetition.samples, 1u);
	cr_expect_eq(mh_counters_find(&repetition.counters, "depth")->value, 3.0 * repetition.samples);
	cr_expect_eq(mh_counters_find(&repetition.counters, "items_per_second")->value, (double)repetition.iterations);
	mh_repetition_release(&repetition);
}

Test(repetition, takes_a_sample_again_in_which_the_clock_stepped_back)
{
	struct mh_repetition_plan plan = plan_of(0.5);
	struct mh_repetition repetition;

	plan.iterations = 5;
	cost_ns = 0; /* the clock stands still but for its step */
	fake_read_back = fake_reads + 4;
	run(&plan, &repetition);
	cr_expect_eq(repetition.stepped_back, 1u, "%u", repetition.stepped_back);
	cr_expect_eq(runs, 2u);
	cr_expect_str_empty(repetition.skipped);
	cr_expect_eq(repetition.samples, 1u);
	mh_repetition_release(&repetition);
}

static void always_back(struct memhp_bench_state *state)
{
	MEMHP_BENCH_LOOP(state)
	fake_now_ns -= 1;
}

Test(repetition, in_which_the_clock_always_steps_back_has_no_time)
{
	static const struct memhp_bench back = {.name = "back", .run = always_back};
	static const struct mh_instance backwards = {.bench = &back, .threads = 1};
	struct mh_repetition_plan plan = plan_of(0.5);
	struct mh_repetition repetition;

	plan.measurement.instance = &backwards;
	run(&plan, &repetition);
	cr_expect_str_eq(repetition.skipped, "the clock stepped back in 4 samples in a row");
	cr_expect_eq(repetition.samples, 0u);
	mh_repetition_release(&repetition);
}

Test(repetition, that_is_stopped_ends_and_says_so)
{
	static volatile sig_atomic_t stop = 1;
	struct mh_repetition_plan plan = plan_of(0.5);
	struct mh_repetition repetition;

	plan.stop = &stop;
	run(&plan, &repetition);
	cr_expect(repetition.stopped);
	cr_expect_eq(repetition.samples, 0u);
	mh_repetition_release(&repetition);
}
