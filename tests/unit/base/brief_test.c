/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A brief lock excludes: those who lock each other, and those who enter by favour those who come and take that away. */
#include "base/brief.h"

#include <criterion/criterion.h>
#include <unistd.h>

#include "base/sync.h"
#include "base/thread.h"

#define THREADS 3
#define TURNS   20000
#define ROUNDS  20000
#define ENTRIES 64

static struct {
	struct mh_brief brief;
	unsigned long counter; /* under it */
	_Alignas(128) atomic_uint begun;
	_Alignas(128) atomic_uint ended;
} shared;

static void count_locked(void *data)
{
	(void)data;
	for (unsigned i = 0; i < TURNS; i++) {
		mh_brief_lock(&shared.brief);
		shared.counter++;
		mh_brief_unlock(&shared.brief);
	}
}

static void count_entered(unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		mh_brief_enter(&shared.brief);
		shared.counter++;
		mh_brief_leave(&shared.brief);
	}
}

/* This thread is the favoured party, if there is one. */
static void count_beside_others(void)
{
	struct mh_thread threads[THREADS];

	for (unsigned i = 0; i < THREADS; i++)
		cr_assert_eq(mh_thread_start(&threads[i], "locks", -1, count_locked, NULL, NULL), 0);
	count_entered(TURNS);
	for (unsigned i = 0; i < THREADS; i++)
		mh_thread_join(&threads[i]);
	cr_expect_eq(shared.counter, (THREADS + 1) * TURNS, "%lu", shared.counter);
	mh_brief_release(&shared.brief);
}

Test(brief, excludes, .timeout = 60)
{
	mh_brief_init(&shared.brief);
	count_beside_others();
}

Test(brief, excludes_whom_it_favours, .timeout = 60)
{
	mh_brief_init_favouring(&shared.brief);
	count_beside_others();
}

Test(brief, is_nobodys_while_the_favoured_are_alone)
{
	mh_brief_init_favouring(&shared.brief);
	count_entered(1);
	cr_expect_eq(mh_mutex_owner(&shared.brief.mutex), 0);
	cr_expect_eq(atomic_load(&shared.brief.mutex.word), mh_fence_prepare() ? MH_BRIEF_FAVOURS : 0);
	mh_brief_release(&shared.brief);
}

Test(brief, favours_nobody_once_another_has_come)
{
	mh_brief_init_favouring(&shared.brief);
	mh_brief_lock(&shared.brief);
	cr_expect_eq(mh_mutex_owner(&shared.brief.mutex), gettid());
	mh_brief_unlock(&shared.brief);
	mh_brief_enter(&shared.brief);
	cr_expect_eq(mh_mutex_owner(&shared.brief.mutex), gettid());
	mh_brief_leave(&shared.brief);
	cr_expect_eq(mh_mutex_owner(&shared.brief.mutex), 0);
	mh_brief_release(&shared.brief);
}

static void wait_for(const atomic_uint *round, unsigned number)
{
	unsigned turns = 0;

	while (atomic_load_explicit(round, memory_order_acquire) != number)
		mh_spin_turn(&turns);
}

static void come_once_a_round(void *data)
{
	(void)data;
	for (unsigned round = 1; round <= ROUNDS; round++) {
		wait_for(&shared.begun, round);
		mh_brief_lock(&shared.brief);
		shared.counter++;
		mh_brief_unlock(&shared.brief);
		atomic_store_explicit(&shared.ended, round, memory_order_release);
	}
}

/* Each round has one moment at which the favour is taken away, while the favoured thread enters without pause. */
Test(brief, its_favour_is_taken_away_at_any_moment, .timeout = 60)
{
	struct mh_thread thread;
	unsigned wrong = 0;

	cr_assert_eq(mh_thread_start(&thread, "comes", -1, come_once_a_round, NULL, NULL), 0);
	for (unsigned round = 1; round <= ROUNDS; round++) {
		mh_brief_init_favouring(&shared.brief);
		shared.counter = 0;
		atomic_store_explicit(&shared.begun, round, memory_order_release);
		count_entered(ENTRIES);
		wait_for(&shared.ended, round);
		wrong += shared.counter != ENTRIES + 1;
	}
	mh_thread_join(&thread);
	cr_expect_eq(wrong, 0, "%u of %u rounds", wrong, ROUNDS);
}
