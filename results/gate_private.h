/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of the judge share: a report in the making, and the order in which its parts are made. gate.c calls
 * them; each adds lines, or tells more of lines that are there.
 */
#ifndef RESULTS_GATE_PRIVATE_H
#define RESULTS_GATE_PRIVATE_H

#include "results/gate.h"

/* One time of one cell under test. Its values are the report's memory. */
struct mh_gate_case {
	size_t line; /* index in report->lines: the list moves as it grows */
	const struct mh_gate_cell *cell;
	struct mh_metric metric; /* without globs; what it points to is the report's or the rule's */
	double tolerance, floor; /* floor 0: by the tolerance and the noise */
	bool higher_is_better;
	bool valid;               /* it has values to test; else its line says why not */
	double *base, *candidate; /* ln of the values, a run each, oriented so that more is worse */
	double *differences;      /* paired: candidate - base of each pair; else NULL */
	double noise;             /* deviation of ln differences by the calibration; 0: not known */
	double p_worse, p_better; /* one-sided, not adjusted */
	double p_better_adjusted;
	double p_min;                /* the least that so many runs can reach */
	struct mh_interval shown;    /* ln, oriented, two-sided 95 % */
	double change, change_upper; /* ln, oriented: the estimate, and its bound at the level of the look */
	bool futile;                 /* no look to come would decide it */
};

/* What a glob of gate.counts was found to name. */
struct mh_gate_count_use {
	size_t exact, inexact;
};

struct mh_gate {
	const struct mh_gate_rule *rule;
	const struct mh_gate_cell *cells;
	size_t cell_count, look, look_count;
	struct mh_gate_report *report;
	size_t line_capacity, shift_capacity;
	struct mh_gate_case *cases; /* those in the family, then the others */
	size_t case_count, case_capacity;
	struct mh_gate_count_use *count_uses; /* of each of the rule's count_count globs */
	double pass_level;                    /* the chance of a false PASS that this look may spend */
	struct mh_gate_line nowhere;          /* stands for a line that found no memory: written, never shown */
	bool failed;                          /* memory ran out */
};

/* gate_report.c: zeroed memory, texts and lines that live as long as the report; NULL or "" and gate->failed. */
void *mh_gate_allocate(struct mh_gate *gate, size_t size);
const char *mh_gate_format(struct mh_gate *gate, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Nothing is measured yet: NAN where a number may be missing. Gated, unless the rule only compares. */
struct mh_gate_line *mh_gate_add_line(struct mh_gate *gate, enum mh_gate_line_kind kind, enum mh_verdict verdict,
				      const char *cell, const char *name);
/* What a line ends with: a line that is not gated has no verdict, and says in words what it would have had. */
void mh_gate_decide(struct mh_gate *gate, struct mh_gate_line *line, enum mh_verdict verdict, const char *words);
/* A list that has room for one more item, and that item, zeroed; NULL when memory ran out. */
void *mh_gate_grow(struct mh_gate *gate, void *items_pointer, size_t *count, size_t *capacity, size_t size);
int mh_gate_compare_doubles(const void *a, const void *b); /* for qsort */
/* COMMAND and what goes behind it; NULL where the rule names no command. */
const char *mh_gate_next(struct mh_gate *gate, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* gate_data.c: what of a cell can be used. */
struct mh_gate_usable {
	bool counts, times;
};
struct mh_gate_usable mh_gate_check_cell(struct mh_gate *gate, const struct mh_gate_cell *cell);
/* "base", "candidate"; how a run is called in a sentence: "candidate run 3 (01ARZ…)". */
const char *mh_gate_run_name(struct mh_gate *gate, const struct mh_gate_cell *cell, bool candidate, size_t index);

/* gate_counts.c */
void mh_gate_counts(struct mh_gate *gate, const struct mh_gate_cell *cell);
void mh_gate_count_rules(struct mh_gate *gate); /* globs that named nothing */
/* gate_count_words.c: "drv calls synchronize_rcu 1 time more in each MEM_OFFLINE: 0 before, 2,000 now". */
struct mh_gate_count {
	const char *name;
	uint64_t base, candidate;
	uint64_t calls; /* of the same listener for the same event, on either side; 0: not known, or they differ */
};
void mh_gate_count_words(const struct mh_gate_count *count, struct mh_text *text);
/* "PHASE/calls/LISTENER/EVENT" of a count of what a listener does in an event; false: it is none. */
bool mh_gate_count_calls(const char *name, char *buffer, size_t size);

/* gate_expand.c: a case and a line for each time that the rule's metrics name in the cell. */
void mh_gate_expand(struct mh_gate *gate, const struct mh_gate_cell *cell);
/* A case and its line. */
struct mh_gate_case *mh_gate_add_case(struct mh_gate *gate, const struct mh_gate_cell *cell,
				      const struct mh_metric *metric, enum mh_gate_line_kind kind);
/* The tags of all runs of a cell, sorted, each once; texts of the runs. */
const char **mh_gate_tags(struct mh_gate *gate, const struct mh_gate_cell *cell, size_t *ret_count);

/* gate_sample.c: the values of a case out of its runs; or its line says why there are none. */
void mh_gate_sample(struct mh_gate *gate, struct mh_gate_case *item);

/* gate_times.c: tests of the whole family, then the rule. */
void mh_gate_times(struct mh_gate *gate);
void mh_gate_test(struct mh_gate *gate, struct mh_gate_case *item);
/* gate_time_words.c: verdict and sentence of a time, and what to run next. */
void mh_gate_time_words(struct mh_gate *gate, const struct mh_gate_case *item, enum mh_verdict verdict);
/* gate_power.c: what so many runs would find, and how many would decide it. */
#define MH_GATE_RUNS_MAX 1000 /* more than that nobody waits for */
void mh_gate_power(struct mh_gate *gate, const struct mh_gate_case *item);
/* Of mh_gate's pass_level; the family must be known. */
double mh_gate_pass_level(const struct mh_gate *gate);
/* The least number of pairs, or of runs a side, that can find anything significant in this family. */
size_t mh_gate_runs_least(const struct mh_gate *gate);

/* gate_shape.c: tells more of lines that are there. */
void mh_gate_shapes(struct mh_gate *gate);
/* gate_explore.c: cases outside the family, before they are sampled; what was found in them, after. */
void mh_gate_explore(struct mh_gate *gate, const struct mh_gate_cell *cell);
void mh_gate_discover(struct mh_gate *gate);
/* gate_slo.c */
void mh_gate_slos(struct mh_gate *gate, const struct mh_gate_cell *cell);
/* gate_summary.c: verdict, summary, and whether more is wanted. */
void mh_gate_conclude(struct mh_gate *gate);

/* "12,345 ns" for people, by unit; into a buffer of MH_GATE_NUMBER bytes. */
#define MH_GATE_NUMBER 64
char *mh_gate_number(char buffer[MH_GATE_NUMBER], double value, enum mh_metric_unit unit);

#endif
