/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kinds that act in core and not in a walk: each fires, its expectation is met, and the machine is whole
 * afterwards.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "base/distribution.h"
#include "base/rng.h"
#include "core/page.h"
#include "tests/unit/faults/fault_fixture.h"

/* As the kinds lay them out. */
struct hold_parameters {
	struct mh_distribution delay;
	int wait;
};
struct pin_parameters {
	uint64_t for_ns;
};
struct choice_parameters {
	int choice;
};

#define MS       UINT64_C(1000000)
#define NORMAL   0u /* an online block of node 0 in a kernel zone, and one in Movable */
#define MOVABLE  (FIXTURE_NODE_BLOCKS / 2 - 1)
#define PAGES    3
#define TOGGLE   0
#define ALLOC    1
#define CHURN    2
#define DEADLINE (5 * MS)

static struct fixture fixture;
static struct mh_cpu *cpu;
static mh_handle pages[PAGES];
static atomic_bool phase_ended;
static uint64_t deadline_ns; /* of what is played; 0: none */

static void setup(void)
{
	fixture_init(&fixture);
	cr_assert_eq(mh_cpu_new(fixture.machine, &cpu), 0);
}

static void give_pages(void)
{
	mh_cpu_enter(cpu);
	for (unsigned i = 0; i < PAGES; i++)
		if (pages[i])
			mh_page_free(fixture.machine, cpu, &pages[i]);
	mh_cpu_leave(cpu);
}

static void teardown(void)
{
	give_pages();
	mh_cpu_free(fixture.machine, cpu);
	fixture_release(&fixture);
}

TestSuite(core_kind, .init = setup, .fini = teardown, .timeout = 60);

/* Pages of node 0, from Movable if the kind may; the block of the last. */
static uint32_t take_pages(enum mh_page_kind kind, unsigned order, unsigned count)
{
	struct mh_page_request request = {.node = 0, .kind = kind, .order = order, .this_node = true};

	mh_cpu_enter(cpu);
	for (unsigned i = 0; i < count; i++)
		cr_assert_eq(mh_page_alloc(fixture.machine, cpu, &request, &pages[i]), 0);
	mh_cpu_leave(cpu);
	return (uint32_t)(MH_HANDLE_PFN(pages[count - 1]) / mh_machine_pages_per_block(fixture.machine));
}

struct played {
	int result;
	uint64_t taken_ns;
	struct mh_fault_counts counts;
	unsigned lines; /* of faults.ndjson */
};

static int count_line(void *data, const struct mh_firing *firing)
{
	cr_expect_gt(firing->times, 0);
	++*(unsigned *)data;
	return 0;
}

static void finish(struct mh_fault_set *set, struct played *played)
{
	const struct mh_unmet *unmet;
	unsigned count = mh_fault_set_unmet(set, &unmet);

	cr_expect_eq(count, 0, "%s", count ? unmet[0].text : "");
	played->counts = fixture_counts(&fixture, set, 0);
	(void)mh_fault_set_firings(set, count_line, &played->lines);
	mh_fault_set_free(set);
	cr_expect_eq(mh_check_machine(fixture.machine), 0, "the machine is not whole");
}

static void set_deadline(uint64_t ns)
{
	fixture.operation.deadline_ticks =
		ns ? mh_clock_ticks(&fixture.clock) + mh_clock_ticks_of_ns(&fixture.clock, ns) : 0;
}

/* One toggle of @block under the fault. */
static struct played play(const struct mh_fault *fault, uint32_t block)
{
	struct mh_fault_set *set = fixture_arm(&fixture, fault, 1, 1, 1);
	struct played played = {0};
	uint64_t begin = mh_clock_monotonic_ns();

	set_deadline(deadline_ns);
	played.result = fixture_toggle(&fixture, set, 0, 0, block);
	played.taken_ns = mh_clock_monotonic_ns() - begin;
	finish(set, &played);
	return played;
}

/* Disarmed, the block goes offline. */
static void expect_goes(uint32_t block)
{
	set_deadline(0);
	cr_expect_eq(fixture_toggle(&fixture, NULL, 0, 1, block), 0);
}

