/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Input that is meant to hurt: each is refused in one sentence, and soon. */
#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "scenario_fixture.h"

#define TEST_TIMEOUT_S 20 /* generous: each takes milliseconds */

static void expect_refusal(const char *text, size_t size, int code, const char *words)
{
	struct mh_plan *plan;
	char *messages;
	int ret = scenario_load_text(text, size, &plan, &messages);

	cr_expect_eq(ret, code, "%d, expected %d: %.300s", ret, code, messages);
	cr_expect_not_null(strstr(messages, words), "'%s' lacks '%s'", messages, words);
	free(messages);
}

static char *filled(const char *piece, size_t size)
{
	char *text = malloc(size);
	const size_t length = strlen(piece);

	for (size_t i = 0; i < size; i++)
		text[i] = piece[i % length];
	return text;
}

Test(scenario_hostile, two_mebibytes_are_too_many, .timeout = TEST_TIMEOUT_S)
{
	char *text = filled("x-a: 1\n", 2 << 20);

	expect_refusal(text, 2 << 20, -EFBIG, "t.yaml: error: cannot read it: larger than 1 MiB");
	free(text);
}

Test(scenario_hostile, one_mebibyte_of_values_meets_the_bound, .timeout = TEST_TIMEOUT_S)
{
	char *text = filled("- 1\n", 1 << 20);

	expect_refusal(text, 1 << 20, -EINVAL, "t.yaml:10000:3: error: more than 10000 values");
	free(text);
}

Test(scenario_hostile, a_bomb_of_aliases_meets_the_bound, .timeout = TEST_TIMEOUT_S)
{
	struct mh_text text = MH_TEXT_INIT;

	mh_text_add(&text, "x-0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
	for (int i = 1; i < 30; i++)
		mh_text_add(&text, "x-%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1, i - 1,
			    i - 1, i - 1, i - 1);
	expect_refusal(text.data, text.length, -EINVAL, "more than 10000 values in one file, aliases expanded");
	mh_text_release(&text);
}

Test(scenario_hostile, a_hundred_thousand_anchors_are_refused_soon, .timeout = TEST_TIMEOUT_S)
{
	struct mh_text text = MH_TEXT_INIT;

	for (int i = 0; i < 100000; i++)
		mh_text_add(&text, "- &%x\n", i);
	expect_refusal(text.data, text.length, -EINVAL, "more than 10000 values");
	mh_text_release(&text);
}

Test(scenario_hostile, deep_nesting_meets_the_bound, .timeout = TEST_TIMEOUT_S)
{
	char *text = filled("[", 500000);

	expect_refusal(text, 500000, -EINVAL, "nested deeper than 64 levels");
	free(text);
}

Test(scenario_hostile, depth_64_is_allowed_and_65_is_not, .timeout = TEST_TIMEOUT_S)
{
	struct mh_text text = MH_TEXT_INIT;

	mh_text_add(&text, SCENARIO_HEAD "x-deep: %.*s%.*s\n", 63,
		    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 63,
		    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
	mh_plan_free(scenario_good(text.data, NULL, NULL));
	mh_text_clear(&text);
	mh_text_add(&text, SCENARIO_HEAD "x-deep: %.*s%.*s\n", 64,
		    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 64,
		    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
	free(scenario_refused(text.data, NULL, NULL));
	mh_text_release(&text);
}

Test(scenario_hostile, depth_that_aliases_build_meets_the_bound, .timeout = TEST_TIMEOUT_S)
{
	struct mh_text text = MH_TEXT_INIT;

	mh_text_add(&text, "x-0: &a0 [1]\n");
	for (int i = 1; i < 80; i++)
		mh_text_add(&text, "x-%d: &a%d [*a%d]\n", i, i, i - 1);
	expect_refusal(text.data, text.length, -EINVAL, "nested deeper than 64 levels, aliases expanded");
	mh_text_release(&text);
}

Test(scenario_hostile, a_nul_byte_is_refused_where_it_stands)
{
	static const char text[] = "name: a\nmo\0de: threads\n";

	expect_refusal(text, sizeof(text) - 1, -EINVAL, "t.yaml:2:3: error: the control character 0x00");
}

Test(scenario_hostile, a_nul_character_in_a_value_is_refused)
{
	char *messages = scenario_refused(SCENARIO_HEAD "description: \"a\\0b\"\n", NULL, NULL);

	cr_expect_not_null(strstr(messages, "a NUL character may not stand in a value"), "%s", messages);
	free(messages);
}

Test(scenario_hostile, sixteen_bit_text_is_refused)
{
	expect_refusal("\xff\xfen\0a\0m\0e\0", 10, -EINVAL, "t.yaml:1:1: error: the byte 0xff is no UTF-8 here");
}

Test(scenario_hostile, half_a_character_at_the_end_is_refused)
{
	expect_refusal("name: a\xe2\x82", 9, -EINVAL, "t.yaml:1:8: error: the byte 0xe2 is no UTF-8 here");
}

Test(scenario_hostile, a_thousand_errors_are_told_as_a_hundred)
{
	struct mh_text text = MH_TEXT_INIT;
	char *messages;

	mh_text_add(&text, SCENARIO_HEAD);
	for (int i = 0; i < 1000; i++)
		mh_text_add(&text, "unknown%d: 1\n", i);
	messages = scenario_refused(text.data, NULL, NULL);
	cr_expect_not_null(strstr(messages, "... and 900 more\n"), "%.200s", messages + strlen(messages) - 100);
	free(messages);
	mh_text_release(&text);
}

Test(scenario_hostile, a_folder_is_no_scenario)
{
	struct mh_plan *plan;
	char *messages;
	int ret = scenario_load("/", &plan, &messages);

	cr_expect_eq(ret, -EISDIR, "%d", ret);
	cr_expect_str_eq(messages, "/: error: cannot read it: a folder, not a scenario file\n", "%s", messages);
	free(messages);
}

Test(scenario_hostile, a_file_that_is_not_there_is_named)
{
	struct mh_plan *plan;
	char *messages;
	int ret = scenario_load("/nowhere/s.yaml", &plan, &messages);

	cr_expect_eq(ret, -ENOENT, "%d", ret);
	cr_expect_str_eq(messages, "/nowhere/s.yaml: error: cannot read it: No such file or directory\n", "%s",
			 messages);
	free(messages);
}

Test(scenario_hostile, a_device_is_not_read)
{
	struct mh_plan *plan;
	char *messages;
	int ret = scenario_load("/dev/zero", &plan, &messages);

	cr_expect_lt(ret, 0);
	cr_expect_not_null(strstr(messages, "not a regular file"), "%s", messages);
	free(messages);
}
