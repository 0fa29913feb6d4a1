/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Items that have the keys of their list and those of their `kind`: faults and workloads.
 */
#ifndef BENCH_ENGINE_KINDS_H
#define BENCH_ENGINE_KINDS_H

#include "bench/engine/value.h"

struct mh_kind_binding {
	const struct mh_schema *common;
	void *target;
	const struct mh_schema
		*own; /* NULL: the kind is wrong, which has been or will be told; own keys are passed over */
};

/**
 * mh_kind_bind - read one item by both schemas
 * @ret_parameters: calloc'ed own->size bytes; set as soon as it exists, NULL when that is 0
 *
 * Return: as mh_bind_map.
 */
int mh_kind_bind(struct mh_binder *binder, const struct mh_node *map, struct mh_place place,
		 const struct mh_kind_binding *binding, void **ret_parameters, struct mh_node **ret_resolved);

/* Names by index, for suggestions. */
typedef const char *mh_kind_namer(unsigned index);
const char *mh_workload_kind_name(unsigned index);
const char *mh_fault_kind_name(unsigned index);

/* Tells that @node names no kind, with a suggestion. */
void mh_kind_refuse(struct mh_binder *binder, const struct mh_node *node, const char *what, unsigned count,
		    mh_kind_namer *name_of);

#endif
