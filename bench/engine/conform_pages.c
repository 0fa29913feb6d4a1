/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages that a case holds. */
#include "bench/engine/conform_pages.h"

#include <errno.h>
#include <stdlib.h>

#define HUGE_ORDER 9 /* 2 MiB of 4-KiB pages */

int mh_conform_pages_init(struct mh_conform_pages *pages, struct mh_machine *machine)
{
	int ret;

	*pages = (struct mh_conform_pages){.machine = machine};
	ret = mh_cpu_new(machine, &pages->cpu);
	if (ret < 0)
		return ret;
	ret = mh_cpu_new(machine, &pages->callback_cpu);
	if (ret < 0)
		mh_cpu_free(machine, pages->cpu);
	return ret;
}

static struct mh_conform_holding *holding_new(struct mh_conform_pages *pages, unsigned node, enum mh_page_kind kind,
					      size_t count)
{
	struct mh_conform_holding *holding = calloc(1, sizeof(*holding));

	if (!holding)
		return NULL;
	holding->handles = calloc(count ? count : 1, sizeof(*holding->handles));
	if (!holding->handles) {
		free(holding);
		return NULL;
	}
	holding->node = node;
	holding->kind = kind;
	holding->next = pages->holdings;
	pages->holdings = holding;
	return holding;
}

/* Gives the pages of the newest holding back; the holding itself stays until the end, for a handle must outlive every
 * offline that may look at it. */
static void holding_empty(struct mh_conform_pages *pages, struct mh_conform_holding *holding)
{
	mh_cpu_enter(pages->cpu);
	for (size_t i = 0; i < holding->count; i++)
		if (holding->handles[i])
			mh_page_free(pages->machine, pages->cpu, &holding->handles[i]);
	mh_cpu_leave(pages->cpu);
	holding->count = 0;
}

static int holding_fill(struct mh_conform_pages *pages, struct mh_conform_holding *holding, unsigned order,
			size_t count)
{
	const struct mh_page_request request = {
		.node = holding->node, .order = order, .kind = holding->kind, .this_node = true};
	int ret = 0;

	mh_cpu_enter(pages->cpu);
	for (size_t i = 0; i < count && ret == 0; i++) {
		ret = mh_page_alloc(pages->machine, pages->cpu, &request, &holding->handles[i]);
		holding->count += ret == 0;
	}
	mh_cpu_leave(pages->cpu);
	return ret;
}

static int take(struct mh_conform_pages *pages, unsigned node, enum mh_page_kind kind, size_t count, bool process)
{
	struct mh_conform_holding *holding = holding_new(pages, node, kind, count);

	if (!holding)
		return ENOMEM;
	holding->process = process;
	if (holding_fill(pages, holding, 0, count) == 0)
		return 0;
	holding_empty(pages, holding);
	return ENOMEM;
}

void mh_conform_pages_release(struct mh_conform_pages *pages)
{
	while (pages->holdings) {
		struct mh_conform_holding *holding = pages->holdings;

		holding_empty(pages, holding);
		pages->holdings = holding->next;
		free(holding->handles);
		free(holding);
	}
	mh_cpu_free(pages->machine, pages->callback_cpu);
	mh_cpu_free(pages->machine, pages->cpu);
}

int mh_conform_pages_alloc(struct mh_conform_pages *pages, unsigned node, enum mh_page_kind kind, size_t count)
{
	return take(pages, node, kind, count, false);
}

static bool is_of_pool(const struct mh_conform_holding *holding)
{
	return holding->kind == MH_PAGE_HUGE_FREE || holding->kind == MH_PAGE_HUGE;
}

void mh_conform_pages_free(struct mh_conform_pages *pages)
{
	for (struct mh_conform_holding *holding = pages->holdings; holding; holding = holding->next)
		if (!holding->process && !is_of_pool(holding))
			holding_empty(pages, holding);
}

int mh_conform_pages_use(struct mh_conform_pages *pages, unsigned node, size_t count)
{
	return take(pages, node, MH_PAGE_MOVABLE, count, true);
}

