/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Read sections and callbacks of modules' RCU and SRCU, and their end. */
#ifndef CORE_KAPI_RCU_H
#define CORE_KAPI_RCU_H

#include <stdbool.h>

#include <memhp/kapi_rcu.h>

#include "base/rcu.h"
#include "core/kapi_held.h"
#include "core/kapi_unload.h"

/* Closes a section that this thread has left open. */
void mh_kapi_rcu_let_go(const struct mh_kapi_held *held);
/* A thread is inside of a section, and nobody can close it: the domain stays for ever. */
void mh_kapi_rcu_leak(void);
/* An operation of this thread has ended, whose trace will be written over: read sections that are open are told, and
 * closed; what its callbacks called is counted as theirs. */
void mh_kapi_rcu_operation_end(void);
/* No callback waits for its grace period or runs. */
bool mh_kapi_rcu_is_idle(void);
/* Tells which callbacks and srcu_structs the module leaves, and ends them. -EBUSY: a grace period does not come. */
int mh_kapi_rcu_unload(const struct mh_kapi_leaving *leaving, struct mh_error *reterr);
/* Ends the thread that runs callbacks; it starts again when it is needed. */
void mh_kapi_rcu_stop(void);

/* Callbacks of every domain: the inside of kapi_rcu.c and kapi_srcu.c. */
struct mh_kapi_call {
	struct mh_rcu_domain *domain;
	struct memhp_rcu_head *head;
	const char *where;
};
/* After a grace period of the domain: head->func, or head->memhp_free where that is set. */
void mh_kapi_rcu_call(const struct mh_kapi_call *call);
/* Callbacks that wait for @domain. */
unsigned mh_kapi_rcu_pending(const struct mh_rcu_domain *domain);
/* Reports where this thread must not wait for callbacks: true. */
bool mh_kapi_rcu_in_callback(const char *what, const char *where);

/* Of kapi_srcu.c, for kapi_rcu.c. */
void mh_kapi_srcu_let_go(const struct mh_kapi_held *held);
void mh_kapi_srcu_unload(const struct mh_kapi_leaving *leaving);

#endif
