/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine made from a memory map, and what it told: as the machines of the recordings, smaller.
 *
 * Node 0 has a CPU and 512 MiB of boot memory: block 0 lies in DMA and DMA32, blocks 1 and 2 in DMA32, block 3 has a
 * hole of 32 pages at its end. Node 1 has a CPU, node 2 has nothing; blocks 8 and 9 are a DIMM of node 2, block 10 one
 * of node 0, all offline. Numbers up to 15 can be plugged.
 */
#ifndef TESTS_UNIT_CORE_MAP_FIXTURE_H
#define TESTS_UNIT_CORE_MAP_FIXTURE_H

#include "core/machine.h"
#include "core/memory_map.h"

#define MAP_BLOCK_PAGES 32768u
#define MAP_REFUSE_ALL  (-2)

extern const struct mh_memory_map map_fixture_map;

struct map_fixture {
	struct mh_clock clock;
	struct mh_machine *machine;
	struct mh_trace trace;
	struct mh_operation operation;
	struct mh_cpu *cpu;
	struct mh_uevent_sink sink;
	char uevents[512]; /* "add 11, online 11" */
	struct notifier_block nb;
	char events[512]; /* "GO11 ON11": what the one listener heard, of which block */
	int refuse_block; /* or MAP_REFUSE_ALL: its GOING events are answered with NOTIFY_BAD; -1: none */
	unsigned refusals_left;
};

/* @config: what differs from contig-zones, auto-offline, Linux 6.1; map, block size and clock are filled in. */
void map_fixture_begin(struct map_fixture *fixture, const struct mh_machine_config *config);
/* Expects a sound machine. */
void map_fixture_end(struct map_fixture *fixture);
/* Forgets what was heard and told. */
void map_fixture_forget(struct map_fixture *fixture);

int map_fixture_online(struct map_fixture *fixture, uint32_t block, enum mh_online_type type);
int map_fixture_offline(struct map_fixture *fixture, uint32_t block);

#endif
