/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which metrics there are is asked of the judge, who finds what globs name; their values are read run by run. */
#include "bench/cli/calibrating.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "bench/cli/resampled_gate.h"
#include "results/hygiene.h"
#include "results/statistics/power.h"

#define PROBE_SPREAD    6.0  /* deviations that a probe may be off */
#define PROBE_SHARE_MIN 0.10 /* and that much in any case */

#define DECISIONS        500
#define DECISIONS_NS_MAX UINT64_C(20000000000) /* after so long what has been decided is enough */

struct making {
	const struct mh_plan *plan;
	const struct mh_gate_rule *rule;
	const struct mh_gate_cell *cells;
	size_t cell_count;
	size_t family;
	struct mh_calibration *calibration;
	struct mh_error *reterr;
};

static const struct mh_gate_cell *find_cell(const struct making *making, const char *id)
{
	for (size_t i = 0; i < making->cell_count; i++)
		if (strcmp(making->cells[i].id, id) == 0)
			return &making->cells[i];
	return NULL;
}

/* ln differences of the pairs, and the values themselves; less than all where a run has no value. */
static size_t read_pairs(const struct mh_gate_cell *cell, const struct mh_metric *metric, double *differences,
			 double *values)
{
	const size_t pairs = cell->base_count < cell->candidate_count ? cell->base_count : cell->candidate_count;
	size_t count = 0;

	for (size_t i = 0; i < pairs; i++) {
		struct mh_error ignored;
		double base, candidate;

		if (mh_metric_value(metric, cell->base[i], &base, &ignored) < 0 ||
		    mh_metric_value(metric, cell->candidate[i], &candidate, &ignored) < 0 || !(base > 0) ||
		    !(candidate > 0))
			continue;
		values[2 * count] = base;
		values[2 * count + 1] = candidate;
		differences[count++] = log(candidate / base);
	}
	return count;
}

static int compare(const void *a, const void *b)
{
	const double first = *(const double *)a, second = *(const double *)b;

	return (first > second) - (first < second);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(values[0]), compare);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

static void fill_metric(const struct making *making, struct mh_calibration_metric *item, const double *differences,
			size_t count)
{
	const struct mh_strictness strictness = {making->rule->alpha / (double)making->rule->look_count,
						 making->family};
	size_t needed;

	if (mh_noise_deviation(differences, count, &item->deviation) < 0) {
		item->deviation = NAN;
		return;
	}
	item->detectable = mh_detectable_change(&strictness, item->deviation, (size_t)making->calibration->pairs);
	needed = mh_pairs_needed(&strictness, item->deviation, item->tolerance);
	item->pairs_recommended = needed > 1000 ? 0 : needed;
}

static int add_metric(struct making *making, const struct mh_gate_line *line)
{
	const struct mh_gate_cell *cell = find_cell(making, line->cell);
	const size_t pairs = cell ? cell->base_count : 0;
	double *differences = calloc(pairs + 1, sizeof(*differences)), *values = calloc(2 * pairs + 2, sizeof(*values));
	struct mh_calibration_metric *item = NULL;
	struct mh_metric metric;
	size_t count;
	int ret = differences && values ? mh_metric_parse(line->name, false, &metric, making->reterr) : -ENOMEM;

	if (ret == 0) {
		count = cell ? read_pairs(cell, &metric, differences, values) : 0;
		item = count ? mh_calibration_add_metric(making->calibration, line->cell, line->name) : NULL;
		ret = count && !item ? -ENOMEM : 0;
		mh_metric_release(&metric);
	}
	if (item) {
		item->reference = median(values, 2 * count);
		item->tolerance = line->tolerance;
		fill_metric(making, item, differences, count);
	}
	free(differences);
	free(values);
	return ret;
}

static size_t pairs_least(const struct making *making)
{
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < making->cell_count; i++)
		least = making->cells[i].base_count < least ? making->cells[i].base_count : least;
	return least;
}

