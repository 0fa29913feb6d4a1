/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * thread-kill: the thread ends with the operation in which it fired, as if killed: when the machine's locks are given
 * back, and nothing else is. Its pages stay allocated and its listeners registered until the phase ends, its block
 * stays as the operation left it, and the phase goes on with the others.
 */
#include "faults/fault.h"

#include "core/machine.h"

static const struct mh_schema kill_parameters = {
	.name = "fault thread-kill",
};

static int kill_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	(void)parameters;
	(void)reterr;
	*ret_action = (struct mh_fault_action){0};
	return 0;
}

static void kill_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	(void)action;
	call->site->operation->killed = true;
}

const struct mh_fault_kind mh_fault_thread_kill = {
	.name = "thread-kill",
	.help = "the operation's thread ends with it and gives nothing back; the phase goes on without it",
	.parameters = &kill_parameters,
	.point = MH_HOOK_EVENT,
	.default_events = MH_EVENTS_ALL,
	.expects = MH_EXPECT_BIT(MH_EXPECT_IGNORED),
	.prepare = kill_prepare,
	.fire = kill_fire,
};
