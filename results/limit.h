/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What limited a phase: how much of its workers' time went where, by what the run recorded. A function over the result,
 * so that a run of long ago is told about, too.
 *
 * The workers are those of the hotplug workloads; in a phase without any those of its first workload. Their time is cut
 * into disjoint parts. What was not recorded is unknown, never guessed: it is then within the part that is left,
 * MH_LIMIT_REST.
 */
#ifndef RESULTS_LIMIT_H
#define RESULTS_LIMIT_H

#include "base/text.h"
#include "results/result.h"

enum mh_limit {
	MH_LIMIT_LOCK,      /* waiting for the hotplug lock */
	MH_LIMIT_GRACE,     /* waiting for grace periods */
	MH_LIMIT_LISTENERS, /* walking the chain and being in its listeners */
	MH_LIMIT_ALLOCATOR, /* draining and migrating pages; all of an operation that allocates */
	MH_LIMIT_GENERATOR, /* between operations: waiting for arrivals, recording, or not scheduled */
	MH_LIMIT_REST,      /* the rest of operations: core's own steps, and what is unknown */
	MH_LIMITS,
};

/* "lock", "grace", "listeners", "allocator", "generator", "rest". */
extern const char *const mh_limit_names[MH_LIMITS];

#define MH_LIMIT_UNKNOWN (-1.0)

struct mh_limits {
	double workers_ns;           /* the workers' time; 0: not known, and then nothing is */
	double shares[MH_LIMITS];    /* of it, 0 … 1; MH_LIMIT_UNKNOWN */
	const char *whys[MH_LIMITS]; /* of each that is unknown: a sentence without its full stop; else NULL */
	enum mh_limit most;          /* the greatest share that is known; MH_LIMITS: none is */
	bool waits;                  /* the generator paces an open arrival: its share waits for arrivals */
	bool sampled;                /* by a part of the operations: a rare long one may be missing */
	bool oversubscribed;         /* more threads than CPUs: every share holds waiting for a CPU, too */
};

/* @phase: one of @result's. False: its role is none that is recorded, or who worked is not known. */
bool mh_limits_of(const struct mh_result *result, const struct mh_result_phase *phase, struct mh_limits *ret_limits);

/* "listeners (62 % of the workers' time), lock 20 %, rest 10 %, generator 8 %; unknown: …", without a newline. */
void mh_limits_tell(const struct mh_limits *limits, struct mh_text *text);

#endif
