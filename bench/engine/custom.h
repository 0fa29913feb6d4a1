/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of type MH_VALUE_CUSTOM: maps, lists of maps and values with a grammar of their own. One entry of a table says
 * how each is read, released and described.
 */
#ifndef BENCH_ENGINE_CUSTOM_H
#define BENCH_ENGINE_CUSTOM_H

#include "base/schema.h"
#include "bench/engine/value.h"

enum mh_custom_shape {
	MH_SHAPE_OTHER,        /* described by @text and @json */
	MH_SHAPE_MAP,          /* a map of @nested */
	MH_SHAPE_LIST_OF_MAPS, /* a list of maps of @nested */
	MH_SHAPE_MAP_OF_MAPS,  /* names of the user's own, each with a map of @nested */
};

struct mh_custom {
	const struct mh_schema *schema; /* in which the row stands */
	const char *key;
	int (*read)(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved);
	void (*release)(void *value); /* NULL: nothing to free, or the scenario frees it */
	enum mh_custom_shape shape;
	const struct mh_schema *nested;
	const char *text; /* what it may be, for people; NULL: the shape says it */
	const char *json; /* the JSON Schema of a MH_SHAPE_OTHER */
};

/* The entry of a row; every custom row has one (tests/unit/bench/engine/scenario_schema_test.c). */
const struct mh_custom *mh_custom_find(const struct mh_schema *schema, const struct mh_schema_row *row);

int mh_custom_read(struct mh_binder *binder, const struct mh_schema *schema, const struct mh_schema_row *row,
		   const struct mh_node *node, void *value, struct mh_node **ret_resolved);
void mh_custom_release(const struct mh_schema *schema, const struct mh_schema_row *row, void *value);

#endif
