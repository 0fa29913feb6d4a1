/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine of a case of semantics.md 9. Without any word: node 0, online and memoryless, with the offline blocks b2,
 * b3 and b4 of 128 MiB. Words change it:
 *
 *	"node 0 b2..b9", "node 1 b9"     the offline blocks of a node, instead; booted ones stay
 *	"boot b0 b1 Normal"              online from boot, of node 0
 *	"hole in b2"                     half of it is not there; online from boot, Normal
 *	"b2 in DMA32 and Normal"         half in each; b1 and b3 are booted, one in each
 *	"memmap b2", "memmap b2 of 100"  it holds its own memmap: v = 512 pages, or so many
 *	"movable_node", "auto-movable 301", "auto_online=online", "v7.3" (machine.compat)
 */
#ifndef TESTS_UNIT_CORE_CASE_WORLD_H
#define TESTS_UNIT_CORE_CASE_WORLD_H

#include "core/machine.h"
#include "core/memory_map.h"

#define CASE_BLOCKS        16
#define CASE_NODES         2
#define CASE_BLOCK_PAGES   32768u
#define CASE_VMEMMAP_PAGES 512u
#define CASE_WORD_SIZE     64

/* The next of @words, which ";" parts, into @ret_word; NULL when there is none, else where to go on. */
const char *case_word_next(const char *words, char ret_word[CASE_WORD_SIZE]);

struct case_world {
	struct mh_map_block by_number[CASE_BLOCKS];
	bool there[CASE_BLOCKS]; /* at the start */
	struct mh_map_zone zones[2];
	unsigned zone_count;
	struct mh_machine_config config;
};

void case_world_init(struct case_world *world);
/* False when @word says nothing about the machine. */
bool case_world_take(struct case_world *world, const char *word);
struct mh_machine *case_world_make(const struct case_world *world, const struct mh_clock *clock);

#endif
