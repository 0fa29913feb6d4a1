/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The linked chains (rcu-list, rwlock, mutex): the same links and the kernel's walk; what differs is who may change
 * them while a walk runs.
 */
#ifndef CORE_CHAIN_LIST_H
#define CORE_CHAIN_LIST_H

#include "core/chain_rcu_array.h"
#include "core/notifier.h"

struct mh_chain_link {
	struct mh_chain_entry entry;
	struct mh_chain_link *next;
};

/* Chains of the rwlock and mutex types that one thread walks at once, each inside a callback of the one before. */
#define MH_CHAINS_WALKED_MAX 8

/* Does this thread walk @chain, of the rwlock or mutex type? Then it holds the lock. */
bool mh_chain_list_is_walked(const struct mh_chain *chain);

int mh_chain_list_insert(struct mh_chain *chain, const struct mh_chain_entry *entry);
/* Unlinks; the link keeps its next, so that a walk that stands on it goes on. The caller frees it when no walk can. */
struct mh_chain_link *mh_chain_list_remove(struct mh_chain *chain, const struct notifier_block *nb);

void mh_chain_list_enter(struct mh_chain *chain, unsigned *ret_section);
void mh_chain_list_leave(struct mh_chain *chain, unsigned section);

static inline __attribute__((always_inline)) int
mh_chain_list_walk(struct mh_chain *chain, int call_count_max, int *ret_call_count, mh_visit_fn visit, void *context)
{
	const struct mh_chain_link *link;
	int value = NOTIFY_DONE;
	int called = 0;
	unsigned section = 0;

	mh_chain_list_enter(chain, &section);
	link = mh_rcu_dereference(chain->head);
	while (link && called != call_count_max) {
		/* The kernel's order: next first. A listener put right behind the running one is not met in this walk;
		 * one that the running callback takes out right behind itself is still called once. */
		const struct mh_chain_link *next = mh_rcu_dereference(link->next);

		value = visit(context, &link->entry);
		called++;
		if (value & NOTIFY_STOP_MASK)
			break;
		link = next;
	}
	mh_chain_list_leave(chain, section);
	*ret_call_count = called;
	return value;
}

#endif
