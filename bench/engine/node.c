/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building and searching trees. Maps are searched from front to back: a scenario's are small, and the bound on nodes
 * keeps the largest one cheap.
 */
#include "bench/engine/node.h"

#include <string.h>

const char *mh_node_kind_name(const struct mh_node *node)
{
	static const char *const names[] = {"text", "a map", "a list"};

	if (node->kind == MH_NODE_SCALAR && !*node->text && !node->quoted)
		return "empty";
	return names[node->kind];
}

struct mh_node *mh_node_new(struct mh_arena *arena, enum mh_node_kind kind, struct mh_place place)
{
	struct mh_node *node = mh_arena_alloc(arena, sizeof(*node));

	if (node) {
		node->kind = kind;
		node->place = place;
	}
	return node;
}

struct mh_node *mh_node_scalar(struct mh_arena *arena, struct mh_place place, const char *text)
{
	struct mh_node *node = mh_node_new(arena, MH_NODE_SCALAR, place);
	char *copy = node ? mh_arena_copy(arena, text, strlen(text)) : NULL;

	if (!copy)
		return NULL;
	node->text = copy;
	return node;
}

struct mh_pair *mh_node_find_pair(const struct mh_node *map, const char *key)
{
	if (!map || map->kind != MH_NODE_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++)
		if (strcmp(map->pairs[i].key, key) == 0)
			return &map->pairs[i];
	return NULL;
}

struct mh_node *mh_node_find(const struct mh_node *map, const char *key)
{
	struct mh_pair *pair = mh_node_find_pair(map, key);

	return pair ? pair->value : NULL;
}

const char *mh_node_find_text(const struct mh_node *map, const char *key)
{
	const struct mh_node *node = mh_node_find(map, key);

	return node && node->kind == MH_NODE_SCALAR ? node->text : NULL;
}

struct mh_node *mh_node_find_named(const struct mh_node *list, const char *name)
{
	if (!list || list->kind != MH_NODE_LIST)
		return NULL;
	for (size_t i = 0; i < list->count; i++) {
		const char *text = mh_node_find_text(list->items[i], "name");

		if (text && strcmp(text, name) == 0)
			return list->items[i];
	}
	return NULL;
}

/* Room for one more element of @size bytes; the old array stays in the arena. */
static void *node_grow(struct mh_arena *arena, struct mh_node *node, void *elements, size_t size)
{
	size_t capacity = node->capacity ? 2 * node->capacity : 8;
	void *grown;

	if (node->count < node->capacity)
		return elements;
	grown = mh_arena_alloc(arena, capacity * size);
	if (!grown)
		return NULL;
	if (node->count)
		memcpy(grown, elements, node->count * size);
	node->capacity = capacity;
	return grown;
}

bool mh_node_set(struct mh_arena *arena, struct mh_node *map, const char *key, struct mh_place place,
		 struct mh_node *value)
{
	struct mh_pair *pair = mh_node_find_pair(map, key), *pairs;

	if (!value)
		return false;
	if (pair) {
		pair->place = place;
		pair->value = value;
		return true;
	}
	pairs = node_grow(arena, map, map->pairs, sizeof(*pairs));
	if (!pairs)
		return false;
	map->pairs = pairs;
	pairs[map->count++] = (struct mh_pair){.key = key, .place = place, .value = value};
	return true;
}

bool mh_node_append(struct mh_arena *arena, struct mh_node *list, struct mh_node *item)
{
	struct mh_node **items = item ? node_grow(arena, list, list->items, sizeof(*items)) : NULL;

	if (!items)
		return false;
	list->items = items;
	items[list->count++] = item;
	return true;
}

void mh_node_remove(struct mh_node *map, const char *key)
{
	struct mh_pair *pair = mh_node_find_pair(map, key);

	if (!pair)
		return;
	memmove(pair, pair + 1, (size_t)(map->pairs + map->count - (pair + 1)) * sizeof(*pair));
	map->count--;
}
