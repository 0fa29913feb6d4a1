/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mean, median, standard deviation and coefficient of variation of repetitions. */
#include "bench/micro/aggregate.h"

#include <criterion/criterion.h>

static const struct mh_instance instance = {.name = (char *)"a"};

static void fill(struct mh_row *row, double real, double cpu, double counter)
{
	*row = (struct mh_row){.instance = &instance,
			       .repetitions = 4,
			       .iterations = 10,
			       .real = real,
			       .cpu = cpu,
			       .label = "",
			       .skipped = ""};
	mh_counters_set(&row->counters, "c", counter, MEMHP_BENCH_RATE);
}

Test(aggregate, has_googles_four_of_times_and_counters)
{
	static const struct {
		const char *name;
		double real, cpu, counter;
	} expected[] = {{"mean", 2.5, 25, 5},
			{"median", 2.5, 20, 5},
			{"stddev", 1.2909944487358056, 19.148542155126762, 0},
			{"cv", 0.5163977794943222, 0.7659416862050705, 0}};
	struct mh_row rows[4], aggregates[MH_AGGREGATES];

	fill(&rows[0], 4, 10, 5);
	fill(&rows[1], 1, 10, 5);
	fill(&rows[2], 2, 30, 5);
	fill(&rows[3], 3, 50, 5);
	cr_assert_eq(mh_aggregate(rows, 4, aggregates), 4u);
	for (size_t i = 0; i < 4; i++) {
		cr_expect_str_eq(aggregates[i].aggregate, expected[i].name);
		cr_expect_float_eq(aggregates[i].real, expected[i].real, 1e-12, "%s: %g", expected[i].name,
				   aggregates[i].real);
		cr_expect_float_eq(aggregates[i].cpu, expected[i].cpu, 1e-12, "%s: %g", expected[i].name,
				   aggregates[i].cpu);
		cr_expect_float_eq(aggregates[i].counters.items[0].value, expected[i].counter, 1e-12);
		cr_expect_eq(aggregates[i].iterations, 4u);
		cr_expect_eq(aggregates[i].is_share, i == 3);
	}
}

Test(aggregate, of_one_repetition_there_is_none)
{
	struct mh_row row, aggregates[MH_AGGREGATES];

	fill(&row, 1, 1, 1);
	cr_expect_eq(mh_aggregate(&row, 1, aggregates), 0u);
	cr_expect_eq(mh_aggregate(NULL, 0, aggregates), 0u);
}
