/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The online and offline sequences and their roll-backs, in the order of semantics.md 2.3 and 3, whose step numbers
 * stand beside the code. Everything between lock and unlock happens under the hotplug lock of the machine or of the
 * node.
 */
#include <errno.h>
#include <string.h>

#include "core/buddy.h"
#include "core/corrupt.h"
#include "core/evacuate.h"
#include "core/full_check.h"
#include "core/hook_ask.h"
#include "core/kapi_rcu.h"
#include "core/kapi_thread.h"
#include "core/machine_private.h"
#include "core/operation_check.h"
#include "core/pcp.h"
#include "core/place.h"
#include "core/walk.h"
#include "core/zone.h"
#include "core/zone_choice.h"

/* Used at the two places of an operation's two directions, which keep what they need in registers. */
#define INLINE inline __attribute__((always_inline))

/* A sysfs writer that finds the lock taken sleeps this long and tries again (semantics.md 4.2). */
#define LOCK_POLL_NS 5000000u

const char *const mh_outcome_names[MH_OUTCOME_COUNT] = {
	[MH_OUTCOME_DONE] = "done",         [MH_OUTCOME_ALREADY] = "already",
	[MH_OUTCOME_VETOED] = "vetoed",     [MH_OUTCOME_ISOLATE] = "isolate",
	[MH_OUTCOME_SIGNAL] = "signal",     [MH_OUTCOME_NODE_VETOED] = "node-vetoed",
	[MH_OUTCOME_ABSENT] = "absent",     [MH_OUTCOME_HOLES] = "holes",
	[MH_OUTCOME_ZONES] = "zones",       [MH_OUTCOME_UNMOVABLE] = "unmovable",
	[MH_OUTCOME_DISSOLVE] = "dissolve", [MH_OUTCOME_POISON] = "poison",
	[MH_OUTCOME_MEMMAP] = "memmap",
};

const char *const mh_outcome_reasons[MH_OUTCOME_COUNT] = {
	[MH_OUTCOME_VETOED] = "notifier failure",
	[MH_OUTCOME_ISOLATE] = "failure to isolate range",
	[MH_OUTCOME_SIGNAL] = "signal backoff",
	[MH_OUTCOME_NODE_VETOED] = "node notifier failure",
	[MH_OUTCOME_HOLES] = "memory holes",
	[MH_OUTCOME_UNMOVABLE] = "unmovable page",
	[MH_OUTCOME_DISSOLVE] = "failure to dissolve huge pages",
};

_Thread_local struct mh_operation *mh_operation_current;

static inline enum mh_block_state place_state(const struct mh_place *place)
{
	return (enum mh_block_state)atomic_load_explicit(&place->block->state, memory_order_relaxed);
}

/* Somebody has it. */
static __attribute__((noinline)) void wait_for_lock(const struct mh_machine *machine, struct mh_mutex *lock)
{
	if (machine->config.lock_wait == MH_LOCK_WAIT_POLL) {
		/* Bounded by the holder's operation, which its own deadline ends. */
		do
			mh_sleep_ns(LOCK_POLL_NS);
		while (!mh_mutex_trylock(lock));
	} else {
		mh_mutex_lock(lock);
	}
}

static INLINE void lock_hotplug(struct mh_machine *machine, struct mh_operation *operation, struct mh_node *node)
{
	struct mh_mutex *lock = mh_hotplug_mutex_of(machine, node);

	if (operation->holds_lock)
		return;
	if (__builtin_expect(!mh_mutex_trylock(lock), 0))
		wait_for_lock(machine, lock);
	mh_trace_add(operation->trace, MH_STAMP_LOCKED, MH_GOING_ONLINE, 0, 0);
	(void)mh_hook_ask(machine, operation, MH_HOOK_LOCK, 0);
}

