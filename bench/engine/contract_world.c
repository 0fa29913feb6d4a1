/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One thread of one process: the child of a check. Its machine lives as long as the child. */
#include "bench/engine/contract_world.h"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/rcu.h"
#include "bench/engine/contract.h"
#include "core/kapi.h"
#include "core/listeners.h"

/* Two nodes of MH_CONTRACT_BLOCKS blocks of BLOCK_BYTES. */
#define TOPOLOGY    "pack:2 [numa(memory=512MiB)] core:1 pu:1"
#define BLOCK_BYTES (UINT64_C(128) << 20)
/* Stamps of an operation among the preset's listeners and the module's: 8 walks of 64 calls. */
#define TRACE_STAMPS 1024

static int answer(struct notifier_block *nb, unsigned long action, void *data)
{
	const struct mh_contract_neighbour *neighbour =
		(const struct mh_contract_neighbour *)(const void *)((const char *)nb -
								     offsetof(struct mh_contract_neighbour, nb));
	const struct mh_protocol *protocol = mh_machine_protocol(neighbour->world->machine);

	(void)data;
	if (neighbour->armed && mh_protocol_event(protocol, neighbour->node, action) == (int)neighbour->event)
		return neighbour->value;
	return NOTIFY_OK;
}

static int place(struct mh_contract_world *world, struct mh_contract_neighbour *neighbour, bool node, int priority,
		 const char *name)
{
	struct mh_chain *chain = node ? mh_machine_node_chain(world->machine) : mh_machine_chain(world->machine);
	int ret;

	*neighbour = (struct mh_contract_neighbour){
		.nb = {.notifier_call = answer, .priority = priority},
		.world = world,
		.node = node,
	};
	ret = mh_chain_register(chain, &neighbour->nb, name);
	neighbour->registered = ret == 0;
	return ret;
}

static void displace(struct mh_contract_world *world, struct mh_contract_neighbour *neighbour)
{
	struct mh_chain *chain =
		neighbour->node ? mh_machine_node_chain(world->machine) : mh_machine_chain(world->machine);

	if (neighbour->registered)
		(void)mh_chain_unregister(chain, &neighbour->nb);
	neighbour->registered = false;
}

static int place_preset(struct mh_contract_world *world)
{
	const struct mh_listener_preset *preset = mh_listener_preset(mh_machine_protocol(world->machine)->listeners);
	int ret = 0;

	for (size_t i = 0; preset && i < preset->count && i < MH_CONTRACT_PRESET_MAX && !ret; i++) {
		const struct mh_listener_facts *facts = &preset->listeners[i];

		ret = place(world, &world->preset[i], facts->node, facts->priority, facts->name);
		world->preset_count = (unsigned)i + 1;
	}
	return ret;
}

int mh_contract_world_surround(struct mh_contract_world *world, const struct mh_contract_case *of,
			       const struct mh_contract_listener *listener)
{
	int ret = of->preset ? place_preset(world) : 0;

	if (!ret && of->has_event)
		ret = place(world, &world->neighbour, listener->node,
			    of->above ? listener->priority + 1 : listener->priority - 1, of->above ? "above" : "below");
	if (!ret)
		ret = place(world, &world->refuser, listener->node, INT_MIN, "refuser");
	return ret;
}

void mh_contract_world_clear(struct mh_contract_world *world)
{
	for (unsigned i = 0; i < world->preset_count; i++)
		displace(world, &world->preset[i]);
	world->preset_count = 0;
	displace(world, &world->neighbour);
	displace(world, &world->refuser);
}

static int value_of(enum mh_contract_answer of)
{
	switch (of) {
	case MH_ANSWER_STOP:
		return NOTIFY_STOP;
	case MH_ANSWER_BAD:
		return NOTIFY_BAD;
	case MH_ANSWER_ERRNO:
		return notifier_from_errno(-EBUSY);
	case MH_ANSWER_RAW:
		return -ENOMEM;
	default:
		return NOTIFY_OK;
	}
}

void mh_contract_world_refuse(struct mh_contract_world *world, bool online, bool node, bool armed)
{
	world->refuser.armed = armed;
	world->refuser.value = NOTIFY_BAD;
	if (node)
		world->refuser.event = online ? MH_NODE_ADDING_FIRST_MEMORY : MH_NODE_REMOVING_LAST_MEMORY;
	else
		world->refuser.event = online ? MH_GOING_ONLINE : MH_GOING_OFFLINE;
}

