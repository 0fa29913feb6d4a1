/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What breaks the invariants that verify: full adds.
 */
#include "check_breakers.h"

#include <criterion/criterion.h>

#include "base/sync.h"
#include "base/thread.h"
#include "core/chain_list.h"
#include "core/chain_rcu_array.h"
#include "core/chain_reclaim.h"
#include "core/full_check.h"
#include "core/hotplug_reader.h"
#include "core/pcp.h"

static struct mh_chain *chain_of(struct fixture *fixture)
{
	return mh_machine_chain(fixture->machine);
}

/* The same with another chain. */
static void begin_again(struct fixture *fixture, enum mh_chain_type type)
{
	struct mh_machine_config config = fixture_config();

	config.verify = MH_VERIFY_FULL;
	config.chain.type = type;
	fixture_end(fixture);
	fixture_begin(fixture, THREE_BLOCKS, &config);
	fixture_listen(fixture);
}

/* Out of the array, and the chain's books say that it is in. */
static void lose(struct fixture *fixture, unsigned which)
{
	cr_assert_eq(mh_rcu_array_remove(chain_of(fixture), &fixture->listeners[which].nb), 0);
}

/* So that its unregister is refused. */
static void forget(struct fixture *fixture, unsigned which)
{
	atomic_store(&listener_of(fixture, which)->sequence, 0);
}

static void lose_b_in_going(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_GOING_ONLINE)
		lose(self->fixture, 1);
}

static void break_i07(struct fixture *fixture)
{
	fixture->listeners[0].inside = lose_b_in_going;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	forget(fixture, 1);
}

static void lose_c_in_going(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_GOING_ONLINE)
		lose(self->fixture, 2);
}

static void break_i08(struct fixture *fixture)
{
	fixture->listeners[1].inside = lose_c_in_going;
	fixture->listeners[1].answers[MH_GOING_ONLINE] = NOTIFY_BAD;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	(void)mh_check_machine(fixture->machine);
	forget(fixture, 2);
}

static void offer_early(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_GOING_ONLINE)
		mh_bitmap_set(&normal_zone(self->fixture)->whole, 0);
}

static void break_i19(struct fixture *fixture)
{
	fixture->listeners[0].inside = offer_early;
	(void)fixture_online(fixture, 0, MH_ONLINE_KERNEL);
}

static void withhold(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_ONLINE || event == MH_CANCEL_OFFLINE)
		mh_bitmap_clear(&normal_zone(self->fixture)->whole, 0);
}

static void break_i19_at_online(struct fixture *fixture)
{
	fixture->listeners[0].inside = withhold;
	(void)fixture_online(fixture, 0, MH_ONLINE_KERNEL);
}

static void break_i20(struct fixture *fixture)
{
	(void)fixture_online(fixture, 0, MH_ONLINE_KERNEL);
	fixture->listeners[0].inside = withhold;
	fixture->listeners[2].answers[MH_GOING_OFFLINE] = NOTIFY_BAD;
	(void)fixture_offline(fixture, 0);
}

/* A page of block 0, the lowest that is online. */
static void take_page(struct fixture *fixture, mh_handle *ret_page)
{
	struct mh_page_request request = {.kind = MH_PAGE_MOVABLE};
	struct mh_cpu *cpu;

	cr_assert_eq(mh_cpu_new(fixture->machine, &cpu), 0);
	mh_cpu_enter(cpu);
	cr_assert_eq(mh_page_alloc(fixture->machine, cpu, &request, ret_page), 0);
	mh_cpu_leave(cpu);
	mh_cpu_free(fixture->machine, cpu);
}

static mh_handle page;

static void break_i22(struct fixture *fixture)
{
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	take_page(fixture, &page);
	atomic_fetch_add(&page, 1); /* the next page, which is nobody's */
	(void)fixture_online(fixture, 1, MH_ONLINE_DEFAULT);
}

static void count_early_page(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_CANCEL_ONLINE)
		normal_zone(self->fixture)->early_pages++;
}

static void break_i24(struct fixture *fixture)
{
	fixture->listeners[1].inside = count_early_page;
	fixture->listeners[2].answers[MH_GOING_ONLINE] = NOTIFY_BAD;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

static void lose_free_unit(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_CANCEL_ONLINE)
		normal_zone(self->fixture)->free_units--;
}

