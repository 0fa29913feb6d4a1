/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is said of a repetition that is to be doubted. */
#include "bench/micro/row.h"

#include <criterion/criterion.h>

static const struct memhp_bench bench = {.name = "a"};
static const struct mh_instance instance = {.bench = &bench, .threads = 2, .name = (char *)"a"};

static struct mh_row row_of(const struct mh_repetition *repetition, unsigned core_doubts)
{
	const struct mh_row_context context = {.instance = &instance,
					       .unit = mh_time_unit_find("ns"),
					       .repetitions = 1,
					       .core = {.loop_ns = 0.5, .add_ns = 0.25},
					       .core_doubts = core_doubts,
					       .judge_body = true};
	struct mh_row row;

	mh_row_make(&row, &context, repetition);
	return row;
}

static void expect_doubts(const struct mh_row *row, const char *expected)
{
	struct mh_text text = MH_TEXT_INIT;

	mh_row_add_doubts(row, &text);
	cr_expect_str_eq(text.data, expected, "'%s', not '%s'", text.data, expected);
	mh_text_release(&text);
}

Test(row, has_times_an_iteration_of_all_threads)
{
	const struct mh_repetition repetition = {
		.samples = 1, .iterations = 2000000, .sample_iterations = 1000000, .wall_s = 0.004, .cpu_s = 0.006};
	const struct mh_row row = row_of(&repetition, 0);

	cr_expect_float_eq(row.real, 2, 1e-9, "%g", row.real);
	cr_expect_float_eq(row.cpu, 3, 1e-9, "%g", row.cpu);
	cr_expect_float_eq(row.ghz, 4, 1e-9);
	expect_doubts(&row, "");
}

/* A million in each of two threads: half a cycle of 0.25 ns is 125 us. */
Test(row, says_when_an_iteration_takes_less_than_half_a_cycle)
{
	struct mh_repetition repetition = {
		.samples = 1, .iterations = 2000000, .sample_iterations = 1000000, .wall_s = 126e-6};
	struct mh_row row = row_of(&repetition, 0);

	cr_expect_not(row.no_body);
	repetition.wall_s = 124e-6;
	row = row_of(&repetition, 0);
	cr_expect(row.no_body);
	expect_doubts(&row,
		      "an iteration takes less than half a cycle: the compiler has removed its body; pass what it "
		      "computes to MEMHP_BENCH_KEEP()\n");
	repetition.iterations = 2;
	repetition.wall_s = 0;
	row = row_of(&repetition, 0);
	cr_expect_not(row.no_body, "of what is shorter than a step of the clock nothing can be said");
}

Test(row, says_what_disturbed_it)
{
	const struct mh_repetition repetition = {.samples = 9,
						 .preempted = 4,
						 .stepped_back = 2,
						 .iterations = 2000000,
						 .sample_iterations = 1000000,
						 .wall_s = 1};
	const struct mh_row row = row_of(&repetition, MH_CORE_SHARED | MH_CORE_FREQUENCY);

	expect_doubts(&row, "the clock stepped back in 2 samples, which were taken again\n"
			    "the core's frequency has changed since the first benchmark, to 4.00 GHz\n"
			    "the core was shared: an empty loop took 0.50 ns a turn\n"
			    "4 of 9 samples were preempted\n");
}
