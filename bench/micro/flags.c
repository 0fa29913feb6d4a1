/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/micro/flags.h"

#include <ctype.h>
#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "bench/micro/instance.h"

#define MIN_TIME_DEFAULT_S 0.5
#define SECONDS_MAX        86400.0
#define FLAG_NAME_SIZE     64

void mh_settings_init(struct mh_micro_settings *settings)
{
	*settings = (struct mh_micro_settings){
		.min_time_s = MIN_TIME_DEFAULT_S,
		.repetitions = 1,
		.unit = mh_time_unit_find("ns"),
		.out_format = MH_MICRO_JSON,
	};
}

static void release_pairs(struct mh_pair_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].first); /* the second lies behind it */
	list->count = 0;
}

void mh_settings_release(struct mh_micro_settings *settings)
{
	release_pairs(&settings->context);
	release_pairs(&settings->ratios);
}

static int parse_bool(const char *value, bool *ret_value, struct mh_error *reterr)
{
	static const char *const yes[] = {"1", "true", "yes", "on", "t", "y", NULL};
	static const char *const no[] = {"0", "false", "no", "off", "f", "n", NULL};

	for (unsigned i = 0; yes[i]; i++) {
		if (strcasecmp(value, yes[i]) == 0 || strcasecmp(value, no[i]) == 0) {
			*ret_value = strcasecmp(value, yes[i]) == 0;
			return 0;
		}
	}
	return mh_error_set(reterr, -EINVAL, "use true or false");
}

/* Copies @text and cuts it at the first @mark. */
static int add_pair(struct mh_pair_list *list, const char *text, size_t length, char mark, struct mh_error *reterr)
{
	const char *at = memchr(text, mark, length);
	char *copy;

	if (!at || at == text || at + 1 == text + length)
		return mh_error_set(reterr, -EINVAL, "use two words with a '%c' between", mark);
	if (list->count == MH_SETTINGS_PAIRS_MAX)
		return mh_error_set(reterr, -E2BIG, "use at most %d", MH_SETTINGS_PAIRS_MAX);
	copy = strndup(text, length);
	if (!copy)
		return mh_error_set(reterr, -ENOMEM, "no memory for it");
	copy[at - text] = '\0';
	list->items[list->count++] = (struct mh_pair){copy, copy + (at - text) + 1};
	return 0;
}

static int set_filter(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	regex_t regex;
	int code = regcomp(&regex, value[0] == '-' ? value + 1 : value, REG_EXTENDED | REG_NOSUB);
	char why[128];

	if (code) {
		regerror(code, &regex, why, sizeof(why));
		return mh_error_set(reterr, -EINVAL, "%s", why);
	}
	regfree(&regex);
	settings->filter = value;
	return 0;
}

static int set_list(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	return parse_bool(value, &settings->list, reterr);
}

static int parse_seconds(const char *value, const char **ret_rest, double *ret_seconds, struct mh_error *reterr)
{
	char *end;
	double seconds = strtod(value, &end);

	if (end == value || !(seconds >= 0) || seconds > SECONDS_MAX)
		return mh_error_set(reterr, -EINVAL, "use a number of seconds, at most %.0f", SECONDS_MAX);
	*ret_rest = end;
	*ret_seconds = seconds;
	return 0;
}

static int parse_count(const char *value, const char *suffix, uint64_t most, uint64_t *ret_count,
		       struct mh_error *reterr)
{
	char *end;

	errno = 0;
	unsigned long long count = strtoull(value, &end, 10);

	if (!isdigit((unsigned char)value[0]) || strcmp(end, suffix) != 0 || errno || count < 1 || count > most)
		return mh_error_set(reterr, -EINVAL, "use a whole number from 1 to %llu", (unsigned long long)most);
	*ret_count = count;
	return 0;
}

/* "0.5s", "0.5": so long; "100x": so many iterations. */
static int set_min_time(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	const size_t length = strlen(value);
	const char *rest;
	double seconds;
	int ret;

	if (length && value[length - 1] == 'x')
		return parse_count(value, "x", MH_BENCH_ITERATION_MAX, &settings->iterations, reterr);
	ret = parse_seconds(value, &rest, &seconds, reterr);
	if (ret < 0)
		return ret;
	if ((*rest && strcmp(rest, "s") != 0) || seconds < 1e-4)
		return mh_error_set(reterr, -EINVAL, "use seconds from 0.0001, as 0.5s, or iterations, as 100x");
	settings->min_time_s = seconds;
	settings->iterations = 0;
	return 0;
}