static int add_metrics(struct making *making)
{
	struct mh_gate_rule once = *making->rule;
	struct mh_gate_report report = {0};
	uint64_t look = pairs_least(making);
	int ret;

	once.looks = &look;
	once.look_count = 1;
	ret = mh_gate_judge(&once, making->cells, making->cell_count, 0, &report, making->reterr);
	if (ret < 0)
		return ret;
	making->family = report.family ? report.family : 1;
	for (size_t i = 0; ret == 0 && i < report.line_count; i++)
		if (report.lines[i].kind == MH_LINE_TIME)
			ret = add_metric(making, &report.lines[i]);
	mh_gate_report_release(&report);
	if (ret == 0 && !making->calibration->metric_count)
		return mh_error_set(making->reterr, -EINVAL, "nothing that the gate names has a value in these runs");
	return ret;
}

enum { PROBE_LOOP, PROBE_ADD, PROBE_CHASE, PROBE_SWITCHES, PROBES };

static const char *const probe_names[PROBES] = {"loop", "add-chain", "chase", "switches"};

static double probe_of(const struct mh_probes *probes, int kind)
{
	return kind == PROBE_LOOP ? probes->loop_ns : kind == PROBE_ADD ? probes->add_ns : probes->chase_ns;
}

/* Two values a run, before and after; one for switches. */
static size_t read_probe(const struct mh_result *run, int kind, double *values)
{
	const struct mh_environment *environment = &run->environment;
	size_t count = 0;

	if (kind == PROBE_SWITCHES) {
		values[0] = (double)environment->ctx_switches_invol;
		return environment->ctx_switches_invol != MH_NOT_AVAILABLE;
	}
	if (probe_of(&environment->probes_before, kind) > 0)
		values[count++] = probe_of(&environment->probes_before, kind);
	if (probe_of(&environment->probes_after, kind) > 0)
		values[count++] = probe_of(&environment->probes_after, kind);
	return count;
}

static void fill_probe(struct mh_calibration_probe *probe, int kind, double *values, size_t count)
{
	double deviation = 0, off;

	probe->centre = median(values, count);
	if (kind == PROBE_SWITCHES) {
		probe->low = 0;
		probe->high = MH_HYGIENE_SWITCHES_FACTOR * probe->centre;
		return;
	}
	(void)mh_noise_deviation(values, count, &deviation);
	off = PROBE_SPREAD * deviation;
	if (off < PROBE_SHARE_MIN * probe->centre)
		off = PROBE_SHARE_MIN * probe->centre;
	probe->low = off < probe->centre ? probe->centre - off : 0;
	probe->high = probe->centre + off;
}

static int add_probe(struct making *making, const struct mh_gate_cell *cell, int kind)
{
	double *values = calloc(4 * cell->base_count + 4, sizeof(*values));
	struct mh_calibration_probe *probe;
	char name[MH_CALIBRATION_NAME];
	size_t count = 0;
	int ret = values ? 0 : -ENOMEM;

	for (size_t i = 0; ret == 0 && i < cell->base_count; i++) {
		count += read_probe(cell->base[i], kind, values + count);
		count += read_probe(cell->candidate[i], kind, values + count);
	}
	if (ret == 0 && count) {
		snprintf(name, sizeof(name), "%s/%s", cell->id, probe_names[kind]);
		probe = mh_calibration_add_probe(making->calibration, name);
		if (probe)
			fill_probe(probe, kind, values, count);
		ret = probe ? 0 : -ENOMEM;
	}
	free(values);
	return ret;
}

static int add_probes(struct making *making)
{
	int ret = 0;

	for (size_t i = 0; i < making->cell_count; i++)
		for (int kind = 0; kind < PROBES && ret == 0; kind++)
			ret = add_probe(making, &making->cells[i], kind);
	return ret;
}

