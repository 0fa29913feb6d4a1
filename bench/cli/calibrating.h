/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From pairs of runs of identical builds to a calibration. */
#ifndef BENCH_CLI_CALIBRATING_H
#define BENCH_CLI_CALIBRATING_H

#include "bench/engine/plan.h"
#include "results/calibration.h"

#define MH_CALIBRATION_PAIRS_MIN 12 /* fewer say nothing of a deviation */

/**
 * mh_calibrate - noise, what the gate can find, how often it is wrong
 * @rule: of the plan's gate
 * @cells: in pairs; at least one with at least MH_CALIBRATION_PAIRS_MIN of them
 *
 * Return: 0; -EINVAL nothing that is gated has a value: a sentence; -ENOMEM.
 */
int mh_calibrate(const struct mh_plan *plan, const struct mh_gate_rule *rule, const struct mh_gate_cell *cells,
		 size_t cell_count, struct mh_calibration *ret_calibration, struct mh_error *reterr);

/* The calibration in words and a table. */
void mh_calibration_show(const struct mh_calibration *calibration, struct mh_text *text);

#endif
