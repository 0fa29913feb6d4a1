/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Allocating a page and freeing it, against a bare magazine of page numbers that is called in the same way: a pair at
 * once, and pages replaced at random among 4,096 live ones; and a pair of core's own text without most of its checks
 * (page_code.h). One node for each thread, all of it Movable.
 *
 * What is allocated are page numbers, not memory.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "bench/micro/bench_list.h"
#include "bench/micro/cycle_machine.h"
#include "bench/micro/magazine.h"
#include "bench/micro/page_code.h"
#include "core/pcp.h"

#define NODE_BLOCKS 64
#define LIVE        4096u /* a power of two */

/* One thread's. */
struct pages {
	struct mh_machine *machine;
	struct mh_page_request request;
	struct mh_cpu *cpu;
	struct mh_magazine magazine;
	uint32_t place;
	mh_handle handles[LIVE], magazine_handles[LIVE];
} __attribute__((aligned(128)));

struct paged {
	struct mh_clock clock;
	struct mh_cycle_machine machine;
	struct pages *threads;
	unsigned thread_count;
};

static void take(struct pages *pages, mh_handle *handle)
{
	MH_ASSERT(mh_page_alloc(pages->machine, pages->cpu, &pages->request, handle) == 0);
}

static void give(struct pages *pages, mh_handle *handle)
{
	mh_page_free(pages->machine, pages->cpu, handle);
}

/* Of full period: every place once before any twice. */
static void go_on(struct pages *pages)
{
	pages->place = (pages->place * 0x5bd1e995u + 0x3c6ef35fu) & (LIVE - 1);
}

static int make_thread(struct pages *pages, struct mh_machine *machine, unsigned node)
{
	*pages = (struct pages){.machine = machine, .request = {.node = node, .kind = MH_PAGE_MOVABLE}};
	if (mh_magazine_init(&pages->magazine, 2 * LIVE) < 0 || mh_cpu_new(machine, &pages->cpu) < 0)
		return -ENOMEM;
	mh_cpu_enter(pages->cpu);
	for (uint32_t i = 0; i < LIVE; i++) {
		take(pages, &pages->handles[i]);
		mh_magazine_take(&pages->magazine, &pages->magazine_handles[i]);
	}
	mh_cpu_leave(pages->cpu);
	return 0;
}

static void release_thread(struct pages *pages)
{
	if (pages->cpu) {
		mh_cpu_enter(pages->cpu);
		for (uint32_t i = 0; i < LIVE; i++)
			give(pages, &pages->handles[i]);
		mh_cpu_leave(pages->cpu);
	}
	mh_cpu_free(pages->machine, pages->cpu);
	mh_magazine_release(&pages->magazine);
}

static void release(struct paged *paged)
{
	for (unsigned i = 0; i < paged->thread_count; i++)
		release_thread(&paged->threads[i]);
	free(paged->threads);
	mh_cycle_machine_release(&paged->machine);
	free(paged);
}

static int make(struct paged *paged, unsigned threads, struct mh_error *reterr)
{
	struct mh_cycle_machine_config config = {
		.node_blocks = NODE_BLOCKS,
		.nodes = threads,
		.movable = true,
		.clock = &paged->clock,
	};
	int ret;

	mh_clock_init(&paged->clock, MH_CLOCK_TSC);
	ret = mh_cycle_machine_init(&paged->machine, &config, reterr);
	if (ret < 0)
		return ret;
	paged->threads = aligned_alloc(128, threads * sizeof(paged->threads[0]));
	if (!paged->threads)
		return -ENOMEM;
	while (ret == 0 && paged->thread_count < threads) {
		struct pages *pages = &paged->threads[paged->thread_count];

		ret = make_thread(pages, paged->machine.machine, paged->thread_count++);
	}
	return ret;
}

static void set_up(struct memhp_bench_state *state)
{
	struct paged *paged = calloc(1, sizeof(*paged));
	struct mh_error error = {.text = "no memory for pages"};

	if (paged && make(paged, memhp_bench_threads(state), &error) == 0) {
		memhp_bench_set_data(state, paged);
		return;
	}
	if (paged)
		release(paged);
	memhp_bench_skip(state, "%s", error.text);
}

static void tear_down(struct memhp_bench_state *state)
{
	struct paged *paged = memhp_bench_data(state);

	if (paged)
		release(paged);
}

static struct pages *begin(struct memhp_bench_state *state)
{
	struct paged *paged = memhp_bench_data(state);
	struct pages *pages = &paged->threads[memhp_bench_thread(state)];

	mh_cpu_enter(pages->cpu);
	return pages;
}

static void pair(struct memhp_bench_state *state)
{
	struct pages *pages = begin(state);
	mh_handle handle = 0;

	MEMHP_BENCH_LOOP(state)
	{
		take(pages, &handle);
		give(pages, &handle);
	}
	mh_cpu_leave(pages->cpu);
}

static void small_pair(struct memhp_bench_state *state)
{
	struct pages *pages = begin(state);
	uint32_t listed;
	mh_handle handle = 0;

	/* The list is not empty for what follows. */
	take(pages, &handle);
	give(pages, &handle);
	listed = mh_pcp_of(pages->cpu, 0, MH_ZONE_MOVABLE)->count;

	MEMHP_BENCH_LOOP(state)
	{
		MH_ASSERT(mh_page_small_alloc(pages->machine, pages->cpu, &pages->request, &handle) == 0);
		mh_page_small_free(pages->machine, pages->cpu, &handle);
	}
	/* Each page went back to the list that it came from: what is left out did not lead the free astray. */
	MH_ASSERT(handle == 0 && mh_pcp_of(pages->cpu, 0, MH_ZONE_MOVABLE)->count == listed);
	mh_cpu_leave(pages->cpu);
}

static void magazine_pair(struct memhp_bench_state *state)
{
	struct pages *pages = begin(state);
	mh_handle handle = 0;

	MEMHP_BENCH_LOOP(state)
	{
		mh_magazine_take(&pages->magazine, &handle);
		mh_magazine_give(&pages->magazine, &handle);
	}
	mh_cpu_leave(pages->cpu);
}

static void replace(struct memhp_bench_state *state)
{
	struct pages *pages = begin(state);

	MEMHP_BENCH_LOOP(state)
	{
		give(pages, &pages->handles[pages->place]);
		take(pages, &pages->handles[pages->place]);
		go_on(pages);
	}
	mh_cpu_leave(pages->cpu);
}

static void magazine_replace(struct memhp_bench_state *state)
{
	struct pages *pages = begin(state);

	MEMHP_BENCH_LOOP(state)
	{
		mh_magazine_give(&pages->magazine, &pages->magazine_handles[pages->place]);
		mh_magazine_take(&pages->magazine, &pages->magazine_handles[pages->place]);
		go_on(pages);
	}
	mh_cpu_leave(pages->cpu);
}

#define PAGES(run_it) .run = run_it, .set_up = set_up, .tear_down = tear_down

const struct memhp_bench mh_benches_page[] = {
	{.name = "page/pair", PAGES(pair), .threads_min = 1, .threads_max = 2},
	{.name = "page/small_pair", PAGES(small_pair)},
	{.name = "page/magazine_pair", PAGES(magazine_pair)},
	{.name = "page/replace", PAGES(replace)},
	{.name = "page/magazine_replace", PAGES(magazine_replace)},
	{0},
};
