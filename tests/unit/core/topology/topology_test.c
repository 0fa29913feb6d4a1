/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plain struct that comes out of each source. */
#include "core/topology/topology.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/thread.h"
#include "fixture.h"

Test(topology, the_host_has_the_cpus_of_this_process)
{
	struct mh_topology *host = load("host");
	unsigned *cpus;
	size_t count, found = 0;

	cr_assert(host->is_host);
	cr_assert_str_eq(host->source, "host");
	cr_assert_eq(mh_thread_cpus(&cpus, &count), 0);
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < host->cpu_count; j++)
			found += host->cpus[j].number == cpus[i];
	cr_assert_eq(found, count, "%zu of %zu CPUs", found, count);
	free(cpus);
	mh_topology_free(host);
}

Test(topology, nodes_are_sorted_by_number_with_holes)
{
	struct mh_topology *topology = load(xml_spec("out-of-order.xml"));

	cr_assert_eq(topology->node_count, 3);
	cr_expect_eq(topology->nodes[0].nid, 0);
	cr_expect_eq(topology->nodes[1].nid, 5);
	cr_expect_eq(topology->nodes[2].nid, 9);
	cr_expect_eq(topology->nodes[2].memory_bytes, 3 * GIB);
	cr_expect_eq(topology->nodes[0].cpus[0], 2, "node 0 has CPU %u", topology->nodes[0].cpus[0]);
	cr_expect_eq(topology->cpus[0].node, 1, "CPU 0 is on node index %u", topology->cpus[0].node);
	mh_topology_free(topology);
}

Test(topology, distances_follow_the_order_of_nodes)
{
	struct mh_topology *topology = load(xml_spec("out-of-order.xml"));
	static const uint32_t expected[] = {10, 17, 21, 30, 10, 21, 30, 30, 10};

	cr_assert(topology->distances_known);
	for (size_t i = 0; i < 9; i++)
		cr_expect_eq(mh_topology_distance(topology, i / 3, i % 3), expected[i], "%zu to %zu: %u, expected %u",
			     i / 3, i % 3, mh_topology_distance(topology, i / 3, i % 3), expected[i]);
	mh_topology_free(topology);
}

Test(topology, distances_that_are_not_given_are_10_and_20)
{
	struct mh_topology *topology = load("numa:3 pu:1");

	cr_assert_not(topology->distances_known);
	for (size_t i = 0; i < 9; i++)
		cr_expect_eq(mh_topology_distance(topology, i / 3, i % 3), i % 4 ? 20 : 10);
	mh_topology_free(topology);
}

Test(topology, a_node_of_size_0_beside_others_stays_memoryless)
{
	struct mh_topology *topology = load(xml_spec("unequal.xml"));

	cr_expect_eq(topology->nodes[0].memory_bytes, GIB);
	cr_expect_eq(topology->nodes[1].memory_bytes, 0);
	cr_expect_eq(topology->nodes[2].memory_bytes, 5435817984);
	cr_expect_eq(topology->nodes[1].cpu_count, 2);
	cr_expect_eq(topology->warning_count, 0);
	mh_topology_free(topology);
}

Test(topology, nodes_get_memory_with_a_warning_when_none_has_any)
{
	struct mh_topology *topology;

	cr_assert_eq(mh_topology_load(xml_spec("no-memory.xml"), 3 * GIB, &topology, NULL), 0);
	cr_expect_eq(topology->nodes[0].memory_bytes, 3 * GIB);
	cr_expect_eq(topology->nodes[1].memory_bytes, 3 * GIB);
	cr_assert_eq(topology->warning_count, 1);
	cr_expect_str_eq(topology->warnings[0], "the topology gives memory to no node: each gets 3GiB (node_memory)");
	mh_topology_free(topology);
}

