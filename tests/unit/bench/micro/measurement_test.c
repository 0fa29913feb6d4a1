/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One sample: how often the loop runs, what the clocks say, threads, and benchmarks that do not keep to the rules. */
#include "bench/micro/measurement.h"

#include <criterion/criterion.h>
#include <stdatomic.h>
#include <string.h>

#include "fake_timer.h"

static struct {
	atomic_uint turns, set_ups, tear_downs, runs, threads_seen;
} seen;

static void work(struct memhp_bench_state *state)
{
	atomic_fetch_add(&seen.runs, 1);
	atomic_fetch_or(&seen.threads_seen, 1u << memhp_bench_thread(state));
	MEMHP_BENCH_LOOP(state)
	{
		atomic_fetch_add(&seen.turns, 1);
		if (memhp_bench_threads(state) == 1)
			fake_now_ns += 100;
	}
	memhp_bench_items(state, 2 * memhp_bench_iterations(state));
	memhp_bench_label(state, "worked");
}

static void set_up(struct memhp_bench_state *state)
{
	atomic_fetch_add(&seen.set_ups, 1);
	memhp_bench_set_data(state, &seen);
}

static void tear_down(struct memhp_bench_state *state)
{
	atomic_fetch_add(&seen.tear_downs, 1);
	cr_expect_eq(memhp_bench_data(state), &seen);
}

/* A measurement of @bench in @threads. */
static struct mh_measurement *begin(const struct memhp_bench *bench, unsigned threads, bool histogram)
{
	static struct mh_instance instance;
	const struct mh_measurement_options options = {
		.instance = &instance, .timer = &fake_timer, .histogram = histogram};
	struct mh_measurement *measurement;

	memset(&seen, 0, sizeof(seen));
	instance = (struct mh_instance){.bench = bench, .threads = threads, .args = {42}, .arg_count = 1};
	cr_assert_eq(mh_measurement_begin(&options, &measurement, NULL), 0);
	return measurement;
}

Test(measurement, runs_the_loop_as_often_as_asked_and_times_it)
{
	const struct memhp_bench bench = {.run = work};
	struct mh_measurement *measurement = begin(&bench, 1, false);
	struct mh_sample sample;

	mh_measurement_sample(measurement, 7, &sample);
	cr_expect_not(sample.skipped);
	cr_expect_eq(seen.turns, 7u);
	cr_expect_float_eq(sample.wall_s, 700e-9, 1e-15, "%g", sample.wall_s);
	cr_expect_float_eq(sample.span_s, 700e-9, 1e-15, "%g", sample.span_s);
	cr_expect_eq(mh_counters_find(&sample.counters, "items_per_second")->value, 14);
	cr_expect_str_eq(sample.label, "worked");
	mh_measurement_sample(measurement, 1, &sample);
	cr_expect_eq(seen.turns, 8u);
	cr_expect_eq(seen.runs, 2u);
	mh_measurement_end(measurement);
}

Test(measurement, sets_up_once_for_all_samples)
{
	const struct memhp_bench bench = {.run = work, .set_up = set_up, .tear_down = tear_down};
	struct mh_measurement *measurement = begin(&bench, 1, false);
	struct mh_sample sample;

	cr_expect_eq(seen.set_ups, 1u);
	for (int i = 0; i < 3; i++)
		mh_measurement_sample(measurement, 1, &sample);
	cr_expect_eq(seen.set_ups, 1u);
	cr_expect_eq(seen.tear_downs, 0u);
	mh_measurement_end(measurement);
	cr_expect_eq(seen.tear_downs, 1u);
}

Test(measurement, with_threads_runs_the_loop_in_each)
{
	const struct memhp_bench bench = {.run = work};
	struct mh_measurement *measurement = begin(&bench, 3, false);
	struct mh_sample sample;

	for (unsigned i = 1; i <= 20; i++) {
		mh_measurement_sample(measurement, 50, &sample);
		cr_expect_eq(seen.turns, 150 * i, "%u", seen.turns);
	}
	cr_expect_eq(seen.threads_seen, 7u, "%#x", seen.threads_seen);
	cr_expect_eq(mh_counters_find(&sample.counters, "items_per_second")->value, 300);
	mh_measurement_end(measurement);
}

