/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two result folders held against each other, for `compare` and `gate`. */
#ifndef BENCH_CLI_FOLDER_COMPARISON_H
#define BENCH_CLI_FOLDER_COMPARISON_H

#include "bench/cli/options.h"

struct mh_folder_comparison {
	const char *command; /* "gate" */
	const struct mh_options *options;
	const char *base, *candidate;
	bool gate;   /* judge; else only show */
	bool across; /* of different scenarios: what they have in common */
	bool counts_only;
	bool warn_undecided; /* --undecided warn, whatever the scenario says */
	bool fail_undecided;
	const char *calibration; /* file, of a gate; NULL: none */
	const char *repro;       /* the command as it was called */
};

/**
 * mh_folder_compare - read, check, judge, print
 * @ret_word: for the last line on stderr: "compared", "pass" …
 * @ret_seed: of the base
 *
 * Return: an exit code: 0, or of the verdict; 2 a folder cannot be read; 5 they cannot be compared.
 */
int mh_folder_compare(const struct mh_folder_comparison *comparison, const char **ret_word, char ret_seed[32]);

#endif
