/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signal: a signal is pending for the writer when the offline looks for one: -EINTR and CANCEL_OFFLINE. It looks when
 * GOING_OFFLINE has been heard and before each pass over the pages. An online looks for none: it cannot be interrupted.
 */
#include "faults/fault.h"

#include <errno.h>

enum signal_at { SIGNAL_AT_GOING_OFFLINE, SIGNAL_AT_MIGRATION };

struct signal_parameters {
	int at; /* enum signal_at */
};

static const struct mh_schema_row signal_rows[] = {
	{.key = "at",
	 .type = MH_VALUE_ENUM,
	 .offset = offsetof(struct signal_parameters, at),
	 .default_text = "going_offline",
	 .values = "going_offline|migration",
	 .help = "during GOING_OFFLINE, or later, while pages are moved: asked before each pass over a block in use"},
};

static const struct mh_schema signal_schema = {
	.name = "fault signal",
	.rows = signal_rows,
	.count = sizeof(signal_rows) / sizeof(signal_rows[0]),
	.size = sizeof(struct signal_parameters),
};

static int signal_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	const struct signal_parameters *given = parameters;
	bool migration = given->at == SIGNAL_AT_MIGRATION;

	(void)reterr;
	*ret_action = (struct mh_fault_action){
		.replaces = true,
		.value = -EINTR,
		.number_first = migration ? 2 : 1,
		.number_last = migration ? 0 : 1,
	};
	return 0;
}

static void signal_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	call->value = action->value;
}

const struct mh_fault_kind mh_fault_signal = {
	.name = "signal",
	.help = "a signal ends an offline with -EINTR after GOING_OFFLINE; an online cannot be interrupted",
	.parameters = &signal_schema,
	.point = MH_HOOK_SIGNAL,
	.default_events = 1u << MH_GOING_OFFLINE,
	.expects = MH_EXPECT_BIT(MH_EXPECT_ROLLBACK) | MH_EXPECT_BIT(MH_EXPECT_RETRIED),
	.prepare = signal_prepare,
	.fire = signal_fire,
};
