/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Binding of an item by two schemas, and what is said of a kind that there is not. */
#include "bench/engine/kinds.h"

#include "bench/engine/bind.h"
#include "faults/fault.h"
#include "workloads/workload.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define KINDS_MAX 64

const char *mh_workload_kind_name(unsigned index)
{
	return mh_workload_kind_at(index)->name;
}

const char *mh_fault_kind_name(unsigned index)
{
	return mh_fault_kind_at(index)->name;
}

void mh_kind_refuse(struct mh_binder *binder, const struct mh_node *node, const char *what, unsigned count,
		    mh_kind_namer *name_of)
{
	struct mh_diagnostics *diagnostics = &binder->reader->diagnostics;
	const char *names[KINDS_MAX], *nearest;

	if (count > KINDS_MAX)
		count = KINDS_MAX;
	for (unsigned i = 0; i < count; i++)
		names[i] = name_of(i);
	nearest = mh_text_nearest(node->text, names, count);
	if (nearest)
		mh_diagnose(diagnostics, node->place, "kind: unknown %s '%s' (did you mean '%s'?)", what, node->text,
			    nearest);
	else
		mh_diagnose(diagnostics, node->place, "kind: unknown %s '%s' ('memhp-bench list %ss' names them)", what,
			    node->text, what);
}

/* The keys of @map that @schema knows. */
static struct mh_node *map_filter(struct mh_arena *arena, const struct mh_node *map, const struct mh_schema *schema)
{
	struct mh_node *known = mh_node_new(arena, MH_NODE_MAP, map->place);

	for (size_t i = 0; known && i < schema->count; i++) {
		const struct mh_pair *pair = mh_node_find_pair(map, schema->rows[i].key);

		if (pair && !mh_node_set(arena, known, pair->key, pair->place, pair->value))
			return NULL;
	}
	return known;
}

int mh_kind_bind(struct mh_binder *binder, const struct mh_node *map, struct mh_place place,
		 const struct mh_kind_binding *binding, void **ret_parameters, struct mh_node **ret_resolved)
{
	struct mh_binding both[2] = {{binding->common, binding->target}, {binding->own, NULL}};

	if (!binding->own) {
		if (map->kind == MH_NODE_MAP)
			map = map_filter(&binder->reader->arena, map, binding->common);
		return map ? mh_bind_map(binder, map, place, both, 1, ret_resolved) : -ENOMEM;
	}
	if (binding->own->size) {
		*ret_parameters = calloc(1, binding->own->size);
		if (!*ret_parameters)
			return -ENOMEM;
		both[1].target = *ret_parameters;
	}
	return mh_bind_map(binder, map, place, both, 2, ret_resolved);
}
