/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of the recordings: each answer both ways, each result as the recorder wrote it.
 */
#include "bench/engine/conform_value.h"

#include <errno.h>

#include <memhp/kernel.h>

#include <criterion/criterion.h>

static const struct {
	const char *word;
	int value;
	const char *name; /* as full_trace shows it */
} answers[] = {
	{"DONE", 0, "DONE"},
	{"OK", 1, "OK"},
	{"STOP", 0x8001, "STOP"},
	{"BAD", 0x8002, "BAD"},
	{"errno:-1", 0x8002, "BAD"},
	{"errno:-12", 0x800D, "errno:-12"},
	{"errno:-4095", 0x9000, "errno:-4095"},
	{"errno:0", 1, "OK"},
	{"raw:2", 2, "raw:2"},
	{"raw:-12", -12, "raw:-12"},
	{"raw:0x8000", 0x8000, "raw:32768"},
	{"raw:0x7fff", 0x7fff, "raw:32767"},
	{"raw:0x18002", 0x18002, "errno:-65537"},
	{"raw:0x10000", 0x10000, "raw:65536"},
};

Test(conform_value, answers_are_read_and_named)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		char buffer[MH_CONFORM_WORD_SIZE];
		int value = -99;

		cr_expect_eq(mh_conform_value_parse(answers[i].word, &value), 0, "'%s' was refused", answers[i].word);
		cr_expect_eq(value, answers[i].value, "'%s': %#x, expected %#x", answers[i].word, (unsigned)value,
			     (unsigned)answers[i].value);
		cr_expect_str_eq(mh_conform_value_name(value, buffer), answers[i].name);
	}
}

Test(conform_value, words_that_nobody_recorded_are_refused)
{
	static const char *const words[] = {"",     "done",   "errno:",          "errno:x",
					    "raw:", "raw:1 ", "raw:99999999999", "errno:-2147483648"};
	int value = 7;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		cr_expect_eq(mh_conform_value_parse(words[i], &value), -EINVAL, "'%s' was taken", words[i]);
	cr_expect_eq(value, 7, "a refused word left %d", value);
}

static const struct {
	int64_t result;
	int number;
	const char *name;
} results[] = {
	{14, 0, "0"},           {0, 0, "0"},          {-16, 16, "EBUSY"},    {-512, 512, "E512"},
	{-4095, 4095, "E4095"}, {-4096, 0, "BEYOND"}, {-65537, 0, "BEYOND"},
};

Test(conform_value, results_have_the_errno_of_a_user_library)
{
	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
		char buffer[MH_CONFORM_WORD_SIZE];
		const char *name = mh_conform_errname(results[i].result, buffer);

		cr_expect_eq(mh_conform_errno(results[i].result), results[i].number, "%lld: %d, expected %d",
			     (long long)results[i].result, mh_conform_errno(results[i].result), results[i].number);
		cr_expect_str_eq(name, results[i].name, "%lld: %s, expected %s", (long long)results[i].result, name,
				 results[i].name);
	}
}

Test(conform_value, events_have_the_names_of_the_recordings)
{
	cr_expect_str_eq(mh_conform_event_name(MH_GOING_ONLINE), "GOING_ONLINE");
	cr_expect_str_eq(mh_conform_event_name(MH_FINISH_OFFLINE), "FINISH_OFFLINE");
	cr_expect_str_eq(mh_conform_event_name(MH_NODE_CANCEL_REMOVING_LAST_MEMORY),
			 "NODE_CANCEL_REMOVING_LAST_MEMORY");
}