/* Return: the place, of the zone Normal for the time being. */
static INLINE struct mh_place begin(struct mh_machine *machine, struct mh_operation *operation, uint32_t block,
				    bool online)
{
	struct mh_place place = mh_place_without_zone(machine, block);

	place.zone = &place.node->zones[MH_ZONE_NORMAL];
	operation->online = online;
	operation->block = block;
	operation->node = place.block->node;
	operation->pages = machine->pages_per_block - mh_block_vmemmap(machine, block);
	operation->zone = MH_ZONE_NORMAL;
	operation->outcome = MH_OUTCOME_DONE;
	operation->event_count = 0;
	operation->fault_count = 0;
	operation->heard_count = 0;
	operation->first_memory = operation->first_normal = false;
	if (__builtin_expect(machine->config.cancel == MH_CANCEL_HEARD, 0))
		operation->heard = operation->node_heard = (struct mh_heard){.newest_sequence = 0};
	operation->result = 0;
	mh_operation_current = operation;
	/* For the whole operation: it waits for locks, listeners and other threads' lists, and a thread that waits
	 * inside its gate would keep an offline on another node from draining, which may be what it waits for. */
	if (operation->cpu)
		mh_cpu_leave(operation->cpu);
	lock_hotplug(machine, operation, place.node);
	if (__builtin_expect(machine->facts != NULL, 0)) {
		/* Its memory may have been removed and added to another node meanwhile; the lock is the machine's. */
		place = mh_place_without_zone(machine, block);
		place.zone = &place.node->zones[MH_ZONE_NORMAL];
		operation->node = place.block->node;
		operation->pages = machine->pages_per_block - mh_block_vmemmap(machine, block);
	}
	return place;
}

/* What verify: full and a fault that corrupts add to it. */
static __attribute__((noinline)) void end_apart(struct mh_machine *machine, struct mh_operation *operation)
{
	if (machine->full)
		mh_full_check_end(machine, operation);
	if (operation->corrupt)
		mh_corrupt_end(machine, operation);
}

static INLINE int end(struct mh_machine *machine, struct mh_operation *operation, const struct mh_place *place,
		      bool online)
{
	if (__builtin_expect(operation->corrupt, 0))
		mh_corrupt_begin(machine, operation);
	if (machine->config.verify != MH_VERIFY_OFF)
		mh_operation_check_end(machine, operation, place, online);
	if (operation->result == 0)
		mh_uevent(machine, online ? MH_UEVENT_ONLINE : MH_UEVENT_OFFLINE, operation->block);
	if (__builtin_expect(machine->full || operation->corrupt, 0))
		end_apart(machine, operation);
	operation->left = place_state(place);
	if (!operation->holds_lock)
		mh_mutex_unlock(mh_hotplug_mutex_of(machine, place->node));
	if (operation->cpu)
		mh_cpu_enter(operation->cpu);
	if (__builtin_expect(mh_kapi_self_if_any() != NULL, 0))
		mh_kapi_rcu_operation_end();
	mh_operation_current = NULL;
	return operation->result;
}

static void fail(struct mh_operation *operation, enum mh_outcome outcome, int error)
{
	operation->outcome = outcome;
	operation->result = error;
}

/* Nothing was begun: no such block, or it is in the wanted state. */
static __attribute__((noinline)) void refuse(struct mh_machine *machine, struct mh_operation *operation)
{
	bool absent = mh_block_state_of(machine, operation->block) == MH_BLOCK_ABSENT;
	struct mh_place place = mh_place_without_zone(machine, operation->block);

	operation->zone = MH_ZONE_NORMAL; /* what the checks look at must be some zone */
	mh_operation_check_begin(machine, operation, &place, mh_node_mask_test(machine->has_normal, operation->node),
				 mh_node_mask_test(machine->has_memory, operation->node));
	fail(operation, absent ? MH_OUTCOME_ABSENT : MH_OUTCOME_ALREADY, absent ? -ENODEV : -EINVAL);
}

static inline void set_state(struct mh_block *block, enum mh_block_state state)
{
	/* Relaxed: others only look at it; what belongs to the block is ordered by the hotplug lock and zone->lock. */
	atomic_store_explicit(&block->state, (unsigned char)state, memory_order_relaxed);
}

/* GOING: the decoded answer of the chain. */
static int notify_going(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event)
{
	return notifier_to_errno(mh_walk(machine, operation, event, &operation->heard_count));
}

/* Whether the operation concerns the node as a whole, in a protocol that tells so on a chain of its own. */
static bool asks_node(const struct mh_machine *machine, const struct mh_operation *operation)
{
	return __builtin_expect(operation->first_memory, 0) && machine->protocol->node_chain;
}

/* Final and CANCEL events: what they answer only cuts the walk. */
static void notify_final(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event)
{
	int ignored;

	(void)mh_walk(machine, operation, event, &ignored);
}

