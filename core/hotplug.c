/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The online and offline sequences and their roll-backs, in the order of semantics.md 2.3 and 3, whose step numbers
 * stand beside the code. Everything between lock and unlock happens under the hotplug lock of the machine or of the
 * node.
 */
#include <errno.h>
#include <string.h>

#include "core/buddy.h"
#include "core/machine_private.h"
#include "core/migrate.h"
#include "core/operation_check.h"
#include "core/pcp.h"
#include "core/walk.h"
#include "core/zone.h"

/* A sysfs writer that finds the lock taken sleeps this long and tries again (semantics.md 4.2). */
#define LOCK_POLL_NS 5000000u
/* verify: full looks at a whole node after each operation up to so many blocks, above it after every so many-th. */
#define FULL_CHECK_BLOCKS 4096u
#define FULL_CHECK_EVERY  1000u

const char *const mh_outcome_names[MH_OUTCOME_COUNT] = {"done", "already", "vetoed", "isolate", "signal"};

static struct mh_mutex *lock_of(struct mh_machine *machine, unsigned node)
{
	return machine->config.hotplug_lock == MH_HOTPLUG_LOCK_NODE ? &machine->nodes[node].hotplug : &machine->hotplug;
}

static void lock_hotplug(struct mh_machine *machine, struct mh_operation *operation)
{
	struct mh_mutex *lock = lock_of(machine, operation->node);

	if (machine->config.lock_wait == MH_LOCK_WAIT_POLL) {
		/* Bounded by the holder's operation, which its own deadline ends. */
		while (!mh_mutex_trylock(lock))
			mh_sleep_ns(LOCK_POLL_NS);
	} else {
		mh_mutex_lock(lock);
	}
	mh_trace_add(operation->trace, MH_STAMP_LOCKED, MH_GOING_ONLINE, 0, 0);
}

static void begin(struct mh_machine *machine, struct mh_operation *operation, uint32_t block, bool online)
{
	operation->online = online;
	operation->block = block;
	operation->node = machine->node[block];
	operation->zone = MH_ZONE_NORMAL;
	operation->outcome = MH_OUTCOME_DONE;
	operation->event_count = 0;
	operation->fault_count = 0;
	operation->heard_count = 0;
	operation->result = 0;
	/* For the whole operation: it waits for locks, listeners and other threads' lists, and a thread that waits
	 * inside its gate would keep an offline on another node from draining, which may be what it waits for. */
	if (operation->cpu)
		mh_cpu_leave(operation->cpu);
	lock_hotplug(machine, operation);
}

/* With verify: full after every operation; where that is O(many blocks), after every so many-th (semantics.md 8). */
static bool node_check_is_due(const struct mh_machine *machine, const struct mh_operation *operation)
{
	if (machine->config.verify != MH_VERIFY_FULL)
		return false;
	return machine->block_count <= FULL_CHECK_BLOCKS || operation->identity.index % FULL_CHECK_EVERY == 0;
}

static int end(struct mh_machine *machine, struct mh_operation *operation)
{
	if (machine->config.verify != MH_VERIFY_OFF)
		mh_operation_check_end(machine, operation);
	if (node_check_is_due(machine, operation)) {
		mh_check_node(machine, operation, operation->node);
		operation->check.checked += 4;
	}
	mh_mutex_unlock(lock_of(machine, operation->node));
	if (operation->cpu)
		mh_cpu_enter(operation->cpu);
	return operation->result;
}

static void fail(struct mh_operation *operation, enum mh_outcome outcome, int error)
{
	operation->outcome = outcome;
	operation->result = error;
}

static void set_state(struct mh_machine *machine, uint32_t block, enum mh_block_state state)
{
	/* Relaxed: others only look at it; what belongs to the block is ordered by the hotplug lock and zone->lock. */
	atomic_store_explicit(&machine->state[block], (unsigned char)state, memory_order_relaxed);
}

/* GOING: the decoded answer of the chain. */
static int notify_going(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event)
{
	return notifier_to_errno(mh_walk(machine, operation, event, &operation->heard_count));
}

/* Final and CANCEL events: what they answer only cuts the walk. */
static void notify_final(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event)
{
	int ignored;

	(void)mh_walk(machine, operation, event, &ignored);
}

static void fill_arg(struct mh_machine *machine, struct mh_operation *operation, bool normal, bool memory)
{
	int nid = machine->nodes[operation->node].nid;

	operation->arg = (struct memory_notify){
		.start_pfn = (unsigned long)operation->block << machine->block_shift,
		.nr_pages = machine->pages_per_block,
		.status_change_nid_normal = normal ? nid : -1,
		.status_change_nid_high = -1,
		.status_change_nid = memory ? nid : -1,
	};
	mh_operation_check_arg(machine, operation);
}

static uint32_t index_in_node(const struct mh_machine *machine, const struct mh_operation *operation)
{
	return operation->block - machine->nodes[operation->node].first_block;
}

