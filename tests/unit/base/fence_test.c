/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Of two threads that each store and then look at the other's store, one at least sees it: by one's light fence and the
 * other's fence in every thread. */
#include "base/fence.h"

#include <criterion/criterion.h>

#include "base/sync.h"
#include "base/thread.h"

#define ROUNDS 20000

static struct {
	_Alignas(128) atomic_int stored_often;
	_Alignas(128) atomic_int stored_seldom;
	_Alignas(128) atomic_uint begun; /* rounds */
	_Alignas(128) atomic_uint ended; /* those of the thread with the light fence */
	int seen_often;                  /* by that thread */
} shared;

static void wait_for(const atomic_uint *round, unsigned number)
{
	unsigned turns = 0;

	while (atomic_load_explicit(round, memory_order_acquire) != number)
		mh_spin_turn(&turns);
}

static void store_and_look(void *data)
{
	(void)data;
	for (unsigned round = 1; round <= ROUNDS; round++) {
		wait_for(&shared.begun, round);
		atomic_store_explicit(&shared.stored_often, 1, memory_order_relaxed);
		mh_fence_light();
		shared.seen_often = atomic_load_explicit(&shared.stored_seldom, memory_order_relaxed);
		atomic_store_explicit(&shared.ended, round, memory_order_release);
	}
}

/* Return: whether this thread, or the other, saw what the other one stored. */
static bool run_round(unsigned round)
{
	int seen_seldom;

	atomic_store_explicit(&shared.stored_often, 0, memory_order_relaxed);
	atomic_store_explicit(&shared.stored_seldom, 0, memory_order_relaxed);
	atomic_store_explicit(&shared.begun, round, memory_order_release);
	for (volatile unsigned delay = round % 256; delay; delay--)
		continue;
	atomic_store_explicit(&shared.stored_seldom, 1, memory_order_relaxed);
	mh_fence_all();
	seen_seldom = atomic_load_explicit(&shared.stored_often, memory_order_relaxed);
	wait_for(&shared.ended, round);
	return seen_seldom || shared.seen_often;
}

Test(fence, one_of_two_sees_the_other, .timeout = 60)
{
	struct mh_thread thread;
	unsigned missed = 0;

	if (!mh_fence_prepare())
		cr_skip_test("the kernel refuses the fence");
	cr_assert_eq(mh_thread_start(&thread, "often", -1, store_and_look, NULL, NULL), 0);
	for (unsigned round = 1; round <= ROUNDS; round++)
		missed += !run_round(round);
	mh_thread_join(&thread);
	cr_expect_eq(missed, 0, "%u of %u rounds", missed, ROUNDS);
}
