/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each kind of page makes of an offline of its block (semantics.md 3, "Page kinds"), in a kernel zone and in
 * Movable.
 */
#include "core/page.h"

#include <errno.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "map_fixture.h"

/* What waits for ever has failed. */
TestSuite(page_kind, .timeout = 60);

#define KEPT 1 /* not an errno: ends only by a signal, which the test has set */

struct kind_row {
	const char *name;
	enum mh_page_kind kind;
	unsigned order;
	int kernel, movable; /* the offline's result; KEPT: -EINTR by the signal */
	enum mh_outcome kernel_outcome, movable_outcome;
	bool handle_stays; /* after a success the owner still holds a page, elsewhere */
};

static const struct kind_row rows[] = {
	{"movable", MH_PAGE_MOVABLE, 0, 0, 0, MH_OUTCOME_DONE, MH_OUTCOME_DONE, true},
	{"kernel", MH_PAGE_KERNEL, 0, -EBUSY, 0, MH_OUTCOME_ISOLATE, MH_OUTCOME_DONE, true},
	{"pinned", MH_PAGE_PINNED, 0, KEPT, KEPT, MH_OUTCOME_SIGNAL, MH_OUTCOME_SIGNAL, true},
	{"huge", MH_PAGE_HUGE, 9, 0, 0, MH_OUTCOME_DONE, MH_OUTCOME_DONE, true},
	{"huge, stuck", MH_PAGE_HUGE_STUCK, 9, -EBUSY, -EBUSY, MH_OUTCOME_ISOLATE, MH_OUTCOME_DISSOLVE, true},
	{"huge, free", MH_PAGE_HUGE_FREE, 9, 0, 0, MH_OUTCOME_DONE, MH_OUTCOME_DONE, false},
	{"offline-flagged, held", MH_PAGE_OFFLINE, 0, -EBUSY, -EBUSY, MH_OUTCOME_UNMOVABLE, MH_OUTCOME_UNMOVABLE, true},
	{"offline-flagged, released", MH_PAGE_RELEASED, 0, 0, 0, MH_OUTCOME_DONE, MH_OUTCOME_DONE, false},
	{"reserved", MH_PAGE_RESERVED, 0, -EBUSY, 0, MH_OUTCOME_ISOLATE, MH_OUTCOME_DONE, true},
	{"poisoned", MH_PAGE_POISONED, 0, 0, 0, MH_OUTCOME_DONE, MH_OUTCOME_DONE, false},
};

/* Into block 8, the only one of its node. Kernel kinds find no room in Movable. */
static bool take(struct map_fixture *fixture, const struct kind_row *row, mh_handle *handle)
{
	enum mh_page_kind asked =
		row->kind == MH_PAGE_RELEASED || row->kind == MH_PAGE_POISONED ? MH_PAGE_OFFLINE : row->kind;
	struct mh_page_request request = {.node = 2, .order = row->order, .kind = asked, .this_node = true};
	int ret;

	mh_cpu_enter(fixture->cpu);
	ret = mh_page_alloc(fixture->machine, fixture->cpu, &request, handle);
	mh_cpu_leave(fixture->cpu);
	if (ret == 0 && asked != row->kind)
		mh_page_change(fixture->machine, handle, row->kind);
	return ret == 0;
}

static void give(struct map_fixture *fixture, mh_handle *handle)
{
	if (!atomic_load(handle))
		return;
	mh_cpu_enter(fixture->cpu);
	mh_page_free(fixture->machine, fixture->cpu, handle);
	mh_cpu_leave(fixture->cpu);
}

static int offline_with_deadline(struct map_fixture *fixture, bool signalled)
{
	mh_trace_reset(&fixture->trace);
	/* Before the first pass: an operation that could have ended would have. */
	fixture->operation.deadline_ticks =
		signalled ? mh_clock_ticks(&fixture->clock) + mh_clock_ticks_of_ns(&fixture->clock, 20000000) : 0;
	return mh_block_offline(fixture->machine, &fixture->operation, 8);
}