static void pausing(struct memhp_bench_state *state)
{
	cr_expect_eq(memhp_bench_arg(state, 0), 42);
	MEMHP_BENCH_LOOP(state)
	{
		fake_now_ns += 10;
		memhp_bench_pause(state);
		fake_now_ns += 1000;
		memhp_bench_resume(state);
		fake_now_ns += 20;
		memhp_bench_set_iteration_time(state, 0.5);
	}
}

Test(measurement, leaves_out_what_is_paused_and_adds_manual_times_up)
{
	const struct memhp_bench bench = {.run = pausing};
	struct mh_measurement *measurement = begin(&bench, 1, false);
	struct mh_sample sample;

	mh_measurement_sample(measurement, 4, &sample);
	cr_expect_float_eq(sample.wall_s, 120e-9, 1e-15, "%g", sample.wall_s);
	cr_expect_float_eq(sample.span_s, 4120e-9, 1e-15, "%g", sample.span_s);
	cr_expect_float_eq(sample.manual_s, 2, 1e-12);
	mh_measurement_end(measurement);
}

static void growing(struct memhp_bench_state *state)
{
	uint64_t turn = 0;

	MEMHP_BENCH_LOOP(state)
	{
		fake_now_ns += 10 * ++turn;
		memhp_bench_pause(state);
		fake_now_ns += 7;
		memhp_bench_resume(state);
	}
}

Test(measurement, with_a_histogram_records_each_iteration_by_itself)
{
	const struct memhp_bench bench = {.run = growing};
	struct mh_measurement *measurement = begin(&bench, 1, true);
	struct mh_histogram histogram;
	struct mh_sample sample;

	cr_assert_eq(mh_histogram_init(&histogram, &mh_measurement_layout), 0);
	mh_measurement_sample(measurement, 100, &sample); /* of which the next one must know nothing */
	mh_measurement_sample(measurement, 4, &sample);
	mh_measurement_merge_histogram(measurement, &histogram);
	cr_expect_eq(histogram.count, 4u, "%lu", histogram.count);
	cr_expect_eq(histogram.min, 10u, "%lu", histogram.min);
	cr_expect_eq(histogram.max, 40u, "%lu", histogram.max);
	cr_expect_float_eq(sample.wall_s, 100e-9, 1e-15, "%g", sample.wall_s);
	mh_histogram_release(&histogram);
	mh_measurement_end(measurement);
}

static void no_loop(struct memhp_bench_state *state)
{
	(void)state;
}

static void break_out(struct memhp_bench_state *state)
{
	MEMHP_BENCH_LOOP(state)
	break;
}

static void stay_paused(struct memhp_bench_state *state)
{
	MEMHP_BENCH_LOOP(state)
	memhp_bench_pause(state);
}

static void pause_early(struct memhp_bench_state *state)
{
	memhp_bench_pause(state);
	MEMHP_BENCH_LOOP(state)
	{
	}
}

static void resume_only(struct memhp_bench_state *state)
{
	MEMHP_BENCH_LOOP(state)
	memhp_bench_resume(state);
}

static void skip_in_one_thread(struct memhp_bench_state *state)
{
	if (memhp_bench_thread(state) == 0)
		memhp_bench_skip(state, "no %s today", "luck");
	MEMHP_BENCH_LOOP(state)
	atomic_fetch_add(&seen.turns, 1);
}

static void skip_twice(struct memhp_bench_state *state)
{
	MEMHP_BENCH_LOOP(state)
	{
		memhp_bench_skip(state, "first");
		memhp_bench_skip(state, "second");
		break;
	}
}

static void long_name(struct memhp_bench_state *state)
{
	MEMHP_BENCH_LOOP(state)
	{
	}
	memhp_bench_counter(state, "abcdefghijklmnopqrstuvwxyz012345", 1, 0);
}

