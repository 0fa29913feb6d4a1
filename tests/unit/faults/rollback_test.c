/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `expect: rollback` by kernel: which walks must have been, and which may not. The walks are made up, so that each rule
 * can be broken.
 */
#include "faults/expect.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/clock.h"
#include "base/units.h"
#include "core/machine.h"
#include "core/topology/topology.h"

#define WALKS_MAX 8

static struct mh_clock clock_of_test;
static struct mh_topology *topology;
static struct mh_machine *machine;

static void make_machine(enum mh_compat compat)
{
	struct mh_error error = {0};
	struct mh_machine_config config = {
		.compat = compat,
		.block_size_bytes = UINT64_C(128) << 20,
		.movable_ppb = MH_PPB_ONE,
		.clock = &clock_of_test,
	};

	mh_clock_init(&clock_of_test, MH_CLOCK_MONOTONIC);
	cr_assert_eq(mh_topology_load("pack:1 [numa(memory=1GiB)] core:1 pu:1", 0, &topology, &error), 0, "%s",
		     error.text);
	config.topology = topology;
	cr_assert_eq(mh_machine_new(&config, &machine, &error), 0, "%s", error.text);
}

static void free_machine(void)
{
	mh_machine_free(machine);
	mh_topology_free(topology);
}

/* What a refused online of block 0, which is offline, says to these walks; "" for nothing. */
static const char *judge(enum mh_event vetoed, bool first_memory, const enum mh_event *walks, unsigned count)
{
	static char text[MH_UNMET_TEXT_SIZE];
	struct mh_firing firing = {.value = NOTIFY_BAD, .event = (uint8_t)vetoed, .replaced = true};
	struct mh_stamp stamps[WALKS_MAX];
	struct mh_trace trace = {.stamps = stamps, .capacity = WALKS_MAX, .clock = &clock_of_test};
	struct mh_operation operation = {
		.trace = &trace,
		.online = true,
		.first_memory = first_memory,
		.result = -EPERM,
		.outcome = mh_event_is_node(vetoed) ? MH_OUTCOME_NODE_VETOED : MH_OUTCOME_VETOED,
		.event_count = count,
	};
	struct mh_expect_case judged = {
		.machine = machine,
		.operation = &operation,
		.firings = &firing,
		.firing_count = 1,
	};

	for (unsigned i = 0; i < count; i++)
		mh_trace_add(&trace, MH_STAMP_WALK_BEGIN, walks[i], 0, 0);
	text[0] = '\0';
	(void)mh_expect_judge(MH_EXPECT_ROLLBACK, &judged, 0, text);
	return text;
}

#define JUDGE(vetoed, first_memory, ...)                                                                               \
	judge(vetoed, first_memory, (enum mh_event[]){vetoed, __VA_ARGS__},                                            \
	      sizeof((enum mh_event[]){vetoed, __VA_ARGS__}) / sizeof(enum mh_event))

#define EXPECT_MET(text) cr_expect_str_empty(text)
#define EXPECT_SAYS(text, words)                                                                                       \
	do {                                                                                                           \
		const char *text_ = text;                                                                              \
		cr_expect(strstr(text_, words), "'%s' does not say '%s'", text_, words);                               \
	} while (0)

Test(rollback, of_6_1_is_cancel)
{
	make_machine(MH_COMPAT_V6_1);
	EXPECT_MET(JUDGE(MH_GOING_ONLINE, true, MH_CANCEL_ONLINE));
	EXPECT_SAYS(judge(MH_GOING_ONLINE, true, (enum mh_event[]){MH_GOING_ONLINE}, 1),
		    "MEM_CANCEL_ONLINE was not walked");
	free_machine();
}

Test(rollback, of_6_12_ends_with_finish_offline)
{
	const enum mh_event cut[] = {MH_PREPARE_ONLINE, MH_GOING_ONLINE, MH_CANCEL_ONLINE};

	make_machine(MH_COMPAT_V6_12);
	EXPECT_MET(JUDGE(MH_GOING_ONLINE, true, MH_PREPARE_ONLINE, MH_CANCEL_ONLINE, MH_FINISH_OFFLINE));
	EXPECT_SAYS(judge(MH_GOING_ONLINE, true, cut, 3), "MEM_FINISH_OFFLINE was not walked");
	free_machine();
}

Test(rollback, of_6_12_is_silent_in_prepare)
{
	make_machine(MH_COMPAT_V6_12);
	EXPECT_MET(judge(MH_PREPARE_ONLINE, true, (enum mh_event[]){MH_PREPARE_ONLINE}, 1));
	EXPECT_SAYS(JUDGE(MH_PREPARE_ONLINE, true, MH_CANCEL_ONLINE), "MEM_CANCEL_ONLINE was walked");
	EXPECT_SAYS(JUDGE(MH_PREPARE_ONLINE, true, MH_FINISH_OFFLINE), "MEM_FINISH_OFFLINE was walked");
	free_machine();
}

Test(rollback, of_7_3_tells_both_chains)
{
	make_machine(MH_COMPAT_V7_3);
	EXPECT_MET(JUDGE(MH_NODE_ADDING_FIRST_MEMORY, true, MH_CANCEL_ONLINE, MH_NODE_CANCEL_ADDING_FIRST_MEMORY));
	EXPECT_SAYS(JUDGE(MH_NODE_ADDING_FIRST_MEMORY, true, MH_NODE_CANCEL_ADDING_FIRST_MEMORY),
		    "MEM_CANCEL_ONLINE was not walked");
	EXPECT_SAYS(JUDGE(MH_NODE_ADDING_FIRST_MEMORY, true, MH_CANCEL_ONLINE),
		    "NODE_CANCEL_ADDING_FIRST_MEMORY was not walked");
	EXPECT_MET(JUDGE(MH_GOING_ONLINE, false, MH_CANCEL_ONLINE));
	free_machine();
}
