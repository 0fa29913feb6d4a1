/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A simulated computer: nodes, zones, blocks, pages and one notifier chain; and what can be done to it.
 *
 * Order of locks (take left before right):
 *     hotplug lock (machine's or node's)  >  chain walk (rwlock, mutex)  >  chain->writer  >  zone->lock  > check->lock
 * The kernel's own locks around an operation are one lock here (hotplug_lock: global) or one a node (node); see
 * docs/kernel-compat.md for the list of what they stand for.
 *
 * Blocks are numbered 0 … block_count - 1, nodes by nid in ascending order without gaps in memory: node i owns blocks
 * [first_block, first_block + block_count). pfn = block * pages_per_block.
 */
#ifndef CORE_MACHINE_H
#define CORE_MACHINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/bitmap.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/sync.h"
#include "core/check.h"
#include "core/event.h"
#include "core/hook.h"
#include "core/notifier.h"
#include "core/page.h"

struct mh_topology;

enum mh_zone_kind { MH_ZONE_NORMAL, MH_ZONE_MOVABLE, MH_ZONE_KINDS, MH_ZONE_NONE = 255 };
extern const char *const mh_zone_names[MH_ZONE_KINDS]; /* "Normal", "Movable" */

enum mh_block_state { MH_BLOCK_OFFLINE, MH_BLOCK_ONLINE, MH_BLOCK_GOING_OFFLINE };
extern const char *const mh_block_state_names[3]; /* as sysfs shows them */

enum mh_hotplug_lock { MH_HOTPLUG_LOCK_GLOBAL, MH_HOTPLUG_LOCK_NODE };
enum mh_lock_wait { MH_LOCK_WAIT_QUEUE, MH_LOCK_WAIT_POLL };
enum mh_page_unit { MH_PAGE_UNIT_AUTO, MH_PAGE_UNIT_PAGE, MH_PAGE_UNIT_PAGEBLOCK };
enum mh_cancel { MH_CANCEL_ALL, MH_CANCEL_HEARD };
/* What the writer of memoryN/state asks for; the zone is chosen by semantics.md 2.4. */
enum mh_online_type { MH_ONLINE_DEFAULT, MH_ONLINE_KERNEL, MH_ONLINE_MOVABLE };

struct mh_machine_config {
	const struct mh_topology *topology; /* borrowed until mh_machine_free */
	uint64_t block_size_bytes;          /* power of two, MH_BLOCK_SIZE_MIN … MAX */
	uint64_t initial_online_ppb;        /* share of each node's blocks, rounded down */
	uint64_t movable_ppb;               /* share of those that are onlined Movable, the upper ones of a node */
	bool movable_node;
	enum mh_hotplug_lock hotplug_lock;
	enum mh_lock_wait lock_wait;
	enum mh_page_unit page_unit;
	enum mh_cancel cancel;
	enum mh_verify verify;
	struct mh_chain_config chain;
	const struct mh_clock *clock; /* borrowed */
};

struct mh_zone;
struct mh_node;
struct mh_block_pages;

/* Why an operation ended as it did. */
enum mh_outcome {
	MH_OUTCOME_DONE,
	MH_OUTCOME_ALREADY, /* the block was in the wanted state: -EINVAL without events */
	MH_OUTCOME_VETOED,  /* a listener stopped a GOING event with an errno */
	MH_OUTCOME_ISOLATE, /* an unmovable page: -EBUSY without events */
	MH_OUTCOME_SIGNAL,  /* deadline, end of phase, or a real signal: -EINTR */
	MH_OUTCOME_COUNT,
};

extern const char *const mh_outcome_names[MH_OUTCOME_COUNT];

/* One attempt to online or offline a block. The caller's; one a thread, reused. */
/*
 * Which registrations a GOING walk called, for a CANCEL walk over a chain that may have changed since: those that do
 * not stand below the last one called and were made no later than the newest one called. Registrations are published
 * in the order of their numbers, so this is exact for every chain whose walk sees one state of it. An rcu-list walk,
 * which meets newcomers below it, may take another newcomer above it for one that heard.
 */
struct mh_heard {
	int last_priority;
	uint64_t last_sequence, newest_sequence; /* 0: nobody */
};

