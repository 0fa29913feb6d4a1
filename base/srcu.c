/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sleepable RCU: a domain has its own readers, so a reader that sleeps delays the grace periods of this domain only.
 *
 * Nouns. A *slot* (struct mh_srcu_reader) holds one thread's two counters in one domain; only its thread writes them.
 * The *index* says which of the two new sections take. A grace period waits until each slot's counter of either index
 * has been seen at 0 once.
 *
 * Why two counters: with one, a thread that begins a section whenever it ends one could be seen at 1 for ever. The flip
 * sends new sections to the other counter, so that the old one can only fall.
 *
 * The ordering, in one picture (a store followed by a load of something else, on both sides, fenced on both sides, so
 * that at least one side sees the other's store):
 *
 *	reader				updater
 *	count[index] = 1		pointer = new		(by the caller)
 *	fence A				fence B
 *	load pointer			load count[…]
 *
 * Either the updater sees the count and waits, or the reader sees the new pointer and needs no waiting for.
 *
 * Life of a slot. It has two holders, the domain and the thread, counted in @holders. A thread that ends lets go: the
 *slot stays in the domain's list (an updater may be looking at it) and the next new thread takes it. A domain that is
 *released lets go: the slot stays readable for its thread's list. Who lets go last frees it.
 *
 * Locks: domain->srcu_lock admits one updater at a time. Readers take no lock, not even for their first slot: the
 *updater may hold it for as long as a listener sleeps, and that listener may wait for the reader. The domain's list is
 *pushed to by compare-and-swap and never shrinks; a thread's list and cache are its own.
 */
#include "base/rcu.h"

#include <stdlib.h>

#include "base/assert.h"

#define SLOT_ALIGN       128 /* two cache lines: the prefetcher fetches pairs */
#define CACHE_SLOTS      4   /* domains of one thread found without a search; a power of two */
#define WAIT_SPIN_TURNS  MH_SPIN_TURNS
#define WAIT_YIELD_TURNS 64
#define WAIT_SLEEP_NS    50000u /* an upper bound of what a wait overshoots once a section is known to be long */
#define HOLDERS_BOTH     2
#define HOLDERS_DOMAIN   1 /* of a slot in the domain's list: its thread is gone, it may be taken */

struct mh_srcu_reader {
	atomic_ulong count[2]; /* sections of each index that are open in this thread, nested ones counted */
	uint64_t domain_id;
	atomic_uint holders;
	struct mh_srcu_reader *domain_next; /* constant once the slot is in the list */
	struct mh_srcu_reader *thread_next; /* the thread's own */
} __attribute__((aligned(SLOT_ALIGN)));

static _Thread_local struct mh_srcu_reader *thread_slots MH_RCU_TLS;
static _Thread_local struct {
	uint64_t domain_id; /* 0: empty; ids are never used twice, so a stale entry matches nothing */
	struct mh_srcu_reader *slot;
} cache[CACHE_SLOTS] MH_RCU_TLS;

/*
 * Release: what this holder did with the slot is done before the other may free or take it; acquire: the last one sees
 * all that before it frees.
 */
static void slot_let_go(struct mh_srcu_reader *slot)
{
	if (atomic_fetch_sub_explicit(&slot->holders, 1, memory_order_acq_rel) == 1)
		free(slot);
}

/* Drops this thread's slots of domains that were released, so that a long-lived thread does not gather them. */
static void thread_slots_prune(void)
{
	struct mh_srcu_reader **link = &thread_slots;

	while (*link) {
		struct mh_srcu_reader *slot = *link;

		if (atomic_load_explicit(&slot->holders, memory_order_acquire) == HOLDERS_BOTH) {
			link = &slot->thread_next;
			continue;
		}
		*link = slot->thread_next;
		free(slot);
	}
}

/* Takes over a slot of the domain whose thread is gone, or NULL. */
static struct mh_srcu_reader *slot_reuse(struct mh_rcu_domain *domain)
{
	struct mh_srcu_reader *slot = atomic_load_explicit(&domain->srcu_readers, memory_order_acquire);

	for (; slot; slot = slot->domain_next) {
		unsigned holders = HOLDERS_DOMAIN;

		/* Acquire pairs with the former thread's letting go: its last writes of the counters come before ours.
		 */
		if (atomic_compare_exchange_strong_explicit(&slot->holders, &holders, HOLDERS_BOTH,
							    memory_order_acquire, memory_order_relaxed))
			return slot;
	}
	return NULL;
}

static struct mh_srcu_reader *slot_new(struct mh_rcu_domain *domain)
{
	struct mh_srcu_reader *slot = aligned_alloc(SLOT_ALIGN, sizeof(*slot));

	MH_ASSERT(slot); /* a reader cannot fail; a machine without 128 bytes cannot go on */
	*slot = (struct mh_srcu_reader){.domain_id = domain->id};
	atomic_init(&slot->holders, HOLDERS_BOTH);
	slot->domain_next = atomic_load_explicit(&domain->srcu_readers, memory_order_relaxed);
	/*
	 * Release: an updater that finds the slot finds it whole. One that does not find it loaded the list before this
	 * push, so before fence A of the section that follows: then that section sees the updater's new pointer.
	 */
	while (!atomic_compare_exchange_weak_explicit(&domain->srcu_readers, &slot->domain_next, slot,
						      memory_order_release, memory_order_relaxed))
		continue; /* another thread's first read came between: at most one turn a thread */
	return slot;
}

static struct mh_srcu_reader *slot_search(const struct mh_rcu_domain *domain)
{
	for (struct mh_srcu_reader *slot = thread_slots; slot; slot = slot->thread_next)
		if (slot->domain_id == domain->id)
			return slot;
	return NULL;
}

static __attribute__((noinline)) struct mh_srcu_reader *slot_find_slow(struct mh_rcu_domain *domain)
{
	struct mh_srcu_reader *slot = slot_search(domain);

	if (!slot) {
		MH_ASSERT(mh_rcu_thread_registered); /* else nobody would give the slot back */
		thread_slots_prune();
		slot = slot_reuse(domain);
		if (!slot)
			slot = slot_new(domain);
		slot->thread_next = thread_slots;
		thread_slots = slot;
	}
	cache[domain->id % CACHE_SLOTS].domain_id = domain->id;
	cache[domain->id % CACHE_SLOTS].slot = slot;
	return slot;
}

static inline struct mh_srcu_reader *slot_find(struct mh_rcu_domain *domain)
{
	if (__builtin_expect(cache[domain->id % CACHE_SLOTS].domain_id == domain->id, 1))
		return cache[domain->id % CACHE_SLOTS].slot;
	return slot_find_slow(domain);
}

unsigned mh_srcu_read_lock(struct mh_rcu_domain *domain)
{
	struct mh_srcu_reader *slot = slot_find(domain);
	/* Relaxed: a stale index is legal, since a grace period waits for both. */
	unsigned index = atomic_load_explicit(&domain->srcu_index, memory_order_relaxed);

#if MH_RCU_TSAN
	/* ThreadSanitizer does not model fences; on its machines a seq_cst read-modify-write is a full barrier, too. */
	atomic_fetch_add_explicit(&slot->count[index], 1, memory_order_seq_cst);
#else
	unsigned long count = atomic_load_explicit(&slot->count[index], memory_order_relaxed);

	atomic_store_explicit(&slot->count[index], count + 1, memory_order_relaxed);
	/*
	 * Fence A: the count is visible before the section loads anything. Without it the section could load the old
	 * pointer while the updater still sees 0, and read what the updater frees.
	 */
	atomic_thread_fence(memory_order_seq_cst);
#endif
	return index;
}

void mh_srcu_read_unlock(struct mh_rcu_domain *domain, unsigned index)
{
	struct mh_srcu_reader *slot = slot_find(domain);
	unsigned long count = atomic_load_explicit(&slot->count[index], memory_order_relaxed);

	MH_DEBUG_ASSERT(count > 0);
	/* Release: all that the section loaded and stored comes before the count falls; pairs with slot_wait. */
	atomic_store_explicit(&slot->count[index], count - 1, memory_order_release);
}

bool mh_srcu_thread_reads(struct mh_rcu_domain *domain)
{
	struct mh_srcu_reader *slot = slot_search(domain);

	return slot && (atomic_load_explicit(&slot->count[0], memory_order_relaxed) ||
			atomic_load_explicit(&slot->count[1], memory_order_relaxed));
}

/* Spins, yields, then sleeps: each step is bounded, their number is that of the section's length. */
static void wait_turn(unsigned turn)
{
	if (turn < WAIT_SPIN_TURNS)
		mh_cpu_relax();
	else if (turn < WAIT_SPIN_TURNS + WAIT_YIELD_TURNS)
		mh_yield();
	else
		mh_sleep_ns(WAIT_SLEEP_NS);
}

static void slot_wait(struct mh_srcu_reader *slot, unsigned index)
{
	unsigned turn = 0;

	/* Acquire pairs with the release of the last unlock: what the section did comes before what the updater frees.
	 */
	while (atomic_load_explicit(&slot->count[index], memory_order_acquire) != 0) {
		wait_turn(turn);
		turn += turn < WAIT_SPIN_TURNS + WAIT_YIELD_TURNS;
	}
}

static void readers_wait(struct mh_rcu_domain *domain, unsigned index)
{
	struct mh_srcu_reader *slot = atomic_load_explicit(&domain->srcu_readers, memory_order_acquire);

	for (; slot; slot = slot->domain_next)
		slot_wait(slot, index);
}

void mh_srcu_synchronize(struct mh_rcu_domain *domain)
{
	mh_mutex_lock(&domain->srcu_lock);
	unsigned index = atomic_load_explicit(&domain->srcu_index, memory_order_relaxed);

#if MH_RCU_TSAN
	/* In place of fence B, by a read-modify-write of what readers load anyway. */
	atomic_fetch_add_explicit(&domain->srcu_index, 0, memory_order_seq_cst);
#else
	/*
	 * Fence B: what the caller published is visible before any count is loaded. Without it a count could be loaded
	 * first and seen at 0 (or a slot not seen in the list), and a reader could still begin with the old pointer.
	 */
	atomic_thread_fence(memory_order_seq_cst);
#endif
	/*
	 * The other counter first: it is left from readers that loaded the index before the last flip and counted
	 * after. No section begun from here on takes it but by one such stale load a thread, so it falls to 0.
	 */
	readers_wait(domain, index ^ 1);
	/*
	 * The flip. It is not needed for safety (both counters are waited for after fence B) but for the end of the
	 * wait: sections that begin now take the other counter. Seq_cst orders it before the loads that follow; later
	 * would be legal, too, and only lengthen the wait.
	 */
	atomic_store_explicit(&domain->srcu_index, index ^ 1, memory_order_seq_cst);
	readers_wait(domain, index);
	mh_mutex_unlock(&domain->srcu_lock);
}

void mh_srcu_domain_release(struct mh_rcu_domain *domain)
{
	struct mh_srcu_reader *slot = atomic_load(&domain->srcu_readers);

	while (slot) {
		struct mh_srcu_reader *next = slot->domain_next;

		MH_ASSERT(atomic_load(&slot->count[0]) == 0);
		MH_ASSERT(atomic_load(&slot->count[1]) == 0);
		slot_let_go(slot);
		slot = next;
	}
	atomic_store(&domain->srcu_readers, NULL);
}

void mh_srcu_thread_unregister(void)
{
	while (thread_slots) {
		struct mh_srcu_reader *slot = thread_slots;

		thread_slots = slot->thread_next;
		slot_let_go(slot);
	}
	for (unsigned i = 0; i < CACHE_SLOTS; i++)
		cache[i].domain_id = 0;
}
