/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of a scenario a real kernel can be asked to do, and the list of what it cannot: each is skipped by name, with
 * its reason, and never counted as passed.
 */
#ifndef BENCH_KERNEL_PLAN_H
#define BENCH_KERNEL_PLAN_H

#include "base/text.h"
#include "bench/engine/scenario.h"

/* The listener that stands for the kernel's own injector in a scenario's chain, and the kernel's name for it. */
#define MH_KERNEL_INJECTOR_NAME     "injector"
#define MH_KERNEL_INJECTOR_CALLBACK "notifier_err_inject_callback"

/* A fault that the kernel's injector can do. */
struct mh_kernel_fault_plan {
	size_t index;    /* in the scenario */
	int error;       /* 1 … 4095 */
	unsigned events; /* of GOING_ONLINE and GOING_OFFLINE */
};

struct mh_kernel_plan {
	struct mh_kernel_fault_plan *faults;
	size_t fault_count;
	size_t *drivers; /* by phase: the workload that drives its blocks, or SIZE_MAX: none, the phase is skipped */
	struct mh_text skipped; /* a line each: "fault 'stop': …" */
	size_t skipped_count;
	bool drives; /* some phase has a driver */
};

/* 0, -ENOMEM, or -EINVAL as of the fault's kind, with a sentence. */
int mh_kernel_plan_make(const struct mh_scenario *scenario, struct mh_kernel_plan *ret_plan, struct mh_error *reterr);
void mh_kernel_plan_release(struct mh_kernel_plan *plan);

#endif
