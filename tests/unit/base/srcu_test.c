/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is SRCU's own: domains apart from each other, slots that are found, reused and outlive who took them. */
#include "base/rcu.h"

#include <criterion/criterion.h>

#define DOMAINS 10 /* more than a thread's cache holds */

static struct mh_rcu_domain domains[DOMAINS];
static atomic_bool reading, let_go;

static void wait_for(atomic_bool *flag)
{
	while (!atomic_load(flag))
		mh_yield();
}

static void set_up(void)
{
	mh_rcu_thread_register();
	for (unsigned i = 0; i < DOMAINS; i++)
		cr_assert_eq(mh_rcu_domain_init(&domains[i], MH_RCU_SRCU, NULL), 0);
}

static void tear_down(void)
{
	for (unsigned i = 0; i < DOMAINS; i++)
		mh_rcu_domain_release(&domains[i]);
	mh_rcu_thread_unregister();
}

static void hold_first(void *data)
{
	(void)data;
	unsigned index = mh_rcu_read_lock(&domains[0]);

	atomic_store(&reading, true);
	wait_for(&let_go);
	mh_rcu_read_unlock(&domains[0], index);
}

Test(srcu, a_reader_delays_no_other_domain, .timeout = 10)
{
	struct mh_thread reader;

	set_up();
	cr_assert_eq(mh_thread_start(&reader, "reader", -1, hold_first, NULL, NULL), 0);
	wait_for(&reading);
	mh_rcu_synchronize(&domains[1]);
	atomic_store(&let_go, true);
	mh_thread_join(&reader);
	mh_rcu_synchronize(&domains[0]);
	tear_down();
}

Test(srcu, a_thread_reads_in_more_domains_than_its_cache_holds, .timeout = 10)
{
	unsigned indexes[DOMAINS];

	set_up();
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < DOMAINS; i++)
			indexes[i] = mh_rcu_read_lock(&domains[i]);
		for (unsigned i = 0; i < DOMAINS; i++)
			cr_assert(mh_rcu_thread_reads(&domains[i]), "domain %u", i);
		for (unsigned i = 0; i < DOMAINS; i++)
			mh_rcu_read_unlock(&domains[i], indexes[i]);
		for (unsigned i = 0; i < DOMAINS; i++)
			mh_rcu_synchronize(&domains[i]);
	}
	tear_down();
}

/* A section begun before a flip and one begun after it nest in one thread; each ends on its own counter. */
static void synchronize_first(void *data)
{
	(void)data;
	mh_rcu_synchronize(&domains[0]);
}

Test(srcu, sections_of_both_indexes_nest, .timeout = 10)
{
	struct mh_thread updater;

	set_up();
	unsigned outer = mh_rcu_read_lock(&domains[0]);

	cr_assert_eq(mh_thread_start(&updater, "updater", -1, synchronize_first, NULL, NULL), 0);
	while (atomic_load(&domains[0].srcu_index) == outer)
		mh_yield(); /* until the updater has flipped and waits for us */
	unsigned inner = mh_rcu_read_lock(&domains[0]);

	cr_assert_neq(inner, outer);
	mh_rcu_read_unlock(&domains[0], outer);
	cr_assert(mh_rcu_thread_reads(&domains[0]));
	mh_thread_join(&updater); /* the inner section began after its flip: it need not wait for it */
	mh_rcu_read_unlock(&domains[0], inner);
	cr_assert_not(mh_rcu_thread_reads(&domains[0]));
	tear_down();
}

static void synchronize_and_say_so(void *data)
{
	mh_rcu_synchronize(&domains[0]);
	atomic_store((atomic_bool *)data, true);
}

/* As after a reader that loaded the index, was delayed over a flip, and counted then. */
Test(srcu, a_section_on_the_index_of_before_the_flip_is_waited_for, .timeout = 10)
{
	atomic_bool waited = false;
	struct mh_thread updater;

	set_up();
	unsigned index = mh_rcu_read_lock(&domains[0]);

	atomic_fetch_xor(&domains[0].srcu_index, 1);
	cr_assert_eq(mh_thread_start(&updater, "updater", -1, synchronize_and_say_so, &waited, NULL), 0);
	mh_sleep_ns(20000000); /* time for a wrong grace period to end */
	cr_assert_not(atomic_load(&waited), "the stale section was passed over");
	mh_rcu_read_unlock(&domains[0], index);
	mh_thread_join(&updater);
	tear_down();
}

static void read_once(void *data)
{
	struct mh_srcu_reader **ret_newest = data;
	unsigned index = mh_rcu_read_lock(&domains[0]);

	mh_rcu_read_unlock(&domains[0], index);
	*ret_newest = atomic_load(&domains[0].srcu_readers);
}

Test(srcu, a_new_thread_takes_the_slot_of_one_that_ended, .timeout = 20)
{
	struct mh_srcu_reader *first = NULL, *newest = NULL;
	struct mh_thread thread;

	set_up();
	for (unsigned i = 0; i < 50; i++) {
		cr_assert_eq(mh_thread_start(&thread, "once", -1, read_once, &newest, NULL), 0);
		mh_thread_join(&thread);
		first = first ? first : newest;
		cr_assert_eq(newest, first, "thread %u made a slot of its own", i);
	}
	mh_rcu_synchronize(&domains[0]);
	tear_down();
}

Test(srcu, a_domain_may_be_released_before_its_threads_end)
{
	mh_rcu_thread_register();
	for (unsigned i = 0; i < 100; i++) {
		cr_assert_eq(mh_rcu_domain_init(&domains[0], MH_RCU_SRCU, NULL), 0);
		unsigned index = mh_rcu_read_lock(&domains[0]);

		mh_rcu_read_unlock(&domains[0], index);
		mh_rcu_domain_release(&domains[0]); /* the next one has the same address and another id */
	}
	mh_rcu_thread_unregister();
}

/* A thread's first section must not wait for the updater, which may wait for a section that waits for that thread. */
static void hold_until_other_read(void *data)
{
	(void)data;
	unsigned index = mh_rcu_read_lock(&domains[0]);

	atomic_store(&reading, true);
	wait_for(&let_go);
	mh_rcu_read_unlock(&domains[0], index);
}

static void read_then_let_go(void *data)
{
	(void)data;
	unsigned index = mh_rcu_read_lock(&domains[0]);

	mh_rcu_read_unlock(&domains[0], index);
	atomic_store(&let_go, true);
}

Test(srcu, a_first_section_does_not_wait_for_a_grace_period, .timeout = 10)
{
	struct mh_thread holder, updater, late;

	set_up();
	cr_assert_eq(mh_thread_start(&holder, "holder", -1, hold_until_other_read, NULL, NULL), 0);
	wait_for(&reading);
	unsigned before = atomic_load(&domains[0].srcu_index);

	cr_assert_eq(mh_thread_start(&updater, "updater", -1, synchronize_first, NULL, NULL), 0);
	while (atomic_load(&domains[0].srcu_index) == before)
		mh_yield(); /* now the updater waits for the holder */
	cr_assert_eq(mh_thread_start(&late, "late", -1, read_then_let_go, NULL, NULL), 0);
	mh_thread_join(&late);
	mh_thread_join(&updater);
	mh_thread_join(&holder);
	tear_down();
}
