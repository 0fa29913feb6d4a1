/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is checked at the borders of an operation. Under the hotplug lock of the operation's node.
 */
#include "core/operation_check.h"

static void snapshot(struct mh_machine *machine, struct mh_operation *operation, bool *ret_normal, bool *ret_memory,
		     uint64_t *ret_managed)
{
	const struct mh_node *node = &machine->nodes[operation->node];

	*ret_normal = mh_node_mask_test(machine->has_normal, operation->node);
	*ret_memory = mh_node_mask_test(machine->has_memory, operation->node);
	*ret_managed = node->zones[MH_ZONE_NORMAL].managed_pages + node->zones[MH_ZONE_MOVABLE].managed_pages;
}

void mh_operation_check_begin(struct mh_machine *machine, struct mh_operation *operation)
{
	struct mh_operation_check *check = &operation->check;

	check->state = MH_OPERATION_BEGUN;
	check->finding_pending = false;
	check->violated = false;
	snapshot(machine, operation, &check->normal_before, &check->memory_before, &check->managed_before);
}

void mh_operation_found_answer(struct mh_operation *operation, const struct mh_listener *listener, enum mh_event event,
			       int value)
{
	struct mh_operation_check *check = &operation->check;

	if (check->finding_pending)
		return; /* the first one is told; the events show the rest */
	check->finding_pending = true;
	check->finding_listener = listener->id;
	check->finding_event = (unsigned char)event;
	check->finding_value = value;
}

void mh_check_found_absent(struct mh_machine *machine, struct mh_operation *operation,
			   const struct mh_listener *listener, const char *what)
{
	bool again = atomic_load_explicit(&listener->sequence, memory_order_relaxed) != 0;

	mh_check_violated(machine, operation, "I26", "listener '%s' %s%s", listener->name, what,
			  again ? "; it has been registered again since" : "");
}

static void check_nid(struct mh_machine *machine, struct mh_operation *operation, const char *invariant, int nid,
		      bool expected, const char *field)
{
	int wanted = expected ? machine->nodes[operation->node].nid : -1;

	if (nid != wanted)
		mh_check_violated(machine, operation, invariant, "%s is %d, expected %d", field, nid, wanted);
}

/* From the present counters, which stand still under the hotplug lock. */
static void check_offline_arg(struct mh_machine *machine, struct mh_operation *operation)
{
	const struct mh_node *node = &machine->nodes[operation->node];
	uint64_t normal = node->zones[MH_ZONE_NORMAL].present_pages;
	uint64_t movable = node->zones[MH_ZONE_MOVABLE].present_pages;
	uint64_t pages = machine->pages_per_block;

	check_nid(machine, operation, "I11", operation->arg.status_change_nid, normal + movable <= pages,
		  "status_change_nid");
	check_nid(machine, operation, "I11", operation->arg.status_change_nid_normal,
		  operation->zone == MH_ZONE_NORMAL && normal <= pages, "status_change_nid_normal");
}

void mh_operation_check_arg(struct mh_machine *machine, struct mh_operation *operation)
{
	struct mh_operation_check *check = &operation->check;
	bool first_normal = operation->zone == MH_ZONE_NORMAL && !check->normal_before;

	check->arg = operation->arg;
	check->checked += 2;
	if (!operation->online) {
		check_offline_arg(machine, operation);
		return;
	}
	check_nid(machine, operation, "I10", operation->arg.status_change_nid, !check->memory_before,
		  "status_change_nid");
	check_nid(machine, operation, "I10", operation->arg.status_change_nid_normal, first_normal,
		  "status_change_nid_normal");
}

void mh_check_event(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event)
{
	struct mh_operation_check *check = &operation->check;
	bool going = event == MH_GOING_ONLINE || event == MH_GOING_OFFLINE;
	bool right_direction = operation->online == (event <= MH_ONLINE);

	if (!right_direction || check->state != (going ? MH_OPERATION_BEGUN : MH_OPERATION_GOING))
		mh_check_violated(machine, operation, going ? "I05" : "I06", "%s came as event %u of an %s",
				  mh_event_kernel_names[event], operation->event_count,
				  operation->online ? "online" : "offline");
	check->state = going ? MH_OPERATION_GOING : MH_OPERATION_ENDED;
}

