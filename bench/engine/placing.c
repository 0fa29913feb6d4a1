/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Groups of threads are placed one after the other, each on the CPUs that those before it have left. A group is one
 * workload, or for pack and spread all workloads of the phase that ask for it: spread means away from each other.
 */
#include "bench/engine/placing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/topology/placement.h"

#define EVERY_WORKLOAD SIZE_MAX

struct state {
	const struct mh_placing *placing;
	const struct mh_scenario *scenario;
	const struct mh_scenario_phase *phase;
	unsigned *left; /* CPUs that no group has */
	size_t left_count;
	int *cpus;
	struct mh_error *reterr;
};

static bool is_in(const struct mh_scenario_phase *phase, size_t workload)
{
	for (size_t i = 0; i < phase->workloads.count; i++)
		if (phase->workloads.items[i] == workload)
			return true;
	return false;
}

unsigned mh_placing_threads(const struct mh_scenario *scenario, const struct mh_scenario_phase *phase)
{
	unsigned count = 0;

	for (size_t i = 0; i < scenario->workload_count; i++)
		if (is_in(phase, i))
			count += (unsigned)scenario->workloads[i].threads;
	return count;
}

/* Those of the phase that belong to the group of @policy, or only @workload. */
static bool is_member(const struct state *state, enum mh_placement_policy policy, size_t workload, size_t index)
{
	return is_in(state->phase, index) && state->scenario->workloads[index].placement == (int)policy &&
	       (workload == EVERY_WORKLOAD || workload == index);
}

static size_t group_threads(const struct state *state, enum mh_placement_policy policy, size_t workload)
{
	size_t count = 0;

	for (size_t i = 0; i < state->scenario->workload_count; i++)
		if (is_member(state, policy, workload, i))
			count += state->scenario->workloads[i].threads;
	return count;
}

static const char *remedy(enum mh_placement_policy policy)
{
	switch (policy) {
	case MH_PLACEMENT_CPUSET:
		return "name others in 'cpuset', or let the process use it";
	case MH_PLACEMENT_CROSS_NODE:
		return "write 'placement: spread', lower 'threads', or run where there are more nodes";
	default:
		return "write 'placement: spread', or lower 'threads'";
	}
}

static const char *policy_name(enum mh_placement_policy policy)
{
	static const char *const names[] = {"spread", "pack", "same-node", "cross-node", "cpuset"};

	return names[policy];
}

static int refuse(struct state *state, const struct mh_scenario_workload *workload, const char *reason)
{
	enum mh_placement_policy policy = (enum mh_placement_policy)workload->placement;

	return mh_error_set(state->reterr, -ENOSPC, "workload '%s': placement: %s: %s: %s", workload->name,
			    policy_name(policy), reason, remedy(policy));
}

static int place_worker(struct state *state, const struct mh_scenario_workload *workload,
			const struct mh_placement *placement, size_t worker, size_t worker_count, int *ret_cpu)
{
	struct mh_error reason = {.text = ""};

	if (!state->placing->host)
		return refuse(state, workload, "what CPUs this host has is not known");
	*ret_cpu = mh_placement_cpu(state->placing->host, placement, worker, worker_count, &reason);
	return *ret_cpu < 0 ? refuse(state, workload, reason.text) : 0;
}

/* The numbers of a cpuset, in their order; the caller's to free. */
static unsigned *expand(const struct mh_range_list *ranges, size_t *ret_count)
{
	size_t count = 0;
	unsigned *numbers;

	for (size_t i = 0; i < ranges->count; i++)
		count += (size_t)(ranges->items[i].to - ranges->items[i].from + 1);
	numbers = calloc(count + 1, sizeof(*numbers));
	*ret_count = 0;
	for (size_t i = 0; numbers && i < ranges->count; i++)
		for (int64_t number = ranges->items[i].from; number <= ranges->items[i].to; number++)
			numbers[(*ret_count)++] = (unsigned)number;
	return numbers;
}

