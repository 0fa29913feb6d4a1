/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each invariant that can be listed is broken here on purpose and must be named: a row of breakers[] for each row of
 * mh_invariants. Most are broken by reaching into the machine from a callback, as only a bug of core's could.
 */
#include "core/check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "core/buddy.h"
#include "core/chain_rcu_array.h"
#include "core/kapi.h"
#include "core/machine_private.h"
#include "core/operation_check.h"
#include "core/pcp.h"
#include "machine_fixture.h"

static struct mh_listener *listener_of(struct fixture *fixture, uint32_t id)
{
	return mh_machine_chain(fixture->machine)->listeners[id];
}

static struct mh_zone *normal_zone(struct fixture *fixture)
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

/* Of an operation that is begun by hand, since core itself never leaves the path. */
static void begin_by_hand(struct fixture *fixture, bool online)
{
	fixture->operation.online = online;
	fixture->operation.zone = MH_ZONE_NORMAL;
	fixture->operation.outcome = MH_OUTCOME_DONE;
	mh_operation_check_begin(fixture->machine, &fixture->operation);
}

static void break_i05(struct fixture *fixture)
{
	begin_by_hand(fixture, true);
	mh_check_event(fixture->machine, &fixture->operation, MH_GOING_ONLINE);
	mh_operation_check_end(fixture->machine, &fixture->operation);
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

static void break_i17(struct fixture *fixture)
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
	atomic_store(&machine->gate[0], MH_GATE_CLOSED);
	cr_assert_eq(mh_page_alloc(machine, cpu, &request, &second), 0);
	atomic_store(&machine->gate[0], MH_GATE_OPEN);
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

static void set_online(struct fixture_listener *self, enum mh_event event, struct memory_notify *arg)
{
	(void)arg;
	if (event == MH_CANCEL_ONLINE)
		atomic_store(&self->fixture->machine->state[0], MH_BLOCK_ONLINE);
}

static void break_i40(struct fixture *fixture)
{
	fixture->listeners[1].inside = set_online;
	fixture->listeners[2].answers[MH_GOING_ONLINE] = NOTIFY_BAD;
	(void)fixture_online(fixture, 0, MH_ONLINE_DEFAULT);
}

static void break_return_encoding(struct fixture *fixture)
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

struct breaker {
	const char *invariant;
	void (*run)(struct fixture *fixture);
	const char *told; /* part of the sentence */
};

static const struct breaker breakers[] = {
	{"I01", break_i01, "'C'"},
	{"I02", break_i02, "'A'"},
	{"I05", break_i05, "no final event"},
	{"I05", break_i05_by_a_second_going, "MEM_GOING_ONLINE"},
	{"I06", break_i06, "MEM_CANCEL_OFFLINE"},
	{"I06", break_i06_by_the_other_direction, "MEM_OFFLINE"},
	{"I09", break_i09, "32767"},
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
	{"I35", break_i35, "kswapd 1"},
	{"I36", break_i36, "1 isolated"},
	{"I36", break_i36_at_rest, "1 isolated"},
	{"I40", break_i40, "block 0 is online after the operation, expected offline"},
	{"return-encoding", break_return_encoding, "'B' answered MEM_GOING_ONLINE with a raw -12"},
	{"unregister-in-walk", break_unregister_in_walk, "priority 20"},
};

#define BREAKER_COUNT (sizeof(breakers) / sizeof(breakers[0]))

static const struct mh_violation *violation_of(struct fixture *fixture, const char *invariant)
{
	const struct mh_check *check = mh_machine_check(fixture->machine);

	for (unsigned i = 0; i < check->kept; i++)
		if (strcmp(check->violations[i].invariant, invariant) == 0)
			return &check->violations[i];
	return NULL;
}

ParameterizedTestParameters(check, names_what_is_broken)
{
	static int indices[BREAKER_COUNT];

	for (int i = 0; i < (int)BREAKER_COUNT; i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, BREAKER_COUNT);
}

ParameterizedTest(int *index, check, names_what_is_broken)
{
	const struct breaker *row = &breakers[*index];
	struct mh_machine_config config = fixture_config();
	const struct mh_violation *violation;
	struct fixture fixture;

	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	fixture_expect_sound(&fixture, "before");
	row->run(&fixture);
	violation = violation_of(&fixture, row->invariant);
	cr_assert_not_null(violation, "row %d: %s was not named; the first is: %s", *index, row->invariant,
			   fixture_first_violation(&fixture));
	cr_expect_not_null(strstr(violation->detail, row->told), "row %d: '%s' does not tell '%s'", *index,
			   violation->detail, row->told);
	fixture_end(&fixture);
}

Test(check, every_listed_invariant_has_a_breaker)
{
	for (unsigned i = 0; i < mh_invariant_count; i++) {
		bool found = false;

		for (size_t row = 0; row < BREAKER_COUNT; row++)
			found |= strcmp(breakers[row].invariant, mh_invariants[i].name) == 0;
		cr_expect(found, "nothing breaks %s", mh_invariants[i].name);
		cr_expect_gt(strlen(mh_invariants[i].help), 10, "%s", mh_invariants[i].name);
	}
}

Test(check, tells_the_events_that_led_to_a_raw_errno)
{
	struct mh_machine_config config = fixture_config();
	const struct mh_violation *violation;
	struct fixture fixture;

	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	fixture.operation.identity.index = 4711;
	break_return_encoding(&fixture);
	cr_expect_eq(fixture_violation_count(&fixture), 1, "%llu",
		     (unsigned long long)fixture_violation_count(&fixture));
	violation = violation_of(&fixture, "return-encoding");
	cr_assert_not_null(violation);
	cr_expect_eq(violation->sequence, 4712, "%llu", (unsigned long long)violation->sequence);
	cr_expect_not_null(strstr(violation->detail, "Linux takes for success"), "%s", violation->detail);
	cr_expect_not_null(strstr(violation->detail, "MEM_GOING_ONLINE: A OK, B raw -12\n"), "%s", violation->detail);
	cr_expect_not_null(strstr(violation->detail, "MEM_ONLINE: A OK, B OK, C OK"), "%s", violation->detail);
	fixture_end(&fixture);
}

/* The border of what is well formed. */
Test(check, knows_the_answers_that_the_kernel_knows)
{
	static const int right[] = {0, 1, 0x8001, 0x8002, 0x8003, 0x9000};
	static const int wrong[] = {2, 0x7FFF, 0x8000, 0x9001, -1, -12, -4095, 0x10001};

	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		cr_expect(mh_answer_is_well_formed(right[i]), "%#x", (unsigned)right[i]);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_expect_not(mh_answer_is_well_formed(wrong[i]), "%#x", (unsigned)wrong[i]);
}

Test(check, keeps_the_first_and_counts_all)
{
	struct mh_machine_config config = fixture_config();
	const struct mh_check *check;
	struct fixture fixture;

	fixture_begin(&fixture, THREE_BLOCKS, &config);
	check = mh_machine_check(fixture.machine);
	for (int i = 0; i < MH_VIOLATIONS_KEPT + 10; i++)
		mh_check_violated(fixture.machine, NULL, "I01", "number %d", i);
	cr_expect_eq(fixture_violation_count(&fixture), MH_VIOLATIONS_KEPT + 10);
	cr_expect_eq(check->kept, (unsigned)MH_VIOLATIONS_KEPT);
	cr_expect_str_eq(check->violations[0].detail, "number 0");
	cr_expect_str_eq(check->violations[MH_VIOLATIONS_KEPT - 1].detail, "number 63");
	fixture_end(&fixture);
}

Test(check, cuts_a_text_that_is_too_long)
{
	static char text[MH_VIOLATION_TEXT_SIZE * 2];
	struct mh_machine_config config = fixture_config();
	struct fixture fixture;

	memset(text, 'x', sizeof(text) - 1);
	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	(void)fixture_online(&fixture, 0, MH_ONLINE_DEFAULT);
	mh_check_violated(fixture.machine, &fixture.operation, "I01", "%s", text);
	cr_expect_eq(strlen(fixture_first_violation(&fixture)), MH_VIOLATION_TEXT_SIZE - 1u);
	fixture_end(&fixture);
}

Test(check, off_finds_nothing_at_the_end_of_an_operation)
{
	struct mh_machine_config config = fixture_config();
	struct fixture fixture;

	config.verify = MH_VERIFY_OFF;
	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	break_i17(&fixture);
	cr_expect_eq(fixture_violations(&fixture, "I17"), 0);
	fixture_end(&fixture);
}

Test(check, counts_the_checks_made)
{
	struct mh_machine_config config = fixture_config();
	struct fixture fixture;

	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	(void)fixture_online(&fixture, 0, MH_ONLINE_DEFAULT);
	cr_expect_eq(fixture.operation.check.checked, 2 * (2 + 3 * 3) + 2 + 6, "%llu",
		     (unsigned long long)fixture.operation.check.checked);
	cr_expect_eq(mh_check_machine(fixture.machine), 0);
	cr_expect_gt(mh_machine_check(fixture.machine)->checked, 0);
	fixture_end(&fixture);
}
