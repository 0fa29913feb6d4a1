/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Named points in core to which a fault attaches. Core asks, the fault answers; core knows no fault.
 * With nothing armed a point costs one load and one predictable branch; built with MEMHP_HOOKS=OFF it is not there.
 *
 * Hooks are armed and disarmed between phases, while no operation runs.
 */
#ifndef CORE_HOOK_H
#define CORE_HOOK_H

#include <stdint.h>

#include <memhp/kernel.h>

#include "core/event.h"
#include "core/zone_kind.h"

#ifndef MEMHP_HOOKS
#define MEMHP_HOOKS 1 /* 0 by cmake -DMEMHP_HOOKS=OFF */
#endif

struct mh_listener;
struct mh_operation;
struct mh_sieves;

/* What is asked with which value, and what the hook's return does. */
enum mh_hook_point {
	MH_HOOK_LISTENER, /* a listener has returned; its answer; replaces it */
	MH_HOOK_EVENT,    /* before a walk; 1; so many times the chain is walked, 0: not at all */
	MH_HOOK_LOCK,     /* the hotplug lock was just taken for an operation; 0; ignored */
	MH_HOOK_ISOLATE,  /* a block could be isolated; 0; a -errno: it could not, and no event follows */
	MH_HOOK_SIGNAL,   /* an offline looks for a signal; 0; else one is pending */
	MH_HOOK_MIGRATE,  /* a page is about to be moved; 0; else it stays where it is in this pass */
	MH_HOOK_DISSOLVE, /* nothing is left to move, free huge pages are dissolved; 0; a -errno: they could not be */
	MH_HOOK_ALLOC,    /* a workload asks for a page; 0; a -errno: it gets none */
	MH_HOOK_GRACE,    /* an unregister is about to wait for its grace period; 0; ignored */
	MH_HOOK_POINTS,
};

/* Who runs this operation: with the event and the listener the event identity, on which alone a fault's decision rests.
 */
struct mh_identity {
	uint64_t stream;   /* mh_rng_key over (cell, phase, workload, worker): constant during a phase */
	uint64_t index;    /* of the operation in the phase, from 0 */
	uint32_t attempt;  /* 0 = first; 1 … = a retry of the block after a failure */
	uint16_t phase;    /* index in the scenario */
	uint16_t workload; /* index in the scenario */
	uint16_t worker;   /* thread of the workload, from 0 */
	uint16_t workers;  /* threads of the workload */
};

#define MH_BLOCK_NONE UINT32_MAX

/* Where an operation asks, and of what. */
struct mh_hook_site {
	/* Never NULL. Its identity says who asks; at ALLOC and GRACE that is all it says: it is no online or offline.
	 */
	struct mh_operation *operation;
	enum mh_hook_point point;
	/* LISTENER and EVENT: of the walk. ISOLATE to DISSOLVE and LOCK: the GOING event of the operation's direction.
	 */
	enum mh_event event;
	unsigned event_number;              /* LISTENER, EVENT: of this walk in the operation, from 1; else 0 */
	const struct mh_listener *listener; /* LISTENER; else NULL */
	struct memory_notify *arg;          /* LISTENER, EVENT; NULL for an event on the chain of nodes */
	/*
	 * Which of the operation's questions at this point: SIGNAL from 1, the first is asked when GOING_OFFLINE has
	 * been heard, the others before each pass; MIGRATE (pass from 1) << 32 | unit in the block; DISSOLVE the pass;
	 * ALLOC from 1; else 0.
	 */
	uint64_t number;
	/* The operation's; ALLOC: the node that is asked first, the highest zone that will do, and no block. */
	unsigned node; /* index */
	enum mh_zone_kind zone;
	uint32_t block; /* or MH_BLOCK_NONE */
	uint32_t pages; /* of the block; ALLOC: asked for */
};

struct mh_hook {
	/* Runs in the operation's thread; at LISTENER inside the walk. */
	int (*run)(void *data, const struct mh_hook_site *site, int value);
	void *data;
	/* At LISTENER, what spares it calls that it would not act on: */
	unsigned deaf_events;           /* set of events in whose walks it need not be called */
	const struct mh_sieves *sieves; /* core/sieve.h; NULL: it is called for every other call */
};

#endif
