/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alloc-fail: a workload's page allocation gets -ENOMEM, whatever is free. It is asked before any page list is looked
 * at, so nothing is left to undo.
 */
#include "faults/fault.h"

#include <errno.h>

static int alloc_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	(void)parameters;
	(void)reterr;
	*ret_action = (struct mh_fault_action){.replaces = true, .value = -ENOMEM};
	return 0;
}

static void alloc_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	call->value = action->value;
}

static const struct mh_schema alloc_parameters = {
	.name = "fault alloc-fail",
};

const struct mh_fault_kind mh_fault_alloc_fail = {
	.name = "alloc-fail",
	.help = "an allocation of a workload fails with -ENOMEM, whatever is free",
	.parameters = &alloc_parameters,
	.point = MH_HOOK_ALLOC,
	.default_events = MH_EVENTS_ALL,
	.expects = MH_EXPECT_BIT(MH_EXPECT_ROLLBACK),
	.prepare = alloc_prepare,
	.fire = alloc_fire,
};
