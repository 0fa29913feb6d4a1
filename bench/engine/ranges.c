/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ranges of whole numbers, which may be negative: "0-7" is 0 to 7, "-5" is -5, "-5--1" is -5 to -1.
 */
#include "bench/engine/value.h"

#include "base/units.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RANGE_TEXT_MAX 64   /* bytes of one range as text */
#define RANGES_MAX     1024 /* ranges of one value */

/* Cuts the first number off @text, which is moved behind it. */
static int bound_take(char **text, int64_t *ret_value)
{
	size_t length = **text == '-' ? 1 : 0;
	char number[RANGE_TEXT_MAX];

	length += strcspn(*text + length, "-");
	if (length >= sizeof(number))
		return -EINVAL;
	memcpy(number, *text, length);
	number[length] = '\0';
	*text += length;
	return mh_parse_integer(number, ret_value, NULL);
}

static int range_parse(char *text, struct mh_range *ret_range)
{
	int ret = bound_take(&text, &ret_range->from);

	ret_range->to = ret_range->from;
	if (ret == 0 && *text == '-') {
		text++;
		ret = bound_take(&text, &ret_range->to);
	}
	return ret == 0 && *text ? -EINVAL : ret;
}

static int range_add(struct mh_range_list *list, struct mh_range range)
{
	struct mh_range *items = reallocarray(list->items, list->count + 1, sizeof(*items));

	if (!items)
		return -ENOMEM;
	list->items = items;
	items[list->count++] = range;
	return 0;
}

static int range_check(struct mh_binder *binder, const struct mh_schema_row *row, struct mh_place place,
		       const char *text, const struct mh_range *range)
{
	struct mh_diagnostics *diagnostics = &binder->reader->diagnostics;
	int64_t min = INT64_MIN, max = INT64_MAX;

	if (row->min)
		(void)mh_parse_integer(row->min, &min, NULL);
	if (row->max)
		(void)mh_parse_integer(row->max, &max, NULL);
	if (range->from > range->to)
		mh_diagnose(diagnostics, place, "%s: the range '%s' ends before it begins", row->key, text);
	else if (range->from < min)
		mh_diagnose(diagnostics, place, "%s: '%s' is out of range, at least %s", row->key, text, row->min);
	else if (range->to > max)
		mh_diagnose(diagnostics, place, "%s: '%s' is out of range, at most %s", row->key, text, row->max);
	else
		return 0;
	return -EINVAL;
}

static char *word_trim(char *word)
{
	size_t length;

	word += strspn(word, " ");
	length = strlen(word);
	while (length && word[length - 1] == ' ')
		word[--length] = '\0';
	return word;
}

static int text_read(struct mh_binder *binder, const struct mh_schema_row *row, const struct mh_node *node,
		     struct mh_range_list *list)
{
	char *copy, *rest = NULL;
	int ret = 0;

	if (!mh_value_is_text(binder, node, row->key, "a range such as 0-7, or a list of ranges"))
		return -EINVAL;
	copy = mh_arena_copy(&binder->reader->arena, node->text, strlen(node->text));
	if (!copy)
		return -ENOMEM;
	rest = copy;
	for (char *word = strsep(&rest, ","); word && ret == 0; word = strsep(&rest, ",")) {
		struct mh_range range;

		word = word_trim(word);
		if (range_parse(word, &range) < 0 || list->count == RANGES_MAX) {
			mh_diagnose(&binder->reader->diagnostics, node->place, "%s: '%s' is no range such as 3 or 0-7",
				    row->key, word);
			return -EINVAL;
		}
		ret = range_check(binder, row, node->place, word, &range);
		if (ret == 0)
			ret = range_add(list, range);
	}
	return ret;
}

int mh_ranges_read(struct mh_binder *binder, const struct mh_schema_row *row, const struct mh_node *node,
		   struct mh_range_list *ret_ranges)
{
	const size_t count = node->kind == MH_NODE_LIST ? node->count : 1;
	struct mh_range_list list = {0};
	int ret = 0;

	if (!count) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "%s: an empty list matches nothing", row->key);
		return -EINVAL;
	}
	for (size_t i = 0; i < count && ret == 0; i++)
		ret = text_read(binder, row, node->kind == MH_NODE_LIST ? node->items[i] : node, &list);
	if (ret < 0) {
		free(list.items);
		return ret;
	}
	*ret_ranges = list;
	return 0;
}
