/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making the machine and the threads.
 */
#include "bench/micro/cycle_machine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/units.h"
#include "bench/micro/callbacks.h"

#define TRACE_CAPACITY 256 /* and room for each listener's calls in both walks */

static int load_topology(struct mh_cycle_machine *cycled, const struct mh_cycle_machine_config *config,
			 struct mh_error *reterr)
{
	char spec[128];
	unsigned long long node_mib = config->node_blocks * (MH_CYCLE_BLOCK_SIZE >> 20);

	snprintf(spec, sizeof(spec), "pack:%u [numa(memory=%lluMiB)] core:1 pu:1", config->nodes ? config->nodes : 1,
		 node_mib);
	return mh_topology_load(spec, 0, &cycled->topology, reterr);
}

static int add_listeners(struct mh_cycle_machine *cycled, unsigned count)
{
	struct mh_chain_newcomer *newcomers = calloc(count, sizeof(newcomers[0]));
	int ret = -ENOMEM;

	cycled->listeners = calloc(count, sizeof(cycled->listeners[0]));
	if (newcomers && cycled->listeners) {
		for (unsigned i = 0; i < count; i++) {
			cycled->listeners[i] = (struct notifier_block){mh_callback_of(i), NULL, -(int)i};
			newcomers[i] = (struct mh_chain_newcomer){&cycled->listeners[i], NULL};
		}
		ret = mh_chain_register_all(mh_machine_chain(cycled->machine), newcomers, count);
	}
	if (ret == 0)
		cycled->listener_count = count;
	free(newcomers);
	return ret;
}

int mh_cycle_machine_init(struct mh_cycle_machine *cycled, const struct mh_cycle_machine_config *config,
			  struct mh_error *reterr)
{
	struct mh_machine_config machine_config = {
		.block_size_bytes = MH_CYCLE_BLOCK_SIZE,
		.initial_online_ppb = MH_PPB_ONE,
		.movable_ppb = config->movable ? MH_PPB_ONE : 0,
		.page_unit = config->by_page ? MH_PAGE_UNIT_PAGE : MH_PAGE_UNIT_AUTO,
		.hotplug_lock = MH_HOTPLUG_LOCK_NODE,
		.chain = config->chain,
		.clock = config->clock,
	};
	int ret;

	*cycled = (struct mh_cycle_machine){.topology = NULL};
	ret = load_topology(cycled, config, reterr);
	machine_config.topology = cycled->topology;
	if (ret == 0)
		ret = mh_machine_new(&machine_config, &cycled->machine, reterr);
	if (ret == 0 && add_listeners(cycled, config->listeners ? config->listeners : MH_CYCLE_LISTENERS) < 0)
		ret = mh_error_set(reterr, -ENOMEM, "no memory for the listeners of a cycle");
	if (ret < 0)
		mh_cycle_machine_release(cycled);
	return ret;
}

static void remove_listeners(struct mh_cycle_machine *cycled)
{
	struct notifier_block **blocks = calloc(cycled->listener_count + 1, sizeof(blocks[0]));

	MH_ASSERT(blocks);
	for (unsigned i = 0; i < cycled->listener_count; i++)
		blocks[i] = &cycled->listeners[i];
	if (cycled->listener_count)
		(void)mh_chain_unregister_all(mh_machine_chain(cycled->machine), blocks, cycled->listener_count);
	free(blocks);
	free(cycled->listeners);
}

void mh_cycle_machine_release(struct mh_cycle_machine *cycled)
{
	remove_listeners(cycled);
	mh_machine_free(cycled->machine);
	mh_topology_free(cycled->topology);
	*cycled = (struct mh_cycle_machine){.topology = NULL};
}

int mh_cycle_init(struct mh_cycle *cycle, struct mh_cycle_machine *cycled, unsigned node, enum mh_stamp_level level)
{
	*cycle = (struct mh_cycle){.machine = cycled->machine, .code = &mh_cycle_core_code};
	cycle->operation.trace = &cycle->trace;
	cycle->count = mh_machine_node_blocks(cycled->machine, node, &cycle->first);
	return mh_trace_init(&cycle->trace, TRACE_CAPACITY + 4 * cycled->listener_count, level,
			     mh_machine_clock(cycled->machine));
}

void mh_cycle_release(struct mh_cycle *cycle)
{
	mh_trace_release(&cycle->trace);
}
