/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Links in and out, and what a walk holds meanwhile, by type of chain.
 */
#include "core/chain_list.h"

#include <errno.h>
#include <stdlib.h>

_Thread_local unsigned mh_chain_walk_depth;

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

void mh_chain_list_enter(struct mh_chain *chain, unsigned *ret_section)
{
	if (chain->type == MH_CHAIN_RCU_LIST) {
		*ret_section = mh_rcu_read_lock(&chain->rcu);
		return;
	}
	if (mh_chain_walk_depth++ > 0)
		return;
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
	if (--mh_chain_walk_depth > 0)
		return;
	if (chain->type == MH_CHAIN_RWLOCK)
		mh_rwlock_unlock(&chain->rwlock);
	else
		mh_mutex_unlock(&chain->mutex);
}