static void count_pages(struct mh_machine *machine, struct mh_zone *zone, bool add)
{
	uint64_t pages = machine->pages_per_block;

	zone->present_pages += add ? pages : -pages;
	zone->managed_pages += add ? pages : -pages;
}

/* Node masks follow the argument, which a listener may have changed (semantics.md 1.4). */
static void set_masks(struct mh_machine *machine, const struct mh_operation *operation)
{
	if (operation->arg.status_change_nid_normal >= 0)
		mh_node_mask_set(machine->has_normal, operation->node, operation->online);
	if (operation->arg.status_change_nid >= 0)
		mh_node_mask_set(machine->has_memory, operation->node, operation->online);
}

static void run_daemons(struct mh_node *node, bool run)
{
	node->kswapd = run;
	node->kcompactd = run;
}

/* Steps 10-18: nothing can fail any more. */
static void online_pages(struct mh_machine *machine, struct mh_operation *operation, struct mh_zone *zone)
{
	atomic_store_explicit(&machine->zone[operation->block], (unsigned char)operation->zone, memory_order_relaxed);
	zone->isolated_blocks++;                       /* 10 */
	count_pages(machine, zone, true);              /* 12, 13 */
	set_masks(machine, operation);                 /* 14 */
	mh_zone_open_block(machine, operation->block); /* 16: the first moment a page can be allocated */
	zone->isolated_blocks--;
	run_daemons(&machine->nodes[operation->node], true); /* 17 */
	notify_final(machine, operation, MH_ONLINE);         /* 18 */
}

/* Steps 3-20 with the block offline. */
static void online_locked(struct mh_machine *machine, struct mh_operation *operation, enum mh_online_type type)
{
	struct mh_zone *zone;
	bool memory = mh_node_mask_test(machine->has_memory, operation->node);
	bool normal;
	int error;

	operation->zone = mh_zone_choose(machine, operation->block, type); /* 3 */
	zone = &machine->nodes[operation->node].zones[operation->zone];
	mh_operation_check_begin(machine, operation);
	mh_bitmap_set(&zone->span, index_in_node(machine, operation)); /* 7: before GOING_ONLINE */
	normal = operation->zone != MH_ZONE_NORMAL || mh_node_mask_test(machine->has_normal, operation->node);
	fill_arg(machine, operation, !normal, !memory); /* 8 */
	error = notify_going(machine, operation, MH_GOING_ONLINE);
	if (error) {
		notify_final(machine, operation, MH_CANCEL_ONLINE);
		mh_bitmap_clear(&zone->span, index_in_node(machine, operation)); /* after CANCEL, semantics.md fact 8 */
		fail(operation, MH_OUTCOME_VETOED, error);
		return;
	}
	online_pages(machine, operation, zone);
	set_state(machine, operation->block, MH_BLOCK_ONLINE); /* 20 */
}

int mh_block_online(struct mh_machine *machine, struct mh_operation *operation, uint32_t block,
		    enum mh_online_type type)
{
	begin(machine, operation, block, true);
	if (mh_machine_block_state(machine, block) == MH_BLOCK_OFFLINE) {
		online_locked(machine, operation, type);
	} else {
		mh_operation_check_begin(machine, operation);
		fail(operation, MH_OUTCOME_ALREADY, -EINVAL);
	}
	return end(machine, operation);
}

static void drain(struct mh_machine *machine, struct mh_operation *operation)
{
	mh_trace_add(operation->trace, MH_STAMP_DRAIN_BEGIN, MH_GOING_OFFLINE, 0, 0);
	mh_pcp_drain_all(machine);
	mh_trace_add(operation->trace, MH_STAMP_DRAINED, MH_GOING_OFFLINE, 0, 0);
}

/* Steps 8 and 9. A page that may not be moved is seen in kernel zones only; in Movable it is trusted to be movable. */
static int isolate(struct mh_machine *machine, struct mh_operation *operation, struct mh_zone *zone)
{
	struct mh_block_pages *pages;

	mh_zone_close_block(machine, operation->block);
	zone->isolated_blocks++;
	if (!mh_zone_block_is_free(machine, operation->block))
		drain(machine, operation);
	/* Drained: what is still out is allocated, and nobody can allocate from here (I18 judges that). */
	atomic_store_explicit(&machine->gate[operation->block], MH_GATE_CLOSED, memory_order_release);
	pages = machine->pages[operation->block];
	if (operation->zone != MH_ZONE_MOVABLE && pages &&
	    atomic_load_explicit(&pages->unmovable, memory_order_relaxed) > 0)
		return -EBUSY;
	return 0;
}

static void undo_isolation(struct mh_machine *machine, struct mh_operation *operation, struct mh_zone *zone)
{
	mh_zone_open_block(machine, operation->block);
	zone->isolated_blocks--;
}

