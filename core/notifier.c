/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Register, unregister and the plain walk, whatever the type of chain.
 *
 * chain->writer guards the set of listeners. The rwlock and the mutex chain are changed with their walk lock held, too,
 * taken outside chain->writer: a register then waits for the walk, as in the kernel.
 */
#include "core/notifier.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/rng.h"
#include "core/chain_change.h"
#include "core/chain_list.h"
#include "core/chain_rcu_array.h"
#include "core/chain_reclaim.h"
#include "core/event.h"

const char *const mh_chain_type_names[MH_CHAIN_TYPES] = {"rcu-array", "rcu-list", "rwlock", "mutex"};

bool mh_chain_is_rcu(const struct mh_chain *chain)
{
	return chain->type == MH_CHAIN_RCU_ARRAY || chain->type == MH_CHAIN_RCU_LIST;
}

int mh_chain_init(struct mh_chain *chain, const struct mh_chain_config *config, struct mh_error *reterr)
{
	int ret;

	memset(chain, 0, sizeof(*chain));
	chain->type = config->type;
	/* Not grown in place: a pointer to it is read while listeners are added. Untouched pages cost nothing. */
	chain->listeners = calloc(MH_LISTENER_COUNT_MAX, sizeof(chain->listeners[0]));
	if (!chain->listeners)
		return mh_error_set(reterr, -ENOMEM, "no memory for the chain's table of listeners");
	ret = mh_rcu_domain_init(&chain->rcu, config->rcu, reterr);
	if (ret < 0) {
		free(chain->listeners);
		chain->listeners = NULL;
		return ret;
	}
	mh_rwlock_init(&chain->rwlock);
	mh_mutex_init(&chain->mutex);
	mh_mutex_init(&chain->writer);
	return 0;
}

void mh_chain_release(struct mh_chain *chain)
{
	mh_rcu_domain_release(&chain->rcu);
	mh_rcu_array_free_retired(mh_rcu_array_take_retired(chain));
	mh_chain_quarantine_free(chain->quarantine);
	free(chain->array);
	while (chain->head) {
		struct mh_chain_link *link = chain->head;

		chain->head = link->next;
		free(link);
	}
	for (uint32_t i = 0; i < chain->listener_count; i++)
		free(chain->listeners[i]);
	free(chain->listeners);
	mh_mutex_release(&chain->writer);
	mh_mutex_release(&chain->mutex);
	mh_rwlock_release(&chain->rwlock);
}

struct mh_listener *mh_chain_find(const struct mh_chain *chain, const struct notifier_block *nb)
{
	for (uint32_t i = chain->listener_count; i-- > 0;)
		if (chain->listeners[i]->nb == nb)
			return chain->listeners[i];
	return NULL;
}

/* Under chain->writer. */
bool mh_chain_has(const struct mh_listener *listener)
{
	return atomic_load_explicit(&listener->sequence, memory_order_relaxed) && !listener->leaving;
}

static struct mh_listener *listener_new(struct mh_chain *chain, struct notifier_block *nb)
{
	struct mh_listener *listener = calloc(1, sizeof(*listener));

	if (!listener)
		return NULL;
	listener->id = (uint16_t)chain->listener_count;
	listener->nb = nb;
	chain->listeners[listener->id] = listener;
	/* The release orders the record before the count: mh_chain_listener() of another thread sees it whole. */
	__atomic_store_n(&chain->listener_count, chain->listener_count + 1, __ATOMIC_RELEASE);
	return listener;
}

/* FNV-1a, 64 bits, mixed. */
#define NAME_BASIS UINT64_C(0xcbf29ce484222325)
#define NAME_PRIME UINT64_C(0x100000001b3)

static uint64_t name_salt(const char *name)
{
	uint64_t hash = NAME_BASIS;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * NAME_PRIME;
	return mh_rng_mix(hash, 0);
}

/* A name that stays is not written again: an operation that tells its events may be reading it. */
static void listener_call(struct mh_listener *listener, const char *name)
{
	if (name && strncmp(listener->name, name, sizeof(listener->name) - 1) != 0)
		snprintf(listener->name, sizeof(listener->name), "%s", name);
	else if (!listener->name[0])
		snprintf(listener->name, sizeof(listener->name), "listener.%u", listener->id);
	else
		return;
	listener->salt = name_salt(listener->name);
	listener->called = mh_stamp_word(MH_STAMP_CALLED, 0, listener->id, 0);
}

int mh_chain_prepare(struct mh_chain *chain, struct notifier_block *nb, const char *name,
		     struct mh_listener **ret_listener)
{
	struct mh_listener *listener = mh_chain_find(chain, nb);

