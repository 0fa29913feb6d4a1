/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where workers keep what they write, small and large, made one worker after the other: no line of two workers. */
#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/line.h"
#include "bench/engine/worker.h"

#define WORKERS    3
#define PIECES_MAX 16
#define STAMPS     7
#define SERIES     5
#define EXEMPLARS  2

struct piece {
	const char *what;
	uintptr_t first, last; /* lines */
};

struct writer {
	struct mh_trace trace;
	struct mh_exemplars exemplars;
	struct mh_history history;
	struct mh_recorder recorder;
	struct piece pieces[PIECES_MAX];
	unsigned count;
};

static void add(struct writer *writer, const char *what, const void *memory, size_t size)
{
	cr_assert_lt(writer->count, PIECES_MAX);
	cr_assert(memory, "%s", what);
	writer->pieces[writer->count++] =
		(struct piece){what, (uintptr_t)memory / MH_LINE_BYTES, ((uintptr_t)memory + size - 1) / MH_LINE_BYTES};
}

static void open_writer(struct writer *writer, const struct mh_series_table *table)
{
	struct mh_peaks *peaks = &writer->exemplars.peaks;
	struct mh_error error;

	cr_assert_eq(mh_trace_init(&writer->trace, STAMPS, MH_STAMPS_NONE, NULL), 0);
	add(writer, "stamps", writer->trace.stamps, STAMPS * sizeof(writer->trace.stamps[0]));
	cr_assert_eq(mh_recorder_init(&writer->recorder, table, &error), 0);
	for (unsigned i = 0; i < 2; i++) {
		add(writer, "histograms", writer->recorder.sets[i].histograms, SERIES * sizeof(struct mh_histogram));
		add(writer, "counts", writer->recorder.sets[i].memory, writer->recorder.sets[i].bytes);
	}
	cr_assert_eq(mh_history_init(&writer->history, 1), 0);
	add(writer, "operations", writer->history.operations,
	    writer->history.operation_size * sizeof(writer->history.operations[0]));
	add(writer, "calls", writer->history.calls, writer->history.call_size * sizeof(writer->history.calls[0]));
	cr_assert_eq(mh_exemplars_init(&writer->exemplars, EXEMPLARS, SERIES), 0);
	add(writer, "exemplars", writer->exemplars.items, EXEMPLARS * sizeof(writer->exemplars.items[0]));
	add(writer, "exemplars of series", writer->exemplars.of_series, SERIES * sizeof(struct mh_exemplar));
	add(writer, "longest", peaks->longest_ns, SERIES * sizeof(peaks->longest_ns[0]));
	add(writer, "noted", peaks->noted, SERIES * sizeof(peaks->noted[0]));
}

static void close_writer(struct writer *writer)
{
	mh_exemplars_release(&writer->exemplars);
	mh_history_release(&writer->history);
	mh_recorder_release(&writer->recorder);
	mh_trace_release(&writer->trace);
}

static void expect_apart(const struct writer *a, const struct writer *b)
{
	for (unsigned i = 0; i < a->count; i++)
		for (unsigned k = 0; k < b->count; k++)
			cr_expect(a->pieces[i].first > b->pieces[k].last || b->pieces[k].first > a->pieces[i].last,
				  "%s of one worker and %s of another share a line", a->pieces[i].what,
				  b->pieces[k].what);
}

Test(worker_line, is_never_of_two_workers)
{
	static struct writer writers[WORKERS];
	struct mh_series_table table;
	struct mh_error error;

	mh_series_table_init(&table, 1000000);
	for (unsigned i = 0; i < SERIES; i++) {
		const char name[] = {(char)('a' + i), '\0'};

		cr_assert_geq(mh_series_table_add(&table, name, 1, &error), 0);
	}
	for (unsigned i = 0; i < WORKERS; i++)
		open_writer(&writers[i], &table);
	for (unsigned i = 0; i < WORKERS; i++)
		for (unsigned k = 0; k < i; k++)
			expect_apart(&writers[i], &writers[k]);
	for (unsigned i = 0; i < WORKERS; i++)
		close_writer(&writers[i]);
	mh_series_table_release(&table);
}
