/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hook points: where each is asked, with which question, and what core makes of the answer.
 */
#include "core/hook.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/full_check.h"
#include "core/page.h"
#include "machine_fixture.h"

#define PAGES 3

struct world {
	struct fixture fixture;
	struct mh_cpu *cpu;
	mh_handle pages[PAGES];
	char asked[512];
	int answers[MH_HOOK_POINTS];
	unsigned limit; /* questions that get the answer; the others are answered as if nothing were armed */
};

static struct world world;

/* "lock isolate event:GF …"; the number of the question behind a colon where it has one. */
static int note(void *data, const struct mh_hook_site *site, int value)
{
	static const char *const names[] = {"listener", "event",    "lock",  "isolate", "signal",
					    "migrate",  "dissolve", "alloc", "grace"};
	size_t used = strlen(world.asked);

	(void)data;
	cr_assert_not_null(site->operation);
	if (site->point == MH_HOOK_EVENT)
		snprintf(world.asked + used, sizeof(world.asked) - used, "%s:%s ", names[site->point],
			 mh_event_names[site->event]);
	else if (site->point == MH_HOOK_MIGRATE)
		snprintf(world.asked + used, sizeof(world.asked) - used, "%s:%u ", names[site->point],
			 (unsigned)(site->number >> 32));
	else
		snprintf(world.asked + used, sizeof(world.asked) - used, "%s%s%.0lu ", names[site->point],
			 site->number ? ":" : "", (unsigned long)site->number);
	if (!world.limit)
		return value;
	world.limit--;
	return world.answers[site->point];
}

static const struct mh_hook hook = {.run = note};

static void arm(enum mh_hook_point point, int answer, unsigned limit)
{
	world.answers[point] = answer;
	world.limit = limit;
	mh_machine_hook(world.fixture.machine, point, &hook);
}

/* Block 0 is online in Movable with PAGES pages out, block 3 of the other node has room for them. */
static void setup(void)
{
	struct mh_machine_config config = fixture_config();

	memset(&world, 0, sizeof(world));
	config.verify = MH_VERIFY_FULL;
	fixture_begin(&world.fixture, TWO_NODES, &config);
	fixture_listen(&world.fixture);
	cr_assert_eq(fixture_online(&world.fixture, 3, MH_ONLINE_MOVABLE), 0);
	cr_assert_eq(fixture_online(&world.fixture, 0, MH_ONLINE_MOVABLE), 0);
	cr_assert_eq(mh_cpu_new(world.fixture.machine, &world.cpu), 0);
	mh_cpu_enter(world.cpu);
	for (unsigned i = 0; i < PAGES; i++)
		cr_assert_eq(mh_page_alloc(world.fixture.machine, world.cpu, &(struct mh_page_request){.node = 0},
					   &world.pages[i]),
			     0);
	mh_cpu_leave(world.cpu);
	fixture_forget(&world.fixture);
}

static void teardown(void)
{
	for (unsigned i = 0; i < MH_HOOK_POINTS; i++)
		mh_machine_hook(world.fixture.machine, (enum mh_hook_point)i, NULL);
	mh_cpu_enter(world.cpu);
	for (unsigned i = 0; i < PAGES; i++)
		if (world.pages[i])
			mh_page_free(world.fixture.machine, world.cpu, &world.pages[i]);
	mh_cpu_leave(world.cpu);
	mh_cpu_free(world.fixture.machine, world.cpu);
	fixture_end(&world.fixture);
}

TestSuite(hook, .init = setup, .fini = teardown, .timeout = 60);

#define EXPECT_ASKED(text) cr_expect_str_eq(world.asked, text, "asked '%s'", world.asked)

Test(hook, an_offline_asks_at_each_point_in_the_order_of_its_steps)
{
	for (unsigned i = MH_HOOK_EVENT; i < MH_HOOK_POINTS; i++)
		mh_machine_hook(world.fixture.machine, (enum mh_hook_point)i, &hook);
	cr_expect_eq(fixture_offline(&world.fixture, 0), 0);
	EXPECT_ASKED("lock isolate event:going_offline signal:1 signal:2 migrate:1 migrate:1 migrate:1 dissolve:1 "
		     "event:offline ");
}

Test(hook, an_online_asks_for_no_signal)
{
	for (unsigned i = MH_HOOK_EVENT; i < MH_HOOK_POINTS; i++)
		mh_machine_hook(world.fixture.machine, (enum mh_hook_point)i, &hook);
	cr_expect_eq(fixture_online(&world.fixture, 1, MH_ONLINE_DEFAULT), 0);
	EXPECT_ASKED("lock event:going_online event:online ");
}

Test(hook, isolate_fails_the_offline_without_events)
{
	arm(MH_HOOK_ISOLATE, -EBUSY, 1);
	cr_expect_eq(fixture_offline(&world.fixture, 0), -EBUSY);
	cr_expect_eq(world.fixture.operation.outcome, MH_OUTCOME_ISOLATE);
	cr_expect_str_empty(world.fixture.heard);
	fixture_expect_sound(&world.fixture, "after the failure");
	cr_expect_eq(fixture_offline(&world.fixture, 0), 0);
}

