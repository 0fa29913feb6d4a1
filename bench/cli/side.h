/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One of the two sides of a comparison: what it changes of the scenario, which program runs it, where its runs go.
 *
 * Legal order: mh_side_init, mh_side_add for each word of --a or --b, mh_side_check_program, mh_side_load,
 * mh_side_open, runs, mh_side_release.
 */
#ifndef BENCH_CLI_SIDE_H
#define BENCH_CLI_SIDE_H

#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "bench/cli/options.h"
#include "bench/engine/plan.h"
#include "results/folder.h"

#define MH_SIDE_CHANGES_MAX 64   /* of each kind */
#define MH_SIDE_WORDS_MAX   1200 /* of a child's command line */

/* module:NAME=FILE.so */
struct mh_side_module {
	char *name;
	const char *file;
	char *copy; /* "DIR/a/modules/NAME.so": its name is what listeners are called on both sides */
};

struct mh_side {
	char letter; /* 'A' or 'B' */
	const char *scenario;
	const char *program; /* another memhp-bench; NULL: this one */
	char *program_facts; /* its version and build */
	struct mh_side_module modules[MH_SIDE_CHANGES_MAX];
	size_t module_count;
	struct mh_plan_override sets[MH_SIDE_CHANGES_MAX]; /* set:KEY=VALUE */
	size_t set_count;
	struct mh_plan *plan;
	struct mh_result_folder folder;
	char *words[MH_SIDE_WORDS_MAX]; /* `run` as its children are called, NULL behind; owned */
	size_t word_count;
};

void mh_side_init(struct mh_side *side, char letter, const char *scenario);
void mh_side_release(struct mh_side *side);

/* A word of --a or --b. -EINVAL with a sentence; -ENOMEM. */
int mh_side_add(struct mh_side *side, const char *word, struct mh_error *reterr);
/* False: the side is the scenario as it is. */
bool mh_side_changes(const struct mh_side *side);

/**
 * mh_side_check_program - is the side's program one of ours, and can its runs be read?
 *
 * Return: 0, also without a program; -EINVAL it is no memhp-bench; -EPROTO one whose results have another schema.
 */
int mh_side_check_program(struct mh_side *side, struct mh_error *reterr);

struct mh_side_request {
	const struct mh_options *options; /* of the command: both sides have them */
	uint64_t ops;
	const char *seed;   /* of the other side's plan; NULL: the scenario's own */
	const char *folder; /* that holds both sides */
};

/* Reads the scenario with the side's changes. 0, -EINVAL, -ENOMEM …; what is wrong is in @messages. */
int mh_side_load(struct mh_side *side, const struct mh_side_request *request, struct mh_text *messages);
/* Makes its folder, and copies its modules there. -errno with a sentence. */
int mh_side_open(struct mh_side *side, const struct mh_side_request *request, struct mh_error *reterr);

/* "module drv=base.so, set machine.block_size=2GiB", or "the scenario as it is". */
void mh_side_describe(const struct mh_side *side, struct mh_text *text);

#endif
