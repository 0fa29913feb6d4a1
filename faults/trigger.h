/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When a fault acts, of the calls that its `where` matches. The conditions are asked in this order and the first that
 * says no ends it:
 *
 *   listed (default)  window, after, every, times, space, then probability or burst or nth
 *   kernel            window, after, then as the kernel's fault_attr: nth decides alone; else a probability above 0,
 *                     times, space, every, probability or burst (Linux 6.1 lib/fault-inject.c should_fail())
 *
 * What counts (after, every, times, space, nth, burst by events) counts in each worker thread for itself, so that the
 * timing between threads cannot change a decision; `times` is dealt out over the workers that can match. What draws
 * (probability, burst) is a pure function of the fault's key and the event identity.
 *
 * struct mh_trigger is what the scenario says, struct mh_trigger_plan the same made ready for the hot path, struct
 * mh_trigger_state one worker's counters.
 */
#ifndef FAULTS_TRIGGER_H
#define FAULTS_TRIGGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/schema.h"
#include "base/units.h"
#include "faults/burst.h"

enum mh_trigger_correlate { MH_CORRELATE_NONE, MH_CORRELATE_NODE };
enum mh_trigger_order { MH_ORDER_LISTED, MH_ORDER_KERNEL };

struct mh_window {
	uint64_t from_ns, to_ns; /* since the phase began; [from, to); to 0: to its end */
};

struct mh_trigger {
	struct mh_window window; /* key "window": mh_window_schema */
	uint64_t after;
	uint64_t every; /* 0 and 1: all */
	uint64_t times; /* 0: without limit */
	uint64_t space_bytes;
	uint64_t probability_ppb;
	struct mh_burst burst; /* key "burst": mh_burst_schema */
	char *nth;             /* NULL, or a count from 1 */
	int correlate;         /* enum mh_trigger_correlate */
	int order;             /* enum mh_trigger_order */
};

/* MH_VALUE_CUSTOM rows of mh_trigger_schema are maps: "window" is read by mh_window_schema at offset of .window,
 * "burst" by mh_burst_schema at offset of .burst. An engine that meets no "trigger" at all must still write the
 * defaults of mh_trigger_schema: probability 100 %. */
extern const struct mh_schema mh_trigger_schema;
extern const struct mh_schema mh_window_schema;

struct mh_trigger_plan {
	bool simple;  /* probability alone, or nothing: no counter, no time */
	bool certain; /* probability 100 % */
	bool clocked; /* asks for the time */
	bool windowed;
	bool bursts;
	bool correlated;
	bool kernel_order;
	uint64_t threshold;                             /* a draw below it fires */
	uint64_t from_ns, to_ns;                        /* scaled; to: UINT64_MAX without end */
	uint64_t after, every, times, space_bytes, nth; /* 0: not asked */
	struct mh_burst_plan burst;
};

/* One worker's; zeroed, then mh_trigger_state_init. */
struct mh_trigger_state {
	uint64_t after_left;
	uint64_t every_left;
	uint64_t times_left; /* UINT64_MAX: without limit */
	uint64_t space_left;
	uint64_t nth_left;
	struct mh_burst_state *bursts; /* one, or one a node when correlated; NULL without burst */
};

/* A call that `where` matched. */
struct mh_trigger_call {
	uint64_t draw;       /* pure function of (fault, event identity) */
	uint64_t size_bytes; /* of the block */
	uint64_t time_ns;    /* since the phase began; only if plan->clocked */
	unsigned node;       /* index */
};

/**
 * mh_trigger_compile - check a trigger and make its plan
 * @time_scale: multiplies the window's bounds; 1 normally
 * @key: of the fault, from which the timelines of bursts come
 * @ret_where: the key that is wrong ("nth", "burst"), when not 0
 *
 * Return: 0; -EINVAL contradictory or malformed, with a sentence.
 */
int mh_trigger_compile(const struct mh_trigger *trigger, double time_scale, uint64_t key,
		       struct mh_trigger_plan *ret_plan, const char **ret_where, struct mh_error *reterr);

/**
 * mh_trigger_state_init - one worker's counters at the beginning of a phase
 * @times_share: its part of `times`; ignored without
 * @node_count: of the machine
 *
 * Return: 0 or -ENOMEM.
 */
int mh_trigger_state_init(struct mh_trigger_state *state, const struct mh_trigger_plan *plan, uint64_t times_share,
			  unsigned node_count);
void mh_trigger_state_release(struct mh_trigger_state *state);

/* mh_trigger_fires for a trigger with counters, windows or bursts. */
bool mh_trigger_fires_slow(const struct mh_trigger_plan *plan, struct mh_trigger_state *state, uint64_t stream,
			   const struct mh_trigger_call *call);

/* The decision. @state: this thread's; @stream: identity.stream, of which timelines by events are made. */
static inline bool mh_trigger_fires(const struct mh_trigger_plan *plan, struct mh_trigger_state *state, uint64_t stream,
				    const struct mh_trigger_call *call)
{
	if (__builtin_expect(plan->simple, 1))
		return plan->certain || call->draw < plan->threshold;
	return mh_trigger_fires_slow(plan, state, stream, call);
}

#endif
