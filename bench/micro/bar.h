/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What this program's speed is held to: a bar for each claim, with the instances of benchmarks that it compares, and
 * what was reached.
 */
#ifndef BENCH_MICRO_BAR_H
#define BENCH_MICRO_BAR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

enum mh_bar_kind {
	MH_BAR_RATIO,    /* ns of @of / ns of @to, by the median of the ratios of paired rounds */
	MH_BAR_NS,       /* ns an iteration of @of */
	MH_BAR_MILLIONS, /* millions of iterations of @of in a second of a thread */
	MH_BAR_FIGURE,   /* what @figure says */
};

struct mh_bar;
struct mh_bar_context; /* bar_measure.h */
struct mh_bar_outcome;

struct mh_bar {
	const char *id;   /* as in the table of bars, with a suffix where one stands for several: "B1b-100" */
	const char *says; /* what stands for what is reached, a clause */
	enum mh_bar_kind kind;
	bool at_least; /* else at most */
	double bar;
	double times;       /* what is measured is multiplied by it; 0: by 1 */
	const char *of;     /* whole names of instances */
	const char *to;     /* MH_BAR_RATIO */
	const char *absent; /* MH_BAR_RATIO: stands for @to where that is not there, and makes the bar harder */
	int (*figure)(const struct mh_bar_context *context, const struct mh_bar *bar, struct mh_bar_outcome *outcome,
		      struct mh_error *reterr); /* MH_BAR_FIGURE; returns as mh_bar_measure() */
};

#define MH_BAR_REASON_SIZE 160

struct mh_bar_outcome {
	double reached;                  /* if there is no reason */
	double low, high;                /* quartiles of it, round by round; both 0: there are none */
	char reason[MH_BAR_REASON_SIZE]; /* why it could not be measured; "": it was */
};

enum mh_bar_verdict { MH_BAR_HELD, MH_BAR_MISSED, MH_BAR_NOT_MEASURABLE };

/* What is printed is what is judged: @reached in hundredths, below 1 in thousandths. */
enum mh_bar_verdict mh_bar_judge(const struct mh_bar *bar, const struct mh_bar_outcome *outcome);
/* "B1a 1.07 1.30 held", "B2a-hdr - 0.35 not-measurable: rival absent: …". */
void mh_bar_tell(const struct mh_bar *bar, const struct mh_bar_outcome *outcome, struct mh_text *text);

/* All of them, by id; ends with one without an id. */
extern const struct mh_bar mh_bars[];

#endif
