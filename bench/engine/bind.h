/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A map of the document against the rows of its section: unknown keys, missing keys, defaults, values.
 */
#ifndef BENCH_ENGINE_BIND_H
#define BENCH_ENGINE_BIND_H

#include "bench/engine/value.h"

/* One schema and the struct that its rows write; a map may have the keys of several (a fault's own and its kind's). */
struct mh_binding {
	const struct mh_schema *schema;
	void *target; /* schema->size bytes, zeroed */
};

/**
 * mh_bind_map - read a map by the rows of its schemas
 * @map: NULL when the section is absent: then every default is written
 * @place: where a missing key is told when there is no map
 * @ret_resolved: a new map with every key that has a value, in the order of the rows
 *
 * Keys `x-...` are the user's own and are skipped. All errors of the map are told. Rows are read in their order, not in
 * that of the file. On failure the targets may be partly filled: release them all the same.
 *
 * Return: 0; -EINVAL, told; -ENOMEM.
 */
int mh_bind_map(struct mh_binder *binder, const struct mh_node *map, struct mh_place place,
		const struct mh_binding *bindings, size_t count, struct mh_node **ret_resolved);

/* The same with one schema. */
int mh_bind_one(struct mh_binder *binder, const struct mh_node *map, struct mh_place place,
		const struct mh_schema *schema, void *target, struct mh_node **ret_resolved);

/**
 * mh_bind_fill - write a default that depends on other keys into a resolved map
 *
 * At the place where the row stands, so that a resolved scenario reads back to the same text. Return: 0 or -ENOMEM,
 * also when @value is NULL.
 */
int mh_bind_fill(struct mh_binder *binder, const struct mh_schema *schema, struct mh_node *resolved, const char *key,
		 struct mh_node *value);

/* Frees what binding has allocated in @target; twice does nothing more. @target may be NULL. */
void mh_bind_release(const struct mh_schema *schema, void *target);

/**
 * mh_bind_list - read a list of maps by one schema into an array
 * @key: of the list, for messages
 * @ret_items: calloc'ed, schema->size bytes an item; set also on failure, so that what was bound can be released
 *
 * Return: 0; -EINVAL, told; -ENOMEM.
 */
int mh_bind_list(struct mh_binder *binder, const char *key, const struct mh_node *list, const struct mh_schema *schema,
		 void **ret_items, size_t *ret_count, struct mh_node **ret_resolved);

/* Items of a list each need a `name` of their own, of the letters [a-z0-9-]: tells those that have none. */
int mh_bind_check_names(struct mh_binder *binder, const struct mh_node *list);

/* False, and told, when @node is no list. */
bool mh_bind_is_list(struct mh_binder *binder, const char *key, const struct mh_node *node);

#endif
