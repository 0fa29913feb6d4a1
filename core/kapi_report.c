/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports of modules, to the machine that they are bound to or to whoever listens instead. */
#include "core/kapi_report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <memhp/kapi_text.h>

#include "core/kapi.h"
#include "core/machine_private.h"

/* Changes while no module code runs. */
static const struct mh_kapi_sink *sink;

void mh_kapi_report_to(const struct mh_kapi_sink *new_sink)
{
	sink = new_sink;
}

static void tell(const char *rule, const char *text)
{
	struct mh_machine *machine = mh_kapi_machine();

	if (sink)
		sink->report(sink->data, rule, text);
	else if (machine)
		mh_check_violated(machine, mh_operation_current, rule, "%s", text);
}

void mh_kapi_report(const char *rule, const char *format, ...)
{
	char text[MH_VIOLATION_TEXT_SIZE / 2];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	tell(rule, text);
}

void memhp_warn(const char *where, const char *format, ...)
{
	char text[MH_VIOLATION_TEXT_SIZE / 4];
	va_list arguments;

	va_start(arguments, format);
	(void)memhp_vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	mh_kapi_report(MH_KAPI_RULE_WARN, "warning at %s: %s", where, text);
}

void memhp_bug(const char *where, const char *condition)
{
	mh_kapi_report(MH_KAPI_RULE_BUG, "BUG at %s: %s", where, condition);
	/* As in the kernel the thread goes no further; whoever handles the abort writes what there is. */
	abort();
}
