/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One walk over the characters for all formats; each format says how the few that mean something to it are written. */
#include "results/export/escape.h"

#include <stdbool.h>
#include <string.h>

/* Appends what stands for a byte of ASCII; false: it stands for itself. */
typedef bool (*substitute_fn)(struct mh_text *text, char byte);

/* Bytes of the character at @at; 1 for a byte that begins none. */
static size_t character_size(const char *at)
{
	unsigned char first = (unsigned char)at[0];
	size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	return strnlen(at, size) == size && mh_utf8_valid_prefix(at, size) == size ? size : 1;
}

/* Neither a control character, nor broken, nor one that XML forbids (U+FFFE, U+FFFF). */
static bool is_printable(const char *at, size_t size)
{
	const unsigned char *bytes = (const unsigned char *)at;

	if (size == 1)
		return (bytes[0] >= ' ' && bytes[0] < 0x7f) || bytes[0] == '\n' || bytes[0] == '\t';
	if (size == 2 && bytes[0] == 0xc2 && bytes[1] < 0xa0)
		return false;
	return !(size == 3 && bytes[0] == 0xef && bytes[1] == 0xbf && bytes[2] >= 0xbe);
}

static void escape(struct mh_text *text, const char *raw, substitute_fn substitute)
{
	while (*raw) {
		size_t size = character_size(raw);

		if (is_printable(raw, size) && !(size == 1 && substitute(text, *raw)))
			mh_text_append(text, raw, size);
		raw += size;
	}
}

static bool put(struct mh_text *text, const char *instead)
{
	mh_text_append(text, instead, strlen(instead));
	return true;
}

static bool xml(struct mh_text *text, char byte)
{
	switch (byte) {
	case '&':
		return put(text, "&amp;");
	case '<':
		return put(text, "&lt;");
	case '>':
		return put(text, "&gt;");
	case '"':
		return put(text, "&quot;");
	default:
		return false;
	}
}

/* A parser makes blanks of line ends within an attribute, unless they are written so. */
static bool xml_attribute(struct mh_text *text, char byte)
{
	if (byte == '\n')
		return put(text, "&#10;");
	return byte == '\t' ? put(text, "&#9;") : xml(text, byte);
}

static bool csv_quoted(struct mh_text *text, char byte)
{
	return byte == '"' && put(text, "\"\"");
}

static bool csv_plain(struct mh_text *text, char byte)
{
	(void)text;
	(void)byte;
	return false;
}

/* A backslash before what begins markup, an entity for what begins HTML. */
static bool markdown(struct mh_text *text, char byte)
{
	switch (byte) {
	case '\n':
	case '\t':
		return put(text, " ");
	case '\\':
	case '`':
	case '*':
	case '_':
	case '[':
	case ']':
	case '|':
	case '~':
	case '#':
		mh_text_append(text, "\\", 1);
		return false;
	case '"':
		return false;
	default:
		return xml(text, byte);
	}
}

static bool github(struct mh_text *text, char byte)
{
	if (byte == '\n')
		return put(text, "%0A");
	return byte == '%' && put(text, "%25");
}

static bool github_property(struct mh_text *text, char byte)
{
	if (byte == ':')
		return put(text, "%3A");
	return byte == ',' ? put(text, "%2C") : github(text, byte);
}

static bool json(struct mh_text *text, char byte)
{
	switch (byte) {
	case '"':
	case '\\':
		mh_text_append(text, "\\", 1);
		return false;
	case '\n':
		return put(text, "\\n");
	case '\t':
		return put(text, "\\t");
	default:
		return false;
	}
}

void mh_escape_xml(struct mh_text *text, const char *raw)
{
	escape(text, raw, xml);
}

void mh_escape_xml_attribute(struct mh_text *text, const char *raw)
{
	escape(text, raw, xml_attribute);
}

void mh_escape_csv(struct mh_text *text, const char *raw)
{
	if (!raw[strcspn(raw, ",\"\n")]) {
		escape(text, raw, csv_plain);
		return;
	}
	mh_text_append(text, "\"", 1);
	escape(text, raw, csv_quoted);
	mh_text_append(text, "\"", 1);
}

void mh_escape_markdown(struct mh_text *text, const char *raw)
{
	escape(text, raw, markdown);
}

void mh_escape_github(struct mh_text *text, const char *raw)
{
	escape(text, raw, github);
}

void mh_escape_github_property(struct mh_text *text, const char *raw)
{
	escape(text, raw, github_property);
}

void mh_escape_json(struct mh_text *text, const char *raw)
{
	mh_text_append(text, "\"", 1);
	escape(text, raw, json);
	mh_text_append(text, "\"", 1);
}
