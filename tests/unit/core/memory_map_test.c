/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Machines made from a memory map: what boot left, and maps that contradict themselves.
 */
#include "core/memory_map.h"

#include <errno.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "map_fixture.h"

static void expect_extent(struct map_fixture *fixture, unsigned node, enum mh_zone_kind kind, uint64_t start,
			  uint64_t spanned, uint64_t present)
{
	struct mh_zone_extent extent;

	mh_machine_zone_extent(fixture->machine, node, kind, &extent);
	cr_expect(extent.start_pfn == start && extent.spanned_pages == spanned && extent.present_pages == present,
		  "node %u %s: %lu+%lu, %lu present; expected %lu+%lu, %lu", node, mh_zone_names[kind],
		  (unsigned long)extent.start_pfn, (unsigned long)extent.spanned_pages,
		  (unsigned long)extent.present_pages, (unsigned long)start, (unsigned long)spanned,
		  (unsigned long)present);
}

Test(memory_map, zones_span_what_boot_found_to_the_page)
{
	struct map_fixture fixture;

	map_fixture_begin(&fixture, &(struct mh_machine_config){0});
	expect_extent(&fixture, 0, MH_ZONE_DMA, 1, 4095, 3998);
	expect_extent(&fixture, 0, MH_ZONE_DMA32, 4096, 126944, 126944);
	expect_extent(&fixture, 2, MH_ZONE_NORMAL, 0, 0, 0);
	cr_expect(mh_machine_node_is(fixture.machine, 0, MH_N_NORMAL_MEMORY));
	cr_expect(!mh_machine_node_is(fixture.machine, 1, MH_N_MEMORY));
	cr_expect(mh_machine_node_is(fixture.machine, 2, MH_N_ONLINE));
	map_fixture_end(&fixture);
}

Test(memory_map, an_early_block_goes_and_comes_back_to_its_zone)
{
	struct map_fixture fixture;

	map_fixture_begin(&fixture, &(struct mh_machine_config){0});
	cr_expect_eq(map_fixture_offline(&fixture, 2), 0);
	expect_extent(&fixture, 0, MH_ZONE_DMA32, 4096, 126944, 126944 - MAP_BLOCK_PAGES);
	cr_expect_eq(map_fixture_online(&fixture, 2, MH_ONLINE_DEFAULT), 0);
	cr_expect_eq(fixture.operation.zone, MH_ZONE_DMA32);
	expect_extent(&fixture, 0, MH_ZONE_DMA32, 4096, 126944, 126944);
	map_fixture_end(&fixture);
}

Test(memory_map, partial_blocks_are_not_offlined_and_nobody_is_asked)
{
	struct map_fixture fixture;

	map_fixture_begin(&fixture, &(struct mh_machine_config){0});
	cr_expect_eq(map_fixture_offline(&fixture, 0), -EINVAL);
	cr_expect_eq(fixture.operation.outcome, MH_OUTCOME_ZONES);
	cr_expect_eq(map_fixture_offline(&fixture, 3), -EINVAL);
	cr_expect_eq(fixture.operation.outcome, MH_OUTCOME_HOLES);
	cr_expect_eq(map_fixture_offline(&fixture, 5), -ENODEV);
	cr_expect_eq(fixture.operation.outcome, MH_OUTCOME_ABSENT);
	cr_expect_str_empty(fixture.events);
	cr_expect_str_empty(fixture.uevents);
	map_fixture_end(&fixture);
}

/* A map with one thing wrong, and a word that the sentence must hold. */
struct bad_map {
	const char *name;
	void (*spoil)(struct mh_map_block *blocks, struct mh_map_zone *zones, struct mh_memory_map *map);
	const char *word;
};

static void block_twice(struct mh_map_block *blocks, struct mh_map_zone *zones, struct mh_memory_map *map)
{
	(void)zones, (void)map;
	blocks[2].block = 1;
}

static void block_beyond(struct mh_map_block *blocks, struct mh_map_zone *zones, struct mh_memory_map *map)
{
	(void)blocks, (void)zones;
	map->block_limit = 10;
}

