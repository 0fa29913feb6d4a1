/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be said against a fault before there is a machine.
 */
#include "faults/fault.h"

#include <errno.h>
#include <string.h>

#include "faults/point.h"

/* Answers that fail an operation do so in the events that ask. */
static bool expects_failure(int expect)
{
	return expect == MH_EXPECT_ROLLBACK || expect == MH_EXPECT_RETRIED;
}

static int check_expect(const struct mh_fault *fault, const struct mh_fault_action *action, unsigned events,
			struct mh_error *reterr)
{
	const struct mh_fault_kind *kind = fault->kind;

	if (fault->expect == MH_EXPECT_NONE)
		return 0;
	if (fault->expect == MH_EXPECT_DETECTED && !kind->detects)
		return mh_error_set(reterr, -EINVAL,
				    "'expect: detected' needs a fault that breaks an invariant; '%s' does not",
				    kind->name);
	if (!(kind->expects & MH_EXPECT_BIT(fault->expect)))
		return mh_error_set(reterr, -EINVAL, "'expect: %s' makes no sense for '%s'",
				    mh_expect_names[fault->expect], kind->name);
	if (!expects_failure(fault->expect) || kind->point != MH_HOOK_LISTENER)
		return 0;
	if (notifier_to_errno(action->value) == 0)
		return mh_error_set(reterr, -EINVAL,
				    "'expect: %s' needs an answer that fails the operation; 0x%x decodes to 0",
				    mh_expect_names[fault->expect], (unsigned)action->value);
	if (events & ~MH_EVENTS_VETO)
		return mh_error_set(
			reterr, -EINVAL,
			"'expect: %s' cannot be met in other events than going_online, going_offline, "
			"prepare_online, node_adding_first_memory and node_removing_last_memory: their answers "
			"do not fail the operation",
			mh_expect_names[fault->expect]);
	return 0;
}

static int check_trigger(const struct mh_fault *fault, const char **ret_key, struct mh_error *reterr)
{
	static const char *const paths[][2] = {
		{"window", "trigger.window"},
		{"nth", "trigger.nth"},
		{"burst", "trigger.burst"},
		{"correlate", "trigger.correlate"},
	};
	struct mh_trigger_plan plan;
	const char *where = NULL;
	int ret = mh_trigger_compile(&fault->trigger, 1, 0, &plan, &where, reterr);

	*ret_key = "trigger";
	for (unsigned i = 0; ret < 0 && i < sizeof(paths) / sizeof(paths[0]); i++)
		if (!strcmp(paths[i][0], where))
			*ret_key = paths[i][1];
	return ret < 0 ? -EINVAL : 0;
}

int mh_fault_check(const struct mh_fault *fault, const char **ret_key, struct mh_error *reterr)
{
	struct mh_fault_action action = {0};
	unsigned events;
	int ret = fault->kind->prepare(fault->parameters, &action, reterr);

	*ret_key = "kind";
	if (ret < 0)
		return ret;
	*ret_key = "where.event";
	ret = mh_where_events(&fault->where, fault->kind->default_events, &events, reterr);
	if (ret < 0)
		return ret;
	ret = mh_point_check_where(fault->kind->point, &fault->where, events, ret_key, reterr);
	if (ret < 0)
		return ret;
	ret = check_trigger(fault, ret_key, reterr);
	if (ret < 0)
		return ret;
	*ret_key = "expect";
	return check_expect(fault, &action, events, reterr);
}

bool mh_fault_sleeps(const struct mh_fault *fault)
{
	struct mh_fault_action action = {0};

	return fault->kind->prepare(fault->parameters, &action, NULL) == 0 && action.sleeps;
}
