/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Globs by a set of positions in the pattern that advances with each letter of the name: no backtracking, so that a
 * hostile pattern costs no more than pattern times name.
 *
 * '*' any letters, '?' one letter, '[a-z]' and '[!a-z]' one letter of a class, '{a,b*}' one of several (nesting is
 * legal). A bracket or brace that is never closed stands for itself. Letters are bytes.
 */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

#define GLOB_SIZE_MAX 1024 /* letters of a pattern; a longer one matches nothing */

struct glob {
	const char *pattern;
	size_t length;
	uint16_t skip[GLOB_SIZE_MAX]; /* '{': its '}'; ',' or '}' that ends an alternative: behind the '}'; '[': its ']'
				       */
	uint8_t special[GLOB_SIZE_MAX]; /* the letter where it means more than itself, else 0 */
};

struct positions {
	bool at[GLOB_SIZE_MAX + 1];
	bool any;
};

static size_t class_end(const char *pattern, size_t length, size_t open)
{
	size_t at = open + 1;

	if (at < length && pattern[at] == '!')
		at++;
	if (at < length && pattern[at] == ']')
		at++; /* first in the class it is a letter */
	while (at < length && pattern[at] != ']')
		at++;
	return at;
}

/* The '}' that closes the '{' at @open, or @length. */
static size_t brace_end(const char *pattern, size_t length, size_t open)
{
	unsigned depth = 0;

	for (size_t at = open; at < length; at++) {
		if (pattern[at] == '[') {
			size_t end = class_end(pattern, length, at);

			at = end < length ? end : at;
		} else if (pattern[at] == '{') {
			depth++;
		} else if (pattern[at] == '}' && --depth == 0) {
			return at;
		}
	}
	return length;
}

static void glob_mark(struct glob *glob, size_t at, size_t skip)
{
	glob->special[at] = (uint8_t)glob->pattern[at];
	glob->skip[at] = (uint16_t)skip;
}

/* Marks the brace at @open and the ends of its alternatives; nested braces are marked when their turn comes. */
static void glob_mark_brace(struct glob *glob, size_t open, size_t close)
{
	glob_mark(glob, open, close);
	for (size_t at = open + 1; at < close; at++) {
		if (glob->pattern[at] == '{') {
			at = brace_end(glob->pattern, glob->length, at);
		} else if (glob->pattern[at] == '[') {
			size_t end = class_end(glob->pattern, glob->length, at);

			at = end < glob->length ? end : at;
		} else if (glob->pattern[at] == ',') {
			glob_mark(glob, at, close + 1);
		}
	}
	glob_mark(glob, close, close + 1);
}

static void glob_parse(struct glob *glob, const char *pattern, size_t length)
{
	glob->pattern = pattern;
	glob->length = length;
	memset(glob->special, 0, length);
	for (size_t at = 0; at < length; at++) {
		size_t end = length;

		if (pattern[at] == '*' || pattern[at] == '?') {
			glob->special[at] = (uint8_t)pattern[at];
		} else if (pattern[at] == '[') {
			end = class_end(pattern, length, at);
			if (end < length) {
				glob_mark(glob, at, end);
				at = end;
			}
		} else if (pattern[at] == '{') {
			end = brace_end(pattern, length, at);
			if (end < length)
				glob_mark_brace(glob, at, end);
		}
	}
}

static void positions_add(const struct glob *glob, struct positions *set, size_t at);

/* Into every alternative of the brace at @open. */
static void positions_add_brace(const struct glob *glob, struct positions *set, size_t open)
{
	size_t close = glob->skip[open];

	positions_add(glob, set, open + 1);
	for (size_t at = open + 1; at < close; at++)
		if (glob->special[at] == ',' && glob->skip[at] == close + 1)
			positions_add(glob, set, at + 1);
}

/* Adds @at and all that can be reached from there without a letter. */
static void positions_add(const struct glob *glob, struct positions *set, size_t at)
{
	while (!set->at[at]) {
		set->at[at] = true;
		set->any = true;
		if (at == glob->length)
			return;
		if (glob->special[at] == '*')
			at++;
		else if (glob->special[at] == ',' || glob->special[at] == '}')
			at = glob->skip[at];
		else if (glob->special[at] == '{')
			positions_add_brace(glob, set, at);
		else
			return;
	}
}

static bool class_has(const char *pattern, size_t open, size_t close, char letter)
{
	size_t at = open + 1;
	bool negated = pattern[at] == '!';
	bool found = false;

	for (at += negated; at < close; at++) {
		char from = pattern[at], to = from;

		if (at + 2 < close && pattern[at + 1] == '-') {
			to = pattern[at + 2];
			at += 2;
		}
		found = found ||
			((unsigned char)letter >= (unsigned char)from && (unsigned char)letter <= (unsigned char)to);
	}
	return found != negated;
}

/* The positions behind @letter. */
static void positions_step(const struct glob *glob, const struct positions *from, struct positions *to, char letter)
{
	memset(to, 0, sizeof(*to));
	for (size_t at = 0; at < glob->length; at++) {
		if (!from->at[at])
			continue;
		if (glob->special[at] == '*')
			positions_add(glob, to, at);
		else if (glob->special[at] == '[' && class_has(glob->pattern, at, glob->skip[at], letter))
			positions_add(glob, to, glob->skip[at] + 1u);
		else if (glob->special[at] == '?' || (!glob->special[at] && glob->pattern[at] == letter))
			positions_add(glob, to, at + 1);
	}
}

static bool glob_match(const char *pattern, size_t length, const char *name)
{
	struct glob glob;
	struct positions sets[2];
	unsigned current = 0;

	glob_parse(&glob, pattern, length);
	memset(&sets[0], 0, sizeof(sets[0]));
	positions_add(&glob, &sets[0], 0);
	for (; *name && sets[current].any; name++) {
		positions_step(&glob, &sets[current], &sets[!current], *name);
		current = !current;
	}
	return sets[current].at[length];
}

bool mh_glob_match(const char *pattern, const char *name)
{
	size_t length = strlen(pattern);

	if (length > GLOB_SIZE_MAX - 1)
		return false;
	if (glob_match(pattern, length, name))
		return true;
	return length >= 2 && strcmp(pattern + length - 2, ".*") == 0 && glob_match(pattern, length - 2, name);
}
