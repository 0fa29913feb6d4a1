/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Google Benchmark's JSON, a row at a time: after a kill, what was measured stands in the file, without its end. Ratios
 * are a list of their own, "ratios", which its readers pass over.
 *
 * Source: the reporter of Google Benchmark 1.7, and its tools/compare.py.
 */
#include <string.h>

#include "bench/micro/sink.h"
#include "results/json_put.h"

/* @root without a newline at its end, indented; released. */
static void print_object(struct mh_sink *sink, json_t *root, struct mh_json_put *put)
{
	struct mh_text text = MH_TEXT_INIT;
	struct mh_error error;

	if (mh_json_finish(put, root, &text, &error) < 0)
		sink->failed = true;
	for (const char *at = text.data; *at;) {
		const size_t length = strcspn(at, "\n");
		const bool last = !at[length] || !at[length + 1];

		fprintf(sink->stream, "%s%.*s%s", at == text.data ? "" : "    ", (int)length, at, last ? "" : "\n");
		at += length + (at[length] == '\n');
	}
	mh_text_release(&text);
}

static void begin(struct mh_sink *sink, const struct mh_micro_context *context)
{
	struct mh_json_put put = {0};
	json_t *root = json_object();

	put.failed = !root;
	mh_micro_context_put(context, &put, root);
	fputs("{\n  \"context\": ", sink->stream);
	print_object(sink, root, &put);
	fputs(",\n  \"benchmarks\": [", sink->stream);
}

static void put_name(const struct mh_row *row, struct mh_json_put *put, json_t *object)
{
	struct mh_text name = MH_TEXT_INIT;

	mh_row_add_name(row, &name);
	put->failed |= name.failed;
	mh_json_put_text(put, object, "name", name.data);
	mh_text_release(&name);
}

static void put_identity(const struct mh_row *row, struct mh_json_put *put, json_t *object)
{
	put_name(row, put, object);
	mh_json_put_u64(put, object, "family_index", row->instance->family);
	mh_json_put_u64(put, object, "per_family_instance_index", row->instance->family_index);
	mh_json_put_text(put, object, "run_name", row->instance->name);
	mh_json_put_text(put, object, "run_type", row->aggregate ? "aggregate" : "iteration");
	mh_json_put_u64(put, object, "repetitions", row->repetitions);
	if (!row->aggregate)
		mh_json_put_u64(put, object, "repetition_index", row->repetition);
	mh_json_put_u64(put, object, "threads", row->instance->threads);
	if (row->aggregate) {
		mh_json_put_text(put, object, "aggregate_name", row->aggregate);
		mh_json_put_text(put, object, "aggregate_unit", row->is_share ? "percentage" : "time");
	}
}

static void put_doubts(const struct mh_row *row, struct mh_json_put *put, json_t *object)
{
	if (row->aggregate)
		return;
	mh_json_put_u64(put, object, "samples", row->samples);
	mh_json_put_u64(put, object, "samples_retaken", row->retaken);
	mh_json_put_u64(put, object, "samples_preempted", row->preempted);
	mh_json_put_u64(put, object, "clock_stepped_back", row->stepped_back);
	mh_json_put_double(put, object, "core_ghz", row->ghz);
	mh_json_put_double(put, object, "empty_loop_ns", row->loop_ns);
	mh_json_put_bool(put, object, "core_shared", row->core & MH_CORE_SHARED);
	mh_json_put_bool(put, object, "frequency_changed", row->core & MH_CORE_FREQUENCY);
	mh_json_put_bool(put, object, "no_body", row->no_body);
}

static void put_measured(const struct mh_row *row, struct mh_json_put *put, json_t *object)
{
	mh_json_put_u64(put, object, "iterations", row->iterations);
	mh_json_put_double(put, object, "real_time", row->real);
	mh_json_put_double(put, object, "cpu_time", row->cpu);
	mh_json_put_text(put, object, "time_unit", row->unit->name);
	for (unsigned i = 0; i < row->counters.count; i++)
		mh_json_put_double(put, object, row->counters.items[i].name, row->counters.items[i].value);
	if (*row->label)
		mh_json_put_text(put, object, "label", row->label);
	put_doubts(row, put, object);
}

static void print_row(struct mh_sink *sink, const struct mh_row *row)
{
	struct mh_json_put put = {0};
	json_t *root = json_object();

	put.failed = !root;
	put_identity(row, &put, root);
	if (row->skipped[0]) {
		mh_json_put_bool(&put, root, "error_occurred", true);
		mh_json_put_text(&put, root, "error_message", row->skipped);
	}
	put_measured(row, &put, root);
	fputs(sink->row_count ? ",\n    " : "\n    ", sink->stream);
	print_object(sink, root, &put);
}

static void put_ratio(const struct mh_ratio_line *line, struct mh_json_put *put, json_t *object)
{
	mh_json_put_double(put, object, "ratio", line->ratio.median);
	mh_json_put_double(put, object, "quartile_low", line->ratio.low);
	mh_json_put_double(put, object, "quartile_high", line->ratio.high);
	if (line->interval.attained) {
		mh_json_put_double(put, object, "confidence", MH_RATIO_CONFIDENCE);
		mh_json_put_double(put, object, "lower", line->interval.lower);
		mh_json_put_double(put, object, "upper", line->interval.upper);
	}
	mh_json_put_double(put, object, "candidate_ns", line->candidate_ns);
	mh_json_put_double(put, object, "base_ns", line->base_ns);
	mh_json_put_u64(put, object, "rounds", line->rounds);
	mh_json_put_u64(put, object, "samples_retaken", line->retaken);
	mh_json_put_u64(put, object, "samples_preempted", line->preempted);
	mh_json_put_u64(put, object, "rounds_retaken", line->shared_again);
	mh_json_put_u64(put, object, "rounds_shared", line->shared);
	mh_json_put_u64(put, object, "rounds_frequency_changed", line->frequency_changes);
	mh_json_put_u64(put, object, "clock_stepped_back", line->stepped_back);
	mh_json_put_double(put, object, "core_ghz_min", line->ghz_min);
	mh_json_put_double(put, object, "core_ghz_max", line->ghz_max);
}

static void print_ratio(struct mh_sink *sink, const struct mh_ratio_line *line)
{
	struct mh_json_put put = {0};
	json_t *root = json_object();

	put.failed = !root;
	mh_json_put_text(&put, root, "candidate", line->candidate);
	mh_json_put_text(&put, root, "base", line->base);
	if (line->skipped)
		mh_json_put_text(&put, root, "skipped", line->skipped);
	else
		put_ratio(line, &put, root);
	fputs(sink->ratio_count ? ",\n    "
	      : sink->row_count ? "\n  ],\n  \"ratios\": [\n    "
				: "],\n  \"ratios\": [\n    ",
	      sink->stream);
	print_object(sink, root, &put);
}

static void end(struct mh_sink *sink)
{
	fputs(sink->row_count || sink->ratio_count ? "\n  ]\n}\n" : "]\n}\n", sink->stream);
}

const struct mh_sink_format mh_sink_json = {begin, print_row, print_ratio, end};
