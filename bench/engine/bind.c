/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys are checked first, then each row is read: from the map, or from its default's text by the same parser.
 */
#include "bench/engine/bind.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_MAX        128 /* rows of all schemas of one map, for suggestions */
#define NAME_LENGTH_MAX 40  /* a workload's name is part of the names of its listeners */

static bool key_is_own(const char *key)
{
	return strncmp(key, "x-", 2) == 0;
}

static bool key_is_known(const struct mh_binding *bindings, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		for (size_t row = 0; row < bindings[i].schema->count; row++)
			if (strcmp(bindings[i].schema->rows[row].key, key) == 0)
				return true;
	return false;
}

static int key_refuse(struct mh_binder *binder, const struct mh_pair *pair, const struct mh_binding *bindings,
		      size_t count)
{
	struct mh_diagnostics *diagnostics = &binder->reader->diagnostics;
	const char *keys[KEYS_MAX], *nearest;
	size_t key_count = 0;

	for (size_t i = 0; i < count; i++) {
		for (size_t row = 0; row < bindings[i].schema->count && key_count < KEYS_MAX; row++)
			keys[key_count++] = bindings[i].schema->rows[row].key;
	}
	nearest = mh_text_nearest(pair->key, keys, key_count);
	if (nearest)
		mh_diagnose(diagnostics, pair->place, "unknown key '%s' (did you mean '%s'?)", pair->key, nearest);
	else
		mh_diagnose(diagnostics, pair->place, "unknown key '%s' in '%s'", pair->key, bindings[0].schema->name);
	return -EINVAL;
}

static int keys_check(struct mh_binder *binder, const struct mh_node *map, const struct mh_binding *bindings,
		      size_t count)
{
	int ret = 0;

	for (size_t i = 0; map && i < map->count; i++)
		if (!key_is_own(map->pairs[i].key) && !key_is_known(bindings, count, map->pairs[i].key))
			ret = key_refuse(binder, &map->pairs[i], bindings, count);
	return ret;
}

/* The node of a row's default, or NULL when it has none. */
static int default_node(struct mh_binder *binder, const struct mh_schema_row *row, struct mh_node **ret_node)
{
	struct mh_place place;

	*ret_node = NULL;
	if (!row->default_text)
		return 0;
	place = (struct mh_place){.source = mh_source_new(binder->reader, "default", "", NULL, 0)};
	return place.source ? mh_document_value(binder->reader, place, row->default_text, ret_node) : -ENOMEM;
}

static int row_read(struct mh_binder *binder, const struct mh_node *map, struct mh_place place,
		    const struct mh_binding *binding, const struct mh_schema_row *row, struct mh_node *resolved)
{
	struct mh_pair *pair = mh_node_find_pair(map, row->key);
	struct mh_node *node = pair ? pair->value : NULL, *value;
	int ret = node ? 0 : default_node(binder, row, &node);

	if (ret < 0)
		return ret;
	if (!node && (row->flags & MH_SCHEMA_REQUIRED)) {
		mh_diagnose(&binder->reader->diagnostics, place, "'%s' is missing in '%s'", row->key,
			    binding->schema->name);
		return -EINVAL;
	}
	if (!node)
		return 0;
	ret = mh_value_read(binder, binding->schema, row, node, (char *)binding->target + row->offset, &value);
	if (ret < 0 || !value)
		return ret;
	return mh_node_set(&binder->reader->arena, resolved, row->key, node->place, value) ? 0 : -ENOMEM;
}

static int rows_read(struct mh_binder *binder, const struct mh_node *map, struct mh_place place,
		     const struct mh_binding *binding, struct mh_node *resolved)
{
	int result = 0;

	for (size_t i = 0; i < binding->schema->count; i++) {
		int ret = row_read(binder, map, place, binding, &binding->schema->rows[i], resolved);

		if (ret == -ENOMEM)
			return ret;
		if (ret < 0)
			result = ret;
	}
	return result;
}

int mh_bind_map(struct mh_binder *binder, const struct mh_node *map, struct mh_place place,
		const struct mh_binding *bindings, size_t count, struct mh_node **ret_resolved)
{
	int result;

	*ret_resolved = mh_node_new(&binder->reader->arena, MH_NODE_MAP, map ? map->place : place);
	if (!*ret_resolved)
		return -ENOMEM;
	if (map && map->kind != MH_NODE_MAP) {
		mh_diagnose(&binder->reader->diagnostics, map->place, "%s: must be a map of keys, not %s",
			    bindings[0].schema->name, mh_node_kind_name(map));
		return -EINVAL;
	}
	result = keys_check(binder, map, bindings, count);
	for (size_t i = 0; i < count; i++) {
		int ret = rows_read(binder, map, map ? map->place : place, &bindings[i], *ret_resolved);

		if (ret == -ENOMEM)
			return ret;
		if (ret < 0)
			result = ret;
	}
	return result;
}

