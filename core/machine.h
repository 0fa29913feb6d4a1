/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A simulated computer: nodes, zones, blocks, pages and its notifier chains; and what can be done to it.
 *
 * Order of locks (take left before right):
 *     hotplug lock (machine's or node's)  >  chain walk (rwlock, mutex)  >  chain->writer  >  zone->lock  > check->lock
 * The kernel's own locks around an operation are one lock here (hotplug_lock: global) or one a node (node); see
 * docs/kernel-compat.md for the list of what they stand for.
 *
 * Blocks are numbered 0 … block_count - 1; pfn = block * pages_per_block. A machine made from a topology has every
 * block, and node i owns those in [first_block, first_block + block_count). One made from a memory map has absent
 * blocks, too, and a node's window of numbers may hold blocks of others.
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
#include "core/protocol.h"
#include "core/uevent.h"
#include "core/zone_kind.h"

struct mh_memory_map;
struct mh_topology;

enum mh_block_state { MH_BLOCK_OFFLINE, MH_BLOCK_ONLINE, MH_BLOCK_GOING_OFFLINE, MH_BLOCK_ABSENT, MH_BLOCK_STATES };
extern const char *const mh_block_state_names[MH_BLOCK_STATES]; /* as sysfs shows them; "absent" has no file */

enum mh_hotplug_lock { MH_HOTPLUG_LOCK_GLOBAL, MH_HOTPLUG_LOCK_NODE };
enum mh_lock_wait { MH_LOCK_WAIT_QUEUE, MH_LOCK_WAIT_POLL };
enum mh_page_unit { MH_PAGE_UNIT_AUTO, MH_PAGE_UNIT_PAGE, MH_PAGE_UNIT_PAGEBLOCK };
enum mh_cancel { MH_CANCEL_ALL, MH_CANCEL_HEARD };
/* What the writer of memoryN/state asks for; the zone is chosen by semantics.md 2.4. */
enum mh_online_type { MH_ONLINE_DEFAULT, MH_ONLINE_KERNEL, MH_ONLINE_MOVABLE };
/* What MH_ONLINE_DEFAULT means. */
enum mh_online_policy { MH_POLICY_CONTIG_ZONES, MH_POLICY_AUTO_MOVABLE };

/* What happens to memory that is added (auto_online_blocks). */
enum mh_auto_online { MH_AUTO_OFFLINE, MH_AUTO_ONLINE, MH_AUTO_ONLINE_KERNEL, MH_AUTO_ONLINE_MOVABLE, MH_AUTO_ONLINES };

/* What is behind the frames. */
enum mh_backing { MH_BACKING_NONE, MH_BACKING_MMAP };

#define MH_AUTO_MOVABLE_RATIO_DEFAULT 301 /* percent, as in the kernel */

struct mh_machine_config {
	const struct mh_topology *topology; /* borrowed until mh_machine_free; NULL only with a map */
	const struct mh_memory_map *map;    /* or NULL; borrowed until mh_machine_new returns, and checked there */
	enum mh_compat compat;
	enum mh_online_policy online_policy;
	unsigned auto_movable_ratio;  /* percent of boot's kernel memory; 0 = always kernel zones */
	bool auto_movable_numa_aware; /* the ratio must hold in the node, too */
	enum mh_auto_online auto_online;
	bool memmap_on_memory; /* the kernel was booted with it: memory that is added may use it */
	bool daemon_pages; /* kswapd's start leaves an unmovable page in a kernel zone that is its node's first memory
			    */
	uint64_t block_size_bytes;   /* power of two, MH_BLOCK_SIZE_MIN … MAX */
	uint64_t initial_online_ppb; /* share of each node's blocks, rounded down */
	uint64_t movable_ppb;        /* share of those that are onlined Movable, the upper ones of a node */
	bool movable_node;
	enum mh_hotplug_lock hotplug_lock;
	enum mh_lock_wait lock_wait;
	enum mh_page_unit page_unit;
	enum mh_cancel cancel;
	enum mh_verify verify;
	enum mh_backing backing; /* not with a map */
	struct mh_chain_config chain;
	const struct mh_clock *clock; /* borrowed */
};

struct mh_zone;
struct mh_node;
struct mh_block_pages;

