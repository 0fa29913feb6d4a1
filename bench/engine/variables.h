/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ${sweep.NAME} and ${env.NAME} inside string values.
 */
#ifndef BENCH_ENGINE_VARIABLES_H
#define BENCH_ENGINE_VARIABLES_H

#include "bench/engine/document.h"

struct mh_variable {
	const char *name, *value;
	bool used; /* set by mh_variables_substitute */
};

/**
 * mh_variables_substitute - a copy of a tree with its variables replaced
 * @sweep: the cell's parameters; NULL outside of a sweep
 *
 * Keys are not touched, nor what stands under x-… keys. An undefined variable, another kind than sweep and env, and a
 * '${' without '}' are told. Return: 0; -EINVAL when something was told (all of it has been); -ENOMEM.
 */
int mh_variables_substitute(struct mh_reader *reader, const struct mh_node *node, struct mh_variable *sweep,
			    size_t sweep_count, struct mh_node **ret_node);

#endif
