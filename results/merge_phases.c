/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Phases of two runs as one: those of one name last as long as both together, and begin where the ones before end. The
 * exemplars of each run move with their phase, so that they still lie within it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "results/merge_private.h"

static uint64_t length_of(const struct mh_result_phase *phase)
{
	return phase->t1_ns > phase->t0_ns ? phase->t1_ns - phase->t0_ns : 0;
}

static int check_phases(const struct mh_result *to, const struct mh_result *from, struct mh_error *reterr)
{
	bool same = to->phase_count == from->phase_count;

	for (size_t i = 0; same && i < to->phase_count; i++)
		same = strcmp(to->phases[i].name, from->phases[i].name) == 0 &&
		       to->phases[i].workload_count == from->phases[i].workload_count;
	return same ? 0 : mh_error_set(reterr, -EXDEV, "the runs have different phases");
}

static int merge_ops(struct mh_result_ops *to, const struct mh_result_ops *from, struct mh_error *reterr)
{
	int ret = mh_merge_add(&to->ok, from->ok, "ops.ok", reterr);

	if (ret == 0)
		ret = mh_merge_add(&to->fail, from->fail, "ops.fail", reterr);
	if (ret == 0)
		ret = mh_merge_add(&to->expected_fail, from->expected_fail, "ops.expected_fail", reterr);
	if (ret == 0)
		ret = mh_merge_add(&to->unexpected, from->unexpected, "ops.unexpected", reterr);
	return ret;
}

/* Of two that are not negative. */
static int64_t sum_available(int64_t a, int64_t b)
{
	return a == MH_NOT_AVAILABLE || b == MH_NOT_AVAILABLE || INT64_MAX - a < b ? MH_NOT_AVAILABLE : a + b;
}

/* What one of the runs lacks is not available of both. */
static void merge_hw(struct mh_result_workload *to, const struct mh_result_workload *from)
{
	to->hw_asked &= from->hw_asked;
	for (int i = 0; i < MH_HW_COUNTERS; i++)
		to->hw[i] = sum_available(to->hw[i], from->hw[i]);
}

/* @share: of the first run in the time of both. A lag is the worse of the two: percentiles have no average. */
static int merge_workload(struct mh_result_workload *to, const struct mh_result_workload *from, double share,
			  struct mh_error *reterr)
{
	int ret = merge_ops(&to->ops, &from->ops, reterr);

	if (strcmp(to->name, from->name) != 0 || to->threads != from->threads)
		return mh_error_set(reterr, -EXDEV, "the runs have different workloads");
	if (ret == 0)
		ret = mh_merge_add(&to->dropped, from->dropped, "dropped", reterr);
	if (ret == 0)
		ret = mh_merge_add(&to->already, from->already, "already", reterr);
	to->threads_ns = sum_available(to->threads_ns, from->threads_ns);
	merge_hw(to, from);
	to->achieved_rate = share * to->achieved_rate + (1 - share) * from->achieved_rate;
	if (from->lag_p99_ns > to->lag_p99_ns)
		to->lag_p99_ns = from->lag_p99_ns;
	return ret;
}

/* How far the exemplars of a phase move, modulo 2^64: of the first run, and of the second. */
struct shift {
	uint64_t to, from;
};

/* @begin_ns: where the phase of the sum begins. */
static int merge_phase(struct mh_result_phase *to, const struct mh_result_phase *from, uint64_t begin_ns,
		       struct shift *ret_shift, struct mh_error *reterr)
{
	uint64_t first = length_of(to), both = first;
	int ret = mh_merge_add(&both, length_of(from), "the time of a phase", reterr);
	double share = both ? (double)first / (double)both : 0.5;

	if (ret == 0 && begin_ns + both < begin_ns)
		ret = mh_error_set(reterr, -EOVERFLOW, "the phases of the runs together last above 2^64 ns");
	for (size_t i = 0; ret == 0 && i < to->workload_count; i++)
		ret = merge_workload(&to->workloads[i], &from->workloads[i], share, reterr);
	*ret_shift = (struct shift){.to = begin_ns - to->t0_ns, .from = begin_ns + first - from->t0_ns};
	to->t0_ns = begin_ns;
	to->t1_ns = begin_ns + both;
	/* The longest of the recoveries; one that is missing did not converge, and then the sum did not. */
	if (to->recovery_ns != MH_NOT_AVAILABLE &&
	    (from->recovery_ns == MH_NOT_AVAILABLE || from->recovery_ns > to->recovery_ns))
		to->recovery_ns = from->recovery_ns;
	return ret;
}

static size_t phase_index(const struct mh_result *result, const char *name)
{
	size_t i = 0;

	while (i < result->phase_count && strcmp(result->phases[i].name, name) != 0)
		i++;
	return i;
}

static void copy_steps(struct mh_result *to, struct mh_result_exemplar *exemplar, const struct mh_result_exemplar *from)
{
	for (size_t i = 0; i < from->step_count; i++) {
		struct mh_result_step *step = mh_result_add_step(to, exemplar);

		if (!step)
			return;
		*step = from->steps[i];
		step->name = mh_result_text(to, step->name);
	}
}

