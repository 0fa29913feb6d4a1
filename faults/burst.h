/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults that come in bursts: a process with a good and a bad state, each with a probability of its own, that stays in
 * a state for an exponentially distributed stretch of time, or of events (the Gilbert-Elliott model).
 *
 * The timeline is a pure function of (fault key, worker stream or node, place on the line), not of who asked before: it
 * is cut into epochs of MH_BURST_EPOCH_STRETCHES mean stretches, each begins in a state drawn from the stationary
 * distribution and is laid out from its own key. So a place far away is found without walking all the way to it.
 */
#ifndef FAULTS_BURST_H
#define FAULTS_BURST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/schema.h"

enum mh_burst_domain { MH_BURST_TIME, MH_BURST_EVENTS };

#define MH_BURST_EPOCH_STRETCHES 64   /* mean good and bad stretches an epoch */
#define MH_BURST_STRETCHES_MAX   1024 /* laid out in an epoch; the last one then lasts to its end */
#define MH_BURST_MEAN_NS_MIN     1000 /* a shorter mean stretch is refused: below it the clock decides, not the model */

struct mh_burst {
	bool given;                 /* set by the reader of the map: the scenario has the key */
	uint64_t good_ppb, bad_ppb; /* probability in the state */
	char *mean_good, *mean_bad; /* a duration, or with domain: events a count */
	int domain;                 /* enum mh_burst_domain */
};

extern const struct mh_schema mh_burst_schema;

struct mh_burst_plan {
	bool by_events;
	bool good_certain, bad_certain; /* probability 100 % */
	uint64_t good_threshold, bad_threshold;
	double mean_good, mean_bad; /* ns or events, above 0 */
	uint64_t epoch;             /* length of an epoch, ns or events */
	uint64_t bad_first;         /* threshold: share of epochs that begin in the bad state */
	uint64_t key;
};

/* A worker's place on a timeline. Zeroed, it stands nowhere. */
struct mh_burst_state {
	uint64_t position;     /* by_events: events so far */
	uint64_t begin, until; /* the stretch: [begin, until) */
	uint64_t epoch_end;
	uint64_t epoch_key;
	uint32_t stretch; /* number in the epoch */
	bool bad;
};

/* 0, or -EINVAL with a sentence. */
int mh_burst_compile(const struct mh_burst *burst, uint64_t key, struct mh_burst_plan *ret_plan,
		     struct mh_error *reterr);

/**
 * mh_burst_bad - is the line bad at this place?
 * @line: which line of the fault: 0, or a key of a node or a worker
 * @place: ns since the phase began, or number of the event; may also go back
 */
bool mh_burst_bad(const struct mh_burst_plan *plan, struct mh_burst_state *state, uint64_t line, uint64_t place);

#endif
