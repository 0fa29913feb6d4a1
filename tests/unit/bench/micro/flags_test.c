/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Flags by Google Benchmark's names: what they set, what they refuse, and the environment. */
#include "bench/micro/flags.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct mh_flag *flag(const char *name)
{
	for (const struct mh_flag *at = mh_flags; at->name; at++)
		if (strcmp(at->name + strlen("benchmark_"), name) == 0)
			return at;
	cr_assert(false, "there is no flag '%s'", name);
	return NULL;
}

static void set(struct mh_micro_settings *settings, const char *name, const char *value)
{
	struct mh_error error = {0};

	cr_assert_eq(mh_flag_set(flag(name), settings, "--x", value, &error), 0, "%s", error.text);
}

Test(flags, set_what_their_names_say)
{
	struct mh_micro_settings settings;

	mh_settings_init(&settings);
	set(&settings, "filter", "-a|b");
	set(&settings, "list_tests", NULL);
	set(&settings, "min_warmup_time", "0.25");
	set(&settings, "repetitions", "7");
	set(&settings, "enable_random_interleaving", "true");
	set(&settings, "report_aggregates_only", "yes");
	set(&settings, "display_aggregates_only", "1");
	set(&settings, "histogram", "on");
	set(&settings, "format", "json");
	set(&settings, "out", "f");
	set(&settings, "out_format", "console");
	set(&settings, "time_unit", "ms");
	set(&settings, "counters_tabular", "t");
	set(&settings, "color", "false");
	set(&settings, "dry_run", "Y");
	set(&settings, "perf_counters", "CYCLES,page-faults");
	cr_expect_str_eq(settings.filter, "-a|b");
	cr_expect(settings.list && settings.interleave && settings.report_aggregates_only &&
		  settings.display_aggregates_only && settings.histogram && settings.tabular && settings.dry_run);
	cr_expect_eq(settings.warm_up_s, 0.25);
	cr_expect_eq(settings.repetitions, 7u);
	cr_expect_eq(settings.format, MH_MICRO_JSON);
	cr_expect_eq(settings.out_format, MH_MICRO_CONSOLE);
	cr_expect_str_eq(settings.out, "f");
	cr_expect_eq(settings.unit->ns, 1e6);
	cr_expect_eq(settings.colour, MH_COLOUR_NEVER);
	cr_expect_eq(settings.perf.count, 2u);
	set(&settings, "list_tests", "false");
	cr_expect_not(settings.list);
	mh_settings_release(&settings);
}

Test(flags, min_time_is_seconds_or_iterations_and_the_last_one_counts)
{
	struct mh_micro_settings settings;

	mh_settings_init(&settings);
	cr_expect_eq(settings.min_time_s, 0.5);
	set(&settings, "min_time", "0.125s");
	cr_expect_eq(settings.min_time_s, 0.125);
	set(&settings, "min_time", "2");
	cr_expect_eq(settings.min_time_s, 2);
	set(&settings, "min_time", "100x");
	cr_expect_eq(settings.iterations, 100u);
	set(&settings, "min_time", "1s");
	cr_expect_eq(settings.iterations, 0u);
	mh_settings_release(&settings);
}

Test(flags, take_contexts_and_ratios_as_often_as_given)
{
	struct mh_micro_settings settings;

	mh_settings_init(&settings);
	set(&settings, "context", "a=1,b=x=y");
	set(&settings, "context", "c=3");
	set(&settings, "ratio", "p/n:1,q");
	set(&settings, "ratio", "q,r");
	cr_assert_eq(settings.context.count, 3u);
	cr_expect_str_eq(settings.context.items[1].first, "b");
	cr_expect_str_eq(settings.context.items[1].second, "x=y");
	cr_expect_str_eq(settings.context.items[2].first, "c");
	cr_assert_eq(settings.ratios.count, 2u);
	cr_expect_str_eq(settings.ratios.items[0].first, "p/n:1");
	cr_expect_str_eq(settings.ratios.items[0].second, "q");
	mh_settings_release(&settings);
}

