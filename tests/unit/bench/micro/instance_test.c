/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a table stands for: products, names, and the rows that make no sense. */
#include "bench/micro/instance.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

static void run(struct memhp_bench_state *state)
{
	(void)state;
}

static void expect_names(const struct memhp_bench *table, const char *const *names)
{
	struct mh_instances instances = {0};
	struct mh_error error = {0};
	size_t count = 0;

	cr_assert_eq(mh_instances_add(&instances, table, "t", &error), 0, "%s", error.text);
	for (; names[count]; count++)
		if (count < instances.count)
			cr_expect_str_eq(instances.items[count].name, names[count], "'%s', not '%s'",
					 instances.items[count].name, names[count]);
	cr_expect_eq(instances.count, count, "%zu instances, not %zu", instances.count, count);
	mh_instances_release(&instances);
}

static const struct memhp_bench product[] = {
	{.name = "chain/walk",
	 .run = run,
	 .args = {MEMHP_BENCH_VALUES("callbacks", 0, 3), MEMHP_BENCH_DENSE(NULL, 1, 2, 1)},
	 .threads_min = 1,
	 .threads_max = 3},
	{.name = "plain", .run = run},
	{0}};

Test(instance, is_each_combination_the_last_argument_the_fastest_then_threads)
{
	static const char *const names[] = {"chain/walk/callbacks:0/1/threads:1",
					    "chain/walk/callbacks:0/1/threads:2",
					    "chain/walk/callbacks:0/1/threads:3",
					    "chain/walk/callbacks:0/2/threads:1",
					    "chain/walk/callbacks:0/2/threads:2",
					    "chain/walk/callbacks:0/2/threads:3",
					    "chain/walk/callbacks:3/1/threads:1",
					    "chain/walk/callbacks:3/1/threads:2",
					    "chain/walk/callbacks:3/1/threads:3",
					    "chain/walk/callbacks:3/2/threads:1",
					    "chain/walk/callbacks:3/2/threads:2",
					    "chain/walk/callbacks:3/2/threads:3",
					    "plain",
					    NULL};

	expect_names(product, names);
}

static const struct memhp_bench modified[] = {
	{.name = "a", .run = run, .iterations = 5, .repetitions = 3, .real_time = true, .threads_max = 1},
	{.name = "b", .run = run, .min_time_s = 0.25, .warm_up_s = 1, .manual_time = true},
	{0}};

/* Source: the order of the parts in Google Benchmark's BenchmarkName::str(). */
Test(instance, is_named_with_what_its_row_sets_in_google_benchmarks_order)
{
	static const char *const names[] = {"a/iterations:5/repeats:3/real_time/threads:1",
					    "b/min_time:0.250/min_warmup_time:1.000/manual_time", NULL};

	expect_names(modified, names);
}

static const struct memhp_bench two_rows[] = {
	{.name = "a", .run = run},
	{.name = "b", .run = run, .args = {MEMHP_BENCH_VALUES("n", 7, 9)}, .threads_max = 2},
	{0}};

Test(instance, knows_its_arguments_threads_and_family)
{
	struct mh_instances instances = {0};
	const struct mh_instance *found;

	cr_assert_eq(mh_instances_add(&instances, two_rows, "t", NULL), 0);
	found = mh_instances_find(&instances, "b/n:9/threads:2");
	cr_assert_not_null(found);
	cr_expect_eq(found->args[0], 9);
	cr_expect_eq(found->threads, 2u);
	cr_expect_eq(found->family, 1u);
	cr_expect_eq(found->family_index, 3u, "%u", found->family_index);
	cr_expect_null(mh_instances_find(&instances, "b/n:9"));
	mh_instances_release(&instances);
}

static const int64_t many[3];

static const struct {
	struct memhp_bench bench;
	const char *sentence;
} bad_rows[] = {
	{{.name = "a b", .run = run}, "t.so: benchmark 'a b': use letters, digits, '_', '-', '.' and '/' in a name"},
	{{.name = "a"}, "t.so: benchmark 'a': it has no run"},
	{{.name = "a", .run = run, .threads_min = 2}, "t.so: benchmark 'a': threads_min 2 is above threads_max 0"},
	{{.name = "a", .run = run, .threads_max = 257}, "t.so: benchmark 'a': threads_max 257: use at most 256"},
	{{.name = "a", .run = run, .min_time_s = -1}, "t.so: benchmark 'a': min_time_s -1: use 0 to 86400"},
	{{.name = "a", .run = run, .warm_up_s = 1e9}, "t.so: benchmark 'a': warm_up_s 1e+09: use 0 to 86400"},
	{{.name = "a", .run = run, .iterations = 1, .min_time_s = 1},
	 "t.so: benchmark 'a': both iterations and min_time_s are given: one decides"},
	{{.name = "a", .run = run, .iterations = UINT64_MAX}, "t.so: benchmark 'a': iterations: use at most 10^12"},
	{{.name = "a", .run = run, .repetitions = 100001},
	 "t.so: benchmark 'a': repetitions 100001: use at most 100000"},
	{{.name = "a", .run = run, .real_time = true, .manual_time = true},
	 "t.so: benchmark 'a': both real_time and manual_time are given: one decides"},
	{{.name = "a", .run = run, .unit = "min"}, "t.so: benchmark 'a': unit 'min': use ns, us, ms or s"},
	{{.name = "a", .run = run, .args = {{0}, MEMHP_BENCH_VALUES("n", 1)}},
	 "t.so: benchmark 'a': argument 1 stands behind an empty one"},
	{{.name = "a", .run = run, .args = {MEMHP_BENCH_VALUES("n:m", 1)}},
	 "t.so: benchmark 'a': argument 0 is named 'n:m': use letters, digits, '_', '-', '.' and '/'"},
	{{.name = "a", .run = run, .args = {{.kind = MEMHP_BENCH_ARG_VALUES, .values = many, .value_count = 3}}},
	 "t.so: benchmark 'a': there are two instances 'a/0'"},
	{{.name = "a", .run = run, .args = {MEMHP_BENCH_DENSE("n", 0, 1000000, 1)}},
	 "t.so: benchmark 'a': more than 10000 instances"},
};

Test(instance, of_a_row_that_makes_no_sense_there_is_none)
{
	for (size_t i = 0; i < sizeof(bad_rows) / sizeof(bad_rows[0]); i++) {
		const struct memhp_bench table[] = {bad_rows[i].bench, {0}};
		struct mh_instances instances = {0};
		struct mh_error error = {0};

		cr_expect_lt(mh_instances_add(&instances, table, "t.so", &error), 0, "row %zu", i);
		cr_expect_str_eq(error.text, bad_rows[i].sentence, "'%s', not '%s'", error.text, bad_rows[i].sentence);
		mh_instances_release(&instances);
	}
}

Test(instance, of_all_built_in_tables_have_names_of_their_own)
{
	struct mh_instances instances = {0};
	struct mh_error error = {0};

	cr_expect_eq(mh_instances_add_built_in(&instances, &error), 0, "%s", error.text);
	cr_expect_not_null(mh_instances_find(&instances, "harness/empty"));
	mh_instances_release(&instances);
}
