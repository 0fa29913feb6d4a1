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
#define RETAKEN_SHARE    0.12   /* of min_time: spent beyond it on taking samples again */
#define KEPT_SHARE_MIN   0.10   /* of min_time: so much is told without those that were preempted */

struct session {
	const struct mh_repetition_plan *plan;
	struct mh_measurement *measurement;
	struct mh_repetition *result;
	struct mh_repetition spare; /* samples that were preempted: used where there are hardly any others */
	struct mh_sample last;
	double kept_s, spare_s; /* span of samples */
	double around_s;        /* the least that stood around a loop */
};

static bool goes_on(struct session *session)
{
	const volatile sig_atomic_t *stop = session->plan->stop;

	if (stop && *stop)
		session->result->stopped = true;
	return !session->result->stopped && !session->result->skipped[0];
}

static void note_around(struct session *session)
{
	const double around_s = session->last.call_s - session->last.span_s;

	if (session->around_s <= 0 || around_s < session->around_s)
		session->around_s = around_s;
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
		if (!session->last.stepped_back) {
			note_around(session);
			return true;
		}
		result->stepped_back++;
	}
	snprintf(result->skipped, sizeof(result->skipped), "the clock stepped back in %d samples in a row",
		 MH_STEPS_BACK_MAX + 1);
	return false;
}

static void add_sample(struct session *session, struct mh_repetition *to)
{
	const struct mh_sample *sample = &session->last;

	to->samples++;
	to->preempted += sample->preempted;
	to->iterations += sample->iterations * session->plan->measurement.instance->threads;
	to->wall_s += sample->wall_s;
	to->manual_s += sample->manual_s;
	to->cpu_s += sample->cpu_s;
	mh_counters_add(&to->counters, &sample->counters);
	if (!to->label[0])
		memcpy(to->label, sample->label, sizeof(to->label));
	if (session->plan->measurement.histogram)
		mh_measurement_merge_histogram(session->measurement, &to->histogram);
}

static void keep(struct session *session)
{
	if (session->last.preempted) {
		add_sample(session, &session->spare);
		session->spare_s += session->last.span_s;
	} else {
		add_sample(session, session->result);
		session->kept_s += session->last.span_s;
	}
}

static void add_spare(struct mh_repetition *result, const struct mh_repetition *spare)
{
	result->samples += spare->samples;
	result->preempted += spare->samples;
	result->iterations += spare->iterations;
	result->wall_s += spare->wall_s;
	result->manual_s += spare->manual_s;
	result->cpu_s += spare->cpu_s;
	mh_counters_add(&result->counters, &spare->counters);
	if (!result->label[0])
		memcpy(result->label, spare->label, sizeof(result->label));
	if (result->histogram.counts)
		(void)mh_histogram_merge(&result->histogram, &spare->histogram);
}

/* Those that were preempted are left out where the others tell enough, and told where they do not. */
static void settle(struct session *session)
{
	if (session->result->samples && session->kept_s >= session->plan->min_time_s * KEPT_SHARE_MIN)
		session->result->retaken = session->spare.samples;
	else
		add_spare(session->result, &session->spare);
}

static uint64_t scale(uint64_t iterations, double factor)
{
	double scaled = (double)iterations * factor;

	if (scaled >= (double)MH_BENCH_ITERATION_MAX)
		return MH_BENCH_ITERATION_MAX;
	return scaled < 1 ? 1 : (uint64_t)scaled;
}

/* How long a sample is to be. */
static double sample_length(const struct session *session)
{
	double length = session->plan->min_time_s / SAMPLES_AIMED;

	length = length > SAMPLE_MAX_S ? SAMPLE_MAX_S : length;
	length = length < SAMPLE_MIN_S ? SAMPLE_MIN_S : length;
	length = length < CALL_RATIO * session->around_s ? CALL_RATIO * session->around_s : length;
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
	const double half_s = session->last.span_s / 2, min_s = session->plan->min_time_s;
	const bool any = session->result->samples || session->spare.samples;

	return !any || (session->kept_s + half_s < min_s &&
			session->kept_s + session->spare_s + half_s < min_s * (1 + RETAKEN_SHARE));
}

static void fill_time(struct session *session)
{
	while (wants_more(session) && goes_on(session) && take(session, session->result->sample_iterations))
		keep(session);
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
			add_sample(session, result);
		return;
	}
	/* Where one iteration fills the time, what the calibration has measured is measured. */
	if (calibrated && session->last.iterations == result->sample_iterations)
		keep(session);
	fill_time(session);
	settle(session);
}

static int init_histograms(struct session *session, struct mh_error *reterr)
{
	int ret = 0;

	if (session->plan->measurement.histogram)
		ret = mh_histogram_init(&session->result->histogram, &mh_measurement_layout);
	if (ret == 0 && session->plan->measurement.histogram)
		ret = mh_histogram_init(&session->spare.histogram, &mh_measurement_layout);
	return ret == 0 ? 0 : mh_error_set(reterr, ret, "no memory for histograms");
}

int mh_repetition_run(const struct mh_repetition_plan *plan, struct mh_repetition *ret_repetition,
		      struct mh_error *reterr)
{
	struct session session = {.plan = plan, .result = ret_repetition};
	int ret;

	*ret_repetition = (struct mh_repetition){.samples = 0};
	ret = init_histograms(&session, reterr);
	if (ret == 0)
		ret = mh_measurement_begin(&plan->measurement, &session.measurement, reterr);
	if (ret < 0)
		goto release_spare;
	if (mh_measurement_skipped(session.measurement))
		snprintf(ret_repetition->skipped, sizeof(ret_repetition->skipped), "%s",
			 mh_measurement_skipped(session.measurement));
	else
		measure(&session);
	mh_measurement_end(session.measurement);
release_spare:
	mh_repetition_release(&session.spare);
	return ret;
}

void mh_repetition_release(struct mh_repetition *repetition)
{
	mh_histogram_release(&repetition->histogram);
}
