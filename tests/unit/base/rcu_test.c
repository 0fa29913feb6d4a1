/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What holds for every flavour: a reader holds up a grace period, sections nest, what is called runs once, in order and
 * after a grace period; and qsbr's own rule of entering and leaving.
 */
#include "base/rcu.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define HEADS 1000

static struct {
	struct mh_rcu_domain domain;
	atomic_bool reading, let_go, waited;
	unsigned ran[HEADS], ran_count; /* the reclaimer's, read after a barrier */
} shared;

struct numbered {
	struct mh_rcu_head head;
	unsigned number;
};

static int flavours[] = {MH_RCU_MEMB, MH_RCU_QSBR, MH_RCU_BP, MH_RCU_MB, MH_RCU_SRCU};

#define EACH_FLAVOUR(name)                                                                                             \
	ParameterizedTestParameters(rcu, name)                                                                         \
	{                                                                                                              \
		return cr_make_param_array(int, flavours, MH_RCU_FLAVOURS);                                            \
	}                                                                                                              \
	ParameterizedTest(int *flavour, rcu, name, .timeout = 20)

static void wait_for(atomic_bool *flag)
{
	while (!atomic_load(flag))
		mh_yield();
}

static void set_up(int flavour)
{
	cr_assert_eq(mh_rcu_domain_init(&shared.domain, (enum mh_rcu_flavour)flavour, NULL), 0);
	mh_rcu_thread_register();
}

static void tear_down(void)
{
	mh_rcu_thread_unregister();
	mh_rcu_domain_release(&shared.domain);
}

static void start(struct mh_thread *thread, void (*run)(void *data))
{
	cr_assert_eq(mh_thread_start(thread, "test", -1, run, NULL, NULL), 0);
}

/* One section, nested @depth deep, held until let_go. */
static void hold_section(unsigned depth)
{
	unsigned indexes[8];

	mh_rcu_thread_enter(&shared.domain);
	for (unsigned i = 0; i < depth; i++)
		indexes[i] = mh_rcu_read_lock(&shared.domain);
	for (unsigned i = depth; i-- > 1;) /* the outermost stays */
		mh_rcu_read_unlock(&shared.domain, indexes[i]);
	atomic_store(&shared.reading, true);
	wait_for(&shared.let_go);
	cr_assert_not(atomic_load(&shared.waited), "the grace period ended inside a section");
	mh_rcu_read_unlock(&shared.domain, indexes[0]);
	mh_rcu_thread_leave(&shared.domain);
}

static void read_plain(void *data)
{
	(void)data;
	hold_section(1);
}

static void read_nested(void *data)
{
	(void)data;
	hold_section(8);
}

static void synchronize_once(void *data)
{
	(void)data;
	mh_rcu_synchronize(&shared.domain);
	atomic_store(&shared.waited, true);
}

static void check_reader_is_waited_for(int flavour, void (*read)(void *data))
{
	struct mh_thread reader, updater;

	set_up(flavour);
	start(&reader, read);
	wait_for(&shared.reading);
	start(&updater, synchronize_once);
	mh_sleep_ns(20000000); /* time for a wrong grace period to end; the right one cannot */
	cr_assert_not(atomic_load(&shared.waited), "%s did not wait for the reader", mh_rcu_flavour_names[flavour]);
	atomic_store(&shared.let_go, true);
	mh_thread_join(&updater);
	cr_assert(atomic_load(&shared.waited));
	mh_thread_join(&reader);
	cr_assert_eq(atomic_load(&shared.domain.grace_periods), 1);
	tear_down();
}

EACH_FLAVOUR(a_reader_holds_up_a_grace_period)
{
	check_reader_is_waited_for(*flavour, read_plain);
}

EACH_FLAVOUR(an_inner_section_does_not_end_the_outer)
{
	check_reader_is_waited_for(*flavour, read_nested);
}

EACH_FLAVOUR(a_grace_period_without_readers_ends)
{
	set_up(*flavour);
	for (unsigned i = 0; i < 100; i++)
		mh_rcu_synchronize(&shared.domain);
	cr_assert_eq(atomic_load(&shared.domain.grace_periods), 100);
	tear_down();
}

/* Readers without pause must not starve a grace period. */
static void read_on_and_on(void *data)
{
	(void)data;
	mh_rcu_thread_enter(&shared.domain);
	while (!atomic_load(&shared.let_go)) {
		unsigned index = mh_rcu_read_lock(&shared.domain);

		mh_rcu_read_unlock(&shared.domain, index);
		mh_rcu_quiescent(&shared.domain);
		atomic_store(&shared.reading, true);
	}
	mh_rcu_thread_leave(&shared.domain);
}

