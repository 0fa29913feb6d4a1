/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event-drop: an event of an operation is not walked, as by a kernel that forgot it: nobody hears it, and nobody can
 * refuse. A final event without its GOING is I06, a GOING without an end I05.
 */
#include "faults/fault.h"

static int drop_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	(void)parameters;
	(void)reterr;
	*ret_action = (struct mh_fault_action){.replaces = true, .value = 0};
	return 0;
}

static void drop_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	call->value = action->value;
}

static const struct mh_schema drop_parameters = {
	.name = "fault event-drop",
};

const struct mh_fault_kind mh_fault_event_drop = {
	.name = "event-drop",
	.help = "the event is not walked: no listener hears it",
	.parameters = &drop_parameters,
	.point = MH_HOOK_EVENT,
	.default_events = MH_EVENTS_ALL,
	.expects = MH_EXPECT_BIT(MH_EXPECT_DETECTED),
	.detects = "I05 I06 I07",
	.prepare = drop_prepare,
	.fire = drop_fire,
};
