/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One firing of a fault: which fault, at which event identity, with what answer. A line of faults.ndjson.
 */
#ifndef FAULTS_FIRING_H
#define FAULTS_FIRING_H

#include <stdbool.h>
#include <stdint.h>

#define MH_FIRINGS_KEPT_MAX      16384 /* a worker and phase; the rest is counted as dropped, and is in the digest */
#define MH_FIRINGS_OPERATION_MAX 64    /* judged in one operation; more are counted as unjudged */

struct mh_firing {
	uint64_t index; /* of the operation in the phase */
	uint64_t delay_ns;
	uint32_t attempt;
	uint32_t block; /* or MH_BLOCK_NONE */
	uint32_t times; /* at MIGRATE, one stands for all of its fault in the operation; else 1 */
	int32_t value;  /* the answer that core saw */
	uint16_t fault; /* index in the set */
	uint16_t phase, workload, worker;
	uint16_t listener; /* id; at LISTENER */
	uint8_t event;     /* enum mh_event */
	uint8_t point;     /* enum mh_hook_point */
	bool online;       /* direction of the operation */
	bool replaced;     /* the answer is the fault's, not the listener's */
};

#endif
