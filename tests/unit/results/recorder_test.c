/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The series table, and that no value is lost on its way from the worker to the collector. */
#include "results/recorder.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/sync.h"
#include "base/thread.h"

static struct mh_series_table make_table(void)
{
	struct mh_series_table table;

	mh_series_table_init(&table, MH_HISTOGRAM_HOUR_NS);
	cr_assert_eq(mh_series_table_add(&table, "service", 3, NULL), 0);
	cr_assert_eq(mh_series_table_add(&table, "cb.slab", 2, NULL), 1);
	return table;
}

Test(series_table, gives_ids_in_order_and_finds_them)
{
	struct mh_series_table table = make_table();

	cr_expect_eq(mh_series_table_find(&table, "cb.slab"), 1);
	cr_expect_eq(mh_series_table_find(&table, "service"), 0);
	cr_expect_eq(mh_series_table_find(&table, "cb"), -ENOENT);
	cr_expect_eq(table.set_bytes, (264u + 36u) * 1024, "%zu", table.set_bytes);
	cr_expect_eq(mh_series_table_bytes_max(&table, 3), (3u + 1u) * 2 * 300 * 1024);
	mh_series_table_release(&table);
}

Test(series_table, refuses_what_no_log_could_carry)
{
	struct mh_series_table table = make_table();
	struct mh_error error = {0};
	char name[MH_SERIES_NAME_MAX + 2];

	cr_expect_eq(mh_series_table_add(&table, "service", 3, &error), -EEXIST);
	cr_expect(strstr(error.text, "twice"), "%s", error.text);
	cr_expect_eq(mh_series_table_add(&table, "", 3, NULL), -EINVAL);
	cr_expect_eq(mh_series_table_add(&table, "a,b", 3, NULL), -EINVAL);
	cr_expect_eq(mh_series_table_add(&table, "a b", 3, NULL), -EINVAL);
	cr_expect_eq(mh_series_table_add(&table, "a\nb", 3, NULL), -EINVAL);
	cr_expect_eq(mh_series_table_add(&table, "zero", 0, NULL), -EINVAL);
	cr_expect_eq(mh_series_table_add(&table, "six", 6, NULL), -EINVAL);
	memset(name, 'x', sizeof(name));
	name[MH_SERIES_NAME_MAX + 1] = '\0';
	cr_expect_eq(mh_series_table_add(&table, name, 3, NULL), -EINVAL);
	name[MH_SERIES_NAME_MAX] = '\0';
	cr_expect_eq(mh_series_table_add(&table, name, 3, NULL), 2);
	mh_series_table_release(&table);
}

Test(series_table, a_part_is_named_behind_its_whole)
{
	struct mh_series_table table = make_table();
	struct mh_error error = {0};
	char name[MH_SERIES_NAME_MAX + 1] = "";

	cr_expect_eq(mh_series_table_add_part(&table, 1, "faulted", NULL), 2);
	cr_expect_str_eq(table.names[2], "cb.slab/faulted");
	cr_expect_eq(table.digits[2], 2);
	cr_expect_eq(table.wholes[2], 1);
	cr_expect_eq(table.wholes[1], MH_SERIES_WHOLE);
	cr_expect_eq(mh_series_table_add_part(&table, 1, "faulted", &error), -EEXIST);
	memset(name, 'x', MH_SERIES_NAME_MAX);
	cr_assert_eq(mh_series_table_add(&table, name, 3, NULL), 3);
	cr_expect_eq(mh_series_table_add_part(&table, 3, "faulted", &error), -EINVAL, "too long, and not cut");
	mh_series_table_release(&table);
}

Test(series_table, holds_so_many_and_no_more)
{
	struct mh_series_table table;
	char name[16];

	mh_series_table_init(&table, MH_HISTOGRAM_HOUR_NS);
	for (int i = 0; i < MH_SERIES_MAX; i++) {
		snprintf(name, sizeof(name), "s%d", i);
		cr_assert_eq(mh_series_table_add(&table, name, 1, NULL), i);
	}
	cr_expect_eq(mh_series_table_add(&table, "more", 1, NULL), -ENOSPC);
	mh_series_table_release(&table);
}

struct fixture {
	struct mh_series_table table;
	struct mh_recorder recorder;
	struct mh_collection collection;
};

static void begin(struct fixture *fixture)
{
	fixture->table = make_table();
	cr_assert_eq(mh_recorder_init(&fixture->recorder, &fixture->table, NULL), 0);
	cr_assert_eq(mh_collection_init(&fixture->collection, &fixture->table, NULL), 0);
	mh_recorder_start(&fixture->recorder, 1000, 100);
}

