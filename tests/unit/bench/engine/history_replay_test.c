/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The blocks' states from what was done to them: alternating, in whatever order threads overlapped. */
#include "bench/engine/history_replay.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#define CHANGES_MAX 8

struct row {
	const char *what; /* NULL: the end */
	uint64_t from_ns;
	uint64_t found; /* the line that is told; 0: none */
	struct mh_history_change changes[CHANGES_MAX];
};

/* {begin, end, line, block, online} */
static const struct row rows[] = {
	{"alternates", 0, 0, {{0, 1, 1, 7, true}, {2, 3, 2, 7, false}, {4, 5, 3, 7, true}}},
	{"comes twice", 0, 3, {{0, 1, 1, 7, false}, {2, 3, 2, 7, true}, {4, 5, 3, 7, true}}},
	{"two blocks are apart", 0, 0, {{0, 1, 1, 7, true}, {2, 3, 2, 8, true}}},
	{"overlapping: either order will do", 0, 0, {{0, 9, 1, 7, true}, {2, 8, 2, 7, false}, {10, 11, 3, 7, true}}},
	{"overlapping: the sum is too much", 0, 2, {{0, 9, 1, 7, true}, {2, 8, 2, 7, true}}},
	{"overlapping: what comes after must fit",
	 0,
	 4,
	 {{0, 1, 1, 7, true}, {2, 9, 2, 7, false}, {3, 8, 3, 7, true}, {10, 11, 4, 7, true}}},
	{"lines of another thread come later in the file",
	 0,
	 0,
	 {{4, 5, 1, 7, true}, {0, 1, 2, 7, true}, {2, 3, 3, 7, false}}},
	{"what began before the history is whole is left out", 2, 0, {{0, 1, 1, 7, true}, {2, 3, 2, 7, true}}},
};

static void keep_line(void *data, const struct mh_history_change *change)
{
	uint64_t *line = data;

	cr_expect_eq(*line, 0, "told twice");
	*line = change->line;
}

ParameterizedTestParameters(history_replay, finds_a_block_that_is_twice_in_one_state)
{
	static int indices[sizeof(rows) / sizeof(rows[0])];

	for (int i = 0; i < (int)(sizeof(rows) / sizeof(rows[0])); i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, sizeof(rows) / sizeof(rows[0]));
}

ParameterizedTest(int *index, history_replay, finds_a_block_that_is_twice_in_one_state)
{
	const struct row *row = &rows[*index];
	struct mh_history_replay replay = {.from_ns = row->from_ns};
	uint64_t line = 0;

	for (int i = 0; i < CHANGES_MAX && row->changes[i].line; i++)
		cr_assert_eq(mh_history_replay_add(&replay, &row->changes[i]), 0);
	(void)mh_history_replay_check(&replay, keep_line, &line);
	cr_expect_eq(line, row->found, "%s: line %lu, expected %lu", row->what, (unsigned long)line,
		     (unsigned long)row->found);
	cr_expect_eq(replay.count, 0);
	mh_history_replay_release(&replay);
}
