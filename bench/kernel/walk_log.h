/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel's trace shows as walks in the project's events: the text of the buffer comes piece by piece, the walks
 * of one thread come out, in order. Walks of other threads (udev onlines blocks, too) are counted, not kept.
 */
#ifndef BENCH_KERNEL_WALK_LOG_H
#define BENCH_KERNEL_WALK_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "bench/kernel/trace_line.h"
#include "core/protocol.h"

#define MH_KERNEL_WALKS_MAX 32 /* of one operation; the longest that a kernel makes has six */

/* One walk over a chain. */
struct mh_kernel_walk {
	enum mh_event event;
	uint64_t start_pfn, nr_pages;
	int nid_normal, nid; /* INT32_MIN: this kernel's argument has none, or not in this event */
	bool returned;       /* its end was seen, too: @value and @end_ns are known */
	int value;
	uint64_t begin_ns, end_ns;
};

struct mh_kernel_walk_log {
	const struct mh_protocol *protocol;
	int tid; /* whose walks are kept */
	/* Sees each line of @tid's, and of events that were lost, before it is taken. NULL: nobody does. */
	void (*see)(void *data, const struct mh_kernel_line *line);
	void *see_data;
	struct mh_text rest; /* of a line that has not yet come whole */
	struct mh_kernel_walk walks[MH_KERNEL_WALKS_MAX];
	unsigned count;
	uint64_t others; /* walks of other threads, since init */
	uint64_t lost;   /* events that the buffer had no room for, since init */
	uint64_t cut;    /* walks beyond MH_KERNEL_WALKS_MAX, since init */
};

void mh_kernel_walk_log_init(struct mh_kernel_walk_log *log, const struct mh_protocol *protocol, int tid);
void mh_kernel_walk_log_release(struct mh_kernel_walk_log *log);

/* Before an operation: forgets the walks of the one before. */
void mh_kernel_walk_log_clear(struct mh_kernel_walk_log *log);

/**
 * mh_kernel_walk_log_feed - the next piece of the buffer's text
 *
 * Return: 0; -EPROTO a line of our probes that makes no sense: of no event that this kernel has, an end without a
 * beginning, a walk within a walk; -ENOMEM. With a sentence; what else the piece holds has been read.
 */
int mh_kernel_walk_log_feed(struct mh_kernel_walk_log *log, const char *text, size_t length, struct mh_error *reterr);

/* "GOING_OFFLINE CANCEL_OFFLINE"; "nothing" where there is none. */
void mh_kernel_walks_show(const struct mh_kernel_walk *walks, unsigned count, struct mh_text *text);

#endif