void mh_contract_world_arm(struct mh_contract_world *world, const struct mh_contract_case *of, bool armed)
{
	world->neighbour.armed = armed && of->has_event;
	world->neighbour.event = of->event;
	world->neighbour.value = value_of(of->answer);
	mh_contract_world_refuse(world, mh_contract_case_is_online(of), world->refuser.node,
				 armed && mh_contract_case_is_cancel(of));
}

static uint32_t block_of(const struct mh_contract_world *world, unsigned index)
{
	uint32_t first;

	(void)mh_machine_node_blocks(world->machine, 1, &first);
	return first + index;
}

bool mh_contract_world_is_online(const struct mh_contract_world *world, unsigned index)
{
	return mh_machine_block_state(world->machine, block_of(world, index)) == MH_BLOCK_ONLINE;
}

static int operate(struct mh_contract_world *world, uint32_t block, bool online, enum mh_online_type type)
{
	mh_trace_reset(&world->trace);
	world->operation.identity.index = world->operations++;
	if (online)
		return mh_block_online(world->machine, &world->operation, block, type);
	return mh_block_offline(world->machine, &world->operation, block);
}

int mh_contract_world_operate(struct mh_contract_world *world, unsigned index, bool online, bool movable)
{
	return operate(world, block_of(world, index), online, movable ? MH_ONLINE_MOVABLE : MH_ONLINE_KERNEL);
}

int mh_contract_world_restore(struct mh_contract_world *world)
{
	int ret = 0;

	for (unsigned i = 0; i < MH_CONTRACT_BLOCKS; i++)
		if (mh_contract_world_is_online(world, i)) {
			int error = mh_contract_world_operate(world, i, false, false);

			ret = ret ? ret : error;
		}
	return ret;
}

static int boot(struct mh_contract_world *world)
{
	uint32_t first, count = mh_machine_node_blocks(world->machine, 0, &first);
	int ret = 0;

	for (uint32_t i = 0; i < count && !ret; i++)
		ret = operate(world, first + i, true, MH_ONLINE_KERNEL);
	return ret;
}

static int open_machine(struct mh_contract_world *world, enum mh_compat compat, struct mh_error *reterr)
{
	struct mh_machine_config config = {
		.topology = world->topology,
		.compat = compat,
		.block_size_bytes = BLOCK_BYTES,
		.clock = &world->clock,
		/* A module may do in a callback what the memory chain allows: sleep, wait for its own grace periods. */
		.chain = {.type = MH_CHAIN_RCU_ARRAY, .rcu = MH_RCU_SRCU},
	};
	int ret = mh_machine_new(&config, &world->machine, reterr);

	if (ret < 0)
		return ret;
	mh_rcu_thread_enter(&mh_machine_chain(world->machine)->rcu);
	if (mh_machine_node_chain(world->machine))
		mh_rcu_thread_enter(&mh_machine_node_chain(world->machine)->rcu);
	mh_kapi_bind(world->machine);
	return boot(world);
}

int mh_contract_world_open(struct mh_contract_world *world, enum mh_compat compat, struct mh_error *reterr)
{
	int ret;

	memset(world, 0, sizeof(*world));
	mh_clock_init(&world->clock, MH_CLOCK_MONOTONIC);
	if (mh_trace_init(&world->trace, TRACE_STAMPS, MH_STAMPS_NONE, &world->clock) < 0)
		return mh_error_set(reterr, -ENOMEM, "no memory for a trace");
	world->operation.trace = &world->trace;
	ret = mh_topology_load(TOPOLOGY, 0, &world->topology, reterr);
	return ret < 0 ? ret : open_machine(world, compat, reterr);
}

void mh_contract_world_close(struct mh_contract_world *world)
{
	mh_kapi_bind(NULL);
	if (world->machine) {
		mh_rcu_thread_leave(&mh_machine_chain(world->machine)->rcu);
		if (mh_machine_node_chain(world->machine))
			mh_rcu_thread_leave(&mh_machine_node_chain(world->machine)->rcu);
	}
	mh_machine_free(world->machine);
	mh_topology_free(world->topology);
	mh_trace_release(&world->trace);
}
