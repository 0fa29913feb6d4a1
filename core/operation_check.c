/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is checked at the borders of an operation. Under the hotplug lock of the operation's node.
 */
#include "core/operation_check.h"

#include <errno.h>
#include <limits.h>

#include "core/chain_reclaim.h"
#include "core/full_check.h"
#include "core/invariant.h"

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

void mh_operation_found_refusal(struct mh_operation *operation, enum mh_event event, int value)
{
	if (mh_event_can_veto(event) && !operation->check.refusal)
		operation->check.refusal = notifier_to_errno(value);
}

const struct mh_listener mh_listener_none = {.name = "nobody", .priority = INT_MAX};

const struct mh_listener mh_listener_stopped = {.priority = INT_MIN};

void mh_check_found_walk_value(struct mh_machine *machine, struct mh_operation *operation, int value, int count)
{
	const struct mh_trace *trace = operation->trace;

	if (trace->count < trace->capacity)
		mh_check_violated(machine, operation, "I04", "the walk's result is %#x, its last answer %#x of %d",
				  (unsigned)value, (unsigned)trace->stamps[trace->count - 1].value, count);
}

void mh_check_found_order(struct mh_machine *machine, struct mh_operation *operation,
			  const struct mh_listener *previous, const struct mh_listener *listener)
{
	if (previous == &mh_listener_stopped)
		mh_check_violated(machine, operation, "I03", "listener '%s' was called after an answer that stops",
				  listener->name);
	else
		mh_check_violated(machine, operation, previous == listener ? "I02" : "I01",
				  "listener '%s' (priority %d) was called after '%s' (priority %d)", listener->name,
				  listener->priority, previous->name, previous->priority);
}

void mh_check_found_absent(struct mh_machine *machine, struct mh_operation *operation,
			   const struct mh_listener *listener, uint64_t sequence, const char *what)
{
	bool again = atomic_load_explicit(&listener->sequence, memory_order_relaxed) != 0;

	if (sequence == MH_CHAIN_RECLAIMED) {
		mh_check_violated(machine, operation, "I30",
				  "the walk stands on an entry of listener '%s' that was reclaimed under it",
				  listener->name);
		return;
	}
	mh_check_violated(machine, operation, "I26", "listener '%s' %s%s", listener->name, what,
			  again ? "; it has been registered again since" : "");
}

static bool argument_is_a_fault(const struct mh_operation *operation)
{
	return operation->check.detected >> mh_invariant_index("I09") & 1;
}

void mh_check_found_argument(struct mh_machine *machine, struct mh_operation *operation)
{
	struct memory_notify *now = &operation->arg;
	const struct memory_notify *made = &operation->check.arg;

	mh_check_violated(machine, operation, "I09",
			  "a listener changed the event's argument: pages %lu+%lu nids %d %d, made as %lu+%lu %d %d",
			  now->start_pfn, now->nr_pages, now->status_change_nid_normal, now->status_change_nid,
			  made->start_pfn, made->nr_pages, made->status_change_nid_normal, made->status_change_nid);
	if (argument_is_a_fault(operation))
		*now = *made;
}

static void check_nid(struct mh_machine *machine, struct mh_operation *operation, const char *invariant, int nid,
		      bool expected, const char *field)
{
	int wanted = expected ? machine->nodes[operation->node].nid : -1;

	if (nid != wanted)
		mh_check_violated(machine, operation, invariant, "%s is %d, expected %d", field, nid, wanted);
}

/* mh_operation.online as an index. */
enum { OFFLINING, ONLINING };

/*
 * The automata, by what the operation's protocol sends and its direction: which state an event leads to from each
 * state; 0, as in all places not named, is none. FINISH_OFFLINE ends a successful offline and an online that failed
 * after its PREPARE, and nothing else; after PREPARE alone it stands where GOING_ONLINE was not even reached. Rows:
 * state; columns: event.
 */
static const mh_automaton_row plain[2][MH_OPERATION_STATES] = {
	[OFFLINING] =
		{[MH_OPERATION_BEGUN] = {[MH_GOING_OFFLINE] = MH_OPERATION_GOING},
		 [MH_OPERATION_GOING] = {[MH_OFFLINE] = MH_OPERATION_ENDED, [MH_CANCEL_OFFLINE] = MH_OPERATION_ENDED}},
	[ONLINING] =
		{[MH_OPERATION_BEGUN] = {[MH_GOING_ONLINE] = MH_OPERATION_GOING},
		 [MH_OPERATION_GOING] = {[MH_ONLINE] = MH_OPERATION_ENDED, [MH_CANCEL_ONLINE] = MH_OPERATION_ENDED}},
};

