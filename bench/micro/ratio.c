/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Measurements as the variants of rounds. */
#include "bench/micro/ratio.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/micro/measurement.h"
#include "bench/micro/repetition.h"
#include "results/statistics/order_interval.h"
#include "results/statistics/sorted.h"

/* What a subject is measured by. */
struct side {
	struct mh_measurement *measurement;
	bool manual;
	unsigned stepped_back;
	char skipped[MH_SKIP_SIZE];
};

struct session {
	struct mh_rounds rounds;
	struct side sides[MH_ROUND_VARIANTS_MAX];
	struct mh_ratio_subject subjects[MH_ROUND_VARIANTS_MAX];
};

static bool sample(void *data, uint64_t iterations, const struct mh_clock *clock, struct mh_round_sample *ret_sample)
{
	struct side *side = data;
	struct mh_sample taken;

	(void)clock; /* the measurement has its own reading of it */
	for (unsigned tries = 0; tries <= MH_STEPS_BACK_MAX; tries++) {
		mh_measurement_sample(side->measurement, iterations, &taken);
		if (taken.skipped) {
			snprintf(side->skipped, sizeof(side->skipped), "%s", mh_measurement_skipped(side->measurement));
			return false;
		}
		if (taken.stepped_back) {
			side->stepped_back++;
			continue;
		}
		ret_sample->ns = (side->manual ? taken.manual_s : taken.wall_s) * 1e9;
		ret_sample->preempted = taken.preempted;
		return true;
	}
	snprintf(side->skipped, sizeof(side->skipped), "the clock stepped back in %d samples in a row",
		 MH_STEPS_BACK_MAX + 1);
	return false;
}

static int add_side(struct session *session, const struct mh_ratio_request *request, const char *name,
		    struct mh_error *reterr)
{
	const unsigned index = session->rounds.variant_count;
	struct side *side = &session->sides[index];
	const struct mh_measurement_options options = {
		.instance = mh_instances_find(request->instances, name),
		.timer = request->timer,
	};

	if (!options.instance)
		return mh_error_set(reterr, -ENOENT, "there is no benchmark '%s'", name);

	int ret = mh_measurement_begin(&options, &side->measurement, reterr);

	if (ret < 0)
		return ret;
	side->manual = options.instance->bench->manual_time;
	session->subjects[index].instance = options.instance;
	(void)mh_rounds_add_sample(&session->rounds, name, sample, side);
	session->rounds.variants[index].iterations =
		request->iterations ? request->iterations : options.instance->bench->iterations;
	if (mh_measurement_skipped(side->measurement)) {
		session->rounds.variants[index].failed = true;
		snprintf(side->skipped, sizeof(side->skipped), "%s", mh_measurement_skipped(side->measurement));
	}
	return 0;
}

static int check(const struct mh_ratio_request *request, struct mh_error *reterr)
{
	if (request->name_count < 1 || request->name_count > MH_ROUND_VARIANTS_MAX)
		return mh_error_set(reterr, -EINVAL, "%zu instances in rounds: use 1 to %d", request->name_count,
				    MH_ROUND_VARIANTS_MAX);
	if (request->round_count < 3 || request->round_count > MH_ROUND_COUNT_MAX)
		return mh_error_set(reterr, -EINVAL, "%u rounds: use 3 to %d", request->round_count,
				    MH_ROUND_COUNT_MAX);
	return 0;
}

static void tell(struct session *session, struct mh_ratio_rounds *ret_rounds)
{
	const struct mh_rounds *rounds = &session->rounds;
	unsigned stepped_back = 0;

	for (unsigned i = 0; i < rounds->variant_count; i++) {
		struct mh_ratio_subject *subject = &session->subjects[i];

		subject->skipped = rounds->variants[i].failed ? session->sides[i].skipped : NULL;
		subject->iterations = rounds->variants[i].iterations;
		subject->ns = rounds->variants[i].ns;
		subject->preempted = rounds->variants[i].preempted;
		stepped_back += session->sides[i].stepped_back;
	}
	*ret_rounds = (struct mh_ratio_rounds){
		.subjects = session->subjects,
		.subject_count = rounds->variant_count,
		.round_count = rounds->round_count,
		.retaken = rounds->retaken,
		.shared_again = rounds->shared_again,
		.shared = rounds->shared,
		.frequency_changes = rounds->frequency_changes,
		.stepped_back = stepped_back,
		.ghz_min = rounds->core.ghz_min,
		.ghz_max = rounds->core.ghz_max,
		.owned = session,
	};
}

int mh_ratio_run(const struct mh_ratio_request *request, struct mh_ratio_rounds *ret_rounds, struct mh_error *reterr)
{
	int ret = check(request, reterr);
	struct session *session;

	if (ret < 0)
		return ret;
	session = calloc(1, sizeof(*session));
	if (!session)
		return mh_error_set(reterr, -ENOMEM, "no memory for %u rounds", request->round_count);
	session->rounds.round_count = request->round_count;
	session->rounds.sample_ns = request->sample_ns;
	session->rounds.stop = request->stop;
	for (size_t i = 0; ret == 0 && i < request->name_count; i++)
		ret = add_side(session, request, request->names[i], reterr);
	if (ret == 0)
		mh_rounds_run(&session->rounds, &request->timer->clock, request->seed);
	for (size_t i = 0; i < MH_ROUND_VARIANTS_MAX; i++)
		mh_measurement_end(session->sides[i].measurement);
	if (ret == 0 && request->stop && *request->stop)
		ret = mh_error_set(reterr, -EINTR, "stopped before the last round");
	if (ret < 0)
		free(session);
	else
		tell(session, ret_rounds);
	return ret;
}

void mh_ratio_release(struct mh_ratio_rounds *rounds)
{
	free(rounds->owned);
	*rounds = (struct mh_ratio_rounds){0};
}

struct mh_round_quartiles mh_ratio_ns(const struct mh_ratio_rounds *rounds, size_t index)
{
	double values[MH_ROUND_COUNT_MAX];

	memcpy(values, rounds->subjects[index].ns, rounds->round_count * sizeof(*values));
	return mh_round_quartiles(values, rounds->round_count);
}

static void ratios(const struct mh_ratio_rounds *rounds, size_t index, size_t base, double *ret_values)
{
	for (unsigned i = 0; i < rounds->round_count; i++)
		ret_values[i] = rounds->subjects[index].ns[i] / rounds->subjects[base].ns[i];
}

struct mh_round_quartiles mh_ratio_of(const struct mh_ratio_rounds *rounds, size_t index, size_t base)
{
	double values[MH_ROUND_COUNT_MAX];

	ratios(rounds, index, base, values);
	return mh_round_quartiles(values, rounds->round_count);
}

struct mh_interval mh_ratio_interval(const struct mh_ratio_rounds *rounds, size_t index, size_t base, double confidence)
{
	double values[MH_ROUND_COUNT_MAX];
	struct mh_interval interval;

	ratios(rounds, index, base, values);
	mh_sort_values(values, rounds->round_count);
	(void)mh_order_interval(values, rounds->round_count, confidence, &interval); /* there are rounds */
	return interval;
}
