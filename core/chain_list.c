/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Links in and out, and what a walk holds meanwhile, by type of chain.
 */
#include "core/chain_list.h"

#include <errno.h>
#include <stdlib.h>

#include "base/assert.h"

/* Walks nest, so this is a stack: a chain's place is as high as its outermost walk, and goes with it. */
struct walked {
	const struct mh_chain *chain;
	unsigned depth; /* walks of it that run in this thread */
};

static _Thread_local struct walked walked[MH_CHAINS_WALKED_MAX];
static _Thread_local unsigned walked_count;

static struct walked *walked_find(const struct mh_chain *chain)
{
	for (unsigned i = walked_count; i-- > 0;)
		if (walked[i].chain == chain)
			return &walked[i];
	return NULL;
}

bool mh_chain_list_is_walked(const struct mh_chain *chain)
{
	return walked_find(chain) != NULL;
}

/* True for the outermost walk of the chain: it takes the lock. A nested one holds it already; to take it again could
 * wait for a writer that waits for us. */
static bool walked_push(const struct mh_chain *chain)
{
	struct walked *found = walked_find(chain);

	if (found) {
		found->depth++;
		return false;
	}
	MH_ASSERT(walked_count < MH_CHAINS_WALKED_MAX);
	walked[walked_count++] = (struct walked){chain, 1};
	return true;
}

/* True for the outermost walk: it gives the lock back. */
static bool walked_pop(const struct mh_chain *chain)
{
	struct walked *found = walked_find(chain);

	MH_ASSERT(found);
	if (--found->depth > 0)
		return false;
	MH_ASSERT(found == &walked[walked_count - 1]);
	walked_count--;
	return true;
}

int mh_chain_list_insert(struct mh_chain *chain, const struct mh_chain_entry *entry)
{
	struct mh_chain_link *link = malloc(sizeof(*link));
	struct mh_chain_link **at = &chain->head;

	if (!link)
		return -ENOMEM;
	link->entry = *entry;
	while (*at && (*at)->entry.listener->priority >= entry->listener->priority)
		at = &(*at)->next;
	link->next = *at;
	/* The release orders the link's contents before its address: a walk that meets it sees it whole. */
	mh_rcu_assign(*at, link);
	return 0;
}

struct mh_chain_link *mh_chain_list_remove(struct mh_chain *chain, const struct notifier_block *nb)
{
	struct mh_chain_link **at = &chain->head;
	struct mh_chain_link *link;

	while ((*at)->entry.nb != nb)
		at = &(*at)->next;
	link = *at;
	mh_rcu_assign(*at, link->next);
	return link;
}

/* Behind every change that came before: the kernel's lock is a queue, a mutex of pthread is not. Bounded, for changes
 * that come later are not waited for. */
static void wait_behind_changes(struct mh_chain *chain)
{
	uint64_t come = atomic_load_explicit(&chain->changes_come, memory_order_relaxed);
	unsigned turns = 0;

	while (atomic_load_explicit(&chain->changes_let_in, memory_order_relaxed) < come)
		mh_spin_turn(&turns);
}

void mh_chain_list_enter(struct mh_chain *chain, unsigned *ret_section)
{
	if (chain->type == MH_CHAIN_RCU_LIST) {
		*ret_section = mh_rcu_read_lock(&chain->rcu);
		return;
	}
	if (!walked_push(chain))
		return;
	wait_behind_changes(chain);
	if (chain->type == MH_CHAIN_RWLOCK)
		mh_rwlock_read_lock(&chain->rwlock);
	else
		mh_mutex_lock(&chain->mutex);
}

void mh_chain_list_leave(struct mh_chain *chain, unsigned section)
{
	if (chain->type == MH_CHAIN_RCU_LIST) {
		mh_rcu_read_unlock(&chain->rcu, section);
		return;
	}
	if (!walked_pop(chain))
		return;
	if (chain->type == MH_CHAIN_RWLOCK)
		mh_rwlock_unlock(&chain->rwlock);
	else
		mh_mutex_unlock(&chain->mutex);
}