static void expect_events(unsigned going, unsigned cancel, unsigned done)
{
	const unsigned *calls = fixture.listeners[TOP].calls;

	cr_expect_eq(calls[MH_GOING_OFFLINE], going, "GOING_OFFLINE %u", calls[MH_GOING_OFFLINE]);
	cr_expect_eq(calls[MH_CANCEL_OFFLINE], cancel, "CANCEL_OFFLINE %u", calls[MH_CANCEL_OFFLINE]);
	cr_expect_eq(calls[MH_OFFLINE], done, "OFFLINE %u", calls[MH_OFFLINE]);
}

#define EXPECT_FIRED(played, count)                                                                                    \
	do {                                                                                                           \
		cr_expect_eq((played).counts.fired, (count), "fired %lu", (played).counts.fired);                      \
		cr_expect_eq((played).counts.judged, (count), "judged %lu", (played).counts.judged);                   \
		cr_expect_eq((played).counts.unmet, 0, "unmet %lu", (played).counts.unmet);                            \
	} while (0)

Test(core_kind, isolate_fail_is_ebusy_without_events)
{
	struct mh_fault fault = fixture_fault("i", "isolate-fail", NULL);
	struct played played;

	fault.expect = MH_EXPECT_ROLLBACK;
	played = play(&fault, NORMAL);
	cr_expect_eq(played.result, -EBUSY, "%d", played.result);
	cr_expect_eq(fixture.operation.outcome, MH_OUTCOME_ISOLATE);
	expect_events(0, 0, 0);
	EXPECT_FIRED(played, 1);
	expect_goes(NORMAL);
}

static struct played play_signal(int at, uint32_t block)
{
	struct choice_parameters parameters = {.choice = at};
	struct mh_fault fault = fixture_fault("s", "signal", &parameters);

	fault.expect = MH_EXPECT_ROLLBACK;
	return play(&fault, block);
}

Test(core_kind, signal_ends_an_offline_after_going_offline)
{
	struct played played = play_signal(0, NORMAL);

	cr_expect_eq(played.result, -EINTR, "%d", played.result);
	expect_events(1, 1, 0);
	EXPECT_FIRED(played, 1);
	expect_goes(NORMAL);
}

Test(core_kind, signal_during_migration_needs_pages_to_move)
{
	uint32_t block = take_pages(MH_PAGE_MOVABLE, 0, PAGES);
	struct played played = play_signal(1, block);

	cr_expect_eq(played.result, -EINTR, "%d", played.result);
	EXPECT_FIRED(played, 1);
	expect_goes(block);
	played = play_signal(1, MOVABLE - 1);
	cr_expect_eq(played.result, 0, "an empty block has no pass: %d", played.result);
	cr_expect_eq(played.counts.armed, 0, "%lu", played.counts.armed);
}

Test(core_kind, signal_does_not_reach_an_online)
{
	char *words[] = {(char *)"going_online"};
	struct choice_parameters parameters = {.choice = 0};
	struct mh_fault fault = fixture_fault("s", "signal", &parameters);
	struct mh_error error = {0};
	struct played played;
	const char *key;

	played = play(&fault, FIXTURE_NODE_BLOCKS - 1);
	cr_expect_eq(played.result, 0, "%d", played.result);
	cr_expect_eq(played.counts.armed, 0);
	fault.where.event = (struct mh_string_list){words, 1};
	cr_expect_eq(mh_fault_check(&fault, &key, &error), -EINVAL);
	cr_expect_str_eq(key, "where.event");
	cr_expect_str_eq(error.text, "this fault acts when an offline looks for a signal; an online looks for none: "
				     "'going_online' does not come by there");
}

Test(core_kind, migrate_fail_leaves_pages_for_a_later_pass)
{
	struct mh_fault fault = fixture_fault("m", "migrate-fail", NULL);
	uint32_t block = take_pages(MH_PAGE_MOVABLE, 0, PAGES);
	struct played played;

	fault.trigger.times = 2;
	fault.expect = MH_EXPECT_IGNORED;
	played = play(&fault, block);
	cr_expect_eq(played.result, 0, "%d", played.result);
	EXPECT_FIRED(played, 2);
	cr_expect_eq(played.counts.evaluated, PAGES + 2, "%lu", played.counts.evaluated);
	cr_expect_eq(played.lines, 1, "%u lines", played.lines);
	expect_events(1, 0, 1);
}

