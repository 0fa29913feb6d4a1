/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `costs record`: blocks are taken offline and online, and what each operation is made of is seen through tracefs.
 */
#ifndef BENCH_KERNEL_COST_RECORDER_H
#define BENCH_KERNEL_COST_RECORDER_H

#include <signal.h>

#include "bench/engine/run.h"
#include "bench/kernel/tree.h"
#include "results/costs.h"

#define MH_KERNEL_COST_OPERATIONS_MAX 1000000u
#define MH_KERNEL_COST_DEADLINE_NS    UINT64_C(5000000000) /* an operation that lasts longer is interrupted */

struct mh_kernel_cost_request {
	const struct mh_kernel_tree *tree;
	const char *blocks; /* "32-35,38": what it may touch */
	const char *zone;   /* "keep", "default", "kernel", "movable": where blocks are onlined */
	uint64_t operations;
	const char *const *listeners; /* further callbacks by name */
	size_t listener_count;
	const char *restore; /* path of a script that puts everything back, there as long as there is something to be */
	const volatile sig_atomic_t *signal;                              /* ends it early; NULL: nothing does */
	void (*announce)(void *data, const char *text);                   /* before anything is changed */
	void (*progress)(void *data, uint64_t done, uint64_t operations); /* after each */
	void *data;
};

/**
 * mh_kernel_costs_record - record, and put everything back
 * @costs: of mh_costs_init(); filled unless nothing was recorded
 *
 * From a process that has no other thread. A made-up tree counts as emulated: its durations are no kernel's. Return:
 * MH_RUN_ENDED; MH_RUN_ENDED_BY_SIGNAL, with what was recorded until then; MH_RUN_REFUSED_INPUT and _ENVIRONMENT;
 * MH_RUN_ENDED_BY_LIMIT not everything could be put back, or nothing was seen; each but the first with a sentence.
 */
enum mh_run_end mh_kernel_costs_record(const struct mh_kernel_cost_request *request, struct mh_costs *costs,
				       struct mh_error *reterr);

#endif
