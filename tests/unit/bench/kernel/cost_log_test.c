/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of a trace, written beforehand, in the parts of an operation. */
#include "bench/kernel/cost_log.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "bench/kernel/walk_log.h"

#define TID 512
/* Numbers of functions in these tests. */
#define OFFLINE_PAGES 0
#define DRAIN         1
#define DRAIN_INNER   2
#define SLAB          3

static const struct mh_kernel_cost_functions functions = {
	.count = 4,
	.names = {"offline_pages", "zone_pcp_disable", "drain_all_pages", "slab_memory_callback"},
	.steps = {"offline_pages", "drain", "drain", NULL},
};

static struct mh_kernel_cost_log cost;
static struct mh_kernel_walk_log walks;

static void set_up(void)
{
	mh_kernel_walk_log_init(&walks, mh_protocol_of(MH_COMPAT_V6_1), TID);
	mh_kernel_cost_log_init(&cost, &functions, mh_protocol_of(MH_COMPAT_V6_1));
	walks.see = mh_kernel_cost_log_see;
	walks.see_data = &cost;
}

static void tear_down(void)
{
	mh_kernel_walk_log_release(&walks);
}

TestSuite(cost_log, .init = set_up, .fini = tear_down);

static void line(int tid, unsigned us, const char *rest)
{
	struct mh_error error = {.text = ""};
	char text[256];

	snprintf(text, sizeof(text), "  memhp-bench-%d  [001] .....  12.%06u: %s\n", tid, us, rest);
	cr_assert_eq(mh_kernel_walk_log_feed(&walks, text, strlen(text), &error), 0, "%s", error.text);
}

static void call(unsigned us, char sign, unsigned function)
{
	char rest[64];

	snprintf(rest, sizeof(rest), "%c%u: (some_function+0x0/0x40)", sign, function);
	line(TID, us, rest);
}

static void begin_walk(unsigned us, unsigned action, int nid)
{
	char rest[128];

	snprintf(rest, sizeof(rest), "mn: (memory_notify+0x0/0x30) ev=%u start=1048576 nr=32768 nidn=-1 nid=%d", action,
		 nid);
	line(TID, us, rest);
}

static void end_walk(unsigned us)
{
	line(TID, us, "mr: (offline_pages+0x1/0x2 <- memory_notify) ret=1");
}

static const struct mh_cost_part *part(enum mh_cost_kind kind, const char *name, const char *event)
{
	for (size_t i = 0; i < cost.count; i++)
		if (cost.parts[i].key.kind == kind && strcmp(cost.parts[i].key.name, name) == 0 &&
		    strcmp(cost.parts[i].key.event, event) == 0)
			return &cost.parts[i];
	cr_assert_fail("no part '%s' '%s'", name, event);
	return NULL;
}

Test(cost_log, a_part_is_told_with_and_without_what_is_inside_it)
{
	call(100, 'c', OFFLINE_PAGES);
	call(110, 'c', DRAIN);
	call(150, 'd', DRAIN);
	begin_walk(200, 2, 3); /* GOING_OFFLINE */
	call(210, 'c', SLAB);
	call(260, 'd', SLAB);
	end_walk(300);
	call(1000, 'd', OFFLINE_PAGES);
	cr_assert(mh_kernel_cost_log_is_whole(&cost));
	cr_expect_eq(part(MH_COST_STEP, "offline_pages", "")->whole_ns, 900000u);
	cr_expect_eq(part(MH_COST_STEP, "offline_pages", "")->own_ns, 760000u);
	cr_expect_eq(part(MH_COST_STEP, "drain", "")->own_ns, 40000u);
	cr_expect_eq(part(MH_COST_WALK, "walk", "going_offline")->whole_ns, 100000u);
	cr_expect_eq(part(MH_COST_WALK, "walk", "going_offline")->own_ns, 50000u);
	cr_expect_eq(part(MH_COST_LISTENER, "slab_memory_callback", "going_offline")->own_ns, 50000u);
	cr_expect(cost.node);
}

Test(cost_log, calls_of_one_part_add_up)
{
	call(100, 'c', DRAIN);
	call(110, 'd', DRAIN);
	call(200, 'c', DRAIN_INNER);
	call(230, 'd', DRAIN_INNER);
	cr_assert(mh_kernel_cost_log_is_whole(&cost));
	cr_expect_eq(part(MH_COST_STEP, "drain", "")->own_ns, 40000u);
	cr_expect_eq(part(MH_COST_STEP, "drain", "")->whole_ns, 40000u);
}

