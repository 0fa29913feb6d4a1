/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The resolved scenario is written by us: every top-level key at the beginning of a line, all else indented. */
#include "bench/cli/resolved_section.h"

#include <string.h>

/* What may differ between two results that are compared: it changes what is asked, not what is done. */
static const char *const asking[] = {"name", "description", "seed", "runs", "slo", "gate"};

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end ? end + 1 : line + strlen(line);
}

/* The beginning of the next section. */
static const char *next_section(const char *line)
{
	do
		line = next_line(line);
	while (*line == ' ' || *line == '\n');
	return line;
}

const char *mh_resolved_section(const char *resolved, const char *key, size_t *ret_length)
{
	const size_t length = strlen(key);

	for (const char *line = resolved; *line; line = next_section(line)) {
		if (strncmp(line, key, length) != 0 || line[length] != ':')
			continue;
		*ret_length = (size_t)(next_section(line) - line);
		return line;
	}
	return NULL;
}

bool mh_resolved_equal(const char *first, const char *second, const char *key)
{
	size_t first_length, second_length;
	const char *a = mh_resolved_section(first, key, &first_length);
	const char *b = mh_resolved_section(second, key, &second_length);

	if (!a || !b)
		return !a && !b;
	return first_length == second_length && memcmp(a, b, first_length) == 0;
}

static bool is_asking(const char *key)
{
	for (size_t i = 0; i < sizeof(asking) / sizeof(asking[0]); i++)
		if (strcmp(asking[i], key) == 0)
			return true;
	return false;
}

/* Keys of @first that differ in @second; with @absent only those that @second has not. */
static void add_differences(const char *first, const char *second, bool absent, struct mh_text *text)
{
	for (const char *line = first; *line; line = next_section(line)) {
		char key[64];
		const size_t length = strcspn(line, ":\n");
		size_t ignored;

		if (length >= sizeof(key))
			continue;
		memcpy(key, line, length);
		key[length] = '\0';
		if (is_asking(key) || mh_resolved_equal(first, second, key) ||
		    (absent && mh_resolved_section(second, key, &ignored)))
			continue;
		mh_text_add(text, "%s%s", text->length ? ", " : "", key);
	}
}

void mh_resolved_differences(const char *first, const char *second, struct mh_text *text)
{
	struct mh_text keys = MH_TEXT_INIT;

	add_differences(first, second, false, &keys);
	add_differences(second, first, true, &keys);
	mh_text_append(text, keys.data, keys.length);
	mh_text_release(&keys);
}
