/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A histogram's text. Base64 and zlib keep a mutation from reaching what they wrap, so the bytes are taken twice: as
 * the text, and as what the text would be decoded to.
 */
#include "results/encode.h"

#include "tests/fuzz/fuzz.h"

#define ROUND_TRIP_BUCKETS_MAX (1u << 16) /* beyond, it takes longer than it finds */

/* What was read is written and read again: buckets, and so all that is made from them, stay. Counts above the highest
 * value are read as overflow, which is not written. */
static void round_trip(const struct mh_histogram *histogram)
{
	struct mh_text text = MH_TEXT_INIT;
	struct mh_histogram again;
	struct mh_error error;
	int ret = mh_histogram_encode(histogram, &text, &error);

	MH_ASSERT(ret == 0);
	ret = mh_histogram_decode(text.data, text.length, &again, &error);
	MH_ASSERT(ret == 0);
	MH_ASSERT(mh_histogram_equal(histogram, &again));
	mh_histogram_release(&again);
	mh_text_release(&text);
}

static void read_text(const char *text, size_t length)
{
	struct mh_histogram histogram;
	struct mh_error error;

	if (mh_histogram_decode(text, length, &histogram, &error) < 0)
		return;
	MH_ASSERT(mh_histogram_percentile(&histogram, 50) <= mh_histogram_percentile(&histogram, 100));
	if (!histogram.overflow && histogram.counts_length <= ROUND_TRIP_BUCKETS_MAX)
		round_trip(&histogram);
	mh_histogram_release(&histogram);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mh_text text = MH_TEXT_INIT;

	read_text((const char *)data, size);
	mh_base64_encode(data, size, &text);
	read_text(text.data, text.length);
	mh_text_release(&text);
	return 0;
}
