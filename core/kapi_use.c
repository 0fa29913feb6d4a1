/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Misuse of objects whose code is in the module itself, told like all others. */
#include <stdarg.h>
#include <stdio.h>

#include <memhp/kapi_use.h>

#include "core/kapi_report.h"

#define TEXT_SIZE 256

void memhp_misuse(const char *where, const char *format, ...)
{
	char text[TEXT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	mh_kapi_report(MH_KAPI_RULE_USE, "%s, at %s", text, where);
}