/* Only PREPARE_ONLINE and FINISH_OFFLINE tell of the block's own memmap; only they have no nids. */
static __attribute__((noinline)) void fill_prepare_arg(struct mh_machine *machine, struct mh_operation *operation)
{
	operation->prepare_arg = (struct memory_notify){
		.start_pfn = operation->arg.start_pfn,
		.nr_pages = operation->arg.nr_pages,
		.status_change_nid_normal = -1,
		.status_change_nid_high = -1,
		.status_change_nid = -1,
		.altmap_start_pfn = (unsigned long)operation->block << machine->block_shift,
		.altmap_nr_pages = machine->pages_per_block - operation->pages,
	};
}

/* operation->first_memory and first_normal are set. */
static INLINE void fill_arg(struct mh_machine *machine, struct mh_operation *operation, const struct mh_place *place,
			    bool online)
{
	int nid = place->node->nid;
	const struct memory_notify arg = {
		.start_pfn = (((unsigned long)operation->block + 1) << machine->block_shift) - operation->pages,
		.nr_pages = operation->pages,
		.status_change_nid_normal = operation->first_normal ? nid : -1,
		.status_change_nid_high = -1,
		.status_change_nid = operation->first_memory ? nid : -1,
	};

	/* Both from registers: to load back 16 bytes at once what was just stored in pieces would stall. */
	operation->arg = arg;
	operation->check.arg = arg;
	operation->node_arg.nid = nid;
	if (__builtin_expect(machine->protocol->prepares, 0))
		fill_prepare_arg(machine, operation);
	mh_operation_check_arg(machine, operation, place, online);
}

static INLINE void count_pages(struct mh_machine *machine, struct mh_operation *operation, struct mh_zone *zone,
			       bool add)
{
	uint64_t pages = operation->pages;

	zone->present_pages += add ? pages : -pages;
	zone->managed_pages += add ? pages : -pages;
	if (__builtin_expect(machine->facts != NULL, 0))
		mh_zone_count_facts(machine, operation->block, pages, add);
}

/* The pages that hold the block's own memmap: present before the rest is gone, and after it has come. */
static inline void count_vmemmap(struct mh_machine *machine, const struct mh_operation *operation, struct mh_zone *zone,
				 bool add)
{
	uint64_t pages = machine->pages_per_block - operation->pages;

	if (__builtin_expect(!pages, 1))
		return;
	zone->present_pages += add ? pages : -pages;
	mh_zone_count_facts(machine, operation->block, pages, add);
}

/* Node masks follow the argument, which a listener may have changed (semantics.md 1.4); where the argument does not
 * speak of the node, what core found. */
static INLINE bool changes_normal(const struct mh_machine *machine, const struct mh_operation *operation)
{
	return machine->protocol->status_change ? operation->arg.status_change_nid_normal >= 0
						: operation->first_normal;
}

static INLINE bool changes_memory(const struct mh_machine *machine, const struct mh_operation *operation)
{
	return machine->protocol->status_change ? operation->arg.status_change_nid >= 0 : operation->first_memory;
}

/* Return: whether the node's first memory has come, or its last gone. */
static INLINE bool set_masks(struct mh_machine *machine, const struct mh_operation *operation, bool online)
{
	bool memory = changes_memory(machine, operation);

	if (__builtin_expect(changes_normal(machine, operation), 0))
		mh_node_mask_set(machine->has_normal, operation->node, online);
	if (__builtin_expect(memory, 0))
		mh_node_mask_set(machine->has_memory, operation->node, online);
	return memory;
}

static inline void run_daemons(struct mh_node *node, bool run)
{
	node->kswapd = run;
	node->kcompactd = run;
}

/* Linux 7.3, as traced: what a node's kswapd allocates when it starts lands in the node's first memory if it can. */
static INLINE void start_daemons(struct mh_machine *machine, const struct mh_operation *operation, struct mh_node *node)
{
	if (__builtin_expect(machine->config.daemon_pages, 0) && !node->kswapd && machine->facts &&
	    mh_zone_is_kernel(operation->zone))
		machine->facts[operation->block].daemon_page = true;
	run_daemons(node, true);
}

