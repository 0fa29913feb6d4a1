/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages: taking and giving, the lists in front of the zones, isolation, migration behind the owner's back, fallback to
 * other nodes, and the sums of I23 after each.
 */
#include "core/page.h"

#include <errno.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "core/buddy.h"
#include "core/machine_private.h"
#include "core/pcp.h"
#include "core/zone.h"
#include "machine_fixture.h"

/* What waits for ever has failed; right code needs a small part of this. */
TestSuite(page, .timeout = 60);

#define BLOCK_PAGES 32768u /* of 128 MiB */

struct pages {
	struct fixture fixture;
	struct mh_machine *machine;
	struct mh_cpu *cpu;
};

/* All blocks online, the upper @movable_ppb of each node Movable; the listeners and one entered cpu. */
static void pages_begin(struct pages *pages, const char *topology, uint64_t movable_ppb)
{
	struct mh_machine_config config = fixture_config();

	config.initial_online_ppb = 1000000000;
	config.movable_ppb = movable_ppb;
	fixture_begin(&pages->fixture, topology, &config);
	fixture_listen(&pages->fixture);
	pages->machine = pages->fixture.machine;
	cr_assert_eq(mh_cpu_new(pages->machine, &pages->cpu), 0);
	pages->fixture.operation.cpu = pages->cpu;
	mh_cpu_enter(pages->cpu);
}

static void pages_end(struct pages *pages)
{
	fixture_expect_sound(&pages->fixture, "at the end");
	mh_cpu_leave(pages->cpu);
	mh_cpu_free(pages->machine, pages->cpu);
	fixture_expect_sound(&pages->fixture, "without the cpu");
	fixture_end(&pages->fixture);
}

static int take(struct pages *pages, unsigned node, unsigned order, bool movable, mh_handle *handle)
{
	struct mh_page_request request = {
		.node = node, .order = order, .kind = movable ? MH_PAGE_MOVABLE : MH_PAGE_KERNEL};

	return mh_page_alloc(pages->machine, pages->cpu, &request, handle);
}

static uint32_t block_of(struct pages *pages, mh_handle *handle)
{
	return mh_block_of_pfn(pages->machine, MH_HANDLE_PFN(atomic_load(handle)));
}

static uint64_t free_pages(struct pages *pages)
{
	struct mh_machine_counts counts;

	mh_machine_counts(pages->machine, &counts);
	return counts.free_pages;
}

Test(page, is_taken_and_given_back)
{
	struct pages pages;
	mh_handle page = 0;

	pages_begin(&pages, THREE_BLOCKS, 0);
	cr_assert_eq(take(&pages, 0, 0, false, &page), 0);
	cr_expect_neq(atomic_load(&page), 0);
	cr_expect_eq(MH_HANDLE_ORDER(atomic_load(&page)), 0, "order %u", MH_HANDLE_ORDER(atomic_load(&page)));
	fixture_expect_sound(&pages.fixture, "one page out");
	mh_page_free(pages.machine, pages.cpu, &page);
	cr_expect_eq(atomic_load(&page), 0);
	pages_end(&pages);
}

static bool favours_operations(struct pages *pages)
{
	const struct mh_zone *zone = &pages->machine->nodes[0].zones[MH_ZONE_NORMAL];

	return atomic_load(&zone->lock.mutex.word) == MH_BRIEF_FAVOURS;
}

/* Operations need no more of a zone's lock than a look until somebody takes a page of it. */
Test(page, that_is_taken_ends_what_favours_operations)
{
	struct pages pages;
	mh_handle page = 0;

	pages_begin(&pages, THREE_BLOCKS, 0);
	cr_expect_eq(fixture_offline(&pages.fixture, 2), 0);
	cr_expect_eq(fixture_online(&pages.fixture, 2, MH_ONLINE_DEFAULT), 0);
	fixture_expect_sound(&pages.fixture, "no page out");
	cr_expect_eq(favours_operations(&pages), mh_fence_prepare());
	cr_assert_eq(take(&pages, 0, 0, false, &page), 0);
	cr_expect_not(favours_operations(&pages));
	cr_expect_eq(fixture_offline(&pages.fixture, 2), 0);
	cr_expect_eq(fixture_online(&pages.fixture, 2, MH_ONLINE_DEFAULT), 0);
	cr_expect_not(favours_operations(&pages));
	mh_page_free(pages.machine, pages.cpu, &page);
	pages_end(&pages);
}

