/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The arguments that `ab`, `gate` and `calibrate` have in common: SCENARIO --a SIDE --b SIDE, or A.yaml B.yaml.
 */
#ifndef BENCH_CLI_SIDES_OPTIONS_H
#define BENCH_CLI_SIDES_OPTIONS_H

#include <argp.h>

#include "bench/cli/options.h"
#include "bench/cli/side.h"

struct mh_sides_options {
	struct mh_options common;
	const char *paths[2]; /* scenarios; of `gate` also result folders */
	size_t path_count;
	const char *words[2][MH_SIDE_CHANGES_MAX]; /* of --a and of --b */
	size_t word_counts[2];
	const char *command; /* "gate" */
	const char *program; /* as it was called */
};

/* Takes `struct mh_sides_options *` as its input; has mh_options_argp as its child. */
extern const struct argp mh_sides_argp;

void mh_sides_options_init(struct mh_sides_options *options, const char *command, const char *program);

/* Makes both sides out of the words. An exit code; what is wrong is said on stderr. */
int mh_sides_make(const struct mh_sides_options *options, struct mh_side ret_sides[2]);

/* The command as it was called, the seed made concrete, without -o: what the last line on stderr repeats. */
void mh_sides_compose(const struct mh_sides_options *options, const char *seed, struct mh_text *text);

#endif
