/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lock-hold: an operation that has just got the hotplug lock keeps it for a drawn time before it does anything, so that
 * all who want it wait. The end of the phase cuts it short.
 */
#include "faults/fault.h"

#include "base/distribution.h"
#include "faults/wait.h"

#define HOLD_SALT UINT64_C(0x9b05688c2b3e6c1f) /* keeps the length apart from the decision: sqrt(13), fraction */

enum hold_wait { HOLD_SLEEP, HOLD_SPIN };

struct hold_parameters {
	struct mh_distribution delay;
	int wait; /* enum hold_wait */
};

static const struct mh_schema_row hold_rows[] = {
	{.key = "delay",
	 .type = MH_VALUE_DISTRIBUTION,
	 .offset = offsetof(struct hold_parameters, delay),
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "how much longer the lock is held; drawn from the event identity"},
	{.key = "wait",
	 .type = MH_VALUE_ENUM,
	 .offset = offsetof(struct hold_parameters, wait),
	 .default_text = "sleep",
	 .values = "sleep|spin",
	 .help = "sleep gives the CPU away; spin keeps it"},
};

static const struct mh_schema hold_schema = {
	.name = "fault lock-hold",
	.rows = hold_rows,
	.count = sizeof(hold_rows) / sizeof(hold_rows[0]),
	.size = sizeof(struct hold_parameters),
};

static int hold_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	const struct hold_parameters *given = parameters;

	(void)reterr;
	/* No walk has begun: to sleep here delays no grace period. */
	*ret_action = (struct mh_fault_action){.delay = &given->delay, .gives_way = given->wait == HOLD_SLEEP};
	return 0;
}

static void hold_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	struct mh_rng rng = {.key = mh_rng_mix(call->draw, HOLD_SALT)};
	uint64_t delay_ns = (uint64_t)mh_distribution_draw(action->delay, &rng);

	call->delay_ns += mh_fault_wait(call, delay_ns, action->gives_way);
}

const struct mh_fault_kind mh_fault_lock_hold = {
	.name = "lock-hold",
	.help = "an operation keeps the hotplug lock a drawn time longer; others wait for it",
	.parameters = &hold_schema,
	.point = MH_HOOK_LOCK,
	.default_events = MH_EVENTS_GOING,
	.expects = MH_EXPECT_BIT(MH_EXPECT_SLOWER) | MH_EXPECT_BIT(MH_EXPECT_IGNORED),
	.prepare = hold_prepare,
	.fire = hold_fire,
};
