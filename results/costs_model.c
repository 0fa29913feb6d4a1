/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An operation is predicted as the sum of one draw from each of its class's parts. Draws are independent: parts that
 * are slow together in fact make the measured tail longer than the predicted one, which the validation then finds.
 */
#include "results/costs_model.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"

#define STEPS 1024 /* between the quantiles that a distribution is made of */

const char *const mh_cost_quantile_names[MH_COST_QUANTILES] = {"p50", "p90", "p99"};

static const double quantiles[MH_COST_QUANTILES] = {0.5, 0.9, 0.99};

int mh_cost_distribution(const struct mh_histogram *histogram, struct mh_distribution *ret_distribution)
{
	double *values;

	if (!histogram->count)
		return -ENODATA;
	values = calloc(STEPS + 1, sizeof(values[0]));
	if (!values)
		return -ENOMEM;
	for (unsigned i = 0; i <= STEPS; i++)
		values[i] = mh_histogram_quantile(histogram, (double)i / STEPS);
	*ret_distribution = (struct mh_distribution){
		.kind = MH_DISTRIBUTION_EMPIRICAL,
		.quantiles = values,
		.quantile_count = STEPS + 1,
	};
	return 0;
}

/* Adds a draw of @series to each of @sums. */
static int add_draws(const struct mh_cost_series *series, struct mh_rng *rng, double *sums)
{
	struct mh_distribution distribution;
	int ret = mh_cost_distribution(&series->own, &distribution);

	if (ret < 0)
		return ret;
	for (unsigned i = 0; i < MH_COSTS_DRAWS; i++)
		sums[i] += mh_distribution_draw(&distribution, rng);
	mh_distribution_release(&distribution);
	return 0;
}

/* Ranks as mh_histogram_quantile() has them. */
static int predict(const struct mh_costs *costs, unsigned class, double ret_ns[MH_COST_QUANTILES])
{
	struct mh_histogram sums_ns = {.counts = NULL};
	double *sums = calloc(MH_COSTS_DRAWS, sizeof(sums[0]));
	const struct mh_histogram_layout layout = mh_histogram_layout(&costs->fitted[class]);
	struct mh_rng rng;
	int ret = sums ? mh_histogram_init(&sums_ns, &layout) : -ENOMEM;

	mh_rng_init(&rng, 0, "costs/validate", class);
	for (size_t i = 0; ret == 0 && i < costs->series_count; i++)
		if (costs->series[i].class == class)
			ret = add_draws(&costs->series[i], &rng, sums);
	for (unsigned i = 0; ret == 0 && i < MH_COSTS_DRAWS; i++)
		mh_histogram_record(&sums_ns, (uint64_t)sums[i]);
	for (unsigned i = 0; ret == 0 && i < MH_COST_QUANTILES; i++)
		ret_ns[i] = mh_histogram_quantile(&sums_ns, quantiles[i]);
	mh_histogram_release(&sums_ns);
	free(sums);
	return ret;
}

/* Nothing held out, or all of it 0 ns: no prediction is near. */
static double difference_of(double predicted_ns, double measured_ns)
{
	return measured_ns > 0 ? predicted_ns / measured_ns - 1 : INFINITY;
}

static int check_class(const struct mh_costs *costs, unsigned class, struct mh_cost_prediction *ret_prediction)
{
	struct mh_cost_prediction *check = ret_prediction;
	const struct mh_histogram *held_out = &costs->held_out[class];
	int ret;

	*check = (struct mh_cost_prediction){
		.class = class,
		.held_out = held_out->count,
		.enough = held_out->count >= MH_COSTS_HELD_OUT_MIN,
	};
	ret = predict(costs, class, check->predicted_ns);
	for (unsigned i = 0; i < MH_COST_QUANTILES; i++) {
		check->measured_ns[i] = mh_histogram_quantile(held_out, quantiles[i]);
		check->difference[i] = difference_of(check->predicted_ns[i], check->measured_ns[i]);
	}
	check->holds = fabs(check->difference[MH_COST_P50]) <= MH_COSTS_P50_MAX &&
		       fabs(check->difference[MH_COST_P99]) <= MH_COSTS_P99_MAX;
	return ret;
}

int mh_costs_validate(const struct mh_costs *costs, struct mh_costs_verdict *ret_verdict, struct mh_error *reterr)
{
	struct mh_costs_verdict verdict = {.validated = true};
	int ret = 0;

	for (unsigned class = 0; ret == 0 && class < MH_COST_CLASSES; class ++) {
		struct mh_cost_prediction *check = &verdict.predictions[verdict.count];

		if (!costs->fitted[class].count)
			continue;
		ret = check_class(costs, class, check);
		verdict.validated = verdict.validated && check->enough && check->holds;
		for (unsigned i = 0; i < MH_COST_QUANTILES; i++)
			verdict.difference = fmax(verdict.difference, fabs(check->difference[i]));
		verdict.count++;
	}
	if (ret < 0)
		return mh_error_set(reterr, ret, "no memory to validate the costs");
	*ret_verdict = verdict;
	return 0;
}