static const mh_automaton_row with_prepare[2][MH_OPERATION_STATES] = {
	[OFFLINING] = {[MH_OPERATION_BEGUN] = {[MH_GOING_OFFLINE] = MH_OPERATION_GOING},
		       [MH_OPERATION_GOING] =
			       {[MH_CANCEL_OFFLINE] = MH_OPERATION_ENDED, [MH_OFFLINE] = MH_OPERATION_UNFINISHED},
		       [MH_OPERATION_UNFINISHED] = {[MH_FINISH_OFFLINE] = MH_OPERATION_FINISHED}},
	[ONLINING] = {[MH_OPERATION_BEGUN] = {[MH_PREPARE_ONLINE] = MH_OPERATION_PREPARED},
		      [MH_OPERATION_PREPARED] =
			      {[MH_GOING_ONLINE] = MH_OPERATION_GOING, [MH_FINISH_OFFLINE] = MH_OPERATION_FINISHED},
		      [MH_OPERATION_GOING] =
			      {[MH_ONLINE] = MH_OPERATION_ENDED, [MH_CANCEL_ONLINE] = MH_OPERATION_UNFINISHED},
		      [MH_OPERATION_UNFINISHED] = {[MH_FINISH_OFFLINE] = MH_OPERATION_FINISHED}},
};

static const mh_automaton_row with_node[2][MH_OPERATION_STATES] = {
	[OFFLINING] = {[MH_OPERATION_BEGUN] = {[MH_NODE_REMOVING_LAST_MEMORY] = MH_OPERATION_NODE_ASKED},
		       [MH_OPERATION_NODE_ASKED] =
			       {[MH_GOING_OFFLINE] = MH_OPERATION_GOING, [MH_CANCEL_OFFLINE] = MH_OPERATION_CANCELLED},
		       [MH_OPERATION_GOING] = {[MH_NODE_REMOVED_LAST_MEMORY] = MH_OPERATION_NODE_TOLD,
					       [MH_CANCEL_OFFLINE] = MH_OPERATION_CANCELLED},
		       [MH_OPERATION_NODE_TOLD] = {[MH_OFFLINE] = MH_OPERATION_ENDED},
		       [MH_OPERATION_CANCELLED] = {[MH_NODE_CANCEL_REMOVING_LAST_MEMORY] = MH_OPERATION_ENDED}},
	[ONLINING] = {[MH_OPERATION_BEGUN] = {[MH_NODE_ADDING_FIRST_MEMORY] = MH_OPERATION_NODE_ASKED},
		      [MH_OPERATION_NODE_ASKED] =
			      {[MH_GOING_ONLINE] = MH_OPERATION_GOING, [MH_CANCEL_ONLINE] = MH_OPERATION_CANCELLED},
		      [MH_OPERATION_GOING] = {[MH_NODE_ADDED_FIRST_MEMORY] = MH_OPERATION_NODE_TOLD,
					      [MH_CANCEL_ONLINE] = MH_OPERATION_CANCELLED},
		      [MH_OPERATION_NODE_TOLD] = {[MH_ONLINE] = MH_OPERATION_ENDED},
		      [MH_OPERATION_CANCELLED] = {[MH_NODE_CANCEL_ADDING_FIRST_MEMORY] = MH_OPERATION_ENDED}},
};

void mh_operation_check_init(struct mh_machine *machine)
{
	machine->automata[OFFLINING] = machine->protocol->prepares ? with_prepare[OFFLINING] : plain[OFFLINING];
	machine->automata[ONLINING] = machine->protocol->prepares ? with_prepare[ONLINING] : plain[ONLINING];
}

const mh_automaton_row *mh_automaton_with_node(const struct mh_operation *operation)
{
	return with_node[operation->online];
}

void mh_check_nids(struct mh_machine *machine, struct mh_operation *operation)
{
	const char *invariant = operation->online ? "I10" : "I11";
	const struct mh_node *node = &machine->nodes[operation->node];
	uint64_t normal_pages = mh_node_normal_pages(node);
	uint64_t pages = operation->arg.nr_pages;
	bool memory = operation->online ? !operation->check.memory_before
					: normal_pages + node->zones[MH_ZONE_MOVABLE].present_pages <= pages;
	bool normal = mh_zone_is_kernel(operation->zone) &&
		      (operation->online ? !operation->check.normal_before : normal_pages <= pages);

	check_nid(machine, operation, invariant, operation->arg.status_change_nid, memory, "status_change_nid");
	check_nid(machine, operation, invariant, operation->arg.status_change_nid_normal, normal,
		  "status_change_nid_normal");
}