static void break_i24_by_a_free_page(struct fixture *fixture)
{
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	fixture->listeners[1].inside = lose_free_unit;
	fixture->listeners[2].answers[MH_GOING_ONLINE] = NOTIFY_BAD;
	(void)fixture_online(fixture, 1, MH_ONLINE_DEFAULT);
}

/* As if the hotplug lock had been forgotten. */
static void operate_inside(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	struct fixture *fixture = self->fixture;
	struct mh_operation inner = {.holds_lock = true};
	struct mh_trace trace;

	(void)arg;
	if (event != MH_GOING_ONLINE)
		return;
	self->inside = NULL;
	cr_assert_eq(mh_trace_init(&trace, 64, MH_STAMPS_NONE, &fixture->clock), 0);
	inner.trace = &trace;
	(void)mh_block_online(fixture->machine, &inner, 1, MH_ONLINE_DEFAULT);
	mh_trace_release(&trace);
}

static void break_i25(struct fixture *fixture)
{
	fixture->listeners[1].inside = operate_inside;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

static void break_i27(struct fixture *fixture)
{
	lose(fixture, 2);
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	forget(fixture, 2);
}

static void break_i28(struct fixture *fixture)
{
	forget(fixture, 1);
	(void)mh_chain_register(chain_of(fixture), &fixture->listeners[1].nb, NULL);
}

static void break_i28_by_an_unregister(struct fixture *fixture)
{
	uint64_t sequence = atomic_exchange(&listener_of(fixture, 1)->sequence, 0);

	(void)mh_chain_unregister(chain_of(fixture), &fixture->listeners[1].nb);
	atomic_store(&listener_of(fixture, 1)->sequence, sequence);
}

static void change_chain(struct fixture *fixture)
{
	struct notifier_block other = {.notifier_call = NULL, .priority = -5};

	cr_assert_eq(mh_chain_register(chain_of(fixture), &other, "other"), 0);
	cr_assert_eq(mh_chain_unregister(chain_of(fixture), &other), 0);
}

static void break_i29(struct fixture *fixture)
{
	listener_of(fixture, 2)->priority = 25;
	change_chain(fixture);
}

static void break_i29_by_a_lost_listener(struct fixture *fixture)
{
	lose(fixture, 1);
	change_chain(fixture);
	forget(fixture, 1);
}

static void break_i29_by_a_cycle(struct fixture *fixture)
{
	struct mh_chain *chain;
	struct mh_chain_link *last;

	begin_again(fixture, MH_CHAIN_RWLOCK);
	chain = chain_of(fixture);
	last = chain->head->next->next;
	last->next = chain->head;
	(void)mh_chain_register(chain, &fixture->listeners[0].nb, NULL); /* refused, and looked at */
	last->next = NULL;
}

/* Without a grace period. */
static void reclaim_b(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	struct mh_chain *chain = chain_of(self->fixture);

	(void)arg;
	if (event != MH_ONLINE)
		return;
	lose(self->fixture, 1);
	mh_chain_reclaim(chain, mh_rcu_array_take_retired(chain), NULL);
}

static void break_i30(struct fixture *fixture)
{
	fixture->listeners[0].inside = reclaim_b;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	forget(fixture, 1);
}

static void reclaim_b_of_a_list(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	struct mh_chain *chain = chain_of(self->fixture);

	(void)arg;
	if (event == MH_ONLINE)
		mh_chain_reclaim(chain, NULL, mh_chain_list_remove(chain, &self->fixture->listeners[1].nb));
}

static void break_i30_of_a_list(struct fixture *fixture)
{
	begin_again(fixture, MH_CHAIN_RCU_LIST);
	fixture->listeners[0].inside = reclaim_b_of_a_list;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	forget(fixture, 1);
}

static void break_i31(struct fixture *fixture)
{
	struct mh_hotplug_reader reader;

	mh_hotplug_read_lock(fixture->machine, 0, &reader);
	fixture->operation.holds_lock = true;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	fixture->operation.holds_lock = false;
	mh_hotplug_read_unlock(fixture->machine, &reader);
}

static void break_i33(struct fixture *fixture)
{
	atomic_store(&fixture->machine->blocks[2].state, MH_BLOCK_GOING_OFFLINE);
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	atomic_store(&fixture->machine->blocks[2].state, MH_BLOCK_OFFLINE);
}

static void show_online_early(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_GOING_ONLINE)
		atomic_store(&self->fixture->machine->blocks[0].state, MH_BLOCK_ONLINE);
}