static void end(struct fixture *fixture)
{
	mh_recorder_release(&fixture->recorder);
	mh_collection_release(&fixture->collection);
	mh_series_table_release(&fixture->table);
}

Test(recorder, hands_nothing_over_before_the_boundary)
{
	struct fixture fixture;

	begin(&fixture);
	mh_recorder_record(&fixture.recorder, 0, 5);
	mh_recorder_tick(&fixture.recorder, 1099);
	cr_expect_not(mh_recorder_collect(&fixture.recorder, &fixture.collection));
	mh_recorder_tick(&fixture.recorder, 1100);
	cr_expect(mh_recorder_collect(&fixture.recorder, &fixture.collection));
	cr_expect_not(mh_recorder_collect(&fixture.recorder, &fixture.collection));
	cr_expect_eq(fixture.collection.interval[0].count, 1u);
	cr_expect_eq(fixture.collection.total[0].count, 1u);
	end(&fixture);
}

Test(recorder, keeps_series_apart)
{
	struct fixture fixture;

	begin(&fixture);
	mh_recorder_record(&fixture.recorder, 0, 5);
	mh_recorder_record(&fixture.recorder, 1, 7);
	mh_recorder_record(&fixture.recorder, 1, MH_HISTOGRAM_HOUR_NS + 1);
	mh_recorder_finish(&fixture.recorder, &fixture.collection);
	cr_expect_eq(fixture.collection.total[0].count, 1u);
	cr_expect_eq(fixture.collection.total[0].max, 5u);
	cr_expect_eq(fixture.collection.total[1].count, 2u);
	cr_expect_eq(fixture.collection.total[1].overflow, 1u);
	end(&fixture);
}

Test(recorder, goes_on_filling_while_the_collector_is_late)
{
	struct fixture fixture;

	begin(&fixture);
	for (uint64_t now = 1000; now < 2000; now += 50) {
		mh_recorder_record(&fixture.recorder, 0, now);
		mh_recorder_tick(&fixture.recorder, now);
	}
	/* The first boundary took the spare set, the other eight found none. */
	cr_expect_eq(fixture.recorder.stretched, 8u, "%lu", fixture.recorder.stretched);
	cr_expect(mh_recorder_collect(&fixture.recorder, &fixture.collection));
	cr_expect_eq(fixture.collection.total[0].count, 3u, "1000, 1050, 1100: %lu", fixture.collection.total[0].count);
	mh_recorder_finish(&fixture.recorder, &fixture.collection);
	cr_expect_eq(fixture.collection.total[0].count, 20u, "%lu", fixture.collection.total[0].count);
	end(&fixture);
}

Test(recorder, skips_the_boundaries_of_a_long_pause)
{
	struct fixture fixture;

	begin(&fixture);
	mh_recorder_tick(&fixture.recorder, 1750);
	cr_expect_eq(fixture.recorder.boundary_ticks, 1800u, "%lu", fixture.recorder.boundary_ticks);
	mh_recorder_tick(&fixture.recorder, 1800);
	cr_expect_eq(fixture.recorder.boundary_ticks, 1900u, "%lu", fixture.recorder.boundary_ticks);
	end(&fixture);
}

Test(recorder, ends_no_interval_when_there_are_none)
{
	struct fixture fixture;

	begin(&fixture);
	mh_recorder_start(&fixture.recorder, 1000, 0);
	mh_recorder_record(&fixture.recorder, 0, 5);
	mh_recorder_tick(&fixture.recorder, UINT64_MAX);
	cr_expect_not(mh_recorder_collect(&fixture.recorder, &fixture.collection));
	mh_recorder_finish(&fixture.recorder, &fixture.collection);
	cr_expect_eq(fixture.collection.total[0].count, 1u);
	end(&fixture);
}

Test(recorder, starts_the_next_phase_empty)
{
	struct fixture fixture;

	begin(&fixture);
	mh_recorder_record(&fixture.recorder, 0, 5);
	mh_recorder_finish(&fixture.recorder, &fixture.collection);
	mh_collection_clear(&fixture.collection);
	mh_recorder_start(&fixture.recorder, 5000, 100);
	mh_recorder_record(&fixture.recorder, 0, 6);
	mh_recorder_tick(&fixture.recorder, 5100);
	mh_recorder_finish(&fixture.recorder, &fixture.collection);
	cr_expect_eq(fixture.collection.total[0].count, 1u);
	cr_expect_eq(fixture.collection.total[0].min, 6u);
	end(&fixture);
}

