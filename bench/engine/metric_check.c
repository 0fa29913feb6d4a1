/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Do the metrics of `slo` and `gate` exist in this scenario? A threshold on what is never recorded would pass for ever.
 */
#include "bench/engine/events.h"
#include "bench/engine/section.h"

#include <errno.h>
#include <string.h>

#define NAMES_MAX 256 /* offered as "did you mean" */

struct check {
	struct mh_binder *binder;
	struct mh_place place;
	const char *key;
	const struct mh_metric *metric;
	bool globs;
};

static int check_refuse(const struct check *check, const char *what, const char *word, const char *const *names,
			size_t count)
{
	const char *nearest = mh_text_nearest(word, names, count);

	mh_diagnose(&check->binder->reader->diagnostics, check->place, "%s: %s '%s'%s%s%s", check->key, what, word,
		    nearest ? " (did you mean '" : "", nearest ? nearest : "", nearest ? "'?)" : "");
	return -EINVAL;
}

static bool word_matches(const struct check *check, const char *pattern, const char *name)
{
	return check->globs ? mh_glob_match(pattern, name) : strcmp(pattern, name) == 0;
}

static int fault_check(const struct check *check)
{
	const struct mh_scenario *scenario = check->binder->scenario;
	const char *names[NAMES_MAX];
	size_t count = 0;

	for (size_t i = 0; i < scenario->fault_count; i++) {
		if (word_matches(check, check->metric->fault, scenario->faults[i].fault.name))
			return 0;
		if (count < NAMES_MAX)
			names[count++] = scenario->faults[i].fault.name;
	}
	return check_refuse(check, "there is no fault", check->metric->fault, names, count);
}

static int phase_check(const struct check *check)
{
	const struct mh_scenario *scenario = check->binder->scenario;
	const char *names[NAMES_MAX];
	size_t count = 0;
	bool known = false;

	for (size_t i = 0; i < scenario->phase_count; i++) {
		const struct mh_scenario_phase *phase = &scenario->phases[i];
		bool recorded = mh_scenario_phase_is_recorded(phase);

		if (word_matches(check, check->metric->phase, phase->name)) {
			if (recorded)
				return 0;
			known = true;
		}
		if (count < NAMES_MAX && recorded)
			names[count++] = phase->name;
	}
	return check_refuse(check, known ? "only measure, fault and recover are recorded, not" : "there is no phase",
			    check->metric->phase, names, count);
}

/* WORKLOAD.service, WORKLOAD.wait, WORKLOAD.response */
static bool series_is_workloads(const struct mh_scenario *scenario, const char *series)
{
	static const char *const parts[] = {".service", ".wait", ".response"};
	const char *dot = strrchr(series, '.');

	for (size_t i = 0; dot && i < scenario->workload_count; i++) {
		const char *name = scenario->workloads[i].name;

		if (strlen(name) != (size_t)(dot - series) || strncmp(name, series, strlen(name)) != 0)
			continue;
		for (size_t part = 0; part < sizeof(parts) / sizeof(parts[0]); part++)
			if (strcmp(parts[part], dot) == 0)
				return true;
	}
	return false;
}

/* Series that need stamps within the operation. */
static bool series_is_stamped(const char *series)
{
	static const char *const names[] = {"walk", "lock", "grace", "drain", "migrate"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], series) == 0)
			return true;
	return strncmp(series, "walk.", 5) == 0 || strncmp(series, "cb.", 3) == 0;
}

static bool series_is_known(const struct mh_scenario *scenario, const char *series)
{
	static const char *const names[] = {"service", "wait", "response", "online", "offline"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], series) == 0)
			return true;
	if (strncmp(series, "walk.", 5) == 0)
		return mh_event_parse(series + 5) >= 0;
	return series_is_stamped(series) || series_is_workloads(scenario, series);
}

/* @series: "cb." and the listener's name, or the name itself where it begins so. */
static bool listener_is_known(const struct mh_scenario *scenario, const char *series)
{
	if (scenario->module_count || strcmp(series, "cb.other") == 0)
		return true;
	for (size_t i = 0; i < scenario->chain.listener_count; i++) {
		const char *name = scenario->chain.listeners[i].name;

		if (strcmp(name, series) == 0 || strcmp(name, series + 3) == 0)
			return true;
	}
	return false;
}

static bool series_is_recorded(const struct mh_scenario *scenario, const char *series)
{
	if (series_is_workloads(scenario, series))
		return true;
	for (size_t i = 0; i < scenario->record.series.count; i++)
		if (mh_glob_match(scenario->record.series.items[i], series) ||
		    (strncmp(series, "walk.", 5) == 0 && mh_glob_match(scenario->record.series.items[i], "walk")))
			return true;
	return false;
}