Test(cost_log, a_part_within_itself_counts_once)
{
	call(100, 'c', DRAIN);
	call(110, 'c', DRAIN_INNER);
	call(140, 'd', DRAIN_INNER);
	call(200, 'd', DRAIN);
	cr_assert(mh_kernel_cost_log_is_whole(&cost));
	cr_expect_eq(part(MH_COST_STEP, "drain", "")->own_ns, 100000u);
	cr_expect_eq(part(MH_COST_STEP, "drain", "")->whole_ns, 100000u);
}

Test(cost_log, a_listener_called_outside_of_a_walk_is_no_part)
{
	call(100, 'c', OFFLINE_PAGES);
	call(110, 'c', SLAB);
	call(120, 'c', DRAIN);
	call(125, 'd', DRAIN);
	call(150, 'd', SLAB);
	call(200, 'd', OFFLINE_PAGES);
	cr_assert(mh_kernel_cost_log_is_whole(&cost));
	cr_expect_eq(cost.count, 2u);
	cr_expect_eq(part(MH_COST_STEP, "offline_pages", "")->own_ns, 95000u);
}

Test(cost_log, a_block_among_others_concerns_no_node)
{
	begin_walk(200, 2, -1);
	end_walk(300);
	cr_expect(mh_kernel_cost_log_is_whole(&cost));
	cr_expect_not(cost.node);
	mh_kernel_cost_log_clear(&cost);
	cr_expect_not(mh_kernel_cost_log_is_whole(&cost));
}

Test(cost_log, nids_that_the_kernel_leaves_as_they_were_say_nothing)
{
	struct mh_kernel_cost_log own;
	struct mh_kernel_line prepare = {.kind = MH_KERNEL_LINE_BEGIN, .nid = 1};

	prepare.action = mh_protocol_of(MH_COMPAT_V6_12)->actions[MH_PREPARE_ONLINE];
	mh_kernel_cost_log_init(&own, &functions, mh_protocol_of(MH_COMPAT_V6_12));
	mh_kernel_cost_log_see(&own, &prepare);
	cr_expect_not(own.node);
	cr_expect_not(own.torn);
}

Test(cost_log, what_does_not_fit_is_not_taken)
{
	static const char *const names[] = {"no return", "no call", "crossed", "backwards", "lost", "unknown"};

	for (int i = 0; i < 6; i++) {
		mh_kernel_cost_log_clear(&cost);
		call(100, 'c', DRAIN);
		call(110, 'd', DRAIN);
		if (i == 0 || i == 2)
			call(120, 'c', OFFLINE_PAGES);
		if (i == 1)
			call(120, 'd', OFFLINE_PAGES);
		if (i == 2) {
			call(121, 'c', DRAIN);
			call(122, 'd', OFFLINE_PAGES);
			call(123, 'd', DRAIN);
		}
		if (i == 3) {
			call(130, 'c', DRAIN);
			call(120, 'd', DRAIN);
		}
		if (i == 4)
			cr_assert_eq(mh_kernel_walk_log_feed(&walks, "CPU:0 [LOST 3 EVENTS]\n", 22, NULL), 0);
		if (i == 5)
			call(130, 'c', 4);
		cr_expect_not(mh_kernel_cost_log_is_whole(&cost), "%s", names[i]);
	}
}

Test(cost_log, calls_of_other_threads_are_not_ours)
{
	call(100, 'c', DRAIN);
	line(7, 105, "c0: (offline_pages+0x0/0x40)");
	line(7, 106, "mn: (memory_notify+0x0/0x30) ev=2 start=1 nr=2 nidn=-1 nid=-1");
	call(110, 'd', DRAIN);
	cr_expect(mh_kernel_cost_log_is_whole(&cost));
	cr_expect_eq(cost.count, 1u);
}

Test(cost_log, a_thread_named_as_a_probe_is_no_probe)
{
	static const char named[] = " c: c1: (-512  [001] .....  12.000100: c3: (y+0x0/0x1)\n";
	struct mh_error error = {.text = ""};

	cr_assert_eq(mh_kernel_walk_log_feed(&walks, named, strlen(named), &error), 0, "%s", error.text);
	cr_assert_eq(cost.depth, 1u);
	cr_expect_eq(cost.calls[0].function, SLAB);
	mh_kernel_cost_log_clear(&cost);
	line(TID, 100, "c1: x");
	line(TID, 100, "c1234: (y+0x0/0x1)");
	line(TID, 100, "e1: (y+0x0/0x1)");
	cr_expect_eq(cost.depth, 0u);
}
