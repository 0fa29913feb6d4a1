/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two sides run in turn: pair i is one run of each with the same seed, in the order AB or BA, which alternates within a
 * block of two pairs and begins at random, so that a drift of the host cancels out. A *bout* is one attempt at a pair
 * of one cell; one that was disturbed (results/hygiene.h) is discarded, kept on file, and run again.
 *
 * Legal order: fill the request, mh_pairs_open, mh_pairs_run as often as wanted, mh_pairs_cells to judge,
 * mh_pairs_close.
 */
#ifndef BENCH_CLI_PAIRS_H
#define BENCH_CLI_PAIRS_H

#include "bench/cli/options.h"
#include "bench/cli/progress.h"
#include "bench/cli/side.h"
#include "results/gate.h"
#include "results/hygiene.h"
#include "results/result.h"

struct mh_bout {
	size_t cell; /* index in the plans */
	uint64_t index;
	char order[3];
	unsigned run; /* its number in both folders, from 1 */
	struct mh_result results[2];
	bool loaded[2];
	char *discarded; /* why it does not count; NULL: it does */
};

struct mh_pairs_request {
	const char *command; /* "gate" */
	const struct mh_options *options;
	uint64_t ops;
	const char *path; /* of the folder that holds both sides; NULL: by default */
	bool hygiene;     /* false: counts are exact on any host */
	size_t pairs_max; /* of each cell, for what may be discarded and for the progress */
	/* Of each cell by index; NULL: learned from the first runs. */
	const struct mh_hygiene_reference *references;
};

struct mh_pairs {
	const struct mh_pairs_request *request;
	struct mh_side *sides; /* two */
	char *path, *treatment;
	bool made;              /* the folder was not there before */
	struct mh_bout **bouts; /* in the order in which they were run */
	size_t bout_count, bout_capacity;
	size_t discarded;
	struct mh_hygiene_reference *learned; /* a cell each */
	bool *is_learned;
	char seed[32];
	uint64_t begin_ns;
	char *trouble; /* why it stopped early; NULL: it did not */
	struct mh_progress_line line;
	const struct mh_result **runs; /* what cells point to */
	struct mh_gate_cell *cells;
};

/**
 * mh_pairs_open - load both sides, hold them against each other, make the folders
 * @sides: two, with their words added; released by mh_pairs_close
 *
 * Return: an exit code: MH_EXIT_DONE; 2 a scenario is wrong; 5 the sides cannot be compared; 6, 7 the folder. All said
 * on stderr; then nothing is left behind.
 */
int mh_pairs_load(struct mh_pairs *pairs, const struct mh_pairs_request *request, struct mh_side sides[2]);
int mh_pairs_open(struct mh_pairs *pairs);

/**
 * mh_pairs_run - run until each cell has @count pairs that count
 *
 * Return: MH_EXIT_DONE; else why it stopped, with pairs->trouble: a run was incorrect (3), invalid or too many pairs
 * were discarded (4), or the code of a run that ended otherwise.
 */
int mh_pairs_run(struct mh_pairs *pairs, size_t count);

/* All cells with the pairs that count; lives until the next call or mh_pairs_close. NULL: no memory. */
const struct mh_gate_cell *mh_pairs_cells(struct mh_pairs *pairs, size_t *ret_count);

/* pairs.json at the top: treatment, pairs, what was discarded. Rewritten after each pair. */
int mh_pairs_write(const struct mh_pairs *pairs, bool running, struct mh_error *reterr);

/* "seed 0x5eed, 10 pairs …", the two sides, the discarded pairs: the head of every report. */
void mh_pairs_describe(const struct mh_pairs *pairs, struct mh_text *text);

/* After mh_pairs_run: where the first run was refused (2, 6) nothing ran, and no folder says otherwise. True: it was
 * so, and the folder is gone. */
bool mh_pairs_take_back(struct mh_pairs *pairs, int code);

/* Finishes both folders. An exit code. */
int mh_pairs_finish(struct mh_pairs *pairs);
void mh_pairs_close(struct mh_pairs *pairs);

#endif
