/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worst operations of a run taken apart: what each consisted of, what fired in it, and whether its thread lost the
 * CPU meanwhile. Made of the exemplars that the run left behind.
 *
 * A *part* is a stretch of an operation: a wait, a walk, a listener within a walk, and the rest that is in no step. The
 * parts other than listeners add up to the response.
 */
#ifndef RESULTS_EXPLAIN_H
#define RESULTS_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "results/json_put.h"
#include "results/result.h"
#include "results/show.h"

enum mh_part_kind {
	MH_PART_WAIT, /* before it began: operations before it were late */
	MH_PART_LOCK,
	MH_PART_WALK,
	MH_PART_LISTENER, /* within the walk before it */
	MH_PART_DRAIN,
	MH_PART_MIGRATE,
	MH_PART_GRACE,
	MH_PART_REST, /* in no step: long gaps where they are, the short ones together at the end */
	MH_PART_KINDS,
};

/* "wait", "lock", "walk", "listener", "drain", "migrate", "grace", "rest". */
extern const char *const mh_part_kind_names[MH_PART_KINDS];

#define MH_PART_NOWHERE UINT64_MAX /* has no beginning within the operation */

struct mh_part {
	enum mh_part_kind kind;
	const char *event;    /* of a walk and a listener: "going_online"; else NULL */
	const char *listener; /* its name; else NULL */
	uint64_t begin_ns;    /* from the operation's beginning, or MH_PART_NOWHERE */
	uint64_t took_ns;
};

struct mh_parts {
	struct mh_part *items; /* in the order of time, a walk before its listeners; wait first, short gaps last */
	size_t count;
	size_t longest;   /* index of the longest that has nothing inside; of what a walk took, its listeners' */
	char *event_text; /* memory of the events' names */
};

/* 0 or -ENOMEM. */
int mh_parts_make(const struct mh_result_exemplar *exemplar, struct mh_parts *ret_parts);
void mh_parts_release(struct mh_parts *parts);
double mh_part_share(const struct mh_result_exemplar *exemplar, const struct mh_part *part); /* 0 … 1 of the response */

/* Appends "offline of block 7 took 4.21 ms, 97 % of it in listener 'slow' on MEM_GOING_OFFLINE". */
void mh_explain_sentence(const struct mh_result_exemplar *exemplar, const struct mh_parts *parts, struct mh_text *text);
/* Appends, a line each: of which series it is the longest, where it stands, what fired in it, what its thread went
 * through; without a newline at the end. Names stand as they are: whoever prints them cleans them. */
void mh_explain_circumstances(const struct mh_result_exemplar *exemplar, struct mh_text *text);

struct mh_explain_options {
	struct mh_show_options show; /* verbose: all kept operations, and every listener of a walk */
	const char *series;          /* glob: only the longest operations of these; NULL: of all */
};

/* Whether an operation is to be told: by options->series, and unless verbose only the longest of some series. */
bool mh_explain_selects(const struct mh_explain_options *options, const struct mh_result_exemplar *exemplar);

/* Appends all of a run's selected operations, in words and tables. -ENOMEM, or 0. */
int mh_explain_run(const struct mh_result *result, const struct mh_explain_options *options, struct mh_text *text);
/* Sets "operations" of @object to the same. -ENOMEM, or 0. */
int mh_explain_put(struct mh_json_put *put, json_t *object, const struct mh_result *result,
		   const struct mh_explain_options *options);

#endif
