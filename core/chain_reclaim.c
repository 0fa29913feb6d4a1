/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The quarantine: two rings of what was reclaimed last, entries marked. A walk that is wrong races with the marking:
 * it may get by before it, and is then missed; one that is right never meets a marked entry.
 */
#include "core/chain_reclaim.h"

#include <errno.h>
#include <stdlib.h>

struct mh_chain_quarantine *mh_chain_quarantine_new(void)
{
	struct mh_chain_quarantine *quarantine = calloc(1, sizeof(*quarantine));

	if (quarantine)
		mh_mutex_init(&quarantine->lock);
	return quarantine;
}

void mh_chain_quarantine_free(struct mh_chain_quarantine *quarantine)
{
	if (!quarantine)
		return;
	for (unsigned i = 0; i < MH_CHAIN_QUARANTINE_MAX; i++) {
		free(quarantine->arrays[i]);
		free(quarantine->links[i]);
	}
	mh_mutex_release(&quarantine->lock);
	free(quarantine);
}

/* The listener's own callback may be gone with its module. */
static int called_too_late(struct notifier_block *nb, unsigned long action, void *data)
{
	(void)nb;
	(void)action;
	(void)data;
	return NOTIFY_DONE;
}

static void mark(struct mh_chain_entry *entry)
{
	entry->call = called_too_late;
	entry->sequence = MH_CHAIN_RECLAIMED;
}

static void keep_array(struct mh_chain_quarantine *quarantine, struct mh_chain_array *array)
{
	struct mh_chain_array **slot = &quarantine->arrays[quarantine->array_next++ % MH_CHAIN_QUARANTINE_MAX];

	for (uint32_t i = 0; i < array->count; i++)
		mark(&array->entries[i]);
	free(*slot);
	*slot = array;
}

static void keep_link(struct mh_chain_quarantine *quarantine, struct mh_chain_link *link)
{
	struct mh_chain_link **slot = &quarantine->links[quarantine->link_next++ % MH_CHAIN_QUARANTINE_MAX];

	mark(&link->entry);
	free(*slot);
	*slot = link;
}

void mh_chain_reclaim(struct mh_chain *chain, struct mh_chain_array *arrays, struct mh_chain_link *link)
{
	struct mh_chain_quarantine *quarantine = chain->quarantine;

	if (__builtin_expect(!quarantine, 1)) {
		mh_rcu_array_free_retired(arrays);
		free(link);
		return;
	}
	mh_mutex_lock(&quarantine->lock);
	while (arrays) {
		struct mh_chain_array *next = arrays->retired_next;

		keep_array(quarantine, arrays);
		arrays = next;
	}
	if (link)
		keep_link(quarantine, link);
	mh_mutex_unlock(&quarantine->lock);
}

struct waiting {
	struct mh_rcu_head rcu;
	struct mh_chain *chain;
	struct mh_chain_array *arrays;
};

static void waited(struct mh_rcu_head *head)
{
	struct waiting *waiting = (struct waiting *)(void *)((char *)head - offsetof(struct waiting, rcu));

	mh_chain_reclaim(waiting->chain, waiting->arrays, NULL);
	free(waiting);
}

int mh_chain_reclaim_later(struct mh_chain *chain, struct mh_chain_array *arrays)
{
	struct waiting *waiting = malloc(sizeof(*waiting));
	int ret;

	if (!waiting)
		return -ENOMEM;
	*waiting = (struct waiting){.chain = chain, .arrays = arrays};
	ret = mh_rcu_call(&chain->rcu, &waiting->rcu, waited);
	if (ret < 0)
		free(waiting);
	return ret;
}
