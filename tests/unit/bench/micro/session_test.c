/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a session runs, in which order, and what its sinks show of it: the JSON that compare.py reads, and the table. */
#include "bench/micro/session.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "bench/micro/flags.h"
#include "fake_timer.h"

static char order[64]; /* a letter a call, in the order of the calls */
static size_t calls;

static void spend(struct memhp_bench_state *state)
{
	const int64_t ns = memhp_bench_arg(state, 0);

	if (calls + 1 < sizeof(order))
		order[calls++] = (char)('a' + ns - 100);
	MEMHP_BENCH_LOOP(state)
	fake_now_ns += (uint64_t)ns;
	memhp_bench_items(state, memhp_bench_iterations(state));
	memhp_bench_counter(state, "depth", 3, 0);
	memhp_bench_label(state, "spent");
}

static void refuse(struct memhp_bench_state *state)
{
	memhp_bench_skip(state, "not \"here\"");
}

static const struct memhp_bench table[] = {
	{.name = "spend", .run = spend, .args = {MEMHP_BENCH_VALUES("ns", 100, 101, 102)}, .real_time = true},
	{.name = "refused", .run = refuse},
	{0},
};

struct fixture {
	struct mh_instances instances;
	struct mh_selection selection;
	struct mh_micro_settings settings;
	struct mh_micro_context context;
	struct mh_sink sinks[MH_SINKS_MAX];
	char *text;
	size_t size;
	struct mh_micro_session session;
};

static unsigned warnings;

static void warn(const char *name, const char *sentence)
{
	cr_expect_not_null(name);
	cr_expect_str_not_empty(sentence);
	warnings++;
}

/* Flags: "NAME=VALUE", NULL at the end. */
static void run(struct fixture *fixture, const struct mh_sink_format *format, const char *const *flags)
{
	struct mh_error error = {0};

	memset(fixture, 0, sizeof(*fixture));
	memset(order, 0, sizeof(order));
	calls = 0;
	mh_settings_init(&fixture->settings);
	for (; *flags; flags++) {
		const char *value = strchr(*flags, '=') + 1;
		const struct mh_flag *flag = mh_flags;

		while (strncmp(flag->name + strlen("benchmark_"), *flags, (size_t)(value - *flags) - 1) != 0)
			flag++;
		cr_assert_eq(mh_flag_set(flag, &fixture->settings, *flags, value, &error), 0, "%s", error.text);
	}
	cr_assert_eq(mh_instances_add(&fixture->instances, table, "t", &error), 0, "%s", error.text);
	cr_assert_eq(mh_selection_make(&fixture->selection, &fixture->instances, fixture->settings.filter, &error), 0);
	fixture->context = (struct mh_micro_context){.settings = &fixture->settings,
						     .timer = &fake_timer,
						     .version = "1",
						     .not_available = "",
						     .date = "2026-01-01T00:00:00+00:00",
						     .core = {.loop_ns = 0.3, .add_ns = 0.25},
						     .environment = {.host = "h", .nproc = 2}};
	fixture->sinks[0] = (struct mh_sink){.format = format,
					     .stream = open_memstream(&fixture->text, &fixture->size),
					     .aggregates_only = fixture->settings.report_aggregates_only,
					     .tabular = fixture->settings.tabular,
					     .name_width = 26};
	fixture->session = (struct mh_micro_session){.settings = &fixture->settings,
						     .instances = &fixture->instances,
						     .selection = &fixture->selection,
						     .context = &fixture->context,
						     .sinks = fixture->sinks,
						     .sink_count = 1,
						     .seed = 1,
						     .warn = warn};
	mh_sink_begin(&fixture->sinks[0], &fixture->context);
	cr_assert_eq(mh_micro_session_run(&fixture->session, &error), 0, "%s", error.text);
	mh_sink_end(&fixture->sinks[0]);
	fclose(fixture->sinks[0].stream);
}

static void release(struct fixture *fixture)
{
	free(fixture->text);
	mh_selection_release(&fixture->selection);
	mh_instances_release(&fixture->instances);
	mh_settings_release(&fixture->settings);
}

static json_t *parse(const struct fixture *fixture)
{
	json_error_t error;
	json_t *root = json_loads(fixture->text, JSON_REJECT_DUPLICATES, &error);

	cr_assert_not_null(root, "line %d: %s in\n%s", error.line, error.text, fixture->text);
	return root;
}

static double number(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	cr_assert(json_is_number(value), "no number '%s'", key);
	return json_number_value(value);
}

static const char *string(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	cr_assert(json_is_string(value), "no text '%s'", key);
	return json_string_value(value);
}

