/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The stamps of an operation say who was called; chain->listeners, under chain->writer, who is registered. A listener
 * is expected in a walk if its registration is older than the walk and stands after it: others came or went meanwhile.
 */
#include "core/walk_check.h"

#include <string.h>

#include "core/full_check.h"
#include "core/page_check.h"

/* By id. */
struct called {
	uint64_t words[MH_LISTENER_COUNT_MAX / 64];
	uint32_t count;
	const struct mh_stamp *last; /* of the last walk among them; NULL: nobody */
};

#define FIRST_EVENTS                                                                                                   \
	(1u << MH_GOING_ONLINE | 1u << MH_GOING_OFFLINE | 1u << MH_NODE_ADDING_FIRST_MEMORY |                          \
	 1u << MH_NODE_REMOVING_LAST_MEMORY)
#define LAST_EVENTS                                                                                                    \
	(1u << MH_ONLINE | 1u << MH_CANCEL_ONLINE | 1u << MH_OFFLINE | 1u << MH_CANCEL_OFFLINE |                       \
	 1u << MH_NODE_ADDED_FIRST_MEMORY | 1u << MH_NODE_CANCEL_ADDING_FIRST_MEMORY |                                 \
	 1u << MH_NODE_REMOVED_LAST_MEMORY | 1u << MH_NODE_CANCEL_REMOVING_LAST_MEMORY)

/* Those called since stamp @from with one of @events. */
static void collect(const struct mh_trace *trace, uint32_t from, unsigned events, struct called *ret_called)
{
	memset(ret_called, 0, sizeof(*ret_called));
	for (uint32_t i = from; i < trace->count; i++) {
		const struct mh_stamp *stamp = &trace->stamps[i];

		if (stamp->kind != MH_STAMP_CALLED || !(events >> stamp->event & 1))
			continue;
		ret_called->words[stamp->listener / 64] |= UINT64_C(1) << (stamp->listener % 64);
		ret_called->count++;
		ret_called->last = stamp;
	}
}

static bool was_called(const struct called *called, uint32_t id)
{
	return called->words[id / 64] >> (id % 64) & 1;
}

/* Under chain->writer. @sequence: the newest registration when the walk began. */
static bool was_registered(const struct mh_listener *listener, uint64_t sequence)
{
	uint64_t own = atomic_load_explicit(&listener->sequence, memory_order_relaxed);

	return own && own <= sequence && !listener->leaving;
}

/* Does the last one called end the walk above @listener? */
static bool is_cut_off(const struct mh_chain *chain, const struct called *called, const struct mh_listener *listener)
{
	const struct mh_listener *last;

	if (!called->last || !(called->last->value & NOTIFY_STOP_MASK))
		return false;
	last = chain->listeners[called->last->listener];
	return last->priority > listener->priority ||
	       (last->priority == listener->priority && last->sequence < listener->sequence);
}

void mh_walk_check_begin(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event)
{
	struct mh_operation_watch *watch = mh_operation_watch_of(machine, operation);
	struct mh_chain *chain = mh_machine_event_chain(machine, event);

	mh_full_check_walk(machine, operation, event);
	mh_page_check_event(machine, operation, event);
	mh_mutex_lock(&chain->writer);
	watch->walk_sequence = chain->sequence;
	mh_mutex_unlock(&chain->writer);
	watch->walk_stamp = operation->trace->count;
}

/* I27. */
static void check_walk(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event)
{
	const struct mh_operation_watch *watch = mh_operation_watch_of(machine, operation);
	struct mh_chain *chain = mh_machine_event_chain(machine, event);
	struct called called;

	collect(operation->trace, watch->walk_stamp, 1u << event, &called);
	mh_mutex_lock(&chain->writer);
	for (uint32_t id = 0; id < chain->listener_count; id++) {
		const struct mh_listener *listener = chain->listeners[id];

		if (was_registered(listener, watch->walk_sequence) && !was_called(&called, id) &&
		    !is_cut_off(chain, &called, listener))
			mh_check_violated(machine, operation, "I27",
					  "listener '%s' was registered before %s and did not hear it", listener->name,
					  mh_event_kernel_names[event]);
	}
	mh_mutex_unlock(&chain->writer);
}

