/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding the lone fault, and the tables of its sieves. */
#include "faults/lone.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "faults/fault_set.h"

/* It asks for nothing beyond events and names, and keeps no count. */
static bool is_lone(const struct mh_armed_fault *armed)
{
	return !armed->match.rest && armed->plan.simple && !armed->plan.certain;
}

static int make_workload(struct mh_fault_set *set, unsigned workload, unsigned fault)
{
	struct mh_sieve_workload *made = &set->sieves.workloads[workload];
	unsigned count = set->worker_counts[workload];

	made->workers = calloc(count + 1, sizeof(*made->workers));
	if (!made->workers)
		return -ENOMEM;
	made->worker_count = count;
	for (unsigned i = 0; i < count; i++)
		made->workers[i] = &set->workers[workload][i]->states[fault].sieve;
	return 0;
}

/* By the upper half alone, which is the same folded and unfolded: what is below the threshold is below the limit. */
static uint64_t limit_of(uint64_t threshold)
{
	uint64_t upper = threshold >> 32;

	if (!threshold)
		return 0;
	return upper == UINT32_MAX ? UINT64_MAX : (upper + 1) << 32;
}

static int make_sieves(struct mh_fault_set *set, unsigned fault)
{
	static _Atomic uint64_t last_number;
	struct mh_sieves *sieves = &set->sieves;

	sieves->number = atomic_fetch_add_explicit(&last_number, 1, memory_order_relaxed) + 1;
	sieves->limit = limit_of(set->faults[fault].plan.threshold);
	sieves->workloads = calloc(set->workload_count + 1, sizeof(*sieves->workloads));
	if (!sieves->workloads)
		return -ENOMEM;
	sieves->workload_count = set->workload_count;
	for (unsigned i = 0; i < set->workload_count; i++)
		if (make_workload(set, i, fault) < 0)
			return -ENOMEM;
	return 0;
}

int mh_fault_lone_find(struct mh_fault_set *set)
{
	const struct mh_fault_point *point = &set->points[MH_HOOK_LISTENER];

	/* A census wants to hear of every call. */
	if (set->census.counts || point->count != 1 || !is_lone(&set->faults[point->faults[0]]))
		return 0;
	set->lone = &set->faults[point->faults[0]];
	/* A sieve draws for every listener. */
	return set->lone->match.any_listener ? make_sieves(set, point->faults[0]) : 0;
}

void mh_fault_lone_release(struct mh_fault_set *set)
{
	for (unsigned i = 0; set->sieves.workloads && i < set->workload_count; i++)
		free(set->sieves.workloads[i].workers);
	free(set->sieves.workloads);
}
