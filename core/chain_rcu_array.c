/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Changing the array: copy, publish, retire the old one. All under chain->writer.
 *
 * Who may still read a retired array: walks that began before the new one was published. It is freed by the next grace
 * period that an unregister waits for anyway; when too many registers come without one, by the domain's own thread.
 */
#include "core/chain_rcu_array.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/chain_reclaim.h"

/* Arrays kept for the next unregister before the domain's thread is asked instead. */
#define RETIRED_MAX 64

static struct mh_chain_array *array_new(uint32_t count)
{
	struct mh_chain_array *array;

	array = malloc(sizeof(*array) + count * sizeof(array->entries[0]));
	if (array)
		array->count = count;
	return array;
}

void mh_rcu_array_free_retired(struct mh_chain_array *retired)
{
	while (retired) {
		struct mh_chain_array *next = retired->retired_next;

		free(retired);
		retired = next;
	}
}

static void free_after_grace_period(struct mh_rcu_head *head)
{
	mh_rcu_array_free_retired(
		(struct mh_chain_array *)(void *)((char *)head - offsetof(struct mh_chain_array, rcu)));
}

struct mh_chain_array *mh_rcu_array_take_retired(struct mh_chain *chain)
{
	struct mh_chain_array *retired = chain->retired;

	chain->retired = NULL;
	chain->retired_count = 0;
	return retired;
}

static void retire(struct mh_chain *chain, struct mh_chain_array *old)
{
	if (!old)
		return;
	old->retired_next = chain->retired;
	chain->retired = old;
	if (++chain->retired_count < RETIRED_MAX)
		return;
	/* If the thread cannot be started the arrays simply wait for the next unregister. */
	if ((chain->quarantine ? mh_chain_reclaim_later(chain, old)
			       : mh_rcu_call(&chain->rcu, &old->rcu, free_after_grace_period)) == 0)
		(void)mh_rcu_array_take_retired(chain);
}

/* The release orders the new array's contents before its address: a walk that sees the address sees them. */
static void publish(struct mh_chain *chain, struct mh_chain_array *array)
{
	struct mh_chain_array *old = chain->array;

	mh_rcu_assign(chain->array, array);
	retire(chain, old);
}

int mh_rcu_array_insert(struct mh_chain *chain, const struct mh_chain_entry *entry)
{
	const struct mh_chain_array *old = chain->array;
	uint32_t count = old ? old->count : 0;
	struct mh_chain_array *array = array_new(count + 1);
	uint32_t at = 0;

	if (!array)
		return -ENOMEM;
	while (at < count && old->entries[at].listener->priority >= entry->listener->priority)
		at++;
	if (old) {
		memcpy(array->entries, old->entries, at * sizeof(*entry));
		memcpy(array->entries + at + 1, old->entries + at, (count - at) * sizeof(*entry));
	}
	array->entries[at] = *entry;
	publish(chain, array);
	return 0;
}

/* From the end: what registers in order of descending priority, or all at one, moves nothing. */
static void insert_sorted(struct mh_chain_array *array, const struct mh_chain_entry *entry)
{
	uint32_t at = array->count;

	while (at && array->entries[at - 1].listener->priority < entry->listener->priority)
		at--;
	memmove(array->entries + at + 1, array->entries + at, (array->count - at) * sizeof(*entry));
	array->entries[at] = *entry;
	array->count++;
}

int mh_rcu_array_insert_all(struct mh_chain *chain, const struct mh_chain_entry *entries, uint32_t count)
{
	const struct mh_chain_array *old = chain->array;
	struct mh_chain_array *array = array_new((old ? old->count : 0) + count);

	if (!array)
		return -ENOMEM;
	array->count = old ? old->count : 0;
	if (old)
		memcpy(array->entries, old->entries, old->count * sizeof(old->entries[0]));
	for (uint32_t i = 0; i < count; i++)
		insert_sorted(array, &entries[i]);
	publish(chain, array);
	return 0;
}

int mh_rcu_array_remove_leaving(struct mh_chain *chain, uint32_t count)
{
	const struct mh_chain_array *old = chain->array;
	struct mh_chain_array *array = NULL;

	if (old->count > count) {
		array = array_new(old->count - count);
		if (!array)
			return -ENOMEM;
		array->count = 0;
	}
	for (uint32_t i = 0; array && i < old->count; i++)
		if (!old->entries[i].listener->leaving)
			array->entries[array->count++] = old->entries[i];
	publish(chain, array);
	return 0;
}

int mh_rcu_array_remove(struct mh_chain *chain, const struct notifier_block *nb)
{
	const struct mh_chain_array *old = chain->array;
	struct mh_chain_array *array = NULL;
	uint32_t at = 0;

	while (old->entries[at].nb != nb)
		at++;
	if (old->count > 1) {
		array = array_new(old->count - 1);
		if (!array)
			return -ENOMEM;
		memcpy(array->entries, old->entries, at * sizeof(old->entries[0]));
		memcpy(array->entries + at, old->entries + at + 1, (array->count - at) * sizeof(old->entries[0]));
	}
	publish(chain, array);
	return 0;
}
