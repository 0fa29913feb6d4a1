/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/micro/sink.h"

static void flush(struct mh_sink *sink)
{
	if (fflush(sink->stream) != 0 || ferror(sink->stream))
		sink->failed = true;
}

void mh_sink_begin(struct mh_sink *sink, const struct mh_micro_context *context)
{
	sink->format->begin(sink, context);
	flush(sink);
}

/* A row that was skipped is shown in any case: else nobody would know. */
void mh_sink_row(struct mh_sink *sink, const struct mh_row *row)
{
	if (sink->aggregates_only && !row->aggregate && row->repetitions > 1 && !row->skipped[0])
		return;
	sink->format->row(sink, row);
	sink->row_count++;
	flush(sink);
}

void mh_sink_ratio(struct mh_sink *sink, const struct mh_ratio_line *line)
{
	sink->format->ratio(sink, line);
	sink->ratio_count++;
	flush(sink);
}

void mh_sink_end(struct mh_sink *sink)
{
	sink->format->end(sink);
	flush(sink);
}
