/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The events of a trace, as text: times have three decimals of a microsecond, which a double could not promise. */
#include "results/export/trace.h"

#include <inttypes.h>
#include <stdlib.h>

#include "results/export/escape.h"

/* The earlier first, then the longer: what encloses stands before what it encloses. */
static int compare(const void *a, const void *b)
{
	const struct mh_slice *left = a, *right = b;

	if (left->begin_ns != right->begin_ns)
		return left->begin_ns < right->begin_ns ? -1 : 1;
	return (left->end_ns < right->end_ns) - (left->end_ns > right->end_ns);
}

void mh_slices_nest(struct mh_slice *slices, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (slices[i].end_ns < slices[i].begin_ns)
			slices[i].end_ns = slices[i].begin_ns;
	if (count)
		qsort(slices, count, sizeof(*slices), compare);
	for (size_t i = 0; i < count; i++) {
		const struct mh_slice *around = i ? &slices[i - 1] : NULL;

		while (around && around->end_ns <= slices[i].begin_ns)
			around = around->around;
		slices[i].around = around;
		if (around && slices[i].end_ns > around->end_ns)
			slices[i].end_ns = around->end_ns;
	}
}

void mh_trace_open(struct mh_trace_text *trace, struct mh_text *text)
{
	*trace = (struct mh_trace_text){.text = text};
	mh_text_add(text, "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n");
}

void mh_trace_close(struct mh_trace_text *trace)
{
	mh_text_add(trace->text, "\n]}\n");
}

static void begin(struct mh_trace_text *trace, const char *phase, unsigned pid, unsigned tid, const char *name)
{
	mh_text_add(trace->text, "%s{\"ph\":\"%s\",\"pid\":%u,\"tid\":%u,\"name\":", trace->count ? ",\n" : "", phase,
		    pid, tid);
	mh_escape_json(trace->text, name);
	trace->count++;
}

static void add_us(struct mh_trace_text *trace, const char *key, uint64_t ns)
{
	mh_text_add(trace->text, ",\"%s\":%" PRIu64 ".%03" PRIu64, key, ns / 1000, ns % 1000);
}

static void open_args(struct mh_trace_text *trace)
{
	mh_text_add(trace->text, ",\"args\":{");
}

void mh_trace_slice(struct mh_trace_text *trace, unsigned pid, unsigned tid, const struct mh_slice *slice)
{
	begin(trace, "X", pid, tid, slice->name);
	mh_text_add(trace->text, ",\"cat\":");
	mh_escape_json(trace->text, slice->category);
	add_us(trace, "ts", slice->begin_ns);
	add_us(trace, "dur", slice->end_ns - slice->begin_ns);
	open_args(trace);
}

void mh_trace_instant(struct mh_trace_text *trace, unsigned pid, unsigned tid, uint64_t at_ns, const char *name)
{
	begin(trace, "i", pid, tid, name);
	mh_text_add(trace->text, ",\"s\":\"t\",\"cat\":\"fault\"");
	add_us(trace, "ts", at_ns);
	open_args(trace);
}

void mh_trace_counter(struct mh_trace_text *trace, unsigned pid, uint64_t at_ns, const char *name, uint64_t value)
{
	begin(trace, "C", pid, 0, name);
	add_us(trace, "ts", at_ns);
	open_args(trace);
	mh_text_add(trace->text, "\"count\":%" PRIu64, value);
	mh_trace_end(trace);
}

void mh_trace_name(struct mh_trace_text *trace, unsigned pid, unsigned tid, const char *what, const char *name)
{
	begin(trace, "M", pid, tid, what);
	open_args(trace);
	mh_trace_text_arg(trace, "name", name);
	mh_trace_end(trace);
}

/* A comma between members; none behind the brace that opens them. */
static void part(struct mh_trace_text *trace, const char *key)
{
	struct mh_text *text = trace->text;

	if (text->length && text->data[text->length - 1] != '{')
		mh_text_append(text, ",", 1);
	mh_text_add(text, "\"%s\":", key);
}

void mh_trace_text_arg(struct mh_trace_text *trace, const char *key, const char *value)
{
	if (!value)
		return;
	part(trace, key);
	mh_escape_json(trace->text, value);
}

void mh_trace_number_arg(struct mh_trace_text *trace, const char *key, int64_t value)
{
	part(trace, key);
	mh_text_add(trace->text, "%" PRId64, value);
}

void mh_trace_end(struct mh_trace_text *trace)
{
	mh_text_add(trace->text, "}}");
}
