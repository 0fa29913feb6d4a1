/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A calibration.json as a gate takes it: the noise of its metrics, and what is usual for its runs. */
#ifndef BENCH_CLI_CALIBRATION_USE_H
#define BENCH_CLI_CALIBRATION_USE_H

#include "bench/engine/plan.h"
#include "results/calibration.h"
#include "results/hygiene.h"

#define MH_CALIBRATED_CHANCE_MAX 0.02 /* of identical builds to end in anything but 0; more is told */

struct mh_calibration_use {
	struct mh_calibration calibration;
	struct mh_gate_noise *noises;
	size_t noise_count;
	struct mh_hygiene_reference *references; /* a cell of the plan each */
};

/**
 * mh_calibration_use - read a calibration for a scenario on this machine
 * @command: for messages
 *
 * Return: an exit code: MH_EXIT_DONE; 2 it cannot be read; 5 it is of another scenario or machine. Said on stderr.
 */
int mh_calibration_use(struct mh_calibration_use *use, const char *command, const char *path,
		       const struct mh_plan *plan);
void mh_calibration_use_release(struct mh_calibration_use *use); /* safe on a zeroed struct */

/* What a calibration says against gating so: a line each, with what cures it. Return: how many. */
unsigned mh_calibration_doubts(const struct mh_calibration *calibration, struct mh_text *text);

#endif
