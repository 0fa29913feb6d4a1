/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The harness against Google Benchmark, which runs in a program of its own (rivals/gbench.cc): in each round our loop
 * and theirs, in turn; and the time that one benchmark takes in all.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bench/micro/bar_figures.h"
#include "bench/micro/probe.h"
#include "bench/micro/repetition.h"
#include "bench/micro/rival_process.h"

#define PROGRAM        "rival_gbench"
#define PROCESS_ROUNDS 15 /* each starts the rival's program */
#define PROCESS_TRIES  60 /* rounds in all, with those in which the core changed its pace */
#define PROCESS_LEAST  5  /* rounds that tell something */
#define SAME_PACE      1.10
#define OWN_ROUNDS     3
#define WALL_RUNS      5
#define WALL_TRIES     10 /* of each, before it is given up */
#define REHEARSAL_S    0.001

static int by_value(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return a < b ? -1 : a > b;
}

/* Quartiles into @outcome; @values are sorted. */
static void settle(double *values, unsigned count, struct mh_bar_outcome *outcome)
{
	qsort(values, count, sizeof(*values), by_value);
	outcome->low = values[count / 4];
	outcome->reached = values[count / 2];
	outcome->high = values[count - 1 - count / 4];
}

static int own_ns(const struct mh_bar_context *context, const char *name, double *ret_ns, struct mh_error *reterr)
{
	struct mh_ratio_request request = {
		.instances = context->instances,
		.names = &name,
		.name_count = 1,
		.round_count = OWN_ROUNDS,
		.sample_ns = context->sample_ns,
		.seed = context->seed,
		.timer = context->timer,
		.stop = context->stop,
	};
	struct mh_ratio_rounds rounds;
	int ret = mh_ratio_run(&request, &rounds, reterr);

	if (ret < 0)
		return ret;
	*ret_ns = mh_ratio_ns(&rounds, 0).median;
	mh_ratio_release(&rounds);
	return 0;
}

/* Ours over theirs in *ret_ratio; *ret_steady: an empty loop took the same time before, between and after. */
static int round_ratio(const struct mh_bar_context *context, const char *name, const char *rival_loop,
		       double *ret_ratio, bool *ret_steady, struct mh_error *reterr)
{
	const struct mh_clock *clock = &context->timer->clock;
	struct mh_core_probe before, between, after;
	double own, theirs;
	int ret;

	mh_core_probe(clock, &before);
	ret = own_ns(context, name, &own, reterr);
	mh_core_probe(clock, &between);
	if (ret == 0)
		ret = mh_rival_run(context->rivals, PROGRAM, rival_loop, &theirs, reterr);
	mh_core_probe(clock, &after);
	if (ret < 0)
		return ret;
	*ret_ratio = own > 0 ? own / theirs : INFINITY; /* a loop that takes no time has been removed */
	*ret_steady = fmax(fmax(before.loop_ns, between.loop_ns), after.loop_ns) <=
		      SAME_PACE * fmin(fmin(before.loop_ns, between.loop_ns), after.loop_ns);
	return 0;
}

/* Rounds are taken again in which somebody else came to the core or left it: it would count for one of the two. */
static int against_rival(const struct mh_bar_context *context, const char *name, const char *rival_loop,
			 double ratios[PROCESS_ROUNDS], unsigned *ret_count, struct mh_error *reterr)
{
	unsigned tries = context->rehearsal ? 1 : PROCESS_TRIES;
	unsigned count = 0;

	while (tries-- && count < PROCESS_ROUNDS) {
		bool steady;
		int ret = round_ratio(context, name, rival_loop, &ratios[count], &steady, reterr);

		if (ret < 0)
			return ret;
		count += steady || context->rehearsal;
	}
	*ret_count = count;
	return 0;
}

static int compare(const struct mh_bar_context *context, const char *name, const char *rival_loop,
		   struct mh_bar_outcome *outcome, struct mh_error *reterr)
{
	double ratios[PROCESS_ROUNDS];
	unsigned count;
	int ret;