	if (listener && atomic_load_explicit(&listener->sequence, memory_order_relaxed))
		return -EEXIST;
	if (!listener && chain->listener_count == MH_LISTENER_COUNT_MAX)
		return -ENOSPC;
	if (!listener)
		listener = listener_new(chain, nb);
	if (!listener)
		return -ENOMEM;
	/* Likewise one that stays: a history that is written meanwhile may be reading it. */
	if (listener->priority != nb->priority)
		listener->priority = nb->priority;
	listener_call(listener, name);
	*ret_listener = listener;
	return 0;
}

static int chain_insert(struct mh_chain *chain, const struct mh_chain_entry *entry)
{
	return chain->type == MH_CHAIN_RCU_ARRAY ? mh_rcu_array_insert(chain, entry)
						 : mh_chain_list_insert(chain, entry);
}

int mh_chain_set_watch(struct mh_chain *chain, const struct mh_chain_watch *watch)
{
	chain->quarantine = mh_chain_quarantine_new();
	if (!chain->quarantine)
		return -ENOMEM;
	chain->watch = watch;
	return 0;
}

/* The types whose walks hold a lock. */
static void lock_walks_out(struct mh_chain *chain)
{
	/* A place in the queue; it orders nothing but itself, the lock does the rest. */
	atomic_fetch_add_explicit(&chain->changes_come, 1, memory_order_relaxed);
	if (chain->type == MH_CHAIN_RWLOCK)
		mh_rwlock_write_lock(&chain->rwlock);
	else
		mh_mutex_lock(&chain->mutex);
	atomic_fetch_add_explicit(&chain->changes_let_in, 1, memory_order_relaxed);
}

void mh_chain_lock(struct mh_chain *chain, const struct notifier_block *nb)
{
	if (!mh_chain_is_rcu(chain))
		lock_walks_out(chain);
	mh_mutex_lock(&chain->writer);
	if (__builtin_expect(chain->watch != NULL, 0))
		chain->watch->before(chain->watch->data, chain, nb);
}

bool mh_chain_change_waits(const struct mh_chain *chain)
{
	return atomic_load_explicit(&chain->changes_let_in, memory_order_relaxed) !=
	       atomic_load_explicit(&chain->changes_come, memory_order_relaxed);
}

void mh_chain_unlock(struct mh_chain *chain, enum mh_chain_change change, const struct notifier_block *nb, int ret)
{
	if (__builtin_expect(chain->watch != NULL, 0))
		chain->watch->after(chain->watch->data, chain, change, nb, ret);
	mh_mutex_unlock(&chain->writer);
	if (chain->type == MH_CHAIN_RWLOCK)
		mh_rwlock_unlock(&chain->rwlock);
	else if (chain->type == MH_CHAIN_MUTEX)
		mh_mutex_unlock(&chain->mutex);
}

/* Who comes first of those of a priority; NULL without any. Under chain->writer. */
static const struct mh_listener *first_of_priority(const struct mh_chain *chain, int priority)
{
	const struct mh_listener *first = NULL;

	for (uint32_t i = 0; i < chain->listener_count; i++) {
		const struct mh_listener *listener = chain->listeners[i];
		/* Relaxed: chain->writer orders it. */
		uint64_t sequence = atomic_load_explicit(&listener->sequence, memory_order_relaxed);

		if (listener->priority == priority && mh_chain_has(listener) &&
		    (!first || sequence < atomic_load_explicit(&first->sequence, memory_order_relaxed)))
			first = listener;
	}
	return first;
}

static bool priority_is_taken(const struct mh_chain *chain, const struct notifier_block *nb)
{
	const struct mh_listener *first = first_of_priority(chain, nb->priority);

	return first && first->nb != nb;
}

/* The listener is to be met with this number from now on: before its entry is published. */
struct mh_chain_entry mh_chain_enter(struct mh_chain *chain, struct mh_listener *listener)
{
	listener->leaving = false;
	/* The release that publishes the entry orders this store, too: a walk that meets the entry finds this number or
	 * a later one. */
	atomic_store_explicit(&listener->sequence, ++chain->sequence, memory_order_relaxed);
	return (struct mh_chain_entry){listener->nb->notifier_call, listener->nb, listener, chain->sequence};
}