static void expect_offline(struct map_fixture *fixture, const struct kind_row *row, bool movable)
{
	int expected = movable ? row->movable : row->kernel;
	enum mh_outcome outcome = movable ? row->movable_outcome : row->kernel_outcome;
	mh_handle handle = 0;
	int ret;

	cr_assert_eq(map_fixture_online(fixture, 8, movable ? MH_ONLINE_MOVABLE : MH_ONLINE_KERNEL), 0);
	map_fixture_forget(fixture);
	if (!take(fixture, row, &handle)) {
		cr_expect(movable && (row->kind == MH_PAGE_KERNEL || row->kind == MH_PAGE_RESERVED), "%s", row->name);
		cr_assert_eq(map_fixture_offline(fixture, 8), 0);
		return;
	}
	ret = offline_with_deadline(fixture, expected == KEPT);
	cr_expect_eq(ret, expected == KEPT ? -EINTR : expected, "%s in %s: %d", row->name,
		     movable ? "Movable" : "Normal", ret);
	cr_expect_eq(fixture->operation.outcome, outcome, "%s in %s: %s", row->name, movable ? "Movable" : "Normal",
		     mh_outcome_names[fixture->operation.outcome]);
	cr_expect_str_eq(fixture->events,
			 outcome == MH_OUTCOME_ISOLATE ? ""
			 : ret                         ? "GF8 CF8"
						       : "GF8 OF8",
			 "%s", row->name);
	cr_expect_eq(atomic_load(&handle) != 0, ret || row->handle_stays, "%s", row->name);
	give(fixture, &handle);
	if (ret)
		cr_expect_eq(offline_with_deadline(fixture, false), 0, "%s: freed, and it goes", row->name);
}

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

ParameterizedTestParameters(page_kind, makes_of_an_offline_what_the_table_says)
{
	static int indices[ROW_COUNT];

	for (int i = 0; i < (int)ROW_COUNT; i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, ROW_COUNT);
}

ParameterizedTest(int *index, page_kind, makes_of_an_offline_what_the_table_says)
{
	const struct kind_row *row = &rows[*index];
	struct map_fixture fixture;

	map_fixture_begin(&fixture, &(struct mh_machine_config){.page_unit = MH_PAGE_UNIT_PAGE});
	expect_offline(&fixture, row, false);
	expect_offline(&fixture, row, true);
	map_fixture_end(&fixture);
}

Test(page_kind, a_driver_that_lets_go_in_going_offline_lets_the_block_go)
{
	const struct kind_row *held = &rows[6];
	struct map_fixture fixture;
	mh_handle handle = 0;

	map_fixture_begin(&fixture, &(struct mh_machine_config){.page_unit = MH_PAGE_UNIT_PAGE});
	cr_assert_eq(map_fixture_online(&fixture, 8, MH_ONLINE_KERNEL), 0);
	cr_assert(take(&fixture, held, &handle));
	mh_page_change(fixture.machine, &handle, MH_PAGE_RELEASED);
	mh_page_change(fixture.machine, &handle, MH_PAGE_OFFLINE);
	cr_expect_eq(map_fixture_offline(&fixture, 8), -EBUSY, "taken again: held");
	mh_page_change(fixture.machine, &handle, MH_PAGE_RELEASED);
	cr_expect_eq(map_fixture_offline(&fixture, 8), 0);
	mh_page_change(fixture.machine, &handle, MH_PAGE_OFFLINE);
	cr_expect_eq(atomic_load(&handle), 0, "it has gone with its block");
	map_fixture_end(&fixture);
}

Test(page_kind, a_poisoned_block_comes_back_in_6_1_only)
{
	const struct kind_row *poisoned = &rows[9];
	static const enum mh_compat kernels[] = {MH_COMPAT_V6_1, MH_COMPAT_V6_12, MH_COMPAT_V7_3};
	struct map_fixture fixture;

	for (unsigned i = 0; i < 3; i++) {
		mh_handle handle = 0;

		map_fixture_begin(&fixture,
				  &(struct mh_machine_config){.page_unit = MH_PAGE_UNIT_PAGE, .compat = kernels[i]});
		cr_assert_eq(map_fixture_online(&fixture, 8, MH_ONLINE_MOVABLE), 0);
		cr_assert(take(&fixture, poisoned, &handle));
		cr_assert_eq(map_fixture_offline(&fixture, 8), 0);
		map_fixture_forget(&fixture);
		cr_expect_eq(map_fixture_online(&fixture, 8, MH_ONLINE_MOVABLE), i ? -EHWPOISON : 0, "%s",
			     mh_compat_names[kernels[i]]);
		cr_expect_eq(fixture.events[0] == '\0', i > 0, "nobody hears of it");
		map_fixture_end(&fixture);
	}
}
