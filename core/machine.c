/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine's life, its initial state, and what can be asked of it.
 */
#include "core/machine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/backing.h"
#include "core/buddy.h"
#include "core/full_check.h"
#include "core/hook_ask.h"
#include "core/machine_compose.h"
#include "core/operation_check.h"
#include "core/zone.h"

const char *const mh_block_state_names[MH_BLOCK_STATES] = {"offline", "online", "going-offline", "absent"};

enum mh_zone_kind mh_machine_initial_zone(const struct mh_machine *machine, uint32_t block)
{
	const struct mh_node *node = &machine->nodes[machine->blocks[block].node];
	uint64_t online =
		(uint64_t)((unsigned __int128)node->block_count * machine->config.initial_online_ppb / 1000000000u);
	uint64_t movable = (uint64_t)((unsigned __int128)online * machine->config.movable_ppb / 1000000000u);
	uint32_t index = block - node->first_block;

	if (index >= online)
		return MH_ZONE_NONE;
	return index >= online - movable ? MH_ZONE_MOVABLE : MH_ZONE_NORMAL;
}

static int chains_init(struct mh_machine *machine, struct mh_error *reterr)
{
	int ret = mh_chain_init(&machine->chain, &machine->config.chain, reterr);

	if (ret == 0 && machine->protocol->node_chain)
		ret = mh_chain_init(&machine->node_chain, &machine->config.chain, reterr);
	return ret;
}

int mh_machine_new(const struct mh_machine_config *config, struct mh_machine **ret_machine, struct mh_error *reterr)
{
	struct mh_machine *machine = aligned_alloc(128, sizeof(*machine));
	int ret;

	if (!machine)
		return mh_error_set(reterr, -ENOMEM, "no memory for a machine");
	memset(machine, 0, sizeof(*machine));
	machine->config = *config;
	machine->config.map = NULL; /* borrowed until here */
	machine->protocol = mh_protocol_of(config->compat);
	mh_operation_check_init(machine);
	machine->auto_online = config->auto_online;
	mh_mutex_init_lasting(&machine->hotplug);
	mh_mutex_init(&machine->cpu_lock);
	mh_mutex_init(&machine->spare_lock);
	mh_mutex_init(&machine->check.lock);
	ret = mh_machine_compose(machine, config, reterr);
	if (ret == 0)
		ret = mh_backing_new(machine, reterr);
	if (ret == 0)
		ret = chains_init(machine, reterr);
	if (ret == 0 && config->verify == MH_VERIFY_FULL)
		ret = mh_full_check_new(machine, reterr);
	machine->walks_apart =
		machine->full || config->cancel == MH_CANCEL_HEARD || config->chain.type != MH_CHAIN_RCU_ARRAY;
	if (ret < 0) {
		mh_machine_free(machine);
		return ret;
	}
	*ret_machine = machine;
	return 0;
}

static void nodes_free(struct mh_machine *machine)
{
	for (unsigned i = 0; machine->nodes && i < machine->node_count; i++) {
		for (unsigned kind = 0; kind < MH_ZONE_KINDS; kind++)
			mh_zone_release(&machine->nodes[i].zones[kind]);
		mh_mutex_release(&machine->nodes[i].hotplug);
		free(machine->nodes[i].fallback);
	}
	free(machine->nodes);
}

static void pages_free(struct mh_machine *machine)
{
	for (uint32_t block = 0; machine->pages && block < machine->block_count; block++)
		mh_block_pages_free(machine->pages[block]);
	while (machine->spare) {
		struct mh_block_pages *spare = machine->spare;

		machine->spare = spare->next_spare;
		mh_block_pages_free(spare);
	}
	free(machine->pages);
}

