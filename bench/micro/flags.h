/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The flags of `memhp-bench micro`, by Google Benchmark's names; each may also come from the environment, in capitals:
 * BENCHMARK_FILTER. Source: its documentation, docs/user_guide.md of version 1.8; "histogram" and "ratio" are ours.
 */
#ifndef BENCH_MICRO_FLAGS_H
#define BENCH_MICRO_FLAGS_H

#include "bench/micro/settings.h"

struct mh_flag {
	const char *name;     /* "benchmark_filter" */
	const char *argument; /* "REGEX"; a flag that is true or false may stand without */
	const char *help;
	bool boolean;
	bool rows; /* says something of benchmarks that run by themselves, and nothing of a ratio */
	int (*set)(struct mh_micro_settings *settings, const char *value, struct mh_error *reterr);
};

/* One without a name at the end. */
extern const struct mh_flag mh_flags[];

/* @value: NULL for a boolean flag that stands alone. 0; -EINVAL or -ENOMEM with a sentence that begins with @origin. */
int mh_flag_set(const struct mh_flag *flag, struct mh_micro_settings *settings, const char *origin, const char *value,
		struct mh_error *reterr);

/* All that the environment has; before the command line, which has the last word. */
int mh_flags_from_environment(struct mh_micro_settings *settings, struct mh_error *reterr);

/* -EINVAL: a flag was given that would have no effect beside the others. */
int mh_flags_check(const struct mh_micro_settings *settings, struct mh_error *reterr);

#endif
