/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node-flap: when the operation in which it fired has ended, its thread takes every online block of that operation's
 * node offline and brings each back: the node loses its last and gains its first memory. These are ordinary operations,
 * with their events and checks; no fault fires in them, nothing of them is measured, and other threads may come
 * between. However often it fires in an operation, one flap follows. A block whose pages cannot go elsewhere stays
 * online, and the node keeps some memory.
 */
#include "faults/fault.h"

#include <errno.h>
#include <stdlib.h>

#include "core/machine.h"

#define FLAP_STAMPS 1024 /* of one operation: what its violation would tell */

struct flap_parameters {
	uint64_t deadline_ns;
};

static const struct mh_schema_row flap_rows[] = {
	{.key = "deadline",
	 .type = MH_VALUE_DURATION,
	 .offset = offsetof(struct flap_parameters, deadline_ns),
	 .default_text = "100ms",
	 .min = "1us",
	 .help = "after it an offline of the flap gives up, and its block stays online"},
};

static const struct mh_schema flap_schema = {
	.name = "fault node-flap",
	.rows = flap_rows,
	.count = sizeof(flap_rows) / sizeof(flap_rows[0]),
	.size = sizeof(struct flap_parameters),
};

static int flap_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	(void)reterr;
	*ret_action = (struct mh_fault_action){.own = parameters};
	return 0;
}

static void flap_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	(void)action;
	(void)call;
}

/* One flap, in one thread. */
struct flap {
	struct mh_machine *machine;
	struct mh_operation operation;
	struct mh_trace trace;
	uint64_t deadline_ticks;
	uint32_t first, count;
	unsigned char *zones; /* by block from @first: enum mh_zone_kind where it went offline, else MH_ZONE_NONE */
};

static int flap_init(struct flap *flap, const struct mh_fault_settling *settling, uint64_t deadline_ns)
{
	const struct mh_clock *clock = mh_machine_clock(settling->machine);

	*flap = (struct flap){
		.machine = settling->machine,
		.operation = {.identity.workload = UINT16_MAX, /* of no workload: no fault is asked */
			      .cpu = settling->operation->cpu,
			      .signal = settling->operation->signal},
		.deadline_ticks = mh_clock_ticks_of_ns(clock, deadline_ns),
	};
	flap->count = mh_machine_node_blocks(flap->machine, settling->operation->node, &flap->first);
	flap->zones = malloc(flap->count);
	if (!flap->zones)
		return -ENOMEM;
	if (mh_trace_init(&flap->trace, FLAP_STAMPS, MH_STAMPS_NONE, clock) < 0) {
		free(flap->zones);
		return -ENOMEM;
	}
	flap->operation.trace = &flap->trace;
	return 0;
}

static void flap_release(struct flap *flap)
{
	atomic_fetch_add(&mh_machine_check(flap->machine)->checked, flap->operation.check.checked);
	mh_trace_release(&flap->trace);
	free(flap->zones);
}

static void flap_off(struct flap *flap, unsigned node, uint32_t index)
{
	uint32_t block = flap->first + index;
	enum mh_zone_kind zone = mh_machine_block_zone(flap->machine, block);

	flap->zones[index] = MH_ZONE_NONE;
	if (mh_machine_block_node(flap->machine, block) != node ||
	    mh_machine_block_state(flap->machine, block) != MH_BLOCK_ONLINE)
		return;
	mh_trace_reset(&flap->trace);
	flap->operation.deadline_ticks = mh_clock_ticks(mh_machine_clock(flap->machine)) + flap->deadline_ticks;
	if (mh_block_offline(flap->machine, &flap->operation, block) == 0)
		flap->zones[index] = (unsigned char)zone;
}

/* False when it did not come back. */
static bool flap_on(struct flap *flap, uint32_t index)
{
	enum mh_zone_kind zone = (enum mh_zone_kind)flap->zones[index];
	int ret;

	if (zone == MH_ZONE_NONE)
		return true;
	mh_trace_reset(&flap->trace);
	flap->operation.deadline_ticks = 0;
	ret = mh_block_online(flap->machine, &flap->operation, flap->first + index,
			      zone == MH_ZONE_MOVABLE ? MH_ONLINE_MOVABLE : MH_ONLINE_KERNEL);
	/* Somebody else may have brought it back. */
	return ret == 0 || flap->operation.outcome == MH_OUTCOME_ALREADY;
}

/* A worker's: the operation for which it flapped last, counted from 1. */
static bool is_first_of_operation(struct mh_fault_memory *memory, const struct mh_operation *operation)
{
	uint64_t *last = (uint64_t *)(void *)memory->bytes;

	if (*last == operation->identity.index + 1)
		return false;
	*last = operation->identity.index + 1;
	return true;
}

static void flap_settle(const struct mh_fault_action *action, struct mh_fault_settling *settling)
{
	const struct flap_parameters *given = action->own;
	struct flap flap;

	if (!is_first_of_operation(settling->memory, settling->operation))
		return;
	if (flap_init(&flap, settling, given->deadline_ns) < 0) {
		settling->problem = "no memory to take the node's blocks offline";
		return;
	}
	for (uint32_t i = 0; i < flap.count; i++)
		flap_off(&flap, settling->operation->node, i);
	for (uint32_t i = 0; i < flap.count; i++)
		if (!flap_on(&flap, i))
			settling->problem = "a block that its node's flap took offline was refused when it came back";
	flap_release(&flap);
}

const struct mh_fault_kind mh_fault_node_flap = {
	.name = "node-flap",
	.help = "after the operation, all blocks of its node go offline and come back: its last and first memory",
	.parameters = &flap_schema,
	.point = MH_HOOK_EVENT,
	.default_events = MH_EVENTS_ALL,
	.expects = MH_EXPECT_BIT(MH_EXPECT_IGNORED),
	.prepare = flap_prepare,
	.fire = flap_fire,
	.settle = flap_settle,
};