Test(core_kind, migrate_fail_without_end_is_ended_by_the_deadline)
{
	struct mh_fault fault = fixture_fault("m", "migrate-fail", NULL);
	uint32_t block = take_pages(MH_PAGE_MOVABLE, 0, PAGES);
	struct played played;

	fault.expect = MH_EXPECT_ROLLBACK;
	deadline_ns = DEADLINE;
	played = play(&fault, block);
	cr_expect_eq(played.result, -EINTR, "%d", played.result);
	cr_expect_gt(played.counts.fired, PAGES);
	cr_expect_eq(played.counts.judged, played.counts.fired);
	cr_expect_eq(played.lines, 1, "%u lines", played.lines);
	expect_events(1, 1, 0);
	expect_goes(block);
}

Test(core_kind, page_pin_keeps_pages_for_its_time)
{
	struct pin_parameters parameters = {.for_ns = 3 * MS};
	struct mh_fault fault = fixture_fault("p", "page-pin", &parameters);
	uint32_t block = take_pages(MH_PAGE_MOVABLE, 0, PAGES);
	struct played played;

	fault.trigger.times = 2;
	fault.expect = MH_EXPECT_IGNORED;
	played = play(&fault, block);
	cr_expect_eq(played.result, 0, "%d", played.result);
	cr_expect_geq(played.taken_ns, 3 * MS, "%lu ns", played.taken_ns);
	EXPECT_FIRED(played, 2);
	cr_expect_eq(played.counts.evaluated, PAGES, "%lu: in the first pass alone", played.counts.evaluated);
}

Test(core_kind, page_pin_without_time_is_released_by_the_deadline)
{
	struct pin_parameters parameters = {.for_ns = 0};
	struct mh_fault fault = fixture_fault("p", "page-pin", &parameters);
	uint32_t block = take_pages(MH_PAGE_MOVABLE, 0, PAGES);
	struct played played;

	fault.trigger.times = 1;
	fault.expect = MH_EXPECT_ROLLBACK;
	deadline_ns = DEADLINE;
	played = play(&fault, block);
	cr_expect_eq(played.result, -EINTR, "%d", played.result);
	cr_expect_gt(mh_clock_ticks(&fixture.clock), fixture.operation.deadline_ticks);
	EXPECT_FIRED(played, 1);
	expect_events(1, 1, 0);
	expect_goes(block);
}

/* The same block again under the same fault: the first operation's pins are not the second's. */
Test(core_kind, page_pin_ends_with_its_operation)
{
	struct pin_parameters parameters = {.for_ns = 0};
	struct mh_fault fault = fixture_fault("p", "page-pin", &parameters);
	uint32_t block = take_pages(MH_PAGE_MOVABLE, 0, PAGES);
	struct mh_fault_set *set;

	fault.trigger.times = 1;
	set = fixture_arm(&fixture, &fault, 1, 1, 1);
	set_deadline(DEADLINE);
	cr_expect_eq(fixture_toggle(&fixture, set, 0, 0, block), -EINTR);
	set_deadline(0);
	cr_expect_eq(fixture_toggle(&fixture, set, 0, 1, block), 0);
	(void)fixture_counts(&fixture, set, 0);
	mh_fault_set_free(set);
}

Test(core_kind, dissolve_fail_fails_after_going_offline)
{
	static const int results[] = {-ENOMEM, -EBUSY};

	for (int i = 0; i < 2; i++) {
		struct choice_parameters parameters = {.choice = i};
		struct mh_fault fault = fixture_fault("d", "dissolve-fail", &parameters);
		uint32_t block = take_pages(MH_PAGE_HUGE_FREE, 9, 1);
		struct played played;

		fault.expect = MH_EXPECT_ROLLBACK;
		played = play(&fault, block);
		cr_expect_eq(played.result, results[i], "%d", played.result);
		cr_expect_eq(fixture.operation.outcome, MH_OUTCOME_DISSOLVE);
		EXPECT_FIRED(played, 1);
		give_pages();
	}
	expect_events(2, 2, 0);
}

