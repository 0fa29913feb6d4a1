/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "costs_sample.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/distribution.h"
#include "results/costs_fit.h"

#define PARTS 4

static const struct {
	struct mh_cost_key key;
	double median_ns, sigma;
} truth[PARTS] = {
	{{MH_COST_STEP, "isolate", ""}, 200000, 0.3},
	{{MH_COST_WALK, "walk", "going_offline"}, 9000, 0.1},
	{{MH_COST_LISTENER, "slab_memory_callback", "going_offline"}, 1500000, 0.5},
	{{MH_COST_LISTENER, "kcore_callback", "offline"}, 700, 0.2},
};

static double lognormal(struct mh_rng *rng, double median, double sigma)
{
	const struct mh_distribution distribution = {.kind = MH_DISTRIBUTION_LOGNORMAL, .a = median, .b = sigma};

	return mh_distribution_draw(&distribution, rng);
}

static void make_operation(const struct costs_sample *sample, struct mh_rng *rng, double factor,
			   struct mh_cost_operation *operation)
{
	if (sample->common_sigma > 0)
		factor *= lognormal(rng, 1, sample->common_sigma);
	operation->parts = calloc(PARTS, sizeof(operation->parts[0]));
	cr_assert(operation->parts);
	operation->part_count = PARTS;
	operation->whole_ns = (uint64_t)(factor * lognormal(rng, 50000, 0.1));
	for (unsigned i = 0; i < PARTS; i++) {
		struct mh_cost_part *part = &operation->parts[i];

		part->key = truth[i].key;
		part->own_ns = (uint64_t)(factor * lognormal(rng, truth[i].median_ns, truth[i].sigma));
		part->whole_ns = part->own_ns;
		operation->whole_ns += part->own_ns;
	}
}

void costs_sample_make(const struct costs_sample *sample, struct mh_costs *ret_costs)
{
	const size_t count = 2 * sample->count;
	struct mh_cost_operation *operations = calloc(count, sizeof(operations[0]));
	struct mh_error error = {.text = ""};
	struct mh_rng rng;

	cr_assert(operations);
	cr_assert_eq(mh_costs_init(ret_costs), 0);
	strcpy(ret_costs->kernel, "6.1.0-made-up");
	strcpy(ret_costs->machine, "CPU of a test");
	strcpy(ret_costs->blocks, "32-35");
	ret_costs->start_unix_ns = UINT64_C(1767225600123456789);
	ret_costs->block_size_bytes = UINT64_C(128) << 20;
	ret_costs->resolution_ns = 1000;
	mh_rng_init(&rng, 7, "test/costs", 0);
	for (size_t i = 0; i < count; i++) {
		operations[i].class = (i & 1 ? MH_COST_ONLINE : 0) | (sample->node ? MH_COST_NODE : 0);
		make_operation(sample, &rng, 2 * i < count ? 1 : sample->later_factor, &operations[i]);
	}
	cr_assert_eq(mh_costs_fit(ret_costs, operations, count, &error), 0, "%s", error.text);
	for (size_t i = 0; i < count; i++)
		free(operations[i].parts);
	free(operations);
}
