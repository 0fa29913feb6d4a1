/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a machine is made of: layouts of nodes and blocks, the initial state, going back to it, sizes from the smallest
 * to the largest.
 */
#include "core/machine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "core/machine_private.h"
#include "core/topology/topology.h"
#include "machine_fixture.h"

/* What waits for ever has failed; right code needs a small part of this. */
TestSuite(machine, .timeout = 60);

#define ALL  1000000000u
#define HALF 500000000u

static struct mh_machine_config online_config(uint64_t online_ppb, uint64_t movable_ppb)
{
	struct mh_machine_config config = fixture_config();

	config.initial_online_ppb = online_ppb;
	config.movable_ppb = movable_ppb;
	return config;
}

Test(machine, lays_out_unequal_nodes_one_behind_the_other)
{
	struct mh_machine_config config = online_config(ALL, 0);
	struct fixture fixture;
	uint32_t first;

	fixture_begin(&fixture, "pack:1 [numa(memory=384MiB)] [numa(memory=1GiB)] core:1 pu:1", &config);
	cr_expect_eq(mh_machine_node_count(fixture.machine), 2);
	cr_expect_eq(mh_machine_block_count(fixture.machine), 11);
	cr_expect_eq(mh_machine_node_blocks(fixture.machine, 0, &first), 3);
	cr_expect_eq(first, 0);
	cr_expect_eq(mh_machine_node_blocks(fixture.machine, 1, &first), 8);
	cr_expect_eq(first, 3);
	cr_expect_eq(mh_machine_block_node(fixture.machine, 2), 0);
	cr_expect_eq(mh_machine_block_node(fixture.machine, 3), 1);
	cr_expect_eq(mh_machine_nid(fixture.machine, 1), 1);
	fixture_expect_sound(&fixture, "unequal");
	fixture_end(&fixture);
}

Test(machine, a_node_without_memory_has_no_blocks_and_no_mask)
{
	struct mh_machine_config config = online_config(ALL, 0);
	struct fixture fixture;
	uint32_t first;

	fixture_begin(&fixture, "pack:1 [numa(memory=384MiB)] [numa(memory=0)] core:1 pu:1", &config);
	cr_expect_eq(mh_machine_node_count(fixture.machine), 2);
	cr_expect_eq(mh_machine_node_blocks(fixture.machine, 1, &first), 0);
	cr_expect(!mh_node_mask_test(fixture.machine->has_memory, 1));
	fixture_expect_sound(&fixture, "memoryless");
	fixture_end(&fixture);
}

Test(machine, has_up_to_1024_nodes, .timeout = 20)
{
	struct mh_machine_config config = online_config(HALF, 0);
	struct mh_machine_counts counts;
	struct fixture fixture;

	fixture_begin(&fixture, "numa:1024(memory=256MiB) pu:1", &config);
	cr_expect_eq(mh_machine_node_count(fixture.machine), 1024);
	cr_expect_eq(mh_machine_block_count(fixture.machine), 2048);
	mh_machine_counts(fixture.machine, &counts);
	cr_expect_eq(counts.blocks_online, 1024, "%llu", (unsigned long long)counts.blocks_online);
	for (unsigned node = 0; node < 1024; node++)
		cr_expect_eq(fixture.machine->nodes[node].fallback[0], node, "node %u is not its own nearest", node);
	fixture_expect_sound(&fixture, "1,024 nodes");
	fixture_end(&fixture);
}

Test(machine, has_up_to_524288_blocks, .timeout = 20)
{
	struct mh_machine_config config = online_config(ALL, HALF);
	struct mh_machine_counts counts;
	struct fixture fixture;

	fixture_begin(&fixture, "pack:4 [numa(memory=16TiB)] core:1 pu:1", &config);
	cr_expect_eq(mh_machine_block_count(fixture.machine), 524288);
	fixture_listen(&fixture);
	cr_expect_eq(fixture_offline(&fixture, 524287), 0);
	cr_expect_eq(fixture_online(&fixture, 524287, MH_ONLINE_DEFAULT), 0);
	cr_expect_eq(mh_machine_block_zone(fixture.machine, 524287), MH_ZONE_NORMAL, "it lies behind the span");
	mh_machine_counts(fixture.machine, &counts);
	cr_expect_eq(counts.present_pages, UINT64_C(64) << (40 - 12));
	cr_expect_eq(fixture.machine->unit_pages, MH_PAGEBLOCK_PAGES, "auto is by pageblock here");
	fixture_expect_sound(&fixture, "524,288 blocks");
	fixture_end(&fixture);
}