static struct played play_hold(uint64_t delay_ns)
{
	struct hold_parameters parameters = {.delay = {.kind = MH_DISTRIBUTION_CONSTANT, .a = (double)delay_ns}};
	struct mh_fault fault = fixture_fault("l", "lock-hold", &parameters);

	fault.expect = MH_EXPECT_SLOWER;
	return play(&fault, NORMAL);
}

Test(core_kind, lock_hold_makes_the_operation_slower)
{
	struct played played = play_hold(2 * MS);

	cr_expect_eq(played.result, 0, "%d", played.result);
	cr_expect_geq(played.taken_ns, 2 * MS, "%lu ns", played.taken_ns);
	EXPECT_FIRED(played, 1);
}

Test(core_kind, lock_hold_ends_with_the_phase)
{
	struct played played;

	atomic_store(&phase_ended, true);
	fixture.operation.signal = &phase_ended;
	played = play_hold(30000 * MS);
	cr_expect_lt(played.taken_ns, 10000 * MS, "%lu ns", played.taken_ns);
	EXPECT_FIRED(played, 1);
}

static void identify(unsigned workload)
{
	fixture.operation.identity.workload = (uint16_t)workload;
	fixture.operation.identity.worker = 0;
	fixture.operation.identity.stream = mh_rng_key(7, "other", workload);
	fixture.operation.fault_count = 0;
	fixture.operation.allocation_count = 0;
	mh_trace_reset(&fixture.trace);
}

static struct played play_allocation(const struct mh_fault *fault, unsigned count)
{
	struct mh_fault_set *set = fixture_arm(&fixture, fault, 1, 1, 1);
	struct played played = {0};

	identify(ALLOC);
	mh_cpu_serve(cpu, &fixture.operation);
	mh_cpu_enter(cpu);
	for (unsigned i = 0; i < count; i++)
		played.result = mh_page_alloc(fixture.machine, cpu, &(struct mh_page_request){.node = 0}, &pages[i]);
	mh_cpu_leave(cpu);
	mh_cpu_serve(cpu, NULL);
	fixture.operation.result = played.result;
	mh_fault_set_judge(set, false, &fixture.operation, 1, mh_clock_ticks(&fixture.clock));
	finish(set, &played);
	return played;
}

Test(core_kind, alloc_fail_gives_no_page)
{
	struct mh_fault fault = fixture_fault("a", "alloc-fail", NULL);
	struct played played;

	fault.expect = MH_EXPECT_ROLLBACK;
	fault.trigger.after = 2;
	played = play_allocation(&fault, PAGES);
	cr_expect_eq(played.result, -ENOMEM, "%d", played.result);
	cr_expect_eq(pages[2], 0);
	EXPECT_FIRED(played, 1);
	cr_expect_eq(played.counts.evaluated, PAGES, "%lu", played.counts.evaluated);
}

Test(core_kind, alloc_fail_that_is_swallowed_is_unmet)
{
	struct mh_fault fault = fixture_fault("a", "alloc-fail", NULL);
	struct mh_fault_set *set;
	const struct mh_unmet *unmet;

	fault.expect = MH_EXPECT_ROLLBACK;
	set = fixture_arm(&fixture, &fault, 1, 1, 1);
	identify(ALLOC);
	mh_cpu_serve(cpu, &fixture.operation);
	mh_cpu_enter(cpu);
	cr_expect_eq(mh_page_alloc(fixture.machine, cpu, &(struct mh_page_request){.node = 0}, &pages[0]), -ENOMEM);
	mh_cpu_leave(cpu);
	mh_cpu_serve(cpu, NULL);
	fixture.operation.result = 0;
	mh_fault_set_judge(set, false, &fixture.operation, 1, 1);
	cr_assert_eq(mh_fault_set_unmet(set, &unmet), 1);
	cr_expect_str_eq(unmet[0].text, "fault 'a' expects 'rollback': allocation (operation 0, worker 0): it returned "
					"0, not -12");
	(void)fixture_counts(&fixture, set, 0);
	mh_fault_set_free(set);
}

