/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The CPU's own counters, of one thread in user mode: by perf_event_open, where the host has them and lets us. A
 * counter that cannot be had is not available, which is a value of its own and never 0.
 *
 * Legal order, in the thread that is counted: mh_hw_open, (mh_hw_start, mh_hw_stop), mh_hw_close. The counts may be
 * read by whoever has joined the thread.
 */
#ifndef BASE_HW_COUNT_H
#define BASE_HW_COUNT_H

#include <stdint.h>

enum mh_hw { MH_HW_INSTRUCTIONS, MH_HW_CYCLES, MH_HW_CACHE_MISSES, MH_HW_BRANCH_MISSES, MH_HW_COUNTERS };

/* "instructions", "cycles", "cache_misses", "branch_misses". */
extern const char *const mh_hw_names[MH_HW_COUNTERS];

#define MH_HW_NOT_AVAILABLE INT64_C(-1)

/* What perf_event_open asks for: a type, and an event of it. */
struct mh_hw_event {
	uint32_t type;
	uint64_t config;
};

struct mh_hw_count {
	int fds[MH_HW_COUNTERS]; /* -1: not available */
	int64_t values[MH_HW_COUNTERS];
};

/* Nothing is counted, nothing open: safe to close. */
void mh_hw_init(struct mh_hw_count *count);
/* Opens what can be had, for the calling thread; nothing is counted yet. */
void mh_hw_open(struct mh_hw_count *count);
/* The same of other events, for tests. */
void mh_hw_open_events(struct mh_hw_count *count, const struct mh_hw_event events[MH_HW_COUNTERS]);
void mh_hw_start(struct mh_hw_count *count);
/* Stops, and sets the values: of a counter that had to share the CPU's registers with others, what it would have
 * counted had it run all the time. One that never ran is not available. */
void mh_hw_stop(struct mh_hw_count *count);
void mh_hw_close(struct mh_hw_count *count);

#endif