Test(page, of_each_order_is_aligned_and_merges_back)
{
	struct pages pages;
	mh_handle handles[MH_MAX_ORDER + 1] = {0};

	pages_begin(&pages, THREE_BLOCKS, 0);
	for (unsigned order = 0; order <= MH_MAX_ORDER; order++) {
		cr_assert_eq(take(&pages, 0, order, false, &handles[order]), 0, "order %u", order);
		cr_expect_eq(MH_HANDLE_ORDER(atomic_load(&handles[order])), order);
		cr_expect_eq(MH_HANDLE_PFN(atomic_load(&handles[order])) % (1u << order), 0, "order %u", order);
	}
	fixture_expect_sound(&pages.fixture, "all orders out");
	for (unsigned order = 0; order <= MH_MAX_ORDER; order++)
		mh_page_free(pages.machine, pages.cpu, &handles[order]);
	mh_pcp_empty(pages.cpu);
	cr_expect_eq(free_pages(&pages), 3u * BLOCK_PAGES, "%llu", (unsigned long long)free_pages(&pages));
	cr_expect_eq(pages.machine->pages[0]->free[MH_MAX_ORDER].count, BLOCK_PAGES >> MH_MAX_ORDER, "not merged");
	pages_end(&pages);
}

Test(page, beyond_the_largest_order_is_refused_and_costs_no_table)
{
	struct pages pages;
	mh_handle page = 0;

	pages_begin(&pages, THREE_BLOCKS, 0);
	cr_expect_eq(take(&pages, 0, MH_MAX_ORDER + 1, false, &page), -ENOMEM);
	cr_expect_eq(atomic_load(&page), 0, "the handle was touched");
	cr_expect_null(pages.machine->pages[0]);
	pages_end(&pages);
}

Test(page, lists_hold_back_a_batch_and_give_one_back_when_full)
{
	static mh_handle handles[MH_PCP_HIGH + 2];
	struct pages pages;
	struct mh_pcp *list;

	pages_begin(&pages, THREE_BLOCKS, 0);
	list = mh_pcp_of(pages.cpu, 0, MH_ZONE_NORMAL);
	cr_assert_eq(take(&pages, 0, 0, false, &handles[0]), 0);
	cr_expect_eq(list->count, MH_PCP_BATCH - 1u, "%u on the list", list->count);
	cr_expect_eq(free_pages(&pages), 3u * BLOCK_PAGES - MH_PCP_BATCH);
	for (int i = 1; i < MH_PCP_HIGH + 2; i++)
		cr_assert_eq(take(&pages, 0, 0, false, &handles[i]), 0);
	for (int i = 0; i < MH_PCP_HIGH + 2; i++) {
		mh_page_free(pages.machine, pages.cpu, &handles[i]);
		cr_expect_leq(list->count, (uint32_t)MH_PCP_HIGH);
	}
	mh_pcp_empty(pages.cpu);
	cr_expect_eq(list->count, 0);
	cr_expect_eq(free_pages(&pages), 3u * BLOCK_PAGES);
	pages_end(&pages);
}

Test(page, drain_empties_the_lists_of_a_thread_that_is_outside)
{
	struct pages pages;
	mh_handle page = 0;

	pages_begin(&pages, THREE_BLOCKS, 0);
	cr_assert_eq(take(&pages, 0, 0, false, &page), 0);
	mh_cpu_leave(pages.cpu);
	mh_pcp_drain_all(pages.machine);
	cr_expect_eq(mh_pcp_of(pages.cpu, 0, MH_ZONE_NORMAL)->count, 0);
	mh_cpu_enter(pages.cpu);
	mh_page_free(pages.machine, pages.cpu, &page);
	pages_end(&pages);
}

