/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notifier-veto: the walk sees NOTIFY_BAD, which decodes to -EPERM. The listener itself ran.
 */
#include "faults/fault.h"

static int veto_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	(void)parameters;
	(void)reterr;
	*ret_action = (struct mh_fault_action){.replaces = true, .value = NOTIFY_BAD};
	return 0;
}

static void veto_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	call->value = action->value;
}

static const struct mh_schema veto_parameters = {
	.name = "fault notifier-veto",
};

const struct mh_fault_kind mh_fault_notifier_veto = {
	.name = "notifier-veto",
	.help = "the listener runs, then the walk sees NOTIFY_BAD: in a GOING event the operation fails with -EPERM",
	.parameters = &veto_parameters,
	.default_events = MH_EVENTS_GOING,
	.expects =
		MH_EXPECT_BIT(MH_EXPECT_ROLLBACK) | MH_EXPECT_BIT(MH_EXPECT_IGNORED) | MH_EXPECT_BIT(MH_EXPECT_RETRIED),
	.prepare = veto_prepare,
	.fire = veto_fire,
};