/* Why an operation ended as it did. */
enum mh_outcome {
	MH_OUTCOME_DONE,
	MH_OUTCOME_ALREADY,     /* the block was in the wanted state: -EINVAL without events */
	MH_OUTCOME_VETOED,      /* a listener stopped a GOING or PREPARE event with an errno */
	MH_OUTCOME_ISOLATE,     /* an unmovable page: -EBUSY without events */
	MH_OUTCOME_SIGNAL,      /* deadline, end of phase, or a real signal: -EINTR */
	MH_OUTCOME_NODE_VETOED, /* a listener on the chain of nodes refused */
	MH_OUTCOME_ABSENT,      /* no such block: -ENODEV */
	MH_OUTCOME_HOLES,       /* some of its pages are not there: -EINVAL without events */
	MH_OUTCOME_ZONES,       /* it lies in several zones: -EINVAL without events */
	MH_OUTCOME_UNMOVABLE,   /* an offline-flagged page that its driver keeps: -EBUSY */
	MH_OUTCOME_DISSOLVE,    /* a huge page that cannot be dissolved: -EBUSY, -ENOMEM */
	MH_OUTCOME_POISON,      /* a poisoned page: -EHWPOISON without events */
	MH_OUTCOME_MEMMAP,      /* of its own memmap: -EINVAL what is left is no whole pageblocks, or -ENOMEM */
	MH_OUTCOME_COUNT,
};

extern const char *const mh_outcome_names[MH_OUTCOME_COUNT];
/* What the kernel's log says of a failed offline ("notifier failure" …); NULL where it says nothing. */
extern const char *const mh_outcome_reasons[MH_OUTCOME_COUNT];

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

struct mh_sieve; /* core/sieve.h */

/* One attempt to online or offline a block. The caller's; one a thread, reused. */
struct mh_operation {
	/* Set by the caller before each attempt. */
	struct mh_identity identity;
	struct mh_trace *trace;
	struct mh_cpu *cpu;        /* this thread's page lists, entered, or NULL; left while the operation runs */
	uint64_t deadline_ticks;   /* after it a simulated signal ends an offline; 0 = never */
	const atomic_bool *signal; /* true: the same, at once; may be NULL */

	uint64_t allocation_count; /* of those this step asked for while MH_HOOK_ALLOC was armed */

	bool holds_lock; /* the caller has the hotplug lock already: several operations that belong together */

	/* Core's own, kept from one attempt to the next: the worker's sieve, and the number of the set it was found in.
	 */
	struct mh_sieve *sieve;
	uint64_t sieves_number;

	/* Set by the operation; valid until the next. */
	bool online; /* direction */
	uint32_t block;
	unsigned node; /* index */
	enum mh_zone_kind zone;
	enum mh_outcome outcome;
	unsigned event_count; /* walks so far */
	unsigned fault_count; /* of all that hooks changed, delayed or otherwise touched; they count it */
	unsigned corrupt;     /* a hook: what to break for the checks to find (core/corrupt.h); 0 again at the end */
	bool killed;          /* a hook: the thread ends with this operation; stays set */
	int result;           /* 0 or -errno */
	uint32_t pass;        /* of an offline: over its pages, from 1; 0 before the first */
	bool dissolved;       /* of an offline: huge pages were dissolved, or it was found that there are none */
	bool interfered;      /* of an offline: a hook kept one of its pages back, or gave the signal */
	int heard_count;      /* listeners called in the GOING walk */
	/* Who they were, by chain; chain.cancel: heard only. */
	struct mh_heard heard, node_heard;
	struct mh_operation_check check; /* what the inline checks remember of this operation */
	struct memory_notify arg;
	struct node_notify node_arg;      /* of the events on the chain of nodes */
	struct memory_notify prepare_arg; /* of PREPARE_ONLINE and FINISH_OFFLINE */
	uint32_t pages;                   /* of the block, without those that hold its own memmap */
	bool first_memory,
		first_normal; /* node: of an online: its first memory, and in a kernel zone; offline: its last */
	/* The block's state when the operation gave its lock back: later another thread may have changed it. */
	enum mh_block_state left;
};

struct mh_machine; /* body: core/machine_private.h */

int mh_machine_new(const struct mh_machine_config *config, struct mh_machine **ret_machine, struct mh_error *reterr);
/* All listeners must be unregistered but those of @config; all cpus freed. */
void mh_machine_free(struct mh_machine *machine);

