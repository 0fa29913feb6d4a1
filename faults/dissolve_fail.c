/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dissolve-fail: an offline that has moved all it can is left with free huge pages of the pool and cannot dissolve them
 * (semantics.md 3, step 13). Every offline comes by there, so the fault also stands for huge pages that no workload
 * made.
 */
#include "faults/fault.h"

#include <errno.h>

enum dissolve_error { DISSOLVE_ENOMEM, DISSOLVE_EBUSY };

struct dissolve_parameters {
	int error; /* enum dissolve_error */
};

static const struct mh_schema_row dissolve_rows[] = {
	{.key = "errno",
	 .type = MH_VALUE_ENUM,
	 .offset = offsetof(struct dissolve_parameters, error),
	 .default_text = "ENOMEM",
	 .values = "ENOMEM|EBUSY",
	 .help = "what the offline fails with"},
};

static const struct mh_schema dissolve_schema = {
	.name = "fault dissolve-fail",
	.rows = dissolve_rows,
	.count = sizeof(dissolve_rows) / sizeof(dissolve_rows[0]),
	.size = sizeof(struct dissolve_parameters),
};

static int dissolve_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	const struct dissolve_parameters *given = parameters;

	(void)reterr;
	*ret_action = (struct mh_fault_action){
		.replaces = true,
		.value = given->error == DISSOLVE_EBUSY ? -EBUSY : -ENOMEM,
	};
	return 0;
}

static void dissolve_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	call->value = action->value;
}

const struct mh_fault_kind mh_fault_dissolve_fail = {
	.name = "dissolve-fail",
	.help = "an offline cannot dissolve the free huge pages of its block and fails after GOING_OFFLINE",
	.parameters = &dissolve_schema,
	.point = MH_HOOK_DISSOLVE,
	.default_events = 1u << MH_GOING_OFFLINE,
	.expects = MH_EXPECT_BIT(MH_EXPECT_ROLLBACK) | MH_EXPECT_BIT(MH_EXPECT_RETRIED),
	.prepare = dissolve_prepare,
	.fire = dissolve_fire,
};
