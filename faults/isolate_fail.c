/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * isolate-fail: an offline finds a page that it may not move, as start_isolate_page_range() does: -EBUSY before any
 * event, so that no listener hears of the attempt (semantics.md 3, step 9).
 */
#include "faults/fault.h"

#include <errno.h>

static int isolate_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	(void)parameters;
	(void)reterr;
	*ret_action = (struct mh_fault_action){.replaces = true, .value = -EBUSY};
	return 0;
}

static void isolate_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	call->value = action->value;
}

static const struct mh_schema isolate_parameters = {
	.name = "fault isolate-fail",
};

const struct mh_fault_kind mh_fault_isolate_fail = {
	.name = "isolate-fail",
	.help = "an offline cannot isolate its block and fails with -EBUSY, without any event",
	.parameters = &isolate_parameters,
	.point = MH_HOOK_ISOLATE,
	.default_events = 1u << MH_GOING_OFFLINE,
	.expects = MH_EXPECT_BIT(MH_EXPECT_ROLLBACK) | MH_EXPECT_BIT(MH_EXPECT_RETRIED),
	.prepare = isolate_prepare,
	.fire = isolate_fire,
};
