/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recorded costs as what they are replayed by: a distribution for each part, drawn from independently; and how far the
 * sum of such draws can be believed.
 */
#ifndef RESULTS_COSTS_MODEL_H
#define RESULTS_COSTS_MODEL_H

#include "base/distribution.h"
#include "results/costs.h"

#define MH_COSTS_DRAWS        50000u /* operations that a prediction is made of */
#define MH_COSTS_HELD_OUT_MIN 200u   /* of a class: fewer say nothing of its p99 */
#define MH_COSTS_P50_MAX      0.25   /* |predicted / measured - 1| that a validated recording may have */
#define MH_COSTS_P99_MAX      0.5

/* The distribution of a part's durations, ns; to be released by mh_distribution_release(). 0; -ENODATA it is empty;
 * -ENOMEM. */
int mh_cost_distribution(const struct mh_histogram *histogram, struct mh_distribution *ret_distribution);

enum mh_cost_quantile { MH_COST_P50, MH_COST_P90, MH_COST_P99, MH_COST_QUANTILES };

extern const char *const mh_cost_quantile_names[MH_COST_QUANTILES];

/* One class. */
struct mh_cost_prediction {
	unsigned class;
	uint64_t held_out; /* operations */
	double predicted_ns[MH_COST_QUANTILES], measured_ns[MH_COST_QUANTILES];
	double difference[MH_COST_QUANTILES]; /* predicted / measured - 1 */
	bool enough;                          /* held_out is at least MH_COSTS_HELD_OUT_MIN */
	bool holds;                           /* p50 and p99 lie within the bounds */
};

struct mh_costs_verdict {
	bool validated;    /* each class has enough and holds */
	double difference; /* the largest of all, without its sign */
	struct mh_cost_prediction predictions[MH_COST_CLASSES];
	size_t count;
};

/* Predicts the held-out operations by the fitted ones, always by the same draws. 0 or -ENOMEM. */
int mh_costs_validate(const struct mh_costs *costs, struct mh_costs_verdict *ret_verdict, struct mh_error *reterr);

/* Words first, then a table. */
void mh_costs_verdict_show(const struct mh_costs *costs, const struct mh_costs_verdict *verdict, struct mh_text *text);
/* The same as a document, schema memhp-bench/costs-verdict. 0 or -ENOMEM. */
int mh_costs_verdict_write(const struct mh_costs *costs, const struct mh_costs_verdict *verdict, struct mh_text *text,
			   struct mh_error *reterr);

/* The durations of each part by class: operations in which it took a time, p50 and p99 without what is inside it, p50
 * with it; and what was not seen. */
void mh_costs_parts_show(const struct mh_costs *costs, struct mh_text *text);

/* "validated to 12 %" or "costs: not validated". */
void mh_costs_verdict_words(const struct mh_costs_verdict *verdict, char ret_words[64]);

#endif
