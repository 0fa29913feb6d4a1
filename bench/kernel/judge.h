/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One operation of a kernel against the protocol of its release: the order of its walks, their argument, the errno, the
 * masks and the state after it. What the trace cannot tell is not checked, and counted as such.
 *
 * The invariants' names are those that the simulated machine is held to (`memhp-bench list`).
 */
#ifndef BENCH_KERNEL_JUDGE_H
#define BENCH_KERNEL_JUDGE_H

#include "bench/kernel/block.h"
#include "bench/kernel/masks.h"
#include "bench/kernel/walk_log.h"

/* All that was seen of one operation. */
struct mh_kernel_operation {
	const struct mh_protocol *protocol;
	const struct mh_kernel_block *block;
	uint64_t block_pages;
	bool online; /* what was asked for */
	enum mh_block_state before;
	struct mh_kernel_masks masks_before, masks_after;
	struct mh_kernel_write_result write;
	const struct mh_kernel_walk *walks;
	unsigned walk_count;
	bool walks_known; /* watched, and nothing was lost */
	bool alone;       /* nobody else onlined or offlined anything meanwhile: the masks are this operation's */
	int armed;        /* errno with which the injector was to answer GOING; 0: none */
};

enum mh_kernel_outcome {
	MH_KERNEL_DONE,
	MH_KERNEL_FAILED,     /* by the kernel's rules */
	MH_KERNEL_INJECTED,   /* by the injector, as armed */
	MH_KERNEL_UNEXPECTED, /* it contradicts the protocol */
};

/* Called for each rule that was broken: its name, and a sentence. */
typedef void (*mh_kernel_finding_fn)(void *data, const char *invariant, const char *detail);

struct mh_kernel_judgement {
	enum mh_kernel_outcome outcome;
	unsigned checked;   /* rules that were held against it */
	unsigned unchecked; /* rules for which what was seen did not suffice */
};

struct mh_kernel_judgement mh_kernel_judge(const struct mh_kernel_operation *operation, mh_kernel_finding_fn found,
					   void *data);

/* Did listeners hear of it: is there a walk of a GOING event? */
bool mh_kernel_was_heard(const struct mh_kernel_walk *walks, unsigned count);

#endif
