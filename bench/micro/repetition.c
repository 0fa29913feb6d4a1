/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calibration, warm-up, and samples until there is time enough. */
#include "bench/micro/repetition.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define CALIBRATED_SHARE 0.02   /* of min_time: a sample as long tells how many iterations fill the time */
#define CALIBRATED_MAX_S 0.005  /* and so does one as long as this */
#define GROWTH_MAX       16.0   /* of iterations from one sample of the calibration to the next */
#define SAMPLE_MAX_S     0.005  /* 2 to 5 ms survive preemption best */
#define SAMPLE_MIN_S     0.0001 /* clock readings and hand-over are below a percent of it */
#define SAMPLES_AIMED    20     /* at least so many, where min_time is short */
#define CALL_RATIO       20     /* a sample lasts so many times what stands around its loop */
#define RETAKEN_SHARE    0.12   /* of min_time: spent on samples that are taken again */

struct session {
	const struct mh_repetition_plan *plan;
	struct mh_measurement *measurement;
	struct mh_repetition *result;
	struct mh_sample last;
	double kept_s, retaken_s; /* span of samples */
};

static bool goes_on(struct session *session)
{
	const volatile sig_atomic_t *stop = session->plan->stop;

	if (stop && *stop)
		session->result->stopped = true;
	return !session->result->stopped && !session->result->skipped[0];
}

/* A sample of which the clock can tell something, or none: then the repetition is skipped. */
static bool take(struct session *session, uint64_t iterations)
{
	struct mh_repetition *result = session->result;

	for (unsigned tries = 0; tries <= MH_STEPS_BACK_MAX; tries++) {
		mh_measurement_sample(session->measurement, iterations, &session->last);
		if (session->last.skipped) {
			snprintf(result->skipped, sizeof(result->skipped), "%s",
				 mh_measurement_skipped(session->measurement));
			return false;
		}
		if (!session->last.stepped_back)
			return true;
		result->stepped_back++;
	}
	snprintf(result->skipped, sizeof(result->skipped), "the clock stepped back in %d samples in a row",
		 MH_STEPS_BACK_MAX + 1);
	return false;
}

static void keep(struct session *session)
{
	const struct mh_sample *sample = &session->last;
	struct mh_repetition *result = session->result;

	result->samples++;
	result->preempted += sample->preempted;
	result->iterations += sample->iterations * session->plan->measurement.instance->threads;
	result->wall_s += sample->wall_s;
	result->manual_s += sample->manual_s;
	result->cpu_s += sample->cpu_s;
	mh_counters_add(&result->counters, &sample->counters);
	if (!result->label[0])
		memcpy(result->label, sample->label, sizeof(result->label));
	if (session->plan->measurement.histogram)
		mh_measurement_merge_histogram(session->measurement, &result->histogram);
	session->kept_s += sample->span_s;
}

static uint64_t scale(uint64_t iterations, double factor)
{
	double scaled = (double)iterations * factor;

	if (scaled >= (double)MH_BENCH_ITERATION_MAX)
		return MH_BENCH_ITERATION_MAX;
	return scaled < 1 ? 1 : (uint64_t)scaled;
}

/* How long a sample is to be: the last one tells what stands around a loop. */
static double sample_length(const struct session *session)
{
	const double around_s = session->last.call_s - session->last.span_s;
	double length = session->plan->min_time_s / SAMPLES_AIMED;

	length = length > SAMPLE_MAX_S ? SAMPLE_MAX_S : length;
	length = length < SAMPLE_MIN_S ? SAMPLE_MIN_S : length;
	length = length < CALL_RATIO * around_s ? CALL_RATIO * around_s : length;
	return length > session->plan->min_time_s ? session->plan->min_time_s : length;
}

/* The calibration's own samples grow to twice what is needed of the last, so that together they stay a small share. */
static bool calibrate(struct session *session)
{
	const double share_s = session->plan->min_time_s * CALIBRATED_SHARE;
	const double enough_s = share_s < CALIBRATED_MAX_S ? share_s : CALIBRATED_MAX_S;
	uint64_t iterations = 1;

	while (goes_on(session) && take(session, iterations)) {
		const double span_s = session->last.span_s;
		double factor = span_s > 0 ? 2 * enough_s / span_s : GROWTH_MAX;

		if (span_s >= enough_s || iterations >= MH_BENCH_ITERATION_MAX) {
			const double ratio = span_s > 0 ? sample_length(session) / span_s : 1;

			session->result->sample_iterations = scale(iterations, ratio);
			return true;
		}
		iterations = scale(iterations, factor > GROWTH_MAX ? GROWTH_MAX : factor < 2 ? 2 : factor);
	}
	return false;
}

static void warm_up(struct session *session)
{
	double spent_s = 0;

	while (spent_s < session->plan->warm_up_s && goes_on(session) &&
	       take(session, session->result->sample_iterations))
		spent_s += session->last.call_s;
}

/* Until half a sample more would be too much; one there must be. */
static bool wants_more(const struct session *session)
{
	return !session->result->samples || session->kept_s + session->last.span_s / 2 < session->plan->min_time_s;
}

/* Whether the last sample is better taken again, and there is patience for it. */
static bool is_retaken(const struct session *session)
{
	return session->last.preempted &&
	       session->retaken_s + session->last.span_s <= session->plan->min_time_s * RETAKEN_SHARE;
}

static void fill_time(struct session *session)
{
	while (wants_more(session) && goes_on(session) && take(session, session->result->sample_iterations)) {
		if (is_retaken(session)) {
			session->result->retaken++;
			session->retaken_s += session->last.span_s;
		} else {
			keep(session);
		}
	}
}

static void measure(struct session *session)
{
	const struct mh_repetition_plan *plan = session->plan;
	struct mh_repetition *result = session->result;
	bool calibrated = false;

	result->sample_iterations = plan->iterations ? plan->iterations : plan->sample_iterations;
	if (!result->sample_iterations)
		calibrated = calibrate(session);
	if (!result->sample_iterations)
		return;
	warm_up(session);
	if (plan->iterations) {
		if (goes_on(session) && take(session, plan->iterations))
			keep(session);
		return;
	}
	/* Where one iteration fills the time, what the calibration has measured is measured. */
	if (calibrated && session->last.iterations == result->sample_iterations && !is_retaken(session))
		keep(session);
	fill_time(session);
}

int mh_repetition_run(const struct mh_repetition_plan *plan, struct mh_repetition *ret_repetition,
		      struct mh_error *reterr)
{
	struct session session = {.plan = plan, .result = ret_repetition};
	int ret = 0;

	*ret_repetition = (struct mh_repetition){.samples = 0};
	if (plan->measurement.histogram)
		ret = mh_histogram_init(&ret_repetition->histogram, &mh_measurement_layout);
	if (ret < 0)
		return mh_error_set(reterr, ret, "no memory for a histogram");
	ret = mh_measurement_begin(&plan->measurement, &session.measurement, reterr);
	if (ret < 0)
		return ret;
	if (mh_measurement_skipped(session.measurement))
		snprintf(ret_repetition->skipped, sizeof(ret_repetition->skipped), "%s",
			 mh_measurement_skipped(session.measurement));
	else
		measure(&session);
	mh_measurement_end(session.measurement);
	return 0;
}

void mh_repetition_release(struct mh_repetition *repetition)
{
	mh_histogram_release(&repetition->histogram);
}
