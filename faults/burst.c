/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The timelines of bursts, laid out stretch by stretch from the key of their epoch.
 *
 * A state remembers the stretch that it stands in, so that the common question ("still here?") is one comparison. A
 * place in another epoch, or before the stretch, lays that epoch out from its beginning.
 */
#include "faults/burst.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "base/units.h"
#include "faults/trigger.h"

#define AT(field) offsetof(struct mh_burst, field)

static const struct mh_schema_row burst_rows[] = {
	{.key = "good",
	 .type = MH_VALUE_SHARE,
	 .offset = AT(good_ppb),
	 .default_text = "0%",
	 .help = "probability in the good state"},
	{.key = "bad",
	 .type = MH_VALUE_SHARE,
	 .offset = AT(bad_ppb),
	 .default_text = "100%",
	 .help = "probability in the bad state"},
	{.key = "mean_good",
	 .type = MH_VALUE_STRING,
	 .offset = AT(mean_good),
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "mean length of a good stretch: a duration, or with domain: events a count"},
	{.key = "mean_bad",
	 .type = MH_VALUE_STRING,
	 .offset = AT(mean_bad),
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "mean length of a bad stretch: a duration, or with domain: events a count"},
	{.key = "domain",
	 .type = MH_VALUE_ENUM,
	 .offset = AT(domain),
	 .default_text = "time",
	 .values = "time|events",
	 .help = "whether stretches last a time, or a number of matching calls in a worker"},
};

const struct mh_schema mh_burst_schema = {
	.name = "burst",
	.rows = burst_rows,
	.count = sizeof(burst_rows) / sizeof(burst_rows[0]),
	.size = sizeof(struct mh_burst),
};

static int parse_mean(const char *key, const char *text, int domain, double *ret_mean, struct mh_error *reterr)
{
	struct mh_error why = {0};
	uint64_t mean, least = domain == MH_BURST_EVENTS ? 1 : MH_BURST_MEAN_NS_MIN;
	int ret;

	if (!text)
		return mh_error_set(reterr, -EINVAL, "'burst' needs '%s'", key);
	ret = domain == MH_BURST_EVENTS ? mh_parse_unsigned(text, &mean, &why) : mh_parse_duration(text, &mean, &why);
	if (ret < 0)
		return mh_error_set(reterr, -EINVAL, "'%s': %s", key, why.text);
	if (mean < least || mean > UINT64_MAX / 1024)
		return mh_error_set(reterr, -EINVAL, "'%s' is '%s': use %s", key, text,
				    domain == MH_BURST_EVENTS ? "1 event or more" : "1us or more");
	*ret_mean = (double)mean;
	return 0;
}

int mh_burst_compile(const struct mh_burst *burst, uint64_t key, struct mh_burst_plan *ret_plan,
		     struct mh_error *reterr)
{
	struct mh_burst_plan plan = {
		.by_events = burst->domain == MH_BURST_EVENTS,
		.good_certain = burst->good_ppb == MH_PPB_ONE,
		.bad_certain = burst->bad_ppb == MH_PPB_ONE,
		.good_threshold = mh_share_threshold(burst->good_ppb),
		.bad_threshold = mh_share_threshold(burst->bad_ppb),
		.key = key,
	};
	int ret = parse_mean("mean_good", burst->mean_good, burst->domain, &plan.mean_good, reterr);

	if (ret < 0)
		return ret;
	ret = parse_mean("mean_bad", burst->mean_bad, burst->domain, &plan.mean_bad, reterr);
	if (ret < 0)
		return ret;
	plan.epoch = (uint64_t)((plan.mean_good + plan.mean_bad) * MH_BURST_EPOCH_STRETCHES);
	plan.bad_first = (uint64_t)(plan.mean_bad / (plan.mean_good + plan.mean_bad) * 0x1p64);
	*ret_plan = plan;
	return 0;
}

/* The length of the stretch that begins: exponential, at least 1. */
static uint64_t stretch_length(const struct mh_burst_plan *plan, const struct mh_burst_state *state)
{
	uint64_t draw = mh_rng_mix(state->epoch_key, state->stretch);
	double unit = ((double)(draw >> 12) + 0.5) * 0x1p-52;
	double length = -log(unit) * (state->bad ? plan->mean_bad : plan->mean_good);

	return length < 1 ? 1 : (uint64_t)length;
}

static void end_stretch(const struct mh_burst_plan *plan, struct mh_burst_state *state, uint64_t begin)
{
	uint64_t length = stretch_length(plan, state);

	if (length > state->epoch_end - begin || state->stretch + 1 == MH_BURST_STRETCHES_MAX)
		state->until = state->epoch_end;
	else
		state->until = begin + length;
}

static void begin_epoch(const struct mh_burst_plan *plan, struct mh_burst_state *state, uint64_t line, uint64_t place)
{
	uint64_t number = place / plan->epoch;
	uint64_t begin = number * plan->epoch;

	state->epoch_key = mh_rng_mix(mh_rng_mix(plan->key, line), number);
	state->epoch_end = begin + plan->epoch;
	state->stretch = 0;
	state->bad = mh_rng_mix(state->epoch_key, UINT64_MAX) < plan->bad_first;
	state->begin = begin;
	end_stretch(plan, state, begin);
}

bool mh_burst_bad(const struct mh_burst_plan *plan, struct mh_burst_state *state, uint64_t line, uint64_t place)
{
	if (__builtin_expect(place >= state->begin && place < state->until, 1))
		return state->bad;
	if (place < state->begin || place >= state->epoch_end)
		begin_epoch(plan, state, line, place);
	/* At most MH_BURST_STRETCHES_MAX turns: the last stretch ends with the epoch. */
	while (place >= state->until) {
		state->begin = state->until;
		state->stretch++;
		state->bad = !state->bad;
		end_stretch(plan, state, state->begin);
	}
	return state->bad;
}