static int chain_register(struct mh_chain *chain, struct notifier_block *nb, const char *name, bool unique)
{
	struct mh_listener *listener;
	struct mh_chain_entry entry;
	int ret = -EBUSY;

	if (mh_chain_list_is_walked(chain))
		return -EDEADLK;
	mh_chain_lock(chain, nb);
	if (unique && priority_is_taken(chain, nb))
		goto unlock;
	ret = mh_chain_prepare(chain, nb, name, &listener);
	if (ret < 0)
		goto unlock;
	entry = mh_chain_enter(chain, listener);
	ret = chain_insert(chain, &entry);
	if (ret < 0)
		atomic_store_explicit(&listener->sequence, 0, memory_order_relaxed);
unlock:
	mh_chain_unlock(chain, MH_CHAIN_REGISTER, nb, ret);
	return ret;
}

int mh_chain_register(struct mh_chain *chain, struct notifier_block *nb, const char *name)
{
	return chain_register(chain, nb, name, false);
}

int mh_chain_register_unique(struct mh_chain *chain, struct notifier_block *nb, const char *name)
{
	return chain_register(chain, nb, name, true);
}

static int chain_remove(struct mh_chain *chain, struct notifier_block *nb, struct mh_chain_removed *removed)
{
	struct mh_listener *listener = mh_chain_find(chain, nb);

	if (!listener || !mh_chain_has(listener))
		return -ENOENT;
	if (chain->type == MH_CHAIN_RCU_ARRAY) {
		int ret = mh_rcu_array_remove(chain, nb);

		if (ret < 0)
			return ret;
		removed->arrays = mh_rcu_array_take_retired(chain);
	} else {
		removed->link = mh_chain_list_remove(chain, nb);
	}
	removed->chain = chain;
	removed->listener = listener;
	listener->leaving = true;
	return 0;
}

/* No walk can meet the listener any more. */
void mh_chain_forget(struct mh_chain_removed *removed)
{
	/* The grace period (or the walk's lock) orders every load of a walk that was right to call the listener before
	 * this store: only a walk that was not can read it. */
	atomic_store_explicit(&removed->listener->sequence, 0, memory_order_release);
	mh_chain_reclaim(removed->chain, removed->arrays, removed->link);
}

/* Not inside a walk or a section of this thread: a change that waits would wait for itself. */
bool mh_chain_may_wait(struct mh_chain *chain)
{
	return !mh_chain_list_is_walked(chain) && !(mh_chain_is_rcu(chain) && mh_rcu_thread_reads(&chain->rcu));
}

int mh_chain_unregister(struct mh_chain *chain, struct notifier_block *nb)
{
	struct mh_chain_removed removed = {.arrays = NULL};
	int ret;

	if (!mh_chain_may_wait(chain))
		return -EDEADLK;
	mh_chain_lock(chain, nb);
	ret = chain_remove(chain, nb, &removed);
	mh_chain_unlock(chain, MH_CHAIN_UNREGISTER, nb, ret);
	if (ret < 0)
		return ret;
	/* Orders every walk that may have met the listener before what the caller does next with its memory. Without it
	 * a callback could run, or the freed link be followed, after return. rwlock and mutex: the lock has done it. */
	if (mh_chain_is_rcu(chain))
		mh_rcu_synchronize(&chain->rcu);
	mh_chain_forget(&removed);
	return 0;
}

static void removed_done(struct mh_rcu_head *head)
{
	struct mh_chain_removed *removed =
		(struct mh_chain_removed *)(void *)((char *)head - offsetof(struct mh_chain_removed, rcu));

	mh_chain_forget(removed);
	if (removed->done)
		removed->done(removed->data);
	free(removed);
}

int mh_chain_unregister_async(struct mh_chain *chain, struct notifier_block *nb, void (*done)(void *data), void *data)
{
	struct mh_chain_removed *removed;
	int ret;

	if (!mh_chain_is_rcu(chain))
		return -EOPNOTSUPP;
	removed = calloc(1, sizeof(*removed));
	if (!removed)
		return -ENOMEM;
	removed->done = done;
	removed->data = data;
	/* The reclaimer is started before the chain is changed: from there on nothing can fail. */
	ret = mh_rcu_prepare_call(&chain->rcu);
	if (ret < 0)
		goto free_removed;
	mh_chain_lock(chain, nb);
	ret = chain_remove(chain, nb, removed);
	mh_chain_unlock(chain, MH_CHAIN_UNREGISTER, nb, ret);
	if (ret < 0)
		goto free_removed;
	/* Cannot be full: each call that waits holds a listener or RETIRED_MAX arrays, and listeners are bounded. */
	ret = mh_rcu_call(&chain->rcu, &removed->rcu, removed_done);
	MH_ASSERT(ret == 0);
	return 0;

free_removed:
	free(removed);
	return ret;
}

