/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Online and offline: what the tables of semantics.md 9 (case_*_test.c) do not say: chain.cancel, deadlines, stamps.
 */
#include "core/machine.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "machine_fixture.h"

/* What waits for ever has failed; right code needs a small part of this. */
TestSuite(hotplug, .timeout = 60);

#define GO MH_GOING_ONLINE
#define ON MH_ONLINE
#define GF MH_GOING_OFFLINE
#define CF MH_CANCEL_OFFLINE
#define OF MH_OFFLINE

/* chain.cancel: heard. The vetoer heard GOING and so hears CANCEL; C did not. */
Test(hotplug, cancel_heard_tells_only_those_who_heard_going)
{
	struct mh_machine_config config = fixture_config();
	struct fixture fixture;

	config.cancel = MH_CANCEL_HEARD;
	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	fixture.listeners[1].answers[GO] = NOTIFY_BAD;
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), -EPERM);
	cr_expect_str_eq(fixture.heard, "GO:AB{0,0} CO:AB{0,0}", "heard '%s'", fixture.heard);
	fixture_expect_sound(&fixture, "cancel: heard");
	fixture_end(&fixture);
}

/* A (30) takes a newcomer D in during GOING; B (20) refuses; C (10) hears nothing. */
struct newcomer {
	struct fixture_listener listener;
	int result;
};

static void register_newcomer(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	struct newcomer *newcomer = self->fixture->data;

	(void)arg;
	if (event == MH_GOING_ONLINE)
		newcomer->result =
			mh_chain_register(mh_machine_chain(self->fixture->machine), &newcomer->listener.nb, "D");
}

static void expect_newcomer_hears(enum mh_chain_type type, int priority, const char *heard)
{
	struct mh_machine_config config = fixture_config();
	struct newcomer newcomer;
	struct fixture fixture;

	config.cancel = MH_CANCEL_HEARD;
	config.chain.type = type;
	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	newcomer.listener = fixture.listeners[0];
	newcomer.listener.nb.priority = priority;
	newcomer.listener.letter = 'D';
	fixture.data = &newcomer;
	fixture.listeners[0].inside = register_newcomer;
	fixture.listeners[1].answers[GO] = NOTIFY_BAD;
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), -EPERM);
	cr_expect_eq(newcomer.result, 0, "%d", newcomer.result);
	cr_expect_str_eq(fixture.heard, heard, "%s, priority %d: heard '%s', expected '%s'", mh_chain_type_names[type],
			 priority, fixture.heard, heard);
	fixture_expect_sound(&fixture, "newcomer");
	(void)mh_chain_unregister(mh_machine_chain(fixture.machine), &newcomer.listener.nb);
	fixture_end(&fixture);
}

Test(hotplug, cancel_heard_passes_over_a_newcomer_above_the_one_who_refused)
{
	expect_newcomer_hears(MH_CHAIN_RCU_ARRAY, 40, "GO:AB{0,0} CO:AB{0,0}");
	expect_newcomer_hears(MH_CHAIN_RCU_LIST, 40, "GO:AB{0,0} CO:AB{0,0}");
	expect_newcomer_hears(MH_CHAIN_RCU_ARRAY, 20, "GO:AB{0,0} CO:AB{0,0}");
	expect_newcomer_hears(MH_CHAIN_RCU_LIST, 20, "GO:AB{0,0} CO:AB{0,0}");
}

static void refuse_as_d(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_GOING_ONLINE)
		self->answers[GO] = NOTIFY_BAD;
}

/* The list's walk goes on into the newcomer, which refuses: it heard GOING and so hears CANCEL. */
Test(hotplug, cancel_heard_tells_a_newcomer_that_the_list_walk_met)
{
	struct mh_machine_config config = fixture_config();
	struct newcomer newcomer;
	struct fixture fixture;

	config.cancel = MH_CANCEL_HEARD;
	config.chain.type = MH_CHAIN_RCU_LIST;
	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	newcomer.listener = fixture.listeners[0];
	newcomer.listener.nb.priority = 15;
	newcomer.listener.letter = 'D';
	newcomer.listener.inside = refuse_as_d;
	fixture.data = &newcomer;
	fixture.listeners[0].inside = register_newcomer;
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), -EPERM);
	cr_expect_str_eq(fixture.heard, "GO:ABD{0,0} CO:ABD{0,0}", "heard '%s'", fixture.heard);
	(void)mh_chain_unregister(mh_machine_chain(fixture.machine), &newcomer.listener.nb);
	fixture_end(&fixture);
}

