/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Measuring one bar, or finding why it cannot be measured here.
 */
#ifndef BENCH_MICRO_BAR_MEASURE_H
#define BENCH_MICRO_BAR_MEASURE_H

#include "base/error.h"
#include "bench/micro/bar.h"
#include "bench/micro/ratio.h"

/* What is left of a bar on a quiet machine is settled by so many rounds of so many ns an instance. */
#define MH_BAR_ROUNDS    61
#define MH_BAR_SAMPLE_NS 3000000u
/* Kept rounds on a shared core, and preempted samples of one thread: a share of the rounds beyond which the median may
 * be the disturbance's. Of two threads one preempted sample is too many, for the other thread ran alone meanwhile. */
#define MH_BAR_DISTURBED_MAX 0.5

#define MH_BAR_RIVAL        "rival/" /* instances that need packages which need not be there */
#define MH_BAR_RIVAL_ABSENT "rival absent: install by scripts/rivals"

struct mh_bar_context {
	const struct mh_instances *instances; /* built-in ones and those of the rivals that are there */
	const struct mh_timer *timer;
	const char *rivals; /* folder of the rivals' programs */
	unsigned round_count;
	uint64_t sample_ns, seed;
	bool rehearsal; /* everything runs, as shortly as it can: no number means anything, and none is doubted */
	const volatile sig_atomic_t *stop; /* or NULL */
	struct mh_text *details;           /* of what was measured how; or NULL */
};

/**
 * mh_bar_measure - measure a bar
 * @ret_outcome: what was reached, or why nothing was
 *
 * Return: 0; -EINTR stopped; -ENOENT an instance of the table that is no rival's is not there; -ENOMEM, -EAGAIN; with a
 * sentence.
 */
int mh_bar_measure(const struct mh_bar_context *context, const struct mh_bar *bar, struct mh_bar_outcome *ret_outcome,
		   struct mh_error *reterr);

/* Why the rounds of a bar say nothing: the first @count subjects. False: they do. */
bool mh_bar_doubt(const struct mh_ratio_rounds *rounds, struct mh_bar_outcome *outcome);

#endif
