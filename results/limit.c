/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A share is the sum of a step's series over the workers' time. With record.sample the series hold one operation in K:
 * each sum is scaled by the operations that completed over those that the service series holds.
 *
 * A step that has no series did not happen if the run's counts say so; else it was not recorded, and is unknown.
 */
#include "results/limit.h"

#include <stdio.h>
#include <string.h>

#include "results/tag.h"

const char *const mh_limit_names[MH_LIMITS] = {
	[MH_LIMIT_LOCK] = "lock",           [MH_LIMIT_GRACE] = "grace",         [MH_LIMIT_LISTENERS] = "listeners",
	[MH_LIMIT_ALLOCATOR] = "allocator", [MH_LIMIT_GENERATOR] = "generator", [MH_LIMIT_REST] = "rest",
};

#define SHARE_SHOWN 0.005 /* a smaller one rounds to 0 % */

/* What one operation of a workload's kind is, all of it. Kinds that are not listed are taken apart by steps. */
static const struct {
	const char *kind;
	enum mh_limit limit;
} whole_kinds[] = {
	{"alloc-churn", MH_LIMIT_ALLOCATOR}, {"alloc-burst", MH_LIMIT_ALLOCATOR}, {"alloc-fill", MH_LIMIT_ALLOCATOR},
	{"page-pin", MH_LIMIT_ALLOCATOR},    {"page-walk", MH_LIMIT_ALLOCATOR},   {"chain-call", MH_LIMIT_LISTENERS},
};

static bool is_hotplug(const struct mh_result_workload *workload)
{
	return workload->kind && strncmp(workload->kind, "hotplug-", strlen("hotplug-")) == 0;
}

static bool has_hotplug(const struct mh_result_phase *phase)
{
	for (size_t i = 0; i < phase->workload_count; i++)
		if (is_hotplug(&phase->workloads[i]))
			return true;
	return false;
}

/* The workers of @phase whose time is told, and what they did. */
struct workers {
	const struct mh_result *result;
	const struct mh_result_phase *phase;
	const struct mh_result_workload *first;
	bool hotplug;
	double ns, operations;
	double scale; /* of a sum in the series */
};

static double time_of(const struct workers *workers, const struct mh_result_workload *workload)
{
	if (workload->threads_ns != MH_NOT_AVAILABLE)
		return (double)workload->threads_ns;
	return (double)workload->threads * (double)(workers->phase->t1_ns - workers->phase->t0_ns);
}

static void add_workload(struct workers *workers, const struct mh_result_workload *workload, struct mh_limits *limits)
{
	if (!workers->first)
		workers->first = workload;
	workers->ns += time_of(workers, workload);
	workers->operations += (double)mh_result_ops_total(&workload->ops);
	limits->waits |= workload->target_rate > 0;
}

static void find_workers(struct workers *workers, struct mh_limits *limits)
{
	const struct mh_result_phase *phase = workers->phase;

	workers->hotplug = has_hotplug(phase);
	for (size_t i = 0; i < phase->workload_count; i++)
		if (workers->hotplug ? is_hotplug(&phase->workloads[i]) : i == 0)
			add_workload(workers, &phase->workloads[i], limits);
}

/* NULL: nothing was recorded under that name. */
static const struct mh_histogram *find_series(const struct workers *workers, const char *name)
{
	char tag[MH_TAG_MAX + 1];
	const struct mh_result_series *series;

	if (snprintf(tag, sizeof(tag), "%s/%s", workers->phase->name, name) >= (int)sizeof(tag))
		return NULL; /* no series has such a tag */
	series = mh_result_find_series(workers->result, tag);
	return series && series->histogram.count ? &series->histogram : NULL;
}

/* Of a scenario that has hotplug workloads, but not in this phase, the series has the workload's name in front. */
static const struct mh_histogram *find_service(const struct workers *workers)
{
	const struct mh_histogram *service = find_series(workers, "service");
	char name[MH_TAG_MAX + 1];

	if (service || workers->hotplug)
		return service;
	snprintf(name, sizeof(name), "%s.service", workers->first->name);
	return find_series(workers, name);
}

