/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The inline checks of one operation: O(1), no lock, no shared counter. Each names its invariant of semantics.md 8.
 */
#ifndef CORE_OPERATION_CHECK_H
#define CORE_OPERATION_CHECK_H

#include "core/full_check.h"
#include "core/machine_private.h"
#include "core/place.h"

/* States of the automaton of I05 and I06. */
enum mh_operation_state {
	MH_OPERATION_NONE,       /* no state: what an automaton has for an event that may not come */
	MH_OPERATION_BEGUN,      /* no event yet */
	MH_OPERATION_PREPARED,   /* PREPARE_ONLINE walked */
	MH_OPERATION_NODE_ASKED, /* the node's ADDING or REMOVING walked */
	MH_OPERATION_GOING,      /* GOING_x walked */
	MH_OPERATION_NODE_TOLD,  /* the node's ADDED or REMOVED walked */
	MH_OPERATION_CANCELLED,  /* CANCEL_x walked, the node's CANCEL comes */
	MH_OPERATION_UNFINISHED, /* OFFLINE or CANCEL_ONLINE walked, FINISH_OFFLINE comes */
	MH_OPERATION_ENDED,      /* x, or CANCEL_x, or the node's CANCEL walked: the last event */
	MH_OPERATION_FINISHED,   /* FINISH_OFFLINE walked */
	MH_OPERATION_STATES,
};

/* An operation that ends in one of these has asked somebody and told nobody how it ended. */
#define MH_OPERATION_OPEN_STATES                                                                                       \
	(1u << MH_OPERATION_NODE_ASKED | 1u << MH_OPERATION_GOING | 1u << MH_OPERATION_NODE_TOLD |                     \
	 1u << MH_OPERATION_CANCELLED | 1u << MH_OPERATION_UNFINISHED)

/* A successful one ends in one of these: whatever it left out, it has told somebody, or there was no operation. */
#define MH_OPERATION_DONE_STATES (1u << MH_OPERATION_ENDED | 1u << MH_OPERATION_FINISHED)

/* DONE, OK, STOP, BAD and from_errno(-1 … -4095); anything else is a mistake of the listener that Linux does not see.
 */
static inline bool mh_answer_is_well_formed(int value)
{
	return value == NOTIFY_DONE || value == NOTIFY_OK ||
	       (value >= NOTIFY_STOP && value <= (NOTIFY_STOP_MASK | (NOTIFY_OK + 4095)));
}

void mh_operation_found_answer(struct mh_operation *operation, const struct mh_listener *listener, enum mh_event event,
			       int value);

void mh_check_found_absent(struct mh_machine *machine, struct mh_operation *operation,
			   const struct mh_listener *listener, uint64_t sequence, const char *what);

/*
 * I26, and I30 for an entry that was reclaimed: the registration that the walk's entry stands for must be the one that
 * stands now, so that a listener that was registered again at once is seen, too. @sequence: of the entry.
 *
 * Relaxed: a walk that is right reads @sequence, whatever the order, since register stored it before it published the
 * entry and unregister changes it only after the grace period that this walk holds up. One that is wrong may read it
 * still and be missed; it is never the other way round.
 */
static inline void mh_check_present(struct mh_machine *machine, struct mh_operation *operation,
				    const struct mh_listener *listener, uint64_t sequence, const char *what)
{
	if (__builtin_expect(atomic_load_explicit(&listener->sequence, memory_order_relaxed) != sequence, 0))
		mh_check_found_absent(machine, operation, listener, sequence, what);
}

/* Stand for the listener before: of the first one called, above which everybody is below; and after an answer with the
 * stop bit, after which nobody may be called: with MH_STOPPED_SEQUENCE. */
extern const struct mh_listener mh_listener_none, mh_listener_stopped;
#define MH_STOPPED_SEQUENCE UINT64_MAX

void mh_check_found_order(struct mh_machine *machine, struct mh_operation *operation,
			  const struct mh_listener *previous, const struct mh_listener *listener);

/* I01-I03: strictly falling (priority, order of registration) means each at most once, too; and nothing is below
 * mh_listener_stopped. The sequences are those of the walk's entries, as mh_check_present has found them to stand. */
