/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notifier-crash: after the listener has returned, the thread crashes in its place. The run ends as by the watchdog:
 * what there was is written, the operation and the stack are told, exit 7.
 */
#include "faults/fault.h"

#include <signal.h>
#include <stdlib.h>

enum crash_how { CRASH_ADDRESS, CRASH_ABORT, CRASH_DIVIDE };

struct crash_parameters {
	int how; /* enum crash_how */
};

static const struct mh_schema_row crash_rows[] = {
	{.key = "how",
	 .type = MH_VALUE_ENUM,
	 .offset = offsetof(struct crash_parameters, how),
	 .default_text = "address",
	 .values = "address|abort|divide",
	 .help = "write where nothing is mapped (SIGSEGV), give up (SIGABRT), or divide by zero (SIGFPE)"},
};

static const struct mh_schema crash_schema = {
	.name = "fault notifier-crash",
	.rows = crash_rows,
	.count = sizeof(crash_rows) / sizeof(crash_rows[0]),
	.size = sizeof(struct crash_parameters),
};

static int crash_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	(void)reterr;
	*ret_action = (struct mh_fault_action){.own = parameters};
	return 0;
}

/* The signal that the mistake would bring: made by hand, so that no compiler or sanitizer takes the mistake away. */
static void crash_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	const struct crash_parameters *given = action->own;

	(void)call;
	switch ((enum crash_how)given->how) {
	case CRASH_ADDRESS:
		(void)raise(SIGSEGV);
		break;
	case CRASH_ABORT:
		abort();
	case CRASH_DIVIDE:
		(void)raise(SIGFPE);
		break;
	}
}

const struct mh_fault_kind mh_fault_notifier_crash = {
	.name = "notifier-crash",
	.help = "the listener runs, then its thread crashes: the run ends with its stack and what was measured, exit 7",
	.parameters = &crash_schema,
	.default_events = MH_EVENTS_ALL,
	.expects = 0,
	.prepare = crash_prepare,
	.fire = crash_fire,
};