static void many_counters(struct memhp_bench_state *state)
{
	MEMHP_BENCH_LOOP(state)
	{
	}
	for (char name[] = "a"; name[0] <= 'q'; name[0]++)
		memhp_bench_counter(state, name, 1, 0);
}

static const struct {
	memhp_bench_fn run;
	const char *why;
} skipped[] = {
	{no_loop, "it returned without its MEMHP_BENCH_LOOP"},
	{break_out, "it left its loop before the end"},
	{stay_paused, "it paused where its time does not run"},
	{pause_early, "it paused where its time does not run"},
	{resume_only, "it resumed and was not paused"},
	{skip_in_one_thread, "no luck today"},
	{skip_twice, "first"},
	{long_name, "a counter is named 'abcdefghijklmnopqrstuvwxyz012345': use 1 to 31 characters"},
	{many_counters, "it has a counter 'q' too many: use at most 16"},
};

Test(measurement, of_what_breaks_the_rules_is_skipped_with_the_first_reason)
{
	for (size_t i = 0; i < 2 * sizeof(skipped) / sizeof(skipped[0]); i++) {
		const struct memhp_bench bench = {.run = skipped[i / 2].run, .tear_down = tear_down, .set_up = set_up};
		struct mh_measurement *measurement = begin(&bench, 1 + i % 2, false);
		struct mh_sample sample;

		mh_measurement_sample(measurement, 5, &sample);
		cr_expect(sample.skipped, "row %zu", i / 2);
		cr_assert_not_null(mh_measurement_skipped(measurement), "row %zu", i / 2);
		cr_expect_str_eq(mh_measurement_skipped(measurement), skipped[i / 2].why);
		cr_expect_eq(seen.turns, 0u, "a loop ran although a thread had skipped");
		mh_measurement_sample(measurement, 5, &sample);
		cr_expect(sample.skipped);
		mh_measurement_end(measurement);
		cr_expect_eq(seen.tear_downs, 1u);
	}
}

static void paused_at_the_end(struct memhp_bench_state *state)
{
	uint64_t left = memhp_bench_iterations(state);

	MEMHP_BENCH_LOOP(state)
	if (--left == 0)
		memhp_bench_pause(state);
}

Test(measurement, that_ends_paused_is_skipped)
{
	const struct memhp_bench bench = {.run = paused_at_the_end};
	struct mh_measurement *measurement = begin(&bench, 1, false);
	struct mh_sample sample;

	mh_measurement_sample(measurement, 5, &sample);
	cr_expect(sample.skipped);
	cr_expect_str_eq(mh_measurement_skipped(measurement),
			 "it ended an iteration paused: memhp_bench_resume() is missing");
	mh_measurement_end(measurement);
}

static void fail_set_up(struct memhp_bench_state *state)
{
	memhp_bench_skip(state, "no machine");
}

Test(measurement, whose_set_up_failed_neither_runs_nor_tears_down)
{
	const struct memhp_bench bench = {.run = work, .set_up = fail_set_up, .tear_down = tear_down};
	struct mh_measurement *measurement = begin(&bench, 1, false);
	struct mh_sample sample;

	cr_expect_str_eq(mh_measurement_skipped(measurement), "no machine");
	mh_measurement_sample(measurement, 5, &sample);
	cr_expect(sample.skipped);
	mh_measurement_end(measurement);
	cr_expect_eq(seen.runs, 0u);
	cr_expect_eq(seen.tear_downs, 0u);
}

static void go_back(struct memhp_bench_state *state)
{
	MEMHP_BENCH_LOOP(state)
	{
	}
}

Test(measurement, tells_that_the_clock_stepped_back)
{
	const struct memhp_bench bench = {.run = go_back};
	struct mh_measurement *measurement = begin(&bench, 1, false);
	struct mh_sample sample;

	mh_measurement_sample(measurement, 5, &sample);
	cr_expect_not(sample.stepped_back);
	/* Call, next, start: the fourth reading is the end of the loop. */
	fake_read_back = fake_reads + 4;
	mh_measurement_sample(measurement, 5, &sample);
	cr_expect(sample.stepped_back);
	cr_expect_eq(sample.wall_s, 0);
	mh_measurement_end(measurement);
}
