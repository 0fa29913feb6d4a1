/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of the results: one repetition of an instance, or what its repetitions come to. */
#ifndef BENCH_MICRO_ROW_H
#define BENCH_MICRO_ROW_H

#include "base/text.h"
#include "bench/micro/repetition.h"
#include "bench/micro/unit.h"

struct mh_row {
	const struct mh_instance *instance;
	const char *aggregate; /* "mean", "median", "stddev", "cv"; NULL: a repetition */
	bool is_share;         /* of an aggregate: times and counters are shares of the mean */
	unsigned repetitions, repetition;
	uint64_t iterations; /* of all threads; of an aggregate: repetitions that it is of */
	const struct mh_time_unit *unit;
	double real, cpu;            /* an iteration, in the unit */
	struct mh_counters counters; /* as they are told */
	const char *label;           /* "": none */
	const char *skipped;         /* why there is no time; "": there is */
	/* Of a repetition: what is to be doubted. */
	unsigned samples, retaken, preempted, stepped_back;
	unsigned core; /* enum mh_core_doubt */
	double ghz, loop_ns;
	bool no_body; /* less than half a cycle an iteration */
};

struct mh_row_context {
	const struct mh_instance *instance;
	const struct mh_time_unit *unit;
	unsigned repetitions, repetition;
	struct mh_core_probe core;
	unsigned core_doubts;
	bool judge_body; /* ask whether an iteration took any time */
};

/* @repetition outlives the row. */
void mh_row_make(struct mh_row *row, const struct mh_row_context *context, const struct mh_repetition *repetition);

/* "chain/walk/3_mean" */
void mh_row_add_name(const struct mh_row *row, struct mh_text *text);

/* A sentence for each doubt, a line each. */
void mh_row_add_doubts(const struct mh_row *row, struct mh_text *text);

#endif
