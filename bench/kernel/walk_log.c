/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/walk_log.h"

#include <errno.h>
#include <string.h>

void mh_kernel_walk_log_init(struct mh_kernel_walk_log *log, const struct mh_protocol *protocol, int tid)
{
	*log = (struct mh_kernel_walk_log){.protocol = protocol, .tid = tid, .rest = MH_TEXT_INIT};
}

void mh_kernel_walk_log_release(struct mh_kernel_walk_log *log)
{
	mh_text_release(&log->rest);
}

void mh_kernel_walk_log_clear(struct mh_kernel_walk_log *log)
{
	log->count = 0;
}

static struct mh_kernel_walk *running(struct mh_kernel_walk_log *log)
{
	if (!log->count || log->walks[log->count - 1].returned)
		return NULL;
	return &log->walks[log->count - 1];
}

/* The kernel leaves the nids of these two as they happened to be. */
static bool has_nids(const struct mh_kernel_walk *walk)
{
	return walk->event != MH_PREPARE_ONLINE && walk->event != MH_FINISH_OFFLINE;
}

static int begin_walk(struct mh_kernel_walk_log *log, const struct mh_kernel_line *line, struct mh_error *reterr)
{
	int event = mh_protocol_event(log->protocol, line->node, line->action);
	struct mh_kernel_walk *walk;

	if (event < 0)
		return mh_error_set(
			reterr, -EPROTO, "the trace shows event %llu on the %s chain, which Linux %s does not have",
			(unsigned long long)line->action, line->node ? "node" : "memory", log->protocol->name);
	if (running(log))
		return mh_error_set(reterr, -EPROTO, "the trace shows %s within the walk of %s",
				    mh_event_kernel_names[event], mh_event_kernel_names[running(log)->event]);
	if (log->count == MH_KERNEL_WALKS_MAX) {
		log->cut++;
		return 0;
	}
	walk = &log->walks[log->count++];
	*walk = (struct mh_kernel_walk){
		.event = (enum mh_event)event,
		.start_pfn = line->start_pfn,
		.nr_pages = line->nr_pages,
		.nid_normal = line->node ? INT32_MIN : line->nid_normal,
		.nid = line->nid,
		.begin_ns = line->time_ns,
	};
	if (!has_nids(walk))
		walk->nid = walk->nid_normal = INT32_MIN;
	return 0;
}

static int end_walk(struct mh_kernel_walk_log *log, const struct mh_kernel_line *line, struct mh_error *reterr)
{
	struct mh_kernel_walk *walk = running(log);

	if (!walk && log->cut)
		return 0;
	if (!walk || mh_event_is_node(walk->event) != line->node)
		return mh_error_set(reterr, -EPROTO, "the trace shows a walk of the %s chain end that did not begin",
				    line->node ? "node" : "memory");
	walk->returned = true;
	walk->value = line->value;
	walk->end_ns = line->time_ns;
	return 0;
}

static int take_line(struct mh_kernel_walk_log *log, const char *text, struct mh_error *reterr)
{
	struct mh_kernel_line line;
	int ret = mh_kernel_line_parse(text, &line, reterr);

	if (ret < 0 || line.kind == MH_KERNEL_LINE_OTHER)
		return ret;
	if (log->see && (line.kind == MH_KERNEL_LINE_LOST || line.tid == log->tid))
		log->see(log->see_data, &line);
	if (line.kind == MH_KERNEL_LINE_CALL || line.kind == MH_KERNEL_LINE_CALLED)
		return 0;
	if (line.kind == MH_KERNEL_LINE_LOST) {
		log->lost += line.lost ? line.lost : 1;
		return 0;
	}
	if (line.tid != log->tid) {
		log->others += line.kind == MH_KERNEL_LINE_BEGIN;
		return 0;
	}
	return line.kind == MH_KERNEL_LINE_BEGIN ? begin_walk(log, &line, reterr) : end_walk(log, &line, reterr);
}

int mh_kernel_walk_log_feed(struct mh_kernel_walk_log *log, const char *text, size_t length, struct mh_error *reterr)
{
	int ret = 0;

	while (length) {
		const char *newline = memchr(text, '\n', length);
		size_t part = newline ? (size_t)(newline - text) : length;
		int line_ret;

		mh_text_append(&log->rest, text, part);
		if (log->rest.failed)
			return mh_error_set(reterr, -ENOMEM, "no memory for a line of the trace");
		if (!newline)
			break;
		line_ret = take_line(log, log->rest.data, ret == 0 ? reterr : NULL);
		ret = ret == 0 ? line_ret : ret;
		mh_text_clear(&log->rest);
		text += part + 1;
		length -= part + 1;
	}
	return ret;
}

void mh_kernel_walks_show(const struct mh_kernel_walk *walks, unsigned count, struct mh_text *text)
{
	if (!count)
		mh_text_add(text, "nothing");
	for (unsigned i = 0; i < count; i++)
		mh_text_add(text, "%s%s", i ? " " : "", mh_event_kernel_names[walks[i].event]);
}
