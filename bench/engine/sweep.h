/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The section `sweep`: parameters with several values, and the cells that they make together.
 */
#ifndef BENCH_ENGINE_SWEEP_H
#define BENCH_ENGINE_SWEEP_H

#include <stdint.h>

#include "bench/engine/document.h"
#include "bench/engine/variables.h"

#define MH_SWEEP_PARAMETERS_MAX 16
#define MH_SWEEP_VALUES_MAX     1000   /* of one parameter */
#define MH_SWEEP_POINTS_MAX     100000 /* before `exclude` */
#define MH_CELL_ID_MAX          128    /* bytes; longer ones end in a key of the whole instead */

struct mh_sweep_parameter {
	const char *name;
	struct mh_place place;
	const char **values;
	size_t count;
};

enum mh_sweep_order { MH_SWEEP_LISTED, MH_SWEEP_SHUFFLED };

/* All of it lives in the reader's arena. */
struct mh_sweep {
	struct mh_sweep_parameter parameters[MH_SWEEP_PARAMETERS_MAX];
	size_t parameter_count;
	int order;      /* enum mh_sweep_order */
	size_t *points; /* each a number in the mixed base of the parameters' counts, the last parameter fastest */
	size_t point_count;
};

/**
 * mh_sweep_parse - read the section
 * @node: its map, or NULL: one point without parameters
 * @seed: for `order: shuffled`
 * @cells_max: points that may be left after `exclude`
 *
 * Return: 0; -EINVAL, told; -ENOMEM.
 */
int mh_sweep_parse(struct mh_reader *reader, const struct mh_node *node, uint64_t seed, size_t cells_max,
		   struct mh_sweep *ret_sweep);

/* The values of a point, in the order of the parameters; @ret_variables takes parameter_count of them. */
void mh_sweep_point(const struct mh_sweep *sweep, size_t point, struct mh_variable *ret_variables);

/* "nodes=2,chain=rcu-list", letters that a folder's name should not have as '_'; "main" without parameters. */
void mh_sweep_cell_id(const struct mh_variable *variables, size_t count, char ret_id[MH_CELL_ID_MAX]);

#endif