static int set_warm_up(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	const char *rest;
	double seconds;
	int ret = parse_seconds(value, &rest, &seconds, reterr);

	if (ret == 0 && *rest && strcmp(rest, "s") != 0)
		return mh_error_set(reterr, -EINVAL, "use seconds, as 0.5");
	if (ret == 0)
		settings->warm_up_s = seconds;
	return ret;
}

static int set_repetitions(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	uint64_t count;
	int ret = parse_count(value, "", MH_BENCH_REPEATS_MAX, &count, reterr);

	if (ret == 0)
		settings->repetitions = (unsigned)count;
	return ret;
}

static int set_report_aggregates(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	return parse_bool(value, &settings->report_aggregates_only, reterr);
}

static int set_display_aggregates(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	return parse_bool(value, &settings->display_aggregates_only, reterr);
}

static int set_interleave(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	return parse_bool(value, &settings->interleave, reterr);
}

static int set_dry_run(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	return parse_bool(value, &settings->dry_run, reterr);
}

static int set_tabular(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	return parse_bool(value, &settings->tabular, reterr);
}

static int set_histogram(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	return parse_bool(value, &settings->histogram, reterr);
}

static int parse_format(const char *value, enum mh_micro_format *ret_format, struct mh_error *reterr)
{
	if (strcmp(value, "console") == 0)
		*ret_format = MH_MICRO_CONSOLE;
	else if (strcmp(value, "json") == 0)
		*ret_format = MH_MICRO_JSON;
	else
		return mh_error_set(reterr, -EINVAL, "use console or json");
	return 0;
}

static int set_format(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	return parse_format(value, &settings->format, reterr);
}

static int set_out_format(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	return parse_format(value, &settings->out_format, reterr);
}

static int set_out(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	if (!*value)
		return mh_error_set(reterr, -EINVAL, "name a file");
	settings->out = value;
	return 0;
}

static int set_colour(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	bool always;

	if (strcasecmp(value, "auto") == 0) {
		settings->colour = MH_COLOUR_AUTO;
		return 0;
	}
	if (parse_bool(value, &always, NULL) < 0)
		return mh_error_set(reterr, -EINVAL, "use auto, true or false");
	settings->colour = always ? MH_COLOUR_ALWAYS : MH_COLOUR_NEVER;
	return 0;
}

/* "key=value,key=value" */
static int set_context(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	int ret = 0;

	for (const char *at = value; ret == 0; at++) {
		const size_t length = strcspn(at, ",");

		ret = add_pair(&settings->context, at, length, '=', reterr);
		at += length;
		if (!*at)
			break;
	}
	return ret;
}

static int set_unit(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	const struct mh_time_unit *unit = mh_time_unit_find(value);

	if (!unit)
		return mh_error_set(reterr, -EINVAL, "use ns, us, ms or s");
	settings->unit = unit;
	return 0;
}

static int set_perf(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	return mh_perf_parse(value, &settings->perf, reterr);
}

static int set_ratio(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr)
{
	if (strchr(value, ',') != strrchr(value, ','))
		return mh_error_set(reterr, -EINVAL,
				    "use two names with one ',' between; give the flag again for more");
	return add_pair(&settings->ratios, value, strlen(value), ',', reterr);
}

#define BOOLEAN "BOOL"

