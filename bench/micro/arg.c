/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/micro/arg.h"

#include <errno.h>
#include <inttypes.h>

bool mh_range_value(int64_t first, int64_t last, int64_t step, size_t index, int64_t *ret_value)
{
	int64_t power = 1;

	if (index == 0) {
		*ret_value = first;
		return true;
	}
	while (power < last) {
		if (power > first && --index == 0) {
			*ret_value = power;
			return true;
		}
		if (__builtin_mul_overflow(power, step, &power))
			break;
	}
	*ret_value = last;
	return index == 1 && last != first;
}

static bool dense_value(const struct memhp_bench_arg *arg, size_t index, int64_t *ret_value)
{
	int64_t offset;

	if (__builtin_mul_overflow((int64_t)index, arg->step, &offset) ||
	    __builtin_add_overflow(arg->first, offset, ret_value))
		return false;
	return *ret_value <= arg->last;
}

bool mh_arg_value(const struct memhp_bench_arg *arg, size_t index, int64_t *ret_value)
{
	switch (arg->kind) {
	case MEMHP_BENCH_ARG_VALUES:
		if (index >= arg->value_count)
			return false;
		*ret_value = arg->values[index];
		return true;
	case MEMHP_BENCH_ARG_RANGE:
		return mh_range_value(arg->first, arg->last, arg->step, index, ret_value);
	case MEMHP_BENCH_ARG_DENSE:
		return dense_value(arg, index, ret_value);
	default:
		return false;
	}
}

int mh_arg_check(const struct memhp_bench_arg *arg, unsigned number, struct mh_error *reterr)
{
	const int64_t step_min = arg->kind == MEMHP_BENCH_ARG_RANGE ? 2 : 1;

	switch (arg->kind) {
	case MEMHP_BENCH_ARG_VALUES:
		if (!arg->values || !arg->value_count)
			return mh_error_set(reterr, -EINVAL, "argument %u has no values", number);
		return 0;
	case MEMHP_BENCH_ARG_RANGE:
	case MEMHP_BENCH_ARG_DENSE:
		if (arg->first > arg->last)
			return mh_error_set(reterr, -EINVAL, "argument %u goes from %" PRIi64 " down to %" PRIi64,
					    number, arg->first, arg->last);
		if (arg->step < step_min)
			return mh_error_set(reterr, -EINVAL,
					    "argument %u has the step %" PRIi64 ": use at least %" PRIi64, number,
					    arg->step, step_min);
		if (arg->kind == MEMHP_BENCH_ARG_RANGE && arg->first < 0)
			return mh_error_set(reterr, -EINVAL, "argument %u is a range from %" PRIi64 ": use 0 or more",
					    number, arg->first);
		return 0;
	default:
		return mh_error_set(reterr, -EINVAL, "argument %u is of kind %d, which there is not", number,
				    (int)arg->kind);
	}
}