static inline void mh_check_order(struct mh_machine *machine, struct mh_operation *operation,
				  const struct mh_listener *previous, uint64_t previous_sequence,
				  const struct mh_listener *listener, uint64_t sequence)
{
	if (__builtin_expect(previous->priority > listener->priority ||
				     (previous->priority == listener->priority && previous_sequence < sequence),
			     1))
		return;
	mh_check_found_order(machine, operation, previous, listener);
}

void mh_check_found_walk_value(struct mh_machine *machine, struct mh_operation *operation, int value, int count);

/*
 * I04, after a walk that called @count, before its end is stamped: the @last stamp is that of the last listener's
 * answer, or of the walk's beginning, whose value is DONE; if the trace had room for it.
 */
static inline void mh_check_last_value(struct mh_machine *machine, struct mh_operation *operation,
				       const struct mh_stamp *last, int value, int count)
{
	if (__builtin_expect(value != last->value, 0))
		mh_check_found_walk_value(machine, operation, value, count);
}

static inline void mh_check_walk_value(struct mh_machine *machine, struct mh_operation *operation, int value, int count)
{
	const struct mh_trace *trace = operation->trace;

	mh_check_last_value(machine, operation, &trace->stamps[trace->count - 1], value, count);
}

/* For I32: which refusal the operation's errno must be. Few walks come here: those that did not end in DONE or OK. */
void mh_operation_found_refusal(struct mh_operation *operation, enum mh_event event, int value);

/* I09. An argument that a fault changed to be found out is put back: the rest of the operation goes by it. */
void mh_check_found_argument(struct mh_machine *machine, struct mh_operation *operation);

static inline void mh_check_argument(struct mh_machine *machine, struct mh_operation *operation)
{
	const struct memory_notify *now = &operation->arg, *made = &operation->check.arg;

	/* Not one by one: two neighbours would be loaded at once, which were just stored in pieces, and that stalls. */
	unsigned long pages = (now->start_pfn ^ made->start_pfn) | (now->nr_pages ^ made->nr_pages);
	int nids = (now->status_change_nid_normal ^ made->status_change_nid_normal) |
		   (now->status_change_nid_high ^ made->status_change_nid_high) |
		   (now->status_change_nid ^ made->status_change_nid);

	if (__builtin_expect(pages | (unsigned)nids, 0))
		mh_check_found_argument(machine, operation);
}

/* Of a new machine, whose protocol is set. */
void mh_operation_check_init(struct mh_machine *machine);
/* I09 of the events that have an argument of their own: PREPARE_ONLINE, FINISH_OFFLINE and those of nodes. */
void mh_check_other_argument(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event);

/* Of an operation that tells the node's chain, too, by its direction. */
const mh_automaton_row *mh_automaton_with_node(const struct mh_operation *operation);

static inline const mh_automaton_row *mh_automaton_of(const struct mh_machine *machine,
						      const struct mh_operation *operation)
{
	if (__builtin_expect(operation->first_memory, 0) && machine->protocol->node_chain)
		return mh_automaton_with_node(operation);
	return machine->automata[operation->online];
}

/* @normal, @memory: whether the node is in N_NORMAL_MEMORY and N_MEMORY now. */
static inline void mh_operation_check_begin(struct mh_machine *machine, struct mh_operation *operation,
					    const struct mh_place *place, bool normal, bool memory)
{
	struct mh_operation_check *check = &operation->check;

	check->refusal = 0;
	check->state = MH_OPERATION_BEGUN;
	check->begun = false;
	check->violated = false;
	check->finding_pending = false;
	check->automaton = mh_automaton_of(machine, operation);
	check->expected = check->detected = 0;
	check->normal_before = normal;
	check->memory_before = memory;
	check->managed_before = mh_node_managed_pages(place->node);
	if (__builtin_expect(machine->full != NULL, 0))
		mh_full_check_begin(machine, operation);
}

/* I10, I11 on the nids of arg, whatever they are. */
void mh_check_nids(struct mh_machine *machine, struct mh_operation *operation);

