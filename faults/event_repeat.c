/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event-repeat: an event of an operation is walked twice, as by a kernel that tells it again; the second answer counts.
 * A second GOING is I05, a second final event I06.
 */
#include "faults/fault.h"

static int repeat_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	(void)parameters;
	(void)reterr;
	*ret_action = (struct mh_fault_action){.replaces = true, .value = 2};
	return 0;
}

static void repeat_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	call->value = action->value;
}

static const struct mh_schema repeat_parameters = {
	.name = "fault event-repeat",
};

const struct mh_fault_kind mh_fault_event_repeat = {
	.name = "event-repeat",
	.help = "the event is walked twice: each listener hears it again",
	.parameters = &repeat_parameters,
	.point = MH_HOOK_EVENT,
	.default_events = MH_EVENTS_ALL,
	.expects = MH_EXPECT_BIT(MH_EXPECT_DETECTED),
	.detects = "I05 I06 I07",
	.prepare = repeat_prepare,
	.fire = repeat_fire,
};