/* The masks must follow the pages after success and be untouched after failure. */
static void check_masks(struct mh_machine *machine, struct mh_operation *operation, bool normal, bool memory)
{
	const struct mh_node *node = &machine->nodes[operation->node];
	const struct mh_operation_check *check = &operation->check;
	const char *invariant = operation->result < 0 ? "I12" : operation->online ? "I10" : "I11";
	bool want_normal = node->zones[MH_ZONE_NORMAL].present_pages > 0;
	bool want_memory = want_normal || node->zones[MH_ZONE_MOVABLE].present_pages > 0;

	if (operation->result < 0) {
		want_normal = check->normal_before;
		want_memory = check->memory_before;
	}
	if (normal != want_normal || memory != want_memory)
		mh_check_violated(machine, operation, invariant,
				  "node %d: N_NORMAL_MEMORY is %d, expected %d; N_MEMORY is %d, expected %d", node->nid,
				  normal, want_normal, memory, want_memory);
}

static void check_managed(struct mh_machine *machine, struct mh_operation *operation, uint64_t managed)
{
	uint64_t expected = operation->check.managed_before;

	if (operation->result == 0)
		expected += operation->online ? machine->pages_per_block : -(uint64_t)machine->pages_per_block;
	if (managed != expected)
		mh_check_violated(machine, operation, "I17", "managed pages of node %d are %llu, expected %llu",
				  machine->nodes[operation->node].nid, (unsigned long long)managed,
				  (unsigned long long)expected);
}

static void check_block(struct mh_machine *machine, struct mh_operation *operation)
{
	bool want_online = operation->online == (operation->result == 0);
	enum mh_block_state want = want_online ? MH_BLOCK_ONLINE : MH_BLOCK_OFFLINE;
	enum mh_block_state state = mh_machine_block_state(machine, operation->block);
	unsigned isolated = machine->nodes[operation->node].zones[operation->zone].isolated_blocks;

	if (operation->outcome != MH_OUTCOME_ALREADY && state != want)
		mh_check_violated(machine, operation, "I40", "block %u is %s after the operation, expected %s",
				  operation->block, mh_block_state_names[state], mh_block_state_names[want]);
	if (isolated)
		mh_check_violated(machine, operation, "I36",
				  "zone %s of node %d has %u isolated blocks after the operation",
				  mh_zone_names[operation->zone], machine->nodes[operation->node].nid, isolated);
}

/* An answer that stops the walk and decodes to 0: the listener believes to have refused what goes on. */
static void tell_taken_for_success(struct mh_machine *machine, struct mh_operation *operation,
				   const struct mh_listener *listener)
{
	const struct mh_operation_check *check = &operation->check;
	bool below = mh_chain_count(&machine->chain) > (uint32_t)operation->heard_count;

	mh_check_violated(machine, operation, "return-encoding",
			  "listener '%s' answered %s with a raw %d, which Linux takes for success: block %u went %s "
			  "although the listener refused%s (right: notifier_from_errno(%d))",
			  listener->name, mh_event_kernel_names[check->finding_event], check->finding_value,
			  operation->block, operation->online ? "online" : "offline",
			  below ? ", and the listeners below it hear the final event without its GOING" : "",
			  check->finding_value);
}

static void tell_finding(struct mh_machine *machine, struct mh_operation *operation)
{
	const struct mh_operation_check *check = &operation->check;
	const struct mh_listener *listener = mh_chain_listener(&machine->chain, check->finding_listener);
	int value = check->finding_value;

	if ((check->finding_event == MH_GOING_ONLINE || check->finding_event == MH_GOING_OFFLINE) && value < 0 &&
	    (value & NOTIFY_STOP_MASK) && notifier_to_errno(value) == 0 && operation->result == 0) {
		tell_taken_for_success(machine, operation, listener);
		return;
	}
	mh_check_violated(machine, operation, "return-encoding",
			  "listener '%s' answered %s with %d, which is no NOTIFY_ value and no notifier_from_errno(): "
			  "Linux %s and decodes it to %d",
			  listener->name, mh_event_kernel_names[check->finding_event], value,
			  value & NOTIFY_STOP_MASK ? "stops the walk there" : "goes on", notifier_to_errno(value));
}

void mh_operation_check_end(struct mh_machine *machine, struct mh_operation *operation)
{
	struct mh_operation_check *check = &operation->check;
	bool normal, memory;
	uint64_t managed;

	check->checked += 6;
	if (check->state == MH_OPERATION_GOING)
		mh_check_violated(machine, operation, "I05", "GOING was followed by no final event");
	snapshot(machine, operation, &normal, &memory, &managed);
	if (operation->outcome != MH_OUTCOME_ALREADY)
		check_masks(machine, operation, normal, memory);
	check_managed(machine, operation, managed);
	check_block(machine, operation);
	if (__builtin_expect(check->finding_pending, 0))
		tell_finding(machine, operation);
}