void mh_walk_check_end(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event, bool partial)
{
	struct mh_operation_watch *watch = mh_operation_watch_of(machine, operation);

	mh_page_check_event(machine, operation, event);
	operation->check.checked += 3;
	if (operation->trace->dropped != watch->dropped)
		return; /* the trace had no room: told in the result */
	if (LAST_EVENTS >> event & 1)
		watch->last_sequence[mh_event_is_node(event)] = watch->walk_sequence;
	if (!partial)
		check_walk(machine, operation, event);
}

/* What the two kinds of walk called, on one of the chains. */
struct pair {
	struct called first, last;
	uint64_t last_sequence; /* the newest registration when the last one began; 0: there was none */
};

/* I07 */
static void check_ends(struct mh_machine *machine, struct mh_operation *operation, const struct mh_chain *chain,
		       const struct pair *pair)
{
	for (uint32_t id = 0; id < chain->listener_count; id++) {
		const struct mh_listener *listener = chain->listeners[id];

		if (was_called(&pair->first, id) && !was_called(&pair->last, id) &&
		    was_registered(listener, pair->last_sequence) && !is_cut_off(chain, &pair->last, listener))
			mh_check_violated(machine, operation, "I07", "listener '%s' heard GOING and no end of it",
					  listener->name);
	}
}

/* I08: was there anybody below who refused? Then CANCEL, unless it was cut itself, must have made an orphan. */
static bool has_chance(const struct mh_operation *operation, const struct mh_chain *chain, const struct pair *pair)
{
	if (operation->outcome != MH_OUTCOME_VETOED && operation->outcome != MH_OUTCOME_NODE_VETOED)
		return false;
	for (uint32_t id = 0; id < chain->listener_count; id++)
		if (was_registered(chain->listeners[id], pair->last_sequence) && !was_called(&pair->first, id) &&
		    is_cut_off(chain, &pair->first, chain->listeners[id]) &&
		    !is_cut_off(chain, &pair->last, chain->listeners[id]))
			return true;
	return false;
}

static uint32_t orphans(const struct mh_chain *chain, const struct pair *pair)
{
	uint32_t count = 0;

	for (uint32_t id = 0; id < chain->listener_count; id++)
		count += was_called(&pair->last, id) && !was_called(&pair->first, id);
	return count;
}

static void check_chain(struct mh_machine *machine, struct mh_operation *operation, bool node)
{
	const struct mh_operation_watch *watch = mh_operation_watch_of(machine, operation);
	unsigned events = node ? MH_EVENTS_NODE : ~MH_EVENTS_NODE;
	struct mh_chain *chain = node ? &machine->node_chain : &machine->chain;
	struct pair pair = {.last_sequence = watch->last_sequence[node]};

	collect(operation->trace, watch->first_stamp, FIRST_EVENTS & events, &pair.first);
	collect(operation->trace, watch->first_stamp, LAST_EVENTS & events, &pair.last);
	mh_mutex_lock(&chain->writer);
	check_ends(machine, operation, chain, &pair);
	atomic_fetch_add_explicit(&machine->check.orphan_finals, orphans(chain, &pair), memory_order_relaxed);
	if (machine->config.cancel == MH_CANCEL_ALL && has_chance(operation, chain, &pair))
		atomic_fetch_add_explicit(&machine->check.orphan_chances, 1, memory_order_relaxed);
	mh_mutex_unlock(&chain->writer);
}

void mh_walk_check_operation(struct mh_machine *machine, struct mh_operation *operation)
{
	const struct mh_operation_watch *watch = mh_operation_watch_of(machine, operation);

	if (!operation->event_count || operation->trace->dropped != watch->dropped)
		return;
	check_chain(machine, operation, false);
	if (machine->protocol->node_chain)
		check_chain(machine, operation, true);
	operation->check.checked += 2;
}
