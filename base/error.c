/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the sentence of a failure, cut visibly when it is too long. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void mh_error_write(struct mh_error *reterr, int code, const char *format, ...)
{
	va_list arguments;

	if (!reterr)
		return;
	reterr->code = code;
	va_start(arguments, format);
	int length = vsnprintf(reterr->text, sizeof(reterr->text), format, arguments);
	va_end(arguments);
	if (length < 0)
		reterr->text[0] = '\0';
	else if ((size_t)length >= sizeof(reterr->text))
		strcpy(reterr->text + sizeof(reterr->text) - sizeof("..."), "...");
}
