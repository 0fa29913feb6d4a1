/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -D KEY=VALUE on a tree. KEY is walked from the left: in a map the longest run of words that is a key there wins (a
 * metric's name has dots), in a list the next word is an item's name.
 */
#include "bench/engine/merge.h"

#include <errno.h>
#include <string.h>

#define LIST_NAMES_MAX 64 /* names offered as "did you mean" */

struct override {
	struct mh_reader *reader;
	struct mh_place place;
	const char *path; /* the whole key, for messages */
};

/* Bytes of the first word, or of the longest run of words that is a key of @map. */
static size_t step_length(const struct mh_node *map, const char *path)
{
	size_t best = strcspn(path, ".");

	for (size_t i = 0; map->kind == MH_NODE_MAP && i < map->count; i++) {
		size_t length = strlen(map->pairs[i].key);

		if (length > best && strncmp(path, map->pairs[i].key, length) == 0 &&
		    (path[length] == '.' || path[length] == '\0'))
			best = length;
	}
	return best;
}

static int item_unknown(struct override *override, const struct mh_node *list, const char *name)
{
	const char *names[LIST_NAMES_MAX], *nearest;
	size_t count = 0;

	for (size_t i = 0; i < list->count && count < LIST_NAMES_MAX; i++)
		names[count++] = mh_node_find_text(list->items[i], "name");
	nearest = mh_text_nearest(name, names, count);
	mh_diagnose(&override->reader->diagnostics, override->place, "no item of the list is named '%s'%s%s%s", name,
		    nearest ? " (did you mean '" : "", nearest ? nearest : "", nearest ? "'?)" : "");
	return -EINVAL;
}

/* The node under @key, made as an empty map where a map has none. */
static int node_enter(struct override *override, struct mh_node *node, const char *key, struct mh_node **ret_child)
{
	struct mh_arena *arena = &override->reader->arena;
	struct mh_node *child;

	if (node->kind == MH_NODE_LIST) {
		child = mh_node_find_named(node, key);
		if (!child)
			return item_unknown(override, node, key);
	} else {
		child = mh_node_find(node, key);
	}
	if (child && child->kind == MH_NODE_SCALAR && node->kind == MH_NODE_MAP) {
		mh_diagnose(&override->reader->diagnostics, override->place,
			    "'%s' holds a plain value, nothing below it", key);
		return -EINVAL;
	}
	if (!child) {
		child = mh_node_new(arena, MH_NODE_MAP, override->place);
		if (!child || !mh_node_set(arena, node, key, override->place, child))
			return -ENOMEM;
	}
	*ret_child = child;
	return 0;
}

static int leaf_set(struct override *override, struct mh_node *node, const char *key, const char *text)
{
	struct mh_reader *reader = override->reader;
	struct mh_node *value;
	int ret;

	if (node->kind != MH_NODE_MAP) {
		mh_diagnose(&reader->diagnostics, override->place,
			    "'%s' ends at an item of a list: name the key within it", override->path);
		return -EINVAL;
	}
	ret = mh_document_value(reader, override->place, text, &value);
	if (ret < 0)
		return ret;
	return mh_node_set(&reader->arena, node, key, override->place, value) ? 0 : -ENOMEM;
}

static int override_walk(struct override *override, struct mh_node *node, const char *path, const char *text)
{
	for (;;) {
		size_t length = step_length(node, path);
		char *key = mh_arena_copy(&override->reader->arena, path, length);
		int ret;

		if (!key)
			return -ENOMEM;
		if (!length) {
			mh_diagnose(&override->reader->diagnostics, override->place, "an empty word in the key '%s'",
				    override->path);
			return -EINVAL;
		}
		if (!path[length])
			return leaf_set(override, node, key, text);
		ret = node_enter(override, node, key, &node);
		if (ret < 0)
			return ret;
		path += length + 1;
	}
}

int mh_merge_override(struct mh_reader *reader, struct mh_node *root, const char *label, const char *key,
		      const char *value)
{
	struct mh_source *source = mh_source_new(reader, label, "", NULL, 0);
	struct override override = {.reader = reader, .place = {.source = source}, .path = key};

	if (!source)
		return -ENOMEM;
	if (strcmp(key, "extends") == 0) {
		mh_diagnose(&reader->diagnostics, override.place, "'extends' can only stand in a file");
		return -EINVAL;
	}
	return override_walk(&override, root, key, value);
}
