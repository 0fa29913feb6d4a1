/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Westfall and Young's step-down max-T. Variables stand by falling observed statistic; under each permutation the k-th
 * is held against the greatest of those that stand at k or after it. The first one's p is that of the whole, and none
 * is less than the one before.
 *
 * Source: Westfall and Young 1993, algorithm 4.1; Ge, Dudoit and Speed 2003, box 4.
 */
#include "results/statistics/max_t.h"

#include <math.h>

#include "results/statistics/permutation.h"

struct step_down {
	size_t variable_count;
	size_t order[MH_MAX_T_VARIABLES];    /* variables by falling statistic */
	double observed[MH_MAX_T_VARIABLES]; /* by variable */
	size_t reached[MH_MAX_T_VARIABLES];  /* by place in the order: permutations that are as far from 0 */
};

static void order_variables(struct step_down *down)
{
	for (size_t i = 0; i < down->variable_count; i++) {
		size_t place = i;

		for (; place > 0 && down->observed[down->order[place - 1]] < down->observed[i]; place--)
			down->order[place] = down->order[place - 1];
		down->order[place] = i;
	}
}

static void count_reached(void *context, const double *statistics)
{
	struct step_down *down = context;
	double greatest = 0;

	for (size_t place = down->variable_count; place > 0; place--) {
		size_t variable = down->order[place - 1];

		greatest = fmax(greatest, statistics[variable]);
		down->reached[place - 1] += greatest >= down->observed[variable] * MH_PERMUTATION_EQUAL;
	}
}

static void adjust(const struct step_down *down, size_t permutations, struct mh_max_t *ret_result)
{
	double least = 0;

	*ret_result = (struct mh_max_t){.permutations = permutations};
	for (size_t place = 0; place < down->variable_count; place++) {
		least = fmax(least, (1 + (double)down->reached[place]) / (1 + (double)permutations));
		ret_result->adjusted[down->order[place]] = least;
	}
	ret_result->p = ret_result->adjusted[down->order[0]];
}

static void step_down(struct mh_permutation *permutation, struct mh_max_t *ret_result)
{
	struct step_down down = {.variable_count = permutation->variable_count};

	mh_permutation_observe(permutation, down.observed);
	order_variables(&down);
	adjust(&down, mh_permutation_each(permutation, count_reached, &down), ret_result);
	mh_permutation_release(permutation);
}

int mh_max_t_paired(const struct mh_max_t_paired *data, struct mh_max_t *ret_result)
{
	struct mh_permutation permutation;
	int ret = mh_permutation_init_paired(data, &permutation);

	if (ret < 0)
		return ret;
	step_down(&permutation, ret_result);
	return 0;
}

int mh_max_t_unpaired(const struct mh_max_t_unpaired *data, struct mh_max_t *ret_result)
{
	struct mh_permutation permutation;
	int ret = mh_permutation_init_unpaired(data, &permutation);

	if (ret < 0)
		return ret;
	step_down(&permutation, ret_result);
	return 0;
}
