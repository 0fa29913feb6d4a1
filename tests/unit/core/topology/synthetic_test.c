/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Synthetic strings: what they mean, and what is said of each mistake. */
#include "core/topology/topology_private.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"

struct good_row {
	char text[72];
	size_t nodes, cpus;
	uint64_t memory_mib; /* of all nodes, with 1 GiB for each when the string gives none */
};

ParameterizedTestParameters(synthetic, has_the_nodes_cpus_and_memory_it_says)
{
	static struct good_row rows[] = {
		{"pu:1", 1, 1, 1024},
		{"pack:2 core:4 pu:2", 1, 16, 1024},
		{"pack:4 [numa(memory=1TiB)] core:16 pu:2", 4, 128, 4 << 20},
		{"numa:4 core:2 pu:1", 4, 8, 4096},
		{"numa:2(memory=3GiB) pu:1", 2, 2, 6144},
		{"numa:2(memory=0KiB) pu:1", 2, 2, 2048}, /* none has memory: all get it */
		{"pack:2 [numa(memory=1GiB)] [numa] core:1 pu:1", 4, 2, 2048},
		{"[numa(memory=1GiB)] pack:2 [numa(memory=512MiB)] pu:1", 3, 2, 2048},
		{"2 3 4", 6, 24, 6144},
		{"NumaNode:2 L3:1(size=4MiB) l2:2 L1d:1 Core:1 PU:1", 2, 4, 2048},
		{"socket:1 die:2 group:2 core:1 pu:1", 1, 4, 1024},
		{"  pack:1   core:1 pu:1  ", 1, 1, 1024},
		{"pack:2[numa(memory=1GiB)] pu:1", 2, 2, 2048},
		{"numa:1024 pu:1", 1024, 1024, 1 << 20},
	};

	return cr_make_param_array(struct good_row, rows, sizeof(rows) / sizeof(rows[0]));
}

ParameterizedTest(struct good_row *row, synthetic, has_the_nodes_cpus_and_memory_it_says)
{
	struct mh_topology *topology = load(row->text);

	cr_expect_eq(topology->node_count, row->nodes, "'%s': %zu nodes", row->text, topology->node_count);
	cr_expect_eq(topology->cpu_count, row->cpus, "'%s': %zu CPUs", row->text, topology->cpu_count);
	cr_expect_eq(mh_topology_memory_bytes(topology), row->memory_mib * MIB, "'%s': %lu MiB", row->text,
		     mh_topology_memory_bytes(topology) / MIB);
	cr_expect_not(topology->is_host);
	mh_topology_free(topology);
}

struct bad_row {
	char text[64];
	int code;
	unsigned column; /* 0: the sentence stands alone */
	char sentence[120];
};