	if (!mh_rival_is_there(context->rivals, PROGRAM)) {
		snprintf(outcome->reason, sizeof(outcome->reason), "%s", MH_BAR_RIVAL_ABSENT);
		return 0;
	}
	ret = against_rival(context, name, rival_loop, ratios, &count, reterr);
	if (ret < 0)
		return ret;
	if (count < PROCESS_LEAST && !context->rehearsal) {
		snprintf(outcome->reason, sizeof(outcome->reason),
			 "the core was shared: its pace changed in %d of %d rounds", PROCESS_TRIES - (int)count,
			 PROCESS_TRIES);
		return 0;
	}
	settle(ratios, count, outcome);
	if (context->details)
		mh_text_add(context->details, "  %.3f … %.3f in half of %u runs of %s\n", outcome->low, outcome->high,
			    count, PROGRAM);
	return 0;
}

int mh_bar_empty_loop(const struct mh_bar_context *context, const struct mh_bar *bar, struct mh_bar_outcome *outcome,
		      struct mh_error *reterr)
{
	(void)bar;
	return compare(context, "harness/empty", "empty", outcome, reterr);
}

int mh_bar_same_loop(const struct mh_bar_context *context, const struct mh_bar *bar, struct mh_bar_outcome *outcome,
		     struct mh_error *reterr)
{
	(void)bar;
	int ret = compare(context, "harness/loop", "loop", outcome, reterr);

	if (ret == 0 && !outcome->reason[0] && outcome->reached < 1)
		*outcome = (struct mh_bar_outcome){
			.reached = 1 / outcome->reached,
			.low = 1 / outcome->high,
			.high = 1 / outcome->low,
		};
	return ret;
}

static long preemptions(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_nivcsw;
}

/* Of one repetition, with all that the harness does around it, over the time that was asked for. */
static int wall_ratio(const struct mh_bar_context *context, double min_time_s, double *ret_ratio,
		      struct mh_error *reterr)
{
	const struct mh_repetition_plan plan = {
		.measurement = {.instance = mh_instances_find(context->instances, "harness/loop"),
				.timer = context->timer},
		.min_time_s = min_time_s,
		.stop = context->stop,
	};
	const struct mh_clock *clock = &context->timer->clock;
	uint64_t begin = mh_clock_ticks(clock);
	struct mh_repetition repetition;
	int ret = mh_repetition_run(&plan, &repetition, reterr);

	if (ret == 0)
		*ret_ratio = (double)mh_clock_ns(clock, mh_clock_ticks(clock) - begin) / (min_time_s * 1e9);
	if (ret == 0 && repetition.stopped)
		ret = mh_error_set(reterr, -EINTR, "stopped in the middle of a benchmark");
	mh_repetition_release(&repetition);
	return ret;
}

/* What somebody else takes of the CPU is not the harness's: such a run is taken again. *ret_quiet: none was left that
 * was not disturbed. */
static int quiet_wall_ratio(const struct mh_bar_context *context, double min_time_s, double *ret_ratio, bool *ret_quiet,
			    struct mh_error *reterr)
{
	int ret = 0;

	*ret_quiet = context->rehearsal;
	for (unsigned tries = 0; ret == 0 && tries < WALL_TRIES; tries++) {
		long before = preemptions();

		ret = wall_ratio(context, min_time_s, ret_ratio, reterr);
		if (context->rehearsal)
			break;
		*ret_quiet = preemptions() == before;
		if (*ret_quiet)
			break;
	}
	return ret;
}

int mh_bar_wall_time(const struct mh_bar_context *context, const struct mh_bar *bar, struct mh_bar_outcome *outcome,
		     struct mh_error *reterr)
{
	const double min_time_s = context->rehearsal ? REHEARSAL_S : bar->times;
	const unsigned count = context->rehearsal ? 1 : WALL_RUNS;
	double ratios[WALL_RUNS];
	bool quiet = true;

	for (unsigned i = 0; quiet && i < count; i++) {
		int ret = quiet_wall_ratio(context, min_time_s, &ratios[i], &quiet, reterr);

		if (ret < 0)
			return ret;
	}
	if (quiet)
		settle(ratios, count, outcome);
	else
		snprintf(outcome->reason, sizeof(outcome->reason), "preempted: in each of %d benchmarks", WALL_TRIES);
	return 0;
}