static void expect_share(uint64_t online_ppb, uint64_t movable_ppb, const char *expected)
{
	struct mh_machine_config config = online_config(online_ppb, movable_ppb);
	struct fixture fixture;
	char zones[9] = "";

	fixture_begin(&fixture, "pack:1 [numa(memory=1GiB)] core:1 pu:1", &config);
	for (uint32_t block = 0; block < 8; block++) {
		enum mh_zone_kind zone = mh_machine_block_zone(fixture.machine, block);

		zones[block] = zone == MH_ZONE_NONE ? '-' : mh_zone_names[zone][0];
		cr_expect_eq(zone, mh_machine_initial_zone(fixture.machine, block), "block %u", block);
	}
	cr_expect_str_eq(zones, expected, "'%s', expected '%s'", zones, expected);
	fixture_expect_sound(&fixture, expected);
	fixture_end(&fixture);
}

Test(machine, begins_with_the_shares_it_is_given)
{
	expect_share(0, ALL, "--------");
	expect_share(ALL, 0, "NNNNNNNN");
	expect_share(ALL, HALF, "NNNNMMMM");
	expect_share(ALL, ALL, "MMMMMMMM");
	expect_share(HALF, HALF, "NNMM----");
	expect_share(200000000, HALF, "N-------"); /* 1.6 blocks: 1; half of it: none */
	expect_share(124999999, ALL, "--------");
	expect_share(125000000, ALL, "M-------");
}

Test(machine, restore_brings_every_block_back)
{
	struct mh_machine_config config = online_config(HALF, HALF);
	struct fixture fixture;
	uint32_t left = 99;

	fixture_begin(&fixture, "pack:1 [numa(memory=1GiB)] core:1 pu:1", &config); /* NNMM---- */
	fixture_listen(&fixture);
	cr_expect_eq(fixture_offline(&fixture, 0), 0);
	cr_expect_eq(fixture_offline(&fixture, 1), 0);
	cr_expect_eq(fixture_online(&fixture, 1, MH_ONLINE_MOVABLE), 0);
	cr_expect_eq(fixture_online(&fixture, 7, MH_ONLINE_MOVABLE), 0);
	cr_expect_eq(mh_machine_restore(fixture.machine, &fixture.operation, &left), 0);
	cr_expect_eq(left, 0, "%u left", left);
	for (uint32_t block = 0; block < 8; block++)
		cr_expect_eq(mh_machine_block_zone(fixture.machine, block),
			     mh_machine_initial_zone(fixture.machine, block), "block %u", block);
	fixture_expect_sound(&fixture, "restored");
	fixture_end(&fixture);
}

Test(machine, restore_counts_what_a_listener_keeps)
{
	struct mh_machine_config config = online_config(0, 0);
	struct fixture fixture;
	uint32_t left = 0;

	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), 0);
	cr_expect_eq(fixture_online(&fixture, 2, MH_ONLINE_DEFAULT), 0);
	fixture.listeners[0].answers[MH_GOING_OFFLINE] = NOTIFY_BAD;
	cr_expect_eq(mh_machine_restore(fixture.machine, &fixture.operation, &left), -EPERM);
	cr_expect_eq(left, 2, "%u left", left);
	fixture_end(&fixture);
}

static void expect_block_size(uint64_t size, const char *topology, uint32_t blocks)
{
	struct mh_machine_config config = online_config(ALL, 0);
	struct fixture fixture;

	config.block_size_bytes = size;
	fixture_begin(&fixture, topology, &config);
	fixture_listen(&fixture);
	cr_expect_eq(mh_machine_block_count(fixture.machine), blocks);
	cr_expect_eq(mh_machine_pages_per_block(fixture.machine), size >> MH_PAGE_SHIFT);
	cr_expect_eq(fixture_offline(&fixture, blocks - 1), 0);
	cr_expect_eq(fixture.operation.arg.start_pfn, (unsigned long)((blocks - 1) * (size >> MH_PAGE_SHIFT)));
	cr_expect_eq(fixture.operation.arg.nr_pages, (unsigned long)(size >> MH_PAGE_SHIFT));
	fixture_expect_sound(&fixture, topology);
	fixture_end(&fixture);
}

