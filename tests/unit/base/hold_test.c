/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thread that is held stands still until it is let go, and its stack says where it stands. */
#include "base/hold.h"

#include <criterion/criterion.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/sync.h"

struct counting {
	_Atomic unsigned long turns;
	atomic_bool stop, ready;
	bool accepts;
};

static __attribute__((noinline)) void hold_test_counts(struct counting *counting)
{
	while (!atomic_load(&counting->stop))
		atomic_fetch_add(&counting->turns, 1);
}

static void count(void *data)
{
	struct counting *counting = data;

	if (counting->accepts)
		mh_hold_accept();
	atomic_store(&counting->ready, true);
	hold_test_counts(counting);
}

static void start(struct counting *counting, struct mh_thread *thread)
{
	struct mh_error error;

	cr_assert_eq(mh_hold_prepare(), 0);
	cr_assert_eq(mh_thread_start(thread, "counts", -1, count, counting, &error), 0, "%s", error.text);
	while (!atomic_load(&counting->ready))
		mh_sleep_ns(1000000);
}

static void stop(struct counting *counting, struct mh_thread *thread)
{
	atomic_store(&counting->stop, true);
	mh_thread_join(thread);
}

Test(hold, a_held_thread_stands_still_and_then_goes_on)
{
	struct counting counting = {.accepts = true};
	static struct mh_hold hold;
	struct mh_thread thread;
	unsigned long turns;

	start(&counting, &thread);
	cr_assert(mh_hold_begin(&hold, &thread));
	turns = atomic_load(&counting.turns);
	mh_sleep_ns(20000000);
	cr_expect_eq(atomic_load(&counting.turns), turns);
	mh_hold_end(&hold);
	while (atomic_load(&counting.turns) == turns)
		mh_sleep_ns(1000000);
	stop(&counting, &thread);
}

Test(hold, the_stack_of_a_held_thread_is_known_and_printed)
{
	struct counting counting = {.accepts = true};
	static struct mh_hold hold;
	struct mh_thread thread;
	char text[8192] = "";
	unsigned inside = 0, lines = 0;
	int ends[2];

	cr_assert_eq(pipe(ends), 0);
	start(&counting, &thread);
	cr_assert(mh_hold_begin(&hold, &thread));
	mh_hold_end(&hold);
	for (int i = 0; i < hold.depth; i++)
		inside += (uintptr_t)hold.frames[i] - (uintptr_t)hold_test_counts < 4096;
	cr_expect_geq(inside, 1);
	mh_hold_print(&hold, ends[1]);
	cr_assert_gt(read(ends[0], text, sizeof(text) - 1), 0);
	for (const char *end = text; (end = strchr(end, '\n')); end++)
		lines++;
	cr_expect_eq(lines, (unsigned)hold.depth - 2, "%u lines of %d frames, two of them the handler's", lines,
		     hold.depth);
	stop(&counting, &thread);
}

Test(hold, a_thread_that_does_not_answer_is_left_alone)
{
	struct counting counting = {.accepts = false};
	static struct mh_hold hold;
	struct mh_thread thread;

	start(&counting, &thread);
	cr_expect_not(mh_hold_begin(&hold, &thread));
	stop(&counting, &thread);
}

static void wait_for_mutex(void *data)
{
	mh_hold_accept();
	mh_mutex_lock(data);
	mh_mutex_unlock(data);
}

Test(hold, a_held_thread_says_which_mutex_it_waits_for_and_the_mutex_who_has_it)
{
	static struct mh_hold hold;
	struct mh_thread thread;
	struct mh_mutex mutex;
	struct mh_error error;

	mh_mutex_init(&mutex);
	mh_mutex_lock(&mutex);
	cr_assert_eq(mh_hold_prepare(), 0);
	cr_assert_eq(mh_thread_start(&thread, "waits", -1, wait_for_mutex, &mutex, &error), 0, "%s", error.text);
	do {
		cr_assert(mh_hold_begin(&hold, &thread));
		mh_hold_end(&hold);
		mh_sleep_ns(1000000);
	} while (!hold.awaited);
	cr_expect_eq(hold.awaited, &mutex);
	cr_expect_eq(mh_mutex_owner(&mutex), gettid());
	cr_expect_neq(hold.thread_id, gettid());
	mh_mutex_unlock(&mutex);
	mh_thread_join(&thread);
	cr_expect_eq(mh_mutex_owner(&mutex), 0);
	mh_mutex_release(&mutex);
}
