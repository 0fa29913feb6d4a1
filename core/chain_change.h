/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps of a register and an unregister, for notifier.c, which takes them for one listener, and chain_batch.c.
 */
#ifndef CORE_CHAIN_CHANGE_H
#define CORE_CHAIN_CHANGE_H

#include "core/chain_list.h"
#include "core/chain_rcu_array.h"
#include "core/notifier.h"

bool mh_chain_is_rcu(const struct mh_chain *chain);
/* False inside a walk or a section of this thread: a change that waits would wait for itself. */
bool mh_chain_may_wait(struct mh_chain *chain);

/* chain->writer, outside of it the lock that keeps walks out; @nb: for who watches. */
void mh_chain_lock(struct mh_chain *chain, const struct notifier_block *nb);
void mh_chain_unlock(struct mh_chain *chain, enum mh_chain_change change, const struct notifier_block *nb, int ret);

/* All below under chain->writer. */
struct mh_listener *mh_chain_find(const struct mh_chain *chain, const struct notifier_block *nb); /* or NULL */
bool mh_chain_has(const struct mh_listener *listener); /* it is registered and not leaving */
/* The record of @nb, which is not registered: -EEXIST; -ENOSPC, -ENOMEM. */
int mh_chain_prepare(struct mh_chain *chain, struct notifier_block *nb, const char *name,
		     struct mh_listener **ret_listener);
/* The listener is to be met with the next number from now on; the entry is then published. */
struct mh_chain_entry mh_chain_enter(struct mh_chain *chain, struct mh_listener *listener);

/* What must not be freed before the grace period. */
struct mh_chain_removed {
	struct mh_rcu_head rcu;
	struct mh_chain *chain;
	struct mh_listener *listener;
	struct mh_chain_array *arrays;
	struct mh_chain_link *link;
	void (*done)(void *data);
	void *data;
};

/* No walk can meet the listener any more: after the grace period. Without the lock. */
void mh_chain_forget(struct mh_chain_removed *removed);

#endif