/* Of one of the run's counts; -1: it tells none. */
static double count_of(const struct workers *workers, const char *what)
{
	char name[MH_TAG_MAX + 1];

	snprintf(name, sizeof(name), "%s/%s", workers->phase->name, what);
	for (size_t i = 0; i < workers->result->count_count; i++)
		if (strcmp(workers->result->counts[i].name, name) == 0)
			return (double)workers->result->counts[i].value;
	return -1;
}

/* One step of operations: its series, and the count that is 0 when it never happened. */
struct step {
	const char *series, *count, *why;
};

static const struct step lock_step = {"lock", "hotplug_locks", "the series 'lock' was not recorded"};
static const struct step walk_step = {"walk", "read_sections", "neither 'walk' nor 'cb.*' was recorded"};
static const struct step grace_step = {"grace", "grace_periods", "the series 'grace' was not recorded"};
static const struct step drain_step = {"drain", "drains", "the series 'drain' was not recorded"};
static const struct step migrate_step = {"migrate", "pages_migrated", "the series 'migrate' was not recorded"};

/* Adds to the share of @limit; an unknown step makes it unknown. */
static void add_sum(const struct workers *workers, struct mh_limits *limits, enum mh_limit limit, double sum_ns)
{
	if (!limits->whys[limit])
		limits->shares[limit] += sum_ns * workers->scale / workers->ns;
}

static void add_step(const struct workers *workers, struct mh_limits *limits, enum mh_limit limit,
		     const struct step *step)
{
	const struct mh_histogram *histogram = find_series(workers, step->series);

	if (histogram)
		add_sum(workers, limits, limit, (double)mh_histogram_sum(histogram));
	else if (count_of(workers, step->count) != 0)
		limits->whys[limit] = step->why;
}

/* False: no listener has a series. */
static bool add_listeners(const struct workers *workers, struct mh_limits *limits)
{
	size_t length = strlen(workers->phase->name);
	bool any = false;

	for (size_t i = 0; i < workers->result->series_count; i++) {
		const struct mh_result_series *series = &workers->result->series[i];
		const char *name = series->tag + length + 1;

		if (strncmp(series->tag, workers->phase->name, length) != 0 || series->tag[length] != '/' ||
		    strncmp(name, "cb.", 3) != 0 || strchr(name, '/'))
			continue;
		any = true;
		add_sum(workers, limits, MH_LIMIT_LISTENERS, (double)mh_histogram_sum(&series->histogram));
	}
	return any;
}

/* A walk holds its listeners; without it they stand for it. */
static void add_walks(const struct workers *workers, struct mh_limits *limits)
{
	if (find_series(workers, walk_step.series) || !add_listeners(workers, limits))
		add_step(workers, limits, MH_LIMIT_LISTENERS, &walk_step);
}

/* Grace periods are waited for by chain-churn alone: beside hotplug workers the series is not theirs, and they wait for
 * none. What a module's callback waits for is its listener's time. */
static void add_steps(const struct workers *workers, struct mh_limits *limits)
{
	if (workers->hotplug) {
		add_step(workers, limits, MH_LIMIT_LOCK, &lock_step);
		add_walks(workers, limits);
		add_step(workers, limits, MH_LIMIT_ALLOCATOR, &drain_step);
		add_step(workers, limits, MH_LIMIT_ALLOCATOR, &migrate_step);
	} else {
		add_step(workers, limits, MH_LIMIT_GRACE, &grace_step);
	}
}

/* False: its operations are taken apart by steps. */
static bool add_whole(const struct workers *workers, struct mh_limits *limits, double busy)
{
	for (size_t i = 0; i < sizeof(whole_kinds) / sizeof(whole_kinds[0]); i++)
		if (workers->first->kind && strcmp(workers->first->kind, whole_kinds[i].kind) == 0) {
			limits->shares[whole_kinds[i].limit] = busy;
			return true;
		}
	return false;
}

static double at_most_one(double share)
{
	return share > 1 ? 1 : share < 0 ? 0 : share;
}