Test(session, writes_a_row_with_what_google_benchmarks_readers_ask_for)
{
	static const char *const flags[] = {"filter=spend/ns:101", "min_time=1000x", "context=who=me", NULL};
	struct fixture fixture;

	run(&fixture, &mh_sink_json, flags);
	json_t *root = parse(&fixture);
	const json_t *context = json_object_get(root, "context"), *rows = json_object_get(root, "benchmarks");
	const json_t *row = json_array_get(rows, 0);

	cr_assert_eq(json_array_size(rows), 1u);
	cr_expect_eq(number(context, "json_schema_version"), 1);
	cr_expect_eq(number(context, "mhz_per_cpu"), 4000);
	cr_expect_str_eq(string(context, "who"), "me");
	cr_expect_str_eq(string(row, "name"), "spend/ns:101/real_time");
	cr_expect_str_eq(string(row, "run_name"), "spend/ns:101/real_time");
	cr_expect_str_eq(string(row, "run_type"), "iteration");
	cr_expect_str_eq(string(row, "time_unit"), "ns");
	cr_expect_str_eq(string(row, "label"), "spent");
	cr_expect_eq(number(row, "family_index"), 0);
	cr_expect_eq(number(row, "per_family_instance_index"), 1);
	cr_expect_eq(number(row, "repetition_index"), 0);
	cr_expect_eq(number(row, "iterations"), 1000);
	cr_expect_float_eq(number(row, "real_time"), 101, 1e-6);
	cr_expect_float_eq(number(row, "items_per_second"), 1e9 / 101, 1);
	cr_expect_eq(number(row, "depth"), 3);
	cr_expect_null(json_object_get(root, "ratios"));
	json_decref(root);
	release(&fixture);
}

Test(session, tells_repetitions_and_what_they_come_to)
{
	static const char *const flags[] = {"filter=spend/ns:100", "min_time=10x", "repetitions=3", "time_unit=us",
					    NULL};
	struct fixture fixture;

	run(&fixture, &mh_sink_json, flags);
	json_t *root = parse(&fixture);
	const json_t *rows = json_object_get(root, "benchmarks");

	cr_assert_eq(json_array_size(rows), 7u, "%zu", json_array_size(rows));
	cr_expect_eq(number(json_array_get(rows, 2), "repetition_index"), 2);
	cr_expect_str_eq(string(json_array_get(rows, 3), "name"), "spend/ns:100/real_time_mean");
	cr_expect_str_eq(string(json_array_get(rows, 3), "aggregate_name"), "mean");
	cr_expect_str_eq(string(json_array_get(rows, 6), "aggregate_unit"), "percentage");
	cr_expect_float_eq(number(json_array_get(rows, 4), "real_time"), 0.1, 1e-9);
	cr_expect_float_eq(number(json_array_get(rows, 6), "real_time"), 0, 1e-9);
	json_decref(root);
	release(&fixture);
}

Test(session, leaves_repetitions_out_where_only_aggregates_are_asked_for)
{
	static const char *const flags[] = {"filter=spend/ns:100|refused", "min_time=10x", "repetitions=2",
					    "report_aggregates_only=true", NULL};
	struct fixture fixture;

	run(&fixture, &mh_sink_json, flags);
	json_t *root = parse(&fixture);
	const json_t *rows = json_object_get(root, "benchmarks");

	/* Four aggregates, and both repetitions of what was skipped: else nobody would know. */
	cr_expect_eq(json_array_size(rows), 6u, "%zu", json_array_size(rows));
	cr_expect_str_eq(string(json_array_get(rows, 4), "error_message"), "not \"here\"");
	cr_expect(json_is_true(json_object_get(json_array_get(rows, 4), "error_occurred")));
	cr_expect_eq(fixture.session.skipped, 2u);
	json_decref(root);
	release(&fixture);
}

Test(session, runs_in_order_or_shuffled_and_each_as_often)
{
	static const char *const plain[] = {"filter=spend", "min_time=10x", "repetitions=4", NULL};
	static const char *const shuffled[] = {"filter=spend", "min_time=10x", "repetitions=4",
					       "enable_random_interleaving=true", NULL};
	struct fixture fixture;
	unsigned counts[3] = {0};

	run(&fixture, &mh_sink_json, plain);
	cr_expect_str_eq(order, "aaaabbbbcccc");
	release(&fixture);
	run(&fixture, &mh_sink_json, shuffled);
	cr_expect_str_neq(order, "aaaabbbbcccc");
	for (size_t i = 0; i < calls; i++)
		counts[order[i] - 'a']++;
	cr_expect_eq(calls, 12u, "%zu", calls);
	cr_expect(counts[0] == 4 && counts[1] == 4, "%s", order);
	release(&fixture);
}