static void copy_firings(struct mh_result *to, struct mh_result_exemplar *exemplar,
			 const struct mh_result_exemplar *from)
{
	for (size_t i = 0; i < from->firing_count; i++) {
		struct mh_result_firing *firing = mh_result_add_firing(to, exemplar);

		if (!firing)
			return;
		*firing = from->firings[i];
		firing->fault = mh_result_text(to, firing->fault);
		firing->event = mh_result_text(to, firing->event);
		firing->listener = mh_result_text(to, firing->listener);
	}
}

static void copy_longest(struct mh_result *to, struct mh_result_exemplar *exemplar,
			 const struct mh_result_exemplar *from)
{
	for (size_t i = 0; i < from->longest_count; i++) {
		struct mh_result_longest *longest = mh_result_add_longest(to, exemplar);

		if (!longest)
			return;
		*longest = from->longest[i];
		longest->series = mh_result_text(to, longest->series);
	}
}

static void copy_exemplar(struct mh_result *to, const struct mh_result_exemplar *from)
{
	struct mh_result_exemplar *exemplar = mh_result_add_exemplar(to);

	if (!exemplar)
		return;
	*exemplar = *from;
	exemplar->firings = NULL;
	exemplar->longest = NULL;
	exemplar->steps = NULL;
	exemplar->firing_count = exemplar->firing_capacity = 0;
	exemplar->longest_count = exemplar->longest_capacity = 0;
	exemplar->step_count = exemplar->step_capacity = 0;
	exemplar->phase = mh_result_text(to, from->phase);
	exemplar->workload = mh_result_text(to, from->workload);
	exemplar->operation = mh_result_text(to, from->operation);
	exemplar->outcome = mh_result_text(to, from->outcome);
	exemplar->class = mh_result_text(to, from->class);
	copy_firings(to, exemplar, from);
	copy_longest(to, exemplar, from);
	copy_steps(to, exemplar, from);
}

/* @other has a longer value in the series that is @mark of @exemplar's. */
static bool outdoes(const struct mh_result_exemplar *other, const struct mh_result_exemplar *exemplar, size_t mark)
{
	for (size_t i = 0; i < other->longest_count; i++)
		if (strcmp(other->phase, exemplar->phase) == 0 &&
		    strcmp(other->longest[i].series, exemplar->longest[mark].series) == 0)
			return other->longest[i].value_ns > exemplar->longest[mark].value_ns;
	return false;
}

/* In one of the two a longer one may be the longest of a series: only that one keeps the mark. */
static void keep_longest(struct mh_result *result)
{
	for (size_t i = 0; i < result->exemplar_count; i++) {
		struct mh_result_exemplar *exemplar = &result->exemplars[i];

		for (size_t j = exemplar->longest_count; j-- > 0;)
			for (size_t k = 0; k < result->exemplar_count; k++)
				if (outdoes(&result->exemplars[k], exemplar, j)) {
					exemplar->longest[j] = exemplar->longest[--exemplar->longest_count];
					break;
				}
	}
}

/* The longest response first, as the engine has them. */
static int compare_exemplars(const void *a, const void *b)
{
	uint64_t left = ((const struct mh_result_exemplar *)a)->response_ns;
	uint64_t right = ((const struct mh_result_exemplar *)b)->response_ns;

	return (left < right) - (left > right);
}

static void move(struct mh_result_exemplar *exemplar, uint64_t by_ns)
{
	exemplar->intended_ns += by_ns;
	exemplar->start_ns += by_ns;
}

static void merge_exemplars(struct mh_result *to, const struct mh_result *from, const struct shift *shifts)
{
	for (size_t i = 0; i < to->exemplar_count; i++)
		move(&to->exemplars[i], shifts[phase_index(to, to->exemplars[i].phase)].to);
	for (size_t i = 0; i < from->exemplar_count && !to->failed; i++) {
		copy_exemplar(to, &from->exemplars[i]);
		if (!to->failed)
			move(&to->exemplars[to->exemplar_count - 1],
			     shifts[phase_index(to, from->exemplars[i].phase)].from);
	}
	if (to->exemplar_count)
		qsort(to->exemplars, to->exemplar_count, sizeof(to->exemplars[0]), compare_exemplars);
	keep_longest(to);
}

int mh_merge_phases(struct mh_result *to, const struct mh_result *from, struct mh_error *reterr)
{
	/* One more, without a shift: of an exemplar whose phase is not listed. */
	struct shift *shifts = calloc(to->phase_count + 1, sizeof(*shifts));
	uint64_t begin_ns = to->phase_count ? to->phases[0].t0_ns : 0;
	int ret = shifts ? check_phases(to, from, reterr) : mh_error_set(reterr, -ENOMEM, "no memory to add runs up");

	for (size_t i = 0; ret == 0 && i < to->phase_count; i++) {
		ret = merge_phase(&to->phases[i], &from->phases[i], begin_ns, &shifts[i], reterr);
		begin_ns = to->phases[i].t1_ns;
	}
	if (ret == 0)
		merge_exemplars(to, from, shifts);
	free(shifts);
	return ret;
}
