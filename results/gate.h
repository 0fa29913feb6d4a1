/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The verdict on two sides of runs: counts first, then times, then words and an exit code. Pure functions over results;
 * who ran them, and when, does not matter here.
 *
 * A judge is asked at each look; its report says whether more pairs are wanted. Source of the rules:
 * docs/methodology.md.
 */
#ifndef RESULTS_GATE_H
#define RESULTS_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "results/metric.h"
#include "results/result.h"
#include "results/slo_runs.h"
#include "results/statistics/interval.h"
#include "results/statistics/shift_function.h"

enum mh_verdict {
	MH_VERDICT_PASS,
	MH_VERDICT_IMPROVED,
	MH_VERDICT_REGRESSED,
	MH_VERDICT_INCONCLUSIVE,
	MH_VERDICT_UNDERPOWERED,
	MH_VERDICT_INVALID,
	MH_VERDICT_INCORRECT,
	MH_VERDICT_NONE, /* shown, not judged: not in the gate, or `times: advisory` */
	MH_VERDICTS,
};

/* "PASS" … */
extern const char *const mh_verdict_names[MH_VERDICTS];

/* One metric of the gate, or a glob over several. */
struct mh_gate_metric {
	const struct mh_metric *metric;
	double tolerance; /* 0.05: 5 % worse is still a pass */
	double floor;     /* as much is no regression yet; 0: 0.6 of the tolerance, or by the calibration */
	bool higher_is_better;
};

struct mh_gate_count_rule {
	const char *glob; /* over names of counts */
	uint64_t increase_max;
};

/* What a calibration of this scenario on this machine knows of a metric. */
struct mh_gate_noise {
	const char *cell, *metric; /* as written */
	double deviation;          /* of ln differences of pairs of identical builds: 1.4826 MAD */
};

#define MH_GATE_LOOKS_MAX 8 /* as MH_LOOKS_MAX: levels are found for no more */

/* The `gate` and `slo` of a scenario as plain data; what it points to is the caller's. */
struct mh_gate_rule {
	bool paired;
	bool compare;     /* shown, not judged: no line can fail, and the verdict is NONE */
	bool counts_only; /* exact counts and correctness: a run a side is enough, times and thresholds are left out */
	bool times_required, undecided_warns;
	double alpha;          /* above 0: of the whole family over all looks */
	const uint64_t *looks; /* pairs, rising, at most MH_GATE_LOOKS_MAX; ignored where runs are no pairs */
	size_t look_count;
	const double *pass_levels; /* of each look, by mh_gate_pass_levels(); NULL: found at each judgement, in 10 ms */
	bool terse;                /* only what the verdict needs: no shape, no shift function, nothing exploratory */
	const struct mh_gate_metric *metrics;
	size_t metric_count;
	const struct mh_gate_count_rule *counts;
	size_t count_count;
	const struct mh_slo_rule *slos;
	size_t slo_count;
	const struct mh_gate_noise *noises;
	size_t noise_count;
	uint64_t seed;       /* of permutations */
	const char *command; /* the gate as it was called: what "run this next" begins with */
};

/* All runs of one cell that count, in order; paired: base[i] with candidate[i]. */
struct mh_gate_cell {
	const char *id;
	const struct mh_result *const *base, *const *candidate;
	size_t base_count, candidate_count;
};

enum mh_gate_line_kind {
	MH_LINE_CORRECTNESS,
	MH_LINE_DATA,
	MH_LINE_COUNT,
	MH_LINE_SLO,
	MH_LINE_TIME,
	MH_LINE_EXPLORATORY, /* a time outside the family: cannot fail, p_adjusted is Benjamini and Hochberg's */
	MH_LINE_KINDS,
};

/* "correctness", "data", "count", "slo", "time", "exploratory". */
extern const char *const mh_gate_line_kind_names[MH_LINE_KINDS];