static void leave_by_itself(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_GOING_ONLINE)
		cr_assert_eq(mh_chain_unregister_async(mh_machine_chain(self->fixture->machine), &self->nb, NULL, NULL),
			     0);
}

/* A leaves during GOING: by position C would take its place among the two that heard. */
static void expect_the_leaver_is_not_replaced(enum mh_chain_type type)
{
	struct mh_machine_config config = fixture_config();
	struct fixture fixture;

	config.cancel = MH_CANCEL_HEARD;
	config.chain.type = type;
	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	fixture.listeners[0].inside = leave_by_itself;
	fixture.listeners[1].answers[GO] = NOTIFY_BAD;
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), -EPERM);
	cr_expect_str_eq(fixture.heard, "GO:AB{0,0} CO:B{0,0}", "%s: heard '%s'", mh_chain_type_names[type],
			 fixture.heard);
	fixture_expect_sound(&fixture, "leaver");
	fixture_end(&fixture);
}

Test(hotplug, cancel_heard_takes_nobody_for_one_who_has_left)
{
	expect_the_leaver_is_not_replaced(MH_CHAIN_RCU_ARRAY);
	expect_the_leaver_is_not_replaced(MH_CHAIN_RCU_LIST);
}

Test(hotplug, cancel_heard_still_ends_a_success_for_all)
{
	struct mh_machine_config config = fixture_config();
	struct fixture fixture;

	config.cancel = MH_CANCEL_HEARD;
	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	fixture.listeners[0].answers[GO] = NOTIFY_STOP;
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), 0);
	cr_expect_str_eq(fixture.heard, "GO:A{0,0} ON:ABC{0,0}", "heard '%s'", fixture.heard);
	fixture_end(&fixture);
}

static void expect_outcome(struct fixture *fixture, int ret, int expected, enum mh_outcome outcome)
{
	cr_expect_eq(ret, expected, "%d, expected %d", ret, expected);
	cr_expect_eq(fixture->operation.result, expected, "result %d, expected %d", fixture->operation.result,
		     expected);
	cr_expect_eq(fixture->operation.outcome, outcome, "outcome %s, expected %s",
		     mh_outcome_names[fixture->operation.outcome], mh_outcome_names[outcome]);
}

Test(hotplug, tells_why_an_operation_ended)
{
	struct mh_machine_config config = fixture_config();
	atomic_bool signal = true;
	struct fixture fixture;

	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	expect_outcome(&fixture, fixture_online(&fixture, 1, MH_ONLINE_DEFAULT), 0, MH_OUTCOME_DONE);
	expect_outcome(&fixture, fixture_online(&fixture, 1, MH_ONLINE_DEFAULT), -EINVAL, MH_OUTCOME_ALREADY);
	cr_expect_eq(fixture.operation.event_count, 0);
	fixture.listeners[2].answers[GF] = NOTIFY_BAD;
	expect_outcome(&fixture, fixture_offline(&fixture, 1), -EPERM, MH_OUTCOME_VETOED);
	cr_expect_eq(fixture.operation.event_count, 2, "%u", fixture.operation.event_count);
	cr_expect_eq(fixture.operation.heard_count, 3, "%d", fixture.operation.heard_count);
	fixture.listeners[2].answers[GF] = NOTIFY_OK;
	fixture.operation.signal = &signal;
	expect_outcome(&fixture, fixture_offline(&fixture, 1), -EINTR, MH_OUTCOME_SIGNAL);
	fixture_end(&fixture);
}

Test(hotplug, a_deadline_that_has_passed_is_a_signal)
{
	static const enum mh_stamp_level levels[] = {MH_STAMPS_NONE, MH_STAMPS_EVENT};
	struct mh_machine_config config = fixture_config();

	for (int i = 0; i < 2; i++) {
		struct fixture fixture;

		fixture_begin(&fixture, THREE_BLOCKS, &config);
		fixture.trace.level = levels[i];
		fixture_listen(&fixture);
		cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), 0);
		fixture.operation.deadline_ticks = mh_clock_ticks(&fixture.clock) + 3600 * UINT64_C(1000000000);
		expect_outcome(&fixture, fixture_offline(&fixture, 0), 0, MH_OUTCOME_DONE);
		cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), 0);
		fixture.operation.deadline_ticks = 1;
		expect_outcome(&fixture, fixture_offline(&fixture, 0), -EINTR, MH_OUTCOME_SIGNAL);
		fixture_end(&fixture);
	}
}

