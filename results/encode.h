/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Histograms as text: HdrHistogram's V2 compressed encoding in base64, the form of `hist` in run.json and of .hlog.
 * Reads V0 and V1, too, compressed or not. What was read is never believed: each length is held against what is there.
 *
 * The encoding keeps the buckets only: overflowed values are not in it, and min, max and sum come back rounded to
 * buckets. Whoever needs them exactly keeps them beside it.
 */
#ifndef RESULTS_ENCODE_H
#define RESULTS_ENCODE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "results/histogram.h"

#define MH_ENCODED_TEXT_MAX   (32u << 20) /* characters of base64 that are looked at */
#define MH_DECODED_COUNTS_MAX (64u << 20) /* bytes of counts that a foreign layout may ask for: 5 digits to 2^62 */

/* Appends the base64 text of @histogram. 0; -ENOMEM (also -EOVERFLOW: a count above 2^63 - 1). */
int mh_histogram_encode(const struct mh_histogram *histogram, struct mh_text *text, struct mh_error *reterr);

/**
 * mh_histogram_decode - read a base64 text
 * @ret_histogram: to be released; min, max and sum from the middles and edges of the buckets
 *
 * Return: 0; -EINVAL not base64, not a histogram, lengths that do not agree, zero-runs or counts beyond the layout;
 * -EFBIG beyond the bounds above; -EOVERFLOW counts beyond 64 bits together; -ENOMEM; each with a sentence.
 */
int mh_histogram_decode(const char *text, size_t length, struct mh_histogram *ret_histogram, struct mh_error *reterr);

/* RFC 4648 base64 with padding. */
void mh_base64_encode(const void *data, size_t size, struct mh_text *text);
/* @ret_data: malloc'ed. -EINVAL: a foreign character, wrong padding, stray bits; -ENOMEM. Nothing is skipped. */
int mh_base64_decode(const char *text, size_t length, unsigned char **ret_data, size_t *ret_size);

#endif