/* Steps 10-20: nothing can fail any more. */
static INLINE void online_pages(struct mh_machine *machine, struct mh_operation *operation,
				const struct mh_place *place)
{
	struct mh_zone *zone = place->zone;

	atomic_store_explicit(&place->block->zone, (unsigned char)operation->zone, memory_order_relaxed);
	zone->isolated_blocks++;                     /* 10 */
	count_pages(machine, operation, zone, true); /* 12, 13 */
	(void)set_masks(machine, operation, true);   /* 14 */
	mh_zone_open(machine, place);                /* 16: the first moment a page can be allocated */
	zone->isolated_blocks--;
	start_daemons(machine, operation, place->node); /* 17 */
	if (asks_node(machine, operation))
		notify_final(machine, operation, MH_NODE_ADDED_FIRST_MEMORY);
	notify_final(machine, operation, MH_ONLINE); /* 18 */
	count_vmemmap(machine, operation, zone, true);
	set_state(place->block, MH_BLOCK_ONLINE); /* 20 */
}

/* The chain of nodes first; the first refusal of either is the operation's. */
static INLINE int ask(struct mh_machine *machine, struct mh_operation *operation, enum mh_event node_event,
		      enum mh_event event)
{
	int error;

	if (asks_node(machine, operation)) {
		error = notify_going(machine, operation, node_event);
		if (error) {
			operation->outcome = MH_OUTCOME_NODE_VETOED;
			return error;
		}
	}
	error = notify_going(machine, operation, event);
	if (error)
		operation->outcome = MH_OUTCOME_VETOED;
	return error;
}

/* To everybody, whether asked or not: the memory chain first, against the order of asking. */
static __attribute__((noinline)) void cancel(struct mh_machine *machine, struct mh_operation *operation,
					     enum mh_event event, enum mh_event node_event)
{
	notify_final(machine, operation, event);
	if (asks_node(machine, operation))
		notify_final(machine, operation, node_event);
}

static __attribute__((noinline)) void undo_online(struct mh_machine *machine, struct mh_operation *operation)
{
	struct mh_node *node = &machine->nodes[operation->node];

	cancel(machine, operation, MH_CANCEL_ONLINE, MH_NODE_CANCEL_ADDING_FIRST_MEMORY);
	/* after CANCEL, semantics.md fact 8 */
	mh_bitmap_clear(&node->zones[operation->zone].span, operation->block - node->first_block);
	mh_zone_forget_pages(machine, operation->block);
}

/* Steps 7-20, with the argument made. */
static INLINE int online_prepared(struct mh_machine *machine, struct mh_operation *operation,
				  const struct mh_place *place)
{
	int error = 0;

	if (__builtin_expect(operation->pages != machine->pages_per_block, 0)) /* 5, 6 */
		error = mh_zone_prepare_block(machine, operation->block);
	if (__builtin_expect(error, 0)) {
		operation->outcome = MH_OUTCOME_MEMMAP;
		return error;
	}
	mh_bitmap_set(&place->zone->span, place->index); /* 7: before GOING_ONLINE */
	error = ask(machine, operation, MH_NODE_ADDING_FIRST_MEMORY, MH_GOING_ONLINE);
	if (__builtin_expect(error, 0)) {
		undo_online(machine, operation);
		return error;
	}
	online_pages(machine, operation, place);
	return 0;
}

/* Linux 6.12: asked before all else; a refusal here is silent. */
static __attribute__((noinline)) int ask_to_prepare(struct mh_machine *machine, struct mh_operation *operation)
{
	int error = notify_going(machine, operation, MH_PREPARE_ONLINE);

	if (error)
		operation->outcome = MH_OUTCOME_VETOED;
	return error;
}

static bool is_poisoned(const struct mh_machine *machine, uint32_t block)
{
	return __builtin_expect(atomic_load_explicit(&machine->poisoned_any, memory_order_relaxed), 0) &&
	       machine->protocol->poison_refuses && machine->poisoned[block];
}

/* Steps 3-20 with the block offline. */
static INLINE void online_locked(struct mh_machine *machine, struct mh_operation *operation, struct mh_place *place,
				 enum mh_online_type type)
{
	const bool normal = mh_node_mask_test(machine->has_normal, operation->node);
	const bool memory = mh_node_mask_test(machine->has_memory, operation->node);
	bool prepares;

