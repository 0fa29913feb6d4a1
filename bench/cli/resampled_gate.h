/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What would a gate say, how often, of pairs of runs such as were recorded? */
#ifndef BENCH_CLI_RESAMPLED_GATE_H
#define BENCH_CLI_RESAMPLED_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "results/gate.h"

struct mh_resampling {
	uint64_t seed; /* of the draws: the same each time */
	uint64_t decisions;
	uint64_t ns_max; /* after so long what has been decided is enough; 0: no such limit */
	bool exchange;   /* each pair's sides as they were or the other way round: identical builds have no sides */
};

/**
 * mh_resample_gate - let the judge decide over pairs drawn from those that were recorded, with replacement
 * @rule: of the gate, with looks; with the noise of a calibration where there is one
 * @cells: in pairs
 * @ret_verdicts: of each verdict how many gates ended in it
 *
 * A decision draws as many pairs as its looks want. Return: 0; -ENOMEM.
 */
int mh_resample_gate(const struct mh_gate_rule *rule, const struct mh_gate_cell *cells, size_t cell_count,
		     const struct mh_resampling *resampling, uint64_t ret_verdicts[MH_VERDICTS],
		     struct mh_error *reterr);

#endif