/* An unmovable page in Movable passes isolation and is met by the migration, which only a signal ends. */
Test(hotplug, an_offline_that_cannot_finish_ends_at_its_deadline)
{
	struct mh_machine_config config = fixture_config();
	struct fixture fixture;
	struct mh_cpu *cpu;
	mh_handle page = 0;

	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_MOVABLE), 0); /* the only block: nowhere to move to */
	cr_assert_eq(mh_cpu_new(fixture.machine, &cpu), 0);
	mh_cpu_enter(cpu);
	cr_assert_eq(mh_page_alloc(fixture.machine, cpu, &(struct mh_page_request){.kind = MH_PAGE_MOVABLE}, &page), 0);
	fixture.operation.cpu = cpu;
	fixture.operation.deadline_ticks = mh_clock_ticks(&fixture.clock) + 2000000;
	fixture_forget(&fixture);
	expect_outcome(&fixture, fixture_offline(&fixture, 0), -EINTR, MH_OUTCOME_SIGNAL);
	cr_expect_str_eq(fixture.heard, "GF:ABC{0,-1} CF:ABC{0,-1}", "heard '%s'", fixture.heard);
	fixture_expect_sound(&fixture, "after the deadline");
	mh_page_free(fixture.machine, cpu, &page);
	fixture.operation.deadline_ticks = 0;
	expect_outcome(&fixture, fixture_offline(&fixture, 0), 0, MH_OUTCOME_DONE);
	mh_cpu_leave(cpu);
	mh_cpu_free(fixture.machine, cpu);
	fixture_end(&fixture);
}

/* What stands in the trace, as "kind" letters: L locked, W walk begin, b call begin, c called, w walk end. */
static void trace_letters(const struct mh_trace *trace, char *letters)
{
	static const char names[] = {'L', 'W', 'b', 'c', 'w', 'D', 'd', 'M', 'm', 'G', 'g'};

	for (uint32_t i = 0; i < trace->count; i++)
		letters[i] = names[trace->stamps[i].kind];
	letters[trace->count] = 0;
}

Test(hotplug, traces_every_call_and_times_only_as_asked)
{
	static const char *const expected[] = {"LWcccwWcccw", "LWcccwWcccw", "LWcccwWcccw", "LWbcbcbcwWbcbcbcw"};
	struct mh_machine_config config = fixture_config();

	for (enum mh_stamp_level level = MH_STAMPS_NONE; level <= MH_STAMPS_PAIR; level++) {
		struct fixture fixture;
		char letters[300];
		uint64_t last = 0;

		fixture_begin(&fixture, THREE_BLOCKS, &config);
		fixture.trace.level = level;
		fixture_listen(&fixture);
		cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), 0);
		trace_letters(&fixture.trace, letters);
		cr_expect_str_eq(letters, expected[level], "level %d: '%s'", (int)level, letters);
		for (uint32_t i = 0; i < fixture.trace.count; i++) {
			uint64_t ticks = fixture.trace.stamps[i].ticks;

			cr_expect_eq(ticks != 0, level >= MH_STAMPS_EVENT, "stamp %u", i);
			cr_expect_geq(ticks, last, "stamp %u goes back in time", i);
			last = ticks;
		}
		fixture_end(&fixture);
	}
}

Test(hotplug, counts_the_stamps_that_found_no_room)
{
	struct mh_machine_config config = fixture_config();
	struct fixture fixture;

	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	fixture.trace.capacity = 4;
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), 0);
	cr_expect_eq(fixture.trace.count, 4, "%u", fixture.trace.count);
	cr_expect_eq(fixture.trace.dropped, 7, "%llu", (unsigned long long)fixture.trace.dropped);
	fixture_end(&fixture);
}

static int veto_once(void *data, const struct mh_hook_site *site, int value)
{
	unsigned *calls = data;

	++*calls;
	cr_expect_eq(site->arg, &site->operation->arg);
	return site->event == GO && site->listener->name[0] == 'B' ? NOTIFY_BAD : value;
}

Test(hotplug, a_hook_replaces_an_answer_and_is_no_finding)
{
	struct mh_machine_config config = fixture_config();
	struct fixture fixture;
	unsigned calls = 0;
	const struct mh_hook hook = {.run = veto_once, .data = &calls};

	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	mh_machine_hook(fixture.machine, MH_HOOK_LISTENER, &hook);
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), -EPERM);
	cr_expect_str_eq(fixture.heard, "GO:AB{0,0} CO:ABC{0,0}", "heard '%s'", fixture.heard);
	cr_expect_eq(calls, 5, "%u", calls);
	mh_machine_hook(fixture.machine, MH_HOOK_LISTENER, NULL);
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), 0);
	fixture_expect_sound(&fixture, "hook");
	fixture_end(&fixture);
}

