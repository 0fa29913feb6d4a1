/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What modules call is counted on behalf of whom: a listener and its event, an init, a thread. */
#include "core/kapi_count.h"

#include <criterion/criterion.h>

#include "core/event.h"
#include "kapi_fixture.h"

#define MODULE "counted"

/* Calls of @symbol by @caller, told of @event, since @before. */
static uint64_t count(const struct mh_kapi_counts *before, enum mh_kapi_caller caller, enum mh_event event,
		      enum mh_kapi_symbol symbol)
{
	struct mh_kapi_counts now;
	uint64_t sum = 0;

	cr_assert_eq(mh_kapi_counts_take(&now), 0);
	for (size_t i = 0; i < now.row_count; i++)
		if (now.rows[i].key.caller == caller && now.rows[i].key.event == event)
			sum += mh_kapi_counts_since(before, &now.rows[i], symbol);
	mh_kapi_counts_release(&now);
	return sum;
}

static uint64_t count_all(const struct mh_kapi_counts *before)
{
	struct mh_kapi_counts now;
	uint64_t sum = 0;

	cr_assert_eq(mh_kapi_counts_take(&now), 0);
	for (size_t i = 0; i < now.row_count; i++)
		for (int symbol = 0; symbol < MH_KAPI_SYMBOLS; symbol++)
			sum += mh_kapi_counts_since(before, &now.rows[i], (enum mh_kapi_symbol)symbol);
	mh_kapi_counts_release(&now);
	return sum;
}

Test(kapi_count, tells_the_init_from_the_thread)
{
	struct kapi_fixture fixture;
	struct mh_kapi_counts before;
	struct mh_module *module;

	kapi_begin(&fixture);
	cr_assert_eq(mh_kapi_counts_take(&before), 0);
	module = kapi_load(&fixture, MODULE);
	cr_expect_eq(count(&before, MH_KAPI_INIT, 0, MH_KAPI_CALL_REGISTER_MEMORY_NOTIFIER), 1);
	cr_expect_eq(count_all(&before), 1);
	cr_expect_eq(mh_module_unload(module, NULL), 0);
	cr_expect_eq(count(&before, MH_KAPI_EXIT, 0, MH_KAPI_CALL_UNREGISTER_MEMORY_NOTIFIER), 1);
	cr_expect_eq(count_all(&before), 2);
	mh_kapi_counts_release(&before);
	kapi_end(&fixture);
}

/* @level: the place in the trace is another where a call's begin is stamped, too. */
static void expect_callbacks_counted(enum mh_stamp_level level)
{
	struct kapi_fixture fixture;
	struct mh_kapi_counts before;
	struct mh_module *module;

	kapi_begin(&fixture);
	fixture.machine.trace.level = level;
	module = kapi_load(&fixture, MODULE);
	cr_assert_eq(mh_kapi_counts_take(&before), 0);
	for (int i = 0; i < 3; i++) {
		cr_expect_eq(fixture_online(&fixture.machine, 0, MH_ONLINE_DEFAULT), 0);
		cr_expect_eq(fixture_offline(&fixture.machine, 0), 0);
	}
	cr_expect_eq(count(&before, MH_KAPI_LISTENER, MH_GOING_ONLINE, MH_KAPI_CALL_KMALLOC), 3);
	cr_expect_eq(count(&before, MH_KAPI_LISTENER, MH_GOING_ONLINE, MH_KAPI_CALL_KMALLOC_BYTES), 300);
	cr_expect_eq(count(&before, MH_KAPI_LISTENER, MH_GOING_ONLINE, MH_KAPI_CALL_MUTEX_LOCK), 3);
	cr_expect_eq(count_all(&before), 306, "%lu", (unsigned long)count_all(&before));
	mh_kapi_counts_release(&before);
	cr_expect_eq(mh_module_unload(module, NULL), 0);
	kapi_end(&fixture);
}

Test(kapi_count, tells_the_event_of_a_callback)
{
	expect_callbacks_counted(MH_STAMPS_NONE);
}

Test(kapi_count, tells_it_where_each_begin_of_a_call_is_stamped)
{
	expect_callbacks_counted(MH_STAMPS_PAIR);
}

Test(kapi_count, loses_nothing_when_a_trace_is_full)
{
	struct kapi_fixture fixture;
	struct mh_kapi_counts before;
	struct mh_module *module;

	kapi_begin(&fixture);
	module = kapi_load(&fixture, MODULE);
	cr_assert_eq(mh_kapi_counts_take(&before), 0);
	fixture.machine.trace.capacity = 2;
	(void)fixture_online(&fixture.machine, 0, MH_ONLINE_DEFAULT);
	/* Whose it was is not known: not a listener's, and not forgotten. */
	cr_expect_eq(count(&before, MH_KAPI_LISTENER, MH_GOING_ONLINE, MH_KAPI_CALL_KMALLOC), 0);
	cr_expect_eq(count(&before, MH_KAPI_THREAD, 0, MH_KAPI_CALL_KMALLOC), 1);
	mh_kapi_counts_release(&before);
	(void)fixture_offline(&fixture.machine, 0);
	cr_expect_eq(mh_module_unload(module, NULL), 0);
	kapi_end(&fixture);
}
