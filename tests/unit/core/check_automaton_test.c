/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The automata of I05 and I06, by the sequences that newer-kernels.md section 2 lists: every one is accepted to its
 * end, and from every beginning of one every other single event is refused, as is ending there.
 */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "check_breakers.h"
#include "core/operation_check.h"
#include "core/protocol.h"

#define SEQUENCE_MAX 4 /* events */
#define NO           MH_EVENT_COUNT

struct sequence {
	enum mh_event events[SEQUENCE_MAX + 1]; /* ends with NO */
};

/* All that a kind of operation may send. */
struct automaton {
	enum mh_compat compat;
	bool online;
	bool first_memory; /* of its node, or last */
	struct sequence sequences[5];
};

#define NOTHING                                                                                                        \
	{                                                                                                              \
		{                                                                                                      \
			NO                                                                                             \
		}                                                                                                      \
	}
#define ABSENT                                                                                                         \
	{                                                                                                              \
		{                                                                                                      \
			NO                                                                                             \
		}                                                                                                      \
	}

static const struct automaton automata[] = {
	{MH_COMPAT_V6_1,
	 true,
	 false,
	 {NOTHING, {{MH_GOING_ONLINE, MH_ONLINE, NO}}, {{MH_GOING_ONLINE, MH_CANCEL_ONLINE, NO}}, ABSENT, ABSENT}},
	{MH_COMPAT_V6_1,
	 false,
	 true,
	 {NOTHING, {{MH_GOING_OFFLINE, MH_OFFLINE, NO}}, {{MH_GOING_OFFLINE, MH_CANCEL_OFFLINE, NO}}, ABSENT, ABSENT}},
	{MH_COMPAT_V6_12,
	 true,
	 false,
	 {NOTHING,
	  {{MH_PREPARE_ONLINE, NO}},
	  {{MH_PREPARE_ONLINE, MH_GOING_ONLINE, MH_ONLINE, NO}},
	  {{MH_PREPARE_ONLINE, MH_GOING_ONLINE, MH_CANCEL_ONLINE, MH_FINISH_OFFLINE, NO}},
	  /* not listed: the host had no memory between the two (semantics.md 10.2: FINISH undoes PREPARE) */
	  {{MH_PREPARE_ONLINE, MH_FINISH_OFFLINE, NO}}}},
	{MH_COMPAT_V6_12,
	 false,
	 false,
	 {NOTHING,
	  {{MH_GOING_OFFLINE, MH_OFFLINE, MH_FINISH_OFFLINE, NO}},
	  {{MH_GOING_OFFLINE, MH_CANCEL_OFFLINE, NO}},
	  ABSENT,
	  ABSENT}},
	{MH_COMPAT_V7_3,
	 true,
	 false,
	 {NOTHING, {{MH_GOING_ONLINE, MH_ONLINE, NO}}, {{MH_GOING_ONLINE, MH_CANCEL_ONLINE, NO}}, ABSENT, ABSENT}},
	{MH_COMPAT_V7_3,
	 false,
	 false,
	 {NOTHING, {{MH_GOING_OFFLINE, MH_OFFLINE, NO}}, {{MH_GOING_OFFLINE, MH_CANCEL_OFFLINE, NO}}, ABSENT, ABSENT}},
	{MH_COMPAT_V7_3,
	 true,
	 true,
	 {NOTHING,
	  {{MH_NODE_ADDING_FIRST_MEMORY, MH_GOING_ONLINE, MH_NODE_ADDED_FIRST_MEMORY, MH_ONLINE, NO}},
	  {{MH_NODE_ADDING_FIRST_MEMORY, MH_CANCEL_ONLINE, MH_NODE_CANCEL_ADDING_FIRST_MEMORY, NO}},
	  {{MH_NODE_ADDING_FIRST_MEMORY, MH_GOING_ONLINE, MH_CANCEL_ONLINE, MH_NODE_CANCEL_ADDING_FIRST_MEMORY, NO}},
	  ABSENT}},
	{MH_COMPAT_V7_3,
	 false,
	 true,
	 {NOTHING,
	  {{MH_NODE_REMOVING_LAST_MEMORY, MH_GOING_OFFLINE, MH_NODE_REMOVED_LAST_MEMORY, MH_OFFLINE, NO}},
	  {{MH_NODE_REMOVING_LAST_MEMORY, MH_CANCEL_OFFLINE, MH_NODE_CANCEL_REMOVING_LAST_MEMORY, NO}},
	  {{MH_NODE_REMOVING_LAST_MEMORY, MH_GOING_OFFLINE, MH_CANCEL_OFFLINE, MH_NODE_CANCEL_REMOVING_LAST_MEMORY,
	    NO}},
	  ABSENT}},
};