Test(collection, forgets_the_interval_and_keeps_the_total)
{
	struct fixture fixture;

	begin(&fixture);
	mh_recorder_record(&fixture.recorder, 0, 5);
	mh_recorder_finish(&fixture.recorder, &fixture.collection);
	mh_collection_next_interval(&fixture.collection);
	cr_expect_eq(fixture.collection.interval[0].count, 0u);
	cr_expect_eq(fixture.collection.total[0].count, 1u);
	end(&fixture);
}

#define WORKERS 3
#define VALUES  200000u

struct worker {
	struct mh_recorder recorder;
	struct mh_thread thread;
	atomic_bool done;
};

static atomic_bool handed; /* something was collected while the workers work */

/* Records 1 … VALUES, an interval every 37 values; half-way it waits until the collector has come by once. */
static void work(void *data)
{
	struct worker *worker = data;

	for (uint64_t i = 1; i <= VALUES; i++) {
		while (i == VALUES / 2 && !atomic_load(&handed))
			mh_yield();
		mh_recorder_record(&worker->recorder, i & 1, i);
		mh_recorder_tick(&worker->recorder, i);
	}
	atomic_store(&worker->done, true);
}

static bool all_done(struct worker *workers)
{
	for (unsigned i = 0; i < WORKERS; i++)
		if (!atomic_load(&workers[i].done))
			return false;
	return true;
}

Test(recorder, loses_nothing_between_threads, .timeout = 60)
{
	static struct worker workers[WORKERS];
	struct mh_series_table table = make_table();
	struct mh_collection collection;
	uint64_t handed_over = 0;

	cr_assert_eq(mh_collection_init(&collection, &table, NULL), 0);
	for (unsigned i = 0; i < WORKERS; i++) {
		cr_assert_eq(mh_recorder_init(&workers[i].recorder, &table, NULL), 0);
		mh_recorder_start(&workers[i].recorder, 0, 37);
		cr_assert_eq(mh_thread_start(&workers[i].thread, "worker", -1, work, &workers[i], NULL), 0);
	}
	while (!all_done(workers)) {
		for (unsigned i = 0; i < WORKERS; i++)
			handed_over += mh_recorder_collect(&workers[i].recorder, &collection);
		if (handed_over)
			atomic_store(&handed, true);
		mh_collection_next_interval(&collection);
		mh_yield();
	}
	for (unsigned i = 0; i < WORKERS; i++) {
		mh_thread_join(&workers[i].thread);
		mh_recorder_finish(&workers[i].recorder, &collection);
		mh_recorder_release(&workers[i].recorder);
	}
	cr_expect_gt(handed_over, 0u);
	cr_expect_eq(collection.total[0].count + collection.total[1].count, (uint64_t)WORKERS * VALUES);
	cr_expect(mh_histogram_sum(&collection.total[0]) + mh_histogram_sum(&collection.total[1]) ==
		  (mh_uint128)WORKERS * VALUES * (VALUES + 1) / 2);
	mh_collection_release(&collection);
	mh_series_table_release(&table);
}

Test(recorder, adds_a_part_to_its_whole)
{
	struct fixture fixture = {.table = make_table()};

	cr_assert_eq(mh_series_table_add_part(&fixture.table, 0, "faulted", NULL), 2);
	cr_assert_eq(mh_series_table_add_part(&fixture.table, 0, "clean", NULL), 3);
	cr_assert_eq(mh_recorder_init(&fixture.recorder, &fixture.table, NULL), 0);
	cr_assert_eq(mh_collection_init(&fixture.collection, &fixture.table, NULL), 0);
	mh_recorder_record(&fixture.recorder, 2, 5);
	mh_recorder_record(&fixture.recorder, 3, 7);
	mh_recorder_record(&fixture.recorder, 3, 9);
	mh_recorder_finish(&fixture.recorder, &fixture.collection);
	cr_expect_eq(fixture.collection.total[2].count, 1u);
	cr_expect_eq(fixture.collection.total[3].count, 2u);
	cr_expect_eq(fixture.collection.total[0].count, 3u);
	cr_expect_eq(fixture.collection.interval[0].max, 9u);
	cr_expect_eq(fixture.collection.total[1].count, 0u);
	end(&fixture);
}