struct busy {
	struct pages *pages;
	atomic_bool inside, stop;
	mh_handle page;
};

/* Takes and gives without pause, never leaving its gate. */
static void busy_run(void *data)
{
	struct busy *busy = data;
	struct mh_machine *machine = busy->pages->machine;
	struct mh_cpu *cpu;

	cr_assert_eq(mh_cpu_new(machine, &cpu), 0);
	mh_cpu_enter(cpu);
	while (!atomic_load(&busy->stop)) {
		cr_assert_eq(
			mh_page_alloc(machine, cpu, &(struct mh_page_request){.kind = MH_PAGE_MOVABLE}, &busy->page),
			0);
		mh_page_free(machine, cpu, &busy->page);
		atomic_store(&busy->inside, true);
	}
	mh_cpu_leave(cpu);
	mh_cpu_free(machine, cpu);
}

Test(page, drain_is_answered_by_a_thread_that_is_inside, .timeout = 30)
{
	struct mh_thread thread;
	struct pages pages;
	struct busy busy = {.pages = &pages};
	unsigned turns = 0;

	pages_begin(&pages, THREE_BLOCKS, 1000000000);
	cr_assert_eq(mh_thread_start(&thread, "busy", -1, busy_run, &busy, NULL), 0);
	while (!atomic_load(&busy.inside))
		mh_spin_turn(&turns);
	for (int i = 0; i < 100; i++) {
		cr_expect_eq(fixture_offline(&pages.fixture, 0), 0);
		cr_expect_eq(fixture_online(&pages.fixture, 0, MH_ONLINE_MOVABLE), 0);
	}
	atomic_store(&busy.stop, true);
	mh_thread_join(&thread);
	pages_end(&pages);
}

Test(page, prefers_movable_and_falls_back_to_normal)
{
	static mh_handle handles[BLOCK_PAGES + 1];
	struct pages pages;

	pages_begin(&pages, "pack:1 [numa(memory=256MiB)] core:1 pu:1", 500000000);
	for (unsigned i = 0; i < BLOCK_PAGES + 1; i++)
		cr_assert_eq(take(&pages, 0, 0, true, &handles[i]), 0, "page %u", i);
	cr_expect_eq(block_of(&pages, &handles[0]), 1, "block %u", block_of(&pages, &handles[0]));
	cr_expect_eq(block_of(&pages, &handles[BLOCK_PAGES]), 0, "block %u", block_of(&pages, &handles[BLOCK_PAGES]));
	fixture_expect_sound(&pages.fixture, "Movable is full");
	for (unsigned i = 0; i < BLOCK_PAGES + 1; i++)
		mh_page_free(pages.machine, pages.cpu, &handles[i]);
	pages_end(&pages);
}

Test(page, unmovable_is_refused_by_a_machine_that_has_movable_only)
{
	struct mh_machine_counts counts;
	struct pages pages;
	mh_handle page = 0;

	pages_begin(&pages, THREE_BLOCKS, 1000000000);
	cr_expect_eq(take(&pages, 0, 0, false, &page), -ENOMEM);
	cr_expect_eq(take(&pages, 0, 3, false, &page), -ENOMEM);
	cr_expect_eq(atomic_load(&page), 0);
	cr_expect_eq(take(&pages, 0, 0, true, &page), 0);
	mh_page_free(pages.machine, pages.cpu, &page);
	mh_cpu_leave(pages.cpu);
	mh_cpu_free(pages.machine, pages.cpu);
	mh_machine_counts(pages.machine, &counts);
	cr_expect_eq(counts.allocations_refused, 2, "%llu", (unsigned long long)counts.allocations_refused);
	fixture_end(&pages.fixture);
}

