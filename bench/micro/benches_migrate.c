/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An offline that moves pages, and the online after it: a tenth of a block of 32,768 pages goes to the other node and
 * comes back in the next iteration. Against the stores alone that such a pass cannot do without, and against copying as
 * many real pages of 4 KiB, from one block's memory into another's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/micro/bench_list.h"
#include "bench/micro/cycle_machine.h"
#include "bench/micro/plain_pass.h"
#include "core/units.h"

#define NODES       2u
#define NODE_BLOCKS 2u /* one stays online: a node's last block is another subject */
#define BLOCK_PAGES (MH_CYCLE_BLOCK_SIZE / MH_PAGE_SIZE)
#define USED        (BLOCK_PAGES / 10)

struct migrated {
	struct mh_clock clock;
	struct mh_cycle_machine machine;
	struct mh_cpu *cpu;
	struct mh_cycle cycles[NODES]; /* of the first block of each */
	unsigned from;                 /* the node that has the pages */
	uint32_t count;                /* pages that are held */
	mh_handle handles[USED];
};

struct plain {
	struct mh_plain_block blocks[2];
	unsigned from;
	uint64_t slots[USED];
};

struct copied {
	unsigned char *memory[2]; /* USED pages each */
	unsigned from;
};

static void give_pages(struct migrated *migrated)
{
	if (!migrated->cpu)
		return;
	mh_cpu_enter(migrated->cpu);
	while (migrated->count)
		mh_page_free(migrated->machine.machine, migrated->cpu, &migrated->handles[--migrated->count]);
	mh_cpu_leave(migrated->cpu);
	mh_cpu_free(migrated->machine.machine, migrated->cpu);
}

static void migrated_free(struct migrated *migrated)
{
	give_pages(migrated);
	for (unsigned i = 0; i < NODES; i++)
		mh_cycle_release(&migrated->cycles[i]);
	mh_cycle_machine_release(&migrated->machine);
	free(migrated);
}

/* Outside of the gate when it returns: the offlines empty its lists. */
static int take_pages(struct migrated *migrated)
{
	const struct mh_page_request request = {.node = 0, .kind = MH_PAGE_MOVABLE, .this_node = true};
	int ret = mh_cpu_new(migrated->machine.machine, &migrated->cpu);

	if (ret < 0)
		return ret;
	mh_cpu_enter(migrated->cpu);
	while (ret == 0 && migrated->count < USED) {
		ret = mh_page_alloc(migrated->machine.machine, migrated->cpu, &request,
				    &migrated->handles[migrated->count]);
		migrated->count += ret == 0;
	}
	mh_cpu_leave(migrated->cpu);
	return ret;
}

static int migrated_make(struct migrated *migrated, struct mh_error *reterr)
{
	const struct mh_cycle_machine_config config = {
		.node_blocks = NODE_BLOCKS,
		.nodes = NODES,
		.by_page = true,
		.clock = &migrated->clock,
	};
	int ret;

	mh_clock_init(&migrated->clock, MH_CLOCK_TSC);
	ret = mh_cycle_machine_init(&migrated->machine, &config, reterr);
	for (unsigned i = 0; i < NODES && ret == 0; i++)
		ret = mh_cycle_init(&migrated->cycles[i], &migrated->machine, i, MH_STAMPS_NONE);
	return ret < 0 ? ret : take_pages(migrated);
}

static void set_up_core(struct memhp_bench_state *state)
{
	struct migrated *migrated = aligned_alloc(128, sizeof(*migrated));
	struct mh_error error = {.text = "no memory for pages"};

	if (migrated)
		memset(migrated, 0, sizeof(*migrated));
	if (migrated && migrated_make(migrated, &error) == 0) {
		memhp_bench_set_data(state, migrated);
		return;
	}
	if (migrated)
		migrated_free(migrated);
	memhp_bench_skip(state, "%s", error.text);
}

static bool is_in_next_block(const struct migrated *migrated, const mh_handle *handle)
{
	uint64_t pfn = MH_HANDLE_PFN(atomic_load_explicit(handle, memory_order_relaxed));

	return pfn / BLOCK_PAGES == migrated->cycles[migrated->from].first;
}

