/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The values of one time over the runs of a cell, on the log scale, and every reason why they cannot be tested: what is
 * missing, what cannot differ, what is too coarse or too few. A time with such a reason never passes.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "results/gate_private.h"
#include "results/show_private.h"
#include "results/statistics/harrell_davis.h"

#define BEYOND_GATED   100.0 /* values beyond a quantile, for it to be gated (statistics 3.1) */
#define FEW_VALUES     1000  /* below it a quantile is Harrell's and Davis's */
#define PRECISION_PART 10.0  /* a bucket is at most this part of the smallest margin (statistics 3.1) */

struct sample_side {
	const struct mh_result *const *runs;
	size_t count;
	bool candidate;
	double *values; /* as measured */
};

struct sample {
	struct mh_gate *gate;
	struct mh_gate_case *item;
	struct mh_gate_line *line;
	struct sample_side sides[2];
	const char *weakness; /* why it may be shown but not gated; NULL: none */
};

static bool refuse(struct sample *sample, const char *words)
{
	mh_gate_decide(sample->gate, sample->line, MH_VERDICT_INVALID, words);
	if (!sample->line->gated)
		sample->line->next = NULL;
	else if (!sample->line->next)
		sample->line->next = mh_gate_next(sample->gate, "--counts");
	return false;
}

static double median(struct mh_gate *gate, const double *values, size_t count)
{
	double *sorted = mh_gate_allocate(gate, count * sizeof(*sorted));

	if (!sorted || count == 0)
		return NAN;
	memcpy(sorted, values, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), mh_gate_compare_doubles);
	return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

/* A quantile of few values; the interpolated one where memory is short. */
static double few_quantile(const struct mh_histogram *histogram, double q, double otherwise)
{
	double middles[FEW_VALUES];
	uint64_t counts[FEW_VALUES];
	struct mh_histogram_iterator iterator;
	struct mh_quantile_estimate estimate;
	size_t count = 0;

	mh_histogram_iterate(&iterator, histogram);
	while (count < FEW_VALUES && mh_histogram_next(&iterator)) {
		middles[count] = ((double)iterator.lowest + (double)iterator.highest) / 2;
		counts[count++] = iterator.count;
	}
	return mh_harrell_davis_buckets(middles, counts, count, q, &estimate) == 0 ? estimate.value : otherwise;
}

/* 0: not known. */
static double effective_count(const struct mh_result *run, const struct mh_histogram *histogram)
{
	for (size_t i = 0; i < run->series_count; i++)
		if (&run->series[i].histogram == histogram)
			return run->series[i].effective_count;
	return 0;
}

/* The independent values where the run knows them, else all. */
static void note_observations(struct sample *sample, const struct mh_result *run, const struct mh_histogram *histogram)
{
	const double effective = effective_count(run, histogram);
	const bool known = effective > 0;
	const uint64_t count = known && effective < (double)histogram->count ? (uint64_t)effective : histogram->count;

	if (sample->line->observations && sample->line->observations <= count)
		return;
	sample->line->observations = count;
	sample->line->observations_effective = known;
}

static int read_value(struct sample *sample, const struct mh_result *run, double *ret_value, struct mh_error *reterr)
{
	const struct mh_metric *metric = &sample->item->metric;
	const struct mh_histogram *histogram;
	int ret = mh_metric_value(metric, run, ret_value, reterr);

	if (ret < 0 || metric->kind != MH_METRIC_SERIES)
		return ret;
	ret = mh_metric_histogram(metric, run, &histogram, reterr);
	if (ret < 0)
		return ret;
	note_observations(sample, run, histogram);
	if (metric->stat == MH_STAT_QUANTILE && histogram->count < FEW_VALUES && !histogram->overflow)
		*ret_value = few_quantile(histogram, metric->quantile, *ret_value);
	return 0;
}

/* The number of runs of a side that lack it altogether; the sentence is the last one's. */
static size_t count_absent(const struct sample *sample, const struct sample_side *side, struct mh_error *reterr)
{
	size_t count = 0;
	double value;

	for (size_t i = 0; i < side->count; i++)
		count += mh_metric_value(&sample->item->metric, side->runs[i], &value, reterr) == -ENOENT;
	return count;
}

/* Both sides have it, or the line says which has not. */
static bool check_presence(struct sample *sample)
{
	struct mh_error why[2];
	bool absent[2];

	for (size_t i = 0; i < 2; i++)
		absent[i] = count_absent(sample, &sample->sides[i], &why[i]) == sample->sides[i].count;
	if (absent[0] && absent[1])
		return refuse(sample, mh_gate_format(sample->gate, "no run has it: %s", why[0].text));
	if (absent[0] || absent[1])
		return refuse(sample, mh_gate_format(sample->gate, "only the %s has it: in the %s %s",
						     absent[0] ? "candidate" : "base", absent[0] ? "base" : "candidate",
						     why[absent[0] ? 0 : 1].text));
	return true;
}