EACH_FLAVOUR(readers_without_pause_do_not_starve_a_grace_period)
{
	struct mh_thread readers[2];

	set_up(*flavour);
	start(&readers[0], read_on_and_on);
	start(&readers[1], read_on_and_on);
	wait_for(&shared.reading);
	for (unsigned i = 0; i < 20; i++)
		mh_rcu_synchronize(&shared.domain);
	atomic_store(&shared.let_go, true);
	mh_thread_join(&readers[0]);
	mh_thread_join(&readers[1]);
	tear_down();
}

static void note_number(struct mh_rcu_head *head)
{
	struct numbered *numbered = (struct numbered *)head;

	shared.ran[shared.ran_count++] = numbered->number;
	free(numbered);
}

static void call_numbered(unsigned number)
{
	struct numbered *numbered = malloc(sizeof(*numbered));

	numbered->number = number;
	cr_assert_eq(mh_rcu_call(&shared.domain, &numbered->head, note_number), 0);
}

EACH_FLAVOUR(calls_run_once_and_in_order)
{
	set_up(*flavour);
	for (unsigned i = 0; i < HEADS; i++)
		call_numbered(i);
	mh_rcu_barrier(&shared.domain);
	cr_assert_eq(shared.ran_count, HEADS, "%u ran", shared.ran_count);
	for (unsigned i = 0; i < HEADS; i++)
		cr_assert_eq(shared.ran[i], i, "place %u: number %u", i, shared.ran[i]);
	tear_down();
}

static void call_inside_a_section(void *data)
{
	(void)data;
	mh_rcu_thread_enter(&shared.domain);
	unsigned index = mh_rcu_read_lock(&shared.domain);

	call_numbered(0);
	mh_sleep_ns(20000000);
	cr_assert_eq(__atomic_load_n(&shared.ran_count, __ATOMIC_ACQUIRE), 0, "it ran before the section ended");
	mh_rcu_read_unlock(&shared.domain, index);
	mh_rcu_thread_leave(&shared.domain);
}

EACH_FLAVOUR(a_call_waits_for_the_section_that_made_it)
{
	struct mh_thread reader;

	set_up(*flavour);
	start(&reader, call_inside_a_section);
	mh_thread_join(&reader);
	mh_rcu_barrier(&shared.domain);
	cr_assert_eq(shared.ran_count, 1);
	tear_down();
}

EACH_FLAVOUR(release_runs_what_was_called)
{
	set_up(*flavour);
	for (unsigned i = 0; i < 10; i++)
		call_numbered(i);
	tear_down();
	cr_assert_eq(shared.ran_count, 10, "%u ran", shared.ran_count);
}

static void call_again(struct mh_rcu_head *head)
{
	struct numbered *numbered = (struct numbered *)head;

	if (++shared.ran_count < 5)
		cr_assert_eq(mh_rcu_call(&shared.domain, &numbered->head, call_again), 0);
	else
		free(numbered);
}

EACH_FLAVOUR(a_done_function_may_call_again)
{
	struct numbered *numbered = malloc(sizeof(*numbered));

	set_up(*flavour);
	cr_assert_eq(mh_rcu_call(&shared.domain, &numbered->head, call_again), 0);
	tear_down();
	cr_assert_eq(shared.ran_count, 5, "%u ran", shared.ran_count);
}

EACH_FLAVOUR(a_thread_knows_whether_it_reads)
{
	set_up(*flavour);
	mh_rcu_thread_enter(&shared.domain);
	cr_assert_not(mh_rcu_thread_reads(&shared.domain));
	unsigned index = mh_rcu_read_lock(&shared.domain);

	cr_assert(mh_rcu_thread_reads(&shared.domain));
	mh_rcu_read_unlock(&shared.domain, index);
	cr_assert_not(mh_rcu_thread_reads(&shared.domain));
	mh_rcu_thread_leave(&shared.domain);
	tear_down();
}

static void synchronize_inside(int flavour)
{
	set_up(flavour);
	mh_rcu_thread_enter(&shared.domain);
	(void)mh_rcu_read_lock(&shared.domain);
	cr_assert_not_null(freopen("/dev/null", "w", stderr));
	mh_rcu_synchronize(&shared.domain);
}

Test(rcu, synchronize_inside_a_section_is_a_bug_that_is_caught, .signal = SIGABRT, .timeout = 10)
{
	synchronize_inside(MH_RCU_SRCU);
}