/* clang-format off */
const struct mh_flag mh_flags[] = {
	{"benchmark_filter", "REGEX", "in names; '-x': x is not", false, false, set_filter},
	{"benchmark_list_tests", BOOLEAN, "name them, run none", true, true, set_list},
	{"benchmark_min_time", "SECONDS|Nx", "or iterations, as 100x", false, false, set_min_time},
	{"benchmark_min_warmup_time", "SECONDS", "before it counts", false, true, set_warm_up},
	{"benchmark_repetitions", "N", "mean, median, stddev, cv", false, true, set_repetitions},
	{"benchmark_enable_random_interleaving", BOOLEAN, "repetitions shuffled", true, true, set_interleave},
	{"benchmark_report_aggregates_only", BOOLEAN, "no single repetitions", true, true, set_report_aggregates},
	{"benchmark_display_aggregates_only", BOOLEAN, "none on stdout", true, true, set_display_aggregates},
	{"benchmark_ratio", "A,B", "how A and B differ; repeat", false, false, set_ratio},
	{"benchmark_histogram", BOOLEAN, "percentiles of iterations", true, true, set_histogram},
	{"benchmark_perf_counters", "EVENTS", "as CYCLES,INSTRUCTIONS", false, true, set_perf},
	{"benchmark_format", "console|json", "on stdout", false, false, set_format},
	{"benchmark_out", "FILE", "write there, too", false, false, set_out},
	{"benchmark_out_format", "json|console", "of that file", false, false, set_out_format},
	{"benchmark_time_unit", "ns|us|ms|s", "of times", false, true, set_unit},
	{"benchmark_counters_tabular", BOOLEAN, "in columns", true, true, set_tabular},
	{"benchmark_color", "auto|true|false", "NO_COLOR is honoured", true, false, set_colour},
	{"benchmark_context", "KEY=VALUE", "told with results; repeat", false, false, set_context},
	{"benchmark_dry_run", BOOLEAN, "one iteration of each", true, false, set_dry_run},
	{0},
};
/* clang-format on */

int mh_flag_set(const struct mh_flag *flag, struct mh_micro_settings *settings, const char *origin, const char *value,
		struct mh_error *reterr)
{
	struct mh_error error;
	int ret = flag->set(settings, value ? value : "true", &error);

	if (ret < 0)
		return mh_error_set(reterr, ret, "%s '%s': %s", origin, value ? value : "", error.text);
	settings->given |= UINT64_C(1) << (flag - mh_flags);
	return 0;
}

static void variable_of(const char *name, char ret_variable[FLAG_NAME_SIZE])
{
	size_t i = 0;

	for (; name[i] && i + 1 < FLAG_NAME_SIZE; i++)
		ret_variable[i] = (char)toupper((unsigned char)name[i]);
	ret_variable[i] = '\0';
}

int mh_flags_from_environment(struct mh_micro_settings *settings, struct mh_error *reterr)
{
	int ret = 0;

	for (const struct mh_flag *flag = mh_flags; ret == 0 && flag->name; flag++) {
		char variable[FLAG_NAME_SIZE];
		const char *value;

		variable_of(flag->name, variable);
		value = getenv(variable);
		if (value)
			ret = mh_flag_set(flag, settings, variable, value, reterr);
	}
	return ret;
}

static bool is_given(const struct mh_micro_settings *settings, const char *name)
{
	for (const struct mh_flag *flag = mh_flags; flag->name; flag++)
		if (strcmp(flag->name, name) == 0)
			return settings->given >> (flag - mh_flags) & 1;
	return false;
}

static int check_rows(const struct mh_micro_settings *settings, struct mh_error *reterr)
{
	for (const struct mh_flag *flag = mh_flags; flag->name; flag++)
		if (flag->rows && settings->given >> (flag - mh_flags) & 1)
			return mh_error_set(reterr, -EINVAL,
					    "--%s says nothing of a ratio: name benchmarks to run beside it with "
					    "--benchmark_filter",
					    flag->name);
	return 0;
}

int mh_flags_check(const struct mh_micro_settings *settings, struct mh_error *reterr)
{
	const bool console =
		settings->format == MH_MICRO_CONSOLE || (settings->out && settings->out_format == MH_MICRO_CONSOLE);

	if (is_given(settings, "benchmark_out_format") && !settings->out)
		return mh_error_set(reterr, -EINVAL,
				    "--benchmark_out_format is of a file: name it with --benchmark_out");
	if (settings->tabular && !console)
		return mh_error_set(reterr, -EINVAL,
				    "--benchmark_counters_tabular is of the console's table, which is "
				    "not asked for");
	if (settings->ratios.count && !settings->filter)
		return check_rows(settings, reterr);
	return 0;
}