Test(page, comes_from_the_nearest_node_that_has_one)
{
	struct pages pages;
	mh_handle first = 0, second = 0;

	pages_begin(&pages, TWO_NODES, 0);
	cr_expect_eq(take(&pages, 1, 0, false, &first), 0);
	cr_expect_geq(block_of(&pages, &first), 3);
	mh_page_free(pages.machine, pages.cpu, &first);
	for (uint32_t block = 3; block < 6; block++)
		cr_expect_eq(fixture_offline(&pages.fixture, block), 0);
	cr_expect_eq(take(&pages, 1, 0, false, &first), 0);
	cr_expect_lt(block_of(&pages, &first), 3, "block %u", block_of(&pages, &first));
	cr_expect_eq(take(&pages, 1, 2, false, &second), 0);
	mh_page_free(pages.machine, pages.cpu, &first);
	mh_page_free(pages.machine, pages.cpu, &second);
	pages_end(&pages);
}

/* Isolation takes the block's pages away at once, and from nobody else. */
Test(page, of_an_isolated_block_is_gone_and_others_stay)
{
	struct pages pages;
	struct mh_place place;

	pages_begin(&pages, THREE_BLOCKS, 0);
	place = mh_place_of(pages.machine, 1);
	mh_zone_close(pages.machine, &place);
	cr_expect_eq(free_pages(&pages), 2u * BLOCK_PAGES);
	cr_expect(mh_zone_block_is_free(pages.machine, 1));
	mh_zone_open(pages.machine, &place);
	cr_expect_eq(free_pages(&pages), 3u * BLOCK_PAGES);
	pages_end(&pages);
}

Test(page, given_back_to_an_isolated_block_stays_there)
{
	struct pages pages;
	struct mh_place place;
	mh_handle page = 0;

	pages_begin(&pages, THREE_BLOCKS, 0);
	place = mh_place_of(pages.machine, 0);
	cr_assert_eq(take(&pages, 0, 0, false, &page), 0);
	mh_pcp_empty(pages.cpu);
	mh_zone_close(pages.machine, &place);
	cr_expect(!mh_zone_block_is_free(pages.machine, 0));
	mh_page_free(pages.machine, pages.cpu, &page);
	cr_expect_eq(mh_pcp_of(pages.cpu, 0, MH_ZONE_NORMAL)->count, 0, "it went onto a list");
	cr_expect(mh_zone_block_is_free(pages.machine, 0));
	cr_expect_eq(free_pages(&pages), 2u * BLOCK_PAGES);
	mh_zone_open(pages.machine, &place);
	pages_end(&pages);
}

Test(page, moves_when_its_block_goes_offline_and_its_handle_stays_good)
{
	static mh_handle handles[300];
	struct mh_machine_counts counts;
	struct pages pages;

	pages_begin(&pages, THREE_BLOCKS, 1000000000);
	for (int i = 0; i < 300; i++)
		cr_assert_eq(take(&pages, 0, i % 50 ? 0 : 3, true, &handles[i]), 0);
	cr_expect_eq(block_of(&pages, &handles[0]), 0);
	cr_expect_eq(fixture_offline(&pages.fixture, 0), 0);
	mh_machine_counts(pages.machine, &counts);
	cr_expect_eq(counts.pages_migrated, 300, "%llu moved", (unsigned long long)counts.pages_migrated);
	fixture_expect_sound(&pages.fixture, "moved");
	for (int i = 0; i < 300; i++) {
		cr_expect_neq(block_of(&pages, &handles[i]), 0, "handle %d", i);
		cr_expect_eq(MH_HANDLE_ORDER(atomic_load(&handles[i])), i % 50 ? 0u : 3u, "handle %d", i);
		mh_page_free(pages.machine, pages.cpu, &handles[i]);
	}
	pages_end(&pages);
}

