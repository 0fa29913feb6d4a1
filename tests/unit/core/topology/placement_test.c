/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which CPU each worker gets. The host is played by a synthetic machine: 2 nodes, 2 cores each, 2 siblings each; CPUs
 * 0-3 on node 0, 4-7 on node 1, siblings neighbours in number.
 */
#include "core/topology/placement.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "fixture.h"

static const unsigned all[] = {0, 1, 2, 3, 4, 5, 6, 7};
static struct mh_topology *host;

static void set_up(void)
{
	host = load("pack:2 [numa(memory=1GiB)] core:2 pu:2");
	host->is_host = true;
}

static void tear_down(void)
{
	mh_topology_free(host);
}

TestSuite(placement, .init = set_up, .fini = tear_down);

static void check(const struct mh_placement *placement, size_t worker_count, const int *expected)
{
	for (size_t i = 0; i < worker_count; i++) {
		struct mh_error error = {0};
		int cpu = mh_placement_cpu(host, placement, i, worker_count, &error);

		cr_expect_eq(cpu, expected[i], "worker %zu: CPU %d, expected %d %s", i, cpu, expected[i], error.text);
	}
}

static void check_unbound(const struct mh_placement *placement, size_t worker_count, const char *reason)
{
	struct mh_error error = {0};

	cr_assert_eq(mh_placement_cpu(host, placement, 0, worker_count, &error), -1);
	cr_assert_str_eq(error.text, reason, "got \"%s\"", error.text);
}

Test(placement, spread_takes_nodes_in_turn_and_siblings_last)
{
	const struct mh_placement placement = {.policy = MH_PLACEMENT_SPREAD, .allowed = all, .allowed_count = 8};

	check(&placement, 8, (const int[]){0, 4, 2, 6, 1, 5, 3, 7});
}

Test(placement, spread_fills_a_larger_node_before_it_shares_a_core)
{
	const unsigned allowed[] = {0, 1, 4, 6};
	const struct mh_placement placement = {.policy = MH_PLACEMENT_SPREAD, .allowed = allowed, .allowed_count = 4};

	check(&placement, 4, (const int[]){0, 4, 6, 1});
}

Test(placement, pack_takes_siblings_first)
{
	const struct mh_placement placement = {.policy = MH_PLACEMENT_PACK, .allowed = all, .allowed_count = 8};

	check(&placement, 8, (const int[]){0, 1, 2, 3, 4, 5, 6, 7});
}

Test(placement, same_node_takes_the_node_with_most_cpus)
{
	const unsigned allowed[] = {1, 4, 5, 6};
	const struct mh_placement placement = {
		.policy = MH_PLACEMENT_SAME_NODE, .allowed = allowed, .allowed_count = 4};

	check(&placement, 3, (const int[]){4, 6, 5});
	check_unbound(&placement, 4, "4 threads on the same node: no node has more than 3 CPUs to use");
}

Test(placement, cross_node_puts_neighbours_on_different_nodes)
{
	const struct mh_placement placement = {.policy = MH_PLACEMENT_CROSS_NODE, .allowed = all, .allowed_count = 8};

	check(&placement, 4, (const int[]){0, 4, 2, 6});
}

Test(placement, cross_node_needs_two_nodes)
{
	const unsigned allowed[] = {0, 1, 2};
	const struct mh_placement placement = {
		.policy = MH_PLACEMENT_CROSS_NODE, .allowed = allowed, .allowed_count = 3};

	check_unbound(&placement, 2, "threads on different nodes: this process may use the CPUs of one node");
}

Test(placement, more_workers_than_cpus_are_left_unbound)
{
	const struct mh_placement placement = {.policy = MH_PLACEMENT_SPREAD, .allowed = all, .allowed_count = 2};

	check_unbound(&placement, 3, "3 threads for 2 CPUs: oversubscribed, none is bound");
}

Test(placement, a_cpuset_is_taken_in_turn)
{
	const unsigned cpuset[] = {6, 3};
	const struct mh_placement placement = {
		.policy = MH_PLACEMENT_CPUSET, .cpuset = cpuset, .cpuset_count = 2, .allowed = all, .allowed_count = 8};

	check(&placement, 3, (const int[]){6, 3, 6});
}

Test(placement, a_cpu_that_may_not_be_used_is_named)
{
	const unsigned cpuset[] = {9};
	const struct mh_placement placement = {
		.policy = MH_PLACEMENT_CPUSET, .cpuset = cpuset, .cpuset_count = 1, .allowed = all, .allowed_count = 8};
	const struct mh_placement empty = {.policy = MH_PLACEMENT_CPUSET, .allowed = all, .allowed_count = 8};

	check_unbound(&placement, 1, "this process may not use CPU 9 of the cpuset");
	check_unbound(&empty, 1, "a cpuset without CPUs");
}

Test(placement, another_machine_has_no_cpu_to_bind_to)
{
	const struct mh_placement placement = {.policy = MH_PLACEMENT_PACK, .allowed = all, .allowed_count = 8};

	host->is_host = false;
	check_unbound(
		&placement, 1,
		"the topology 'pack:2 [numa(memory=1GiB)] core:2 pu:2' is not this host's: it has no CPU to bind to");
}