struct mh_chain *mh_machine_chain(struct mh_machine *machine);
/* The chain of nodes; NULL where the protocol has none. */
struct mh_chain *mh_machine_node_chain(struct mh_machine *machine);
/* The chain that @event goes to. */
struct mh_chain *mh_machine_event_chain(struct mh_machine *machine, enum mh_event event);
/* The listener that a stamp of @event names by @id. As mh_chain_listener. */
const struct mh_listener *mh_machine_listener(const struct mh_machine *machine, enum mh_event event, uint32_t id);
const struct mh_protocol *mh_machine_protocol(const struct mh_machine *machine);
struct mh_check *mh_machine_check(struct mh_machine *machine);
const struct mh_clock *mh_machine_clock(const struct mh_machine *machine);

uint32_t mh_machine_block_count(const struct mh_machine *machine);
unsigned mh_machine_node_count(const struct mh_machine *machine);
uint64_t mh_machine_pages_per_block(const struct mh_machine *machine);
/* What can be allocated apart: pages, or pageblocks where these are accounted as one (config.page_unit). */
uint64_t mh_machine_units_per_block(const struct mh_machine *machine);
/* Blocks [*ret_first, *ret_first + return) belong to node @node (an index). */
uint32_t mh_machine_node_blocks(const struct mh_machine *machine, unsigned node, uint32_t *ret_first);
int mh_machine_nid(const struct mh_machine *machine, unsigned node);
unsigned mh_machine_block_node(const struct mh_machine *machine, uint32_t block); /* index */
enum mh_block_state mh_machine_block_state(const struct mh_machine *machine, uint32_t block);
/* NONE while offline, and of a block that lies in several zones. */
enum mh_zone_kind mh_machine_block_zone(const struct mh_machine *machine, uint32_t block);
/* Whether block @block has a device. */
bool mh_machine_block_is_present(const struct mh_machine *machine, uint32_t block);
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

/* An operation on @block comes soon: fetches what it will look at, so that it does not wait for memory where there are
 * too many blocks for a cache. Any thread; changes nothing. */
void mh_block_expect(const struct mh_machine *machine, uint32_t block);

/**
 * mh_machine_restore - bring every block back to its initial state by ordinary operations, with their events
 * @ret_left: blocks that a listener would not let go back
 *
 * Between phases, hooks disarmed. Return: 0, or the first -errno met.
 */
int mh_machine_restore(struct mh_machine *machine, struct mh_operation *operation, uint32_t *ret_left);

enum mh_node_mask { MH_N_ONLINE, MH_N_MEMORY, MH_N_NORMAL_MEMORY };
/* Any thread, also inside a callback. */
bool mh_machine_node_is(const struct mh_machine *machine, unsigned node, enum mh_node_mask mask);

struct mh_zone_extent {
	uint64_t start_pfn, spanned_pages, present_pages, managed_pages;
};

/* What /proc/zoneinfo says of a zone; all 0 when it spans nothing. Under the hotplug lock, or while no operation runs.
 */
void mh_machine_zone_extent(const struct mh_machine *machine, unsigned node, enum mh_zone_kind kind,
			    struct mh_zone_extent *ret_extent);

/* Who hears the uevents, or NULL; while no operation runs. */
void mh_machine_uevents(struct mh_machine *machine, const struct mh_uevent_sink *sink);

/* Were the hook points built (MEMHP_HOOKS)? */
bool mh_machine_has_hooks(void);
/* Arms or (NULL) disarms a hook; between phases. Only where there are any. */
void mh_machine_hook(struct mh_machine *machine, enum mh_hook_point point, const struct mh_hook *hook);
/* The one that is armed there, or NULL; for one that is put in front of it. */
const struct mh_hook *mh_machine_hook_at(const struct mh_machine *machine, enum mh_hook_point point);

/* "the hotplug lock", "the lock of a zone" …; NULL: none of the machine's. */
const char *mh_machine_lock_name(const struct mh_machine *machine, const struct mh_mutex *mutex);

/* The grace period of an unregister by @operation's thread is stamped into its trace. */
int mh_machine_unregister(struct mh_machine *machine, struct mh_operation *operation, struct notifier_block *nb);

/* What to tell of real memory that is not where the machine says; NULL: nothing. */
const char *mh_machine_backing_note(const struct mh_machine *machine);

struct mh_machine_counts {
	uint64_t present_pages, managed_pages, free_pages;
	uint64_t blocks_online;
	uint64_t grace_periods;
	uint64_t pages_migrated, drains, allocations_refused;
};

/* Sums over the machine; exact when no thread works on it. */
void mh_machine_counts(struct mh_machine *machine, struct mh_machine_counts *ret_counts);

#endif
