/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The life of what verify: full keeps, and the checks at the borders of an operation: I25, I33, I34, I37, and the calls
 * of those in the other *_check.c.
 */
#include "core/full_check.h"

#include <errno.h>
#include <stdlib.h>

#include "core/page_check.h"
#include "core/walk_check.h"

static void count_uevent(void *data, enum mh_uevent uevent, uint32_t block)
{
	struct mh_full_check *full = data;
	struct mh_machine *machine = full->machine;
	struct mh_operation_watch *watch = mh_node_watch(machine, machine->blocks[block].node);

	if (uevent == MH_UEVENT_ONLINE || uevent == MH_UEVENT_OFFLINE)
		watch->uevents++;
	if (full->uevents)
		full->uevents->told(full->uevents->data, uevent, block);
}

void mh_full_check_uevents(struct mh_machine *machine, const struct mh_uevent_sink *sink)
{
	machine->full->uevents = sink;
}

static int chains_watch(struct mh_full_check *full)
{
	struct mh_machine *machine = full->machine;
	int ret = mh_chain_check_init(&full->chains[0], machine, &machine->chain);

	if (ret == 0 && machine->protocol->node_chain)
		ret = mh_chain_check_init(&full->chains[1], machine, &machine->node_chain);
	return ret;
}

int mh_full_check_new(struct mh_machine *machine, struct mh_error *reterr)
{
	struct mh_full_check *full = calloc(1, sizeof(*full) + machine->node_count * sizeof(full->operations[0]));

	if (!full)
		return mh_error_set(reterr, -ENOMEM, "no memory for verify: full");
	full->machine = machine;
	full->counting = (struct mh_uevent_sink){.told = count_uevent, .data = full};
	machine->full = full;
	machine->uevents = &full->counting;
	if (chains_watch(full) < 0)
		return mh_error_set(reterr, -ENOMEM, "no memory for verify: full");
	return 0;
}

void mh_full_check_free(struct mh_full_check *full)
{
	free(full);
}

void mh_full_check_begin(struct mh_machine *machine, struct mh_operation *operation)
{
	struct mh_operation_watch *watch = mh_operation_watch_of(machine, operation);

	if (watch->running)
		mh_check_violated(machine, operation, "I25",
				  "it began while an operation on block %u ran under the same lock",
				  watch->running->block);
	*watch = (struct mh_operation_watch){
		.running = operation,
		.dropped = operation->trace->dropped,
		.first_stamp = operation->trace->count,
	};
	mh_snapshot_take(machine, operation, &watch->before);
}

/* I33 of the operation's block: the last walk is over before its new state is seen. */
static void check_state(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event)
{
	enum mh_block_state state = mh_machine_block_state(machine, operation->block);
	enum mh_block_state expected = operation->online ? MH_BLOCK_OFFLINE : MH_BLOCK_GOING_OFFLINE;

	if (state != expected)
		mh_check_violated(machine, operation, "I33", "block %u reads %s at %s, expected %s", operation->block,
				  state < MH_BLOCK_STATES ? mh_block_state_names[state] : "nothing known",
				  mh_event_kernel_names[event], mh_block_state_names[expected]);
}

void mh_full_check_walk(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event)
{
	const struct mh_operation_watch *watch = mh_operation_watch_of(machine, operation);

	if (watch->running != operation)
		mh_check_violated(machine, operation, "I25", "%s comes while another operation runs under its lock",
				  mh_event_kernel_names[event]);
	check_state(machine, operation, event);
	operation->check.checked += 2;
}

void mh_full_check_pass(struct mh_machine *machine, struct mh_operation *operation, bool pending)
{
	struct mh_operation_watch *watch = mh_operation_watch_of(machine, operation);

	if (watch->signal_seen)
		mh_check_violated(machine, operation, "I37",
				  "the offline of block %u goes on after a pass that began with a signal pending",
				  operation->block);
	watch->signal_seen = pending;
	/* A signal from outside may come at any time, and a fault may stop all; the deadline is there for an offline
	 * that gets nowhere. */
	if (pending && !operation->interfered && watch->idle_passes >= MH_LIVENESS_PASSES &&
	    !(operation->signal && atomic_load_explicit(operation->signal, memory_order_relaxed)))
		mh_page_check_given_up(machine, operation);
	operation->check.checked += 2;
}

void mh_full_check_passed(struct mh_machine *machine, struct mh_operation *operation, uint32_t moved)
{
	struct mh_operation_watch *watch = mh_operation_watch_of(machine, operation);

	watch->idle_passes = moved ? 0 : watch->idle_passes + 1;
}

/* I34 */
static void check_uevents(struct mh_machine *machine, struct mh_operation *operation)
{
	const struct mh_operation_watch *watch = mh_operation_watch_of(machine, operation);
	unsigned expected = operation->result == 0;

	if (watch->uevents != expected)
		mh_check_violated(machine, operation, "I34", "%u uevents, expected %u", watch->uevents, expected);
}

/* What looks at all blocks of the node. */
static void check_node(struct mh_machine *machine, struct mh_operation *operation)
{
	if (machine->block_count > MH_FULL_CHECK_BLOCKS && operation->identity.index % MH_FULL_CHECK_EVERY != 0)
		return;
	mh_check_node(machine, operation, operation->node);
	mh_page_check_owners(machine, operation);
	operation->check.checked += 6;
}

void mh_full_check_end(struct mh_machine *machine, struct mh_operation *operation)
{
	struct mh_operation_watch *watch = mh_operation_watch_of(machine, operation);

	mh_walk_check_operation(machine, operation);
	if (operation->result < 0)
		mh_snapshot_check(machine, operation, &watch->before);
	check_uevents(machine, operation);
	check_node(machine, operation);
	operation->check.checked += 3;
	watch->running = NULL;
}
