/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How often would the gate of identical builds end in anything but 0? */
#ifndef BENCH_CLI_FALSE_EXITS_H
#define BENCH_CLI_FALSE_EXITS_H

#include "base/error.h"
#include "results/gate.h"

#define MH_FALSE_EXITS_DECISIONS 500
#define MH_FALSE_EXITS_NS_MAX    UINT64_C(20000000000) /* after so long what has been decided is enough */

/**
 * mh_false_exits - let the judge decide over pairs drawn from those that were recorded
 * @rule: of the gate, with the noise of the calibration
 * @cells: of runs of identical builds, in pairs
 * @seed: of the draws: the same each time
 * @ret_decisions: how many decisions it is counted over
 * @ret_failures: of them those that ended in anything but 0
 *
 * A decision draws as many pairs as its looks want, each with its sides as they were or exchanged: identical builds
 * have no sides. Return: 0; -ENOMEM.
 */
int mh_false_exits(const struct mh_gate_rule *rule, const struct mh_gate_cell *cells, size_t cell_count, uint64_t seed,
		   uint64_t *ret_decisions, uint64_t *ret_failures, struct mh_error *reterr);

#endif
