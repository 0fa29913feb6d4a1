/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Named points in core to which a fault attaches. Core asks, the fault answers; core knows no fault.
 * With nothing armed a point costs one load and one predictable branch.
 *
 * Hooks are armed and disarmed between phases, while no operation runs.
 */
#ifndef CORE_HOOK_H
#define CORE_HOOK_H

#include <stdint.h>

#include <memhp/kernel.h>

#include "core/event.h"

struct mh_listener;
struct mh_operation;

enum mh_hook_point {
	MH_HOOK_LISTENER, /* a listener has returned; @value is its answer, the hook's return replaces it */
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

struct mh_hook_site {
	struct mh_operation *operation; /* identity, block, node, zone; never NULL */
	enum mh_event event;
	unsigned event_number; /* of this walk in the operation, from 1 */
	const struct mh_listener *listener;
	struct memory_notify *arg; /* NULL for an event on the chain of nodes */
};

struct mh_hook {
	/* Runs in the operation's thread, inside the walk. */
	int (*run)(void *data, const struct mh_hook_site *site, int value);
	void *data;
};

#endif
