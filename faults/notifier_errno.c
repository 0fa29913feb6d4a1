/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notifier-errno: the walk sees notifier_from_errno() of an errno given by name, or a raw value as it is, such as a
 * negative errno that nobody encoded. The listener itself ran.
 */
#include "faults/fault.h"

#include <errno.h>

#include "base/units.h"
#include "faults/errno_name.h"

struct errno_parameters {
	char *name; /* "ENOMEM" */
	char *raw;  /* as text, so that a raw 0 can be told from none */
};

static const struct mh_schema_row errno_rows[] = {
	{.key = "errno",
	 .type = MH_VALUE_STRING,
	 .offset = offsetof(struct errno_parameters, name),
	 .help = "name of an errno, such as ENOMEM; the walk sees notifier_from_errno() of it"},
	{.key = "raw",
	 .type = MH_VALUE_STRING,
	 .offset = offsetof(struct errno_parameters, raw),
	 .help = "instead of errno: the value itself, decimal or 0x…, such as -12, 2 or 0x8000"},
};

static const struct mh_schema errno_schema = {
	.name = "fault notifier-errno",
	.rows = errno_rows,
	.count = sizeof(errno_rows) / sizeof(errno_rows[0]),
	.size = sizeof(struct errno_parameters),
};

static int parse_raw(const char *text, int *ret_value, struct mh_error *reterr)
{
	struct mh_error why = {0};
	int64_t value;
	int ret = mh_parse_integer(text, &value, &why);

	if (ret < 0)
		return mh_error_set(reterr, -EINVAL, "'raw': %s", why.text);
	if (value < INT32_MIN || value > INT32_MAX)
		return mh_error_set(reterr, -EINVAL, "'raw' is %s: a callback returns an int of 32 bits", text);
	*ret_value = (int)value;
	return 0;
}

static int parse_answer(const struct errno_parameters *parameters, int *ret_value, struct mh_error *reterr)
{
	int error, ret;

	if (!parameters->name == !parameters->raw)
		return mh_error_set(reterr, -EINVAL, "give exactly one of 'errno' and 'raw'");
	if (parameters->raw)
		return parse_raw(parameters->raw, ret_value, reterr);
	ret = mh_errno_parse(parameters->name, &error, reterr);
	if (ret < 0)
		return ret;
	*ret_value = notifier_from_errno(-error);
	return 0;
}

static int errno_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	struct mh_fault_action action = {.replaces = true};
	int ret = parse_answer(parameters, &action.value, reterr);

	if (ret < 0)
		return ret;
	*ret_action = action;
	return 0;
}

static void errno_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	call->value = action->value;
}

const struct mh_fault_kind mh_fault_notifier_errno = {
	.name = "notifier-errno",
	.help = "the listener runs, then the walk sees an errno, or any raw value",
	.parameters = &errno_schema,
	.default_events = MH_EVENTS_GOING,
	.expects =
		MH_EXPECT_BIT(MH_EXPECT_ROLLBACK) | MH_EXPECT_BIT(MH_EXPECT_IGNORED) | MH_EXPECT_BIT(MH_EXPECT_RETRIED),
	.prepare = errno_prepare,
	.fire = errno_fire,
};
