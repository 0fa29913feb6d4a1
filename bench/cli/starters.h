/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commented scenarios to begin from, one a question.
 */
#ifndef BENCH_CLI_STARTERS_H
#define BENCH_CLI_STARTERS_H

#include <stddef.h>

struct mh_starter {
	const char *name;
	const char *question;
	const char *text; /* the whole file */
};

extern const struct mh_starter mh_starters[]; /* the first is what `init` writes without a word */
extern const size_t mh_starter_count;

#endif
