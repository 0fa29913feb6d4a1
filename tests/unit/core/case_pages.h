/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pages that a case has taken, and a thread that watches an offline move them: it lets it move one a pass, and does
 * something after a given pass. Nothing sleeps: a pass is over when the count of migrated pages says so.
 */
#ifndef TESTS_UNIT_CORE_CASE_PAGES_H
#define TESTS_UNIT_CORE_CASE_PAGES_H

#include <stdatomic.h>

#include "base/thread.h"
#include "core/machine.h"

#define CASE_PAGES  8
#define CASE_CHUNKS 4 /* of CASE_ORDER in a block */
#define CASE_ORDER  4 /* 16 of the 64 units of a block: freed into the zone, not to a thread's list */

struct case_pages {
	struct mh_machine *machine;
	struct mh_cpu *cpu; /* of the thread that plays */
	mh_handle pages[CASE_PAGES];
	unsigned page_count;
	mh_handle fillers[CASE_CHUNKS];
	unsigned filler_count;

	unsigned act_after; /* passes; 0: never */
	void (*act)(void *data);
	void *data;
	bool rooms; /* the thread is wanted */
	atomic_bool ended;
	struct mh_thread thread;
};

void case_pages_init(struct case_pages *pages, struct mh_machine *machine);
void case_pages_take(struct case_pages *pages, enum mh_page_kind kind, unsigned count);
void case_pages_poison(struct case_pages *pages);
/* All that can be had. */
void case_pages_fill(struct case_pages *pages);
/* Gives all back. */
void case_pages_release(struct case_pages *pages);

/* Around the operation that migrates. */
void case_pages_watch(struct case_pages *pages);
void case_pages_unwatch(struct case_pages *pages);

#endif
