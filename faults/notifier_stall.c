/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notifier-stall: after the listener has returned, the walk hangs until it is let go: after a time, when the phase
 * ends, or not at all. The watchdog (verify.hang_after) ends what nobody lets go, and the run with it.
 */
#include "faults/fault.h"

#include "base/sync.h"
#include "core/machine.h"
#include "faults/wait.h"

enum stall_until { STALL_UNTIL_PHASE, STALL_UNTIL_WATCHDOG };
enum stall_wait { STALL_SPIN, STALL_SLEEP };

struct stall_parameters {
	uint64_t for_ns; /* 0: without */
	int until;       /* enum stall_until */
	int wait;        /* enum stall_wait */
};

static const struct mh_schema_row stall_rows[] = {
	{.key = "for",
	 .type = MH_VALUE_DURATION,
	 .offset = offsetof(struct stall_parameters, for_ns),
	 .default_text = "0s",
	 .help = "lets go after this time, if `until` has not before; 0s: never"},
	{.key = "until",
	 .type = MH_VALUE_ENUM,
	 .offset = offsetof(struct stall_parameters, until),
	 .default_text = "phase",
	 .values = "phase|watchdog",
	 .help = "lets go when the phase ends, or leaves it to verify.hang_after, which ends the run"},
	{.key = "wait",
	 .type = MH_VALUE_ENUM,
	 .offset = offsetof(struct stall_parameters, wait),
	 .default_text = "spin",
	 .values = "spin|sleep",
	 .help = "spin keeps the CPU; sleep blocks inside the walk, not with qsbr"},
};

static const struct mh_schema stall_schema = {
	.name = "fault notifier-stall",
	.rows = stall_rows,
	.count = sizeof(stall_rows) / sizeof(stall_rows[0]),
	.size = sizeof(struct stall_parameters),
};

static int stall_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	const struct stall_parameters *given = parameters;

	(void)reterr;
	*ret_action = (struct mh_fault_action){.own = given, .sleeps = given->wait == STALL_SLEEP};
	return 0;
}

static bool is_let_go(const struct stall_parameters *given, const struct mh_operation *operation, uint64_t stalled_ns)
{
	if (given->for_ns && stalled_ns >= given->for_ns)
		return true;
	/* Without a signal nobody could let go. */
	return given->until == STALL_UNTIL_PHASE && (!operation->signal || mh_fault_is_released(operation));
}

static void stall_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	const struct stall_parameters *given = action->own;
	uint64_t begin = mh_clock_ticks(call->clock), stalled_ns = 0;

	/* Bounded by `for`, the phase or the watchdog. */
	while (!is_let_go(given, call->site->operation, stalled_ns)) {
		if (action->sleeps)
			mh_sleep_ns(MH_FAULT_WAIT_SLICE_NS);
		else
			mh_cpu_relax();
		stalled_ns = mh_clock_ns(call->clock, mh_clock_ticks(call->clock) - begin);
	}
	call->delay_ns += stalled_ns;
}

const struct mh_fault_kind mh_fault_notifier_stall = {
	.name = "notifier-stall",
	.help = "the listener runs, then the walk hangs for a time, until the phase ends, or until the watchdog",
	.parameters = &stall_schema,
	.default_events = MH_EVENTS_ALL,
	.expects = MH_EXPECT_BIT(MH_EXPECT_SLOWER) | MH_EXPECT_BIT(MH_EXPECT_IGNORED),
	.prepare = stall_prepare,
	.fire = stall_fire,
};