static int add_chance(struct making *making)
{
	const struct mh_resampling resampling = {
		.seed = making->plan->seed, .decisions = DECISIONS, .ns_max = DECISIONS_NS_MAX, .exchange = true};
	struct mh_calibration *calibration = making->calibration;
	struct mh_gate_noise *noises = calloc(calibration->metric_count + 1, sizeof(*noises));
	struct mh_gate_rule rule = *making->rule;
	uint64_t verdicts[MH_VERDICTS], failures = 0;
	int ret;

	if (!noises)
		return -ENOMEM;
	rule.noise_count = mh_calibration_noises(calibration, noises);
	rule.noises = noises;
	ret = mh_resample_gate(&rule, making->cells, making->cell_count, &resampling, verdicts, making->reterr);
	free(noises);
	if (ret < 0)
		return ret;
	for (enum mh_verdict verdict = 0; verdict < MH_VERDICTS; verdict++) {
		calibration->decisions += verdicts[verdict];
		failures += mh_verdict_exit(verdict, rule.undecided_warns) ? verdicts[verdict] : 0;
	}
	calibration->failure_chance = (double)failures / (double)calibration->decisions;
	return 0;
}

static void describe(struct making *making)
{
	struct mh_calibration *calibration = making->calibration;
	const struct mh_result *first = making->cells[0].base[0];

	snprintf(calibration->scenario, sizeof(calibration->scenario), "%s", making->plan->name);
	memcpy(calibration->scenario_sha256, first->scenario_resolved_sha256, sizeof(calibration->scenario_sha256));
	mh_environment_fingerprint(&first->environment, calibration->fingerprint);
	calibration->start_unix_ns = first->start_unix_ns;
	calibration->pairs_measured = pairs_least(making);
	calibration->pairs = making->rule->looks[making->rule->look_count - 1];
}

int mh_calibrate(const struct mh_plan *plan, const struct mh_gate_rule *rule, const struct mh_gate_cell *cells,
		 size_t cell_count, struct mh_calibration *ret_calibration, struct mh_error *reterr)
{
	struct mh_calibration calibration = {.failure_chance = NAN};
	struct making making = {.plan = plan,
				.rule = rule,
				.cells = cells,
				.cell_count = cell_count,
				.calibration = &calibration,
				.reterr = reterr};
	int ret;

	describe(&making);
	ret = add_metrics(&making);
	if (ret == 0)
		ret = add_probes(&making);
	if (ret == 0)
		ret = add_chance(&making);
	if (ret == -ENOMEM)
		(void)mh_error_set(reterr, ret, "no memory for a calibration");
	if (ret < 0)
		mh_calibration_release(&calibration);
	else
		*ret_calibration = calibration;
	return ret;
}

static void show_metric(const struct mh_calibration_metric *metric, struct mh_text *text)
{
	char pairs[32] = "-";

	if (metric->pairs_recommended)
		(void)snprintf(pairs, sizeof(pairs), "%llu", (unsigned long long)metric->pairs_recommended);
	mh_text_add(text, "  %-34.34s %7.2f %% %9.1f %% %9.1f %% %9s\n", metric->metric, metric->deviation * 100,
		    metric->detectable * 100, metric->tolerance * 100, pairs);
}

void mh_calibration_show(const struct mh_calibration *calibration, struct mh_text *text)
{
	const char *cell = "";

	mh_text_add(text, "CALIBRATED: %s, %llu pairs of identical builds\n", calibration->scenario,
		    (unsigned long long)calibration->pairs_measured);
	mh_text_add(text,
		    "identical builds end in anything but 0 in %.1f %% of gates of at most %llu pairs (%llu drawn)\n",
		    calibration->failure_chance * 100, (unsigned long long)calibration->pairs,
		    (unsigned long long)calibration->decisions);
	for (size_t i = 0; i < calibration->metric_count; i++) {
		const struct mh_calibration_metric *metric = &calibration->metrics[i];

		if (strcmp(cell, metric->cell) != 0)
			mh_text_add(text, "\n  %-34.34s %9s %11s %11s %9s\n", metric->cell, "noise", "detectable",
				    "tolerance", "pairs");
		cell = metric->cell;
		show_metric(metric, text);
	}
	mh_text_add(text,
		    "\nnoise: deviation of a pair's difference; detectable: the change that the gate's pairs find 9 "
		    "times in 10;\npairs: that find the tolerance as often (-: more than 1000)\n");
}