Test(hook, a_signal_before_the_first_pass_moves_nothing)
{
	arm(MH_HOOK_SIGNAL, -EINTR, 1);
	cr_expect_eq(fixture_offline(&world.fixture, 0), -EINTR);
	EXPECT_ASKED("signal:1 ");
	cr_expect_eq(world.fixture.operation.outcome, MH_OUTCOME_SIGNAL);
	cr_expect_str_eq(world.fixture.heard, "GF:ABC{0,-1} CF:ABC{0,-1}", "'%s'", world.fixture.heard);
	fixture_expect_sound(&world.fixture, "after the signal");
}

Test(hook, a_signal_is_asked_for_on_an_empty_block_without_deadline)
{
	arm(MH_HOOK_SIGNAL, -EINTR, 1);
	cr_expect_eq(fixture_offline(&world.fixture, 3), -EINTR);
}

Test(hook, dissolving_fails_an_offline_with_what_the_hook_says)
{
	arm(MH_HOOK_DISSOLVE, -ENOMEM, 1);
	cr_expect_eq(fixture_offline(&world.fixture, 3), -ENOMEM, "an empty block, too");
	cr_expect_eq(world.fixture.operation.outcome, MH_OUTCOME_DISSOLVE);
	cr_expect_str_eq(world.fixture.heard, "GF:ABC{1,-1} CF:ABC{1,-1}", "'%s'", world.fixture.heard);
	fixture_expect_sound(&world.fixture, "after the failure");
	world.asked[0] = 0;
	cr_expect_eq(fixture_offline(&world.fixture, 0), 0);
	EXPECT_ASKED("dissolve:1 ");
}

Test(hook, pages_that_are_held_back_are_tried_again_in_the_next_pass)
{
	arm(MH_HOOK_MIGRATE, -EAGAIN, 2);
	cr_expect_eq(fixture_offline(&world.fixture, 0), 0);
	EXPECT_ASKED("migrate:1 migrate:1 migrate:1 migrate:2 migrate:2 ");
	fixture_expect_sound(&world.fixture, "after two passes");
}

/* The deadline comes when the passes are enough, however long they take here. */
static int hold_until_idle(void *data, const struct mh_hook_site *site, int value)
{
	(void)data;
	(void)value;
	if (site->number >> 32 > MH_LIVENESS_PASSES + 1)
		site->operation->deadline_ticks = 1;
	return -EAGAIN;
}

/* More passes than would show that an offline gets nowhere by itself (I39). */
Test(hook, pages_that_are_always_held_back_are_no_finding)
{
	static const struct mh_hook until_idle = {.run = hold_until_idle};

	mh_machine_hook(world.fixture.machine, MH_HOOK_MIGRATE, &until_idle);
	cr_expect_eq(fixture_offline(&world.fixture, 0), -EINTR);
	mh_machine_hook(world.fixture.machine, MH_HOOK_MIGRATE, NULL);
	world.fixture.operation.deadline_ticks = 0;
	fixture_expect_sound(&world.fixture, "held back");
	cr_expect_eq(fixture_offline(&world.fixture, 0), 0);
}

Test(hook, an_event_is_walked_as_often_as_the_hook_says)
{
	mh_machine_hook(world.fixture.machine, MH_HOOK_EVENT, &hook);
	world.answers[MH_HOOK_EVENT] = 2;
	world.limit = 1;
	cr_expect_eq(fixture_online(&world.fixture, 1, MH_ONLINE_DEFAULT), 0);
	cr_expect_str_eq(world.fixture.heard, "GO:ABCABC{-1,0} ON:ABC{-1,0}", "'%s'", world.fixture.heard);
	cr_expect_gt(fixture_violation_count(&world.fixture), 0, "a repeated event is found");
}

Test(hook, an_event_that_is_left_out_is_missed)
{
	mh_machine_hook(world.fixture.machine, MH_HOOK_EVENT, &hook);
	world.answers[MH_HOOK_EVENT] = 0;
	world.limit = 1;
	cr_expect_eq(fixture_online(&world.fixture, 1, MH_ONLINE_DEFAULT), 0);
	cr_expect_str_eq(world.fixture.heard, "ON:ABC{-1,0}", "'%s'", world.fixture.heard);
	cr_expect_gt(fixture_violation_count(&world.fixture), 0, "a missing GOING is found");
}

static int allocate(mh_handle *handle)
{
	int ret;

	mh_cpu_enter(world.cpu);
	ret = mh_page_alloc(world.fixture.machine, world.cpu, &(struct mh_page_request){.node = 0}, handle);
	if (ret == 0)
		mh_page_free(world.fixture.machine, world.cpu, handle);
	mh_cpu_leave(world.cpu);
	return ret;
}

Test(hook, an_allocation_is_asked_about_when_it_is_an_operations)
{
	mh_handle handle = 0;

	arm(MH_HOOK_ALLOC, -ENOMEM, 1);
	cr_expect_eq(allocate(&handle), 0, "nobody's");
	mh_cpu_serve(world.cpu, &world.fixture.operation);
	cr_expect_eq(allocate(&handle), -ENOMEM);
	cr_expect_eq(handle, 0);
	cr_expect_eq(allocate(&handle), 0);
	EXPECT_ASKED("alloc:1 alloc:2 ");
}

Test(hook, an_unregister_asks_before_its_grace_period)
{
	arm(MH_HOOK_GRACE, 0, 1);
	cr_expect_eq(
		mh_machine_unregister(world.fixture.machine, &world.fixture.operation, &world.fixture.listeners[0].nb),
		0);
	EXPECT_ASKED("grace ");
}
