/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of --a and --b. */
#include "bench/cli/side.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <string.h>

/* A word, and words of what is wrong with it; NULL: it is taken. */
static const struct {
	const char *word, *wrong;
} cases[] = {
	{"set:machine.block_size=2GiB", NULL},
	{"set:phases.steady.ops=", NULL},
	{"module:drv=/bin/sh", NULL},
	{"/bin/sh", NULL},
	{"set:machine.block_size", "use set:KEY=VALUE"},
	{"set:=2", "use set:KEY=VALUE"},
	{"set:seed=2", "the same seed"},
	{"module:drv", "use module:NAME=FILE.so"},
	{"module:=x.so", "use module:NAME=FILE.so"},
	{"module:a/b=/bin/sh", "use module:NAME=FILE.so"},
	{"module:drv=/absent.so", "cannot read '/absent.so'"},
	{"/absent", "a side is the path of a memhp-bench, module:NAME=FILE.so or set:KEY=VALUE"},
	{"/etc", "not a program"},
	{"/etc/passwd", "not a program"},
};

#define CASES ((int)(sizeof(cases) / sizeof(cases[0])))

ParameterizedTestParameters(side, takes_words_or_says_what_is_wrong)
{
	static int indices[CASES];

	for (int i = 0; i < CASES; i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, CASES);
}

ParameterizedTest(int *index, side, takes_words_or_says_what_is_wrong)
{
	const char *wrong = cases[*index].wrong;
	struct mh_error error = {0};
	struct mh_side side;

	mh_side_init(&side, 'B', "s.yaml");
	cr_expect_eq(mh_side_add(&side, cases[*index].word, &error), wrong ? -EINVAL : 0, "%s: %s", cases[*index].word,
		     error.text);
	cr_expect(!wrong || strstr(error.text, wrong), "'%s' lacks '%s'", error.text, wrong);
	cr_expect(!wrong || strstr(error.text, "--b"), "%s", error.text);
	cr_expect_eq(mh_side_changes(&side), !wrong);
	mh_side_release(&side);
}

Test(side, describes_what_it_changes)
{
	struct mh_text text = MH_TEXT_INIT;
	struct mh_error error;
	struct mh_side side;

	mh_side_init(&side, 'A', "s.yaml");
	mh_side_describe(&side, &text);
	cr_expect_str_eq(text.data, "the scenario as it is");
	mh_text_clear(&text);
	cr_assert_eq(mh_side_add(&side, "set:a.b=1=2", &error), 0);
	cr_assert_eq(mh_side_add(&side, "module:drv=/bin/sh", &error), 0);
	cr_expect_eq(mh_side_add(&side, "module:drv=/bin/ls", &error), -EINVAL, "twice");
	mh_side_describe(&side, &text);
	cr_expect_str_eq(text.data, "module drv=/bin/sh, set a.b=1=2");
	mh_text_release(&text);
	mh_side_release(&side);
}
