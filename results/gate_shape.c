/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Did the shape of a series change, beside the times that are gated? The omnibus test over its quantiles, the
 * dispersion, the shift function for the report, and whether one run makes up the tail. None of it can fail a gate.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/gate_private.h"
#include "results/statistics/mann_whitney.h"
#include "results/statistics/max_t.h"
#include "results/statistics/order_interval.h"
#include "results/statistics/shift_function.h"
#include "results/statistics/signed_rank.h"

#define BEYOND_SHOWN    10 /* values beyond a quantile, for it to be told (statistics 3.1) */
#define SHAPE_ALPHA     0.01
#define BAND_CONFIDENCE 0.95
#define OMNIBUS_COUNT   4 /* quantiles; ln(p99/p50) comes on top */
#define VARIABLES_MAX   MH_SHIFT_QUANTILES

static const double omnibus_quantiles[OMNIBUS_COUNT] = {0.5, 0.9, 0.99, 0.999};

/* The series of a case in all runs, and rows of ln values of it: a variable each, a run each in it. */
struct shape {
	struct mh_gate *gate;
	const struct mh_gate_case *item;
	const struct mh_histogram **base, **candidate;
	uint64_t least; /* values of any run */
	size_t variable_count;
	double *base_rows, *candidate_rows, *difference_rows; /* the last for pairs only */
};

static bool find_histograms(struct shape *shape)
{
	const struct mh_gate_cell *cell = shape->item->cell;

	shape->base = mh_gate_allocate(shape->gate, cell->base_count * sizeof(*shape->base));
	shape->candidate = mh_gate_allocate(shape->gate, cell->candidate_count * sizeof(*shape->candidate));
	shape->least = UINT64_MAX;
	if (shape->gate->failed)
		return false;
	for (size_t i = 0; i < cell->base_count + cell->candidate_count; i++) {
		bool base = i < cell->base_count;
		size_t j = base ? i : i - cell->base_count;
		const struct mh_histogram **histogram = base ? &shape->base[j] : &shape->candidate[j];

		if (mh_metric_histogram(&shape->item->metric, base ? cell->base[j] : cell->candidate[j], histogram,
					NULL) < 0 ||
		    (*histogram)->count == 0)
			return false;
		if ((*histogram)->count < shape->least)
			shape->least = (*histogram)->count;
	}
	return true;
}

/* Enough values beyond it in each run, and none of them out of the histogram's range. */
static bool is_told(const struct shape *shape, double q)
{
	const struct mh_gate_cell *cell = shape->item->cell;

	if ((double)shape->least * (1 - q) < BEYOND_SHOWN - 1e-6)
		return false;
	for (size_t i = 0; i < cell->base_count; i++)
		if (!mh_histogram_quantile_in_range(shape->base[i], q))
			return false;
	for (size_t i = 0; i < cell->candidate_count; i++)
		if (!mh_histogram_quantile_in_range(shape->candidate[i], q))
			return false;
	return true;
}

static bool allocate_rows(struct shape *shape)
{
	const struct mh_gate_cell *cell = shape->item->cell;
	size_t size = VARIABLES_MAX * sizeof(double);

	shape->base_rows = mh_gate_allocate(shape->gate, cell->base_count * size);
	shape->candidate_rows = mh_gate_allocate(shape->gate, cell->candidate_count * size);
	if (shape->gate->rule->paired)
		shape->difference_rows = mh_gate_allocate(shape->gate, cell->base_count * size);
	return !shape->gate->failed;
}

/* ln of a quantile; with @over, of its ratio to that one. -INFINITY where it is 0. */
static double ln_quantile(const struct mh_histogram *histogram, double q, double over)
{
	double value = mh_histogram_quantile(histogram, q);

	return log(over > 0 ? value / mh_histogram_quantile(histogram, over) : value);
}

static bool fill_row(const struct mh_histogram *const *histograms, size_t count, double q, double over, double *row)
{
	for (size_t i = 0; i < count; i++) {
		row[i] = ln_quantile(histograms[i], q, over);
		if (!isfinite(row[i]))
			return false;
	}
	return true;
}

