/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Building the JSON that Chrome's and Perfetto's trace viewers read. */
#ifndef RESULTS_EXPORT_TRACE_H
#define RESULTS_EXPORT_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* A stretch of time on a track. On one track they nest or are apart: mh_slices_nest() makes it so. */
struct mh_slice {
	uint64_t begin_ns, end_ns;
	const char *name, *category;
	const void *of;                /* the caller's */
	const struct mh_slice *around; /* set by mh_slices_nest(): the one that it lies in; NULL: none */
};

/**
 * mh_slices_nest - order slices as a viewer wants them, and clip what would overlap
 *
 * After it the earlier comes first, of those that begin together the longer, and each ends within the one that it
 * begins in. A slice that nothing is left of stays, with no length.
 */
void mh_slices_nest(struct mh_slice *slices, size_t count);

struct mh_trace_text {
	struct mh_text *text;
	size_t count; /* of events so far */
};

void mh_trace_open(struct mh_trace_text *trace, struct mh_text *text);
void mh_trace_close(struct mh_trace_text *trace);

/* An event up to its args, "args":{ open: the caller adds members and mh_trace_end(). */
void mh_trace_slice(struct mh_trace_text *trace, unsigned pid, unsigned tid, const struct mh_slice *slice);
void mh_trace_instant(struct mh_trace_text *trace, unsigned pid, unsigned tid, uint64_t at_ns, const char *name);
void mh_trace_counter(struct mh_trace_text *trace, unsigned pid, uint64_t at_ns, const char *name, uint64_t value);
/* "process_name" or "thread_name". */
void mh_trace_name(struct mh_trace_text *trace, unsigned pid, unsigned tid, const char *what, const char *name);
/* @value: NULL leaves the member out. */
void mh_trace_text_arg(struct mh_trace_text *trace, const char *key, const char *value);
void mh_trace_number_arg(struct mh_trace_text *trace, const char *key, int64_t value);
void mh_trace_end(struct mh_trace_text *trace);

#endif
