/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Many listeners at once: one array instead of one a listener, and one grace period instead of one a listener.
 */
#include <errno.h>
#include <stdlib.h>

#include "core/chain_change.h"
#include "core/chain_list.h"
#include "core/chain_rcu_array.h"

static int register_each(struct mh_chain *chain, const struct mh_chain_newcomer *newcomers, uint32_t count)
{
	int ret = 0;
	uint32_t i;

	for (i = 0; i < count && ret == 0; i++)
		ret = mh_chain_register(chain, newcomers[i].nb, newcomers[i].name);
	if (ret == 0)
		return 0;
	for (i--; i-- > 0;)
		(void)mh_chain_unregister(chain, newcomers[i].nb);
	return ret;
}

/* Under chain->writer. Nobody has met any of them where it fails. */
static int register_at_once(struct mh_chain *chain, const struct mh_chain_newcomer *newcomers, uint32_t count,
			    struct mh_chain_entry *entries)
{
	int ret = 0;
	uint32_t ready = 0;

	while (ready < count && ret == 0) {
		struct mh_listener *listener;

		ret = mh_chain_prepare(chain, newcomers[ready].nb, newcomers[ready].name, &listener);
		if (ret == 0)
			entries[ready++] = mh_chain_enter(chain, listener);
	}
	if (ret == 0)
		ret = mh_rcu_array_insert_all(chain, entries, count);
	while (ret < 0 && ready > 0)
		atomic_store_explicit(&entries[--ready].listener->sequence, 0, memory_order_relaxed);
	return ret;
}

int mh_chain_register_all(struct mh_chain *chain, const struct mh_chain_newcomer *newcomers, uint32_t count)
{
	struct mh_chain_entry *entries;
	int ret;

	if (!mh_chain_may_wait(chain))
		return -EDEADLK;
	/* Only an array is made anew by each register; and who watches is told of each. */
	if (chain->type != MH_CHAIN_RCU_ARRAY || chain->watch || count < 2)
		return register_each(chain, newcomers, count);
	entries = calloc(count, sizeof(entries[0]));
	if (!entries)
		return -ENOMEM;
	mh_chain_lock(chain, NULL);
	ret = register_at_once(chain, newcomers, count, entries);
	mh_chain_unlock(chain, MH_CHAIN_REGISTER, NULL, ret);
	free(entries);
	return ret;
}

/* Marks them as leaving, or none of them. Under chain->writer. */
static int find_all(const struct mh_chain *chain, struct notifier_block *const *nbs, uint32_t count,
		    struct mh_chain_removed *removed)
{
	for (uint32_t i = 0; i < count; i++) {
		struct mh_listener *listener = mh_chain_find(chain, nbs[i]);

		if (!listener || !mh_chain_has(listener)) {
			while (i-- > 0)
				removed[i].listener->leaving = false;
			return -ENOENT;
		}
		listener->leaving = true;
		removed[i].listener = listener;
	}
	return 0;
}

static int remove_all(struct mh_chain *chain, struct notifier_block *const *nbs, uint32_t count,
		      struct mh_chain_removed *removed)
{
	int ret = find_all(chain, nbs, count, removed);

	if (ret == 0 && chain->type == MH_CHAIN_RCU_ARRAY) {
		ret = mh_rcu_array_remove_leaving(chain, count);
		for (uint32_t i = 0; i < count && ret < 0; i++)
			removed[i].listener->leaving = false;
		if (ret == 0)
			removed[0].arrays = mh_rcu_array_take_retired(chain);
	} else if (ret == 0) {
		for (uint32_t i = 0; i < count; i++)
			removed[i].link = mh_chain_list_remove(chain, nbs[i]);
	}
	for (uint32_t i = 0; i < count; i++)
		removed[i].chain = chain;
	return ret;
}

static int unregister_each(struct mh_chain *chain, struct notifier_block *const *nbs, uint32_t count)
{
	int ret = 0;

	for (uint32_t i = 0; i < count && ret == 0; i++)
		ret = mh_chain_unregister(chain, nbs[i]);
	return ret;
}

static int unregister_at_once(struct mh_chain *chain, struct notifier_block *const *nbs, uint32_t count)
{
	struct mh_chain_removed *removed = calloc(count, sizeof(removed[0]));
	int ret;

	if (!removed)
		return -ENOMEM;
	mh_chain_lock(chain, NULL);
	ret = remove_all(chain, nbs, count, removed);
	mh_chain_unlock(chain, MH_CHAIN_UNREGISTER, NULL, ret);
	/* As in mh_chain_unregister, for all of them. */
	if (ret == 0 && mh_chain_is_rcu(chain))
		mh_rcu_synchronize(&chain->rcu);
	for (uint32_t i = 0; i < count && ret == 0; i++)
		mh_chain_forget(&removed[i]);
	free(removed);
	return ret;
}

int mh_chain_unregister_all(struct mh_chain *chain, struct notifier_block *const *nbs, uint32_t count)
{
	if (!mh_chain_may_wait(chain))
		return -EDEADLK;
	if (count == 0)
		return 0;
	/* Who watches is told of each. */
	return chain->watch ? unregister_each(chain, nbs, count) : unregister_at_once(chain, nbs, count);
}