static void block_of_no_node(struct mh_map_block *blocks, struct mh_map_zone *zones, struct mh_memory_map *map)
{
	(void)zones, (void)map;
	blocks[1].node = 7;
}

static void block_of_no_group(struct mh_map_block *blocks, struct mh_map_zone *zones, struct mh_memory_map *map)
{
	(void)zones, (void)map;
	blocks[4].group = 3;
}

static void memmap_too_large(struct mh_map_block *blocks, struct mh_map_zone *zones, struct mh_memory_map *map)
{
	(void)zones, (void)map;
	blocks[4].vmemmap_pages = MAP_BLOCK_PAGES;
}

static void zone_elsewhere(struct mh_map_block *blocks, struct mh_map_zone *zones, struct mh_memory_map *map)
{
	(void)blocks, (void)map;
	zones[0].start_pfn = 5u * MAP_BLOCK_PAGES;
}

static void zone_overfull(struct mh_map_block *blocks, struct mh_map_zone *zones, struct mh_memory_map *map)
{
	(void)blocks, (void)map;
	zones[0].present_pages = 5000;
}

static void zone_short_of_its_blocks(struct mh_map_block *blocks, struct mh_map_zone *zones, struct mh_memory_map *map)
{
	(void)blocks, (void)map;
	zones[1].present_pages = MAP_BLOCK_PAGES;
}

static void zone_of_another_span(struct mh_map_block *blocks, struct mh_map_zone *zones, struct mh_memory_map *map)
{
	(void)blocks, (void)map;
	zones[1].spanned_pages = 40000;
	zones[1].present_pages = 40000;
	blocks[1].zone = blocks[2].zone = MH_ZONE_NORMAL;
}

static void no_blocks(struct mh_map_block *blocks, struct mh_map_zone *zones, struct mh_memory_map *map)
{
	(void)blocks, (void)zones;
	map->block_count = 0;
}

static const struct bad_map bad_maps[] = {
	{"block twice", block_twice, "there twice"},
	{"block beyond", block_beyond, "beyond the map's limit"},
	{"block of no node", block_of_no_node, "of a node that the map has not"},
	{"block of no group", block_of_no_group, "group 3"},
	{"memmap too large", memmap_too_large, "pages of memmap"},
	{"zone elsewhere", zone_elsewhere, "covers none of its blocks"},
	{"zone overfull", zone_overfull, "holds 5000 pages and spans 4095"},
	{"zone short of its blocks", zone_short_of_its_blocks, "its blocks 65536"},
	{"zone of another span", zone_of_another_span, "spans"},
	{"no blocks", no_blocks, "at least one block"},
};

#define ROW_COUNT (sizeof(bad_maps) / sizeof(bad_maps[0]))

ParameterizedTestParameters(memory_map, that_contradicts_itself_is_refused)
{
	static int indices[ROW_COUNT];

	for (int i = 0; i < (int)ROW_COUNT; i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, ROW_COUNT);
}

ParameterizedTest(int *index, memory_map, that_contradicts_itself_is_refused)
{
	const struct bad_map *row = &bad_maps[*index];
	struct mh_map_block blocks[7];
	struct mh_map_zone zones[2];
	struct mh_memory_map map = map_fixture_map;
	struct mh_machine_config config = {.map = &map, .block_size_bytes = UINT64_C(128) << 20};
	struct mh_machine *machine = NULL;
	struct mh_error error = {0};

	memcpy(blocks, map.blocks, sizeof(blocks));
	memcpy(zones, map.zones, sizeof(zones));
	map.blocks = blocks;
	map.zones = zones;
	row->spoil(blocks, zones, &map);
	cr_expect_eq(mh_machine_new(&config, &machine, &error), -EINVAL, "%s", row->name);
	cr_expect(strstr(error.text, row->word), "%s: '%s' does not tell '%s'", row->name, error.text, row->word);
	cr_expect_null(machine);
}