/* One line of a comparison or a gate. Texts belong to the report. */
struct mh_gate_line {
	enum mh_gate_line_kind kind;
	enum mh_verdict verdict;
	bool gated; /* can it fail the gate? */
	const char *cell, *name;
	enum mh_metric_unit unit;
	double base, candidate;             /* centres: medians of the runs; NAN: none */
	size_t base_count, candidate_count; /* runs, or pairs */
	uint64_t observations;              /* the least of any run that went into it; 0: no such number */
	bool observations_effective;        /* they are independent values, and not just all */
	struct mh_interval ratio;           /* candidate / base by Hodges-Lehmann, with its 95 % interval; times only */
	double bound;            /* the one-sided bound that PASS is decided by, oriented so that larger is worse */
	double bound_level;      /* its level at this look: 0.95 and more */
	double tolerance, floor; /* oriented alike */
	double limit;            /* of an SLO, in the unit; NAN else */
	bool higher_is_better;
	double p, p_adjusted;         /* one-sided: worse */
	double detectable;            /* smallest change that this many runs would find; NAN: not known */
	size_t runs_needed;           /* to decide it; 0: decided, or not known */
	bool shape_changed;           /* max-T over the quantiles of this series */
	double shape_p, dispersion_p; /* two-sided; dispersion: of ln(p90/p10) a run; NAN: not tested */
	const char *words;            /* the verdict as a sentence */
	const char *note;             /* what else is to be known: "one run dominates the tail"; NULL: nothing */
	const char *next;             /* the command to run next; NULL for PASS */
};

/* The shift function of one series of one cell. */
struct mh_gate_shift {
	const char *cell, *series;                     /* "steady/response" */
	size_t quantile_count;                         /* the first of mh_shift_quantiles that had values enough */
	struct mh_interval shifts[MH_SHIFT_QUANTILES]; /* ratios */
};

struct mh_gate_block;

struct mh_gate_report {
	enum mh_verdict verdict; /* of all lines that are gated: the worst by the order of exit codes */
	bool wants_more;         /* no decision yet, and another look is left that could decide */
	size_t look;             /* from 0 */
	size_t look_next;        /* with wants_more: index of that look; those between could decide nothing */
	size_t family;           /* metrics that Holm's adjustment is over */
	double alpha;            /* of this look */
	const char *summary;     /* one sentence */
	struct mh_gate_line *lines;
	size_t line_count;
	struct mh_gate_shift *shifts;
	size_t shift_count;
	struct mh_gate_block *blocks; /* memory of its lists and texts */
};

/**
 * mh_gate_judge - hold all cells against the rule
 * @look: index of rule->looks; the runs given are what there is then
 *
 * Nothing that is missing passes: a metric without a value on either side, a metric that cannot differ, no cell at all.
 * A verdict is of the runs at hand alone: what an earlier look said does not bind a later one.
 *
 * Return: 0 whatever the verdict; -ENOMEM.
 */
int mh_gate_judge(const struct mh_gate_rule *rule, const struct mh_gate_cell *cells, size_t cell_count, size_t look,
		  struct mh_gate_report *ret_report, struct mh_error *reterr);
void mh_gate_report_release(struct mh_gate_report *report); /* safe on a zeroed struct */

/* For many judgements of one rule: the chance of a false PASS that each of its look_count looks may spend, of which
 * only those that can find anything in a family of so many metrics (report->family) are taken. */
void mh_gate_pass_levels(const struct mh_gate_rule *rule, size_t family, double *ret_levels);

/* The one that decides where both are found: by the order of exit codes, then by what is to be cured first. */
enum mh_verdict mh_verdict_worse(enum mh_verdict a, enum mh_verdict b);
/* The exit code's number of a verdict: 0, 1, 3 or 4 (undecided: 0 with @undecided_warns; INVALID is never softened). */
int mh_verdict_exit(enum mh_verdict verdict, bool undecided_warns);

struct mh_show_options;
/* Words first, then the table. */
void mh_gate_show(const struct mh_gate_report *report, const struct mh_gate_rule *rule,
		  const struct mh_show_options *options, struct mh_text *text);
/* schema memhp-bench/gate. */
int mh_gate_json(const struct mh_gate_report *report, const struct mh_gate_rule *rule, struct mh_text *text);

#endif
