/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bars over benchmarks whose times are known, and those that cannot be measured. */
#include <criterion/criterion.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/thread.h"
#include "bench/micro/bar_run.h"

#define ROUNDS    5
#define SAMPLE_NS 200000u

/* Steps that each wait for the one before. */
static void steps(struct memhp_bench_state *state, unsigned count)
{
	uint64_t value = 1;

	MEMHP_BENCH_LOOP(state)
	{
		for (unsigned i = 0; i < count; i++) {
			value = value * 3 + 1;
			__asm__ volatile("" : "+r"(value));
		}
	}
}

static void hundred(struct memhp_bench_state *state)
{
	steps(state, 100);
}

static void four_hundred(struct memhp_bench_state *state)
{
	steps(state, 400);
}

static void refuse(struct memhp_bench_state *state)
{
	memhp_bench_skip(state, "no such thing here");
}

static const struct memhp_bench table[] = {
	{.name = "one", .run = hundred},
	{.name = "four", .run = four_hundred},
	{.name = "none", .run = hundred, .set_up = refuse},
	{.name = "crowd", .run = hundred, .threads_min = 256, .threads_max = 256},
	{0},
};

static struct fixture {
	struct mh_instances instances;
	struct mh_timer timer;
	struct mh_bar_context context;
} fixture;

static void init(void)
{
	struct mh_error error = {.text = ""};

	cr_assert_eq(mh_instances_add(&fixture.instances, table, "the test's table", &error), 0, "%s", error.text);
	mh_timer_init(&fixture.timer);
	fixture.context = (struct mh_bar_context){
		.instances = &fixture.instances,
		.timer = &fixture.timer,
		.round_count = ROUNDS,
		.sample_ns = SAMPLE_NS,
		.seed = 1,
		.rehearsal = true, /* the machine that runs tests is not quiet */
	};
}

static void fini(void)
{
	mh_instances_release(&fixture.instances);
}

TestSuite(bar_measure, .init = init, .fini = fini);

static struct mh_bar_outcome measured(const struct mh_bar *bar)
{
	struct mh_bar_outcome outcome;
	struct mh_error error = {.text = ""};

	cr_assert_eq(mh_bar_measure(&fixture.context, bar, &outcome, &error), 0, "%s", error.text);
	return outcome;
}

Test(bar_measure, ratio_is_of_the_first_to_the_second)
{
	struct mh_bar_outcome outcome = measured(&(struct mh_bar){.id = "r", .of = "four", .to = "one", .bar = 5});

	cr_expect_str_empty(outcome.reason);
	cr_expect(outcome.reached > 3 && outcome.reached < 5, "%g", outcome.reached);
	cr_expect(outcome.low <= outcome.reached && outcome.reached <= outcome.high);
}

Test(bar_measure, times_multiplies)
{
	struct mh_bar_outcome outcome =
		measured(&(struct mh_bar){.id = "r", .of = "four", .to = "one", .times = 0.25, .bar = 5});

	cr_expect(outcome.reached > 0.75 && outcome.reached < 1.25, "%g", outcome.reached);
}

Test(bar_measure, millions_are_per_second)
{
	double ns = measured(&(struct mh_bar){.id = "n", .kind = MH_BAR_NS, .of = "four", .bar = 1}).reached;
	double millions =
		measured(&(struct mh_bar){.id = "m", .kind = MH_BAR_MILLIONS, .of = "four", .bar = 1}).reached;

	cr_expect(millions * ns > 500 && millions * ns < 2000, "%g ns, %g million a second", ns, millions);
}

Test(bar_measure, absent_rival_is_named)
{
	struct mh_bar_outcome outcome = measured(&(struct mh_bar){.id = "r", .of = "one", .to = "rival/x", .bar = 1});

	cr_expect_str_eq(outcome.reason, "rival absent: install by scripts/rivals");
}

Test(bar_measure, something_else_stands_for_an_absent_rival)
{
	struct mh_bar_outcome outcome =
		measured(&(struct mh_bar){.id = "r", .of = "four", .to = "rival/x", .absent = "one", .bar = 5});

	cr_expect_str_empty(outcome.reason);
	cr_expect_gt(outcome.reached, 3);
}

Test(bar_measure, more_threads_than_cpus_are_not_measured)
{
	struct mh_bar_outcome outcome =
		measured(&(struct mh_bar){.id = "r", .of = "crowd/threads:256", .to = "one", .bar = 1});

	if (mh_thread_cpu_count() >= 256)
		cr_skip_test("256 CPUs");
	cr_expect(strstr(outcome.reason, "256 threads need as many"), "%s", outcome.reason);
}

