/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core/page.c compiled once more, with the drain flag and the look at the block's state and without all that is there
 * for checks and for migrations: the owner word, the exchange against a migration, kinds, hooks, assertions.
 */
#ifndef BENCH_MICRO_PAGE_CODE_H
#define BENCH_MICRO_PAGE_CODE_H

#include "core/page.h"

/* As mh_page_alloc and mh_page_free. Pages have no owner: no offline may meet one, and none may be freed by the other
 * code. */
int mh_page_small_alloc(struct mh_machine *machine, struct mh_cpu *cpu, const struct mh_page_request *request,
			mh_handle *owner);
void mh_page_small_free(struct mh_machine *machine, struct mh_cpu *cpu, mh_handle *owner);

#endif
