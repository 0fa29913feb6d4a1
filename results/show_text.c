/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Single things of the terminal report: tones, names that nobody vouches for, numbers. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "results/show_private.h"

#define LINE_MAX_BYTES 1024 /* of a toned piece of text */

void mh_show_toned(const struct mh_show *show, enum mh_show_tone tone, const char *format, ...)
{
	static const char *const codes[] = {
		[MH_TONE_PLAIN] = "",         [MH_TONE_GOOD] = "\033[32m", [MH_TONE_BAD] = "\033[1;31m",
		[MH_TONE_DOUBT] = "\033[33m", [MH_TONE_HEAD] = "\033[1m",
	};
	char line[LINE_MAX_BYTES];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (!show->options.colour || tone == MH_TONE_PLAIN) {
		mh_show_clean(show, line);
		return;
	}
	mh_text_add(show->text, "%s", codes[tone]);
	mh_show_clean(show, line);
	mh_text_add(show->text, "\033[0m");
}

/* Bytes of the character at @at, and what stands for it: itself, or '?' where it could drive the terminal. */
static size_t clean_character(const struct mh_show *show, const char *at, const char **ret_shown, size_t *ret_length)
{
	unsigned char first = (unsigned char)at[0];
	size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	size_t left = strnlen(at, size);

	*ret_shown = "?";
	*ret_length = 1;
	if (first < 0x80) {
		if ((first >= ' ' && first < 0x7f) || first == '\n')
			*ret_shown = at;
		return 1;
	}
	if (left < size || mh_utf8_valid_prefix(at, size) != size)
		return 1;
	/* U+0080 to U+009F are controls, too; what an ASCII terminal makes of the rest nobody knows. */
	if (show->options.ascii || (first == 0xc2 && (unsigned char)at[1] < 0xa0))
		return size;
	*ret_shown = at;
	*ret_length = size;
	return size;
}

void mh_show_clean(const struct mh_show *show, const char *text)
{
	const char *shown;
	size_t length;

	for (const char *at = text; *at;) {
		at += clean_character(show, at, &shown, &length);
		mh_text_append(show->text, shown, length);
	}
}

/* Characters, each taken for one column wide. */
static unsigned count_columns(const struct mh_show *show, const char *text)
{
	const char *shown;
	unsigned columns = 0;
	size_t length;

	for (const char *at = text; *at; columns++)
		at += clean_character(show, at, &shown, &length);
	return columns;
}

void mh_show_name(const struct mh_show *show, const char *text, unsigned width)
{
	unsigned columns = count_columns(show, text);
	unsigned kept = columns <= width ? columns : width - 2;
	const char *at = text, *shown;
	size_t length;

	for (unsigned i = 0; i < kept; i++) {
		at += clean_character(show, at, &shown, &length);
		mh_text_append(show->text, *shown == '\n' ? " " : shown, length);
	}
	if (columns > width)
		mh_text_add(show->text, "..");
	else
		mh_text_add(show->text, "%*s", (int)(width - columns), "");
}

/* The bytes of @line, at most @columns of them as ASCII, that fit: up to a blank if there is one. */
static size_t break_line(const char *line, size_t length, size_t columns)
{
	if (length <= columns)
		return length;
	for (size_t at = columns; at > columns / 2; at--)
		if (line[at] == ' ')
			return at;
	while (columns > 1 && ((unsigned char)line[columns] & 0xc0) == 0x80)
		columns--; /* not within a character */
	return columns;
}

void mh_show_paragraph(const struct mh_show *show, const char *text, unsigned indent)
{
	size_t columns = show->options.width - indent;

	while (*text) {
		size_t length = strcspn(text, "\n"), taken = break_line(text, length, columns);
		char piece[4 * 1024];

		if (taken >= sizeof(piece))
			taken = sizeof(piece) - 1;
		memcpy(piece, text, taken);
		piece[taken] = '\0';
		mh_text_add(show->text, "%*s", (int)indent, "");
		mh_show_clean(show, piece);
		mh_text_append(show->text, "\n", 1);
		text += taken;
		if (*text == '\n' || (*text == ' ' && taken < length))
			text++;
	}
}

char *mh_show_exact(char buffer[MH_SHOW_CELL], uint64_t value)
{
	char digits[32];
	int length = snprintf(digits, sizeof(digits), "%" PRIu64, value), at = 0;

	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			buffer[at++] = ',';
		buffer[at++] = digits[i];
	}
	buffer[at] = '\0';
	return buffer;
}

char *mh_show_share(char buffer[MH_SHOW_CELL], uint64_t part, uint64_t whole)
{
	if (whole == 0)
		snprintf(buffer, MH_SHOW_CELL, "-");
	else
		snprintf(buffer, MH_SHOW_CELL, "%.3g %%", (double)part / (double)whole * 100);
	return buffer;
}
