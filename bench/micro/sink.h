/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where results go: stdout, a file; each in its format. What is written is flushed, so that a stopped run leaves it. */
#ifndef BENCH_MICRO_SINK_H
#define BENCH_MICRO_SINK_H

#include <stdbool.h>
#include <stdio.h>

#include "bench/micro/context.h"
#include "bench/micro/instance.h"
#include "bench/micro/ratio.h"
#include "bench/micro/row.h"

/* One ratio, as it is told. */
struct mh_ratio_line {
	const char *candidate, *base;    /* names */
	const char *skipped;             /* why there is none: a sentence; NULL: there is */
	double candidate_ns, base_ns;    /* an iteration and thread, medians */
	struct mh_round_quartiles ratio; /* candidate / base, round by round */
	struct mh_interval interval;     /* of the median */
	unsigned rounds;
	unsigned retaken, preempted, shared_again, shared, frequency_changes, stepped_back;
	double ghz_min, ghz_max; /* of the core */
};

#define MH_RATIO_CONFIDENCE 0.95

struct mh_sink;

/* One format. Rows come before ratios. */
struct mh_sink_format {
	void (*begin)(struct mh_sink *sink, const struct mh_micro_context *context);
	void (*row)(struct mh_sink *sink, const struct mh_row *row);
	void (*ratio)(struct mh_sink *sink, const struct mh_ratio_line *line);
	void (*end)(struct mh_sink *sink);
};

extern const struct mh_sink_format mh_sink_console, mh_sink_json;

struct mh_sink {
	const struct mh_sink_format *format;
	FILE *stream;
	bool aggregates_only; /* leaves out repetitions where there are aggregates */
	bool colour, tabular; /* console */
	unsigned name_width;  /* console: of the longest name */
	unsigned row_count, ratio_count;
	struct mh_counters columns; /* console, tabular: those of the table that stands */
	bool failed;                /* memory ran out, or the stream failed */
};

void mh_sink_begin(struct mh_sink *sink, const struct mh_micro_context *context);
void mh_sink_row(struct mh_sink *sink, const struct mh_row *row);
void mh_sink_ratio(struct mh_sink *sink, const struct mh_ratio_line *line);
void mh_sink_end(struct mh_sink *sink);

#endif
