/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pages that a case's steps, processes and callbacks hold: alloc, free, use, a pool of huge pages, and a balloon driver
 * that drops its references.
 *
 * Steps run in the case's thread, the balloon's and the attempts inside callbacks, one at a time under the hotplug
 * lock.
 */
#ifndef BENCH_ENGINE_CONFORM_PAGES_H
#define BENCH_ENGINE_CONFORM_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/machine.h"
#include "core/page.h"

/* Pages that were allocated together. */
struct mh_conform_holding {
	mh_handle *handles;
	size_t count;
	unsigned node; /* index */
	enum mh_page_kind kind;
	bool process; /* of `use`: not freed by the step `free` */
	struct mh_conform_holding *next;
};

struct mh_conform_pages {
	struct mh_machine *machine;
	struct mh_cpu *cpu;          /* of the steps */
	struct mh_cpu *callback_cpu; /* of the callbacks */
	struct mh_conform_holding *holdings;
};

int mh_conform_pages_init(struct mh_conform_pages *pages, struct mh_machine *machine);
void mh_conform_pages_release(struct mh_conform_pages *pages);

/* @count single pages of @kind on that node and no other. Return: 0, or a positive errno as recorded; nothing is left.
 */
int mh_conform_pages_alloc(struct mh_conform_pages *pages, unsigned node, enum mh_page_kind kind, size_t count);
/* What alloc took. */
void mh_conform_pages_free(struct mh_conform_pages *pages);

/* A process that takes @count single pages, movable; 0 or ENOMEM. */
int mh_conform_pages_use(struct mh_conform_pages *pages, unsigned node, size_t count);
/* A process that takes @count huge pages from the pool of @node; 0 or ENOMEM. */
int mh_conform_pages_use_huge(struct mh_conform_pages *pages, unsigned node, size_t count);

/* Makes the pool of @node @count huge pages large, as far as there is memory. */
void mh_conform_pages_pool(struct mh_conform_pages *pages, unsigned node, size_t count);
size_t mh_conform_pages_pool_size(const struct mh_conform_pages *pages);

/* The driver of the offline-flagged pages of [@start_pfn, @start_pfn + @nr_pages) drops its references, or takes them.
 */
void mh_conform_pages_balloon(struct mh_conform_pages *pages, enum mh_event event, uint64_t start_pfn,
			      uint64_t nr_pages);
/* Whether a page of that node can be had now; it is given back. */
bool mh_conform_pages_try(struct mh_conform_pages *pages, unsigned node);

#endif