ParameterizedTestParameters(synthetic, names_the_column_and_the_remedy)
{
	static struct bad_row rows[] = {
		{"cor:8 pu:2", -EINVAL, 1, "unknown word 'cor' (did you mean 'core'?)"},
		{"pack:2 [nuam] pu:1", -EINVAL, 9, "unknown word 'nuam' (did you mean 'numa'?)"},
		{"hots", -EINVAL, 1, "unknown word 'hots' (did you mean 'host'?)"},
		{"host:1", -EINVAL, 1, "'host' stands alone"},
		{"XML:file", -EINVAL, 1, "a file is named as xml:FILE, in small letters"},
		{"zebra:2 pu:1", -EINVAL, 1,
		 "unknown word 'zebra': a level is pack, die, group, numa, l3, l2, l1, core or pu; or write host or "
		 "xml:FILE"},
		{"pack:2 core:4", -EINVAL, 14, "the last level must be pu: add 'pu:1'"},
		{"pack:0 pu:1", -EINVAL, 6, "a count of 0: counts begin at 1"},
		{"pack:-1 pu:1", -EINVAL, 6, "a count is missing here"},
		{"pack: pu:1", -EINVAL, 6, "a count is missing here"},
		{"pack pu:1", -EINVAL, 5, "':' and a count are missing behind 'pack'"},
		{"pack:2 core:4x pu:1", -EINVAL, 14, "'x' does not belong to a count"},
		{"pu:8193", -E2BIG, 4, "too many: at most 8192"},
		{"pack:2 pu:4097", -E2BIG, 8, "8194 objects on this level: at most 8192 are supported"},
		{"pu:99999999999999999999", -E2BIG, 4, "too many: at most 8192"},
		{"numa:1025 pu:1", -E2BIG, 1, "1025 nodes: at most 1024 are supported"},
		{"pack:513 [numa] [numa] pu:1", -E2BIG, 18, "1026 nodes: at most 1024 are supported"},
		{"pack:2 [numa(memory=16GB)] pu:1", -EINVAL, 21, "'16GB': use GiB, not GB"},
		{"pack:2 [numa(memory=16MB)] pu:1", -EINVAL, 21, "'16MB': use MiB, not MB"},
		{"pack:2 [numa(memory=16)] pu:1", -EINVAL, 21,
		 "'16' has no unit: write KiB, MiB, GiB or TiB behind the number"},
		{"pack:2 [numa(memry=1GiB)] pu:1", -EINVAL, 14, "unknown attribute 'memry' (did you mean 'memory'?)"},
		{"pack:2 [numa(colour=1)] pu:1", -EINVAL, 14,
		 "unknown attribute 'colour': use memory=, size= or indexes="},
		{"pack:2 [numa(memory)] pu:1", -EINVAL, 20, "'=' is missing behind 'memory'"},
		{"pack:2 [numa(memory=1GiB memory=2GiB)] pu:1", -EINVAL, 26, "this attribute is given twice"},
		{"pack:2 [numa(memory=1GiB", -EINVAL, 13, "this bracket is never closed"},
		{"pack:2 [numa pu:1", -EINVAL, 14, "']' is missing"},
		{"pack:2 [numa:2] pu:1", -EINVAL, 13, "[numa] takes no count: repeat it for several nodes"},
		{"pack:2 [core] pu:1", -EINVAL, 9, "only [numa] can be attached, not 'core'"},
		{"numa:2 [numa] pu:1", -EINVAL, 8, "numa:COUNT and [numa] cannot be mixed"},
		{"[numa] numa:2 pu:1", -EINVAL, 8, "numa:COUNT and [numa] cannot be mixed"},
		{"pack:2(memory=4GiB) pu:1", -EINVAL, 8,
		 "memory belongs to a node: write [numa(memory=…)] behind 'pack'"},
		{"numa:2(size=4GiB) pu:1", -EINVAL, 8, "a size belongs to a cache: a node's is memory="},
		{"group:2(indexes=1,0) pu:1", -EINVAL, 9, "'group' has no indexes"},
		{"pack:2 pu:2(indexes=0,2,1)", -EINVAL, 21, "3 indexes for 4 objects"},
		{"pack:2 pu:2(indexes=0,2,1,1)", -EINVAL, 27, "the index 1 is given twice"},
		{"numa:2(indexes=0,1024) pu:1", -E2BIG, 18, "an index of 1024: the highest is 1023"},
		{"numa:2(indexes=2*1) pu:1", -EINVAL, 16, "1 indexes for 2 objects"},
		{"numa:2(indexes=core) pu:1", -EINVAL, 16, "indexes are a list of numbers, as in indexes=0,2,1,3"},
		{"pack:2 [numa(indexes=1,0)] [numa] pu:1", -EINVAL, 22, "indexes need a single [numa] in the string"},
		{"core:2 pack:2 pu:1", -EINVAL, 8, "'pack' cannot stand below 'core'"},
		{"l2:1 l3:2 pu:1", -EINVAL, 6, "'l3' cannot stand below 'l2'"},
		{"pack:2 socket:2 pu:1", -EINVAL, 8, "a second level of 'socket'"},
		{"pu:2 core:2", -EINVAL, 6, "pu is the last level: nothing stands below it"},
		{"pu:2 [numa]", -EINVAL, 6, "pu is the last level: attach nodes above it"},
		{"2 pack:3 pu:1", -EINVAL, 3, "levels with and without a type cannot be mixed"},
		{"(memory=4GiB) pu:1", -EINVAL, 1, "these attributes stand behind no object"},
		{"pack:2,core:2 pu:1", -EINVAL, 7, "',' cannot stand here: a space is missing"},
		{"pack:2é pu:1", -EINVAL, 7, "'é' cannot stand here: a space is missing"},
		{"", -EINVAL, 0,
		 "the topology is empty: write host, xml:FILE, or a string such as 'pack:2 core:4 pu:1'"},
	};

	return cr_make_param_array(struct bad_row, rows, sizeof(rows) / sizeof(rows[0]));
}

ParameterizedTest(struct bad_row *row, synthetic, names_the_column_and_the_remedy)
{
	struct mh_topology *topology = NULL;
	struct mh_error error = {0};
	char expected[256];
	int ret = mh_topology_load(row->text, GIB, &topology, &error);

	if (row->column)
		snprintf(expected, sizeof(expected), "topology '%s', column %u: %s", row->text, row->column,
			 row->sentence);
	else
		snprintf(expected, sizeof(expected), "%s", row->sentence);
	cr_assert_eq(ret, row->code, "'%s': %d, expected %d", row->text, ret, row->code);
	cr_assert_str_eq(error.text, expected, "got \"%s\", expected \"%s\"", error.text, expected);
	cr_assert_null(topology);
}

Test(synthetic, is_translated_into_what_hwloc_takes)
{
	struct mh_text out = MH_TEXT_INIT;
	bool memory_given = false;

	cr_assert_eq(mh_synthetic_translate("sock:2 [node(memory=1.5GiB indexes=1,0)] L1:2(size=64KiB) pu:1", &out,
					    &memory_given, NULL),
		     0);
	cr_assert_str_eq(out.data, "Package:2 [NUMANode(memory=1610612736 indexes=1,0)] L1Cache:2(size=65536) PU:1");
	cr_assert(memory_given);
	mh_text_release(&out);
}

Test(synthetic, a_string_beyond_the_bound_is_refused)
{
	struct mh_topology *topology;
	struct mh_error error;
	char *text = malloc(70001);

	memset(text, ' ', 70000);
	text[70000] = '\0';
	cr_assert_eq(mh_topology_load(text, GIB, &topology, &error), -E2BIG);
	cr_assert_str_eq(error.text, "the topology string has more than 65536 letters");
	free(text);
}

Test(synthetic, a_long_string_is_cut_in_the_sentence)
{
	struct mh_topology *topology;
	struct mh_error error;
	char text[400] = "";

	while (strlen(text) < 300)
		strcat(text, "group:1 ");
	strcat(text, "cor:1");
	cr_assert_eq(mh_topology_load(text, GIB, &topology, &error), -E2BIG, "%s", error.text);
	cr_assert_not_null(strstr(error.text, "group:1 …', column 257: more than 32 levels"), "%s", error.text);
}
