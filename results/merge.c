/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Adding one run to another. The clock of the sum is that of one run after the other within each phase: phase by phase
 * the second's time follows the first's, and what is placed in time moves along.
 */
#include "results/merge.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "results/merge_private.h"
#include "results/slo.h"

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static int differ(const struct mh_result *a, const struct mh_result *b, const char *what, struct mh_error *reterr)
{
	return mh_error_set(reterr, -EXDEV, "run %s and run %s differ in %s, and cannot be added up", a->run_id,
			    b->run_id, what);
}

static int scenario_agrees(const struct mh_result *a, const struct mh_result *b, struct mh_error *reterr)
{
	if (!same_text(a->suite, b->suite))
		return differ(a, b, "the scenario", reterr);
	if (strcmp(a->scenario_sha256, b->scenario_sha256) != 0)
		return differ(a, b, "the scenario's text (scenario_sha256)", reterr);
	if (same_text(a->cell, b->cell) && strcmp(a->scenario_resolved_sha256, b->scenario_resolved_sha256) != 0)
		return differ(a, b, "a key of the scenario (-D, or a file that it names)", reterr);
	return a->seed != b->seed ? differ(a, b, "the seed", reterr) : 0;
}

static bool layout_agrees(const struct mh_histogram *a, const struct mh_histogram *b)
{
	return a->digits == b->digits && a->lowest == b->lowest && a->highest == b->highest;
}

/* Of the series that both have. */
static int precision_agrees(const struct mh_result *a, const struct mh_result *b, struct mh_error *reterr)
{
	for (size_t i = 0; i < a->series_count; i++) {
		const struct mh_result_series *other = mh_result_find_series(b, a->series[i].tag);

		if (other && !layout_agrees(&a->series[i].histogram, &other->histogram))
			return mh_error_set(reterr, -EXDEV, "series '%s' was recorded at different precisions",
					    a->series[i].tag);
	}
	return 0;
}

int mh_merge_agrees(const struct mh_result *a, const struct mh_result *b, struct mh_error *reterr)
{
	int ret = scenario_agrees(a, b, reterr);

	if (ret < 0)
		return ret;
	if (!same_text(a->binary.build_id, b->binary.build_id))
		return differ(a, b, "the program (build_id)", reterr);
	if (!same_text(a->mode, b->mode) || a->emulated != b->emulated)
		return differ(a, b, "the mode", reterr);
	if (!same_text(a->times, b->times))
		return differ(a, b, "what the times mean", reterr);
	if (a->time_scale != b->time_scale)
		return differ(a, b, "--time-scale", reterr);
	return precision_agrees(a, b, reterr);
}

int mh_merge_add(uint64_t *to, uint64_t from, const char *name, struct mh_error *reterr)
{
	if (__builtin_add_overflow(*to, from, to))
		return mh_error_set(reterr, -EOVERFLOW, "'%s' of the runs together is above 2^64", name);
	return 0;
}

static int merge_series(struct mh_result *to, const struct mh_result_series *from, struct mh_error *reterr)
{
	const struct mh_result_series *found = mh_result_find_series(to, from->tag);

	if (!found)
		return mh_result_add_series(to, from->tag, &from->histogram) < 0
			       ? mh_error_set(reterr, -ENOMEM, "no memory for series '%s'", from->tag)
			       : 0;
	/* Of one layout: they agree. */
	int ret = mh_histogram_merge(&to->series[found - to->series].histogram, &from->histogram);

	to->series[found - to->series].effective_count = 0; /* of runs together nobody knows it */
	return ret < 0 ? mh_error_set(reterr, ret, "series '%s' has more than 2^64 values", from->tag) : 0;
}

/* A digest is a sum over a set, modulo 2^64: that of both is the sum. */
static bool is_digest(const char *name)
{
	size_t length = strlen(name);

	return length > 7 && strcmp(name + length - 7, ".digest") == 0;
}

static int merge_counter(struct mh_result *to, const struct mh_result_counter *from, struct mh_error *reterr)
{
	for (size_t i = 0; i < to->counter_count; i++) {
		if (strcmp(to->counters[i].name, from->name) != 0)
			continue;
		if (!is_digest(from->name))
			return mh_merge_add(&to->counters[i].value, from->value, from->name, reterr);
		to->counters[i].value += from->value;
		return 0;
	}
	return mh_result_add_counter(to, from->name, from->value);
}

