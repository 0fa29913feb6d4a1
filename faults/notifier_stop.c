/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notifier-stop: the walk sees NOTIFY_STOP, which is success and hides the event from the listeners below. The
 * listener itself ran.
 */
#include "faults/fault.h"

static int stop_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	(void)parameters;
	(void)reterr;
	*ret_action = (struct mh_fault_action){.replaces = true, .value = NOTIFY_STOP};
	return 0;
}

static void stop_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	call->value = action->value;
}

static const struct mh_schema stop_parameters = {
	.name = "fault notifier-stop",
};

const struct mh_fault_kind mh_fault_notifier_stop = {
	.name = "notifier-stop",
	.help = "the listener runs, then the walk sees NOTIFY_STOP: success, and listeners below do not hear the event",
	.parameters = &stop_parameters,
	.default_events = MH_EVENTS_ALL,
	.expects = MH_EXPECT_BIT(MH_EXPECT_IGNORED),
	.prepare = stop_prepare,
	.fire = stop_fire,
};