/* Another row; false: it has no logs, and is left out. */
static bool add_variable(struct shape *shape, double q, double over)
{
	size_t base = shape->item->cell->base_count, candidate = shape->item->cell->candidate_count;
	double *base_row = shape->base_rows + shape->variable_count * base;
	double *candidate_row = shape->candidate_rows + shape->variable_count * candidate;

	if (!fill_row(shape->base, base, q, over, base_row) ||
	    !fill_row(shape->candidate, candidate, q, over, candidate_row))
		return false;
	for (size_t i = 0; shape->difference_rows && i < base; i++)
		shape->difference_rows[shape->variable_count * base + i] = candidate_row[i] - base_row[i];
	shape->variable_count++;
	return true;
}

static struct mh_max_t_paired paired_rows(const struct shape *shape)
{
	return (struct mh_max_t_paired){
		.differences = shape->difference_rows,
		.variable_count = shape->variable_count,
		.pair_count = shape->item->cell->base_count,
		.seed = shape->gate->rule->seed,
	};
}

static struct mh_max_t_unpaired unpaired_rows(const struct shape *shape)
{
	return (struct mh_max_t_unpaired){
		.base = shape->base_rows,
		.candidate = shape->candidate_rows,
		.variable_count = shape->variable_count,
		.base_count = shape->item->cell->base_count,
		.candidate_count = shape->item->cell->candidate_count,
		.seed = shape->gate->rule->seed,
	};
}

static void test_omnibus(struct shape *shape, struct mh_gate_line *line)
{
	struct mh_max_t_paired paired;
	struct mh_max_t_unpaired unpaired;
	struct mh_max_t result;

	shape->variable_count = 0;
	for (size_t i = 0; i < OMNIBUS_COUNT; i++)
		if (is_told(shape, omnibus_quantiles[i]))
			(void)add_variable(shape, omnibus_quantiles[i], 0);
	if (is_told(shape, 0.99))
		(void)add_variable(shape, 0.99, 0.5);
	paired = paired_rows(shape);
	unpaired = unpaired_rows(shape);
	/* Refused: fewer than two runs, or no quantile with values enough; there is nothing to tell then. */
	if ((shape->difference_rows ? mh_max_t_paired(&paired, &result) : mh_max_t_unpaired(&unpaired, &result)) < 0)
		return;
	line->shape_p = result.p;
	line->shape_changed = result.p < SHAPE_ALPHA;
}

/* Of ln(p90/p10): what a test of quantiles alone is blind to. */
static void test_dispersion(struct shape *shape, struct mh_gate_line *line)
{
	const struct mh_gate_cell *cell = shape->item->cell;
	struct mh_two_samples samples = {shape->base_rows, shape->candidate_rows, cell->base_count,
					 cell->candidate_count};

	shape->variable_count = 0;
	if (!is_told(shape, 0.9) || !add_variable(shape, 0.9, 0.1))
		return;
	if (shape->difference_rows)
		line->dispersion_p = mh_signed_rank_p(shape->difference_rows, cell->base_count, MH_TWO_SIDED);
	else
		line->dispersion_p = mh_mann_whitney_p(&samples, MH_TWO_SIDED);
}

static void find_shift(struct shape *shape)
{
	struct mh_gate *gate = shape->gate;
	const struct mh_metric *metric = &shape->item->metric;
	struct mh_interval shifts[MH_SHIFT_QUANTILES];
	struct mh_max_t_paired paired;
	struct mh_max_t_unpaired unpaired;
	int ret;

	shape->variable_count = 0;
	for (size_t i = 0; i < MH_SHIFT_QUANTILES; i++)
		if (!is_told(shape, mh_shift_quantiles[i]) || !add_variable(shape, mh_shift_quantiles[i], 0))
			break;
	paired = paired_rows(shape);
	unpaired = unpaired_rows(shape);
	ret = shape->difference_rows ? mh_shift_function_paired(&paired, BAND_CONFIDENCE, shifts)
				     : mh_shift_function_unpaired(&unpaired, BAND_CONFIDENCE, shifts);
	if (ret < 0)
		return;
	struct mh_gate_shift *shift = mh_gate_grow(gate, &gate->report->shifts, &gate->report->shift_count,
						   &gate->shift_capacity, sizeof(*shift));

	if (!shift)
		return;
	*shift = (struct mh_gate_shift){
		.cell = mh_gate_format(gate, "%s", shape->item->cell->id),
		.series =
			mh_gate_format(gate, "%s/%s%s%s", metric->phase, metric->series,
				       metric->class == MH_CLASS_ALL ? "" : "/", mh_metric_class_names[metric->class]),
		.quantile_count = shape->variable_count,
	};
	for (size_t i = 0; i < shape->variable_count; i++)
		shift->shifts[i] = (struct mh_interval){exp(shifts[i].estimate), exp(shifts[i].lower),
							exp(shifts[i].upper), shifts[i].attained};
}

