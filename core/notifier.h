/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a notifier chain is: listeners sorted by descending priority, equal ones in order of registration, and walks
 * over them. Four ways to keep it (chain_*.c) behind one small interface; the scenario chooses.
 *
 *   rcu-array  an immutable sorted array, replaced whole; a walk sees the chain as it was when the walk began
 *   rcu-list   links; a walk fetches the next link before each call, as the kernel's does
 *   rwlock     links under a lock that prefers writers: the kernel's blocking chain
 *   mutex      links under a mutex
 *
 * Locks: chain->writer serialises register and unregister; the rwlock and the mutex chain hold their lock over a walk.
 * Legal order: mh_chain_init, register/unregister/walk from any registered thread, mh_chain_release when no walk runs.
 */
#ifndef CORE_NOTIFIER_H
#define CORE_NOTIFIER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <memhp/kernel.h>

#include "base/error.h"
#include "base/rcu.h"
#include "base/sync.h"

enum mh_chain_type { MH_CHAIN_RCU_ARRAY, MH_CHAIN_RCU_LIST, MH_CHAIN_RWLOCK, MH_CHAIN_MUTEX, MH_CHAIN_TYPES };

extern const char *const mh_chain_type_names[MH_CHAIN_TYPES];

#define MH_LISTENER_NAME_SIZE 64
#define MH_LISTENER_COUNT_MAX 32768u /* in one chain, over its life; the trace keeps an id in 16 bits */

/* What the chain knows of a notifier_block, kept from its first register to the end of the chain, also while it is
 * not registered: a walk that meets it too late can then be told. */
struct mh_listener {
	uint16_t id;
	bool built_in; /* a stand-in of the scenario or the preset, not a user's module */
	bool leaving;  /* taken out of the chain, and its unregister has not returned; chain->writer */
	int priority;  /* as it was when registered */
	/* Which registration stands, numbered from 1 in the order of register, which orders equal priorities; 0 when
	 * none does and no walk may call the listener any more: after the grace period. */
	_Atomic uint64_t sequence;
	/* Hash of the name: a decision for this listener is the same whatever the order of registration, unlike the id.
	 */
	uint64_t salt;
	uint64_t called; /* what every stamp of its calls has: mh_stamp_word of kind and id */
	struct notifier_block *nb;
	char name[MH_LISTENER_NAME_SIZE];
};

struct mh_chain_config {
	enum mh_chain_type type;
	enum mh_rcu_flavour rcu; /* of the two RCU types */
};

struct mh_chain_array;
struct mh_chain_link;

struct mh_chain {
	enum mh_chain_type type;
	struct mh_chain_array *array; /* rcu-array: published; NULL while empty */
	struct mh_chain_link *head;   /* the others: first link */
	struct mh_rcu_domain rcu;
	struct mh_rwlock rwlock;
	struct mh_mutex mutex;
	/* rwlock and mutex: changes that ever came for the lock, and that ever got it. A walk begins behind all that
	 * came before it, as behind a waiting writer of the kernel's rwsem. */
	_Atomic uint64_t changes_come, changes_let_in;
	struct mh_mutex writer; /* guards all below, and every change of the chain */
	struct mh_listener **listeners;
	uint32_t listener_count;
	uint64_t sequence;              /* of the last register */
	struct mh_chain_array *retired; /* arrays that wait for the next grace period */
	unsigned retired_count;
	const struct mh_chain_watch *watch;     /* or NULL */
	struct mh_chain_quarantine *quarantine; /* with a watch: what was reclaimed last */
};

enum mh_chain_change { MH_CHAIN_REGISTER, MH_CHAIN_UNREGISTER };

/* Who looks at each change of the chain, also one that is refused: before it and after, under chain->writer. */
struct mh_chain_watch {
	void (*before)(void *data, struct mh_chain *chain, const struct notifier_block *nb);
	void (*after)(void *data, struct mh_chain *chain, enum mh_chain_change change, const struct notifier_block *nb,
		      int ret);
	void *data;
};

/**
 * mh_chain_set_watch - have every change looked at, until mh_chain_release
 *
 * What the chain reclaims from then on is kept for a while, marked (core/chain_reclaim.h). Before anything is
 * registered. -ENOMEM.
 */
int mh_chain_set_watch(struct mh_chain *chain, const struct mh_chain_watch *watch);

int mh_chain_init(struct mh_chain *chain, const struct mh_chain_config *config, struct mh_error *reterr);
/* Frees what the chain keeps of its listeners; their notifier_blocks are the callers'. No walk may run. */
void mh_chain_release(struct mh_chain *chain);