/* What comes after an event that may not come is not judged by the automaton any more. */
void mh_check_found_event(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event)
{
	operation->check.state = MH_OPERATION_ENDED;
	mh_check_violated(machine, operation, mh_event_can_veto(event) ? "I05" : "I06", "%s came as event %u of an %s",
			  mh_event_kernel_names[event], operation->event_count,
			  operation->online ? "online" : "offline");
}

/* The masks must follow the pages after success and be untouched after failure. */
static void check_masks(struct mh_machine *machine, struct mh_operation *operation, bool normal, bool memory)
{
	const struct mh_node *node = &machine->nodes[operation->node];
	const struct mh_operation_check *check = &operation->check;
	const char *invariant = operation->result < 0 ? "I12" : operation->online ? "I10" : "I11";
	bool want_normal = mh_node_normal_pages(node) > 0;
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
	uint64_t pages = operation->pages;

	if (operation->result == 0)
		expected += operation->online ? pages : -pages;
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

	if (operation->check.begun && state != want)
		mh_check_violated(machine, operation, "I40", "block %u is %s after the operation, expected %s",
				  operation->block, mh_block_state_names[state], mh_block_state_names[want]);
	if (isolated)
		mh_check_violated(machine, operation, "I36",
				  "zone %s of node %d has %u isolated blocks after the operation",
				  mh_zone_names[operation->zone], machine->nodes[operation->node].nid, isolated);
}

/* I38: the span is what core knows of a block's zone besides the byte that says it. */
static void check_zone(struct mh_machine *machine, struct mh_operation *operation, bool online)
{
	const struct mh_node *node = &machine->nodes[operation->node];
	bool spanned = mh_bitmap_test(&node->zones[operation->zone].span, operation->block - node->first_block);
	enum mh_zone_kind zone = mh_block_zone_kind(machine, operation->block);

	if (spanned != online)
		mh_check_violated(machine, operation, "I38", "block %u is %s zone %s, which %s it", operation->block,
				  online ? "of" : "not of", mh_zone_names[operation->zone],
				  spanned ? "spans" : "does not span");
	if (online && zone != operation->zone)
		mh_check_violated(machine, operation, "I38", "block %u went from zone %s to %s while it was online",
				  operation->block, mh_zone_names[operation->zone],
				  zone < MH_ZONE_KINDS ? mh_zone_names[zone] : "none");
}

/* What a step that fails by itself answers, by outcome. */
static const int errnos[MH_OUTCOME_COUNT] = {
	[MH_OUTCOME_ALREADY] = -EINVAL, [MH_OUTCOME_ISOLATE] = -EBUSY,   [MH_OUTCOME_SIGNAL] = -EINTR,
	[MH_OUTCOME_ABSENT] = -ENODEV,  [MH_OUTCOME_HOLES] = -EINVAL,    [MH_OUTCOME_ZONES] = -EINVAL,
	[MH_OUTCOME_DISSOLVE] = -EBUSY, [MH_OUTCOME_UNMOVABLE] = -EBUSY, [MH_OUTCOME_POISON] = -EHWPOISON,
	[MH_OUTCOME_MEMMAP] = -EINVAL,
};

/* Steps that fail in two ways: the host has no memory for a block's memmap, the kernel none to dissolve a huge page. */
static bool may_be_enomem(enum mh_outcome outcome)
{
	return outcome == MH_OUTCOME_MEMMAP || outcome == MH_OUTCOME_DISSOLVE;
}

/* I32: a refusal decides, and nobody else decides for one. */
static void check_errno(struct mh_machine *machine, struct mh_operation *operation)
{
	int refusal = operation->check.refusal;
	int expected = refusal ? refusal : errnos[operation->outcome];

	if (operation->result == expected || (may_be_enomem(operation->outcome) && operation->result == -ENOMEM))
		return;
	mh_check_violated(machine, operation, "I32", "the operation returns %d, expected %d (%s%s)", operation->result,
			  expected, mh_outcome_names[operation->outcome], refusal ? ", refused" : "");
}

/* An answer that stops the walk and decodes to 0: the listener believes to have refused what goes on. */
static void tell_taken_for_success(struct mh_machine *machine, struct mh_operation *operation,
				   const struct mh_listener *listener)
{
	const struct mh_operation_check *check = &operation->check;
	/* heard_count is of the last walk that asked: the GOING event's. */
	bool going = check->finding_event == MH_GOING_ONLINE || check->finding_event == MH_GOING_OFFLINE;
	bool below = going && mh_chain_count(&machine->chain) > (uint32_t)operation->heard_count;

	mh_check_violated(machine, operation, "return-encoding",
			  "listener '%s' answered %s with a raw %d, which Linux takes for success: block %u went %s "
			  "although the listener refused%s (right: notifier_from_errno(%d))",
			  listener->name, mh_event_kernel_names[check->finding_event], check->finding_value,
			  operation->block, operation->online ? "online" : "offline",
			  below ? ", and the listeners below it hear the final event without its GOING" : "",
			  check->finding_value);
}

