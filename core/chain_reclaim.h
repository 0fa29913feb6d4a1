/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What becomes of arrays and links that no walk can meet any more: they are freed; or, in a chain that is watched, kept
 * for a while with their entries marked, so that a walk that does meet them is told instead of reading freed memory.
 */
#ifndef CORE_CHAIN_RECLAIM_H
#define CORE_CHAIN_RECLAIM_H

#include "core/chain_list.h"
#include "core/chain_rcu_array.h"

/* mh_chain_entry.sequence of an entry that was reclaimed: no registration ever has it. */
#define MH_CHAIN_RECLAIMED UINT64_MAX

/* Arrays and links that are kept: the last so many. */
#define MH_CHAIN_QUARANTINE_MAX 64

struct mh_chain_quarantine {
	struct mh_mutex lock; /* guards all below; innermost */
	struct mh_chain_array *arrays[MH_CHAIN_QUARANTINE_MAX];
	struct mh_chain_link *links[MH_CHAIN_QUARANTINE_MAX];
	unsigned array_next, link_next; /* the slots that are overwritten next */
};

struct mh_chain_quarantine *mh_chain_quarantine_new(void); /* NULL: no memory */
void mh_chain_quarantine_free(struct mh_chain_quarantine *quarantine);

/* @arrays: linked by retired_next, or NULL; @link: or NULL. After the grace period, or under the walks' lock. */
void mh_chain_reclaim(struct mh_chain *chain, struct mh_chain_array *arrays, struct mh_chain_link *link);
/* mh_chain_reclaim after a grace period, by the domain's thread. Watched chains. 0; -ENOMEM, -EAGAIN: not queued. */
int mh_chain_reclaim_later(struct mh_chain *chain, struct mh_chain_array *arrays);

#endif