Test(rcu, the_same_for_qsbr, .signal = SIGABRT, .timeout = 10)
{
	synchronize_inside(MH_RCU_QSBR);
}

Test(rcu, a_section_of_another_domain_does_not_forbid_to_synchronize, .timeout = 10)
{
	struct mh_rcu_domain other;

	set_up(MH_RCU_SRCU);
	cr_assert_eq(mh_rcu_domain_init(&other, MH_RCU_SRCU, NULL), 0);
	unsigned index = mh_rcu_read_lock(&shared.domain);

	mh_rcu_synchronize(&other);
	mh_rcu_read_unlock(&shared.domain, index);
	mh_rcu_domain_release(&other);
	tear_down();
}

Test(rcu, an_unknown_flavour_is_refused)
{
	struct mh_error error;

	cr_assert_eq(mh_rcu_domain_init(&shared.domain, MH_RCU_FLAVOURS, &error), -EINVAL);
	cr_assert_str_eq(error.text, "there is no RCU flavour 5");
}

/* qsbr */

static void idle(void *data)
{
	(void)data;
	atomic_store(&shared.reading, true);
	while (!atomic_load(&shared.let_go))
		continue; /* says nothing, waits nowhere */
}

Test(rcu, a_registered_thread_that_never_enters_stops_no_qsbr_grace_period, .timeout = 10)
{
	struct mh_thread thread;

	set_up(MH_RCU_QSBR);
	start(&thread, idle);
	wait_for(&shared.reading);
	mh_rcu_synchronize(&shared.domain);
	atomic_store(&shared.let_go, true);
	mh_thread_join(&thread);
	tear_down();
}

static void sleep_entered(void *data)
{
	(void)data;
	mh_rcu_thread_enter(&shared.domain);
	mh_rcu_thread_enter(&shared.domain);
	mh_rcu_thread_leave(&shared.domain);
	atomic_store(&shared.reading, true);
	mh_mutex_lock(&shared.domain.call_lock); /* the main thread holds it */
	mh_mutex_unlock(&shared.domain.call_lock);
	mh_rcu_thread_leave(&shared.domain);
}

Test(rcu, a_thread_that_waits_for_a_lock_stops_no_qsbr_grace_period, .timeout = 10)
{
	struct mh_thread thread;

	set_up(MH_RCU_QSBR);
	mh_mutex_lock(&shared.domain.call_lock);
	start(&thread, sleep_entered);
	wait_for(&shared.reading);
	mh_rcu_synchronize(&shared.domain);
	mh_mutex_unlock(&shared.domain.call_lock);
	mh_thread_join(&thread);
	tear_down();
}

static void sleep_inside_qsbr(void *data)
{
	(void)data;
	mh_rcu_thread_enter(&shared.domain);
	unsigned index = mh_rcu_read_lock(&shared.domain);

	atomic_store(&shared.reading, true);
	while (!atomic_load(&shared.let_go))
		mh_sleep_ns(1000000); /* part of the section: not a quiescent state */
	cr_assert_not(atomic_load(&shared.waited), "a sleep inside a section counted as quiescent");
	mh_rcu_read_unlock(&shared.domain, index);
	mh_rcu_thread_leave(&shared.domain);
}

Test(rcu, a_sleep_inside_a_qsbr_section_is_part_of_it, .timeout = 10)
{
	check_reader_is_waited_for(MH_RCU_QSBR, sleep_inside_qsbr);
}

Test(rcu, a_section_of_srcu_lets_a_qsbr_thread_go_offline, .timeout = 10)
{
	struct mh_rcu_domain srcu;

	set_up(MH_RCU_QSBR);
	cr_assert_eq(mh_rcu_domain_init(&srcu, MH_RCU_SRCU, NULL), 0);
	mh_rcu_thread_enter(&shared.domain);
	unsigned index = mh_rcu_read_lock(&srcu);
	bool offline = mh_rcu_wait_begin();

	cr_assert(offline, "a listener that sleeps in SRCU would stop qsbr");
	mh_rcu_wait_end(offline);
	mh_rcu_read_unlock(&srcu, index);
	mh_rcu_thread_leave(&shared.domain);
	mh_rcu_domain_release(&srcu);
	tear_down();
}

#ifndef NDEBUG
Test(rcu, reading_under_qsbr_without_entering_is_a_bug_that_is_caught, .signal = SIGABRT)
{
	set_up(MH_RCU_QSBR);
	cr_assert_not_null(freopen("/dev/null", "w", stderr));
	(void)mh_rcu_read_lock(&shared.domain);
}
#endif