void mh_machine_free(struct mh_machine *machine)
{
	if (!machine)
		return;
	if (machine->chain.listeners)
		mh_chain_release(&machine->chain);
	if (machine->node_chain.listeners)
		mh_chain_release(&machine->node_chain);
	mh_full_check_free(machine->full);
	mh_backing_free(machine);
	pages_free(machine);
	nodes_free(machine);
	free(machine->blocks);
	free(machine->facts);
	free(machine->groups);
	free(machine->poisoned);
	free(machine);
}

struct mh_chain *mh_machine_chain(struct mh_machine *machine)
{
	return &machine->chain;
}

struct mh_chain *mh_machine_node_chain(struct mh_machine *machine)
{
	return machine->protocol->node_chain ? &machine->node_chain : NULL;
}

struct mh_chain *mh_machine_event_chain(struct mh_machine *machine, enum mh_event event)
{
	return mh_event_is_node(event) ? &machine->node_chain : &machine->chain;
}

const struct mh_listener *mh_machine_listener(const struct mh_machine *machine, enum mh_event event, uint32_t id)
{
	return mh_chain_listener(mh_event_is_node(event) ? &machine->node_chain : &machine->chain, id);
}

const struct mh_protocol *mh_machine_protocol(const struct mh_machine *machine)
{
	return machine->protocol;
}

struct mh_check *mh_machine_check(struct mh_machine *machine)
{
	return &machine->check;
}

const struct mh_clock *mh_machine_clock(const struct mh_machine *machine)
{
	return machine->config.clock;
}

uint32_t mh_machine_block_count(const struct mh_machine *machine)
{
	return machine->block_count;
}

unsigned mh_machine_node_count(const struct mh_machine *machine)
{
	return machine->node_count;
}

uint64_t mh_machine_pages_per_block(const struct mh_machine *machine)
{
	return machine->pages_per_block;
}

uint64_t mh_machine_units_per_block(const struct mh_machine *machine)
{
	return machine->units_per_block;
}

uint32_t mh_machine_node_blocks(const struct mh_machine *machine, unsigned node, uint32_t *ret_first)
{
	*ret_first = machine->nodes[node].first_block;
	return machine->nodes[node].block_count;
}

int mh_machine_nid(const struct mh_machine *machine, unsigned node)
{
	return machine->nodes[node].nid;
}

unsigned mh_machine_block_node(const struct mh_machine *machine, uint32_t block)
{
	return machine->blocks[block].node;
}

enum mh_block_state mh_machine_block_state(const struct mh_machine *machine, uint32_t block)
{
	return mh_block_state_of(machine, block);
}

void mh_block_expect(const struct mh_machine *machine, uint32_t block)
{
	__builtin_prefetch(&machine->blocks[block], 1);
}

enum mh_zone_kind mh_machine_block_zone(const struct mh_machine *machine, uint32_t block)
{
	enum mh_block_state state = mh_machine_block_state(machine, block);

	return state == MH_BLOCK_ONLINE || state == MH_BLOCK_GOING_OFFLINE ? mh_block_zone_kind(machine, block)
									   : MH_ZONE_NONE;
}

bool mh_machine_block_is_present(const struct mh_machine *machine, uint32_t block)
{
	return block < machine->block_count && mh_machine_block_state(machine, block) != MH_BLOCK_ABSENT;
}

bool mh_machine_node_is(const struct mh_machine *machine, unsigned node, enum mh_node_mask mask)
{
	const _Atomic uint64_t *masks[] = {
		[MH_N_ONLINE] = machine->is_online,
		[MH_N_MEMORY] = machine->has_memory,
		[MH_N_NORMAL_MEMORY] = machine->has_normal,
	};

	return mh_node_mask_test(masks[mask], node);
}

void mh_machine_uevents(struct mh_machine *machine, const struct mh_uevent_sink *sink)
{
	if (machine->full)
		mh_full_check_uevents(machine, sink);
	else
		machine->uevents = sink;
}

void mh_machine_hook(struct mh_machine *machine, enum mh_hook_point point, const struct mh_hook *hook)
{
	MH_ASSERT(MEMHP_HOOKS);
	machine->hooks[point] = hook;
}

