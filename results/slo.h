/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Absolute thresholds on the numbers of a run, `METRIC OP VALUE`, as in k6. One run gives one point value: there is no
 * noise band around it, and the report says so.
 */
#ifndef RESULTS_SLO_H
#define RESULTS_SLO_H

#include <stdbool.h>

#include "base/error.h"
#include "results/metric.h"

enum mh_slo_operator {
	MH_SLO_LESS,
	MH_SLO_LESS_EQUAL,
	MH_SLO_GREATER,
	MH_SLO_GREATER_EQUAL,
	MH_SLO_EQUAL,
	MH_SLO_NOT_EQUAL
};

struct mh_threshold {
	char *text; /* as written; owned */
	struct mh_metric metric;
	enum mh_slo_operator sign;
	double value; /* in the unit of the metric: ns, ppb, a count, per second, a plain number */
};

/**
 * mh_threshold_parse - read "METRIC OP VALUE"
 *
 * OP: < <= > >= == !=, the last two on counts only: nobody can promise that two floating-point numbers are equal. VALUE
 * has the unit that the metric needs: 500us, 0.1%, 50, 2000/s, 1.5.
 *
 * Return: 0; -EINVAL with a sentence; -ENOMEM.
 */
int mh_threshold_parse(const char *text, struct mh_threshold *ret_threshold, struct mh_error *reterr);
void mh_threshold_release(struct mh_threshold *threshold);
bool mh_threshold_holds(const struct mh_threshold *threshold, double value);
/**
 * mh_slo_evaluate - judge one threshold on a result and add the outcome to result->slos
 *
 * A metric that the result does not have, or has no value for, fails: the reason stands beside it. Return: 0 whatever
 * the outcome; -ENOMEM.
 */
int mh_slo_evaluate(struct mh_result *result, const struct mh_threshold *threshold, bool require);

#endif
