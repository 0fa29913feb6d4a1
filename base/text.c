/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Growing text, the nearest word, valid UTF-8. Globs are in glob.c. */
#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEAREST_LENGTH_MAX 64 /* longer words are not names of ours */

void mh_text_release(struct mh_text *text)
{
	if (text->capacity)
		free(text->data);
	*text = (struct mh_text)MH_TEXT_INIT;
}

void mh_text_clear(struct mh_text *text)
{
	if (text->capacity)
		text->data[0] = '\0';
	text->length = 0;
	text->failed = false;
}

/* Room for @length more bytes and the NUL. */
static bool text_reserve(struct mh_text *text, size_t length)
{
	size_t needed = text->length + length + 1;

	if (text->failed || needed < length) {
		text->failed = true;
		return false;
	}
	if (needed <= text->capacity)
		return true;
	size_t capacity = text->capacity * 2 > needed ? text->capacity * 2 : needed + 64;
	char *data = realloc(text->capacity ? text->data : NULL, capacity);

	if (!data) {
		text->failed = true;
		return false;
	}
	if (!text->capacity)
		data[0] = '\0';
	text->data = data;
	text->capacity = capacity;
	return true;
}

void mh_text_append(struct mh_text *text, const char *bytes, size_t length)
{
	if (!text_reserve(text, length))
		return;
	memcpy(text->data + text->length, bytes, length);
	text->length += length;
	text->data[text->length] = '\0';
}

void mh_text_add(struct mh_text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0 || !text_reserve(text, (size_t)length)) {
		text->failed = true;
		return;
	}
	va_start(arguments, format);
	vsnprintf(text->data + text->length, (size_t)length + 1, format, arguments);
	va_end(arguments);
	text->length += (size_t)length;
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned least = a < b ? a : b;

	return least < c ? least : c;
}

/* Optimal string alignment: insert, delete, replace and swap of neighbours cost 1. Source: Damerau 1964. */
static unsigned edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	unsigned rows[3][NEAREST_LENGTH_MAX + 1];
	unsigned *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b_length; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= a_length; i++) {
		unsigned *oldest = before;

		before = above;
		above = row;
		row = oldest;
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_length; j++) {
			row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = min3(row[j], before[j - 2] + 1, row[j]);
		}
	}
	return row[b_length];
}

const char *mh_text_nearest(const char *word, const char *const *candidates, size_t count)
{
	size_t length = strlen(word);
	unsigned best = length / 3 < 2 ? (unsigned)(length / 3) + 1 : 3; /* first distance that is too far */
	const char *nearest = NULL;

	if (length > NEAREST_LENGTH_MAX)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t candidate_length = candidates[i] ? strlen(candidates[i]) : SIZE_MAX;

		if (candidate_length > NEAREST_LENGTH_MAX)
			continue;
		unsigned distance = edit_distance(word, length, candidates[i], candidate_length);

		if (distance < best) {
			best = distance;
			nearest = candidates[i];
		}
	}
	return nearest;
}

/* The length of the valid sequence at @bytes (1 to 4), or 0. Source: Unicode 15, table 3-7. */
static size_t utf8_sequence(const unsigned char *bytes, size_t length)
{
	unsigned char first = bytes[0];
	unsigned char low = 0x80, high = 0xbf; /* of the second byte */
	size_t size;

	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		size = 2;
	else if (first >= 0xe0 && first <= 0xef)
		size = 3;
	else if (first >= 0xf0 && first <= 0xf4)
		size = 4;
	else
		return 0;
	if (first == 0xe0)
		low = 0xa0; /* no overlong form */
	else if (first == 0xed)
		high = 0x9f; /* no surrogate */
	else if (first == 0xf0)
		low = 0x90;
	else if (first == 0xf4)
		high = 0x8f; /* not beyond U+10FFFF */
	if (length < size || bytes[1] < low || bytes[1] > high)
		return 0;
	for (size_t i = 2; i < size; i++)
		if (bytes[i] < 0x80 || bytes[i] > 0xbf)
			return 0;
	return size;
}

size_t mh_utf8_valid_prefix(const char *bytes, size_t length)
{
	size_t at = 0;

	while (at < length) {
		size_t size = utf8_sequence((const unsigned char *)bytes + at, length - at);

		if (!size)
			break;
		at += size;
	}
	return at;
}