Test(session, of_a_dry_run_takes_one_iteration_of_each)
{
	static const char *const flags[] = {"filter=spend", "repetitions=4", "dry_run=true", "min_warmup_time=5", NULL};
	struct fixture fixture;

	run(&fixture, &mh_sink_json, flags);
	json_t *root = parse(&fixture);
	const json_t *rows = json_object_get(root, "benchmarks");

	cr_expect_str_eq(order, "abc");
	cr_expect_eq(json_array_size(rows), 3u);
	cr_expect_eq(number(json_array_get(rows, 0), "iterations"), 1);
	json_decref(root);
	release(&fixture);
}

Test(session, tells_ratios_apart_from_rows)
{
	static const char *const flags[] = {"filter=spend/ns:100", "min_time=10x",
					    "ratio=spend/ns:102/real_time,spend/ns:100/real_time",
					    "ratio=spend/ns:102/real_time,refused", NULL};
	struct fixture fixture;

	run(&fixture, &mh_sink_json, flags);
	json_t *root = parse(&fixture);
	const json_t *ratios = json_object_get(root, "ratios");

	cr_expect_eq(json_array_size(json_object_get(root, "benchmarks")), 1u);
	cr_assert_eq(json_array_size(ratios), 2u);
	cr_expect_float_eq(number(json_array_get(ratios, 0), "ratio"), 1.02, 1e-6);
	cr_expect_float_eq(number(json_array_get(ratios, 0), "lower"), 1.02, 1e-6);
	cr_expect_str_eq(string(json_array_get(ratios, 0), "base"), "spend/ns:100/real_time");
	cr_expect_str_eq(string(json_array_get(ratios, 1), "skipped"), "not \"here\"");
	cr_expect_eq(fixture.session.skipped, 1u);
	json_decref(root);
	release(&fixture);
}

Test(session, of_iterations_by_themselves_tells_percentiles)
{
	static const char *const flags[] = {"filter=spend/ns:100", "min_time=10x", "histogram=true", NULL};
	struct fixture fixture;

	run(&fixture, &mh_sink_json, flags);
	json_t *root = parse(&fixture);
	const json_t *row = json_array_get(json_object_get(root, "benchmarks"), 0);

	cr_expect_float_eq(number(row, "p50"), 100, 1);
	cr_expect_float_eq(number(row, "p999"), 100, 1);
	cr_expect_eq(number(row, "max"), 100);
	json_decref(root);
	release(&fixture);
}

/* Each line of the table, the CPU time left out, which is the host's. */
Test(session, prints_a_table_with_aligned_columns)
{
	static const char *const flags[] = {"filter=spend/ns:10[01]|refused", "min_time=10x", "counters_tabular=true",
					    NULL};
	struct fixture fixture;
	char *line, *rest;

	run(&fixture, &mh_sink_console, flags);
	rest = fixture.text;
	line = strsep(&rest, "\n");
	cr_expect_eq(strspn(line, "-"), strlen(line));
	line = strsep(&rest, "\n");
	cr_expect_str_eq(line, "Benchmark                           Time             CPU   Iterations "
			       "items_per_second      depth");
	line = strsep(&rest, "\n");
	line = strsep(&rest, "\n");
	cr_expect_eq(strncmp(line, "spend/ns:100/real_time            100 ns", 40), 0, "%s", line);
	cr_expect_not_null(strstr(line, "           10            10M/s          3 spent"), "%s", line);
	line = strsep(&rest, "\n");
	cr_expect_eq(strncmp(line, "spend/ns:101/real_time            101 ns", 40), 0, "%s", line);
	line = strsep(&rest, "\n");
	cr_expect_str_eq(line, "refused                    SKIPPED: 'not \"here\"'");
	release(&fixture);
}

Test(session, knows_before_it_runs_that_a_ratio_names_nothing)
{
	struct mh_instances instances = {0};
	struct mh_micro_settings settings;
	struct mh_error error = {0};

	mh_settings_init(&settings);
	cr_assert_eq(mh_instances_add(&instances, table, "t", &error), 0);
	cr_assert_eq(mh_flag_set(&mh_flags[8], &settings, "--x", "refused,nothing", &error), 0, "%s", error.text);
	cr_expect_eq(mh_micro_session_check(&settings, &instances, &error), -ENOENT);
	cr_expect_str_eq(error.text, "--benchmark_ratio 'refused,nothing': there is no benchmark 'nothing'; "
				     "--benchmark_list_tests names them");
	mh_settings_release(&settings);
	mh_instances_release(&instances);
}