static bool refuse_run(struct sample *sample, const struct sample_side *side, size_t index, const char *what)
{
	return refuse(sample,
		      mh_gate_format(sample->gate, "%s: %s",
				     mh_gate_run_name(sample->gate, sample->item->cell, side->candidate, index), what));
}

static bool read_side(struct sample *sample, struct sample_side *side)
{
	struct mh_error why;

	for (size_t i = 0; i < side->count; i++) {
		double *value = &side->values[i];

		if (read_value(sample, side->runs[i], value, &why) < 0)
			return refuse_run(sample, side, i, mh_gate_format(sample->gate, "%s", why.text));
		if (!isfinite(*value))
			return refuse_run(sample, side, i, "the value is no number");
		if (*value <= 0)
			return refuse_run(sample, side, i,
					  mh_gate_format(sample->gate,
							 "the value is %g, and nothing has a ratio to it; hold it "
							 "against a limit under slo instead",
							 *value));
	}
	return true;
}

static void weaken(struct sample *sample, const char *words)
{
	if (!sample->weakness)
		sample->weakness = words;
}

/* A workload whose arrivals a rate decides completes as many operations a second as the rate says. */
static bool is_open(const struct mh_result *run, const char *phase_name)
{
	const struct mh_result_phase *phase = mh_result_find_phase(run, phase_name);
	bool hotplug = false, open = false;

	for (size_t i = 0; phase && i < phase->workload_count; i++) {
		const struct mh_result_workload *workload = &phase->workloads[i];

		if (strncmp(workload->kind, "hotplug-", 8) == 0) {
			open = hotplug ? open || workload->target_rate > 0 : workload->target_rate > 0;
			hotplug = true;
		} else if (i == 0) {
			open = workload->target_rate > 0;
		}
	}
	return open;
}

static void check_kind(struct sample *sample)
{
	const struct mh_metric *metric = &sample->item->metric;

	if (sample->line->unit == MH_UNIT_COUNT)
		weaken(sample, "a count of a run cannot be slower: gate it under gate.counts, or by an slo");
	if (metric->kind == MH_METRIC_THROUGHPUT && is_open(sample->sides[0].runs[0], metric->phase))
		weaken(sample, "cannot fail: the throughput of an open arrival is its rate; gate the response instead");
}

/* The coarsest histogram of the case; 0: it has none. @ret_differ: layouts are not all the same. */
static unsigned find_digits(const struct sample *sample, bool *ret_differ)
{
	const struct mh_histogram *first = NULL, *histogram;
	unsigned digits = 0;

	*ret_differ = false;
	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; j < sample->sides[i].count; j++) {
			if (mh_metric_histogram(&sample->item->metric, sample->sides[i].runs[j], &histogram, NULL) < 0)
				continue;
			if (!first)
				first = histogram;
			*ret_differ |= first->digits != histogram->digits || first->lowest != histogram->lowest;
			if (!digits || histogram->digits < digits)
				digits = histogram->digits;
		}
	return digits;
}

static void check_precision(struct sample *sample)
{
	bool differ;
	unsigned digits = find_digits(sample, &differ);
	double bucket = pow(10, -(double)digits);

	if (!digits)
		return;
	if (differ)
		weaken(sample, "the histograms of the two sides differ in precision");
	else if (bucket * PRECISION_PART > sample->item->tolerance * (1 + 1e-9))
		weaken(sample, mh_gate_format(sample->gate,
					      "histograms of %u digit%s cannot tell a change of less than %g %% apart",
					      digits, digits == 1 ? "" : "s", bucket * PRECISION_PART * 100));
}

/* Operations of the phase that give so many values as @needed, at the rate at which they came: not every one of a
 * phase's operations has one in every series. */
static uint64_t operations_for(const struct sample *sample, double needed)
{
	const struct mh_result_phase *phase =
		mh_result_find_phase(sample->sides[0].runs[0], sample->item->metric.phase);
	double done = phase && phase->t1_ns > phase->t0_ns
			      ? mh_result_throughput(phase) * (double)(phase->t1_ns - phase->t0_ns) / 1e9
			      : 0;
	double have = (double)sample->line->observations;

	return (uint64_t)ceil(have > 0 && done > have ? needed * done / have - 1e-6 : needed);
}