static void note_state(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	char *states = self->fixture->data;
	enum mh_block_state state = mh_machine_block_state(self->fixture->machine, 0);

	(void)arg;
	if (self->letter == 'A') {
		states[2 * event] = mh_block_state_names[state][0];
		states[2 * event + 1] = mh_block_state_names[state][1];
	}
}

/* semantics.md 2.3 step 20, 3 steps 2 and 22: "offline" until after ON, "going-offline" until after OF. */
Test(hotplug, the_state_seen_from_callbacks_is_the_kernels)
{
	struct mh_machine_config config = fixture_config();
	char states[2 * MH_EVENT_COUNT + 1] = "............";
	struct fixture fixture;

	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture.data = states;
	fixture_listen(&fixture);
	fixture.listeners[0].inside = note_state;
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), 0);
	fixture.listeners[2].answers[GF] = NOTIFY_BAD;
	cr_expect_eq(fixture_offline(&fixture, 0), -EPERM);
	fixture.listeners[2].answers[GF] = NOTIFY_OK;
	cr_expect_eq(fixture_offline(&fixture, 0), 0);
	cr_expect_str_eq(states, "of..ofgogogo", "GO CO ON GF CF OF: '%s'", states);
	fixture_end(&fixture);
}

/* I19, I20: pages of the block can be had at ON and at CF, and not at GO. */
static void try_page(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	struct fixture *fixture = self->fixture;
	int *results = fixture->data;
	struct mh_cpu *cpu;
	mh_handle page = 0;

	(void)arg;
	if (self->letter != 'A')
		return;
	cr_assert_eq(mh_cpu_new(fixture->machine, &cpu), 0);
	mh_cpu_enter(cpu);
	results[event] = mh_page_alloc(fixture->machine, cpu, &(struct mh_page_request){.node = 0}, &page);
	if (results[event] == 0)
		mh_page_free(fixture->machine, cpu, &page);
	mh_cpu_leave(cpu);
	mh_cpu_free(fixture->machine, cpu);
}

Test(hotplug, pages_can_be_had_at_on_and_at_cancel_offline_only)
{
	struct mh_machine_config config = fixture_config();
	int results[MH_EVENT_COUNT];
	struct fixture fixture;

	for (int i = 0; i < MH_EVENT_COUNT; i++)
		results[i] = 1;
	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture.data = results;
	fixture_listen(&fixture);
	fixture.listeners[0].inside = try_page;
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), 0);
	fixture.listeners[2].answers[GF] = NOTIFY_BAD;
	cr_expect_eq(fixture_offline(&fixture, 0), -EPERM);
	fixture.listeners[2].answers[GF] = NOTIFY_OK;
	cr_expect_eq(results[GO], -ENOMEM, "GO: %d", results[GO]);
	cr_expect_eq(results[ON], 0, "ON: %d", results[ON]);
	cr_expect_eq(results[GF], -ENOMEM, "GF: %d", results[GF]);
	cr_expect_eq(results[CF], 0, "CF: %d", results[CF]);
	cr_expect_eq(fixture_offline(&fixture, 0), 0);
	cr_expect_eq(results[OF], -ENOMEM, "OF: %d", results[OF]);
	fixture_expect_sound(&fixture, "pages in callbacks");
	fixture_end(&fixture);
}

Test(hotplug, poll_and_node_locks_work_as_queue_and_global)
{
	for (int i = 0; i < 4; i++) {
		struct mh_machine_config config = fixture_config();
		struct fixture fixture;

		config.lock_wait = i & 1 ? MH_LOCK_WAIT_POLL : MH_LOCK_WAIT_QUEUE;
		config.hotplug_lock = i & 2 ? MH_HOTPLUG_LOCK_NODE : MH_HOTPLUG_LOCK_GLOBAL;
		fixture_begin(&fixture, TWO_NODES, &config);
		fixture_listen(&fixture);
		cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), 0);
		cr_expect_eq(fixture_online(&fixture, 5, MH_ONLINE_DEFAULT), 0);
		cr_expect_eq(fixture_offline(&fixture, 0), 0);
		fixture_expect_sound(&fixture, "locks");
		fixture_end(&fixture);
	}
}
