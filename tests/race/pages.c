/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads that take and give pages against threads that offline the blocks under them: the lists and their drain,
 * isolation, and the migration that changes a handle while its owner may free it. With one lock for all operations and
 * with one a node, by page and by pageblock.
 */
#include "core/page_walk.h"
#include "race_machine.h"

#define CASES 4

/* Looks at pages from outside: its view of a block's zone and page table may be wrong at any moment. */
static void walker_run(void *data)
{
	struct race_machine *race = data;
	uint64_t random = 7;
	struct mh_page_walk walk;

	while (!atomic_load_explicit(&race->stop_pages, memory_order_relaxed)) {
		mh_page_walk(race->machine, (uint32_t)(race_random(&random) % RACE_BLOCKS), &walk);
		atomic_fetch_add_explicit(walk.hole ? &race->holes : &race->walks, 1, memory_order_relaxed);
	}
}

static void run_case(struct race_machine *race, const struct mh_machine_config *config, const char *name)
{
	struct mh_thread pagers[RACE_PAGERS], hotpluggers[RACE_HOTPLUGGERS], walker;
	struct mh_machine_counts counts;
	uint64_t end_ns;
	unsigned violations;

	race_machine_new(race, config);
	end_ns = mh_clock_monotonic_ns() + race_share_ns(CASES);
	for (int i = 0; i < RACE_PAGERS; i++)
		if (mh_thread_start(&pagers[i], "pager", -1, race_pager_run, race, NULL) < 0)
			abort();
	for (int i = 0; i < RACE_HOTPLUGGERS; i++)
		if (mh_thread_start(&hotpluggers[i], "hotplugger", -1, race_hotplugger_run, race, NULL) < 0)
			abort();
	if (mh_thread_start(&walker, "walker", -1, walker_run, race, NULL) < 0)
		abort();
	while (mh_clock_monotonic_ns() < end_ns)
		mh_sleep_ns(10000000);
	atomic_store(&race->stop_hotplug, true);
	for (int i = 0; i < RACE_HOTPLUGGERS; i++)
		mh_thread_join(&hotpluggers[i]);
	atomic_store(&race->stop_pages, true);
	for (int i = 0; i < RACE_PAGERS; i++)
		mh_thread_join(&pagers[i]);
	mh_thread_join(&walker);
	mh_machine_counts(race->machine, &counts);
	violations = race_violations(race);
	race_report(violations == 0 && race->wrong == 0 && race->operations > 0 && race->pages > 0 && race->walks > 0 &&
			    race->holes > 0 && counts.pages_migrated > 0 && counts.free_pages == counts.managed_pages,
		    "%s: %lu operations, %lu refused, %lu page steps, %llu moved, %llu drains, %lu walks, %lu "
		    "holes, %u violations",
		    name, atomic_load(&race->operations), atomic_load(&race->failed), atomic_load(&race->pages),
		    (unsigned long long)counts.pages_migrated, (unsigned long long)counts.drains,
		    atomic_load(&race->walks), atomic_load(&race->holes), violations);
	race_machine_free(race);
}

int main(void)
{
	static struct race_machine race;

	mh_rcu_thread_register();
	for (int i = 0; i < CASES; i++) {
		struct mh_machine_config config = {
			.hotplug_lock = i & 1 ? MH_HOTPLUG_LOCK_NODE : MH_HOTPLUG_LOCK_GLOBAL,
			.page_unit = i & 2 ? MH_PAGE_UNIT_PAGEBLOCK : MH_PAGE_UNIT_PAGE,
		};
		char name[64];

		snprintf(name, sizeof(name), "lock %s, by %s", i & 1 ? "node" : "global", i & 2 ? "pageblock" : "page");
		run_case(&race, &config, name);
	}
	mh_rcu_thread_unregister();
	return race_end();
}
