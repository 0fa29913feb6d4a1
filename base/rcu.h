/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The only door to liburcu: four flavours of it and an SRCU domain of our own behind one small interface.
 *
 * A domain is one set of readers and their grace periods. The domains of one liburcu flavour share their grace periods
 * (the library has one set of readers a flavour); an SRCU domain shares with nobody, so that a reader that sleeps in it
 * delays no one else.
 *
 * Legal order: mh_rcu_domain_init; in each thread that reads mh_rcu_thread_register (mh_thread_start does it), then
 * mh_rcu_thread_enter for each domain it will read in; reads, synchronize, call; mh_rcu_thread_leave;
 * mh_rcu_domain_release when no reader is left. Never synchronize inside a read-side section of the same domain.
 *
 * Why enter and leave: under qsbr a thread that is online counts as reading until it says otherwise, and one that is
 * offline must not read. A registered thread that reads nothing and says nothing would stop every qsbr grace period;
 * so threads are registered offline, are online from the first enter of a qsbr domain to the last leave, and promise
 * to call mh_rcu_quiescent or to wait in base/sync in between. For the other flavours enter and leave do nothing but
 * count, so that a caller need not know the flavour. A read-side section of a qsbr domain that was not entered is a
 * bug that debug builds catch.
 *
 * ThreadSanitizer does not see liburcu's barriers. In its builds the calls are not inlined, dereference and assign are
 * consume and release atomics, each read unlock releases a tag that synchronize acquires: then a correct program is
 * silent and a missing grace period is reported.
 */
#ifndef BASE_RCU_H
#define BASE_RCU_H

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define MH_RCU_TSAN 1
#endif
#if __has_feature(address_sanitizer)
#define MH_RCU_ASAN 1
#endif
#endif

#if defined(__SANITIZE_THREAD__)
#define MH_RCU_TSAN 1
#elif !defined(MH_RCU_TSAN)
#define MH_RCU_TSAN 0
#endif

#if defined(__SANITIZE_ADDRESS__)
#define MH_RCU_ASAN 1
#elif !defined(MH_RCU_ASAN)
#define MH_RCU_ASAN 0
#endif

/*
 * Inlined read sides: 1.4 ns against 10.6 ns by call; we are GPL. Not with the address sanitizer, whose companion for
 * undefined behaviour stops at bp's reader, which liburcu 0.13 does not align as it declares.
 */
#if !MH_RCU_TSAN && !MH_RCU_ASAN && !defined(_LGPL_SOURCE)
#define _LGPL_SOURCE 1
#endif

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <urcu/urcu-memb.h>
#include <urcu/urcu-qsbr.h>
#include <urcu/urcu-bp.h>
#include <urcu/urcu-mb.h>
#include <urcu/pointer.h>

#include "base/assert.h"
#include "base/error.h"
#include "base/sync.h"
#include "base/thread.h"

enum mh_rcu_flavour { MH_RCU_MEMB, MH_RCU_QSBR, MH_RCU_BP, MH_RCU_MB, MH_RCU_SRCU, MH_RCU_FLAVOURS };

extern const char *const mh_rcu_flavour_names[MH_RCU_FLAVOURS];

struct mh_rcu_head {
	struct mh_rcu_head *next;
	void (*done)(struct mh_rcu_head *head);
};

struct mh_srcu_reader; /* a thread's counters in one SRCU domain */

struct mh_rcu_domain {
	enum mh_rcu_flavour flavour;
	uint64_t id;               /* never used twice in a process: threads find their slots by it */
	atomic_uint srcu_index;    /* which of the two counters new readers take: 0 or 1 */
	struct mh_mutex srcu_lock; /* one grace period at a time; readers never take it */
	_Atomic(struct mh_srcu_reader *)
		srcu_readers;      /* never shrinks before release; slots of ended threads are reused */
	struct mh_mutex call_lock; /* guards calls, call_stop, reclaimer_started */
	struct mh_condition call_added, call_done;
	struct mh_rcu_head *calls, **calls_tail; /* waiting for a grace period, oldest first */
	uint64_t calls_queued, calls_done;       /* since init; call_lock */
	bool call_stop, reclaimer_started;
	struct mh_thread reclaimer;
	_Atomic uint64_t grace_periods; /* completed by mh_rcu_synchronize */
	char tsan_tag;
};

int mh_rcu_domain_init(struct mh_rcu_domain *domain, enum mh_rcu_flavour flavour, struct mh_error *reterr);
/* Runs what was called, then frees the domain's readers. No reader may be left. */
void mh_rcu_domain_release(struct mh_rcu_domain *domain);

/* This thread may enter domains of every flavour from here on; the main thread and mh_thread_start call it, once. */
void mh_rcu_thread_register(void);
/* Before the thread ends; it has left every domain. Its SRCU slots are given back to their domains. */
void mh_rcu_thread_unregister(void);

/* This thread is going to read in @domain. Nests; registered threads only. */
void mh_rcu_thread_enter(struct mh_rcu_domain *domain);
/* As often as enter; not from inside a read-side section of @domain. */
void mh_rcu_thread_leave(struct mh_rcu_domain *domain);
/* Is this thread inside a read-side section of @domain (for liburcu: of its flavour)? Then it must not synchronize. */
bool mh_rcu_thread_reads(struct mh_rcu_domain *domain);

