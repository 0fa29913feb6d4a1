/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes an interval log. A line is built whole before it goes to the stream, and the stream is flushed at the end of
 * an interval: what a killed run leaves ends with a whole line, or with one that readers drop.
 */
#include "results/hlog.h"

#include <errno.h>
#include <inttypes.h>

#include "results/hlog_text.h"

int mh_hlog_open(struct mh_hlog *log, const char *path, const char *version, uint64_t start_unix_ns,
		 struct mh_error *reterr)
{
	*log = (struct mh_hlog){.line = MH_TEXT_INIT, .start_unix_ns = start_unix_ns};
	int ret = mh_stream_open(&log->stream, path, reterr);

	if (ret < 0)
		return ret;
	mh_hlog_text_header(&log->line, version, start_unix_ns);
	mh_stream_write(&log->stream, log->line.data, log->line.length);
	ret = log->line.failed ? mh_error_set(reterr, -ENOMEM, "no memory for the header of the interval log")
			       : mh_hlog_flush(log, reterr);
	if (ret < 0)
		(void)mh_hlog_close(log, NULL);
	return ret;
}

static int check_line(const struct mh_hlog *log, const char *tag, uint64_t begin_ns, uint64_t end_ns,
		      struct mh_error *reterr)
{
	if (tag && !mh_tag_is_valid(tag))
		return mh_error_set(reterr, -EINVAL, "'%s' cannot be the tag of an interval", tag);
	if (tag && !log->interval_open)
		return mh_error_set(reterr, -EINVAL, "the first line of an interval has no tag, but there is '%s'",
				    tag);
	if (!tag && log->interval_open)
		return mh_error_set(reterr, -EINVAL, "an interval has one line without a tag, not two");
	if (end_ns < begin_ns)
		return mh_error_set(reterr, -EINVAL, "an interval ends at %" PRIu64 " ns, before it begins at %" PRIu64,
				    end_ns, begin_ns);
	return 0;
}

int mh_hlog_add(struct mh_hlog *log, const char *tag, uint64_t begin_ns, uint64_t end_ns,
		const struct mh_histogram *histogram, struct mh_error *reterr)
{
	int ret = check_line(log, tag, begin_ns, end_ns, reterr);

	if (ret < 0)
		return ret;
	mh_text_clear(&log->line);
	ret = mh_hlog_text_line(&log->line, tag, begin_ns, end_ns - begin_ns, histogram, reterr);
	if (ret < 0)
		return ret;
	mh_stream_write(&log->stream, log->line.data, log->line.length);
	log->interval_open = true;
	return 0;
}

int mh_hlog_flush(struct mh_hlog *log, struct mh_error *reterr)
{
	log->interval_open = false;
	return mh_stream_flush(&log->stream, reterr);
}

int mh_hlog_close(struct mh_hlog *log, struct mh_error *reterr)
{
	mh_text_release(&log->line);
	return mh_stream_close(&log->stream, reterr);
}