/* Huge pages of the pool are a holding each, so that one can be taken and another dissolved. */
int mh_conform_pages_use_huge(struct mh_conform_pages *pages, unsigned node, size_t count)
{
	for (struct mh_conform_holding *holding = pages->holdings; holding && count; holding = holding->next) {
		if (holding->kind != MH_PAGE_HUGE_FREE || holding->node != node || !holding->count ||
		    !holding->handles[0])
			continue;
		mh_page_change(pages->machine, &holding->handles[0], MH_PAGE_HUGE);
		holding->kind = MH_PAGE_HUGE;
		holding->process = true;
		count--;
	}
	return count ? ENOMEM : 0;
}

/* What a dissolved huge page leaves is an empty handle. */
static bool is_in_pool(const struct mh_conform_holding *holding)
{
	return is_of_pool(holding) && holding->count && holding->handles[0];
}

static size_t pool_of(const struct mh_conform_pages *pages, unsigned node)
{
	size_t count = 0;

	for (const struct mh_conform_holding *holding = pages->holdings; holding; holding = holding->next)
		count += is_in_pool(holding) && holding->node == node;
	return count;
}

size_t mh_conform_pages_pool_size(const struct mh_conform_pages *pages)
{
	size_t count = 0;

	for (const struct mh_conform_holding *holding = pages->holdings; holding; holding = holding->next)
		count += is_in_pool(holding);
	return count;
}

static bool pool_grow(struct mh_conform_pages *pages, unsigned node)
{
	struct mh_conform_holding *holding = holding_new(pages, node, MH_PAGE_HUGE_FREE, 1);

	return holding && holding_fill(pages, holding, HUGE_ORDER, 1) == 0;
}

static bool pool_shrink(struct mh_conform_pages *pages, unsigned node)
{
	for (struct mh_conform_holding *holding = pages->holdings; holding; holding = holding->next)
		if (is_in_pool(holding) && holding->kind == MH_PAGE_HUGE_FREE && holding->node == node) {
			holding_empty(pages, holding);
			return true;
		}
	return false;
}

void mh_conform_pages_pool(struct mh_conform_pages *pages, unsigned node, size_t count)
{
	size_t has = pool_of(pages, node);

	for (; has < count && pool_grow(pages, node); has++)
		;
	for (; has > count && pool_shrink(pages, node); has--)
		;
}

static void balloon_change(struct mh_conform_pages *pages, struct mh_conform_holding *holding, enum mh_page_kind kind,
			   const uint64_t range[2])
{
	for (size_t i = 0; i < holding->count; i++) {
		uint64_t pfn = MH_HANDLE_PFN(holding->handles[i]);

		if (holding->handles[i] && pfn >= range[0] && pfn < range[1])
			mh_page_change(pages->machine, &holding->handles[i], kind);
	}
}

void mh_conform_pages_balloon(struct mh_conform_pages *pages, enum mh_event event, uint64_t start_pfn,
			      uint64_t nr_pages)
{
	const uint64_t range[2] = {start_pfn, start_pfn + nr_pages};

	if (event != MH_GOING_OFFLINE && event != MH_CANCEL_OFFLINE)
		return;
	for (struct mh_conform_holding *holding = pages->holdings; holding; holding = holding->next)
		if (holding->kind == MH_PAGE_OFFLINE)
			balloon_change(pages, holding, event == MH_GOING_OFFLINE ? MH_PAGE_RELEASED : MH_PAGE_OFFLINE,
				       range);
}

bool mh_conform_pages_try(struct mh_conform_pages *pages, unsigned node)
{
	const struct mh_page_request request = {.node = node, .kind = MH_PAGE_MOVABLE, .this_node = true};
	mh_handle owner = 0;
	int ret;

	mh_cpu_enter(pages->callback_cpu);
	ret = mh_page_alloc(pages->machine, pages->callback_cpu, &request, &owner);
	if (ret == 0)
		mh_page_free(pages->machine, pages->callback_cpu, &owner);
	mh_cpu_leave(pages->callback_cpu);
	return ret == 0;
}
