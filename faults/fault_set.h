/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The body of struct mh_fault_set, private to faults/: what arm.c makes, ask.c runs and judge.c judges.
 *
 * While a phase runs all of it is read only, but for what is each worker's own (struct mh_fault_worker, written by that
 * worker alone), the lazily filled table of listeners (all would write the same value), pending (a word a block,
 * atomic) and the kept sentences (a slot is claimed by an atomic count).
 */
#ifndef FAULTS_FAULT_SET_H
#define FAULTS_FAULT_SET_H

#include <stdatomic.h>

#include "base/assert.h"
#include "base/clock.h"
#include "core/sieve.h"
#include "faults/arm.h"
#include "faults/census.h"
#include "faults/pins.h"

#define MH_INTEREST_KNOWN  0x8000 /* in mh_fault_met.interest: the listener has been met */
#define MH_FAULT_LINE_SIZE 128    /* two cache lines: the prefetcher fetches pairs */

struct mh_armed_fault {
	const struct mh_fault *fault;
	struct mh_where_match match;
	struct mh_fault_action action;
	struct mh_trigger_plan plan;
	uint64_t key;
	void *state;      /* of kind->begin */
	uint64_t detects; /* a set of invariants, that its firings expect to be found broken; 0: none */
	uint64_t late_unmet, late_unjudged; /* found by mh_fault_set_judge_pending; unjudged: not yet due */
};

/* One fault in one worker. */
struct mh_fault_state {
	struct mh_sieve sieve; /* its base is made anew when the stream changes */
	uint64_t armed, evaluated, fired, unmet, judged, unjudged, digest;
	uint64_t detected[MH_DETECTS_MAX]; /* firings, by place in the set of armed->detects */
	struct mh_trigger_state trigger;
	struct mh_pins *pins; /* NULL unless its action pins */
	struct mh_fault_memory memory;
} __attribute__((aligned(MH_FAULT_LINE_SIZE)));

struct mh_fault_worker {
	uint64_t dropped;
	uint32_t kept, kept_size;
	struct mh_firing *firings; /* the log */
	uint64_t current_index;    /* the operation whose firings stand in @current */
	bool hotplug;              /* its operations are onlines and offlines of blocks */
	unsigned current_count;
	struct mh_firing current[MH_FIRINGS_OPERATION_MAX];
	uint32_t current_kept[MH_FIRINGS_OPERATION_MAX]; /* place in @firings of each, from 1; 0: it found no room */
	const char *problems[MH_FIRINGS_OPERATION_MAX];  /* of each, or NULL */
	struct mh_fault_state states[];                  /* by fault */
} __attribute__((aligned(MH_FAULT_LINE_SIZE)));

/* The faults of one hook point, in the scenario's order. */
struct mh_fault_point {
	struct mh_hook hook; /* installed when there are any */
	unsigned count;
	uint8_t faults[MH_FAULTS_MAX]; /* indices in the set */
};

struct mh_fault_set {
	struct mh_fault_point points[MH_HOOK_POINTS];
	struct mh_machine *machine;
	const struct mh_clock *clock;
	uint64_t start_ticks;
	unsigned fault_count, workload_count;
	struct mh_armed_fault *faults;
	const struct mh_armed_fault *lone; /* all that is armed at listeners, if a draw decides it; else NULL */
	/* By mh_listener_slot: the events that any fault's `where` may match there, and MH_INTEREST_KNOWN; 0: the
	 * listener has not been met. Any thread writes it, always alike. */
	uint16_t *met;
	struct mh_sieves sieves; /* the lone fault's */
	unsigned *worker_counts;
	struct mh_fault_worker ***workers; /* by workload, worker */

	struct mh_census census; /* without counts: none is taken */
	uint64_t converge_ticks;
	_Atomic uint64_t
		*pending; /* by block: deadline << 8 | fault + 1, ticks since start; NULL unless retried is expected */
	uint32_t block_count;
	_Atomic unsigned unmet_count;
	struct mh_unmet unmet[MH_UNMET_KEPT];
};

MH_STATIC_ASSERT(MH_EVENT_COUNT < 16, "an interest is 16 bits, its highest taken");
MH_STATIC_ASSERT(MH_FAULTS_MAX < 256, "a pending word keeps the fault in 8 bits");

/* The hooks of LISTENER and of every other point; @data: the set. */
int mh_fault_set_ask(void *data, const struct mh_hook_site *site, int value);
int mh_fault_set_ask_point(void *data, const struct mh_hook_site *site, int value);

/* This operation's worker; NULL if the set does not know it. */
static inline struct mh_fault_worker *mh_fault_set_worker(const struct mh_fault_set *set,
							  const struct mh_identity *identity)
{
	if (identity->workload >= set->workload_count || identity->worker >= set->worker_counts[identity->workload])
		return NULL;
	return set->workers[identity->workload][identity->worker];
}

/* Judges what is still to be retried when the phase ends. */
void mh_fault_set_judge_pending(struct mh_fault_set *set, uint64_t now_ticks);

#endif
