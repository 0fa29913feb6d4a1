/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a thread of a module holds: locks, read sections of RCU and SRCU, and what else forbids to sleep.
 */
#ifndef CORE_KAPI_HELD_H
#define CORE_KAPI_HELD_H

#include <stdbool.h>
#include <stddef.h>

#define MH_KAPI_HELD_MAX 48 /* of one thread; what is more is counted, and nothing said of it */

enum mh_kapi_held_kind {
	MH_KAPI_SPIN, /* these five are the kinds of <memhp/kapi_lock.h> */
	MH_KAPI_RAW_SPIN,
	MH_KAPI_MUTEX,
	MH_KAPI_RWLOCK,
	MH_KAPI_RWSEM,
	MH_KAPI_SRCU,
	MH_KAPI_RCU,
	MH_KAPI_PREEMPT_OFF,
	MH_KAPI_BH_OFF,
	MH_KAPI_IRQ_OFF,
	MH_KAPI_SOFTIRQ, /* in the callback of a timer or of call_rcu() */
};

struct mh_kapi_held {
	const void *object; /* the lock or srcu_struct; NULL for what is the thread's own */
	const char *name;   /* as in the module's source */
	const char *where;  /* it was taken first: "file.c:42", a string of the module */
	enum mh_kapi_held_kind kind;
	bool read;
	bool gone;      /* another thread released it: atomic, set under the record's lock */
	unsigned depth; /* times taken */
	unsigned index; /* of the read section, for base/rcu.h */
};

struct mh_kapi_thread;

/* All of these are for the thread itself. */
void mh_kapi_held_add(struct mh_kapi_thread *self, const struct mh_kapi_held *held);
/* The last one of @object and @kind; NULL: not held. @kind counts where @object is NULL. */
struct mh_kapi_held *mh_kapi_held_find(struct mh_kapi_thread *self, const void *object, enum mh_kapi_held_kind kind);
void mh_kapi_held_remove(struct mh_kapi_thread *self, struct mh_kapi_held *held);
/* True when one that did not fit into the list has been let go: nothing is known of it. */
bool mh_kapi_held_forget_lost(struct mh_kapi_thread *self);
/* Takes it once more, or adds it. */
void mh_kapi_held_enter(struct mh_kapi_thread *self, const struct mh_kapi_held *held);
/* By another thread: the entry is not seen any more. */
void mh_kapi_held_disown(struct mh_kapi_held *held);
bool mh_kapi_held_is_gone(const struct mh_kapi_held *held);
/* False: not held. */
bool mh_kapi_held_leave(struct mh_kapi_thread *self, const void *object, enum mh_kapi_held_kind kind);
/* The first that forbids to sleep; NULL: the thread may. */
const struct mh_kapi_held *mh_kapi_held_atomic(const struct mh_kapi_thread *self);

/* "the spinlock '&lock' held, taken at file.c:42": after "with". */
#define MH_KAPI_HELD_TEXT 256
void mh_kapi_held_text(const struct mh_kapi_held *held, char *ret_text, size_t size);
/* "spinlock". */
const char *mh_kapi_held_kind_name(enum mh_kapi_held_kind kind);

#endif
