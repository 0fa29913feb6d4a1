/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often things happened in one hotplug worker's operations: each listener called, by event; each outcome; walks,
 * and takings of the hotplug lock. One worker's own while it runs; read when it has been joined.
 */
#ifndef BENCH_ENGINE_TALLY_H
#define BENCH_ENGINE_TALLY_H

#include <stdint.h>

#include "core/machine.h"

struct mh_tally {
	uint64_t *calls; /* by listener's id (of the event's chain) * MH_EVENT_COUNT + event; NULL: nothing is kept */
	uint32_t listeners;              /* ids with a row */
	uint64_t others[MH_EVENT_COUNT]; /* calls of listeners without one */
	uint64_t walks, locks;           /* a walk is one read section of the chain, or one taking of its lock */
	uint64_t operations[2][MH_OUTCOME_COUNT]; /* by direction, 1: online */
	uint64_t interrupted;                     /* by a signal that no fault gave: a deadline, an end */
};

/* Rows for the listeners that @machine has now, and some more. 0 or -ENOMEM. */
int mh_tally_init(struct mh_tally *tally, struct mh_machine *machine);
void mh_tally_release(struct mh_tally *tally); /* safe on a zeroed struct */

/* After an operation, from its trace. */
void mh_tally_add(struct mh_tally *tally, const struct mh_operation *operation);

#endif
