/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A memory map by words.
 */
#include "case_world.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "core/protocol.h"

#define HALF (CASE_BLOCK_PAGES / 2)

const char *case_word_next(const char *words, char ret_word[CASE_WORD_SIZE])
{
	size_t length;

	words += strspn(words, "; ");
	length = strcspn(words, ";");
	if (!length)
		return NULL;
	cr_assert_lt(length, (size_t)CASE_WORD_SIZE, "too long a word: '%s'", words);
	memcpy(ret_word, words, length);
	ret_word[length] = 0;
	return words + length;
}

static void place(struct case_world *world, unsigned node, unsigned first, unsigned last)
{
	cr_assert(node < CASE_NODES && first <= last && last < CASE_BLOCKS, "no such blocks: b%u..b%u", first, last);
	for (unsigned block = 0; block < CASE_BLOCKS; block++)
		if (world->by_number[block].node == node && !world->by_number[block].online)
			world->there[block] = false;
	for (unsigned block = first; block <= last; block++) {
		if (world->by_number[block].online)
			continue;
		world->there[block] = true;
		world->by_number[block] = (struct mh_map_block){.block = block, .node = node, .zone = MH_ZONE_NONE};
	}
}

static void boot(struct case_world *world, unsigned block, enum mh_zone_kind zone)
{
	cr_assert_lt(block, (unsigned)CASE_BLOCKS);
	world->there[block] = true;
	world->by_number[block] = (struct mh_map_block){.block = block, .online = true, .early = true, .zone = zone};
}

/* "b0 b1 Normal" */
static void boot_all(struct case_world *world, const char *blocks)
{
	unsigned numbers[CASE_BLOCKS], count = 0;
	enum mh_zone_kind zone;
	int length = 0;

	while (count < CASE_BLOCKS && sscanf(blocks, " b%u %n", &numbers[count], &length) == 1) {
		blocks += length;
		count++;
	}
	zone = mh_zone_parse(blocks);
	cr_assert_neq(zone, MH_ZONE_NONE, "no zone: '%s'", blocks);
	for (unsigned i = 0; i < count; i++)
		boot(world, numbers[i], zone);
}

static void add_zone(struct case_world *world, enum mh_zone_kind kind, uint64_t start, uint64_t spanned,
		     uint64_t present)
{
	world->zones[world->zone_count++] = (struct mh_map_zone){
		.kind = kind, .start_pfn = start, .spanned_pages = spanned, .present_pages = present};
}

static void make_hole(struct case_world *world, unsigned block)
{
	boot(world, block, MH_ZONE_NORMAL);
	world->by_number[block].hole = true;
	add_zone(world, MH_ZONE_NORMAL, (uint64_t)block * CASE_BLOCK_PAGES, CASE_BLOCK_PAGES, HALF);
}

static void split(struct case_world *world, unsigned block)
{
	uint64_t start = (uint64_t)block * CASE_BLOCK_PAGES;

	boot(world, block - 1, MH_ZONE_DMA32);
	boot(world, block, MH_ZONE_NONE);
	boot(world, block + 1, MH_ZONE_NORMAL);
	add_zone(world, MH_ZONE_DMA32, start - CASE_BLOCK_PAGES, CASE_BLOCK_PAGES + HALF, CASE_BLOCK_PAGES + HALF);
	add_zone(world, MH_ZONE_NORMAL, start + HALF, CASE_BLOCK_PAGES + HALF, CASE_BLOCK_PAGES + HALF);
}

void case_world_init(struct case_world *world)
{
	memset(world, 0, sizeof(*world));
	for (unsigned block = 0; block < CASE_BLOCKS; block++)
		world->by_number[block].block = block;
	place(world, 0, 2, 4);
	world->config = (struct mh_machine_config){
		.block_size_bytes = (uint64_t)CASE_BLOCK_PAGES * 4096,
		.auto_movable_ratio = MH_AUTO_MOVABLE_RATIO_DEFAULT,
		.auto_movable_numa_aware = true,
		.page_unit = MH_PAGE_UNIT_PAGEBLOCK, /* 64 a block: a case can fill one */
		.verify = MH_VERIFY_FULL,
	};
}

static bool take_option(struct case_world *world, const char *word)
{
	if (strcmp(word, "movable_node") == 0) {
		world->config.movable_node = true;
	} else if (sscanf(word, "auto-movable %u", &world->config.auto_movable_ratio) == 1) {
		world->config.online_policy = MH_POLICY_AUTO_MOVABLE;
	} else if (strcmp(word, "auto_online=online") == 0) {
		world->config.auto_online = MH_AUTO_ONLINE;
	} else {
		for (int compat = 0; compat < MH_COMPAT_COUNT; compat++)
			if (strcmp(word, mh_compat_names[compat]) == 0) {
				world->config.compat = (enum mh_compat)compat;
				return true;
			}
		return false;
	}
	return true;
}

bool case_world_take(struct case_world *world, const char *word)
{
	unsigned node, first, last;
	int count = sscanf(word, "node %u b%u..b%u", &node, &first, &last);

	if (count >= 2)
		place(world, node, first, count == 3 ? last : first);
	else if (strncmp(word, "boot ", 5) == 0)
		boot_all(world, word + 5);
	else if (sscanf(word, "hole in b%u", &first) == 1)
		make_hole(world, first);
	else if (strcmp(word, "b2 in DMA32 and Normal") == 0)
		split(world, 2);
	else if ((count = sscanf(word, "memmap b%u of %u", &first, &last)) >= 1)
		world->by_number[first].vmemmap_pages = count == 2 ? last : CASE_VMEMMAP_PAGES;
	else
		return take_option(world, word);
	return true;
}

struct mh_machine *case_world_make(const struct case_world *world, const struct mh_clock *clock)
{
	const struct mh_map_node nodes[CASE_NODES] = {{.nid = 0, .online = true}, {.nid = 1, .online = true}};
	struct mh_machine_config config = world->config;
	struct mh_map_block blocks[CASE_BLOCKS];
	struct mh_memory_map map = {.nodes = nodes,
				    .node_count = 1,
				    .blocks = blocks,
				    .zones = world->zones,
				    .zone_count = world->zone_count,
				    .block_limit = CASE_BLOCKS};
	struct mh_machine *machine;
	struct mh_error error;
	int ret;

	for (unsigned block = 0; block < CASE_BLOCKS; block++) {
		if (!world->there[block])
			continue;
		blocks[map.block_count++] = world->by_number[block];
		if (world->by_number[block].node == 1)
			map.node_count = 2;
	}
	config.map = &map;
	config.clock = clock;
	ret = mh_machine_new(&config, &machine, &error);
	cr_assert_eq(ret, 0, "machine: %s", error.text);
	return machine;
}