static const struct {
	const char *name, *value, *sentence;
} bad[] = {
	{"filter", "(", "--x '(': Unmatched ( or \\("},
	{"list_tests", "maybe", "--x 'maybe': use true or false"},
	{"min_time", "soon", "--x 'soon': use a number of seconds, at most 86400"},
	{"min_time", "1ms", "--x '1ms': use seconds from 0.0001, as 0.5s, or iterations, as 100x"},
	{"min_time", "0", "--x '0': use seconds from 0.0001, as 0.5s, or iterations, as 100x"},
	{"min_time", "-1", "--x '-1': use a number of seconds, at most 86400"},
	{"min_time", "nan", "--x 'nan': use a number of seconds, at most 86400"},
	{"min_time", "0x", "--x '0x': use a whole number from 1 to 1000000000000"},
	{"min_time", "-5x", "--x '-5x': use a whole number from 1 to 1000000000000"},
	{"min_warmup_time", "1m", "--x '1m': use seconds, as 0.5"},
	{"repetitions", "0", "--x '0': use a whole number from 1 to 100000"},
	{"repetitions", "3.5", "--x '3.5': use a whole number from 1 to 100000"},
	{"format", "csv", "--x 'csv': use console or json"},
	{"out", "", "--x '': name a file"},
	{"time_unit", "h", "--x 'h': use ns, us, ms or s"},
	{"color", "green", "--x 'green': use auto, true or false"},
	{"context", "a", "--x 'a': use two words with a '=' between"},
	{"context", "a=1,=2", "--x 'a=1,=2': use two words with a '=' between"},
	{"ratio", "a", "--x 'a': use two words with a ',' between"},
	{"ratio", "a,b,c", "--x 'a,b,c': use two names with one ',' between; give the flag again for more"},
	{"perf_counters", "FOO",
	 "--x 'FOO': there is no event 'FOO': use CYCLES, INSTRUCTIONS, BRANCHES, BRANCH-MISSES, CACHE-REFERENCES, "
	 "CACHE-MISSES, PAGE-FAULTS, CONTEXT-SWITCHES, CPU-MIGRATIONS, TASK-CLOCK"},
};

Test(flags, refuse_a_wrong_value_by_name_and_remedy)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct mh_micro_settings settings;
		struct mh_error error = {0};

		mh_settings_init(&settings);
		cr_expect_eq(mh_flag_set(flag(bad[i].name), &settings, "--x", bad[i].value, &error), -EINVAL, "%s %s",
			     bad[i].name, bad[i].value);
		cr_expect_str_eq(error.text, bad[i].sentence, "'%s', not '%s'", error.text, bad[i].sentence);
		mh_settings_release(&settings);
	}
}

Test(flags, come_from_the_environment_in_capitals)
{
	struct mh_micro_settings settings;
	struct mh_error error = {0};

	setenv("BENCHMARK_FILTER", "chain", 1);
	setenv("BENCHMARK_DRY_RUN", "true", 1);
	mh_settings_init(&settings);
	cr_expect_eq(mh_flags_from_environment(&settings, &error), 0, "%s", error.text);
	cr_expect_str_eq(settings.filter, "chain");
	cr_expect(settings.dry_run);
	setenv("BENCHMARK_REPETITIONS", "many", 1);
	cr_expect_eq(mh_flags_from_environment(&settings, &error), -EINVAL);
	cr_expect_str_eq(error.text, "BENCHMARK_REPETITIONS 'many': use a whole number from 1 to 100000");
	mh_settings_release(&settings);
}

/* Each pair of flags: "NAME=VALUE". */
static const struct {
	const char *names[3];
	bool allowed;
} together[] = {
	{{"out_format"}, false},
	{{"out_format", "out"}, true},
	{{"counters_tabular"}, true},
	{{"counters_tabular", "format"}, false},
	{{"ratio"}, true},
	{{"ratio", "histogram"}, false},
	{{"ratio", "repetitions"}, false},
	{{"ratio", "repetitions", "filter"}, true},
	{{"ratio", "min_time"}, true},
};

static const char *value_of(const char *name)
{
	static const char *const values[][2] = {{"out_format", "json"}, {"out", "f"},         {"format", "json"},
						{"ratio", "a,b"},       {"repetitions", "3"}, {"filter", "."},
						{"min_time", "1"}};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (strcmp(values[i][0], name) == 0)
			return values[i][1];
	return NULL;
}

Test(flags, that_would_have_no_effect_together_are_refused)
{
	for (size_t i = 0; i < sizeof(together) / sizeof(together[0]); i++) {
		struct mh_micro_settings settings;
		struct mh_error error = {0};

		mh_settings_init(&settings);
		for (unsigned n = 0; n < 3 && together[i].names[n]; n++)
			set(&settings, together[i].names[n], value_of(together[i].names[n]));
		cr_expect_eq(mh_flags_check(&settings, &error) == 0, together[i].allowed, "row %zu: %s", i, error.text);
		mh_settings_release(&settings);
	}
}
