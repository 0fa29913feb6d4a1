/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The header and the lines of an interval log as text, for whoever writes one: to a stream as a run goes, or whole. */
#ifndef RESULTS_HLOG_TEXT_H
#define RESULTS_HLOG_TEXT_H

#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "results/histogram.h"

/* Comments and the legend. @start_unix_ns: what the lines' times count from. */
void mh_hlog_text_header(struct mh_text *text, const char *version, uint64_t start_unix_ns);

/**
 * mh_hlog_text_line - one interval of one series
 * @tag: a valid one (tag.h), or NULL
 * @begin_ns: from the start that the header names; a line shorter than 1 ms is written as 1 ms
 *
 * Return: 0; -EOVERFLOW a count that the encoding cannot hold; -ENOMEM.
 */
int mh_hlog_text_line(struct mh_text *text, const char *tag, uint64_t begin_ns, uint64_t length_ns,
		      const struct mh_histogram *histogram, struct mh_error *reterr);

#endif
