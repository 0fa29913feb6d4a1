/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A walk over a block's pages: what it counts, and when it meets a hole.
 */
#include <criterion/criterion.h>

#include "core/machine_private.h"
#include "core/page_walk.h"
#include "machine_fixture.h"

TestSuite(page_walk, .timeout = 60);

#define BLOCK_PAGES 32768u /* of 128 MiB */

static struct fixture fixture;
static struct mh_cpu *cpu;

static void begin(enum mh_page_unit unit)
{
	struct mh_machine_config config = fixture_config();

	config.page_unit = unit;
	fixture_begin(&fixture, THREE_BLOCKS, &config);
	cr_assert_eq(fixture_online(&fixture, 0, MH_ONLINE_MOVABLE), 0);
	cr_assert_eq(mh_cpu_new(fixture.machine, &cpu), 0);
	mh_cpu_enter(cpu);
}

static void end(void)
{
	mh_cpu_leave(cpu);
	mh_cpu_free(fixture.machine, cpu);
	fixture_end(&fixture);
}

static void take(unsigned order, enum mh_page_kind kind, mh_handle *handle)
{
	struct mh_page_request request = {.order = order, .kind = kind};

	cr_assert_eq(mh_page_alloc(fixture.machine, cpu, &request, handle), 0);
}

Test(page_walk, a_whole_block_is_all_free)
{
	struct mh_page_walk walk;

	begin(MH_PAGE_UNIT_PAGE);
	mh_page_walk(fixture.machine, 0, &walk);
	cr_expect_eq(walk.units, BLOCK_PAGES, "%lu", walk.units);
	cr_expect_eq(walk.out, 0);
	cr_expect_not(walk.hole);
	end();
}

Test(page_walk, counts_pages_by_what_they_are)
{
	mh_handle handles[4] = {0, 0, 0, 0};
	struct mh_page_walk walk;

	begin(MH_PAGE_UNIT_PAGEBLOCK);
	take(2, MH_PAGE_MOVABLE, &handles[0]);
	take(1, MH_PAGE_PINNED, &handles[1]);
	take(1, MH_PAGE_HUGE, &handles[2]);
	mh_page_walk(fixture.machine, 0, &walk);
	cr_expect_eq(walk.out, 4 + 2 + 2, "%lu", walk.out);
	/* A single unit comes with a batch of its like, which waits on the thread's list: all that was left. */
	take(0, MH_PAGE_MOVABLE, &handles[3]);
	mh_page_walk(fixture.machine, 0, &walk);
	cr_expect_eq(walk.units, BLOCK_PAGES / MH_PAGEBLOCK_PAGES, "%lu", walk.units);
	cr_expect_eq(walk.out, walk.units, "%lu", walk.out);
	cr_expect_eq(walk.kinds[MH_PAGE_MOVABLE], 2, "%lu", walk.kinds[MH_PAGE_MOVABLE]);
	cr_expect_eq(walk.kinds[MH_PAGE_PINNED], 1, "%lu", walk.kinds[MH_PAGE_PINNED]);
	cr_expect_eq(walk.kinds[MH_PAGE_HUGE], 1, "%lu", walk.kinds[MH_PAGE_HUGE]);
	for (unsigned i = 0; i < 4; i++)
		mh_page_free(fixture.machine, cpu, &handles[i]);
	end();
}

Test(page_walk, an_offline_block_is_a_hole)
{
	struct mh_page_walk walk;

	begin(MH_PAGE_UNIT_PAGE);
	mh_page_walk(fixture.machine, 1, &walk);
	cr_expect(walk.hole);
	cr_expect_eq(walk.units, 0, "%lu", walk.units);
	mh_cpu_leave(cpu);
	cr_assert_eq(fixture_offline(&fixture, 0), 0);
	mh_cpu_enter(cpu);
	mh_page_walk(fixture.machine, 0, &walk);
	cr_expect(walk.hole);
	end();
}

static void walk_inside(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	struct mh_page_walk walk;

	(void)arg;
	if (event != MH_GOING_OFFLINE)
		return;
	mh_page_walk(self->fixture->machine, 0, &walk);
	self->fixture->data = walk.hole ? self : NULL;
}

/* Isolated: what is free there is nobody's to take, and a walker passes it by. */
Test(page_walk, an_isolated_block_is_a_hole)
{
	begin(MH_PAGE_UNIT_PAGE);
	fixture_listen(&fixture);
	fixture.listeners[0].inside = walk_inside;
	mh_cpu_leave(cpu);
	cr_assert_eq(fixture_offline(&fixture, 0), 0);
	mh_cpu_enter(cpu);
	cr_expect_not_null(fixture.data);
	end();
}