/* Nodes and zones of an allocation are those it asks for. */
Test(core_kind, alloc_fail_is_chosen_by_node_and_zone)
{
	struct mh_fault fault = fixture_fault("a", "alloc-fail", NULL);
	struct mh_range second = {1, 1};

	fault.where.node = (struct mh_range_list){&second, 1};
	cr_expect_eq(play_allocation(&fault, 1).counts.fired, 0);
	give_pages();
	fault.where.node = (struct mh_range_list){0};
	fault.where.zone = MH_WHERE_ZONE_NORMAL;
	cr_expect_eq(play_allocation(&fault, 1).counts.fired, 0, "movable pages come from Movable first");
	give_pages();
	fault.where.zone = MH_WHERE_ZONE_MOVABLE;
	cr_expect_eq(play_allocation(&fault, 1).counts.fired, 1);
}

static int listen(struct notifier_block *nb, unsigned long action, void *data)
{
	(void)nb;
	(void)action;
	(void)data;
	return NOTIFY_OK;
}

static struct played play_stall(uint64_t for_ns)
{
	struct pin_parameters parameters = {.for_ns = for_ns};
	struct mh_fault fault = fixture_fault("r", "reader-stall", &parameters);
	struct notifier_block nb = {.notifier_call = listen};
	struct played played = {0};
	struct mh_fault_set *set;
	uint64_t begin, end;

	fault.expect = MH_EXPECT_SLOWER;
	cr_assert_eq(mh_chain_register(mh_machine_chain(fixture.machine), &nb, "passing"), 0);
	set = fixture_arm(&fixture, &fault, 1, 1, 1);
	identify(CHURN);
	begin = mh_clock_ticks(&fixture.clock);
	played.result = mh_machine_unregister(fixture.machine, &fixture.operation, &nb);
	end = mh_clock_ticks(&fixture.clock);
	played.taken_ns = mh_clock_ns(&fixture.clock, end - begin);
	fixture.operation.result = played.result;
	mh_fault_set_judge(set, false, &fixture.operation, end - begin, end);
	finish(set, &played);
	return played;
}

Test(core_kind, reader_stall_lets_no_grace_period_end)
{
	struct played played = play_stall(5 * MS);

	cr_expect_eq(played.result, 0, "%d", played.result);
	cr_expect_geq(played.taken_ns, 5 * MS, "%lu ns", played.taken_ns);
	EXPECT_FIRED(played, 1);
}

Test(core_kind, reader_stall_ends_with_the_phase)
{
	struct played played;

	atomic_store(&phase_ended, true);
	fixture.operation.signal = &phase_ended;
	played = play_stall(30000 * MS);
	cr_expect_lt(played.taken_ns, 10000 * MS, "%lu ns", played.taken_ns);
	cr_expect_eq(played.result, 0);
	EXPECT_FIRED(played, 1);
}

Test(core_kind, faults_at_other_points_leave_listeners_alone)
{
	struct mh_fault faults[] = {
		fixture_fault("v", "notifier-veto", NULL),
		fixture_fault("i", "isolate-fail", NULL),
	};
	uint64_t digests[2];

	faults[0].trigger.probability_ppb = MH_PPB_ONE / 2;
	faults[1].where.block = (struct mh_range_list){&(struct mh_range){9999, 9999}, 1};
	for (unsigned count = 1; count <= 2; count++) {
		struct mh_fault_set *set = fixture_arm(&fixture, faults, count, 1, 3);

		for (uint64_t index = 0; index < 40; index++)
			(void)fixture_toggle(&fixture, set, 0, index, NORMAL);
		digests[count - 1] = fixture_counts(&fixture, set, 0).digest;
		mh_fault_set_free(set);
		if (mh_machine_block_state(fixture.machine, NORMAL) == MH_BLOCK_OFFLINE)
			expect_goes(NORMAL);
	}
	cr_expect_eq(digests[0], digests[1]);
}