const struct mh_hook *mh_machine_hook_at(const struct mh_machine *machine, enum mh_hook_point point)
{
	return machine->hooks[point];
}

bool mh_machine_has_hooks(void)
{
	return MEMHP_HOOKS;
}

int mh_machine_unregister(struct mh_machine *machine, struct mh_operation *operation, struct notifier_block *nb)
{
	int ret;

	if (operation->cpu)
		mh_cpu_leave(operation->cpu); /* it waits */
	mh_trace_add(operation->trace, MH_STAMP_GRACE_BEGIN, MH_GOING_ONLINE, 0, 0);
	(void)mh_hook_ask(machine, operation, MH_HOOK_GRACE, 0);
	ret = mh_chain_unregister(&machine->chain, nb);
	mh_trace_add(operation->trace, MH_STAMP_GRACE_END, MH_GOING_ONLINE, 0, ret);
	if (operation->cpu)
		mh_cpu_enter(operation->cpu);
	return ret;
}

uint32_t mh_machine_blocks_away(const struct mh_machine *machine)
{
	uint32_t away = 0;

	for (uint32_t block = 0; block < machine->block_count; block++) {
		bool online = mh_machine_block_state(machine, block) == MH_BLOCK_ONLINE;

		away += online != (mh_machine_initial_zone(machine, block) != MH_ZONE_NONE);
	}
	return away;
}

static bool is_initial(const struct mh_machine *machine, uint32_t block)
{
	return mh_machine_block_zone(machine, block) == mh_machine_initial_zone(machine, block);
}

/* Also a block that is online in the other zone goes back, by way of offline. */
static int restore_block(struct mh_machine *machine, struct mh_operation *operation, uint32_t block)
{
	enum mh_zone_kind zone = mh_machine_initial_zone(machine, block);
	int ret = 0;

	operation->identity.index = block;
	if (mh_machine_block_state(machine, block) == MH_BLOCK_ONLINE) {
		mh_trace_reset(operation->trace);
		ret = mh_block_offline(machine, operation, block);
	}
	if (ret < 0 || zone == MH_ZONE_NONE)
		return ret;
	mh_trace_reset(operation->trace);
	return mh_block_online(machine, operation, block,
			       zone == MH_ZONE_MOVABLE ? MH_ONLINE_MOVABLE : MH_ONLINE_KERNEL);
}

int mh_machine_restore(struct mh_machine *machine, struct mh_operation *operation, uint32_t *ret_left)
{
	int first_error = 0;

	*ret_left = 0;
	for (uint32_t block = 0; block < machine->block_count; block++) {
		int ret;

		if (is_initial(machine, block))
			continue;
		ret = restore_block(machine, operation, block);
		if (is_initial(machine, block))
			continue;
		++*ret_left;
		if (!first_error)
			first_error = ret;
	}
	return first_error;
}

void mh_machine_counts(struct mh_machine *machine, struct mh_machine_counts *ret_counts)
{
	struct mh_machine_counts counts = {
		.grace_periods = atomic_load(&machine->chain.rcu.grace_periods),
		.pages_migrated = atomic_load(&machine->pages_migrated),
		.drains = atomic_load(&machine->drains),
		.allocations_refused = atomic_load(&machine->refused),
	};

	for (unsigned i = 0; i < machine->node_count; i++)
		for (unsigned kind = machine->nodes[i].zone_min; kind < MH_ZONE_KINDS; kind++) {
			const struct mh_zone *zone = &machine->nodes[i].zones[kind];

			counts.present_pages += zone->present_pages;
			counts.managed_pages += zone->managed_pages;
			counts.free_pages += zone->free_units * machine->unit_pages;
		}
	for (uint32_t block = 0; block < machine->block_count; block++)
		counts.blocks_online += mh_machine_block_state(machine, block) == MH_BLOCK_ONLINE;
	*ret_counts = counts;
}