static void check_observations(struct sample *sample)
{
	const struct mh_metric *metric = &sample->item->metric;
	double quantile = metric->stat == MH_STAT_SHAPE ? 0.99 : metric->quantile;
	double needed = ceil(BEYOND_GATED / (1 - quantile) - 1e-6);
	char has[MH_SHOW_CELL], wants[MH_SHOW_CELL];

	if (metric->kind != MH_METRIC_SERIES || (metric->stat != MH_STAT_QUANTILE && metric->stat != MH_STAT_SHAPE))
		return;
	if (quantile >= 1) {
		weaken(sample, "p100 is the greatest value: no number of values makes it stable enough to gate");
	} else if ((double)sample->line->observations < needed) {
		weaken(sample, mh_gate_format(sample->gate, "%s %svalues a run are too few: to gate it takes %s",
					      mh_show_exact(has, sample->line->observations),
					      sample->line->observations_effective ? "independent " : "",
					      mh_show_exact(wants, (uint64_t)needed)));
		if (sample->line->gated)
			sample->line->next = mh_gate_next(sample->gate, "-D phases.%s.ops=%" PRIu64, metric->phase,
							  operations_for(sample, needed));
	}
}

static void check_cpus(struct sample *sample)
{
	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; j < sample->sides[i].count; j++)
			if (sample->sides[i].runs[j]->oversubscribed)
				weaken(sample, "oversubscribed: with more threads than CPUs times test correctness, "
					       "and are never gated");
}

/*
 * Two measurements of a time never agree in all pairs to the last digit, for a quantile is interpolated within its
 * bucket by the number of values below: such a value is decided by the scenario, by a clock so coarse that all values
 * share a bucket, or by one and the same file on both sides. In none of these could the candidate have been slower.
 */
static bool check_variation(struct sample *sample)
{
	const struct sample_side *base = &sample->sides[0], *candidate = &sample->sides[1];
	bool paired = sample->gate->rule->paired;

	for (size_t i = 0; i < candidate->count; i++) {
		double other = base->values[paired ? i : 0], value = candidate->values[i];

		if (value < other || value > other)
			return true;
	}
	for (size_t i = 1; !paired && i < base->count; i++)
		if (base->values[i] < base->values[0] || base->values[i] > base->values[0])
			return true;
	return refuse(sample,
		      "cannot fail: the sides are equal to the last digit, as a constant, too coarse a clock, or "
		      "the same file twice makes them");
}

static bool allocate(struct sample *sample)
{
	struct mh_gate_case *item = sample->item;
	struct mh_gate *gate = sample->gate;

	for (size_t i = 0; i < 2; i++)
		sample->sides[i].values = mh_gate_allocate(gate, sample->sides[i].count * sizeof(double));
	item->base = mh_gate_allocate(gate, item->cell->base_count * sizeof(double));
	item->candidate = mh_gate_allocate(gate, item->cell->candidate_count * sizeof(double));
	if (gate->rule->paired)
		item->differences = mh_gate_allocate(gate, item->cell->base_count * sizeof(double));
	return !gate->failed;
}

/* Logs, oriented so that more is worse. */
static void take_logs(struct sample *sample)
{
	struct mh_gate_case *item = sample->item;
	double sign = item->higher_is_better ? -1 : 1;

	for (size_t i = 0; i < sample->sides[0].count; i++)
		item->base[i] = sign * log(sample->sides[0].values[i]);
	for (size_t i = 0; i < sample->sides[1].count; i++)
		item->candidate[i] = sign * log(sample->sides[1].values[i]);
	for (size_t i = 0; item->differences && i < sample->sides[0].count; i++)
		item->differences[i] = item->candidate[i] - item->base[i];
	sample->line->base = median(sample->gate, sample->sides[0].values, sample->sides[0].count);
	sample->line->candidate = median(sample->gate, sample->sides[1].values, sample->sides[1].count);
}

void mh_gate_sample(struct mh_gate *gate, struct mh_gate_case *item)
{
	const struct mh_gate_cell *cell = item->cell;
	struct sample sample = {
		.gate = gate,
		.item = item,
		.line = &gate->report->lines[item->line],
		.sides = {{cell->base, cell->base_count, false, NULL},
			  {cell->candidate, cell->candidate_count, true, NULL}},
	};

	if (!allocate(&sample) || !check_presence(&sample) || !read_side(&sample, &sample.sides[0]) ||
	    !read_side(&sample, &sample.sides[1]))
		return;
	take_logs(&sample);
	check_kind(&sample);
	check_cpus(&sample);
	check_precision(&sample);
	check_observations(&sample);
	if (sample.weakness && sample.line->kind == MH_LINE_TIME && !gate->rule->compare) {
		refuse(&sample, sample.weakness);
		return;
	}
	sample.line->note = sample.line->kind == MH_LINE_TIME ? sample.weakness : NULL;
	item->valid = gate->rule->compare || check_variation(&sample);
}
