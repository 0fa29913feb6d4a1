/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "results/report/timeline.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "results/hlog.h"

/* Adds @values; what has another layout is left out. 0 or -ENOMEM. */
static int add_values(struct mh_timeline *timeline, struct mh_histogram *to, const struct mh_histogram *values)
{
	struct mh_histogram_layout layout = mh_histogram_layout(values);

	if (!to->counts && mh_histogram_init(to, &layout) < 0) {
		*to = (struct mh_histogram){.counts = NULL};
		return -ENOMEM;
	}
	timeline->left_out += mh_histogram_merge(to, values) < 0;
	return 0;
}

/* The column @from goes into @to, which stands before it. */
static int fold_pair(struct mh_timeline *timeline, struct mh_timeline_column *to, struct mh_timeline_column *from)
{
	int ret = 0;

	to->end_s = from->end_s;
	if (!to->values.counts)
		to->values = from->values;
	else if (from->values.counts) {
		ret = add_values(timeline, &to->values, &from->values);
		mh_histogram_release(&from->values);
	}
	from->values = (struct mh_histogram){.counts = NULL};
	return ret;
}

/* Half as many columns: the neighbours 2 i and 2 i + 1 become i. */
static int fold(struct mh_timeline *timeline)
{
	struct mh_timeline_column *columns = timeline->columns;
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < MH_TIMELINE_COLUMNS / 2; i++) {
		ret = fold_pair(timeline, &columns[2 * i], &columns[2 * i + 1]);
		if (i == 0)
			continue;
		columns[i] = columns[2 * i];
		columns[2 * i].values = (struct mh_histogram){.counts = NULL};
	}
	timeline->count = MH_TIMELINE_COLUMNS / 2;
	timeline->each *= 2;
	timeline->filled = timeline->each;
	return ret;
}

/* The column that the next interval goes into; NULL: no memory. */
static struct mh_timeline_column *next_column(struct mh_timeline *timeline, const struct mh_hlog_line *line)
{
	struct mh_timeline_column *column;

	if (timeline->filled == timeline->each && timeline->count == MH_TIMELINE_COLUMNS && fold(timeline) < 0)
		return NULL;
	if (timeline->count == 0 || timeline->filled == timeline->each) {
		column = &timeline->columns[timeline->count++];
		column->begin_s = line->start_s;
		timeline->filled = 0;
	}
	column = &timeline->columns[timeline->count - 1];
	column->end_s = line->start_s + line->length_s;
	timeline->filled++;
	return column;
}

/* A time that another tool has made up, or that goes back, has no place on the axis. */
static bool has_place(const struct mh_timeline *timeline, const struct mh_hlog_line *line)
{
	return line->start_s >= 0 && line->length_s > 0 && isfinite(line->start_s + line->length_s) &&
	       line->start_s + line->length_s > mh_timeline_end_s(timeline);
}

static int add_interval(struct mh_timeline *timeline, const struct mh_hlog_line *line)
{
	struct mh_timeline_column *column;

	if (!has_place(timeline, line)) {
		timeline->left_out++;
		return 0;
	}
	column = next_column(timeline, line);
	if (!column)
		return -ENOMEM;
	return line->histogram.count ? add_values(timeline, &column->values, &line->histogram) : 0;
}

static int read_intervals(struct mh_hlog_reader *reader, struct mh_timeline *timeline, struct mh_error *reterr)
{
	int ret;

	while ((ret = mh_hlog_read_next(reader, reterr)) == 1) {
		if (reader->line.tag[0]) /* a series; the untagged line is the interval's response */
			continue;
		ret = add_interval(timeline, &reader->line);
		if (ret < 0)
			return mh_error_set(reterr, ret, "no memory for the intervals");
	}
	return ret;
}

int mh_timeline_read(const char *path, struct mh_timeline *ret_timeline, struct mh_error *reterr)
{
	struct mh_timeline timeline = {.each = 1, .broken = MH_TEXT_INIT};
	struct mh_hlog_reader reader;
	int ret = mh_hlog_read_open(&reader, path, reterr);

	if (ret < 0)
		return ret;
	ret = read_intervals(&reader, &timeline, reterr);
	mh_hlog_read_close(&reader);
	if (ret == -ENOMEM) {
		mh_timeline_release(&timeline);
		return ret;
	}
	if (ret < 0)
		mh_text_add(&timeline.broken, "%s", reterr->text);
	*ret_timeline = timeline;
	return 0;
}

void mh_timeline_release(struct mh_timeline *timeline)
{
	for (size_t i = 0; i < MH_TIMELINE_COLUMNS; i++)
		mh_histogram_release(&timeline->columns[i].values);
	mh_text_release(&timeline->broken);
}

double mh_timeline_end_s(const struct mh_timeline *timeline)
{
	return timeline->count ? timeline->columns[timeline->count - 1].end_s : 0;
}

bool mh_timeline_is_empty(const struct mh_timeline *timeline)
{
	for (size_t i = 0; i < timeline->count; i++)
		if (timeline->columns[i].values.counts)
			return false;
	return true;
}