/* All pages stand where the next iteration would move them from, or the figure is of something else. */
static void tear_down_core(struct memhp_bench_state *state)
{
	struct migrated *migrated = memhp_bench_data(state);

	MH_ASSERT(mh_check_machine(migrated->machine.machine) == 0);
	for (uint32_t i = 0; i < migrated->count; i++)
		MH_ASSERT(is_in_next_block(migrated, &migrated->handles[i]));
	migrated_free(migrated);
}

static void run_core(struct memhp_bench_state *state)
{
	struct migrated *migrated = memhp_bench_data(state);
	struct mh_rcu_domain *domain = &mh_machine_chain(migrated->machine.machine)->rcu;

	mh_rcu_thread_enter(domain);
	MEMHP_BENCH_LOOP(state)
	{
		struct mh_cycle *cycle = &migrated->cycles[migrated->from];

		MH_ASSERT(mh_cycle_offline(cycle) == 0);
		MH_ASSERT(mh_cycle_online(cycle) == 0);
		migrated->from = !migrated->from;
	}
	mh_rcu_thread_leave(domain);
	memhp_bench_items(state, memhp_bench_iterations(state) * USED);
}

static void plain_free(struct plain *plain)
{
	mh_plain_block_release(&plain->blocks[0]);
	mh_plain_block_release(&plain->blocks[1]);
	free(plain);
}

static void set_up_plain(struct memhp_bench_state *state)
{
	struct plain *plain = calloc(1, sizeof(*plain));

	if (plain && mh_plain_block_init(&plain->blocks[0], 0, BLOCK_PAGES) == 0 &&
	    mh_plain_block_init(&plain->blocks[1], BLOCK_PAGES, BLOCK_PAGES) == 0) {
		mh_plain_fill(&plain->blocks[0], plain->slots, USED);
		memhp_bench_set_data(state, plain);
		return;
	}
	if (plain)
		plain_free(plain);
	memhp_bench_skip(state, "no memory for two blocks");
}

static void tear_down_plain(struct memhp_bench_state *state)
{
	plain_free(memhp_bench_data(state));
}

static void run_plain(struct memhp_bench_state *state)
{
	struct plain *plain = memhp_bench_data(state);

	MEMHP_BENCH_LOOP(state)
	{
		MH_ASSERT(mh_plain_pass(&plain->blocks[plain->from], &plain->blocks[!plain->from]) == USED);
		plain->from = !plain->from;
	}
	memhp_bench_items(state, memhp_bench_iterations(state) * USED);
}

static void copied_free(struct copied *copied)
{
	free(copied->memory[0]);
	free(copied->memory[1]);
	free(copied);
}

static void set_up_copy(struct memhp_bench_state *state)
{
	struct copied *copied = calloc(1, sizeof(*copied));

	for (unsigned i = 0; copied && i < 2; i++) {
		copied->memory[i] = aligned_alloc(MH_PAGE_SIZE, USED * MH_PAGE_SIZE);
		if (copied->memory[i])
			memset(copied->memory[i], (int)i + 1, USED * MH_PAGE_SIZE); /* no page is the zero page */
	}
	if (copied && copied->memory[0] && copied->memory[1]) {
		memhp_bench_set_data(state, copied);
		return;
	}
	if (copied)
		copied_free(copied);
	memhp_bench_skip(state, "no memory for %u pages of 4 KiB", (unsigned)(2 * USED));
}

static void tear_down_copy(struct memhp_bench_state *state)
{
	copied_free(memhp_bench_data(state));
}

static void run_copy(struct memhp_bench_state *state)
{
	struct copied *copied = memhp_bench_data(state);

	MEMHP_BENCH_LOOP(state)
	{
		for (uint64_t page = 0; page < USED; page++)
			memcpy(copied->memory[!copied->from] + page * MH_PAGE_SIZE,
			       copied->memory[copied->from] + page * MH_PAGE_SIZE, MH_PAGE_SIZE);
		copied->from = !copied->from;
	}
	memhp_bench_bytes(state, memhp_bench_iterations(state) * USED * MH_PAGE_SIZE);
}

#define ROW(noun)                                                                                                      \
	{                                                                                                              \
		.name = "migrate/" #noun, .run = run_##noun, .set_up = set_up_##noun, .tear_down = tear_down_##noun    \
	}

const struct memhp_bench mh_benches_migrate[] = {ROW(core), ROW(plain), ROW(copy), {0}};