struct mh_operation {
	/* Set by the caller before each attempt. */
	struct mh_identity identity;
	struct mh_trace *trace;
	struct mh_cpu *cpu;        /* this thread's page lists, entered, or NULL; left while the operation runs */
	uint64_t deadline_ticks;   /* after it a simulated signal ends an offline; 0 = never */
	const atomic_bool *signal; /* true: the same, at once; may be NULL */

	/* Set by the operation; valid until the next. */
	bool online; /* direction */
	uint32_t block;
	unsigned node; /* index */
	enum mh_zone_kind zone;
	enum mh_outcome outcome;
	unsigned event_count;  /* walks so far */
	unsigned fault_count;  /* answers that a hook changed, delayed or otherwise touched; the hook counts them */
	int result;            /* 0 or -errno */
	int heard_count;       /* listeners called in the GOING walk */
	struct mh_heard heard; /* who they were; chain.cancel: heard only */
	struct mh_operation_check check; /* what the inline checks remember of this operation */
	struct memory_notify arg;
};

struct mh_machine; /* body: core/machine_private.h */

int mh_machine_new(const struct mh_machine_config *config, struct mh_machine **ret_machine, struct mh_error *reterr);
/* All listeners must be unregistered but those of @config; all cpus freed. */
void mh_machine_free(struct mh_machine *machine);

struct mh_chain *mh_machine_chain(struct mh_machine *machine);
struct mh_check *mh_machine_check(struct mh_machine *machine);
const struct mh_clock *mh_machine_clock(const struct mh_machine *machine);

uint32_t mh_machine_block_count(const struct mh_machine *machine);
unsigned mh_machine_node_count(const struct mh_machine *machine);
uint64_t mh_machine_pages_per_block(const struct mh_machine *machine);
/* Blocks [*ret_first, *ret_first + return) belong to node @node (an index). */
uint32_t mh_machine_node_blocks(const struct mh_machine *machine, unsigned node, uint32_t *ret_first);
int mh_machine_nid(const struct mh_machine *machine, unsigned node);
unsigned mh_machine_block_node(const struct mh_machine *machine, uint32_t block); /* index */
enum mh_block_state mh_machine_block_state(const struct mh_machine *machine, uint32_t block);
enum mh_zone_kind mh_machine_block_zone(const struct mh_machine *machine, uint32_t block); /* NONE while offline */
/* Blocks that are online and were offline at the beginning, or the other way round. Any thread; a snapshot. */
uint32_t mh_machine_blocks_away(const struct mh_machine *machine);
/* What initial_online and movable say of a block: its zone, or NONE for offline. */
enum mh_zone_kind mh_machine_initial_zone(const struct mh_machine *machine, uint32_t block);

/**
 * mh_block_online, mh_block_offline - one operation, whole: lock, events, roll-back (semantics.md 2.3 and 3)
 *
 * Any registered thread; not from inside a callback. Return: 0, or the -errno that the writer of the sysfs file sees
 * (not clamped); @operation->outcome says why.
 */
int mh_block_online(struct mh_machine *machine, struct mh_operation *operation, uint32_t block,
		    enum mh_online_type type);
int mh_block_offline(struct mh_machine *machine, struct mh_operation *operation, uint32_t block);

/**
 * mh_machine_restore - bring every block back to its initial state by ordinary operations, with their events
 * @ret_left: blocks that a listener would not let go back
 *
 * Between phases, hooks disarmed. Return: 0, or the first -errno met.
 */
int mh_machine_restore(struct mh_machine *machine, struct mh_operation *operation, uint32_t *ret_left);

/* Arms or (NULL) disarms a hook; between phases. */
void mh_machine_hook(struct mh_machine *machine, enum mh_hook_point point, const struct mh_hook *hook);

/* The grace period of an unregister by @operation's thread is stamped into its trace. */
int mh_machine_unregister(struct mh_machine *machine, struct mh_operation *operation, struct notifier_block *nb);

struct mh_machine_counts {
	uint64_t present_pages, managed_pages, free_pages;
	uint64_t blocks_online;
	uint64_t grace_periods;
	uint64_t pages_migrated, drains, allocations_refused;
};

/* Sums over the machine; exact when no thread works on it. */
void mh_machine_counts(struct mh_machine *machine, struct mh_machine_counts *ret_counts);

#endif
