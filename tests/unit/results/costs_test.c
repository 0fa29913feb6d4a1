/* SPDX-License-Identifier: GPL-2.0-or-later */
/* costs.json: made of operations, written, read back, and every way of being wrong. */
#include "results/costs.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "costs_sample.h"
#include "results/costs_fit.h"

static struct mh_costs costs, again;
static struct mh_text text = MH_TEXT_INIT;

static void release(void)
{
	mh_costs_release(&costs);
	mh_costs_release(&again);
	mh_text_release(&text);
}

TestSuite(costs, .fini = release);

static void make(void)
{
	struct mh_error error;

	costs_sample_make(&(struct costs_sample){.count = 11, .later_factor = 1}, &costs);
	cr_assert_eq(mh_costs_add_unseen(&costs, "drain: no such function"), 0);
	cr_assert_eq(mh_costs_write(&costs, &text, &error), 0, "%s", error.text);
}

Test(costs, come_back_as_they_were_written)
{
	struct mh_error error = {.text = ""};

	make();
	cr_assert_eq(mh_costs_read(text.data, text.length, "costs.json", &again, &error), 0, "%s", error.text);
	cr_expect_str_eq(again.kernel, "6.1.0-made-up");
	cr_expect_str_eq(again.machine, "CPU of a test");
	cr_expect_str_eq(again.blocks, "32-35");
	cr_expect_eq(again.start_unix_ns, UINT64_C(1767225600123456789));
	cr_expect_eq(again.resolution_ns, 1000u);
	cr_expect_not(again.emulated);
	cr_expect_eq(mh_costs_operations(&again), 22u);
	cr_assert_eq(again.unseen_count, 1u);
	cr_expect_str_eq(again.unseen[0], "drain: no such function");
	cr_assert_eq(again.series_count, costs.series_count);
	for (size_t i = 0; i < costs.series_count; i++) {
		cr_expect(mh_cost_key_equal(&again.series[i].key, &costs.series[i].key));
		cr_expect_eq(mh_histogram_percentile(&again.series[i].own, 50),
			     mh_histogram_percentile(&costs.series[i].own, 50));
	}
}

Test(costs, fit_the_earlier_half_of_each_class_and_hold_the_later_out)
{
	const struct mh_cost_operation operations[] = {
		{.class = 0, .whole_ns = 10}, {.class = MH_COST_ONLINE, .whole_ns = 100},
		{.class = 0, .whole_ns = 20}, {.class = 0, .whole_ns = 30},
		{.class = 0, .whole_ns = 40}, {.class = 0, .whole_ns = 50},
	};
	struct mh_error error;

	cr_assert_eq(mh_costs_init(&costs), 0);
	cr_assert_eq(mh_costs_fit(&costs, operations, 6, &error), 0);
	cr_expect_eq(costs.fitted[0].count, 3u);
	cr_expect_eq(costs.fitted[0].max, 30u);
	cr_expect_eq(costs.held_out[0].count, 2u);
	cr_expect_eq(costs.held_out[0].min, 40u);
	cr_expect_eq(costs.fitted[MH_COST_ONLINE].count, 1u);
	cr_expect_eq(costs.held_out[MH_COST_ONLINE].count, 0u);
}

Test(costs, what_no_part_accounts_for_is_the_write_s_own)
{
	struct mh_cost_part parts[] = {
		{{MH_COST_STEP, "offline_pages", ""}, 700, 300},
		{{MH_COST_STEP, "isolate", ""}, 400, 400},
	};
	const struct mh_cost_key rest = {MH_COST_STEP, MH_COST_REST, ""};
	const struct mh_cost_operation operations[] = {
		{.class = 0, .whole_ns = 1000, .parts = parts, .part_count = 2},
		{.class = 0, .whole_ns = 50, .parts = NULL, .part_count = 0},
		{.class = 0, .whole_ns = 60, .parts = parts, .part_count = 2}, /* rounded stamps: less than its parts */
		{.class = 0, .whole_ns = 1, .parts = NULL},
		{.class = 0, .whole_ns = 1, .parts = NULL},
		{.class = 0, .whole_ns = 1, .parts = NULL},
	};
	const struct mh_cost_series *write, *isolate;
	struct mh_error error;

	cr_assert_eq(mh_costs_init(&costs), 0);
	cr_assert_eq(mh_costs_fit(&costs, operations, 6, &error), 0);
	write = mh_costs_find(&costs, 0, &rest);
	isolate = mh_costs_find(&costs, 0, &parts[1].key);
	cr_assert(write && isolate);
	cr_expect_eq(write->own.count, 3u);
	cr_expect_eq(write->own.min, 0u);
	cr_expect_eq(write->own.max, 300u);
	cr_expect_eq(write->whole.max, 1000u);
	/* The operation without it spent nothing there. */
	cr_expect_eq(isolate->own.count, 3u);
	cr_expect_eq(isolate->own.min, 0u);
}

