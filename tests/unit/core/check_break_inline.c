/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What breaks the invariants that are checked inline and at the end of a phase.
 */
#include "check_breakers.h"

#include <errno.h>

#include <criterion/criterion.h>

#include "core/buddy.h"
#include "core/chain_rcu_array.h"
#include "core/kapi.h"
#include "core/machine_private.h"
#include "core/operation_check.h"
#include "core/pcp.h"

struct mh_listener *listener_of(struct fixture *fixture, uint32_t id)
{
	return mh_machine_chain(fixture->machine)->listeners[id];
}

struct mh_zone *normal_zone(struct fixture *fixture)
{
	return &fixture->machine->nodes[0].zones[MH_ZONE_NORMAL];
}

static void break_i01(struct fixture *fixture)
{
	listener_of(fixture, 2)->priority = 25; /* C is called behind B (20) */
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

static void break_i02(struct fixture *fixture)
{
	struct mh_chain_array *array = mh_machine_chain(fixture->machine)->array;
	struct mh_chain_entry second = array->entries[1];

	array->entries[1] = array->entries[0];
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	array->entries[1] = second;
}

static struct mh_place place_of(struct fixture *fixture)
{
	struct mh_place place = mh_place_without_zone(fixture->machine, fixture->operation.block);

	place.zone = &place.node->zones[fixture->operation.zone];
	return place;
}

void begin_by_hand(struct fixture *fixture, bool online)
{
	struct mh_place place;

	fixture->operation.online = online;
	fixture->operation.zone = MH_ZONE_NORMAL;
	fixture->operation.outcome = MH_OUTCOME_DONE;
	place = place_of(fixture);
	mh_operation_check_begin(fixture->machine, &fixture->operation, &place,
				 mh_node_mask_test(fixture->machine->has_normal, fixture->operation.node),
				 mh_node_mask_test(fixture->machine->has_memory, fixture->operation.node));
}

static void break_i03(struct fixture *fixture)
{
	begin_by_hand(fixture, true);
	mh_check_order(fixture->machine, &fixture->operation, &mh_listener_stopped, MH_STOPPED_SEQUENCE,
		       listener_of(fixture, 1), 1);
}

static void break_i04(struct fixture *fixture)
{
	begin_by_hand(fixture, true);
	mh_trace_add(&fixture->trace, MH_STAMP_CALLED, MH_GOING_ONLINE, 1, NOTIFY_BAD);
	mh_check_walk_value(fixture->machine, &fixture->operation, NOTIFY_OK, 1);
}

static void break_i04_of_nobody(struct fixture *fixture)
{
	mh_trace_add(fixture->operation.trace, MH_STAMP_WALK_BEGIN, MH_GOING_ONLINE, 0, 0);
	begin_by_hand(fixture, true);
	mh_check_walk_value(fixture->machine, &fixture->operation, NOTIFY_OK, 0);
}

static void break_i05(struct fixture *fixture)
{
	struct mh_place place = place_of(fixture);

	begin_by_hand(fixture, true);
	mh_check_event(fixture->machine, &fixture->operation, MH_GOING_ONLINE);
	mh_operation_check_end(fixture->machine, &fixture->operation, &place, true);
}

static void break_i05_by_a_second_going(struct fixture *fixture)
{
	begin_by_hand(fixture, true);
	mh_check_event(fixture->machine, &fixture->operation, MH_GOING_ONLINE);
	mh_check_event(fixture->machine, &fixture->operation, MH_GOING_ONLINE);
}

static void break_i06(struct fixture *fixture)
{
	begin_by_hand(fixture, false);
	mh_check_event(fixture->machine, &fixture->operation, MH_CANCEL_OFFLINE);
}

static void break_i06_by_the_other_direction(struct fixture *fixture)
{
	begin_by_hand(fixture, true);
	mh_check_event(fixture->machine, &fixture->operation, MH_GOING_ONLINE);
	mh_check_event(fixture->machine, &fixture->operation, MH_OFFLINE);
}

static void change_size(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)self;
	if (event == MH_GOING_ONLINE)
		arg->nr_pages--;
}