int mh_bind_one(struct mh_binder *binder, const struct mh_node *map, struct mh_place place,
		const struct mh_schema *schema, void *target, struct mh_node **ret_resolved)
{
	const struct mh_binding binding = {.schema = schema, .target = target};

	return mh_bind_map(binder, map, place, &binding, 1, ret_resolved);
}

static size_t row_index(const struct mh_schema *schema, const char *key)
{
	size_t index = 0;

	while (index < schema->count && strcmp(schema->rows[index].key, key) != 0)
		index++;
	return index;
}

int mh_bind_fill(struct mh_binder *binder, const struct mh_schema *schema, struct mh_node *resolved, const char *key,
		 struct mh_node *value)
{
	const size_t index = row_index(schema, key);
	struct mh_pair pair;
	size_t at;

	mh_node_remove(resolved, key);
	if (!mh_node_set(&binder->reader->arena, resolved, key, resolved->place, value))
		return -ENOMEM;
	pair = resolved->pairs[resolved->count - 1];
	for (at = resolved->count - 1; at > 0 && row_index(schema, resolved->pairs[at - 1].key) > index; at--)
		resolved->pairs[at] = resolved->pairs[at - 1];
	resolved->pairs[at] = pair;
	return 0;
}

void mh_bind_release(const struct mh_schema *schema, void *target)
{
	if (!target)
		return;
	for (size_t i = 0; i < schema->count; i++)
		mh_value_release(schema, &schema->rows[i], (char *)target + schema->rows[i].offset);
	if (schema->size)
		memset(target, 0, schema->size);
}

bool mh_bind_is_list(struct mh_binder *binder, const char *key, const struct mh_node *node)
{
	if (node->kind == MH_NODE_LIST)
		return true;
	mh_diagnose(&binder->reader->diagnostics, node->place, "%s: must be a list, not %s", key,
		    mh_node_kind_name(node));
	return false;
}

int mh_bind_list(struct mh_binder *binder, const char *key, const struct mh_node *list, const struct mh_schema *schema,
		 void **ret_items, size_t *ret_count, struct mh_node **ret_resolved)
{
	struct mh_arena *arena = &binder->reader->arena;
	int result = 0;
	char *items;

	if (!mh_bind_is_list(binder, key, list))
		return -EINVAL;
	*ret_resolved = mh_node_new(arena, MH_NODE_LIST, list->place);
	items = calloc(list->count ? list->count : 1, schema->size);
	*ret_items = items;
	if (!*ret_resolved || !items)
		return -ENOMEM;
	*ret_count = list->count;
	for (size_t i = 0; i < list->count; i++) {
		struct mh_node *item;
		int ret = mh_bind_one(binder, list->items[i], list->place, schema, items + i * schema->size, &item);

		if (ret == -ENOMEM || !mh_node_append(arena, *ret_resolved, item))
			return -ENOMEM;
		if (ret < 0)
			result = ret;
	}
	return result;
}

static bool name_is_good(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return length > 0 && length <= NAME_LENGTH_MAX && !name[length];
}

static int name_check(struct mh_binder *binder, const struct mh_node *list, size_t index)
{
	struct mh_diagnostics *diagnostics = &binder->reader->diagnostics;
	const struct mh_node *node = mh_node_find(list->items[index], "name"), *first;
	struct mh_text text = MH_TEXT_INIT;

	if (!node || node->kind != MH_NODE_SCALAR || !*node->text)
		return 0; /* its row has told it */
	if (!name_is_good(node->text)) {
		mh_diagnose(diagnostics, node->place, "name: '%s' must be 1 to %d of the letters a-z, 0-9 and -",
			    node->text, NAME_LENGTH_MAX);
		return -EINVAL;
	}
	first = mh_node_find(mh_node_find_named(list, node->text), "name");
	if (first == node)
		return 0;
	mh_place_print(first->place, &text);
	mh_diagnose(diagnostics, node->place, "the name '%s' is given twice (first at %s)", node->text, text.data);
	mh_text_release(&text);
	return -EINVAL;
}

int mh_bind_check_names(struct mh_binder *binder, const struct mh_node *list)
{
	int ret = 0;

	for (size_t i = 0; i < list->count; i++)
		if (name_check(binder, list, i) < 0)
			ret = -EINVAL;
	return ret;
}