static int place_members(struct state *state, enum mh_placement_policy policy, size_t workload,
			 const struct mh_placement *placement)
{
	size_t count = group_threads(state, policy, workload), placed = 0, at = 0;

	for (size_t i = 0; i < state->scenario->workload_count; i++) {
		const struct mh_scenario_workload *of = &state->scenario->workloads[i];

		for (size_t worker = 0; is_in(state->phase, i) && worker < of->threads; worker++, at++) {
			int ret;

			if (!is_member(state, policy, workload, i))
				continue;
			ret = place_worker(state, of, placement, placed++, count, &state->cpus[at]);
			if (ret < 0)
				return ret;
		}
	}
	return 0;
}

static void take_from_left(struct state *state)
{
	size_t kept = 0, threads = mh_placing_threads(state->scenario, state->phase);

	for (size_t i = 0; i < state->left_count; i++) {
		bool taken = false;

		for (size_t worker = 0; worker < threads && !taken; worker++)
			taken = state->cpus[worker] == (int)state->left[i];
		if (!taken)
			state->left[kept++] = state->left[i];
	}
	state->left_count = kept;
}

static int place_group(struct state *state, enum mh_placement_policy policy, size_t workload)
{
	struct mh_placement placement = {
		.policy = policy,
		.allowed = state->left,
		.allowed_count = state->left_count,
	};
	unsigned *cpuset = NULL;
	int ret;

	if (policy == MH_PLACEMENT_CPUSET) {
		cpuset = expand(&state->scenario->workloads[workload].cpuset, &placement.cpuset_count);
		if (!cpuset)
			return mh_error_set(state->reterr, -ENOMEM, "no memory to place threads");
		placement.cpuset = cpuset;
		/* Those of another cpuset, too: who names a CPU twice wants it so. */
		placement.allowed = state->placing->cpus;
		placement.allowed_count = state->placing->cpu_count;
	}
	ret = place_members(state, policy, workload, &placement);
	free(cpuset);
	if (ret == 0)
		take_from_left(state);
	return ret;
}

static int place_demands(struct state *state)
{
	static const enum mh_placement_policy demands[] = {MH_PLACEMENT_CPUSET, MH_PLACEMENT_SAME_NODE,
							   MH_PLACEMENT_CROSS_NODE};

	for (size_t d = 0; d < sizeof(demands) / sizeof(demands[0]); d++)
		for (size_t i = 0; i < state->scenario->workload_count; i++) {
			int ret = is_member(state, demands[d], i, i) ? place_group(state, demands[d], i) : 0;

			if (ret < 0)
				return ret;
		}
	return 0;
}

static int place_rest(struct state *state)
{
	size_t pack = group_threads(state, MH_PLACEMENT_PACK, EVERY_WORKLOAD);
	size_t spread = group_threads(state, MH_PLACEMENT_SPREAD, EVERY_WORKLOAD);
	int ret = 0;

	if (!state->placing->host || pack + spread > state->left_count)
		return 0;
	if (pack)
		ret = place_group(state, MH_PLACEMENT_PACK, EVERY_WORKLOAD);
	if (ret == 0 && spread)
		ret = place_group(state, MH_PLACEMENT_SPREAD, EVERY_WORKLOAD);
	return ret;
}

static bool is_shared(const int *cpus, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (cpus[i] >= 0 && cpus[i] == cpus[j])
				return true;
	return false;
}

int mh_placing_cpus(const struct mh_placing *placing, const struct mh_scenario *scenario,
		    const struct mh_scenario_phase *phase, int *ret_cpus, bool *ret_shared, struct mh_error *reterr)
{
	struct state state = {
		.placing = placing,
		.scenario = scenario,
		.phase = phase,
		.left = calloc(placing->cpu_count + 1, sizeof(*state.left)),
		.left_count = placing->cpu_count,
		.cpus = ret_cpus,
		.reterr = reterr,
	};
	size_t threads = mh_placing_threads(scenario, phase);
	int ret;

	if (!state.left)
		return mh_error_set(reterr, -ENOMEM, "no memory to place threads");
	if (placing->cpu_count)
		memcpy(state.left, placing->cpus, placing->cpu_count * sizeof(*state.left));
	for (size_t i = 0; i < threads; i++)
		ret_cpus[i] = -1;
	ret = place_demands(&state);
	if (ret == 0)
		ret = place_rest(&state);
	if (ret == 0)
		*ret_shared = is_shared(ret_cpus, threads);
	free(state.left);
	return ret;
}
