/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The locks that modules hold now, for who judges or explains a module.
 */
#ifndef CORE_KAPI_LOCK_H
#define CORE_KAPI_LOCK_H

#include <stdint.h>

#include "core/kapi_held.h"

struct task_struct;

struct mh_kapi_holder {
	const char *thread; /* its name */
	int pid;
	bool is_caller;
};

/**
 * mh_kapi_locks_held - @each for whatever a thread of a module holds: locks, read sections, what forbids to sleep
 * @each: must neither block nor call a module; what it gets is valid during the call
 *
 * Any thread. What other threads hold may change meanwhile.
 */
void mh_kapi_locks_held(void (*each)(void *data, const struct mh_kapi_held *held, const struct mh_kapi_holder *holder),
			void *data);

/* How often this thread has taken a lock, and anything that forbids to sleep, since it began. */
void mh_kapi_locks_taken(uint64_t *ret_locks, uint64_t *ret_atomic);

/* Has this thread give back all locks that it holds: for who judges a module, between two operations. */
void mh_kapi_locks_drop(void);

/* Opens what a thread left locked, for whoever waits. */
void mh_kapi_lock_let_go(const struct mh_kapi_held *held);

#endif
