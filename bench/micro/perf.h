/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events that the kernel counts for a thread, by perf_event_open. A virtual machine may have only those of software. */
#ifndef BENCH_MICRO_PERF_H
#define BENCH_MICRO_PERF_H

#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

#define MH_PERF_MAX 8

struct mh_perf_event {
	const char *name; /* "CYCLES" */
	uint32_t type;
	uint64_t config;
};

/* The events that are wanted. */
struct mh_perf_set {
	const struct mh_perf_event *events[MH_PERF_MAX];
	unsigned count;
};

/* Those of one thread while they are open. */
struct mh_perf {
	int fds[MH_PERF_MAX];
	uint64_t counts[MH_PERF_MAX]; /* between begin and stop */
	unsigned count;
};

/* "CYCLES,INSTRUCTIONS". -EINVAL: there is no such event, or too many; the sentence names them all. */
int mh_perf_parse(const char *names, struct mh_perf_set *ret_set, struct mh_error *reterr);

/* Leaves out what cannot be counted here, and says so: a line each, appended to @told. */
void mh_perf_keep_available(struct mh_perf_set *set, struct mh_text *told);

/* For the calling thread; what cannot be opened counts 0. */
void mh_perf_open(struct mh_perf *perf, const struct mh_perf_set *set);
void mh_perf_begin(struct mh_perf *perf);
void mh_perf_stop(struct mh_perf *perf);
/* Safe on a zeroed struct. */
void mh_perf_close(struct mh_perf *perf);

#endif
