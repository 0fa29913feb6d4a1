/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A family is an instance with its repetitions; it is told in full when the last of them is done, each of them when it
 * is done. Interleaved, the repetitions of all families are one shuffled list.
 */
#include "bench/micro/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "bench/micro/aggregate.h"
#include "bench/micro/ratio.h"

#define RATIO_ROUNDS         101
#define RATIO_ROUNDS_DRY_RUN 3
#define RATIO_SAMPLE_MIN_NS  1000

/* An instance while its repetitions run. */
struct family {
	const struct mh_instance *instance;
	unsigned repetitions, done;
	uint64_t sample_iterations; /* as the first repetition has found them */
	struct mh_row *rows;        /* those that were not skipped */
	unsigned row_count;
};

static bool is_stopped(const struct mh_micro_session *session)
{
	return session->stop && *session->stop;
}

static void warn_lines(const struct mh_micro_session *session, const char *name, struct mh_text *lines)
{
	char *rest = lines->length ? lines->data : NULL;

	for (char *line = strsep(&rest, "\n"); line && *line; line = strsep(&rest, "\n"))
		session->warn(name, line);
	mh_text_release(lines);
}

static void tell_row(struct mh_micro_session *session, const struct mh_row *row)
{
	struct mh_text doubts = MH_TEXT_INIT;

	for (unsigned i = 0; i < session->sink_count; i++)
		mh_sink_row(&session->sinks[i], row);
	if (row->aggregate)
		return;
	mh_row_add_doubts(row, &doubts);
	warn_lines(session, row->instance->name, &doubts);
}

/* What the row says comes before what the flags say, and a dry run before both. */
static void plan(const struct mh_micro_session *session, const struct family *family,
		 struct mh_repetition_plan *ret_plan)
{
	const struct mh_micro_settings *settings = session->settings;
	const struct memhp_bench *bench = family->instance->bench;

	*ret_plan = (struct mh_repetition_plan){
		.measurement = {.instance = family->instance,
				.timer = session->context->timer,
				.histogram = (settings->histogram || bench->histogram) && !bench->manual_time,
				.perf = &settings->perf},
		.min_time_s = bench->min_time_s > 0 ? bench->min_time_s : settings->min_time_s,
		.warm_up_s = bench->warm_up_s > 0 ? bench->warm_up_s : settings->warm_up_s,
		.iterations = bench->iterations       ? bench->iterations
			      : bench->min_time_s > 0 ? 0
						      : settings->iterations,
		.sample_iterations = family->sample_iterations,
		.stop = session->stop,
	};
	if (settings->dry_run) {
		ret_plan->iterations = 1;
		ret_plan->warm_up_s = 0;
	}
}

static const struct mh_time_unit *unit_of(const struct mh_micro_session *session, const struct mh_instance *instance)
{
	return instance->bench->unit ? mh_time_unit_find(instance->bench->unit) : session->settings->unit;
}

static void take_row(struct mh_micro_session *session, struct family *family, const struct mh_repetition *repetition,
		     const struct mh_row_context *context)
{
	struct mh_row *row = &family->rows[family->row_count];

	mh_row_make(row, context, repetition);
	tell_row(session, row);
	if (repetition->skipped[0])
		session->skipped++;
	else
		family->row_count++;
	row->label = row->skipped = ""; /* theirs ends with the repetition */
}

static int run_repetition(struct mh_micro_session *session, struct family *family, struct mh_error *reterr)
{
	struct mh_row_context context = {
		.instance = family->instance,
		.unit = unit_of(session, family->instance),
		.repetitions = family->repetitions,
		.repetition = family->done,
		.judge_body = !session->settings->dry_run,
	};
	const struct mh_clock *clock = &session->context->timer->clock;
	struct mh_repetition_plan repetition_plan;
	struct mh_repetition repetition;
	struct mh_core_probe after;
	int ret;

	plan(session, family, &repetition_plan);
	mh_core_probe(clock, &context.core);
	ret = mh_repetition_run(&repetition_plan, &repetition, reterr);
	mh_core_probe(clock, &after);
	context.core_doubts = mh_core_watch_judge(&session->core, &context.core, &after);
	if (ret == 0 && (repetition.samples || repetition.skipped[0])) {
		family->sample_iterations = repetition.sample_iterations;
		take_row(session, family, &repetition, &context);
	}
	mh_repetition_release(&repetition);
	family->done++;
	return ret;
}

static void tell_aggregates(struct mh_micro_session *session, const struct family *family)
{
	struct mh_row rows[MH_AGGREGATES];
	unsigned count = mh_aggregate(family->rows, family->row_count, rows);

	for (unsigned i = 0; i < count; i++)
		tell_row(session, &rows[i]);
}

/* The next repetition, and after the last of them what they come to. */
static int step(struct mh_micro_session *session, struct family *family, struct mh_error *reterr)
{
	int ret = run_repetition(session, family, reterr);

	if (ret == 0 && family->done == family->repetitions) {
		tell_aggregates(session, family);
		free(family->rows);
		family->rows = NULL;
	}
	return ret;
}

static int init_families(const struct mh_micro_session *session, struct family *families, size_t *ret_steps)
{
	const struct mh_micro_settings *settings = session->settings;

	*ret_steps = 0;
	for (size_t i = 0; i < session->selection->count; i++) {
		struct family *family = &families[i];
		const unsigned own = session->selection->items[i]->bench->repetitions;

		family->instance = session->selection->items[i];
		family->repetitions = settings->dry_run ? 1 : own ? own : settings->repetitions;
		family->rows = calloc(family->repetitions, sizeof(*family->rows));
		if (!family->rows)
			return -ENOMEM;
		*ret_steps += family->repetitions;
	}
	return 0;
}