/**
 * mh_chain_register - add a listener
 * @nb: notifier_call and priority set; stays where it is until unregistered
 * @name: for series, faults and messages; copied, cut to MH_LISTENER_NAME_SIZE - 1; NULL: "listener.ID"
 *
 * With the RCU types legal everywhere and never waits; with rwlock and mutex it waits for running walks.
 * Return: 0; -EEXIST @nb is registered (found wherever it stands, unlike the kernel's positional test, which a raised
 * priority defeats); -EDEADLK from inside a walk of the rwlock and mutex types; -ENOSPC; -ENOMEM.
 */
int mh_chain_register(struct mh_chain *chain, struct notifier_block *nb, const char *name);

/**
 * mh_chain_register_unique - add a listener that shares its priority with nobody
 *
 * As mh_chain_register, and -EBUSY if the first listener of @nb's priority is another one: where @nb is registered
 * behind an equal one, too (semantics.md 1.2). No memory chain is registered on like this.
 */
int mh_chain_register_unique(struct mh_chain *chain, struct notifier_block *nb, const char *name);

struct mh_chain_newcomer {
	struct notifier_block *nb;
	const char *name; /* or NULL */
};

/**
 * mh_chain_register_all - add many listeners at the price of one
 *
 * As mh_chain_register of each in turn; but a walk over an rcu-array sees either all of them or none, and with any type
 * none stays registered if one cannot be. Not inside a callback: -EDEADLK. Return: else as mh_chain_register; -EEXIST
 * also one that is given twice.
 */
int mh_chain_register_all(struct mh_chain *chain, const struct mh_chain_newcomer *newcomers, uint32_t count);

/**
 * mh_chain_unregister_all - remove many listeners; after return none of their callbacks is running or ever will
 *
 * Waits for one grace period in all. Return: 0; -ENOENT one of them is not registered, or given twice; -EDEADLK as
 * mh_chain_unregister; -ENOMEM. Where it fails nothing has changed, but in a chain that is watched.
 */
int mh_chain_unregister_all(struct mh_chain *chain, struct notifier_block *const *nbs, uint32_t count);

/**
 * mh_chain_unregister - remove a listener; after return its callback is not running and never will
 *
 * Waits for one grace period, or for the running walk. Return: 0; -ENOENT not registered; -EDEADLK from inside a walk
 * or read-side section of this thread (nothing has changed).
 */
int mh_chain_unregister(struct mh_chain *chain, struct notifier_block *nb);

/**
 * mh_chain_unregister_async - remove a listener without waiting; legal inside a callback
 * @done: called with @data by the domain's thread when the callback can never run again
 *
 * RCU types only. Return: 0; -ENOENT; -EOPNOTSUPP for rwlock and mutex; -EAGAIN; -ENOMEM.
 */
int mh_chain_unregister_async(struct mh_chain *chain, struct notifier_block *nb, void (*done)(void *data), void *data);

/**
 * mh_chain_call - one walk, as the kernel's notifier_call_chain
 * @action, @data: passed to every callback
 * @call_count_max: listeners to call at most; -1 = all
 * @ret_call_count: how many were called, including the one that stopped; may be NULL
 *
 * Return: the value of the last callback called, NOTIFY_DONE for an empty chain.
 */
int mh_chain_call(struct mh_chain *chain, unsigned long action, void *data, int call_count_max, int *ret_call_count);

/* Whether a register or unregister waits for a walk of the rwlock and mutex types: the next walk will begin after it.
 */
bool mh_chain_change_waits(const struct mh_chain *chain);

/**
 * mh_chain_call_robust - one walk, and where it is stopped another over those that came before the one who stopped it
 * @up: the action of the first walk
 * @down: of the second; its values only cut it short
 * @ret_value: the first walk's value: also a STOP, which decodes to success, has the others rolled back
 *
 * The kernel's notifier_call_chain_robust (semantics.md 1.5). Both walks see the same listeners.
 * Return: 0; -EOPNOTSUPP for rcu-list, which may change between the two.
 */
int mh_chain_call_robust(struct mh_chain *chain, unsigned long up, unsigned long down, void *data, int *ret_value);

/* The number registered now; for tests and reports. Takes the writer lock. */
uint32_t mh_chain_count(struct mh_chain *chain);
/* Any id that was ever given out; NULL otherwise. Between phases, or under the writer lock. */
const struct mh_listener *mh_chain_listener(const struct mh_chain *chain, uint32_t id);

#endif
