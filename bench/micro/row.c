/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/micro/row.h"

#include <string.h>

#define BODY_CYCLES_MIN 0.5
#define BODY_SECONDS    1e-4 /* of a measurement that tells it: below, the clock's steps count */

static void finish_counters(struct mh_row *row, const struct mh_repetition *repetition)
{
	const struct memhp_bench *bench = row->instance->bench;
	const struct mh_counter_base base = {
		.samples = repetition->samples,
		.threads = row->instance->threads,
		.iterations = repetition->iterations,
		.sample_iterations = repetition->sample_iterations,
		.seconds = bench->manual_time ? repetition->manual_s
			   : bench->real_time ? repetition->wall_s
					      : repetition->cpu_s,
	};

	row->counters = repetition->counters;
	for (unsigned i = 0; i < row->counters.count; i++)
		row->counters.items[i].value = mh_counter_finish(&row->counters.items[i], &base);
}

/* In the unit of the times beside them. */
static void add_percentiles(struct mh_row *row, const struct mh_histogram *histogram)
{
	static const struct {
		const char *name;
		double q;
	} percentiles[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}};

	if (!histogram->count)
		return;
	for (size_t i = 0; i < sizeof(percentiles) / sizeof(percentiles[0]); i++)
		(void)mh_counters_set(&row->counters, percentiles[i].name,
				      mh_histogram_quantile(histogram, percentiles[i].q) / row->unit->ns, 0);
	(void)mh_counters_set(&row->counters, "max", (double)histogram->max / row->unit->ns, 0);
}

/* Of a thread: a sum over threads divided by all iterations would tell less than each of them took. */
static bool has_no_body(const struct mh_row *row, const struct mh_row_context *context,
			const struct mh_repetition *repetition)
{
	const double each = (double)repetition->iterations / row->instance->threads;

	return context->judge_body && !row->instance->bench->manual_time &&
	       each * context->core.add_ns > BODY_SECONDS * 1e9 &&
	       repetition->wall_s * 1e9 < BODY_CYCLES_MIN * context->core.add_ns * each;
}

void mh_row_make(struct mh_row *row, const struct mh_row_context *context, const struct mh_repetition *repetition)
{
	const double iterations = (double)repetition->iterations;
	const double wall_s = context->instance->bench->manual_time ? repetition->manual_s : repetition->wall_s;

	*row = (struct mh_row){
		.instance = context->instance,
		.repetitions = context->repetitions,
		.repetition = context->repetition,
		.unit = context->unit,
		.label = repetition->label,
		.skipped = repetition->skipped,
		.stepped_back = repetition->stepped_back,
		.ghz = mh_core_probe_ghz(&context->core),
		.loop_ns = context->core.loop_ns,
	};
	if (repetition->skipped[0] || !repetition->samples)
		return;
	row->iterations = repetition->iterations;
	row->real = wall_s * 1e9 / row->unit->ns / iterations;
	row->cpu = repetition->cpu_s * 1e9 / row->unit->ns / iterations;
	row->samples = repetition->samples;
	row->retaken = repetition->retaken;
	row->preempted = repetition->preempted;
	row->core = context->core_doubts;
	row->no_body = has_no_body(row, context, repetition);
	finish_counters(row, repetition);
	add_percentiles(row, &repetition->histogram);
}

void mh_row_add_name(const struct mh_row *row, struct mh_text *text)
{
	mh_text_add(text, "%s", row->instance->name);
	if (row->aggregate)
		mh_text_add(text, "_%s", row->aggregate);
}

void mh_row_add_doubts(const struct mh_row *row, struct mh_text *text)
{
	if (row->stepped_back)
		mh_text_add(text, "the clock stepped back in %u samples, which were taken again\n", row->stepped_back);
	if (row->no_body)
		mh_text_add(text, "an iteration takes less than half a cycle: the compiler has removed its body; pass "
				  "what it computes to MEMHP_BENCH_KEEP()\n");
	if (row->core & MH_CORE_FREQUENCY)
		mh_text_add(text, "the core's frequency has changed since the first benchmark, to %.2f GHz\n",
			    row->ghz);
	if (row->core & MH_CORE_SHARED)
		mh_text_add(text, "the core was shared: an empty loop took %.2f ns a turn\n", row->loop_ns);
	if (row->preempted)
		mh_text_add(text, "%u of %u samples were preempted\n", row->preempted, row->samples);
}
