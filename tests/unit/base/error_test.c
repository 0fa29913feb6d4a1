/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sentence of a failure. */
#include "base/error.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

Test(error, returns_the_code_and_keeps_it)
{
	struct mh_error error = {0};

	cr_assert_eq(mh_error_set(&error, -ENOENT, "file '%s'", "a"), -ENOENT);
	cr_assert_eq(error.code, -ENOENT, "got %d", error.code);
	cr_assert_str_eq(error.text, "file 'a'");
}

Test(error, takes_no_sentence_where_none_is_wanted)
{
	cr_assert_eq(mh_error_set(NULL, -EIO, "unheard"), -EIO);
}

Test(error, cuts_a_long_sentence_with_dots)
{
	struct mh_error error;
	char longer[2 * MH_ERROR_SIZE];

	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	mh_error_set(&error, -EINVAL, "%s", longer);
	cr_assert_eq(strlen(error.text), MH_ERROR_SIZE - 1, "got %zu", strlen(error.text));
	cr_assert_str_eq(error.text + MH_ERROR_SIZE - 5, "x...");
}

Test(error, leaves_a_sentence_whole_that_just_fits)
{
	struct mh_error error;
	char fitting[MH_ERROR_SIZE];

	memset(fitting, 'x', sizeof(fitting) - 1);
	fitting[sizeof(fitting) - 1] = '\0';
	mh_error_set(&error, -EINVAL, "%s", fitting);
	cr_assert_str_eq(error.text, fitting);
}

Test(error, quotes_no_byte_that_could_drive_the_terminal)
{
	struct mh_error error;

	mh_error_set(&error, -EINVAL,
		     "\033[2Ja\a\tb\nc\177 \xc2\x9b"
		     "31m \xc2\xb5s");
	cr_assert_str_eq(error.text, "?[2Ja?\tb\nc? ??31m \xc2\xb5s", "got '%s'", error.text);
}

Test(error, ends_where_a_character_was_cut)
{
	struct mh_error error;

	mh_error_set(&error, -EINVAL, "a\xc2");
	cr_assert_str_eq(error.text, "a\xc2");
}
