/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which CPU each thread of a phase gets, on a host of two nodes with two cores of two CPUs each: 0 1 | 2 3 and
 * 4 5 | 6 7.
 */
#include "bench/engine/placing.h"

#include <criterion/criterion.h>
#include <errno.h>

#include "core/topology/placement.h"

#define THREADS_MAX 16

static struct mh_topology *host;
static const unsigned all[] = {0, 1, 2, 3, 4, 5, 6, 7};

static void set_up(void)
{
	struct mh_error error;

	cr_assert_eq(mh_topology_load("pack:2 [numa(memory=1GiB)] core:2 pu:2", 0, &host, &error), 0, "%s", error.text);
	host->is_host = true;
}

static void tear_down(void)
{
	mh_topology_free(host);
}

TestSuite(placing, .init = set_up, .fini = tear_down);

static struct mh_scenario_workload workload(int placement, uint64_t threads)
{
	return (struct mh_scenario_workload){.name = (char *)"work", .placement = placement, .threads = threads};
}

struct answer {
	int ret;
	int cpus[THREADS_MAX];
	bool shared;
	struct mh_error error;
};

/* All @workloads in one phase; the process may use the first @cpu_count CPUs. */
static struct answer place(struct mh_scenario_workload *workloads, size_t count, size_t cpu_count)
{
	size_t items[] = {0, 1, 2, 3};
	struct mh_scenario scenario = {.workloads = workloads, .workload_count = count};
	struct mh_scenario_phase phase = {.workloads = {items, count}};
	const struct mh_placing placing = {host, all, cpu_count};
	struct answer answer = {.error = {.text = ""}};

	cr_assert_leq(mh_placing_threads(&scenario, &phase), THREADS_MAX);
	answer.ret = mh_placing_cpus(&placing, &scenario, &phase, answer.cpus, &answer.shared, &answer.error);
	return answer;
}

static void expect_cpus(const struct answer *answer, const int *expected, size_t count)
{
	cr_assert_eq(answer->ret, 0, "%s", answer->error.text);
	for (size_t i = 0; i < count; i++)
		cr_expect_eq(answer->cpus[i], expected[i], "thread %zu: CPU %d, not %d", i, answer->cpus[i],
			     expected[i]);
}

Test(placing, workloads_that_spread_do_so_together)
{
	struct mh_scenario_workload two[] = {workload(MH_PLACEMENT_SPREAD, 1), workload(MH_PLACEMENT_SPREAD, 3)};
	struct answer answer = place(two, 2, 8);

	expect_cpus(&answer, (const int[]){0, 4, 2, 6}, 4);
	cr_expect_not(answer.shared);
}

Test(placing, what_is_demanded_comes_first_and_nobody_else_gets_it)
{
	static struct mh_range range = {4, 5};
	struct mh_scenario_workload three[] = {workload(MH_PLACEMENT_SPREAD, 2), workload(MH_PLACEMENT_SAME_NODE, 3),
					       workload(MH_PLACEMENT_CPUSET, 2)};
	struct answer answer;

	three[2].cpuset = (struct mh_range_list){&range, 1};
	answer = place(three, 3, 8);
	/* The cpuset has 4 and 5, so the three find their node in 0 … 3, first siblings first; the rest spreads. */
	expect_cpus(&answer, (const int[]){3, 6, 0, 2, 1, 4, 5}, 7);
}

Test(placing, the_rest_is_left_to_the_scheduler_where_it_does_not_fit)
{
	struct mh_scenario_workload two[] = {workload(MH_PLACEMENT_SPREAD, 3), workload(MH_PLACEMENT_SAME_NODE, 2)};
	struct answer answer = place(two, 2, 4);

	expect_cpus(&answer, (const int[]){-1, -1, -1, 0, 2}, 5);
}

Test(placing, threads_share_a_cpuset_that_is_too_small)
{
	static struct mh_range ranges[] = {{7, 7}, {2, 2}};
	struct mh_scenario_workload one[] = {workload(MH_PLACEMENT_CPUSET, 3)};
	struct answer answer;

	one[0].cpuset = (struct mh_range_list){ranges, 2};
	answer = place(one, 1, 8);
	expect_cpus(&answer, (const int[]){7, 2, 7}, 3);
	cr_expect(answer.shared);
}

Test(placing, a_workload_that_is_not_in_the_phase_takes_nothing)
{
	struct mh_scenario_workload two[] = {workload(MH_PLACEMENT_SAME_NODE, 4), workload(MH_PLACEMENT_PACK, 2)};
	size_t second = 1;
	struct mh_scenario scenario = {.workloads = two, .workload_count = 2};
	struct mh_scenario_phase phase = {.workloads = {&second, 1}};
	const struct mh_placing placing = {host, all, 8};
	struct answer answer = {.error = {.text = ""}};

	answer.ret = mh_placing_cpus(&placing, &scenario, &phase, answer.cpus, &answer.shared, &answer.error);
	expect_cpus(&answer, (const int[]){0, 1}, 2);
}

static void expect_refused(struct answer answer, const char *sentence)
{
	cr_expect_eq(answer.ret, -ENOSPC, "%d", answer.ret);
	cr_expect_str_eq(answer.error.text, sentence);
}

Test(placing, a_demand_that_cannot_be_met_is_told_with_its_remedy)
{
	static struct mh_range range = {6, 6};
	struct mh_scenario_workload same = workload(MH_PLACEMENT_SAME_NODE, 5);
	struct mh_scenario_workload cross = workload(MH_PLACEMENT_CROSS_NODE, 2);
	struct mh_scenario_workload cpuset = workload(MH_PLACEMENT_CPUSET, 1);

	cpuset.cpuset = (struct mh_range_list){&range, 1};
	expect_refused(
		place(&same, 1, 8),
		"workload 'work': placement: same-node: 5 threads on the same node: no node has more than 4 CPUs "
		"to use: write 'placement: spread', or lower 'threads'");
	expect_refused(
		place(&cross, 1, 4),
		"workload 'work': placement: cross-node: threads on different nodes: this process may use the "
		"CPUs of one node: write 'placement: spread', lower 'threads', or run where there are more nodes");
	expect_refused(place(&cpuset, 1, 4),
		       "workload 'work': placement: cpuset: this process may not use CPU 6 of the cpuset: name others "
		       "in 'cpuset', or let the process use it");
}

Test(placing, nothing_is_demanded_of_a_host_that_is_not_known)
{
	struct mh_scenario_workload spread[] = {workload(MH_PLACEMENT_SPREAD, 2)};
	struct mh_scenario_workload same[] = {workload(MH_PLACEMENT_SAME_NODE, 1)};
	struct answer answer;

	tear_down();
	host = NULL;
	answer = place(spread, 1, 8);
	expect_cpus(&answer, (const int[]){-1, -1}, 2);
	answer = place(same, 1, 8);
	cr_expect_eq(answer.ret, -ENOSPC);
}