static void break_i33_by_showing_it_early(struct fixture *fixture)
{
	fixture->listeners[1].inside = show_online_early;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

static void send_uevent(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_ONLINE || event == MH_CANCEL_ONLINE)
		mh_uevent(self->fixture->machine, MH_UEVENT_ONLINE, 0);
}

static void break_i34(struct fixture *fixture)
{
	fixture->listeners[1].inside = send_uevent;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

static void break_i34_of_a_failure(struct fixture *fixture)
{
	fixture->listeners[2].answers[MH_GOING_ONLINE] = NOTIFY_BAD;
	break_i34(fixture);
}

static void see_signal(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_GOING_OFFLINE)
		mh_node_watch(self->fixture->machine, 0)->signal_seen = true;
}

static void break_i37(struct fixture *fixture)
{
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	take_page(fixture, &page);
	(void)fixture_online(fixture, 1, MH_ONLINE_DEFAULT);
	fixture->listeners[1].inside = see_signal;
	(void)fixture_offline(fixture, 0);
}

/* Block 1 is free, and not found. */
static void hide_room(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_GOING_OFFLINE)
		mh_bitmap_clear(&normal_zone(self->fixture)->whole, 1);
}

/* The deadline comes once enough passes have moved nothing, however long that takes on a busy host. */
static void end_after_passes(void *data)
{
	struct fixture *fixture = data;
	const struct mh_operation_watch *watch = mh_node_watch(fixture->machine, 0);

	while (__atomic_load_n(&watch->idle_passes, __ATOMIC_RELAXED) < MH_LIVENESS_PASSES)
		mh_sleep_ns(1000000);
	__atomic_store_n(&fixture->operation.deadline_ticks, 1, __ATOMIC_RELAXED);
}

static void break_i39(struct fixture *fixture)
{
	struct mh_thread thread;

	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	take_page(fixture, &page);
	(void)fixture_online(fixture, 1, MH_ONLINE_DEFAULT);
	fixture->listeners[1].inside = hide_room;
	cr_assert_eq(mh_thread_start(&thread, "deadline", -1, end_after_passes, fixture, NULL), 0);
	(void)fixture_offline(fixture, 0);
	mh_thread_join(&thread);
}

const struct breaker full_breakers[] = {
	{"I07", break_i07, "'B' heard GOING and no end"},
	{"I08", break_i08, "1 operations were refused above a listener"},
	{"I19", break_i19, "block 0 can be allocated at MEM_GOING_ONLINE"},
	{"I19", break_i19_at_online, "block 0 cannot be allocated at MEM_ONLINE"},
	{"I20", break_i20, "block 0 cannot be allocated at MEM_CANCEL_OFFLINE"},
	{"I22", break_i22, "of block 0 names an owner whose handle leads"},
	{"I24", break_i24, "Normal: early pages: 0 before the failed operation, 1 after it"},
	{"I24", break_i24_by_a_free_page, "Normal: free units: 32768 before"},
	{"I25", break_i25, "an operation on block 0 ran"},
	{"I27", break_i27, "'C' was registered before MEM_GOING_ONLINE"},
	{"I28", break_i28, "register of a listener that is in the chain returned 0"},
	{"I28", break_i28_by_an_unregister, "unregister of a listener that is in the chain returned -2"},
	{"I29", break_i29, "'B' (priority 20) stands before 'C' (priority 25)"},
	{"I29", break_i29_by_a_lost_listener, "holds 3 listeners, 4 are registered"},
	{"I29", break_i29_by_a_cycle, "'C' (priority 10) stands before 'A' (priority 30)"},
	{"I30", break_i30, "entry of listener 'B' that was reclaimed"},
	{"I30", break_i30_of_a_list, "entry of listener 'B' that was reclaimed"},
	{"I31", break_i31, "node 0: its present pages or masks changed"},
	{"I33", break_i33, "block 2 reads going-offline while no offline"},
	{"I33", break_i33_by_showing_it_early, "block 0 reads online at MEM_ONLINE, expected offline"},
	{"I34", break_i34, "2 uevents, expected 1"},
	{"I34", break_i34_of_a_failure, "1 uevents, expected 0"},
	{"I37", break_i37, "goes on after a pass"},
	{"I39", break_i39, "movable pages and room"},
};

const size_t full_breaker_count = sizeof(full_breakers) / sizeof(full_breakers[0]);