Test(page, moves_to_another_node_with_memory_first)
{
	struct pages pages;
	mh_handle page = 0;

	pages_begin(&pages, TWO_NODES, 1000000000);
	cr_assert_eq(take(&pages, 0, 0, true, &page), 0);
	cr_expect_eq(fixture_offline(&pages.fixture, 0), 0);
	cr_expect_geq(block_of(&pages, &page), 3, "moved to block %u", block_of(&pages, &page));
	mh_page_free(pages.machine, pages.cpu, &page);
	pages_end(&pages);
}

Test(page, unmovable_in_a_kernel_zone_refuses_the_offline_without_events)
{
	struct pages pages;
	mh_handle page = 0;

	pages_begin(&pages, THREE_BLOCKS, 0);
	cr_assert_eq(take(&pages, 0, 0, false, &page), 0);
	cr_expect_eq(fixture_offline(&pages.fixture, 0), -EBUSY);
	cr_expect_str_eq(pages.fixture.heard, "", "heard '%s'", pages.fixture.heard);
	cr_expect_eq(pages.fixture.operation.outcome, MH_OUTCOME_ISOLATE);
	cr_expect_eq(fixture_offline(&pages.fixture, 1), 0, "another block is free to go");
	fixture_expect_sound(&pages.fixture, "refused");
	mh_page_free(pages.machine, pages.cpu, &page);
	cr_expect_eq(fixture_offline(&pages.fixture, 0), 0, "and this one when the page is back");
	pages_end(&pages);
}

Test(page, by_pageblock_counts_two_megabytes_at_once)
{
	struct mh_machine_config config = fixture_config();
	struct mh_page_request request = {.kind = MH_PAGE_KERNEL};
	struct mh_machine_counts before, after;
	struct fixture fixture;
	struct mh_cpu *cpu;
	mh_handle page = 0;

	config.initial_online_ppb = 1000000000;
	config.page_unit = MH_PAGE_UNIT_PAGEBLOCK;
	fixture_begin(&fixture, THREE_BLOCKS, &config);
	mh_machine_counts(fixture.machine, &before);
	cr_expect_eq(before.free_pages, 3u * BLOCK_PAGES);
	cr_assert_eq(mh_cpu_new(fixture.machine, &cpu), 0);
	mh_cpu_enter(cpu);
	cr_assert_eq(mh_page_alloc(fixture.machine, cpu, &request, &page), 0);
	cr_expect_eq(MH_HANDLE_PFN(atomic_load(&page)) % MH_PAGEBLOCK_PAGES, 0);
	mh_pcp_empty(cpu);
	mh_machine_counts(fixture.machine, &after);
	cr_expect_eq(before.free_pages - after.free_pages, MH_PAGEBLOCK_PAGES);
	fixture_expect_sound(&fixture, "pageblock");
	mh_page_free(fixture.machine, cpu, &page);
	mh_cpu_leave(cpu);
	mh_cpu_free(fixture.machine, cpu);
	fixture_end(&fixture);
}

Test(page, no_more_threads_than_the_machine_has_slots)
{
	static struct mh_cpu *cpus[MH_CPU_COUNT_MAX];
	struct mh_machine_config config = fixture_config();
	struct fixture fixture;
	struct mh_cpu *more;

	fixture_begin(&fixture, THREE_BLOCKS, &config);
	for (int i = 0; i < MH_CPU_COUNT_MAX; i++)
		cr_assert_eq(mh_cpu_new(fixture.machine, &cpus[i]), 0);
	cr_expect_eq(mh_cpu_new(fixture.machine, &more), -ENOSPC);
	mh_cpu_free(fixture.machine, cpus[7]);
	cr_expect_eq(mh_cpu_new(fixture.machine, &cpus[7]), 0, "a slot is used again");
	for (int i = 0; i < MH_CPU_COUNT_MAX; i++)
		mh_cpu_free(fixture.machine, cpus[i]);
	mh_cpu_free(fixture.machine, NULL);
	fixture_end(&fixture);
}