/* walk.EVENT, of an event that there is but not in this machine's kernel. */
static bool event_is_sent(const struct check *check, const char *series)
{
	int event = strncmp(series, "walk.", 5) == 0 ? mh_event_parse(series + 5) : -1;

	return event < 0 || mh_event_check(check->binder, check->place, check->key, (enum mh_event)event);
}

static bool fault_acts_in(const struct mh_scenario *scenario, size_t phase)
{
	for (size_t i = 0; i < scenario->fault_count; i++)
		for (size_t n = 0; n < scenario->faults[i].phases.count; n++)
			if (scenario->faults[i].phases.items[n] == phase)
				return true;
	return false;
}

/* Clean operations there can always be; faulted ones where a fault acts, recovering ones there and after it. */
static bool class_is_possible(const struct check *check)
{
	const struct mh_scenario *scenario = check->binder->scenario;
	bool acted = false;

	if (check->metric->class < MH_CLASS_FAULTED)
		return true;
	for (size_t i = 0; i < scenario->phase_count; i++) {
		bool acts = fault_acts_in(scenario, i);

		acted |= acts;
		if (word_matches(check, check->metric->phase, scenario->phases[i].name) &&
		    (check->metric->class == MH_CLASS_FAULTED ? acts : acted))
			return true;
	}
	return false;
}

static int check_refuse_class(const struct check *check)
{
	mh_diagnose(&check->binder->reader->diagnostics, check->place,
		    "%s: no operation of phase '%s' can be %s: no fault acts in it%s", check->key, check->metric->phase,
		    mh_metric_class_names[check->metric->class],
		    check->metric->class == MH_CLASS_RECOVERING ? " or before it" : "");
	return -EINVAL;
}

static int series_check(const struct check *check)
{
	static const char *const names[] = {"service", "wait", "response", "online", "offline",
					    "walk",    "lock", "grace",    "drain",  "migrate"};
	const struct mh_scenario *scenario = check->binder->scenario;
	const char *series = check->metric->series;

	if (!class_is_possible(check))
		return check_refuse_class(check);
	if (check->globs && series[strcspn(series, "*?[{")])
		return 0;
	if (!series_is_known(scenario, series))
		return check_refuse(check, "there is no series", series, names, sizeof(names) / sizeof(names[0]));
	if (!event_is_sent(check, series))
		return -EINVAL;
	if (strncmp(series, "cb.", 3) == 0 && !listener_is_known(scenario, series))
		return check_refuse(check, "no listener has the series", series, NULL, 0);
	if (!series_is_recorded(scenario, series))
		return check_refuse(check, "'record.series' leaves out", series, NULL, 0);
	if (scenario->record.stamps == MH_STAMPS_NONE)
		return check_refuse(check, "'record.stamps' must be op, event or pair for", series, NULL, 0);
	if (series_is_stamped(series) && scenario->record.stamps < MH_STAMPS_EVENT)
		return check_refuse(check, "'record.stamps' must be event or pair for", series, NULL, 0);
	return 0;
}

static int metric_check(const struct check *check)
{
	int ret;

	if (check->metric->kind == MH_METRIC_FAULT)
		return fault_check(check);
	ret = phase_check(check);
	if (check->metric->kind != MH_METRIC_SERIES)
		return ret;
	return series_check(check) < 0 ? -EINVAL : ret;
}

int mh_scenario_check_metrics(struct mh_binder *binder, const struct mh_node *root)
{
	const struct mh_scenario *scenario = binder->scenario;
	const struct mh_node *slos = mh_node_find(root, "slo");
	const struct mh_node *metrics = mh_node_find(mh_node_find(root, "gate"), "metrics");
	int ret = 0;

	for (size_t i = 0; i < scenario->slo_count; i++) {
		struct check check = {.binder = binder,
				      .place = mh_node_find(slos->items[i], "expr")->place,
				      .key = "expr",
				      .metric = &scenario->slos[i].threshold.metric};

		if (metric_check(&check) < 0)
			ret = -EINVAL;
	}
	for (size_t i = 0; i < scenario->gate.metric_count; i++) {
		struct check check = {.binder = binder,
				      .place = metrics->pairs[i].place,
				      .key = "metrics",
				      .metric = &scenario->gate.metrics[i].metric,
				      .globs = true};

		if (metric_check(&check) < 0)
			ret = -EINVAL;
	}
	return ret;
}
