/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Real memory behind the frames: what is written moves with the page, an offline gives memory back, and what this host
 * cannot do is told.
 */
#include "core/backing.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "machine_fixture.h"

TestSuite(backing, .timeout = 60);

#define HANDLES 300

static struct fixture fixture;
static struct mh_cpu *cpu;
static mh_handle handles[HANDLES];

static struct mh_machine_config config_of(enum mh_page_unit unit)
{
	struct mh_machine_config config = fixture_config();

	config.block_size_bytes = UINT64_C(16) << 20;
	config.initial_online_ppb = 1000000000;
	config.movable_ppb = 1000000000;
	config.page_unit = unit;
	config.backing = MH_BACKING_MMAP;
	return config;
}

static void begin(const char *topology, enum mh_page_unit unit)
{
	struct mh_machine_config config = config_of(unit);

	fixture_begin(&fixture, topology, &config);
	cr_assert_eq(mh_cpu_new(fixture.machine, &cpu), 0);
	mh_cpu_enter(cpu);
}

static void end(void)
{
	mh_cpu_leave(cpu);
	mh_cpu_free(fixture.machine, cpu);
	fixture_end(&fixture);
}

static void take(unsigned order, enum mh_page_kind kind, mh_handle *handle)
{
	struct mh_page_request request = {.order = order, .kind = kind};

	cr_assert_eq(mh_page_alloc(fixture.machine, cpu, &request, handle), 0);
}

static int offline(uint32_t block)
{
	int ret;

	mh_cpu_leave(cpu);
	ret = fixture_offline(&fixture, block);
	mh_cpu_enter(cpu);
	return ret;
}

static uint32_t block_of(const mh_handle *handle)
{
	return mh_block_of_pfn(fixture.machine, MH_HANDLE_PFN(atomic_load(handle)));
}

/* Pages of a block that are in memory. */
static unsigned resident(uint32_t block)
{
	static unsigned char pages[4096]; /* of 4 KiB in 16 MiB */
	size_t size = 16u << 20, host_pages = size / (size_t)sysconf(_SC_PAGESIZE);
	unsigned count = 0;

	cr_assert_eq(mincore(fixture.machine->memory + block * size, size, pages), 0);
	for (size_t i = 0; i < host_pages; i++)
		count += pages[i] & 1;
	return count;
}

/* Each page of a chunk gets its own pattern. */
static void write_pattern(const mh_handle *handle, unsigned order, unsigned seed)
{
	size_t size = (size_t)fixture.machine->unit_pages << order << MH_PAGE_SHIFT;
	unsigned char *memory = mh_page_memory(fixture.machine, handle);

	for (size_t at = 0; at < size; at++)
		memory[at] = (unsigned char)(seed + at / MH_PAGE_SIZE + at);
}

static void expect_pattern(const mh_handle *handle, unsigned order, unsigned seed)
{
	size_t size = (size_t)fixture.machine->unit_pages << order << MH_PAGE_SHIFT;
	const unsigned char *memory = mh_page_memory(fixture.machine, handle);

	cr_assert_not_null(memory);
	for (size_t at = 0; at < size; at++)
		cr_assert_eq(memory[at], (unsigned char)(seed + at / MH_PAGE_SIZE + at), "chunk %u, byte %zu", seed,
			     at);
}

/* By pageblock a block has 8 units, and a single one comes with all the others on the thread's list. */
static unsigned order_of(unsigned index)
{
	return fixture.machine->unit_pages == 1 ? index % 3 : 1 + index % 2;
}

/* Within a node, and to another one when there is one. */
static void moves(const char *topology, enum mh_page_unit unit, unsigned count)
{
	begin(topology, unit);
	for (unsigned i = 0; i < count; i++) {
		take(order_of(i), MH_PAGE_MOVABLE, &handles[i]);
		write_pattern(&handles[i], order_of(i), i);
	}
	cr_assert_eq(block_of(&handles[0]), 0);
	cr_assert_eq(offline(0), 0);
	cr_assert_eq(offline(1), 0);
	for (unsigned i = 0; i < count; i++) {
		cr_expect_gt(block_of(&handles[i]), 1, "chunk %u is in block %u", i, block_of(&handles[i]));
		expect_pattern(&handles[i], order_of(i), i);
		mh_page_free(fixture.machine, cpu, &handles[i]);
	}
	end();
}

Test(backing, what_is_written_moves_with_the_page)
{
	moves("pack:1 [numa(memory=64MiB)] core:1 pu:1", MH_PAGE_UNIT_PAGE, HANDLES);
}

Test(backing, what_is_written_moves_to_another_node)
{
	moves("pack:2 [numa(memory=32MiB)] core:1 pu:1", MH_PAGE_UNIT_PAGE, HANDLES);
}

