/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From operations as they were seen, one after the other, to their costs.
 */
#ifndef RESULTS_COSTS_FIT_H
#define RESULTS_COSTS_FIT_H

#include "results/costs.h"

/* What one operation spent in one part of it, all calls together. */
struct mh_cost_part {
	struct mh_cost_key key;
	uint64_t whole_ns, own_ns;
};

struct mh_cost_operation {
	unsigned class;
	uint64_t whole_ns;          /* of the write */
	struct mh_cost_part *parts; /* each key once */
	size_t part_count;
};

/**
 * mh_costs_fit - make the histograms
 * @operations: in the order of time, those that succeeded and were seen whole
 * @costs: of mh_costs_init(), with its header
 *
 * Of each class the earlier half is fitted (the one in the middle, too) and the later half held out. Return: 0;
 * -ENOMEM; -E2BIG more than MH_COSTS_SERIES_MAX parts; -ENODATA no operation at all; with a sentence.
 */
int mh_costs_fit(struct mh_costs *costs, const struct mh_cost_operation *operations, size_t count,
		 struct mh_error *reterr);

#endif
