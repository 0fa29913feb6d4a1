/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules: a gated phase is bounded by ops, so that both sides do the same work; a quantile needs 100 values beyond it; a
 * histogram must be ten times finer than the tolerance; the last look must be able to decide (the least p of n pairs by
 * signs is 2^-n, and K metrics share alpha over the looks).
 */
#include "bench/engine/gate_check.h"

#include "base/units.h"
#include "bench/engine/estimate.h"

#include <math.h>
#include <string.h>

#define VALUES_BEYOND_QUANTILE   100 /* statistics.md 3.1 */
#define TOLERANCE_BY_RESOLUTION  10  /* statistics.md 3.1: quantisation below a tenth of the margin */
#define TWO_DIGITS_TOLERANCE_PPB (MH_PPB_ONE / 100 * TOLERANCE_BY_RESOLUTION)

struct gate_check {
	const struct mh_scenario *scenario;
	struct mh_text *errors, *facts;
	unsigned error_count;
};

static void phase_check(struct gate_check *check, const struct mh_scenario_phase *phase)
{
	bool guessed;
	double rate;

	if (phase->ops)
		return;
	check->error_count++;
	if (phase->until) {
		mh_text_add(check->errors,
			    "gate: phase '%s' ends by 'until': give it 'ops', so that both sides do the same\n",
			    phase->name);
		return;
	}
	rate = mh_estimate_phase_rate(check->scenario, phase, &guessed);
	mh_text_add(check->errors,
		    "gate: phase '%s' is bounded by 'for': write 'ops: %.0f', which lasts about as long%s\n",
		    phase->name, rate * (double)phase->for_ns / 1e9, guessed ? " by a guess; a run tells better" : "");
}

static bool phase_is_open(const struct mh_scenario *scenario, const struct mh_scenario_phase *phase)
{
	bool guessed;

	(void)mh_estimate_phase_rate(scenario, phase, &guessed);
	return !guessed;
}

/* Why the metric cannot fail, or cannot be judged; NULL: it can. */
static const char *metric_refusal(const struct mh_scenario *scenario, const struct mh_scenario_phase *phase,
				  const struct mh_scenario_gate_metric *item)
{
	const struct mh_metric *metric = &item->metric;

	if (metric->kind == MH_METRIC_THROUGHPUT && phase_is_open(scenario, phase))
		return "is the rate of an open arrival, whatever the machine does: it cannot fail";
	if (metric->kind != MH_METRIC_SERIES)
		return NULL;
	if (metric->stat == MH_STAT_COUNT)
		return "is equal by construction in a phase of 'ops': it cannot fail";
	if (metric->stat == MH_STAT_QUANTILE && phase->ops &&
	    (1 - metric->quantile) * (double)phase->ops < VALUES_BEYOND_QUANTILE - 1e-6)
		return "has too few values beyond it: raise 'ops' to 100 / (1 - quantile)";
	if (strncmp(metric->series, "cb.", 3) == 0 && scenario->record.listener_digits < 3 &&
	    item->tolerance_ppb < TWO_DIGITS_TOLERANCE_PPB)
		return "is recorded with two digits, too coarse for a tolerance below 10%: raise "
		       "record.listener_digits";
	return NULL;
}

static void metric_check(struct gate_check *check, const struct mh_scenario_gate_metric *item)
{
	const struct mh_scenario *scenario = check->scenario;
	char tolerance[32];

	if (item->metric.kind == MH_METRIC_FAULT) {
		check->error_count++;
		mh_text_add(check->errors, "gate: '%s' is a count: counts are gated exactly, under 'counts'\n",
			    item->metric.text);
		return;
	}
	for (size_t i = 0; i < scenario->phase_count; i++) {
		const struct mh_scenario_phase *phase = &scenario->phases[i];
		const char *refusal;

		if (!mh_scenario_phase_is_recorded(phase) || !mh_glob_match(item->metric.phase, phase->name))
			continue;
		refusal = metric_refusal(scenario, phase, item);
		if (refusal) {
			check->error_count++;
			mh_text_add(check->errors, "gate: '%s' %s\n", item->metric.text, refusal);
		} else if (phase->ops) {
			mh_text_add(check->facts, "%s in %s: may be %s worse\n", item->metric.text, phase->name,
				    mh_format_share(tolerance, sizeof(tolerance), item->tolerance_ppb));
		}
	}
}

static void phases_check(struct gate_check *check)
{
	const struct mh_scenario *scenario = check->scenario;

	for (size_t i = 0; i < scenario->phase_count; i++) {
		const struct mh_scenario_phase *phase = &scenario->phases[i];
		bool gated = false;

		for (size_t j = 0; j < scenario->gate.metric_count; j++) {
			const struct mh_metric *metric = &scenario->gate.metrics[j].metric;

			gated |= metric->phase && mh_glob_match(metric->phase, phase->name);
		}
		if (gated && mh_scenario_phase_is_recorded(phase))
			phase_check(check, phase);
	}
}

static void decision_check(struct gate_check *check)
{
	const struct mh_scenario_gate *gate = &check->scenario->gate;
	const double level = (double)gate->alpha_ppb / MH_PPB_ONE / (double)gate->looks.count;

	if (!gate->metric_count || (double)gate->metric_count * exp2(-(double)gate->pairs) < level)
		return;
	check->error_count++;
	mh_text_add(check->errors, "gate: %llu pairs can never decide: %zu metrics at alpha need at least %.0f pairs\n",
		    (unsigned long long)gate->pairs, gate->metric_count,
		    ceil(log2((double)gate->metric_count / level)) + 1);
}

static void counts_check(struct gate_check *check)
{
	const struct mh_scenario *scenario = check->scenario;
	uint64_t hotplug_threads = 0;

	for (size_t i = 0; i < scenario->workload_count; i++)
		hotplug_threads += scenario->workloads[i].kind->hotplug ? scenario->workloads[i].threads : 0;
	if (hotplug_threads == 1)
		mh_text_add(check->facts, "counts of phases bounded by ops: exact\n");
	else
		mh_text_add(check->facts, "counts: not gated, %llu hotplug threads interleave\n",
			    (unsigned long long)hotplug_threads);
}

unsigned mh_gate_check(const struct mh_scenario *scenario, struct mh_text *errors, struct mh_text *facts)
{
	struct gate_check check = {.scenario = scenario, .errors = errors, .facts = facts};

	if (!scenario->gate.present) {
		mh_text_add(errors, "gate: the scenario has no section 'gate'\n");
		return 1;
	}
	if (scenario->verify.level == MH_VERIFY_OFF) {
		mh_text_add(errors,
			    "gate: 'verify: {level: off}' cannot be gated: speed without correctness is none\n");
		check.error_count++;
	}
	phases_check(&check);
	for (size_t i = 0; i < scenario->gate.metric_count; i++)
		metric_check(&check, &scenario->gate.metrics[i]);
	decision_check(&check);
	counts_check(&check);
	return check.error_count;
}