/* What a plain walk passes to every callback. */
struct plain_event {
	unsigned long action;
	void *data;
};

static inline __attribute__((always_inline)) int visit_plain(void *context, const struct mh_chain_entry *entry)
{
	const struct plain_event *event = context;

	return entry->call(entry->nb, event->action, event->data);
}

/* Apart, so that the common walk has the registers to itself. */
static __attribute__((noinline)) int call_some(struct mh_chain *chain, unsigned long action, void *data,
					       int call_count_max, int *ret_call_count)
{
	struct plain_event event = {action, data};
	int ignored;

	if (!ret_call_count)
		ret_call_count = &ignored;
	if (chain->type == MH_CHAIN_RCU_ARRAY)
		return mh_rcu_array_walk(chain, call_count_max, ret_call_count, visit_plain, &event);
	return mh_chain_list_walk(chain, call_count_max, ret_call_count, visit_plain, &event);
}

/* Likewise, and so that a walk over an empty chain saves none. On a line of its own: where in a line it begins would
 * otherwise move a short walk by a nanosecond from build to build. */
static __attribute__((noinline, aligned(64))) int call_array(struct mh_chain *chain, unsigned long action, void *data)
{
	struct plain_event event = {action, data};

	return mh_rcu_array_walk(chain, -1, NULL, visit_plain, &event);
}

__attribute__((aligned(64))) int mh_chain_call(struct mh_chain *chain, unsigned long action, void *data,
					       int call_count_max, int *ret_call_count)
{
	/* All listeners of the default chain, none counted: what a plain event is. */
	if (__builtin_expect(chain->type != MH_CHAIN_RCU_ARRAY || call_count_max >= 0 || ret_call_count, 0))
		return call_some(chain, action, data, call_count_max, ret_call_count);
	/* As the walk itself asks. */
	if (!__atomic_load_n(&chain->array, __ATOMIC_RELAXED))
		return NOTIFY_DONE;
	return call_array(chain, action, data);
}

/* @down over those who let @up pass. */
static int list_call_robust(struct mh_chain *chain, struct plain_event *up, struct plain_event *down)
{
	int called, ignored, value;
	unsigned section;

	mh_chain_list_enter(chain, &section); /* held over both: the walks' own enter nests */
	value = mh_chain_list_walk(chain, -1, &called, visit_plain, up);
	if (value & NOTIFY_STOP_MASK)
		(void)mh_chain_list_walk(chain, called - 1, &ignored, visit_plain, down);
	mh_chain_list_leave(chain, section);
	return value;
}

static uint32_t call_entries(const struct mh_chain_entry *entries, uint32_t count, struct plain_event *event,
			     int *ret_value)
{
	uint32_t called = 0;

	while (called < count) {
		*ret_value = visit_plain(event, &entries[called++]);
		if (*ret_value & NOTIFY_STOP_MASK)
			break;
	}
	return called;
}

/* One section and one array for both walks. */
static int array_call_robust(struct mh_chain *chain, struct plain_event *up, struct plain_event *down)
{
	unsigned section = mh_rcu_read_lock(&chain->rcu);
	const struct mh_chain_array *array = mh_rcu_dereference(chain->array);
	int value = NOTIFY_DONE, ignored;

	if (array) {
		uint32_t called = call_entries(array->entries, array->count, up, &value);

		if (value & NOTIFY_STOP_MASK)
			(void)call_entries(array->entries, called - 1, down, &ignored);
	}
	mh_rcu_read_unlock(&chain->rcu, section);
	return value;
}

int mh_chain_call_robust(struct mh_chain *chain, unsigned long up, unsigned long down, void *data, int *ret_value)
{
	struct plain_event going_up = {up, data}, going_down = {down, data};

	if (chain->type == MH_CHAIN_RCU_LIST)
		return -EOPNOTSUPP;
	*ret_value = chain->type == MH_CHAIN_RCU_ARRAY ? array_call_robust(chain, &going_up, &going_down)
						       : list_call_robust(chain, &going_up, &going_down);
	return 0;
}

uint32_t mh_chain_count(struct mh_chain *chain)
{
	uint32_t count = 0;

	mh_mutex_lock(&chain->writer);
	for (uint32_t i = 0; i < chain->listener_count; i++)
		count += mh_chain_has(chain->listeners[i]);
	mh_mutex_unlock(&chain->writer);
	return count;
}

const struct mh_listener *mh_chain_listener(const struct mh_chain *chain, uint32_t id)
{
	return id < __atomic_load_n(&chain->listener_count, __ATOMIC_ACQUIRE) ? chain->listeners[id] : NULL;
}
