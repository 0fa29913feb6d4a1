/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A threshold held against several runs of the same thing: against a bound on what the runs show, not against luck.
 */
#ifndef RESULTS_SLO_RUNS_H
#define RESULTS_SLO_RUNS_H

#include <stdbool.h>
#include <stddef.h>

#include "results/result.h"
#include "results/slo.h"

enum mh_slo_require {
	MH_SLO_UCB95,  /* the one-sided 95 % bound of the median of the runs, on the side of the limit */
	MH_SLO_MEDIAN, /* the median of the runs */
	MH_SLO_ALL,    /* the worst run */
	MH_SLO_SHARE,  /* at least share_of runs of each share_count, rounded up */
};

struct mh_slo_rule {
	const struct mh_threshold *threshold;
	enum mh_slo_require require;
	unsigned share_of, share_count; /* MH_SLO_SHARE: k/n, 1 <= k <= n */
};

struct mh_slo_verdict {
	bool ok;
	double value;     /* what was held against the limit, in the metric's unit; NAN: there is none */
	double median;    /* of the runs; NAN: there is none */
	size_t holding;   /* runs that hold it by themselves */
	char words[1200]; /* the sentence: what was held against the limit, and why so */
};

/**
 * mh_slo_judge_runs - hold @runs against a rule
 *
 * A run without a value, an empty series among them, breaches it; so does no run at all. With one run the bound is the
 * value itself, with less than five the worst of them: no order of so few values gives 95 %. Return: 0 whatever the
 * outcome; -ENOMEM.
 */
int mh_slo_judge_runs(const struct mh_slo_rule *rule, const struct mh_result *const *runs, size_t run_count,
		      struct mh_slo_verdict *ret_verdict);

#endif
