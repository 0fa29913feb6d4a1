/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tables of benchmarks stand for: an instance for each combination of a row's arguments and threads, named as
 * Google Benchmark names it, "chain/walk/callbacks:3/threads:2".
 */
#ifndef BENCH_MICRO_INSTANCE_H
#define BENCH_MICRO_INSTANCE_H

#include <memhp/bench.h>

#include "base/error.h"

#define MH_INSTANCES_MAX       10000 /* of all tables */
#define MH_BENCH_THREADS_MAX   256
#define MH_BENCH_REPEATS_MAX   100000
#define MH_BENCH_ITERATION_MAX UINT64_C(1000000000000)

struct mh_instance {
	const struct memhp_bench *bench;
	int64_t args[MEMHP_BENCH_ARGS_MAX];
	unsigned arg_count;
	unsigned threads;
	unsigned family, family_index; /* the row among all rows, the instance in its row; from 0 */
	char *name;                    /* owned */
};

struct mh_instances {
	struct mh_instance *items;
	size_t count;
	unsigned family_count;
};

/**
 * mh_instances_add - all instances of a table, in order: arguments, the last the fastest, then threads
 * @table: ends with a row without a name; outlives @instances
 * @place: in messages, "walk.so" or "the built-in table"
 *
 * Return: 0; -EINVAL a row that makes no sense, or a name that is there already; -E2BIG; -ENOMEM.
 */
int mh_instances_add(struct mh_instances *instances, const struct memhp_bench *table, const char *place,
		     struct mh_error *reterr);

/* The tables of bench_list.h. As mh_instances_add(). */
int mh_instances_add_built_in(struct mh_instances *instances, struct mh_error *reterr);

/* By the whole name; NULL: there is none. */
const struct mh_instance *mh_instances_find(const struct mh_instances *instances, const char *name);

void mh_instances_release(struct mh_instances *instances);

#endif
