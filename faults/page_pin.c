/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page-pin: a page of an offline's block is pinned when the first pass meets it. It looks movable and is not, as one
 * under a long-term pin, until its time is over. The pin is the operation's: what ends that, ends it, be it the
 * deadline, the end of the phase or another signal.
 */
#include "faults/fault.h"

#include <errno.h>

#define FIRST_PASS_BEGIN (UINT64_C(1) << 32)
#define FIRST_PASS_END   ((UINT64_C(2) << 32) - 1)

struct pin_parameters {
	uint64_t for_ns; /* 0: as long as the operation */
};

static const struct mh_schema_row pin_rows[] = {
	{.key = "for",
	 .type = MH_VALUE_DURATION,
	 .offset = offsetof(struct pin_parameters, for_ns),
	 .min = "1us",
	 .max = "24h",
	 .help = "how long the page cannot be moved; until the operation ends, which only a signal or its deadline "
		 "does"},
};

static const struct mh_schema pin_schema = {
	.name = "fault page-pin",
	.rows = pin_rows,
	.count = sizeof(pin_rows) / sizeof(pin_rows[0]),
	.size = sizeof(struct pin_parameters),
};

static int pin_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	const struct pin_parameters *given = parameters;

	(void)reterr;
	*ret_action = (struct mh_fault_action){
		.replaces = true,
		.value = -EAGAIN,
		.number_first = FIRST_PASS_BEGIN,
		.number_last = FIRST_PASS_END,
		.pins = true,
		.pin_ns = given->for_ns,
	};
	return 0;
}

static void pin_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	call->value = action->value;
}

const struct mh_fault_kind mh_fault_page_pin = {
	.name = "page-pin",
	.help = "a page that an offline meets in its first pass is pinned: no pass moves it until its time is over",
	.parameters = &pin_schema,
	.point = MH_HOOK_MIGRATE,
	.default_events = 1u << MH_GOING_OFFLINE,
	.expects =
		MH_EXPECT_BIT(MH_EXPECT_ROLLBACK) | MH_EXPECT_BIT(MH_EXPECT_IGNORED) | MH_EXPECT_BIT(MH_EXPECT_RETRIED),
	.prepare = pin_prepare,
	.fire = pin_fire,
};