Test(costs, no_operation_is_no_recording)
{
	struct mh_error error = {.text = ""};

	cr_assert_eq(mh_costs_init(&costs), 0);
	cr_expect_eq(mh_costs_fit(&costs, NULL, 0, &error), -ENODATA);
	cr_expect(strstr(error.text, "nothing to be recorded"), "%s", error.text);
}

struct wrong {
	const char *from, *to, *sentence;
};

static const struct wrong wrongs[] = {
	{"memhp-bench/costs", "memhp-bench/run", "its schema is 'memhp-bench/run', not 'memhp-bench/costs'"},
	{"\"schema_version\": 1", "\"schema_version\": 2", "its schema_version is 2"},
	{"\"failed\"", "\"fialed\"", "unknown key 'fialed'"},
	{"\"held_out\"", "\"held_over\"", "operations[0]: unknown key 'held_over'"},
	{"\"own\"", "\"owner\"", "series[0]: unknown key 'owner'"},
	{"\"emulated\": false", "\"emulated\": 0", "'emulated' is neither true nor false"},
	{"\"unit\": \"ns\"", "\"unit\": \"us\"", "'unit' is 'us', and only 'ns' is known"},
	{"\"direction\": \"offline\"", "\"direction\": \"sideways\"", "'direction' is 'sideways'"},
	{"\"fitted\": \"HIST", "\"fitted\": \"HISX", "operations[0]: 'fitted': "},
	{"\"fitted_count\": 6", "\"fitted_count\": 7", "'fitted' holds 6 values, and is said to hold 7"},
	{"\"held_out_count\": 5", "\"held_out_count\": 6", "'held_out' holds 5 values, and is said to hold 6"},
	{"\"count\": 6", "\"count\": 5", "'count' is 5, and 6 operations 'offline' are fitted"},
	{"\"kind\": \"step\"", "\"kind\": \"leap\"", "'kind' is 'leap'"},
	{"\"event\": \"\"", "\"event\": \"offline\"", "steps none"},
	{"\"name\": \"isolate\"", "\"name\": \"write\"", "step 'write' of offline stands twice"},
	{"\"name\": \"isolate\"", "\"name\": \"\"", "'name' is empty"},
	{"\"samples\": 22", "\"samples\": 23", "'samples' is not the number of its operations, 22"},
	{"\"resolution_ns\": 1000", "\"resolution_ns\": -1000", "resolution_ns"},
	{"{", "[", "no valid JSON"},
};

/* The first @from of @text made @to. */
static char *replaced(const char *from, const char *to)
{
	const char *at = strstr(text.data, from);
	char *made = malloc(text.length + strlen(to) + 1);

	cr_assert(made && at, "%s", from);
	memcpy(made, text.data, (size_t)(at - text.data));
	strcpy(made + (at - text.data), to);
	strcat(made, at + strlen(from));
	return made;
}

ParameterizedTestParameters(costs, refuses)
{
	static int rows[sizeof(wrongs) / sizeof(wrongs[0])];

	for (int i = 0; i < (int)(sizeof(wrongs) / sizeof(wrongs[0])); i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, sizeof(wrongs) / sizeof(wrongs[0]));
}

ParameterizedTest(int *row, costs, refuses)
{
	const struct wrong *wrong = &wrongs[*row];
	struct mh_error error = {.text = ""};
	char *made;

	make();
	made = replaced(wrong->from, wrong->to);
	cr_expect_eq(mh_costs_read(made, strlen(made), "costs.json", &again, &error), -EINVAL, "%s", wrong->from);
	cr_expect(strstr(error.text, wrong->sentence), "%s: %s", wrong->from, error.text);
	cr_expect_eq(strncmp(error.text, "'costs.json'", 12), 0, "%s", error.text);
	free(made);
}

Test(costs, keys_of_the_user_s_own_are_let_be)
{
	struct mh_error error = {.text = ""};
	char *made;

	make();
	made = replaced("\"kernel\"", "\"x-note\": 3, \"kernel\"");
	cr_expect_eq(mh_costs_read(made, strlen(made), "costs.json", &again, &error), 0, "%s", error.text);
	free(made);
}
