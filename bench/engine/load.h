/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the tree of one cell to its scenario. Callers from outside use plan.h.
 */
#ifndef BENCH_ENGINE_LOAD_H
#define BENCH_ENGINE_LOAD_H

#include "bench/engine/document.h"
#include "bench/engine/scenario.h"

/**
 * mh_scenario_load - check and type everything
 * @root: merged and substituted, without `extends` and `sweep`, its `seed` a number
 * @ret_scenario: to be freed by mh_scenario_free; keeps nothing of the reader
 *
 * Return: 0; -EINVAL, every error told in the reader's diagnostics; -ENOMEM.
 */
int mh_scenario_load(struct mh_reader *reader, const struct mh_node *root, double time_scale,
		     struct mh_scenario **ret_scenario);

#endif
