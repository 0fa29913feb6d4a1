/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of another list's items: `workloads: [toggle]`, `phases: storm`, `all`. */
#include "bench/engine/section.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool list_has(const struct mh_index_list *list, size_t index)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i] == index)
			return true;
	return false;
}

static int name_read(struct mh_binder *binder, const char *key, const struct mh_node *node, const char *const *names,
		     size_t count, struct mh_index_list *list)
{
	struct mh_diagnostics *diagnostics = &binder->reader->diagnostics;
	const char *nearest;
	size_t index = 0;

	if (!mh_value_is_text(binder, node, key, "a name, a list of names, or all"))
		return -EINVAL;
	while (index < count && (!names[index] || strcmp(names[index], node->text) != 0))
		index++;
	if (index == count) {
		nearest = mh_text_nearest(node->text, names, count);
		mh_diagnose(diagnostics, node->place, "%s: there is no '%s'%s%s%s", key, node->text,
			    nearest ? " (did you mean '" : "", nearest ? nearest : "", nearest ? "'?)" : "");
		return -EINVAL;
	}
	if (list_has(list, index)) {
		mh_diagnose(diagnostics, node->place, "%s: '%s' is named twice", key, node->text);
		return -EINVAL;
	}
	list->items[list->count++] = index;
	return 0;
}

int mh_names_read(struct mh_binder *binder, const char *key, const struct mh_node *node, const char *const *names,
		  size_t count, struct mh_index_list *ret_list)
{
	const bool all = node->kind == MH_NODE_SCALAR && strcmp(node->text, "all") == 0;
	const size_t named = node->kind == MH_NODE_LIST ? node->count : 1;
	struct mh_index_list list = {.items = calloc(count + 1, sizeof(size_t))};
	int ret = 0;

	if (!list.items)
		return -ENOMEM;
	if (!named) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "%s: an empty list: name at least one", key);
		ret = -EINVAL;
	}
	for (size_t i = 0; all && i < count; i++)
		list.items[list.count++] = i;
	for (size_t i = 0; !all && count && i < named; i++)
		if (name_read(binder, key, node->kind == MH_NODE_LIST ? node->items[i] : node, names, count, &list) < 0)
			ret = -EINVAL;
	if (ret < 0) {
		free(list.items);
		return ret;
	}
	*ret_list = list;
	return 0;
}