/* The quantile of all runs of a side together, above what its runs by themselves show: one of them makes the tail. */
static bool is_dominated(struct shape *shape, bool candidate, double q)
{
	const struct mh_histogram **histograms = candidate ? shape->candidate : shape->base;
	size_t count = candidate ? shape->item->cell->candidate_count : shape->item->cell->base_count;
	double *values = mh_gate_allocate(shape->gate, count * sizeof(*values));
	struct mh_histogram_layout layout = mh_histogram_layout(histograms[0]);
	struct mh_histogram merged;
	struct mh_interval median;
	bool ok = values != NULL;

	if (!ok || mh_histogram_init(&merged, &layout) < 0)
		return false;
	for (size_t i = 0; ok && i < count; i++) {
		values[i] = mh_histogram_quantile(histograms[i], q);
		ok = mh_histogram_merge(&merged, histograms[i]) == 0;
	}
	double whole = mh_histogram_quantile(&merged, q);

	mh_histogram_release(&merged);
	if (!ok)
		return false;
	qsort(values, count, sizeof(*values), mh_gate_compare_doubles);
	return mh_order_interval(values, count, 0.95, &median) == 0 && median.attained && whole > median.upper;
}

static const char *add_note(struct mh_gate *gate, const char *note, const char *more)
{
	return note ? mh_gate_format(gate, "%s; %s", note, more) : more;
}

static void note_line(struct shape *shape, struct mh_gate_line *line)
{
	const struct mh_metric *metric = &shape->item->metric;
	struct mh_gate *gate = shape->gate;

	if (line->shape_changed)
		line->note = add_note(gate, line->note,
				      mh_gate_format(gate, "the shape of '%s/%s' changed (p %.2g over its quantiles)",
						     metric->phase, metric->series, line->shape_p));
	if (metric->stat != MH_STAT_QUANTILE || !is_told(shape, metric->quantile))
		return;
	for (int candidate = 0; candidate < 2; candidate++)
		if (is_dominated(shape, candidate, metric->quantile))
			line->note = add_note(gate, line->note,
					      mh_gate_format(gate, "one run dominates the tail of the %s",
							     candidate ? "candidate" : "base"));
}

static bool is_same_series(const struct mh_gate_case *a, const struct mh_gate_case *b)
{
	return a->cell == b->cell && a->metric.kind == MH_METRIC_SERIES && b->metric.kind == MH_METRIC_SERIES &&
	       a->metric.class == b->metric.class && strcmp(a->metric.phase, b->metric.phase) == 0 &&
	       strcmp(a->metric.series, b->metric.series) == 0;
}

/* The first valid case of the same series; itself when it is the first. */
static const struct mh_gate_case *first_of_series(const struct mh_gate *gate, const struct mh_gate_case *item)
{
	const struct mh_gate_case *first = gate->cases;

	while (!first->valid || !is_same_series(first, item))
		first++;
	return first;
}

static void judge_shape(struct mh_gate *gate, const struct mh_gate_case *item)
{
	const struct mh_gate_case *first = first_of_series(gate, item);
	struct mh_gate_line *line = &gate->report->lines[item->line];
	struct shape shape = {.gate = gate, .item = item};

	if (!find_histograms(&shape) || !allocate_rows(&shape))
		return;
	if (first == item) {
		test_omnibus(&shape, line);
		test_dispersion(&shape, line);
		find_shift(&shape);
	} else {
		const struct mh_gate_line *other = &gate->report->lines[first->line];

		line->shape_p = other->shape_p;
		line->shape_changed = other->shape_changed;
		line->dispersion_p = other->dispersion_p;
	}
	note_line(&shape, line);
}

void mh_gate_shapes(struct mh_gate *gate)
{
	for (size_t i = 0; i < gate->case_count && !gate->failed; i++) {
		const struct mh_gate_case *item = &gate->cases[i];

		if (item->valid && item->metric.kind == MH_METRIC_SERIES &&
		    gate->report->lines[item->line].kind == MH_LINE_TIME)
			judge_shape(gate, item);
	}
}
