/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The chain is read entry by entry, whatever its type, and never further than there are listeners: a cycle ends there.
 */
#include "core/chain_check.h"

#include <errno.h>

#include "core/chain_list.h"
#include "core/chain_rcu_array.h"
#include "core/machine_private.h"

/* Where a reading stands; all under chain->writer. */
struct reading {
	const struct mh_chain_array *array;
	const struct mh_chain_link *link;
	uint32_t count, limit;
};

static struct reading reading_begin(const struct mh_chain *chain)
{
	return (struct reading){.array = chain->array, .link = chain->head, .limit = chain->listener_count + 1};
}

/* NULL at the end, or past as many entries as there can be. */
static const struct mh_chain_entry *reading_next(struct reading *reading)
{
	const struct mh_chain_entry *entry = NULL;

	if (reading->count == reading->limit)
		return NULL;
	if (reading->array && reading->count < reading->array->count)
		entry = &reading->array->entries[reading->count];
	if (reading->link) {
		entry = &reading->link->entry;
		reading->link = reading->link->next;
	}
	reading->count += entry != NULL;
	return entry;
}

/* Into @check: whether @nb is there. */
static void look(struct mh_chain_check *check, const struct mh_chain *chain, const struct notifier_block *nb,
		 uint64_t *ret_signature)
{
	struct reading reading = reading_begin(chain);
	const struct mh_chain_entry *entry;

	*ret_signature = 1;
	check->was_there = false;
	while ((entry = reading_next(&reading)) != NULL) {
		*ret_signature = *ret_signature * UINT64_C(0x9e3779b97f4a7c15) + (uintptr_t)entry->nb;
		check->was_there |= entry->nb == nb;
	}
}

static void before_change(void *data, struct mh_chain *chain, const struct notifier_block *nb)
{
	struct mh_chain_check *check = data;

	look(check, chain, nb, &check->signature);
}

static bool is_listed(const struct mh_listener *listener)
{
	return atomic_load_explicit(&listener->sequence, memory_order_relaxed) && !listener->leaving;
}

static uint32_t listed_count(const struct mh_chain *chain)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < chain->listener_count; i++)
		count += is_listed(chain->listeners[i]);
	return count;
}

static bool are_ordered(const struct mh_chain_entry *above, const struct mh_chain_entry *below)
{
	return above->listener->priority > below->listener->priority ||
	       (above->listener->priority == below->listener->priority && above->sequence < below->sequence);
}

/* Strictly falling means each at most once, and no cycle. */
static void check_entries(struct mh_machine *machine, const struct mh_chain *chain)
{
	struct reading reading = reading_begin(chain);
	const struct mh_chain_entry *entry, *above = NULL;
	uint32_t listed = listed_count(chain);

	while ((entry = reading_next(&reading)) != NULL) {
		if (!is_listed(entry->listener))
			mh_check_violated(machine, NULL, "I29", "listener '%s' is in the chain and not registered",
					  entry->listener->name);
		if (above && !are_ordered(above, entry)) {
			mh_check_violated(machine, NULL, "I29",
					  "listener '%s' (priority %d) stands before '%s' (priority %d)",
					  above->listener->name, above->listener->priority, entry->listener->name,
					  entry->listener->priority);
			return; /* in a cycle it would be told at every turn */
		}
		above = entry;
	}
	if (reading.count != listed)
		mh_check_violated(machine, NULL, "I29", "the chain holds %u listeners, %u are registered",
				  reading.count, listed);
}

/* I28, by what was there before: whether the change was to be refused, and that one refused has changed nothing. */
static void check_refusal(const struct mh_chain_check *check, enum mh_chain_change change, int ret, bool unchanged)
{
	bool stranger = !check->was_there;
	int refusal = change == MH_CHAIN_REGISTER ? -EEXIST : -ENOENT;
	bool must_refuse = change == MH_CHAIN_REGISTER ? !stranger : stranger;

	if (must_refuse != (ret == refusal) && (must_refuse || change == MH_CHAIN_UNREGISTER))
		mh_check_violated(check->machine, NULL, "I28", "%s of a listener that is %s the chain returned %d",
				  change == MH_CHAIN_REGISTER ? "register" : "unregister", stranger ? "not in" : "in",
				  ret);
	if (ret < 0 && !unchanged)
		mh_check_violated(check->machine, NULL, "I28", "%s returned %d and changed the chain",
				  change == MH_CHAIN_REGISTER ? "register" : "unregister", ret);
}

static void after_change(void *data, struct mh_chain *chain, enum mh_chain_change change,
			 const struct notifier_block *nb, int ret)
{
	struct mh_chain_check *check = data;
	bool was_there = check->was_there;
	uint64_t signature;

	look(check, chain, nb, &signature);
	check->was_there = was_there;
	check_refusal(check, change, ret, signature == check->signature);
	check_entries(check->machine, chain);
	atomic_fetch_add_explicit(&check->machine->check.checked, 2, memory_order_relaxed);
}

int mh_chain_check_init(struct mh_chain_check *check, struct mh_machine *machine, struct mh_chain *chain)
{
	*check = (struct mh_chain_check){
		.machine = machine,
		.watch = {.before = before_change, .after = after_change, .data = check},
	};
	return mh_chain_set_watch(chain, &check->watch);
}
