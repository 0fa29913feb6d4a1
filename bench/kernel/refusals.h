/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel refused of its own accord, by errno: counted, and told in a sentence each at the end.
 */
#ifndef BENCH_KERNEL_REFUSALS_H
#define BENCH_KERNEL_REFUSALS_H

#include "bench/kernel/judge.h"
#include "results/result.h"

#define MH_KERNEL_REFUSALS_MAX 32 /* kinds; an operation has few errnos */

struct mh_kernel_refusal {
	bool online, heard; /* heard: after a GOING event */
	int error;
	uint32_t block; /* the first */
	uint64_t count;
};

struct mh_kernel_refusals {
	struct mh_kernel_refusal items[MH_KERNEL_REFUSALS_MAX];
	unsigned count;
};

/* @operation failed, and no fault of ours made it. */
void mh_kernel_refusals_add(struct mh_kernel_refusals *refusals, const struct mh_kernel_operation *operation);

/* A warning for each kind: "16 offlines failed (Device or resource busy), block 33 the first: …". */
void mh_kernel_refusals_report(const struct mh_kernel_refusals *refusals, struct mh_result *result);

#endif