Test(backing, what_is_written_moves_by_pageblock)
{
	moves("pack:1 [numa(memory=64MiB)] core:1 pu:1", MH_PAGE_UNIT_PAGEBLOCK, 2);
}

Test(backing, an_allocation_touches_its_pages_and_no_other)
{
	begin("pack:1 [numa(memory=64MiB)] core:1 pu:1", MH_PAGE_UNIT_PAGE);
	cr_expect_eq(resident(0), 0, "%u", resident(0));
	take(3, MH_PAGE_MOVABLE, &handles[0]);
	cr_expect_eq(resident(0), 8, "%u", resident(0));
	mh_page_free(fixture.machine, cpu, &handles[0]);
	end();
}

Test(backing, an_offline_gives_the_memory_back)
{
	begin("pack:1 [numa(memory=64MiB)] core:1 pu:1", MH_PAGE_UNIT_PAGE);
	take(5, MH_PAGE_MOVABLE, &handles[0]);
	write_pattern(&handles[0], 5, 1);
	cr_assert_eq(offline(0), 0);
	cr_expect_eq(resident(0), 0, "%u", resident(0));
	cr_expect_eq(resident(1), 32, "moved there: %u", resident(1));
	cr_assert_eq(fixture_online(&fixture, 0, MH_ONLINE_MOVABLE), 0);
	cr_expect_eq(fixture.machine->memory[0], 0, "what was there is forgotten");
	mh_page_free(fixture.machine, cpu, &handles[0]);
	end();
}

Test(backing, a_pinned_page_stays_where_it_is)
{
	void *memory;

	begin("pack:1 [numa(memory=64MiB)] core:1 pu:1", MH_PAGE_UNIT_PAGE);
	take(0, MH_PAGE_PINNED, &handles[0]);
	memory = mh_page_memory(fixture.machine, &handles[0]);
	write_pattern(&handles[0], 0, 9);
	fixture.operation.deadline_ticks =
		mh_clock_ticks(&fixture.clock) + mh_clock_ticks_of_ns(&fixture.clock, 10000000);
	cr_assert_eq(offline(0), -EINTR);
	fixture.operation.deadline_ticks = 0;
	cr_expect_eq(mh_page_memory(fixture.machine, &handles[0]), memory);
	expect_pattern(&handles[0], 0, 9);
	mh_page_free(fixture.machine, cpu, &handles[0]);
	cr_expect_null(mh_page_memory(fixture.machine, &handles[0]));
	end();
}

Test(backing, frames_without_memory_have_none)
{
	struct mh_machine_config config = config_of(MH_PAGE_UNIT_PAGE);

	config.backing = MH_BACKING_NONE;
	fixture_begin(&fixture, THREE_BLOCKS, &config);
	cr_assert_eq(mh_cpu_new(fixture.machine, &cpu), 0);
	mh_cpu_enter(cpu);
	take(0, MH_PAGE_MOVABLE, &handles[0]);
	cr_expect_null(mh_page_memory(fixture.machine, &handles[0]));
	cr_expect_null(mh_machine_backing_note(fixture.machine));
	mh_page_free(fixture.machine, cpu, &handles[0]);
	end();
}

/* No host of ours has 16 nodes; one with a single node has none of the others. */
Test(backing, nodes_that_the_host_lacks_are_told)
{
	const char *note;

	begin("pack:16 [numa(memory=16MiB)] core:1 pu:1", MH_PAGE_UNIT_PAGE);
	note = mh_machine_backing_note(fixture.machine);
	cr_assert_not_null(note);
	cr_expect_not_null(strstr(note, " of 16 nodes is not bound to a node of this host"), "%s", note);
	end();
}

Test(backing, a_machine_larger_than_the_host_is_refused)
{
	struct mh_machine_config config = config_of(MH_PAGE_UNIT_AUTO);
	struct mh_topology *topology;
	struct mh_machine *machine;
	struct mh_clock clock;
	struct mh_error error;

	mh_clock_init(&clock, MH_CLOCK_MONOTONIC);
	cr_assert_eq(mh_topology_load("pack:1 [numa(memory=64TiB)] core:1 pu:1", 0, &topology, &error), 0);
	config.topology = topology;
	config.clock = &clock;
	config.block_size_bytes = UINT64_C(64) << 30;
	cr_expect_eq(mh_machine_new(&config, &machine, &error), -ENOSPC);
	cr_expect_not_null(
		strstr(error.text, "machine.backing: mmap: the machine's memory is 64TiB, and this host has"), "%s",
		error.text);
	cr_expect_not_null(strstr(error.text, "describe a smaller machine"), "%s", error.text);
	mh_topology_free(topology);
}