/* What no part has taken; parts can overlap it by a reading of the clock. */
static void settle(struct mh_limits *limits, double busy)
{
	double rest = busy, most = -1;

	for (int i = 0; i < MH_LIMIT_GENERATOR; i++) {
		if (limits->whys[i])
			limits->shares[i] = MH_LIMIT_UNKNOWN;
		else
			rest -= limits->shares[i] = at_most_one(limits->shares[i]);
	}
	limits->shares[MH_LIMIT_GENERATOR] = at_most_one(1 - busy);
	limits->shares[MH_LIMIT_REST] = at_most_one(rest);
	for (int i = 0; i < MH_LIMITS; i++)
		if (limits->shares[i] > most) {
			most = limits->shares[i];
			limits->most = (enum mh_limit)i;
		}
}

static void forget_all(struct mh_limits *limits, const char *why)
{
	for (int i = 0; i < MH_LIMITS; i++) {
		limits->shares[i] = MH_LIMIT_UNKNOWN;
		limits->whys[i] = why;
	}
}

bool mh_limits_of(const struct mh_result *result, const struct mh_result_phase *phase, struct mh_limits *ret_limits)
{
	struct workers workers = {.result = result, .phase = phase};
	const struct mh_histogram *service;
	double busy;

	if (!mh_result_phase_is_recorded(phase) || !phase->workload_count)
		return false;
	/* What a kernel does within a write is not told apart, and what lies between two writes is its putting in
	 * order. */
	if (result->mode && strcmp(result->mode, "kernel") == 0)
		return false;
	*ret_limits = (struct mh_limits){.most = MH_LIMITS, .oversubscribed = result->oversubscribed};
	find_workers(&workers, ret_limits);
	ret_limits->workers_ns = workers.ns;
	service = find_service(&workers);
	if (!(workers.ns > 0) || !service) {
		forget_all(ret_limits, "no times of operations were recorded");
		return true;
	}
	workers.scale = workers.operations / (double)service->count;
	ret_limits->sampled = workers.scale > 1;
	busy = at_most_one((double)mh_histogram_sum(service) * workers.scale / workers.ns);
	if (!add_whole(&workers, ret_limits, busy))
		add_steps(&workers, ret_limits);
	settle(ret_limits, busy);
	return true;
}

static void tell_share(const struct mh_limits *limits, enum mh_limit limit, struct mh_text *text)
{
	double percent = limits->shares[limit] * 100;

	if (limit == limits->most)
		mh_text_add(text, "%s (%.0f %% of the workers' time%s)", mh_limit_names[limit], percent,
			    limit == MH_LIMIT_GENERATOR && limits->waits ? ", which waits for arrivals" : "");
	else
		mh_text_add(text, ", %s %.0f %%", mh_limit_names[limit], percent);
}

/* The greatest of those that were not told yet. MH_LIMITS: none is left that would show. */
static enum mh_limit next_share(const struct mh_limits *limits, const bool told[MH_LIMITS])
{
	enum mh_limit next = MH_LIMITS;

	for (int i = 0; i < MH_LIMITS; i++)
		if (!told[i] && limits->shares[i] >= SHARE_SHOWN &&
		    (next == MH_LIMITS || limits->shares[i] > limits->shares[next]))
			next = (enum mh_limit)i;
	return next;
}

/* The parts of one reason stand together. */
static void tell_unknown(const struct mh_limits *limits, struct mh_text *text)
{
	const char *before = "; unknown, and within the rest: ";

	for (int i = 0; i < MH_LIMIT_GENERATOR; i++) {
		if (!limits->whys[i])
			continue;
		mh_text_add(text, "%s%s (%s)", before, mh_limit_names[i], limits->whys[i]);
		before = ", ";
	}
}

void mh_limits_tell(const struct mh_limits *limits, struct mh_text *text)
{
	bool told[MH_LIMITS] = {false};

	if (limits->most == MH_LIMITS) {
		mh_text_add(text, "unknown: %s", limits->whys[MH_LIMIT_REST]);
		return;
	}
	for (enum mh_limit limit = limits->most; limit != MH_LIMITS; limit = next_share(limits, told)) {
		told[limit] = true;
		tell_share(limits, limit, text);
	}
	tell_unknown(limits, text);
	if (limits->sampled)
		mh_text_add(text, "; by a sample of the operations, which rare long ones may be missing from");
	if (limits->oversubscribed)
		mh_text_add(text, "; oversubscribed: each share holds waiting for a CPU, too");
}
