/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads an interval log, ours or another tool's: comments and the legend are passed over wherever they stand, StartTime
 * is kept, each other line must be whole and right.
 */
#include "results/hlog.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "results/decimal.h"
#include "results/encode.h"

#define START_TIME "#[StartTime: "

int mh_hlog_read_open(struct mh_hlog_reader *reader, const char *path, struct mh_error *reterr)
{
	*reader = (struct mh_hlog_reader){0};
	return mh_file_read(path, MH_HLOG_FILE_SIZE_MAX, &reader->data, &reader->size, reterr);
}

void mh_hlog_read_close(struct mh_hlog_reader *reader)
{
	mh_histogram_release(&reader->line.histogram);
	free(reader->data);
	*reader = (struct mh_hlog_reader){0};
}

/* The field up to the next comma or the end; moves @at behind the comma. */
static void next_field(const char **at, const char *end, const char **ret_field, size_t *ret_length)
{
	const char *comma = memchr(*at, ',', (size_t)(end - *at));

	*ret_field = *at;
	*ret_length = (size_t)((comma ? comma : end) - *at);
	*at = comma ? comma + 1 : end;
}

static int line_error(const struct mh_hlog_reader *reader, const char *what, struct mh_error *reterr)
{
	return mh_error_set(reterr, -EINVAL, "line %zu of the interval log: %s", reader->line_number, what);
}

/* "Tag=NAME," in front of a line, if it is there. */
static int read_tag(struct mh_hlog_reader *reader, const char **at, const char *end, struct mh_error *reterr)
{
	const char *field;
	size_t length;

	reader->line.tag[0] = '\0';
	if (end - *at < 4 || memcmp(*at, "Tag=", 4) != 0)
		return 0;
	next_field(at, end, &field, &length);
	if (length - 4 > MH_TAG_MAX)
		return line_error(reader, "the tag is too long", reterr);
	memcpy(reader->line.tag, field + 4, length - 4);
	reader->line.tag[length - 4] = '\0';
	return mh_tag_is_valid(reader->line.tag) ? 0 : line_error(reader, "the tag is no name", reterr);
}

static int read_line(struct mh_hlog_reader *reader, const char *at, const char *end, struct mh_error *reterr)
{
	struct mh_hlog_line *line = &reader->line;
	double *numbers[] = {&line->start_s, &line->length_s, &line->max_ms};
	struct mh_error why;
	const char *field;
	size_t length;
	int ret = read_tag(reader, &at, end, reterr);

	for (unsigned i = 0; ret == 0 && i < 3; i++) {
		next_field(&at, end, &field, &length);
		if (mh_decimal_parse(field, length, numbers[i]) < 0)
			ret = line_error(reader, "three numbers and a histogram were expected", reterr);
	}
	if (ret < 0)
		return ret;
	mh_histogram_release(&line->histogram);
	ret = mh_histogram_decode(at, (size_t)(end - at), &line->histogram, &why);
	if (ret < 0)
		mh_error_set(reterr, ret, "line %zu of the interval log: %s", reader->line_number, why.text);
	return ret;
}

static void read_comment(struct mh_hlog_reader *reader, const char *at, const char *end)
{
	size_t prefix = sizeof(START_TIME) - 1;
	double seconds;

	if ((size_t)(end - at) < prefix || memcmp(at, START_TIME, prefix) != 0)
		return;
	at += prefix;
	const char *blank = memchr(at, ' ', (size_t)(end - at));

	if (blank && mh_decimal_parse(at, (size_t)(blank - at), &seconds) == 0)
		reader->start_time_s = seconds;
}

int mh_hlog_read_next(struct mh_hlog_reader *reader, struct mh_error *reterr)
{
	while (reader->at < reader->size) {
		const char *at = reader->data + reader->at;
		const char *end = memchr(at, '\n', reader->size - reader->at);

		if (!end)
			break; /* cut off by the end of its writer */
		reader->at += (size_t)(end - at) + 1;
		reader->line_number++;
		if (end > at && end[-1] == '\r')
			end--;
		if (*at == '#') {
			read_comment(reader, at, end);
		} else if (end > at && *at != '"') {
			int ret = read_line(reader, at, end, reterr);

			return ret < 0 ? ret : 1;
		}
	}
	return 0;
}