Test(topology, a_cpu_belongs_to_the_nearest_node_and_to_no_other)
{
	struct mh_topology *topology =
		load("[numa(memory=1GiB)] pack:2 [numa(memory=1GiB)] [numa(memory=1GiB)] core:1 pu:2");
	size_t sum = 0;

	cr_assert_eq(topology->node_count, 5);
	for (size_t i = 0; i < topology->node_count; i++)
		sum += topology->nodes[i].cpu_count;
	cr_expect_eq(sum, 4, "%zu CPUs on all nodes", sum);
	cr_expect_eq(topology->nodes[0].cpu_count, 2);
	cr_expect_eq(topology->nodes[1].cpu_count, 0, "the second node of a package is memory only");
	cr_expect_eq(topology->nodes[4].cpu_count, 0, "the machine's node is memory only");
	mh_topology_free(topology);
}

Test(topology, siblings_share_a_core_and_cores_a_package)
{
	struct mh_topology *topology = load("pack:2 core:2 pu:2");

	for (size_t i = 0; i < 8; i++) {
		cr_expect_eq(topology->cpus[i].core, i / 2);
		cr_expect_eq(topology->cpus[i].package, i / 4);
	}
	mh_topology_free(topology);
}

struct bad_row {
	char file[24];
	char sentence[64];
};

ParameterizedTestParameters(topology, an_xml_that_is_no_topology_is_one_sentence)
{
	static struct bad_row rows[] = {
		{"cut.xml", "is no topology: hwloc cannot read it"},
		{"html.xml", "is no topology: it is no hwloc XML"},
		{"plain.xml", "is no topology: it is no hwloc XML"},
		{"entity.xml", "is no topology: it defines entities"},
		{"huge-index.xml", "is no topology: an os_index is too large"},
		{"crash.xml", "is no topology: hwloc breaks down over it"},
		{"empty.xml", "is no topology: it is empty"},
	};

	return cr_make_param_array(struct bad_row, rows, sizeof(rows) / sizeof(rows[0]));
}

ParameterizedTest(struct bad_row *row, topology, an_xml_that_is_no_topology_is_one_sentence)
{
	struct mh_topology *topology = NULL;
	struct mh_error error = {0};
	char expected[4200];
	const char *spec = xml_spec(row->file);

	snprintf(expected, sizeof(expected), "'%s' %s", spec + strlen("xml:"), row->sentence);
	cr_assert_eq(mh_topology_load(spec, GIB, &topology, &error), -EINVAL);
	cr_assert_str_eq(error.text, expected, "got \"%s\"", error.text);
	cr_assert_null(topology);
}

Test(topology, an_xml_file_that_cannot_be_read_is_named)
{
	struct mh_topology *topology;
	struct mh_error error;

	cr_expect_eq(mh_topology_load("xml:/tmp/memhp-none.xml", GIB, &topology, &error), -ENOENT);
	cr_expect_str_eq(error.text, "cannot read '/tmp/memhp-none.xml': No such file or directory");
	cr_expect_eq(mh_topology_load("xml:/tmp", GIB, &topology, &error), -EISDIR);
	cr_expect_eq(mh_topology_load("xml:", GIB, &topology, &error), -EINVAL);
	cr_expect_str_eq(error.text, "'xml:' names no file: write xml:FILE");
}

/* hwloc and libnuma have their own opinions; they must not reach the user's terminal. */
Test(topology, nothing_is_printed)
{
	struct mh_topology *topology;
	static const char *const files[] = {"cut.xml", "crash.xml", "entity.xml", "html.xml"};
	FILE *capture = tmpfile();

	cr_assert_neq(dup2(fileno(capture), STDERR_FILENO), -1);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		cr_assert_lt(mh_topology_load(xml_spec(files[i]), GIB, &topology, NULL), 0);
	mh_topology_free(load("host"));
	cr_assert_eq(lseek(fileno(capture), 0, SEEK_END), 0, "something was written to stderr");
}

Test(topology, freeing_nothing_does_nothing)
{
	mh_topology_free(NULL);
}
