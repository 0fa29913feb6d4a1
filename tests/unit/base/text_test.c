/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Growing text, the nearest word, valid UTF-8. */
#include "base/text.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdint.h>
#include <string.h>

Test(text, grows_and_stays_terminated)
{
	struct mh_text text = MH_TEXT_INIT;
	size_t length = 0;

	for (unsigned i = 0; i < 1000; i++) {
		mh_text_add(&text, "%u,", i);
		length += i < 10 ? 2 : i < 100 ? 3 : 4;
	}
	cr_assert_not(text.failed);
	cr_assert_eq(text.length, length, "%zu letters, expected %zu", text.length, length);
	cr_assert_eq(strlen(text.data), length);
	cr_assert_str_eq(text.data + length - 8, "998,999,");
	mh_text_release(&text);
}

Test(text, appends_bytes_as_they_are)
{
	struct mh_text text = MH_TEXT_INIT;

	mh_text_append(&text, "a%sb\0c", 6);
	cr_assert_eq(text.length, 6);
	cr_assert_eq(memcmp(text.data, "a%sb\0c", 7), 0);
	mh_text_release(&text);
}

Test(text, is_an_empty_string_when_nothing_was_added)
{
	struct mh_text text = MH_TEXT_INIT;

	cr_assert_str_eq(text.data, "");
	mh_text_clear(&text);
	mh_text_add(&text, "x");
	mh_text_clear(&text);
	cr_assert_str_eq(text.data, "");
	mh_text_release(&text);
	mh_text_release(&text);
}

Test(text, remembers_that_memory_ran_out)
{
	struct mh_text text = MH_TEXT_INIT;

	mh_text_append(&text, "x", SIZE_MAX);
	cr_assert(text.failed);
	mh_text_add(&text, "y");
	cr_assert_eq(text.length, 0);
	mh_text_release(&text);
}

struct nearest_row {
	char word[24];
	char expected[16]; /* empty: none */
};

ParameterizedTestParameters(text, nearest_word_is_close_or_none)
{
	static struct nearest_row rows[] = {
		{"dealy", "delay"},
		{"delay", "delay"},
		{"treads", "threads"},
		{"thraeds", "threads"},
		{"cor", "core"},
		{"coer", "core"},
		{"co", ""},
		{"crow", ""},
		{"", ""},
		{"xyzzy", ""},
		{"theadz", "threads"},
		{"thead", ""},
		{"a long word, not one", ""},
	};

	return cr_make_param_array(struct nearest_row, rows, sizeof(rows) / sizeof(rows[0]));
}

ParameterizedTest(struct nearest_row *row, text, nearest_word_is_close_or_none)
{
	static const char *const candidates[] = {"delay", NULL, "threads", "core"};
	const char *nearest = mh_text_nearest(row->word, candidates, 4);

	cr_assert_str_eq(nearest ? nearest : "", row->expected, "'%s': got '%s', expected '%s'", row->word,
			 nearest ? nearest : "", row->expected);
}

struct utf8_row {
	char bytes[16];
	size_t length, valid;
};

ParameterizedTestParameters(text, utf8_is_valid_up_to_the_first_bad_byte)
{
	static struct utf8_row rows[] = {
		{"plain", 5, 5},
		{"\xc3\xa9", 2, 2},
		{"\xe2\x82\xac", 3, 3},
		{"\xf0\x9f\x98\x80", 4, 4},
		{"ab\xff", 3, 2},
		{"\xc3", 1, 0},             /* cut */
		{"\xc0\xaf", 2, 0},         /* overlong */
		{"\xe0\x80\xaf", 3, 0},     /* overlong */
		{"\xed\xa0\x80", 3, 0},     /* surrogate */
		{"\xed\x9f\xbf", 3, 3},     /* the last before the surrogates */
		{"\xf4\x8f\xbf\xbf", 4, 4}, /* U+10FFFF */
		{"\xf4\x90\x80\x80", 4, 0}, /* beyond */
		{"a\x80", 2, 1},
		{"", 0, 0},
	};

	return cr_make_param_array(struct utf8_row, rows, sizeof(rows) / sizeof(rows[0]));
}

ParameterizedTest(struct utf8_row *row, text, utf8_is_valid_up_to_the_first_bad_byte)
{
	size_t valid = mh_utf8_valid_prefix(row->bytes, row->length);

	cr_assert_eq(valid, row->valid, "%zu bytes valid, expected %zu", valid, row->valid);
}
