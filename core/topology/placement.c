/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each policy is an order of the CPUs that are both in the topology and allowed; worker i takes the i-th. The orders
 * are made of ranks: how many-th CPU of its core, core of its node, node of the machine a CPU is.
 */
#include "core/topology/placement.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

struct candidate {
	const struct mh_topology_cpu *cpu;
	unsigned core_rank; /* among the candidates of its core: 0 is the first sibling */
	unsigned node_rank; /* among the candidates of its node, first siblings first */
	unsigned key[3];    /* the policy's order */
};

static bool is_allowed(const struct mh_placement *placement, unsigned number)
{
	for (size_t i = 0; i < placement->allowed_count; i++)
		if (placement->allowed[i] == number)
			return true;
	return false;
}

static int compare_keys(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	for (size_t i = 0; i < sizeof(a->key) / sizeof(a->key[0]); i++)
		if (a->key[i] != b->key[i])
			return a->key[i] < b->key[i] ? -1 : 1;
	return a->cpu->number < b->cpu->number ? -1 : a->cpu->number > b->cpu->number;
}

static void sort_by(struct candidate *candidates, size_t count, unsigned (*key)(const struct candidate *, unsigned))
{
	for (size_t i = 0; i < count; i++)
		for (unsigned k = 0; k < 3; k++)
			candidates[i].key[k] = key(&candidates[i], k);
	qsort(candidates, count, sizeof(*candidates), compare_keys);
}

static unsigned key_core(const struct candidate *candidate, unsigned k)
{
	return k == 0 ? candidate->cpu->core : 0;
}

static unsigned key_node_siblings_last(const struct candidate *candidate, unsigned k)
{
	const unsigned keys[] = {candidate->cpu->node, candidate->core_rank, candidate->cpu->core};

	return keys[k];
}

/* First siblings of all nodes in turn, then second siblings: nodes change fastest. */
static unsigned key_spread(const struct candidate *candidate, unsigned k)
{
	const unsigned keys[] = {candidate->core_rank, candidate->node_rank, candidate->cpu->node};

	return keys[k];
}

/* Nodes in turn, whatever the siblings. */
static unsigned key_cross(const struct candidate *candidate, unsigned k)
{
	const unsigned keys[] = {candidate->node_rank, candidate->cpu->node, 0};

	return keys[k];
}

static unsigned key_pack(const struct candidate *candidate, unsigned k)
{
	const unsigned keys[] = {candidate->cpu->node, candidate->cpu->package, candidate->cpu->core};

	return keys[k];
}

static void rank(struct candidate *candidates, size_t count)
{
	sort_by(candidates, count, key_core);
	for (size_t i = 1; i < count; i++)
		if (candidates[i].cpu->core == candidates[i - 1].cpu->core)
			candidates[i].core_rank = candidates[i - 1].core_rank + 1;
	sort_by(candidates, count, key_node_siblings_last);
	for (size_t i = 1; i < count; i++)
		if (candidates[i].cpu->node == candidates[i - 1].cpu->node)
			candidates[i].node_rank = candidates[i - 1].node_rank + 1;
}

/* The CPUs that may be used, ranked; in the order of nodes, first siblings first. */
static int candidates_make(const struct mh_topology *host, const struct mh_placement *placement,
			   struct candidate **ret_candidates, size_t *ret_count, struct mh_error *reterr)
{
	struct candidate *candidates = calloc(host->cpu_count, sizeof(*candidates));
	size_t count = 0;

	if (!candidates)
		return mh_error_set(reterr, -ENOMEM, "no memory to place threads on %zu CPUs", host->cpu_count);
	for (size_t i = 0; i < host->cpu_count; i++)
		if (is_allowed(placement, host->cpus[i].number))
			candidates[count++].cpu = &host->cpus[i];
	rank(candidates, count);
	*ret_candidates = candidates;
	*ret_count = count;
	return 0;
}

/* Candidates are in the order of nodes: the longest run of one node, if it is long enough. */
static int same_node(const struct candidate *candidates, size_t count, size_t worker, size_t worker_count,
		     struct mh_error *reterr)
{
	size_t best_start = 0, best_length = 0, start = 0;

	for (size_t i = 0; i < count; i++) {
		if (candidates[i].cpu->node != candidates[start].cpu->node)
			start = i;
		if (i + 1 - start > best_length) {
			best_start = start;
			best_length = i + 1 - start;
		}
	}
	if (worker_count > best_length)
		return mh_error_set(reterr, -ENOSPC,
				    "%zu threads on the same node: no node has more than %zu CPUs to use", worker_count,
				    best_length);
	return (int)candidates[best_start + worker].cpu->number;
}

static int cross_node(struct candidate *candidates, size_t count, size_t worker, struct mh_error *reterr)
{
	if (candidates[0].cpu->node == candidates[count - 1].cpu->node)
		return mh_error_set(reterr, -ENOSPC,
				    "threads on different nodes: this process may use the CPUs of one node");
	sort_by(candidates, count, key_cross);
	return (int)candidates[worker].cpu->number;
}

static int from_cpuset(const struct mh_placement *placement, size_t worker, struct mh_error *reterr)
{
	if (!placement->cpuset_count)
		return mh_error_set(reterr, -EINVAL, "a cpuset without CPUs");
	unsigned number = placement->cpuset[worker % placement->cpuset_count];

	if (!is_allowed(placement, number))
		return mh_error_set(reterr, -EINVAL, "this process may not use CPU %u of the cpuset", number);
	return (int)number;
}

static int choose(struct candidate *candidates, size_t count, enum mh_placement_policy policy, size_t worker,
		  size_t worker_count, struct mh_error *reterr)
{
	if (worker >= worker_count || worker_count > count)
		return mh_error_set(reterr, -ENOSPC, "%zu threads for %zu CPUs: oversubscribed, none is bound",
				    worker_count, count);
	switch (policy) {
	case MH_PLACEMENT_SAME_NODE:
		return same_node(candidates, count, worker, worker_count, reterr);
	case MH_PLACEMENT_CROSS_NODE:
		return cross_node(candidates, count, worker, reterr);
	case MH_PLACEMENT_PACK:
		sort_by(candidates, count, key_pack);
		return (int)candidates[worker].cpu->number;
	default:
		sort_by(candidates, count, key_spread);
		return (int)candidates[worker].cpu->number;
	}
}

int mh_placement_cpu(const struct mh_topology *host, const struct mh_placement *placement, size_t worker,
		     size_t worker_count, struct mh_error *reterr)
{
	struct candidate *candidates;
	size_t count;
	int cpu;

	if (placement->policy == MH_PLACEMENT_CPUSET)
		cpu = from_cpuset(placement, worker, reterr);
	else if (!host->is_host)
		cpu = mh_error_set(reterr, -EINVAL, "the topology '%s' is not this host's: it has no CPU to bind to",
				   host->source);
	else {
		cpu = candidates_make(host, placement, &candidates, &count, reterr);
		if (cpu == 0) {
			cpu = choose(candidates, count, placement->policy, worker, worker_count, reterr);
			free(candidates);
		}
	}
	return cpu < 0 ? -1 : cpu;
}
