/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table on a terminal: name, real time, CPU time, iterations, counters. Colour is never the only signal: what it
 * marks is also a word.
 */
#include <string.h>

#include "base/text.h"
#include "bench/micro/sink.h"

#define GREEN  "\033[0;32m"
#define YELLOW "\033[0;33m"
#define CYAN   "\033[0;36m"
#define RED    "\033[0;31m"
#define PLAIN  "\033[m"

#define COLUMN_MIN 10

static const char *colour(const struct mh_sink *sink, const char *code)
{
	return sink->colour ? code : "";
}

static void begin(struct mh_sink *sink, const struct mh_micro_context *context)
{
	(void)sink;
	(void)context; /* stands on stderr */
}

static int column_width(const struct mh_counter *counter)
{
	int length = (int)strlen(counter->name);

	return length < COLUMN_MIN ? COLUMN_MIN : length;
}

static bool same_columns(const struct mh_counters *a, const struct mh_counters *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++)
		if (strcmp(a->items[i].name, b->items[i].name) != 0)
			return false;
	return true;
}

static void print_rule(struct mh_sink *sink, const struct mh_text *line)
{
	for (size_t i = 0; i < line->length; i++)
		fputc('-', sink->stream);
	fputc('\n', sink->stream);
}

/* Above the first row; with columns of counters also above each row that has others. */
static void print_head(struct mh_sink *sink, const struct mh_row *row)
{
	struct mh_text line = MH_TEXT_INIT;

	if (sink->row_count && (!sink->tabular || row->skipped[0] || same_columns(&sink->columns, &row->counters)))
		return;
	sink->columns = row->counters;
	mh_text_add(&line, "%-*s %13s %15s %12s", (int)sink->name_width, "Benchmark", "Time", "CPU", "Iterations");
	for (unsigned i = 0; sink->tabular && i < row->counters.count; i++)
		mh_text_add(&line, " %*s", column_width(&row->counters.items[i]), row->counters.items[i].name);
	if (!sink->tabular && row->counters.count)
		mh_text_add(&line, " Counters");
	print_rule(sink, &line);
	fprintf(sink->stream, "%s\n", line.data);
	print_rule(sink, &line);
	sink->failed |= line.failed;
	mh_text_release(&line);
}

static void add_time(struct mh_text *text, double value)
{
	const double size = value < 0 ? -value : value;

	if (size >= 1e10)
		mh_text_add(text, "%10.3e", value);
	else
		mh_text_add(text, "%10.*f", size < 1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0, value);
}

static void print_time(struct mh_sink *sink, const struct mh_row *row, double value)
{
	struct mh_text text = MH_TEXT_INIT;

	if (row->is_share)
		mh_text_add(&text, "%10.2f %%", value * 100);
	else
		add_time(&text, value);
	fprintf(sink->stream, " %s %-2s", text.data, row->is_share ? "" : row->unit->name);
	mh_text_release(&text);
}

/* "12.3M/s" */
static void add_number(struct mh_text *text, const struct mh_counter *counter, bool is_share)
{
	static const char *const prefixes[] = {"", "k", "M", "G", "T", "P"};
	double value = is_share ? counter->value * 100 : counter->value;
	unsigned step = 0;

	for (; !is_share && (value >= 9999.5 || value <= -9999.5) && step < 5; step++)
		value /= 1000;
	mh_text_add(text, "%.*g%s", step ? 4 : 6, value, is_share ? "%" : prefixes[step]);
	if (counter->flags & MEMHP_BENCH_RATE && !is_share)
		mh_text_add(text, "/s");
}

static void print_counters(struct mh_sink *sink, const struct mh_row *row)
{
	for (unsigned i = 0; i < row->counters.count; i++) {
		const struct mh_counter *counter = &row->counters.items[i];
		struct mh_text text = MH_TEXT_INIT;

		add_number(&text, counter, row->is_share);
		if (sink->tabular)
			fprintf(sink->stream, " %*s", column_width(counter), text.data);
		else
			fprintf(sink->stream, " %s=%s", counter->name, text.data);
		mh_text_release(&text);
	}
}

