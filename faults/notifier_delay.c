/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notifier-delay: after the listener has returned, waits inside the walk. The answer stays the listener's.
 */
#include "faults/fault.h"

#include "base/distribution.h"
#include "base/sync.h"

#define DELAY_SALT UINT64_C(0x3c6ef372fe94f82b) /* keeps the length apart from the decision: sqrt(5), fraction */

enum delay_wait { DELAY_SPIN, DELAY_SLEEP };

struct delay_parameters {
	struct mh_distribution delay;
	int wait; /* enum delay_wait */
};

static const struct mh_schema_row delay_rows[] = {
	{.key = "delay",
	 .type = MH_VALUE_DISTRIBUTION,
	 .offset = offsetof(struct delay_parameters, delay),
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "how long the listener takes longer; drawn from the event identity"},
	{.key = "wait",
	 .type = MH_VALUE_ENUM,
	 .offset = offsetof(struct delay_parameters, wait),
	 .default_text = "spin",
	 .values = "spin|sleep",
	 .help = "spin keeps the CPU; sleep blocks inside the walk, not with qsbr"},
};

static const struct mh_schema delay_schema = {
	.name = "fault notifier-delay",
	.rows = delay_rows,
	.count = sizeof(delay_rows) / sizeof(delay_rows[0]),
	.size = sizeof(struct delay_parameters),
};

static int delay_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	const struct delay_parameters *given = parameters;

	(void)reterr;
	*ret_action = (struct mh_fault_action){.delay = &given->delay, .sleeps = given->wait == DELAY_SLEEP};
	return 0;
}

static void spin(const struct mh_clock *clock, uint64_t delay_ns)
{
	uint64_t begin = mh_clock_ticks(clock);

	while (mh_clock_ns(clock, mh_clock_ticks(clock) - begin) < delay_ns)
		mh_cpu_relax();
}

static void delay_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	struct mh_rng rng = {.key = mh_rng_mix(call->draw, DELAY_SALT)};
	uint64_t delay_ns = (uint64_t)mh_distribution_draw(action->delay, &rng);

	if (action->sleeps)
		mh_sleep_ns(delay_ns);
	else
		spin(call->clock, delay_ns);
	call->delay_ns += delay_ns;
}

const struct mh_fault_kind mh_fault_notifier_delay = {
	.name = "notifier-delay",
	.help = "the listener runs, then the walk waits a drawn time; its answer stays",
	.parameters = &delay_schema,
	.default_events = MH_EVENTS_ALL,
	.expects = MH_EXPECT_BIT(MH_EXPECT_SLOWER) | MH_EXPECT_BIT(MH_EXPECT_IGNORED),
	.prepare = delay_prepare,
	.fire = delay_fire,
};
