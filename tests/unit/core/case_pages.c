/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking and giving back, and the thread that watches.
 */
#include "case_pages.h"

#include <string.h>

#include <criterion/criterion.h>

#include "core/machine_private.h"

void case_pages_init(struct case_pages *pages, struct mh_machine *machine)
{
	memset(pages, 0, sizeof(*pages));
	pages->machine = machine;
	cr_assert_eq(mh_cpu_new(machine, &pages->cpu), 0);
}

static int take(struct case_pages *pages, enum mh_page_kind kind, unsigned order, mh_handle *owner)
{
	int ret;

	mh_cpu_enter(pages->cpu);
	ret = mh_page_alloc(pages->machine, pages->cpu, &(struct mh_page_request){.kind = kind, .order = order}, owner);
	mh_cpu_leave(pages->cpu);
	return ret;
}

void case_pages_take(struct case_pages *pages, enum mh_page_kind kind, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		cr_assert_lt(pages->page_count, (unsigned)CASE_PAGES);
		cr_assert_eq(take(pages, kind, CASE_ORDER, &pages->pages[pages->page_count++]), 0, "no page");
	}
}

void case_pages_poison(struct case_pages *pages)
{
	mh_handle *page = &pages->pages[pages->page_count++];

	cr_assert_eq(take(pages, MH_PAGE_MOVABLE, 0, page), 0, "no page");
	mh_page_change(pages->machine, page, MH_PAGE_POISONED);
}

void case_pages_fill(struct case_pages *pages)
{
	while (pages->filler_count < CASE_CHUNKS &&
	       take(pages, MH_PAGE_MOVABLE, CASE_ORDER, &pages->fillers[pages->filler_count]) == 0)
		pages->filler_count++;
	cr_assert_eq(pages->filler_count, (unsigned)CASE_CHUNKS, "%u chunks to fill a block", pages->filler_count);
}

static void give_back(struct case_pages *pages, struct mh_cpu *cpu, mh_handle *page)
{
	mh_cpu_enter(cpu);
	if (atomic_load(page))
		mh_page_free(pages->machine, cpu, page);
	mh_cpu_leave(cpu);
}

void case_pages_release(struct case_pages *pages)
{
	for (unsigned i = 0; i < pages->page_count; i++)
		give_back(pages, pages->cpu, &pages->pages[i]);
	for (unsigned i = 0; i < pages->filler_count; i++)
		give_back(pages, pages->cpu, &pages->fillers[i]);
	mh_cpu_free(pages->machine, pages->cpu);
}

static void wait_for_pass(struct case_pages *pages, unsigned pass)
{
	unsigned turns = 0;

	while (atomic_load(&pages->machine->pages_migrated) < pass && !atomic_load(&pages->ended))
		mh_spin_turn(&turns);
}

/* Room for one page, which the next pass moves there; then for the next one. */
static void watch(void *data)
{
	struct case_pages *pages = data;
	struct mh_cpu *cpu;

	cr_assert_eq(mh_cpu_new(pages->machine, &cpu), 0);
	for (unsigned pass = 1; pass <= pages->filler_count && !atomic_load(&pages->ended); pass++) {
		give_back(pages, cpu, &pages->fillers[pass - 1]);
		wait_for_pass(pages, pass);
		if (pass != pages->act_after)
			continue;
		cr_expect(!atomic_load(&pages->ended), "the offline ended after %u passes", pass);
		pages->act(pages->data);
	}
	mh_cpu_free(pages->machine, cpu);
}

void case_pages_watch(struct case_pages *pages)
{
	atomic_store(&pages->ended, false);
	if (pages->rooms)
		cr_assert_eq(mh_thread_start(&pages->thread, "watch", -1, watch, pages, NULL), 0);
}

void case_pages_unwatch(struct case_pages *pages)
{
	atomic_store(&pages->ended, true);
	if (pages->rooms)
		mh_thread_join(&pages->thread);
	pages->rooms = false;
}