/**
 * mh_rcu_synchronize - wait until every read-side section that began before has ended
 *
 * Not from inside a read-side section of @domain: it would wait for itself.
 */
void mh_rcu_synchronize(struct mh_rcu_domain *domain);

/**
 * mh_rcu_call - have @done(@head) called after a grace period, by the domain's reclaimer thread
 *
 * Any thread, also inside a read-side section; never waits for a grace period. Heads are run in the order of the calls.
 * Return: 0, or -EAGAIN when the reclaimer thread could not be started or MH_RCU_CALLS_MAX wait already (nothing was
 * queued).
 */
#define MH_RCU_CALLS_MAX (1u << 20)
int mh_rcu_call(struct mh_rcu_domain *domain, struct mh_rcu_head *head, void (*done)(struct mh_rcu_head *head));
/* Starts the reclaimer thread if need be, so that mh_rcu_call cannot fail after it. 0 or -EAGAIN. */
int mh_rcu_prepare_call(struct mh_rcu_domain *domain);
/* Waits until all that was called before has run. Not from a read-side section of @domain, nor from a done function. */
void mh_rcu_barrier(struct mh_rcu_domain *domain);

/*
 * The thread's own state. Initial-exec: these stand on the path of every walk, and all of it is linked into programs.
 */
#define MH_RCU_TLS __attribute__((tls_model("initial-exec")))
extern _Thread_local unsigned mh_rcu_qsbr_depth MH_RCU_TLS;   /* nested read-side sections of qsbr domains */
extern _Thread_local unsigned mh_rcu_qsbr_entered MH_RCU_TLS; /* qsbr domains entered: online while it is not 0 */
extern _Thread_local bool mh_rcu_thread_registered MH_RCU_TLS;

/*
 * qsbr: a thread that has entered says once an operation that it holds nothing (quiescent), and base/sync says so
 * around every wait (offline). Inside a qsbr section the wait is part of the section and nothing is said.
 */
static inline void mh_rcu_quiescent(const struct mh_rcu_domain *domain)
{
	if (domain->flavour == MH_RCU_QSBR && mh_rcu_qsbr_depth == 0 && mh_rcu_qsbr_entered)
		urcu_qsbr_quiescent_state();
}

/* True when the thread went offline: pass it to mh_rcu_wait_end. */
bool mh_rcu_wait_begin(void);
void mh_rcu_wait_end(bool offline);

/* SRCU's own; use mh_rcu_read_lock, which picks them. Lock and unlock belong to one thread. */
unsigned mh_srcu_read_lock(struct mh_rcu_domain *domain);
void mh_srcu_read_unlock(struct mh_rcu_domain *domain, unsigned index);
void mh_srcu_synchronize(struct mh_rcu_domain *domain);
bool mh_srcu_thread_reads(struct mh_rcu_domain *domain);
void mh_srcu_domain_release(struct mh_rcu_domain *domain);
void mh_srcu_thread_unregister(void);

#if MH_RCU_TSAN
void __tsan_acquire(void *address);
void __tsan_release(void *address);
unsigned mh_rcu_read_lock(struct mh_rcu_domain *domain);
void mh_rcu_read_unlock(struct mh_rcu_domain *domain, unsigned index);
#define mh_rcu_dereference(pointer)   __atomic_load_n(&(pointer), __ATOMIC_ACQUIRE)
#define mh_rcu_assign(pointer, value) __atomic_store_n(&(pointer), (value), __ATOMIC_RELEASE)
#else
/* bp, mb and srcu: out of line, so that the two flavours that matter to the ns leave the caller its registers. */
unsigned mh_rcu_read_lock_slow(struct mh_rcu_domain *domain);
void mh_rcu_read_unlock_slow(struct mh_rcu_domain *domain, unsigned index);

/* Returns what mh_rcu_read_unlock wants back. The test is one predictable branch; memb is first. */
static inline __attribute__((always_inline)) unsigned mh_rcu_read_lock(struct mh_rcu_domain *domain)
{
	if (__builtin_expect(domain->flavour == MH_RCU_MEMB, 1)) {
		urcu_memb_read_lock();
		return 0;
	}
	if (__builtin_expect(domain->flavour == MH_RCU_QSBR, 1)) {
		MH_DEBUG_ASSERT(mh_rcu_qsbr_entered);
		mh_rcu_qsbr_depth++;
		urcu_qsbr_read_lock();
		return 0;
	}
	return mh_rcu_read_lock_slow(domain);
}

static inline __attribute__((always_inline)) void mh_rcu_read_unlock(struct mh_rcu_domain *domain, unsigned index)
{
	if (__builtin_expect(domain->flavour == MH_RCU_MEMB, 1)) {
		urcu_memb_read_unlock();
	} else if (__builtin_expect(domain->flavour == MH_RCU_QSBR, 1)) {
		urcu_qsbr_read_unlock();
		mh_rcu_qsbr_depth--;
	} else {
		mh_rcu_read_unlock_slow(domain, index);
	}
}

/* Orders the load of the pointer before the loads through it (consume), and the stores that built the object before
 * the store of the pointer (release): without them a reader may see an object half built. */
#define mh_rcu_dereference(pointer)   rcu_dereference(pointer)
#define mh_rcu_assign(pointer, value) rcu_set_pointer(&(pointer), (value))
#endif

#endif
