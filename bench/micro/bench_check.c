/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/micro/bench_check.h"

#include <errno.h>
#include <string.h>

#include "bench/micro/arg.h"
#include "bench/micro/instance.h"
#include "bench/micro/unit.h"

static const char name_letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./";

/* What stands in a name and would part it otherwise than meant: "walk/callbacks:3". */
static bool is_name(const char *name)
{
	return *name && strlen(name) < 200 && !name[strspn(name, name_letters)];
}

static int check_args(const struct memhp_bench *bench, struct mh_error *reterr)
{
	bool ended = false;

	for (unsigned i = 0; i < MEMHP_BENCH_ARGS_MAX; i++) {
		const struct memhp_bench_arg *arg = &bench->args[i];

		if (arg->kind == MEMHP_BENCH_ARG_NONE) {
			ended = true;
			continue;
		}
		if (ended)
			return mh_error_set(reterr, -EINVAL, "argument %u stands behind an empty one", i);
		if (arg->name && !is_name(arg->name))
			return mh_error_set(reterr, -EINVAL,
					    "argument %u is named '%s': use letters, digits, '_', '-', '.' and '/'", i,
					    arg->name);
		int ret = mh_arg_check(arg, i, reterr);

		if (ret < 0)
			return ret;
	}
	return 0;
}

static int check_counts(const struct memhp_bench *bench, struct mh_error *reterr)
{
	if (bench->threads_min > bench->threads_max)
		return mh_error_set(reterr, -EINVAL, "threads_min %u is above threads_max %u", bench->threads_min,
				    bench->threads_max);
	if (bench->threads_max > MH_BENCH_THREADS_MAX)
		return mh_error_set(reterr, -EINVAL, "threads_max %u: use at most %d", bench->threads_max,
				    MH_BENCH_THREADS_MAX);
	if (bench->repetitions > MH_BENCH_REPEATS_MAX)
		return mh_error_set(reterr, -EINVAL, "repetitions %u: use at most %d", bench->repetitions,
				    MH_BENCH_REPEATS_MAX);
	if (bench->iterations > MH_BENCH_ITERATION_MAX)
		return mh_error_set(reterr, -EINVAL, "iterations: use at most 10^12");
	return 0;
}

static int check_times(const struct memhp_bench *bench, struct mh_error *reterr)
{
	if (!(bench->min_time_s >= 0 && bench->min_time_s <= 86400))
		return mh_error_set(reterr, -EINVAL, "min_time_s %g: use 0 to 86400", bench->min_time_s);
	if (!(bench->warm_up_s >= 0 && bench->warm_up_s <= 86400))
		return mh_error_set(reterr, -EINVAL, "warm_up_s %g: use 0 to 86400", bench->warm_up_s);
	if (bench->iterations && bench->min_time_s > 0)
		return mh_error_set(reterr, -EINVAL, "both iterations and min_time_s are given: one decides");
	if (bench->real_time && bench->manual_time)
		return mh_error_set(reterr, -EINVAL, "both real_time and manual_time are given: one decides");
	if (bench->histogram && bench->manual_time)
		return mh_error_set(reterr, -EINVAL,
				    "histogram and manual_time exclude each other: its values are "
				    "what the clock says of an iteration");
	if (bench->unit && !mh_time_unit_find(bench->unit))
		return mh_error_set(reterr, -EINVAL, "unit '%s': use ns, us, ms or s", bench->unit);
	return 0;
}

static int check(const struct memhp_bench *bench, struct mh_error *reterr)
{
	int ret;

	if (!is_name(bench->name))
		return mh_error_set(reterr, -EINVAL, "use letters, digits, '_', '-', '.' and '/' in a name");
	if (!bench->run)
		return mh_error_set(reterr, -EINVAL, "it has no run");
	ret = check_counts(bench, reterr);
	if (ret == 0)
		ret = check_times(bench, reterr);
	return ret < 0 ? ret : check_args(bench, reterr);
}

int mh_bench_check(const struct memhp_bench *bench, const char *place, struct mh_error *reterr)
{
	struct mh_error error;
	int ret = check(bench, &error);

	if (ret < 0)
		return mh_error_set(reterr, ret, "%s: benchmark '%s': %s", place, bench->name, error.text);
	return 0;
}