/* One number of a family for each of its repetitions. */
static void list_steps(const struct family *families, size_t family_count, size_t *steps)
{
	size_t count = 0;

	for (size_t i = 0; i < family_count; i++)
		for (unsigned r = 0; r < families[i].repetitions; r++)
			steps[count++] = i;
}

static void shuffle(size_t *steps, size_t count, uint64_t seed)
{
	struct mh_rng rng;

	mh_rng_init(&rng, seed, "interleaving", 0);
	for (size_t i = count; i > 1; i--) {
		const size_t other = mh_rng_below(&rng, i), swapped = steps[i - 1];

		steps[i - 1] = steps[other];
		steps[other] = swapped;
	}
}

static int run_steps(struct mh_micro_session *session, struct family *families, size_t count, struct mh_error *reterr)
{
	size_t *steps = calloc(count + 1, sizeof(*steps));
	int ret = steps ? 0 : mh_error_set(reterr, -ENOMEM, "no memory for %zu repetitions", count);

	if (ret == 0)
		list_steps(families, session->selection->count, steps);
	if (ret == 0 && session->settings->interleave)
		shuffle(steps, count, session->seed);
	for (size_t i = 0; ret == 0 && i < count && !is_stopped(session); i++)
		ret = step(session, &families[steps[i]], reterr);
	free(steps);
	return ret;
}

static int run_benchmarks(struct mh_micro_session *session, struct mh_error *reterr)
{
	const size_t family_count = session->selection->count;
	struct family *families = calloc(family_count + 1, sizeof(*families));
	size_t steps;
	int ret = families ? init_families(session, families, &steps) : -ENOMEM;

	if (ret < 0)
		mh_error_set(reterr, ret, "no memory for %zu benchmarks", family_count);
	else
		ret = run_steps(session, families, steps, reterr);
	for (size_t i = 0; families && i < family_count; i++)
		free(families[i].rows);
	free(families);
	return ret;
}

static void describe_ratio(const struct mh_ratio_rounds *rounds, struct mh_ratio_line *line)
{
	for (unsigned i = 0; i < 2 && !line->skipped; i++)
		line->skipped = rounds->subjects[i].skipped;
	if (line->skipped)
		return;
	line->candidate_ns = mh_ratio_ns(rounds, 0).median;
	line->base_ns = mh_ratio_ns(rounds, 1).median;
	line->ratio = mh_ratio_of(rounds, 0, 1);
	line->interval = mh_ratio_interval(rounds, 0, 1, MH_RATIO_CONFIDENCE);
	line->rounds = rounds->round_count;
	line->retaken = rounds->retaken;
	line->preempted = rounds->subjects[0].preempted + rounds->subjects[1].preempted;
	line->shared_again = rounds->shared_again;
	line->shared = rounds->shared;
	line->frequency_changes = rounds->frequency_changes;
	line->stepped_back = rounds->stepped_back;
	line->ghz_min = rounds->ghz_min;
	line->ghz_max = rounds->ghz_max;
}

static int run_ratio(struct mh_micro_session *session, const struct mh_pair *pair, struct mh_error *reterr)
{
	const struct mh_micro_settings *settings = session->settings;
	const unsigned rounds = settings->dry_run ? RATIO_ROUNDS_DRY_RUN : RATIO_ROUNDS;
	const char *const names[] = {pair->first, pair->second};
	const uint64_t sample_ns = (uint64_t)(settings->min_time_s * 1e9 / rounds);
	const struct mh_ratio_request request = {
		.instances = session->instances,
		.names = names,
		.name_count = 2,
		.round_count = rounds,
		.sample_ns = sample_ns < RATIO_SAMPLE_MIN_NS ? RATIO_SAMPLE_MIN_NS : sample_ns,
		.iterations = settings->dry_run ? 1 : settings->iterations,
		.seed = session->seed,
		.timer = session->context->timer,
		.stop = session->stop,
	};
	struct mh_ratio_line line = {.candidate = pair->first, .base = pair->second};
	struct mh_ratio_rounds result;
	int ret = mh_ratio_run(&request, &result, reterr);

	if (ret < 0)
		return ret;
	describe_ratio(&result, &line);
	session->skipped += line.skipped != NULL;
	for (unsigned i = 0; i < session->sink_count; i++)
		mh_sink_ratio(&session->sinks[i], &line);
	mh_ratio_release(&result);
	return 0;
}

int mh_micro_session_run(struct mh_micro_session *session, struct mh_error *reterr)
{
	const struct mh_pair_list *ratios = &session->settings->ratios;
	int ret;

	mh_core_watch_init(&session->core, &session->context->core);
	ret = run_benchmarks(session, reterr);
	for (size_t i = 0; ret == 0 && i < ratios->count && !is_stopped(session); i++)
		ret = run_ratio(session, &ratios->items[i], reterr);
	if (ret == 0 && is_stopped(session))
		ret = mh_error_set(reterr, -EINTR, "stopped before the last benchmark");
	return ret;
}

int mh_micro_session_check(const struct mh_micro_settings *settings, const struct mh_instances *instances,
			   struct mh_error *reterr)
{
	for (size_t i = 0; i < settings->ratios.count; i++) {
		const struct mh_pair *pair = &settings->ratios.items[i];
		const char *missing = !mh_instances_find(instances, pair->first)    ? pair->first
				      : !mh_instances_find(instances, pair->second) ? pair->second
										    : NULL;

		if (missing)
			return mh_error_set(reterr, -ENOENT,
					    "--benchmark_ratio '%s,%s': there is no benchmark '%s'; "
					    "--benchmark_list_tests names them",
					    pair->first, pair->second, missing);
	}
	return 0;
}