	operation->zone = mh_zone_choose(machine, place->node, operation->block, type); /* 3 */
	place->zone = &place->node->zones[operation->zone];
	operation->first_memory = !memory;
	operation->first_normal = mh_zone_is_kernel(operation->zone) && !normal;
	mh_operation_check_begin(machine, operation, place, normal, memory);
	if (is_poisoned(machine, operation->block)) {
		fail(operation, MH_OUTCOME_POISON, -EHWPOISON);
		return;
	}
	fill_arg(machine, operation, place, true); /* 8 */
	prepares = __builtin_expect(machine->protocol->prepares, 0);
	operation->result = prepares ? ask_to_prepare(machine, operation) : 0;
	if (operation->result)
		return;
	operation->result = online_prepared(machine, operation, place);
	if (prepares && operation->result)
		notify_final(machine, operation, MH_FINISH_OFFLINE);
}

int mh_block_online(struct mh_machine *machine, struct mh_operation *operation, uint32_t block,
		    enum mh_online_type type)
{
	struct mh_place place = begin(machine, operation, block, true);

	if (place_state(&place) == MH_BLOCK_OFFLINE)
		online_locked(machine, operation, &place, type);
	else
		refuse(machine, operation);
	return end(machine, operation, &place, true);
}

static __attribute__((noinline)) void drain(struct mh_machine *machine, struct mh_operation *operation)
{
	mh_trace_add(operation->trace, MH_STAMP_DRAIN_BEGIN, MH_GOING_OFFLINE, 0, 0);
	mh_pcp_drain_all(machine);
	mh_trace_add(operation->trace, MH_STAMP_DRAINED, MH_GOING_OFFLINE, 0, 0);
}

/* Step 9. A page that may not be moved is seen in kernel zones only; in Movable it is trusted to be movable. */
static inline bool can_isolate(const struct mh_machine *machine, const struct mh_operation *operation,
			       const struct mh_block *block)
{
	const struct mh_block_pages *pages;

	if (__builtin_expect(machine->facts != NULL, 0) && machine->facts[operation->block].daemon_page)
		return false;
	if (__builtin_expect(!block->has_pages, 1))
		return true;
	pages = machine->pages[operation->block];
	if (atomic_load_explicit(&pages->reserved, memory_order_relaxed) > 0)
		return false;
	return operation->zone == MH_ZONE_MOVABLE || atomic_load_explicit(&pages->unmovable, memory_order_relaxed) == 0;
}

/* Steps 8 and 9. */
static INLINE int isolate(struct mh_machine *machine, struct mh_operation *operation, const struct mh_place *place)
{
	mh_zone_close(machine, place);
	place->zone->isolated_blocks++;
	/* Closed: without a page table it gets none. */
	if (__builtin_expect(place->block->has_pages, 0) && !mh_zone_block_is_free(machine, operation->block))
		drain(machine, operation);
	/* Drained: what is still out is allocated, and nobody can allocate from here (I18 judges that). */
	atomic_store_explicit(&place->block->gate, MH_GATE_CLOSED, memory_order_release);
	return can_isolate(machine, operation, place->block) ? mh_hook_ask(machine, operation, MH_HOOK_ISOLATE, 0)
							     : -EBUSY;
}

static __attribute__((noinline)) void undo_isolation(struct mh_machine *machine, struct mh_operation *operation)
{
	const struct mh_place place = mh_place_of(machine, operation->block);

	mh_zone_open(machine, &place);
	place.zone->isolated_blocks--;
}

/* Steps 15-22. */
static INLINE void offline_pages(struct mh_machine *machine, struct mh_operation *operation,
				 const struct mh_place *place)
{
	struct mh_zone *zone = place->zone;

	if (__builtin_expect(place->block->has_pages, 0))
		mh_zone_forget_pages(machine, operation->block);
	atomic_store_explicit(&place->block->gate, MH_GATE_OFFLINE, memory_order_relaxed);
	zone->isolated_blocks--;                                       /* 16 */
	count_pages(machine, operation, zone, false);                  /* 17 */
	if (__builtin_expect(set_masks(machine, operation, false), 0)) /* 19 */
		run_daemons(place->node, false);
	if (asks_node(machine, operation))
		notify_final(machine, operation, MH_NODE_REMOVED_LAST_MEMORY);
	notify_final(machine, operation, MH_OFFLINE); /* 20: the state still reads going-offline */
	mh_bitmap_clear(&zone->span, place->index);   /* 21 */
	if (__builtin_expect(machine->protocol->prepares, 0))
		notify_final(machine, operation, MH_FINISH_OFFLINE);
	set_state(place->block, MH_BLOCK_OFFLINE);
}

