/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tree of a document after aliases are expanded: scalars as text, maps in the order of the file, lists. Each node
 * and each key knows its place. Nodes live in an arena and are not shared, so that a tree may be changed.
 */
#ifndef BENCH_ENGINE_NODE_H
#define BENCH_ENGINE_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/engine/arena.h"
#include "bench/engine/diagnostics.h"

#define MH_DOCUMENT_NODES_MAX 10000
#define MH_DOCUMENT_DEPTH_MAX 64
#define MH_DOCUMENT_SIZE_MAX  (1024 * 1024) /* bytes */

enum mh_node_kind { MH_NODE_SCALAR, MH_NODE_MAP, MH_NODE_LIST };

struct mh_node;

struct mh_pair {
	const char *key;
	struct mh_place place; /* of the key */
	struct mh_node *value;
};

struct mh_node {
	enum mh_node_kind kind;
	struct mh_place place;
	const char *text; /* MH_NODE_SCALAR */
	bool broken;      /* MH_NODE_SCALAR: a variable in it is not defined, which was told: no more is said of it */
	bool quoted;      /* MH_NODE_SCALAR: written in quotes or as a block */
	union {
		struct mh_pair *pairs;  /* MH_NODE_MAP */
		struct mh_node **items; /* MH_NODE_LIST */
	};
	size_t count, capacity;
};

/* "a map", "a list", "text", or "empty" for a key without a value: for messages. */
const char *mh_node_kind_name(const struct mh_node *node);

struct mh_node *mh_node_new(struct mh_arena *arena, enum mh_node_kind kind, struct mh_place place);
struct mh_node *mh_node_scalar(struct mh_arena *arena, struct mh_place place, const char *text);

/* The value of a key, or NULL; @map may be NULL. */
struct mh_node *mh_node_find(const struct mh_node *map, const char *key);
struct mh_pair *mh_node_find_pair(const struct mh_node *map, const char *key);
/* The text of a scalar under a key, or NULL. */
const char *mh_node_find_text(const struct mh_node *map, const char *key);
/* The item of a list of maps whose `name` is @name, or NULL. */
struct mh_node *mh_node_find_named(const struct mh_node *list, const char *name);

/* Sets or adds a pair; false when memory runs out. */
bool mh_node_set(struct mh_arena *arena, struct mh_node *map, const char *key, struct mh_place place,
		 struct mh_node *value);
bool mh_node_append(struct mh_arena *arena, struct mh_node *list, struct mh_node *item);
/* Takes a pair out of a map; nothing when it is absent. */
void mh_node_remove(struct mh_node *map, const char *key);

#endif
