/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The default chain: an immutable array, sorted, replaced whole. A walk is one read-side section and inlined where it
 * is used, with the visitor of that place: no table of functions, no test of the chain's type per listener.
 */
#ifndef CORE_CHAIN_RCU_ARRAY_H
#define CORE_CHAIN_RCU_ARRAY_H

#include "core/notifier.h"

struct mh_chain_entry {
	notifier_fn_t call;
	struct notifier_block *nb;
	struct mh_listener *listener;
	uint64_t sequence; /* of the registration that this entry stands for */
};

struct mh_chain_array {
	struct mh_rcu_head rcu;
	struct mh_chain_array *retired_next;
	uint32_t count;
	struct mh_chain_entry entries[];
};

/* Calls one listener, or does something instead; returns the listener's answer. */
typedef int (*mh_visit_fn)(void *context, const struct mh_chain_entry *entry);

int mh_rcu_array_insert(struct mh_chain *chain, const struct mh_chain_entry *entry);
/* In turn, and published once. */
int mh_rcu_array_insert_all(struct mh_chain *chain, const struct mh_chain_entry *entries, uint32_t count);
int mh_rcu_array_remove(struct mh_chain *chain, const struct notifier_block *nb);
/* The @count entries whose listeners are leaving, of an array that has them. */
int mh_rcu_array_remove_leaving(struct mh_chain *chain, uint32_t count);
/* Takes the retired arrays: free them by mh_rcu_array_free_retired after a grace period. Under chain->writer. */
struct mh_chain_array *mh_rcu_array_take_retired(struct mh_chain *chain);
void mh_rcu_array_free_retired(struct mh_chain_array *retired);

/* One call; true when it was the last one of the walk. */
static inline __attribute__((always_inline)) bool mh_rcu_array_step(const struct mh_chain_entry **entry,
								    const struct mh_chain_entry *end, mh_visit_fn visit,
								    void *context, int *value)
{
	*value = visit(context, (*entry)++);
	/* Asked first whether it is neither DONE nor OK: a visitor that asks that of the answer, too, does it once. */
	if (__builtin_expect((unsigned)*value > NOTIFY_OK, 0) && (*value & NOTIFY_STOP_MASK))
		return true;
	return *entry == end;
}

/* Over an array that a read-side section keeps. A negative @call_count_max is more than any chain has. Return: how many
 * were called. */
static inline __attribute__((always_inline)) int mh_rcu_array_walk_over(const struct mh_chain_array *array,
									int call_count_max, mh_visit_fn visit,
									void *context, int *value)
{
	const struct mh_chain_entry *entry = array->entries;
	const struct mh_chain_entry *end = entry + array->count;

	if (__builtin_expect((unsigned)call_count_max < array->count, 0))
		end = entry + call_count_max;
	/* Four places that call, not one: a processor predicts an indirect call by its place first, and each place sees
	 * the same listener again and again. 3 listeners: 1.3 times a bare array with one place, 1.0 with four. */
	for (;;) {
		if (mh_rcu_array_step(&entry, end, visit, context, value))
			break;
		if (mh_rcu_array_step(&entry, end, visit, context, value))
			break;
		if (mh_rcu_array_step(&entry, end, visit, context, value))
			break;
		if (mh_rcu_array_step(&entry, end, visit, context, value))
			break;
	}
	return (int)(entry - array->entries);
}

static inline __attribute__((always_inline)) int
mh_rcu_array_walk(struct mh_chain *chain, int call_count_max, int *ret_call_count, mh_visit_fn visit, void *context)
{
	const struct mh_chain_array *array;
	int value = NOTIFY_DONE;
	int called = 0;
	unsigned section;

	/* An empty chain needs no section: the pointer is only compared, as the kernel peeks at its head unlocked. */
	if (!__atomic_load_n(&chain->array, __ATOMIC_RELAXED) || __builtin_expect(call_count_max == 0, 0))
		goto out;
	section = mh_rcu_read_lock(&chain->rcu);
	array = mh_rcu_dereference(chain->array);
	if (__builtin_expect(array != NULL, 1))
		called = mh_rcu_array_walk_over(array, call_count_max, visit, context, &value);
	mh_rcu_read_unlock(&chain->rcu, section);
out:
	if (ret_call_count)
		*ret_call_count = called;
	return value;
}

#endif