#define AUTOMATON_COUNT (sizeof(automata) / sizeof(automata[0]))

/* Does a sequence go on from the first @length events of @beginning with @next (NO: end there)? */
static bool is_listed(const struct automaton *row, const enum mh_event *beginning, unsigned length, enum mh_event next)
{
	for (size_t i = 0; i < sizeof(row->sequences) / sizeof(row->sequences[0]); i++)
		if (memcmp(row->sequences[i].events, beginning, length * sizeof(*beginning)) == 0 &&
		    row->sequences[i].events[length] == next)
			return true;
	return false;
}

/* The states from which an operation may end. */
static bool may_end(const struct mh_operation *operation)
{
	return !(MH_OPERATION_OPEN_STATES >> operation->check.state & 1);
}

static void begin_with(struct fixture *fixture, const struct automaton *row, const enum mh_event *beginning,
		       unsigned length)
{
	fixture->operation.first_memory = row->first_memory;
	begin_by_hand(fixture, row->online);
	for (unsigned i = 0; i < length; i++)
		mh_check_event(fixture->machine, &fixture->operation, beginning[i]);
}

static void try_every_step(struct fixture *fixture, const struct automaton *row, const enum mh_event *beginning,
			   unsigned length)
{
	begin_with(fixture, row, beginning, length);
	cr_expect_eq(fixture_violation_count(fixture), 0, "%s", fixture_first_violation(fixture));
	cr_expect_eq(may_end(&fixture->operation), is_listed(row, beginning, length, NO),
		     "%s, %u events: ends there: %d", mh_compat_names[row->compat], length,
		     may_end(&fixture->operation));
	for (int event = 0; event < MH_EVENT_COUNT; event++) {
		uint64_t before;
		bool accepted;

		begin_with(fixture, row, beginning, length);
		before = fixture_violation_count(fixture);
		mh_check_event(fixture->machine, &fixture->operation, (enum mh_event)event);
		accepted = fixture_violation_count(fixture) == before;
		cr_expect_eq(accepted, is_listed(row, beginning, length, (enum mh_event)event),
			     "%s, after %u events: %s is %s", mh_compat_names[row->compat], length,
			     mh_event_kernel_names[event], accepted ? "accepted" : "refused");
		atomic_store(&mh_machine_check(fixture->machine)->violation_count, 0);
	}
}

ParameterizedTestParameters(check_automaton, accepts_what_the_kernel_sends_and_no_other_step)
{
	static int indices[AUTOMATON_COUNT];

	for (int i = 0; i < (int)AUTOMATON_COUNT; i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, AUTOMATON_COUNT);
}

ParameterizedTest(int *index, check_automaton, accepts_what_the_kernel_sends_and_no_other_step)
{
	const struct automaton *row = &automata[*index];
	struct mh_machine_config config = fixture_config();
	struct fixture fixture;

	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture.machine->protocol = mh_protocol_of(row->compat); /* no event is sent: only the automaton asks it */
	mh_operation_check_init(fixture.machine);
	for (size_t i = 0; i < sizeof(row->sequences) / sizeof(row->sequences[0]); i++)
		for (unsigned length = 0; length == 0 || row->sequences[i].events[length - 1] != NO; length++)
			try_every_step(&fixture, row, row->sequences[i].events, length);
	fixture.machine->protocol = mh_protocol_of(MH_COMPAT_V6_1);
	fixture_end(&fixture);
}