void mh_operation_tell_finding(struct mh_machine *machine, struct mh_operation *operation)
{
	const struct mh_operation_check *check = &operation->check;
	const struct mh_listener *listener =
		mh_machine_listener(machine, check->finding_event, check->finding_listener);
	int value = check->finding_value;

	if (mh_event_can_veto((enum mh_event)check->finding_event) && value < 0 && (value & NOTIFY_STOP_MASK) &&
	    notifier_to_errno(value) == 0 && operation->result == 0) {
		tell_taken_for_success(machine, operation, listener);
		return;
	}
	mh_check_violated(machine, operation, "return-encoding",
			  "listener '%s' answered %s with %d, which is no NOTIFY_ value and no notifier_from_errno(): "
			  "Linux %s and decodes it to %d",
			  listener->name, mh_event_kernel_names[check->finding_event], value,
			  value & NOTIFY_STOP_MASK ? "stops the walk there" : "goes on", notifier_to_errno(value));
}

static bool is_prepare_arg(const struct mh_machine *machine, const struct mh_operation *operation)
{
	const struct memory_notify *now = &operation->prepare_arg, *made = &operation->check.arg;

	return now->start_pfn == made->start_pfn && now->nr_pages == made->nr_pages && now->status_change_nid == -1 &&
	       now->status_change_nid_normal == -1 && now->status_change_nid_high == -1 &&
	       now->altmap_start_pfn == (unsigned long)operation->block << machine->block_shift &&
	       now->altmap_nr_pages == machine->pages_per_block - operation->pages;
}

static void restore_prepare_arg(struct mh_machine *machine, struct mh_operation *operation)
{
	const struct memory_notify *made = &operation->check.arg;

	operation->prepare_arg = (struct memory_notify){
		.start_pfn = made->start_pfn,
		.nr_pages = made->nr_pages,
		.status_change_nid_normal = -1,
		.status_change_nid_high = -1,
		.status_change_nid = -1,
		.altmap_start_pfn = (unsigned long)operation->block << machine->block_shift,
		.altmap_nr_pages = machine->pages_per_block - operation->pages,
	};
}

static void check_node_argument(struct mh_machine *machine, struct mh_operation *operation)
{
	int nid = machine->nodes[operation->node].nid;

	if (operation->node_arg.nid == nid)
		return;
	mh_check_violated(machine, operation, "I09", "a listener changed the event's argument: nid %d, made as %d",
			  operation->node_arg.nid, nid);
	if (argument_is_a_fault(operation))
		operation->node_arg.nid = nid;
}

void mh_check_other_argument(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event)
{
	if (mh_event_is_node(event)) {
		check_node_argument(machine, operation);
		return;
	}
	if (is_prepare_arg(machine, operation))
		return;
	mh_check_violated(machine, operation, "I09",
			  "a listener changed the event's argument: pages %lu+%lu, memmap %lu+%lu",
			  operation->prepare_arg.start_pfn, operation->prepare_arg.nr_pages,
			  operation->prepare_arg.altmap_start_pfn, operation->prepare_arg.altmap_nr_pages);
	if (argument_is_a_fault(operation))
		restore_prepare_arg(machine, operation);
}

void mh_operation_check_each(struct mh_machine *machine, struct mh_operation *operation)
{
	struct mh_operation_check *check = &operation->check;
	const struct mh_node *node = &machine->nodes[operation->node];
	bool normal = mh_node_mask_test(machine->has_normal, operation->node);
	bool memory = mh_node_mask_test(machine->has_memory, operation->node);

	check->checked += check->begun ? MH_CHECKS_OF_BEGUN : MH_CHECKS_OF_REFUSED;
	if (MH_OPERATION_OPEN_STATES >> check->state & 1)
		mh_check_violated(machine, operation, "I05", "GOING was followed by no final event");
	else if (operation->result == 0 && !(MH_OPERATION_DONE_STATES >> check->state & 1))
		mh_check_violated(machine, operation, "I05", "it succeeded without a GOING and a final event");
	if (check->begun)
		check_masks(machine, operation, normal, memory);
	if (check->begun)
		check_zone(machine, operation, operation->online == (operation->result == 0));
	check_errno(machine, operation);
	check_managed(machine, operation, mh_node_managed_pages(node));
	check_block(machine, operation);
}