/* A block that nobody ever took a page from is empty; only a signal, or a hook, could still end its offline. */
static inline bool may_need_evacuation(const struct mh_machine *machine, const struct mh_operation *operation,
				       const struct mh_block *block)
{
	return block->has_pages || operation->signal || operation->deadline_ticks ||
	       mh_hook_armed(machine, MH_HOOK_SIGNAL) || mh_hook_armed(machine, MH_HOOK_DISSOLVE);
}

/* Is the block all that its node has; of any zone, and of kernel zones? */
static INLINE void find_last(struct mh_operation *operation, const struct mh_node *node)
{
	uint64_t normal_pages = mh_node_normal_pages(node);
	uint64_t pages = operation->pages;

	operation->first_normal = mh_zone_is_kernel(operation->zone) && pages >= normal_pages;
	operation->first_memory = pages >= normal_pages + node->zones[MH_ZONE_MOVABLE].present_pages;
}

static INLINE int offline_isolated(struct mh_machine *machine, struct mh_operation *operation,
				   const struct mh_place *place)
{
	int error;

	find_last(operation, place->node);
	fill_arg(machine, operation, place, false);                                      /* 10 */
	error = ask(machine, operation, MH_NODE_REMOVING_LAST_MEMORY, MH_GOING_OFFLINE); /* 11 */
	if (!error && may_need_evacuation(machine, operation, place->block))
		error = mh_evacuate(machine, operation);
	if (__builtin_expect(!error, 1)) {
		offline_pages(machine, operation, place);
		return 0;
	}
	undo_isolation(machine, operation); /* before CANCEL_OFFLINE, semantics.md fact 8 */
	cancel(machine, operation, MH_CANCEL_OFFLINE, MH_NODE_CANCEL_REMOVING_LAST_MEMORY);
	return error;
}

/* Steps 4 and 8-22. */
static INLINE int offline_in_zone(struct mh_machine *machine, struct mh_operation *operation,
				  const struct mh_place *place)
{
	int error;

	count_vmemmap(machine, operation, place->zone, false); /* 4 */
	error = isolate(machine, operation, place);
	if (__builtin_expect(!error, 1)) {
		error = offline_isolated(machine, operation, place);
	} else {
		undo_isolation(machine, operation); /* no event at all, semantics.md fact 7 */
		fail(operation, MH_OUTCOME_ISOLATE, error);
	}
	if (__builtin_expect(error, 0))
		count_vmemmap(machine, operation, place->zone, true);
	return error;
}

/* Steps 3, 6 and 7: what boot left in several zones, or with holes, stays. */
static enum mh_outcome find_obstacle(const struct mh_machine *machine, const struct mh_operation *operation)
{
	if (operation->zone == MH_ZONE_NONE)
		return MH_OUTCOME_ZONES;
	if (__builtin_expect(machine->facts != NULL, 0) && machine->facts[operation->block].hole)
		return MH_OUTCOME_HOLES;
	return MH_OUTCOME_DONE;
}

static INLINE void offline_locked(struct mh_machine *machine, struct mh_operation *operation, struct mh_place *place)
{
	enum mh_outcome obstacle;

	operation->zone = (enum mh_zone_kind)atomic_load_explicit(&place->block->zone, memory_order_relaxed);
	obstacle = find_obstacle(machine, operation);
	if (__builtin_expect(obstacle != MH_OUTCOME_DONE, 0)) {
		refuse(machine, operation);
		operation->outcome = obstacle;
		return;
	}
	place->zone = &place->node->zones[operation->zone];
	mh_operation_check_begin(machine, operation, place, mh_node_mask_test(machine->has_normal, operation->node),
				 mh_node_mask_test(machine->has_memory, operation->node));
	set_state(place->block, MH_BLOCK_GOING_OFFLINE); /* 2 */
	operation->result = offline_in_zone(machine, operation, place);
	if (__builtin_expect(operation->result, 0))
		set_state(place->block, MH_BLOCK_ONLINE);
}

int mh_block_offline(struct mh_machine *machine, struct mh_operation *operation, uint32_t block)
{
	struct mh_place place = begin(machine, operation, block, false);

	if (place_state(&place) == MH_BLOCK_ONLINE)
		offline_locked(machine, operation, &place);
	else
		refuse(machine, operation);
	return end(machine, operation, &place, false);
}