Test(bar_measure, what_a_set_up_refuses_is_not_measurable)
{
	struct mh_bar_outcome outcome = measured(&(struct mh_bar){.id = "r", .of = "none", .to = "one", .bar = 1});

	cr_expect_str_eq(outcome.reason, "no such thing here");
}

Test(bar_measure, benchmark_that_nobody_has_is_an_error)
{
	struct mh_bar_outcome outcome;
	struct mh_error error = {.text = ""};
	const struct mh_bar bar = {.id = "r", .of = "nobody", .to = "one", .bar = 1};

	cr_expect_eq(mh_bar_measure(&fixture.context, &bar, &outcome, &error), -ENOENT);
	cr_expect(strstr(error.text, "nobody"), "%s", error.text);
}

/* Rounds as they come out of a disturbed machine. */
static struct mh_bar_outcome doubted(unsigned threads, unsigned preempted, unsigned shared)
{
	struct mh_instance instance = {.name = (char *)"it", .threads = threads};
	struct mh_ratio_subject subject = {.instance = &instance, .preempted = preempted};
	struct mh_ratio_rounds rounds = {.subjects = &subject, .subject_count = 1, .round_count = 10, .shared = shared};
	struct mh_bar_outcome outcome = {.reached = 1};

	cr_expect_eq(mh_bar_doubt(&rounds, &outcome), outcome.reason[0] != '\0');
	return outcome;
}

Test(bar_measure, few_disturbed_rounds_do_not_move_a_median)
{
	cr_expect_str_empty(doubted(1, 5, 5).reason);
	cr_expect_str_empty(doubted(2, 0, 5).reason);
}

Test(bar_measure, disturbed_rounds_are_doubted)
{
	cr_expect(strstr(doubted(1, 6, 0).reason, "preempted: 6 samples"));
	cr_expect(strstr(doubted(2, 1, 0).reason, "preempted: 1 samples"));
	cr_expect(strstr(doubted(1, 0, 6).reason, "core shared: "));
}

static const struct mh_bar told_bars[] = {
	{.id = "T1a", .says = "a", .of = "four", .to = "one", .bar = 100},
	{.id = "T1b", .says = "b", .of = "four", .to = "one", .bar = 1},
	{.id = "T2a", .says = "c", .of = "four", .to = "rival/x", .bar = 1},
	{0},
};

/* Return: mh_bar_run()'s; what it printed into @lines. */
static int told(const char *filter, char *lines, size_t size, struct mh_bar_counts *counts, struct mh_error *error)
{
	struct mh_bar_run run = {.context = fixture.context, .bars = told_bars, .filter = filter};
	int ret;

	memset(lines, 0, size);
	run.lines = fmemopen(lines, size, "w");
	cr_assert_not_null(run.lines);
	ret = mh_bar_run(&run, counts, error);
	fclose(run.lines);
	return ret;
}

Test(bar_measure, run_tells_a_line_a_bar_and_counts)
{
	struct mh_bar_counts counts;
	struct mh_error error = {.text = ""};
	char lines[512];

	cr_assert_eq(told(NULL, lines, sizeof(lines), &counts, &error), 0, "%s", error.text);
	cr_expect_eq(counts.held, 1);
	cr_expect_eq(counts.missed, 1);
	cr_expect_eq(counts.not_measurable, 1);
	cr_expect(strncmp(lines, "T1a ", 4) == 0 && strstr(lines, "\nT1b ") && strstr(lines, "\nT2a - 1.00 not-"), "%s",
		  lines);
}

Test(bar_measure, run_picks_by_filter)
{
	struct mh_bar_counts counts;
	struct mh_error error = {.text = ""};
	char lines[512];

	cr_assert_eq(told("^T1", lines, sizeof(lines), &counts, &error), 0, "%s", error.text);
	cr_expect(strstr(lines, "T1a") && strstr(lines, "T1b") && !strstr(lines, "T2a"), "%s", lines);
	cr_assert_eq(told("-^T1", lines, sizeof(lines), &counts, &error), 0, "%s", error.text);
	cr_expect(!strstr(lines, "T1") && strstr(lines, "T2a"), "%s", lines);
	cr_expect_eq(told("T9", lines, sizeof(lines), &counts, &error), -ENOENT);
	cr_expect_eq(told("(", lines, sizeof(lines), &counts, &error), -EINVAL);
}