/* @now_ticks: a recent reading of the clock, or 0 to take one. */
static bool signal_pending(struct mh_machine *machine, const struct mh_operation *operation, uint64_t now_ticks)
{
	if (operation->signal && atomic_load_explicit(operation->signal, memory_order_relaxed))
		return true;
	if (!operation->deadline_ticks)
		return false;
	if (!now_ticks)
		now_ticks = mh_clock_ticks(machine->config.clock);
	return now_ticks > operation->deadline_ticks;
}

/* Steps 12-14: no retry limit; only a signal ends it, and the deadline is one. */
static int migrate_all(struct mh_machine *machine, struct mh_operation *operation)
{
	uint32_t moved = 0;
	unsigned turns = 0;

	/* Before the first look at the pages, as in the kernel: a signal that came during GOING_OFFLINE ends the
	 * offline of an empty block, too. The last call's end is recent enough to tell. */
	if (signal_pending(machine, operation, mh_trace_last_ticks(operation->trace)))
		return -EINTR;
	if (mh_zone_block_is_free(machine, operation->block))
		return 0;
	mh_trace_add(operation->trace, MH_STAMP_MIGRATE_BEGIN, MH_GOING_OFFLINE, 0, 0);
	while (!mh_zone_block_is_free(machine, operation->block)) {
		uint32_t pass;

		if (signal_pending(machine, operation, 0))
			return -EINTR;
		pass = mh_migrate_block(machine, operation->block);
		moved += pass;
		if (!pass)
			mh_spin_turn(&turns);
	}
	mh_trace_add(operation->trace, MH_STAMP_MIGRATED, MH_GOING_OFFLINE, 0, (int32_t)moved);
	return 0;
}

/* Steps 15-21. */
static void offline_pages(struct mh_machine *machine, struct mh_operation *operation, struct mh_zone *zone)
{
	mh_zone_forget_pages(machine, operation->block);
	zone->isolated_blocks--;           /* 16 */
	count_pages(machine, zone, false); /* 17 */
	set_masks(machine, operation);     /* 19 */
	if (operation->arg.status_change_nid >= 0)
		run_daemons(&machine->nodes[operation->node], false);
	notify_final(machine, operation, MH_OFFLINE);                    /* 20: the state still reads going-offline */
	mh_bitmap_clear(&zone->span, index_in_node(machine, operation)); /* 21 */
	set_state(machine, operation->block, MH_BLOCK_OFFLINE);
}

static void offline_isolated(struct mh_machine *machine, struct mh_operation *operation, struct mh_zone *zone)
{
	const struct mh_node *node = &machine->nodes[operation->node];
	uint64_t normal_pages = node->zones[MH_ZONE_NORMAL].present_pages;
	uint64_t movable_pages = node->zones[MH_ZONE_MOVABLE].present_pages;
	uint64_t pages = machine->pages_per_block;
	enum mh_outcome why = MH_OUTCOME_VETOED;
	int error;

	fill_arg(machine, operation, operation->zone == MH_ZONE_NORMAL && pages >= normal_pages,
		 pages >= normal_pages + movable_pages);            /* 10 */
	error = notify_going(machine, operation, MH_GOING_OFFLINE); /* 11 */
	if (!error) {
		why = MH_OUTCOME_SIGNAL;
		error = migrate_all(machine, operation);
	}
	if (!error) {
		offline_pages(machine, operation, zone);
		return;
	}
	undo_isolation(machine, operation, zone); /* before CANCEL_OFFLINE, semantics.md fact 8 */
	notify_final(machine, operation, MH_CANCEL_OFFLINE);
	set_state(machine, operation->block, MH_BLOCK_ONLINE);
	fail(operation, why, error);
}

static void offline_locked(struct mh_machine *machine, struct mh_operation *operation)
{
	struct mh_zone *zone;

	operation->zone = mh_block_zone_kind(machine, operation->block);
	zone = &machine->nodes[operation->node].zones[operation->zone];
	mh_operation_check_begin(machine, operation);
	set_state(machine, operation->block, MH_BLOCK_GOING_OFFLINE); /* 2 */
	if (isolate(machine, operation, zone) == 0) {
		offline_isolated(machine, operation, zone);
		return;
	}
	undo_isolation(machine, operation, zone); /* no event at all, semantics.md fact 7 */
	set_state(machine, operation->block, MH_BLOCK_ONLINE);
	fail(operation, MH_OUTCOME_ISOLATE, -EBUSY);
}

int mh_block_offline(struct mh_machine *machine, struct mh_operation *operation, uint32_t block)
{
	begin(machine, operation, block, false);
	if (mh_machine_block_state(machine, block) == MH_BLOCK_ONLINE) {
		offline_locked(machine, operation);
	} else {
		mh_operation_check_begin(machine, operation);
		fail(operation, MH_OUTCOME_ALREADY, -EINVAL);
	}
	return end(machine, operation);
}
