/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions of a kernel whose calls are timed to learn what an operation is made of: those of the steps, and the
 * callbacks of its memory chain.
 *
 * Which callbacks there are a kernel does not tell: its chain can be read by no file, and their names in kallsyms are
 * like any other. So all are tried that some kernel of ours is known to have, and those that the user names.
 */
#ifndef BENCH_KERNEL_COST_FUNCTIONS_H
#define BENCH_KERNEL_COST_FUNCTIONS_H

#include "bench/kernel/watch.h"
#include "results/costs.h"

struct mh_kernel_cost_functions {
	size_t count;
	const char *names[MH_KERNEL_FUNCTIONS_MAX]; /* by number; borrowed */
	const char *steps[MH_KERNEL_FUNCTIONS_MAX]; /* the step that it is of; NULL: a listener */
	int errors[MH_KERNEL_FUNCTIONS_MAX];        /* by watch: 0, or why it is not probed */
};

/**
 * mh_kernel_cost_functions_make - what is to be tried
 * @listeners: names of further callbacks; outlive it
 *
 * Return: 0; -EINVAL no name of a function, or one twice; -E2BIG; with a sentence.
 */
int mh_kernel_cost_functions_make(struct mh_kernel_cost_functions *functions, const char *const *listeners,
				  size_t listener_count, struct mh_error *reterr);

/* "isolate drain …": the steps that are looked for. */
void mh_kernel_cost_functions_show(const struct mh_kernel_cost_functions *functions, struct mh_text *text);

/**
 * mh_kernel_cost_functions_tell - after the watch was opened: what of it is not seen
 *
 * A step of which no function can be probed; a listener that the kernel has and does not let be probed, or that the
 * user named and it does not have. 0 or -ENOMEM.
 */
int mh_kernel_cost_functions_tell(const struct mh_kernel_cost_functions *functions, size_t listener_count,
				  struct mh_costs *costs);

#endif