static void break_i09(struct fixture *fixture)
{
	fixture->listeners[1].inside = change_size;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

static void break_i09_of_a_node(struct fixture *fixture)
{
	begin_by_hand(fixture, true);
	fixture->operation.node_arg.nid = 7;
	mh_check_other_argument(fixture->machine, &fixture->operation, MH_NODE_ADDING_FIRST_MEMORY);
}

static void break_i09_of_a_memmap(struct fixture *fixture)
{
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	fixture->operation.prepare_arg = fixture->operation.arg;
	mh_check_other_argument(fixture->machine, &fixture->operation, MH_PREPARE_ONLINE);
}

static void flip_memory_mask(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	struct mh_machine *machine = self->fixture->machine;

	(void)arg;
	if (event == MH_ONLINE || event == MH_CANCEL_ONLINE || event == MH_OFFLINE)
		mh_node_mask_set(machine->has_memory, 0, !mh_node_mask_test(machine->has_memory, 0));
}

static void break_i10(struct fixture *fixture)
{
	fixture->listeners[1].inside = flip_memory_mask;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

static void hide_nid(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)self;
	if (event == MH_GOING_OFFLINE)
		arg->status_change_nid = -1;
}

static void break_i11(struct fixture *fixture)
{
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	fixture->listeners[1].inside = hide_nid;
	(void)fixture_offline(fixture, 0);
}

static void break_i12(struct fixture *fixture)
{
	fixture->listeners[1].inside = flip_memory_mask;
	fixture->listeners[2].answers[MH_GOING_ONLINE] = NOTIFY_BAD;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

static void break_i13(struct fixture *fixture)
{
	mh_node_mask_set(fixture->machine->has_normal, 0, true);
	(void)mh_check_machine(fixture->machine);
}

static void break_i14(struct fixture *fixture)
{
	mh_node_mask_set(fixture->machine->has_memory, 0, true);
	(void)mh_check_machine(fixture->machine);
}

static void break_i15(struct fixture *fixture)
{
	normal_zone(fixture)->present_pages = 1;
	(void)mh_check_machine(fixture->machine);
}

static void break_i16(struct fixture *fixture)
{
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	normal_zone(fixture)->managed_pages++;
	(void)mh_check_machine(fixture->machine);
}

static void break_i16_by_the_span(struct fixture *fixture)
{
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	mh_bitmap_clear(&normal_zone(fixture)->span, 0);
	(void)mh_check_machine(fixture->machine);
}

static void lose_a_page(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_ONLINE)
		normal_zone(self->fixture)->managed_pages--;
}

void break_i17(struct fixture *fixture)
{
	fixture->listeners[1].inside = lose_a_page;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

static void break_i18(struct fixture *fixture)
{
	struct mh_machine *machine = fixture->machine;
	struct mh_page_request request = {.kind = MH_PAGE_KERNEL};
	mh_handle first = 0, second = 0;
	struct mh_cpu *cpu;

	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	cr_assert_eq(mh_cpu_new(machine, &cpu), 0);
	mh_cpu_enter(cpu);
	cr_assert_eq(mh_page_alloc(machine, cpu, &request, &first), 0); /* leaves more on the list */
	atomic_store(&machine->blocks[0].gate, MH_GATE_CLOSED);
	cr_assert_eq(mh_page_alloc(machine, cpu, &request, &second), 0);
	atomic_store(&machine->blocks[0].gate, MH_GATE_OPEN);
	mh_page_free(machine, cpu, &first);
	mh_page_free(machine, cpu, &second);
	mh_cpu_leave(cpu);
	mh_cpu_free(machine, cpu);
}

static void break_i21(struct fixture *fixture)
{
	mh_bitmap_set(&normal_zone(fixture)->span, 1);
	(void)mh_check_machine(fixture->machine);
}

static void break_i23(struct fixture *fixture)
{
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	normal_zone(fixture)->free_units--;
	(void)mh_check_machine(fixture->machine);
}

/* A page that nobody owns and no list holds. */
static void break_i23_by_a_lost_page(struct fixture *fixture)
{
	struct mh_machine *machine = fixture->machine;
	mh_handle page = 0;
	struct mh_cpu *cpu;

	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	cr_assert_eq(mh_cpu_new(machine, &cpu), 0);
	mh_cpu_enter(cpu);
	cr_assert_eq(mh_page_alloc(machine, cpu, &(struct mh_page_request){.kind = MH_PAGE_KERNEL}, &page), 0);
	mh_cpu_leave(cpu);
	mh_cpu_free(machine, cpu);
	machine->pages[0]->owners[mh_unit_of_pfn(machine, MH_HANDLE_PFN(atomic_load(&page)))] = 0;
	(void)mh_check_machine(machine);
}

static void break_i26(struct fixture *fixture)
{
	uint64_t sequence = atomic_exchange(&listener_of(fixture, 1)->sequence, 0);

	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	atomic_store(&listener_of(fixture, 1)->sequence, sequence);
}

static void vanish(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_ONLINE)
		atomic_store(&listener_of(self->fixture, 1)->sequence, 0);
}

static void break_i26_while_running(struct fixture *fixture)
{
	uint64_t sequence = atomic_load(&listener_of(fixture, 1)->sequence);

	fixture->listeners[1].inside = vanish;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	atomic_store(&listener_of(fixture, 1)->sequence, sequence);
}

/* B out and in again as an unregister would do it that waits for no grace period; the old array is kept for later. */
static void register_b_again(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	struct mh_chain *chain = mh_machine_chain(self->fixture->machine);
	struct notifier_block *nb = &self->fixture->listeners[1].nb;

	(void)arg;
	if (event != MH_ONLINE)
		return;
	cr_assert_eq(mh_rcu_array_remove(chain, nb), 0);
	atomic_store(&listener_of(self->fixture, 1)->sequence, 0);
	cr_assert_eq(mh_chain_register(chain, nb, NULL), 0);
}

static void break_i26_by_an_entry_of_an_earlier_registration(struct fixture *fixture)
{
	fixture->listeners[0].inside = register_b_again;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

static void break_i26_by_a_new_registration_while_running(struct fixture *fixture)
{
	fixture->listeners[1].inside = register_b_again;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

static void change_refusal(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_CANCEL_ONLINE)
		self->fixture->operation.check.refusal = -EIO;
}

static void break_i32(struct fixture *fixture)
{
	fixture->listeners[1].inside = change_refusal;
	fixture->listeners[2].answers[MH_GOING_ONLINE] = NOTIFY_BAD;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

static void change_outcome(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_ONLINE)
		self->fixture->operation.outcome = MH_OUTCOME_ISOLATE;
}

static void break_i32_of_a_step(struct fixture *fixture)
{
	fixture->listeners[1].inside = change_outcome;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

static void break_i35(struct fixture *fixture)
{
	fixture->machine->nodes[0].kswapd = true;
	(void)mh_check_machine(fixture->machine);
}

static void isolate_one_more(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_ONLINE)
		normal_zone(self->fixture)->isolated_blocks++;
}

static void break_i36(struct fixture *fixture)
{
	fixture->listeners[1].inside = isolate_one_more;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

static void break_i36_at_rest(struct fixture *fixture)
{
	normal_zone(fixture)->isolated_blocks = 1;
	(void)mh_check_machine(fixture->machine);
}

static void change_zone(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_ONLINE)
		atomic_store(&self->fixture->machine->blocks[0].zone, MH_ZONE_MOVABLE);
}

static void break_i38(struct fixture *fixture)
{
	fixture->listeners[1].inside = change_zone;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

static void leave_zone(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_ONLINE)
		mh_bitmap_clear(&normal_zone(self->fixture)->span, 0);
}

static void break_i38_by_the_span(struct fixture *fixture)
{
	fixture->listeners[1].inside = leave_zone;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

static void set_online(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_CANCEL_ONLINE)
		atomic_store(&self->fixture->machine->blocks[0].state, MH_BLOCK_ONLINE);
}

static void break_i40(struct fixture *fixture)
{
	fixture->listeners[1].inside = set_online;
	fixture->listeners[2].answers[MH_GOING_ONLINE] = NOTIFY_BAD;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

void break_return_encoding(struct fixture *fixture)
{
	fixture->listeners[1].answers[MH_GOING_ONLINE] = -ENOMEM;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

static void unregister_inside(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_ONLINE)
		unregister_memory_notifier(&self->nb);
}

static void break_unregister_in_walk(struct fixture *fixture)
{
	mh_kapi_bind(fixture->machine);
	fixture->listeners[1].inside = unregister_inside;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
	mh_kapi_bind(NULL);
}

const struct breaker inline_breakers[] = {
	{"I01", break_i01, "'C'"},
	{"I02", break_i02, "'A'"},
	{"I03", break_i03, "'B' was called after an answer that stops"},
	{"I04", break_i04, "result is 0x1, its last answer 0x8002"},
	{"I04", break_i04_of_nobody, "result is 0x1, its last answer 0 of 0"},
	{"I05", break_i05, "no final event"},
	{"I05", break_i05_by_a_second_going, "MEM_GOING_ONLINE"},
	{"I06", break_i06, "MEM_CANCEL_OFFLINE"},
	{"I06", break_i06_by_the_other_direction, "MEM_OFFLINE"},
	{"I09", break_i09, "32767"},
	{"I09", break_i09_of_a_node, "nid 7, made as 0"},
	{"I09", break_i09_of_a_memmap, "memmap 0+0"},
	{"I10", break_i10, "N_MEMORY is 0, expected 1"},
	{"I11", break_i11, "N_MEMORY is 1, expected 0"},
	{"I12", break_i12, "N_MEMORY is 1, expected 0"},
	{"I13", break_i13, "node 0"},
	{"I14", break_i14, "node 0"},
	{"I15", break_i15, "present is 1"},
	{"I16", break_i16, "managed 32769"},
	{"I16", break_i16_by_the_span, "outside the span"},
	{"I17", break_i17, "32767, expected 32768"},
	{"I18", break_i18, "block 0"},
	{"I21", break_i21, "block 1"},
	{"I23", break_i23, "32767 units free"},
	{"I23", break_i23_by_a_lost_page, "0 allocated"},
	{"I26", break_i26, "'B' was called after"},
	{"I26", break_i26_while_running, "'B' was still running"},
	{"I26", break_i26_by_an_entry_of_an_earlier_registration,
	 "'B' was called after its unregister returned; it has been registered again"},
	{"I26", break_i26_by_a_new_registration_while_running, "'B' was still running"},
	{"I32", break_i32, "returns -1, expected -5"},
	{"I32", break_i32_of_a_step, "returns 0, expected -16 (isolate)"},
	{"I35", break_i35, "kswapd 1"},
	{"I36", break_i36, "1 isolated"},
	{"I36", break_i36_at_rest, "1 isolated"},
	{"I38", break_i38, "from zone Normal to Movable"},
	{"I38", break_i38_by_the_span, "does not span it"},
	{"I40", break_i40, "block 0 is online after the operation, expected offline"},
	{"return-encoding", break_return_encoding, "'B' answered MEM_GOING_ONLINE with a raw -12"},
	{"unregister-in-walk", break_unregister_in_walk, "priority 20"},
};

const size_t inline_breaker_count = sizeof(inline_breakers) / sizeof(inline_breakers[0]);
