/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls within calls, as the trace shows them line by line, in the parts of one operation: how long each took, and how
 * long without those within.
 */
#ifndef BENCH_KERNEL_COST_LOG_H
#define BENCH_KERNEL_COST_LOG_H

#include "bench/kernel/cost_functions.h"
#include "bench/kernel/trace_line.h"
#include "core/protocol.h"
#include "results/costs_fit.h"

#define MH_KERNEL_COST_DEPTH_MAX 16  /* calls within calls */
#define MH_KERNEL_COST_PARTS_MAX 128 /* of one operation */

/* A call that has not yet returned. */
struct mh_kernel_cost_call {
	struct mh_cost_key key;
	int function; /* its number; below 0: a walk of the memory chain, or of that of nodes */
	bool counts;  /* it is a part; a listener that is called outside of any walk is none */
	uint64_t begin_ns, inner_ns;
};

struct mh_kernel_cost_log {
	const struct mh_kernel_cost_functions *functions;
	const struct mh_protocol *protocol;
	struct mh_kernel_cost_call calls[MH_KERNEL_COST_DEPTH_MAX];
	unsigned depth;
	struct mh_cost_part parts[MH_KERNEL_COST_PARTS_MAX];
	size_t count;
	bool node; /* some walk told that the node gets its first memory, or loses its last */
	bool torn; /* lines are missing, or do not fit: the parts say nothing */
};

void mh_kernel_cost_log_init(struct mh_kernel_cost_log *log, const struct mh_kernel_cost_functions *functions,
			     const struct mh_protocol *protocol);
/* Before an operation. */
void mh_kernel_cost_log_clear(struct mh_kernel_cost_log *log);

/* For mh_kernel_walk_log.see; @data: the log. */
void mh_kernel_cost_log_see(void *data, const struct mh_kernel_line *line);

/* After an operation: every call has returned, and something was seen at all. */
bool mh_kernel_cost_log_is_whole(const struct mh_kernel_cost_log *log);

#endif