/* Beside the row, in a word; the sentences are on stderr. */
static void print_doubts(struct mh_sink *sink, const struct mh_row *row)
{
	if (row->aggregate)
		return;
	if (row->preempted)
		fprintf(sink->stream, " preempted=%u/%u", row->preempted, row->samples);
	if (row->no_body)
		fprintf(sink->stream, " no-body");
	if (row->core & MH_CORE_FREQUENCY)
		fprintf(sink->stream, " frequency-changed");
	if (row->core & MH_CORE_SHARED)
		fprintf(sink->stream, " shared-core");
	if (row->stepped_back)
		fprintf(sink->stream, " clock-stepped-back");
}

static void print_row(struct mh_sink *sink, const struct mh_row *row)
{
	struct mh_text name = MH_TEXT_INIT;

	print_head(sink, row);
	mh_row_add_name(row, &name);
	fprintf(sink->stream, "%s%-*s%s", colour(sink, GREEN), (int)sink->name_width, name.data, colour(sink, PLAIN));
	sink->failed |= name.failed;
	mh_text_release(&name);
	if (row->skipped[0]) {
		fprintf(sink->stream, " %sSKIPPED: '%s'%s\n", colour(sink, RED), row->skipped, colour(sink, PLAIN));
		return;
	}
	fputs(colour(sink, YELLOW), sink->stream);
	print_time(sink, row, row->real);
	fputs("  ", sink->stream);
	print_time(sink, row, row->cpu);
	fprintf(sink->stream, "%s%s %12llu%s", colour(sink, PLAIN), colour(sink, CYAN),
		(unsigned long long)row->iterations, colour(sink, PLAIN));
	print_counters(sink, row);
	if (*row->label)
		fprintf(sink->stream, " %s", row->label);
	print_doubts(sink, row);
	fputc('\n', sink->stream);
}

static void print_ratio_doubts(struct mh_sink *sink, const struct mh_ratio_line *line)
{
	if (line->preempted)
		fprintf(sink->stream, " preempted=%u", line->preempted);
	if (line->shared)
		fprintf(sink->stream, " shared-core=%u/%u", line->shared, line->rounds);
	if (line->frequency_changes)
		fprintf(sink->stream, " frequency-changed=%u/%u", line->frequency_changes, line->rounds);
	if (line->stepped_back)
		fprintf(sink->stream, " clock-stepped-back");
	fputc('\n', sink->stream);
}

static void print_ratio(struct mh_sink *sink, const struct mh_ratio_line *line)
{
	if (sink->row_count && !sink->ratio_count)
		fputc('\n', sink->stream);
	fprintf(sink->stream, "%sratio(%s, %s)%s ", colour(sink, GREEN), line->candidate, line->base,
		colour(sink, PLAIN));
	if (line->skipped) {
		fprintf(sink->stream, "%sSKIPPED: '%s'%s\n", colour(sink, RED), line->skipped, colour(sink, PLAIN));
		return;
	}
	fprintf(sink->stream, "%s%.3f%s", colour(sink, YELLOW), line->ratio.median, colour(sink, PLAIN));
	if (line->interval.attained)
		fprintf(sink->stream, "  median within [%.3f, %.3f] at %.0f %%", line->interval.lower,
			line->interval.upper, MH_RATIO_CONFIDENCE * 100);
	fprintf(sink->stream, "  quartiles %.3f %.3f  %.3g / %.3g ns  %u rounds", line->ratio.low, line->ratio.high,
		line->candidate_ns, line->base_ns, line->rounds);
	print_ratio_doubts(sink, line);
}

static void end(struct mh_sink *sink)
{
	(void)sink;
}

const struct mh_sink_format mh_sink_console = {begin, print_row, print_ratio, end};
