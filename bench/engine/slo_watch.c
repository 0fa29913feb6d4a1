/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Thresholds while their phase goes. By the controlling thread, on what the workers have handed over: whole intervals.
 */
#include <stdio.h>
#include <string.h>

#include "bench/engine/run_private.h"
#include "results/slo.h"
#include "results/tag.h"

/* The series of the phase that a metric may mean, into a result that lives for one look. */
static void add_series(const struct mh_phase *phase, const struct mh_metric *metric, struct mh_result *result)
{
	const struct mh_run *run = phase->run;
	struct mh_result_phase *of = mh_result_add_phase(result);

	if (of)
		of->name = mh_result_text(result, phase->scenario->name);
	for (size_t i = 0; i < run->series.table.count; i++) {
		const char *name = run->series.table.names[i];
		char tag[MH_TAG_MAX + 1];

		if (strncmp(name, metric->series, strlen(metric->series)) != 0 || !run->collection.total[i].count)
			continue;
		snprintf(tag, sizeof(tag), "%s/%s", phase->scenario->name, name);
		(void)mh_result_add_series(result, tag, &run->collection.total[i]);
	}
}

static bool is_breached(const struct mh_phase *phase, const struct mh_threshold *threshold)
{
	struct mh_result result;
	struct mh_error ignored;
	double value;
	bool breached;

	mh_result_init(&result);
	add_series(phase, &threshold->metric, &result);
	/* Nothing yet is no breach; that nothing came at all is seen when the phase is over. */
	breached = mh_metric_value(&threshold->metric, &result, &value, &ignored) == 0 &&
		   !mh_threshold_holds(threshold, value);
	mh_result_release(&result);
	return breached;
}

void mh_phase_watch_slos(struct mh_phase *phase, uint64_t now)
{
	struct mh_run *run = phase->run;
	const uint64_t elapsed_ns = mh_clock_ns(&run->clock, now - phase->shared.origin_ticks);

	for (size_t i = 0; phase->shared.recorded && i < run->scenario->slo_count; i++) {
		const struct mh_scenario_slo *slo = &run->scenario->slos[i];

		if (!slo->after_ns || elapsed_ns < slo->after_ns || run->end != MH_RUN_ENDED ||
		    strcmp(slo->threshold.metric.phase, phase->scenario->name) != 0 ||
		    !is_breached(phase, &slo->threshold))
			continue;
		run->end = MH_RUN_ENDED_BY_LIMIT;
		mh_result_raise_status(run->result, MH_RUN_ABORTED);
		(void)mh_result_add_status_reason(run->result, "phase '%s': slo '%s' was breached and says abort",
						  phase->scenario->name, slo->threshold.text);
	}
}
