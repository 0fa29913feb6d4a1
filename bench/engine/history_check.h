/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The checkers again, over a history.ndjson: each operation by itself (history_rules.h), the blocks' states over the
 * operations of a phase (history_replay.h), and how much of the run that covers.
 */
#ifndef BENCH_ENGINE_HISTORY_CHECK_H
#define BENCH_ENGINE_HISTORY_CHECK_H

#include <stdio.h>

#include "base/error.h"
#include "results/result.h"

#define MH_HISTORY_FINDINGS_MAX 64
#define MH_HISTORY_PHASES_MAX   1024
#define MH_HISTORY_WORKERS_MAX  4096 /* hotplug threads of one phase */

struct mh_history_finding {
	uint64_t line; /* of the file, from 1 */
	const char *invariant;
	char detail[320];
};

/* One recorded phase in which blocks were taken on- and offline. */
struct mh_history_phase {
	char name[128];
	uint64_t covered, ran;   /* operations: of the history, and of the run */
	uint64_t from_ns, to_ns; /* of the phase: when the first one of them began, and the last one ended */
	bool replayed;
};

struct mh_history_report {
	uint64_t operations, calls, checks;
	uint64_t violation_count, expected_count; /* expected: of operations in which a fault was to break a rule */
	struct mh_history_finding findings[MH_HISTORY_FINDINGS_MAX]; /* the first ones */
	size_t finding_count;
	struct mh_history_phase *phases;
	size_t phase_count;
	char not_replayed[256]; /* why states were not played again; "": they were */
	bool cut;               /* the last line is not whole: the run was killed */
};

/**
 * mh_history_check - check one file against the run that it is of
 * @name: what errors call it
 * @ret_report: to be released; untouched on failure
 *
 * Reads a line at a time; what is kept of the operations is bounded. Return: 0, also with violations; -EINVAL it is no
 * history, or not of this run, with a sentence that names the line; -EIO; -ENOMEM.
 */
int mh_history_check(FILE *file, const char *name, const struct mh_result *result, struct mh_history_report *ret_report,
		     struct mh_error *reterr);
void mh_history_report_release(struct mh_history_report *report); /* safe on a zeroed struct */

#endif