Test(machine, blocks_are_16_mib_to_64_gib)
{
	expect_block_size(UINT64_C(16) << 20, "pack:1 [numa(memory=128MiB)] core:1 pu:1", 8);
	expect_block_size(UINT64_C(64) << 30, "pack:1 [numa(memory=256GiB)] core:1 pu:1", 4);
}

static void expect_refused(uint64_t block_size, const char *spec, int expected)
{
	struct mh_machine_config config = fixture_config();
	struct mh_machine *machine = NULL;
	struct mh_error error = {.code = 0};
	struct mh_topology *topology;
	int ret;

	cr_assert_eq(mh_topology_load(spec, 0, &topology, &error), 0, "%s", error.text);
	config.topology = topology;
	config.block_size_bytes = block_size;
	ret = mh_machine_new(&config, &machine, &error);
	cr_expect_eq(ret, expected, "%llu: %d, expected %d", (unsigned long long)block_size, ret, expected);
	cr_expect_neq(error.text[0], 0, "no sentence");
	cr_expect_null(machine);
	mh_topology_free(topology);
}

Test(machine, refuses_other_block_sizes_and_too_many_blocks)
{
	expect_refused(UINT64_C(8) << 20, THREE_BLOCKS, -EINVAL);
	expect_refused(UINT64_C(128) << 30, THREE_BLOCKS, -EINVAL);
	expect_refused((UINT64_C(128) << 20) + 1, THREE_BLOCKS, -EINVAL);
	expect_refused(UINT64_C(1) << 30, THREE_BLOCKS, -ENODEV);
	expect_refused(UINT64_C(16) << 20, "pack:1 [numa(memory=64TiB)] core:1 pu:1", -E2BIG);
}

static unsigned unit_pages_of(const char *topology, enum mh_page_unit unit)
{
	struct mh_machine_config config = online_config(ALL, 0);
	struct fixture fixture;
	unsigned pages;

	config.page_unit = unit;
	fixture_begin(&fixture, topology, &config);
	pages = fixture.machine->unit_pages;
	fixture_end(&fixture);
	return pages;
}

Test(machine, counts_by_page_up_to_256_gib_unless_told)
{
	cr_expect_eq(unit_pages_of("pack:1 [numa(memory=256GiB)] core:1 pu:1", MH_PAGE_UNIT_AUTO), 1);
	cr_expect_eq(unit_pages_of("pack:1 [numa(memory=257GiB)] core:1 pu:1", MH_PAGE_UNIT_AUTO), MH_PAGEBLOCK_PAGES);
	cr_expect_eq(unit_pages_of("pack:1 [numa(memory=257GiB)] core:1 pu:1", MH_PAGE_UNIT_PAGE), 1);
	cr_expect_eq(unit_pages_of(THREE_BLOCKS, MH_PAGE_UNIT_PAGEBLOCK), MH_PAGEBLOCK_PAGES);
}

Test(machine, free_of_nothing_does_nothing)
{
	mh_machine_free(NULL);
}

Test(machine, stamps_the_grace_period_of_an_unregister)
{
	struct mh_machine_config config = fixture_config();
	struct mh_machine_counts counts;
	struct fixture fixture;

	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	mh_trace_reset(&fixture.trace);
	cr_expect_eq(mh_machine_unregister(fixture.machine, &fixture.operation, &fixture.listeners[0].nb), 0);
	cr_assert_eq(fixture.trace.count, 2);
	cr_expect_eq(fixture.trace.stamps[0].kind, MH_STAMP_GRACE_BEGIN);
	cr_expect_eq(fixture.trace.stamps[1].kind, MH_STAMP_GRACE_END);
	mh_machine_counts(fixture.machine, &counts);
	cr_expect_eq(counts.grace_periods, 1, "%llu", (unsigned long long)counts.grace_periods);
	fixture_end(&fixture);
}
