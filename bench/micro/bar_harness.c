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
#include "bench/micro/repetition.h"
#include "bench/micro/rival_process.h"

#define PROGRAM        "rival_gbench"
#define PROCESS_ROUNDS 15 /* each starts the rival's program */
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

/* Ours over theirs, round by round, into @ratios. -ENOENT in *ret_absent: there is no such program. */
static int against_rival(const struct mh_bar_context *context, const char *name, const char *rival_loop, double *ratios,
			 unsigned count, struct mh_error *reterr)
{
	for (unsigned i = 0; i < count; i++) {
		double own, theirs;
		int ret = own_ns(context, name, &own, reterr);

		if (ret == 0)
			ret = mh_rival_run(context->rivals, PROGRAM, rival_loop, &theirs, reterr);
		if (ret < 0)
			return ret;
		ratios[i] = own > 0 ? own / theirs : INFINITY; /* a loop that takes no time has been removed */
	}
	return 0;
}

static int compare(const struct mh_bar_context *context, const char *name, const char *rival_loop,
		   struct mh_bar_outcome *outcome, struct mh_error *reterr)
{
	double ratios[PROCESS_ROUNDS];
	unsigned count = context->rehearsal ? 1 : PROCESS_ROUNDS;
	int ret;

	if (!mh_rival_is_there(context->rivals, PROGRAM)) {
		snprintf(outcome->reason, sizeof(outcome->reason), "%s", MH_BAR_RIVAL_ABSENT);
		return 0;
	}
	ret = against_rival(context, name, rival_loop, ratios, count, reterr);
	if (ret < 0)
		return ret;
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
