/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * migrate-fail: a page stays where it is in this pass of an offline. As in the kernel the failure is ignored and the
 * page is met again in the next pass, without a limit: only a signal, or the operation's deadline, ends what never
 * moves.
 */
#include "faults/fault.h"

#include <errno.h>

static int migrate_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	(void)parameters;
	(void)reterr;
	*ret_action = (struct mh_fault_action){.replaces = true, .value = -EAGAIN};
	return 0;
}

static void migrate_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	call->value = action->value;
}

static const struct mh_schema migrate_parameters = {
	.name = "fault migrate-fail",
};

const struct mh_fault_kind mh_fault_migrate_fail = {
	.name = "migrate-fail",
	.help = "a page stays behind in a pass of an offline, and is decided about again in the next",
	.parameters = &migrate_parameters,
	.point = MH_HOOK_MIGRATE,
	.default_events = 1u << MH_GOING_OFFLINE,
	.expects =
		MH_EXPECT_BIT(MH_EXPECT_ROLLBACK) | MH_EXPECT_BIT(MH_EXPECT_IGNORED) | MH_EXPECT_BIT(MH_EXPECT_RETRIED),
	.prepare = migrate_prepare,
	.fire = migrate_fire,
};