/* Must the nids tell of nothing? An offline's go by the present counters, which stand still under the hotplug lock. */
static inline __attribute__((always_inline)) bool mh_nids_tell_nothing(const struct mh_operation *operation,
								       const struct mh_node *node, bool online)
{
	const struct mh_operation_check *check = &operation->check;
	uint64_t normal_pages = mh_node_normal_pages(node);
	uint64_t pages = normal_pages + node->zones[MH_ZONE_MOVABLE].present_pages;
	bool memory = online ? check->memory_before : operation->arg.nr_pages < pages;
	bool normal = online ? check->normal_before : operation->arg.nr_pages < normal_pages;

	return memory && (normal || !mh_zone_is_kernel(operation->zone));
}

/* After arg is filled: it is the one that all events must carry. I10, I11 on its nids. */
static inline __attribute__((always_inline)) void mh_operation_check_arg(struct mh_machine *machine,
									 struct mh_operation *operation,
									 const struct mh_place *place, bool online)
{
	const struct memory_notify *arg = &operation->arg;

	operation->check.begun = true;
	if (__builtin_expect(operation->first_memory, 0)) /* an offline's was not known before */
		operation->check.automaton = mh_automaton_of(machine, operation);
	if (__builtin_expect(!mh_nids_tell_nothing(operation, place->node, online) ||
				     (arg->status_change_nid & arg->status_change_nid_normal) != -1,
			     0))
		mh_check_nids(machine, operation);
}

void mh_check_found_event(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event);

/* I05 and I06, before each walk: may the event come? If not, mh_check_found_event. */
static inline bool mh_check_event_may_come(struct mh_operation *operation, enum mh_event event)
{
	struct mh_operation_check *check = &operation->check;

	check->state = check->automaton[check->state][event];
	return __builtin_expect(check->state != MH_OPERATION_NONE, 1);
}

static inline void mh_check_event(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event)
{
	if (!mh_check_event_may_come(operation, event))
		mh_check_found_event(machine, operation, event);
}

/* Checks made at the borders of an operation: of one that made its argument, and of one that did not. */
#define MH_CHECKS_OF_BEGUN   10
#define MH_CHECKS_OF_REFUSED 8

/* A success of which everything holds that mh_operation_check_each() would look at: most operations end here, with few
 * branches. */
static inline __attribute__((always_inline)) bool mh_is_sound_success(const struct mh_machine *machine,
								      const struct mh_operation *operation,
								      const struct mh_place *place, bool online)
{
	const struct mh_operation_check *check = &operation->check;
	const struct mh_node *node = place->node;
	uint64_t normal_pages = mh_node_normal_pages(node);
	uint64_t pages = normal_pages + node->zones[MH_ZONE_MOVABLE].present_pages;
	uint64_t change = online ? operation->pages : -(uint64_t)operation->pages;
	enum mh_block_state state = online ? MH_BLOCK_ONLINE : MH_BLOCK_OFFLINE;

	if (operation->result | (int)operation->outcome | check->refusal | !check->begun)
		return false;
	return mh_node_mask_test(machine->has_normal, operation->node) == (normal_pages > 0) &&
	       mh_node_mask_test(machine->has_memory, operation->node) == (pages > 0) &&
	       mh_node_managed_pages(node) == check->managed_before + change && !place->zone->isolated_blocks &&
	       atomic_load_explicit(&place->block->state, memory_order_relaxed) == state &&
	       mh_bitmap_test(&place->zone->span, place->index) == online &&
	       (!online || atomic_load_explicit(&place->block->zone, memory_order_relaxed) == operation->zone) &&
	       (MH_OPERATION_DONE_STATES >> check->state & 1);
}

/* Each by itself, to name what does not hold. */
void mh_operation_check_each(struct mh_machine *machine, struct mh_operation *operation);
void mh_operation_tell_finding(struct mh_machine *machine, struct mh_operation *operation);

/* I05, I10-I12, I17, I32, I36, I38, I40, and the listener's contract, when the operation has ended. */
static inline __attribute__((always_inline)) void mh_operation_check_end(struct mh_machine *machine,
									 struct mh_operation *operation,
									 const struct mh_place *place, bool online)
{
	if (__builtin_expect(mh_is_sound_success(machine, operation, place, online), 1))
		operation->check.checked += MH_CHECKS_OF_BEGUN;
	else
		mh_operation_check_each(machine, operation);
	if (__builtin_expect(operation->check.finding_pending, 0))
		mh_operation_tell_finding(machine, operation);
}

#endif