static int merge_count(struct mh_result *to, const struct mh_result_count *from, struct mh_error *reterr)
{
	for (size_t i = 0; i < to->count_count; i++) {
		if (strcmp(to->counts[i].name, from->name) != 0)
			continue;
		if (!to->counts[i].inexact)
			to->counts[i].inexact = mh_result_text(to, from->inexact);
		return mh_merge_add(&to->counts[i].value, from->value, from->name, reterr);
	}
	return mh_result_add_count(to, from->name, from->value, from->inexact);
}

static int merge_numbers(struct mh_result *to, const struct mh_result *from, struct mh_error *reterr)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < from->series_count; i++)
		ret = merge_series(to, &from->series[i], reterr);
	for (size_t i = 0; ret == 0 && i < from->counter_count; i++)
		ret = merge_counter(to, &from->counters[i], reterr);
	for (size_t i = 0; ret == 0 && i < from->count_count; i++)
		ret = merge_count(to, &from->counts[i], reterr);
	return ret;
}

/* @text is in the list already. */
static bool listed(const char *const *list, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], text) == 0)
			return true;
	return false;
}

static void merge_status(struct mh_result *to, const struct mh_result *from)
{
	to->status = mh_run_status_worse(to->status, from->status);
	for (size_t i = 0; i < from->status_reason_count; i++)
		if (!listed(to->status_reasons, to->status_reason_count, from->status_reasons[i]))
			(void)mh_result_add_status_reason(to, "%s", from->status_reasons[i]);
	for (size_t i = 0; i < from->warning_count; i++)
		if (!listed(to->warnings, to->warning_count, from->warnings[i]))
			(void)mh_result_add_warning(to, "%s", from->warnings[i]);
	to->oversubscribed |= from->oversubscribed;
}

static void add_available(int64_t *to, int64_t from)
{
	if (*to == MH_NOT_AVAILABLE || from == MH_NOT_AVAILABLE || __builtin_add_overflow(*to, from, to))
		*to = MH_NOT_AVAILABLE;
}

/* What is no number stays the first run's; another machine is said once. */
static void merge_environment(struct mh_result *to, const struct mh_result *from)
{
	static const char words[] = "added up from runs of different machines: the environment is the first one's";
	char here[MH_SHA256_TEXT], there[MH_SHA256_TEXT];

	mh_environment_fingerprint(&to->environment, here);
	mh_environment_fingerprint(&from->environment, there);
	if (strcmp(here, there) != 0 && !listed(to->warnings, to->warning_count, words))
		(void)mh_result_add_warning(to, "%s", words);
	add_available(&to->environment.steal_ns, from->environment.steal_ns);
	add_available(&to->environment.ctx_switches_vol, from->environment.ctx_switches_vol);
	add_available(&to->environment.ctx_switches_invol, from->environment.ctx_switches_invol);
	add_available(&to->environment.migrations, from->environment.migrations);
	add_available(&to->environment.throttle_count, from->environment.throttle_count);
}

/* The sum is judged by its own numbers. The list is rewound, and filled by the same thresholds. */
static int judge_anew(struct mh_result *result, struct mh_error *reterr)
{
	size_t count = result->slo_count;

	for (size_t i = 0; i < count; i++) {
		struct mh_result_slo old = result->slos[i];
		struct mh_threshold threshold;
		struct mh_error why;

		if (mh_threshold_parse(old.expr, &threshold, &why) < 0)
			return mh_error_set(reterr, -EINVAL, "the threshold '%s' cannot be read: %s", old.expr,
					    why.text);
		int ret = mh_slo_evaluate(result, &threshold, old.require);

		mh_threshold_release(&threshold);
		if (ret < 0)
			return mh_error_set(reterr, ret, "no memory for the thresholds");
		result->slos[i] = result->slos[--result->slo_count];
	}
	return 0;
}

int mh_result_merge(struct mh_result *to, const struct mh_result *from, struct mh_error *reterr)
{
	int ret = mh_merge_agrees(to, from, reterr);

	if (ret == 0 && !same_text(to->cell, from->cell))
		ret = differ(to, from, "the cell", reterr);
	if (ret == 0)
		ret = mh_merge_phases(to, from, reterr);
	if (ret == 0)
		ret = merge_numbers(to, from, reterr);
	if (ret == 0)
		ret = mh_merge_findings(to, from, reterr);
	if (ret == 0)
		ret = mh_merge_add(&to->duration_ns, from->duration_ns, "duration_ns", reterr);
	if (ret == 0)
		ret = judge_anew(to, reterr);
	if (ret < 0)
		return ret;
	merge_status(to, from);
	merge_environment(to, from);
	if (from->start_unix_ns < to->start_unix_ns)
		to->start_unix_ns = from->start_unix_ns;
	return to->failed ? mh_error_set(reterr, -ENOMEM, "no memory to add runs up") : 0;
}
