/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two sides of runs with known times and counts, and the rule that they are held against. */
#ifndef TESTS_UNIT_RESULTS_GATE_SAMPLE_H
#define TESTS_UNIT_RESULTS_GATE_SAMPLE_H

#include "results/gate.h"

#define GATE_RUNS_MAX    32
#define GATE_METRICS_MAX 8

/* How the runs come about. */
struct gate_plan {
	size_t runs;       /* a side, or pairs */
	double change;     /* candidate / base; 0: 1 */
	double tail;       /* of the slowest 2 % of the candidate's operations; 0: 1 */
	double noise;      /* deviation of ln of a run */
	uint64_t seed;     /* of the noise */
	unsigned digits;   /* 0: 3 */
	bool bare;         /* without any series: many decisions in little time */
	uint64_t repeated; /* operations a run: 200 times this; 0: 100 */
};

struct gate_sample {
	struct mh_result base[GATE_RUNS_MAX], candidate[GATE_RUNS_MAX];
	const struct mh_result *bases[GATE_RUNS_MAX], *candidates[GATE_RUNS_MAX];
	struct mh_gate_cell cell; /* "main" */
	struct mh_gate_rule rule; /* paired, one look, alpha 1 %, no metric yet */
	struct mh_metric parsed[GATE_METRICS_MAX];
	struct mh_gate_metric metrics[GATE_METRICS_MAX];
	struct mh_gate_report report;
	uint64_t look;
};

/* Phase "steady" with the series response, wait (zeros) and the counts of a listener "drv" in "offline": 2,000 calls.
 */
/* Draws new times for all runs of a sample without series, as @plan says. */
void gate_sample_redraw(struct gate_sample *sample, const struct gate_plan *plan);
void gate_sample_make(struct gate_sample *sample, const struct gate_plan *plan);
void gate_sample_release(struct gate_sample *sample);

/* Another series of one run: a lognormal around @median_ns. */
void gate_sample_series(struct mh_result *run, const char *tag, double median_ns, uint64_t repeated);

/* Adds a metric to the rule; returned to be changed. */
struct mh_gate_metric *gate_sample_metric(struct gate_sample *sample, const char *text, double tolerance);

/* Judges the one cell at look 0, into sample->report. */
enum mh_verdict gate_sample_judge(struct gate_sample *sample);

/* The line of that name, which must be there. */
const struct mh_gate_line *gate_sample_line(const struct gate_sample *sample, const char *name);

#endif
