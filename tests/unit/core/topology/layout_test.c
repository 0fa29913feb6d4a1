/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blocks of nodes: whole ones, in the order of node numbers, without holes. */
#include "core/topology/layout.h"

#include <criterion/criterion.h>
#include <errno.h>

#include "fixture.h"

static struct mh_block_layout *make(const struct mh_topology *topology, uint64_t block_size_bytes)
{
	struct mh_block_layout *layout = NULL;
	struct mh_error error = {0};

	cr_assert_eq(mh_block_layout_make(topology, block_size_bytes, &layout, &error), 0, "%s", error.text);
	return layout;
}

static void check_refused(const char *spec, uint64_t block_size_bytes, int code, const char *sentence)
{
	struct mh_topology *topology = load(spec);
	struct mh_block_layout *layout = NULL;
	struct mh_error error = {0};
	int ret = mh_block_layout_make(topology, block_size_bytes, &layout, &error);

	cr_assert_eq(ret, code, "%d, expected %d", ret, code);
	cr_assert_str_eq(error.text, sentence, "got \"%s\", expected \"%s\"", error.text, sentence);
	cr_assert_null(layout);
	mh_topology_free(topology);
}

Test(layout, nodes_follow_each_other_and_round_down)
{
	struct mh_topology *topology = load(xml_spec("unequal.xml"));
	struct mh_block_layout *layout = make(topology, 128 * MIB);
	static const size_t expected[3][2] = {{0, 8}, {8, 0}, {8, 40}};

	for (size_t i = 0; i < 3; i++) {
		cr_expect_eq(layout->nodes[i].first, expected[i][0], "node %zu: first %zu", i, layout->nodes[i].first);
		cr_expect_eq(layout->nodes[i].count, expected[i][1], "node %zu: count %zu", i, layout->nodes[i].count);
	}
	cr_expect_eq(layout->block_count, 48);
	cr_expect_eq(layout->unused_bytes, 64 * MIB);
	mh_block_layout_free(layout);
	mh_topology_free(topology);
}

Test(layout, a_node_that_just_holds_a_block_has_one)
{
	struct mh_topology *topology = load("numa:1(memory=128MiB) pu:1");
	struct mh_block_layout *layout = make(topology, 128 * MIB);

	cr_expect_eq(layout->block_count, 1);
	mh_block_layout_free(layout);
	mh_topology_free(topology);
}

Test(layout, no_whole_block_at_all_is_no_device)
{
	check_refused("numa:2(memory=127MiB) pu:1", 128 * MIB, -ENODEV,
		      "no node has memory for one whole block of 128MiB");
}

Test(layout, the_largest_number_of_blocks_is_legal)
{
	struct mh_topology *topology = load("numa:1(memory=64TiB) pu:1");
	struct mh_block_layout *layout = make(topology, 128 * MIB);

	cr_expect_eq(layout->block_count, MH_BLOCKS_MAX);
	mh_block_layout_free(layout);
	mh_topology_free(topology);
}

Test(layout, more_blocks_name_the_size_that_fits)
{
	check_refused("numa:2(memory=64TiB) pu:1", 64 * MIB, -E2BIG,
		      "128 TiB in blocks of 64MiB are 2097152 blocks, more than 524288: use a block size of 256MiB");
}

Test(layout, what_no_block_size_fits_says_so)
{
	check_refused("numa:1024(memory=64TiB) pu:1", 128 * MIB, -E2BIG,
		      "64.0 PiB are more than 524288 blocks of the largest block size, 64GiB");
}

Test(layout, block_sizes_are_powers_of_two_within_bounds)
{
	struct mh_topology *topology = load("numa:1(memory=1TiB) pu:1");

	mh_block_layout_free(make(topology, 16 * MIB));
	mh_block_layout_free(make(topology, 64 * GIB));
	mh_topology_free(topology);
	check_refused("pu:1", 8 * MIB, -EINVAL, "a block of 8MiB: it must be a power of two from 16MiB to 64GiB");
	check_refused("pu:1", 128 * GIB, -EINVAL, "a block of 128GiB: it must be a power of two from 16MiB to 64GiB");
	check_refused("pu:1", 96 * MIB, -EINVAL, "a block of 96MiB: it must be a power of two from 16MiB to 64GiB");
	check_refused("pu:1", 0, -EINVAL, "a block of 0TiB: it must be a power of two from 16MiB to 64GiB");
}
