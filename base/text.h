/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Growing text, globs, and "did you mean".
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct mh_text {
	char *data; /* NUL-terminated; never NULL after mh_text_init */
	size_t length, capacity;
	bool failed; /* memory ran out once: the text is incomplete, and stays so */
};

#define MH_TEXT_INIT                                                                                                   \
	{                                                                                                              \
		.data = (char *)""                                                                                     \
	}

void mh_text_release(struct mh_text *text);
void mh_text_clear(struct mh_text *text);
void mh_text_append(struct mh_text *text, const char *bytes, size_t length);
void mh_text_add(struct mh_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* fnmatch-like glob: '*', '?', '[a-z]', and "{a,b}"; the whole of @name must match. "N.*" also matches "N" itself
 * (a listener with count 1, scenario.md "Listener names"). */
bool mh_glob_match(const char *pattern, const char *name);

/**
 * mh_text_nearest - the candidate closest to a mistyped word
 * @candidates: @count names; NULL entries are skipped
 *
 * Return: the candidate at the smallest edit distance (transpositions count 1) if that is at most 2 and at most a third
 * of the length (1 for words of 3 or 4 letters), else NULL.
 */
const char *mh_text_nearest(const char *word, const char *const *candidates, size_t count);

/* The number of bytes before the first invalid UTF-8 sequence; @length if all is valid. */
size_t mh_utf8_valid_prefix(const char *bytes, size_t length);

#endif
