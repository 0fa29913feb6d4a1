/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes the sentence of a failure, cut visibly when it is too long. */
#include "base/error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* What a sentence quotes may come from a file that somebody else wrote: no byte of it may drive the reader's terminal.
 */
static void replace_controls(char *text)
{
	for (unsigned char *at = (unsigned char *)text; *at; at++) {
		/* U+0080 to U+009F, in UTF-8. */
		bool high = at[0] == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0;

		if (high)
			at[1] = '?';
		if (high || (at[0] < ' ' && at[0] != '\n' && at[0] != '\t') || at[0] == 0x7f)
			at[0] = '?';
	}
}

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
	replace_controls(reterr->text);
}
