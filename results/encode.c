/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Histogram to text: the counts as zig-zag LEB128 numbers with runs of zeros as one negative number, a header in front,
 * zlib around, base64 on top. Source: the HdrHistogram V2 format; the layout of the bytes is in codec.h.
 */
#include "results/encode.h"

#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

#include "results/codec.h"

static void put_u32(struct mh_text *bytes, uint32_t value)
{
	unsigned char out[4] = {(unsigned char)(value >> 24), (unsigned char)(value >> 16), (unsigned char)(value >> 8),
				(unsigned char)value};

	mh_text_append(bytes, (const char *)out, sizeof(out));
}

static void put_u64(struct mh_text *bytes, uint64_t value)
{
	put_u32(bytes, (uint32_t)(value >> 32));
	put_u32(bytes, (uint32_t)value);
}

/* At most 9 bytes: 8 of 7 bits with a flag "more follows", then one of all 8 bits. */
static void put_leb128(struct mh_text *bytes, int64_t value)
{
	uint64_t rest = (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
	unsigned char out[MH_LEB128_MAX];
	size_t length = 0;

	while (rest > 0x7f && length < MH_LEB128_MAX - 1) {
		out[length++] = (unsigned char)(rest | 0x80);
		rest >>= 7;
	}
	out[length++] = (unsigned char)rest;
	mh_text_append(bytes, (const char *)out, length);
}

/* The counts from 0 to the last that is not zero; of an empty histogram that of 0, as other writers do. */
static int put_counts(struct mh_text *bytes, const struct mh_histogram *histogram)
{
	struct mh_histogram_iterator iterator;
	size_t next = 0; /* bucket that would follow without a gap */

	mh_histogram_iterate(&iterator, histogram);
	while (mh_histogram_next(&iterator)) {
		size_t index = iterator.index - 1;

		if (iterator.count > INT64_MAX)
			return -EOVERFLOW;
		if (index > next)
			put_leb128(bytes, -(int64_t)(index - next));
		put_leb128(bytes, (int64_t)iterator.count);
		next = index + 1;
	}
	if (next == 0)
		put_leb128(bytes, -1);
	return 0;
}

static int encode_payload(const struct mh_histogram *histogram, struct mh_text *ret_bytes)
{
	struct mh_text counts = MH_TEXT_INIT;
	int ret = put_counts(&counts, histogram);

	if (ret == 0) {
		put_u32(ret_bytes, MH_COOKIE_V2);
		put_u32(ret_bytes, (uint32_t)counts.length);
		put_u32(ret_bytes, 0); /* normalizing index offset */
		put_u32(ret_bytes, histogram->digits);
		put_u64(ret_bytes, histogram->lowest);
		put_u64(ret_bytes, histogram->highest);
		put_u64(ret_bytes, MH_RATIO_ONE);
		mh_text_append(ret_bytes, counts.data, counts.length);
		if (counts.failed || ret_bytes->failed)
			ret = -ENOMEM;
	}
	mh_text_release(&counts);
	return ret;
}

/* Wraps @payload into a compressed frame and writes it as base64. */
static int encode_frame(const struct mh_text *payload, struct mh_text *text)
{
	uLongf size = compressBound(payload->length);
	Bytef *compressed = malloc(size);
	struct mh_text frame = MH_TEXT_INIT;

	if (!compressed)
		return -ENOMEM;
	int ret = compress2(compressed, &size, (const Bytef *)payload->data, payload->length, Z_DEFAULT_COMPRESSION);

	if (ret == Z_OK) {
		put_u32(&frame, MH_COOKIE_V2_COMPRESSED);
		put_u32(&frame, (uint32_t)size);
		mh_text_append(&frame, (const char *)compressed, size);
		mh_base64_encode(frame.data, frame.length, text);
	}
	bool complete = ret == Z_OK && !frame.failed && !text->failed;

	mh_text_release(&frame);
	free(compressed);
	return complete ? 0 : -ENOMEM;
}

int mh_histogram_encode(const struct mh_histogram *histogram, struct mh_text *text, struct mh_error *reterr)
{
	struct mh_text payload = MH_TEXT_INIT;
	int ret = encode_payload(histogram, &payload);

	if (ret == 0)
		ret = encode_frame(&payload, text);
	mh_text_release(&payload);
	if (ret == -EOVERFLOW)
		return mh_error_set(reterr, ret, "a bucket holds more than 2^63 - 1 values: the format cannot say so");
	if (ret < 0)
		return mh_error_set(reterr, ret, "no memory to encode a histogram");
	return 0;
}
