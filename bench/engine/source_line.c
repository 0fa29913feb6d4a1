/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walks over UTF-8 text a character at a time. Text may be anything: what is no UTF-8 counts as one character a byte.
 */
#include "bench/engine/source_line.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Bytes of the character at @at, at least 1; 1 and @ret_code = UINT32_MAX for a byte that is no UTF-8. */
static size_t character_read(const char *at, size_t left, uint32_t *ret_code)
{
	const unsigned char first = (unsigned char)*at;
	size_t length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	uint32_t code = length == 1 ? first : first & (0xffu >> (length + 1));

	*ret_code = UINT32_MAX;
	if (length > left || mh_utf8_valid_prefix(at, length) < length)
		return 1;
	for (size_t i = 1; i < length; i++)
		code = code << 6 | ((unsigned char)at[i] & 0x3fu);
	*ret_code = code;
	return length;
}

/* YAML 1.1: LF, CR, NEL, LS, PS; CR LF is one. Returns its bytes, 0 where the line goes on. */
static size_t line_break_length(const char *at, size_t left)
{
	if (*at == '\r')
		return left > 1 && at[1] == '\n' ? 2 : 1;
	if (*at == '\n')
		return 1;
	if (left > 1 && memcmp(at, "\xc2\x85", 2) == 0)
		return 2;
	return left > 2 && (memcmp(at, "\xe2\x80\xa8", 3) == 0 || memcmp(at, "\xe2\x80\xa9", 3) == 0) ? 3 : 0;
}

static bool code_is_control(uint32_t code)
{
	return code == UINT32_MAX || (code < 0x20 && code != '\t') || (code >= 0x7f && code < 0xa0) ||
	       (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/* Columns of a terminal. Source: the wide and the combining ranges of Unicode's EastAsianWidth, the common blocks. */
static unsigned code_width(uint32_t code)
{
	static const uint32_t wide[][2] = {
		{0x1100, 0x115f}, {0x2e80, 0xa4cf},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
		{0xff00, 0xff60}, {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
	};

	if (code >= 0x300 && code <= 0x36f)
		return 0;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (code >= wide[i][0] && code <= wide[i][1])
			return 2;
	return 1;
}

void mh_source_clean(const char *bytes, size_t length, struct mh_text *out)
{
	for (size_t at = 0; at < length;) {
		uint32_t code;
		size_t step = character_read(bytes + at, length - at, &code);

		if (code_is_control(code))
			mh_text_add(out, "?");
		else
			mh_text_append(out, bytes + at, step);
		at += step;
	}
}

void mh_source_position(const char *text, size_t size, size_t offset, unsigned *ret_line, unsigned *ret_column)
{
	unsigned line = 1, column = 1;

	for (size_t at = 0; at < offset && at < size;) {
		size_t step = line_break_length(text + at, size - at);
		uint32_t code;

		if (step) {
			line++;
			column = 1;
		} else {
			step = character_read(text + at, size - at, &code);
			column++;
		}
		at += step;
	}
	*ret_line = line;
	*ret_column = column;
}

/* The beginning of a line, and its length without the break; an empty piece behind the end for lines that are not
 * there. */
static const char *line_find(const struct mh_source *source, unsigned line, size_t *ret_length)
{
	size_t at = 0, begin;

	for (unsigned number = 1; number < line && at < source->size; number++) {
		while (at < source->size && !line_break_length(source->text + at, source->size - at))
			at++;
		if (at < source->size)
			at += line_break_length(source->text + at, source->size - at);
	}
	begin = at;
	while (at < source->size && !line_break_length(source->text + at, source->size - at))
		at++;
	*ret_length = at - begin;
	return source->text + begin;
}

/* Skips @count characters. */
static size_t character_skip(const char *text, size_t length, unsigned count)
{
	size_t at = 0;
	uint32_t code;

	for (; count && at < length; count--)
		at += character_read(text + at, length - at, &code);
	return at;
}

static void caret_show(const char *text, size_t length, unsigned before, struct mh_text *out)
{
	size_t at = 0;

	for (; before && at < length; before--) {
		uint32_t code;

		at += character_read(text + at, length - at, &code);
		mh_text_add(out, "%s",
			    code == '\t'            ? "\t"
			    : code_width(code) == 2 ? "  "
			    : code_width(code)      ? " "
						    : "");
	}
	mh_text_add(out, "%*s^\n", (int)before, "");
}

void mh_source_line_show(const struct mh_place *place, struct mh_text *out)
{
	size_t length, skipped, shown;
	const char *line = line_find(place->source, place->line, &length);
	unsigned before = place->column - 1, first = 0;

	if (character_skip(line, length, MH_SOURCE_LINE_SHOWN) < length && before > MH_SOURCE_LINE_SHOWN / 2)
		first = before - MH_SOURCE_LINE_SHOWN / 2;
	skipped = character_skip(line, length, first);
	shown = character_skip(line + skipped, length - skipped, MH_SOURCE_LINE_SHOWN);
	mh_text_add(out, "    %s", first ? "..." : "");
	mh_source_clean(line + skipped, shown, out);
	mh_text_add(out, "%s\n    %s", skipped + shown < length ? "..." : "", first ? "   " : "");
	caret_show(line + skipped, shown, before - first, out);
}
