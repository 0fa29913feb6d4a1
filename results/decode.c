/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text to histogram. Order: base64, the cookie, the zlib stream up to the end of the header, the layout that the header
 * asks for; only then is it known how long the counts may be, and only so much is inflated. Counts are added to an
 * empty histogram one by one, each index and each sum checked.
 */
#include "results/encode.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "results/codec.h"

/* Bytes that come from a buffer, through zlib where the frame says so. */
struct source {
	bool compressed;
	z_stream stream; /* next_in and avail_in serve the uncompressed case, too */
};

/* What a header says. */
struct header {
	bool leb128;
	unsigned word_size;    /* bytes of a count when not leb128 */
	bool has_length;       /* V0 does not say how many bytes follow */
	size_t payload_length; /* bytes of counts */
	struct mh_histogram_layout layout;
};

static uint32_t get_u32(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static uint64_t get_u64(const unsigned char *bytes)
{
	return (uint64_t)get_u32(bytes) << 32 | get_u32(bytes + 4);
}

static int source_init(struct source *source, const unsigned char *data, size_t size, struct mh_error *reterr)
{
	uint32_t cookie = size >= MH_FRAME_SIZE ? get_u32(data) & ~MH_COOKIE_WORD_MASK : 0;

	*source = (struct source){.stream.next_in = (Bytef *)(uintptr_t)data, .stream.avail_in = (uInt)size};
	if (cookie != MH_COOKIE_V0_COMPRESSED && cookie != MH_COOKIE_V1_COMPRESSED &&
	    cookie != (MH_COOKIE_V2_COMPRESSED & ~MH_COOKIE_WORD_MASK))
		return 0;
	if (get_u32(data + 4) != size - MH_FRAME_SIZE)
		return mh_error_set(reterr, -EINVAL, "a histogram says that %u compressed bytes follow, but %zu do",
				    get_u32(data + 4), size - MH_FRAME_SIZE);
	source->stream.next_in += MH_FRAME_SIZE;
	source->stream.avail_in -= MH_FRAME_SIZE;
	if (inflateInit(&source->stream) != Z_OK)
		return mh_error_set(reterr, -ENOMEM, "no memory to read a histogram");
	source->compressed = true;
	return 0;
}

static void source_release(struct source *source)
{
	if (source->compressed)
		inflateEnd(&source->stream);
}

/* Up to @size bytes; fewer at the end or where the compressed data are broken. */
static size_t source_read(struct source *source, void *buffer, size_t size)
{
	if (!source->compressed) {
		size_t got = size < source->stream.avail_in ? size : source->stream.avail_in;

		memcpy(buffer, source->stream.next_in, got);
		source->stream.next_in += got;
		source->stream.avail_in -= (uInt)got;
		return got;
	}
	source->stream.next_out = buffer;
	source->stream.avail_out = (uInt)size;
	(void)inflate(&source->stream, Z_SYNC_FLUSH); /* how far it came is all that counts */
	return size - source->stream.avail_out;
}

/* True when nothing is left: what follows the counts would be something that we do not understand. */
static bool source_ended(struct source *source)
{
	unsigned char byte;

	return source_read(source, &byte, 1) == 0 && source->stream.avail_in == 0;
}

/* V1 and V2: what follows the cookie. */
static int parse_header(const unsigned char *bytes, struct header *header, struct mh_error *reterr)
{
	uint32_t offset = get_u32(bytes + 8);
	uint64_t ratio = get_u64(bytes + 32);

	/* hdr-histogram-js 3.0.1 writes offset 1 and the ratio as the integer 1, and means 0 and 1.0. */
	if (!(offset == 0 && ratio == MH_RATIO_ONE) && !(offset == 1 && ratio == 1))
		return mh_error_set(reterr, -EINVAL, "a histogram is shifted or scaled, which is not supported");
	header->has_length = true;
	header->payload_length = get_u32(bytes + 4);
	header->layout = (struct mh_histogram_layout){
		.digits = get_u32(bytes + 12),
		.lowest = get_u64(bytes + 16),
		.highest = get_u64(bytes + 24),
	};
	return 0;
}

static void parse_header_v0(const unsigned char *bytes, struct header *header)
{
	header->has_length = false;
	header->layout = (struct mh_histogram_layout){
		.digits = get_u32(bytes + 4),
		.lowest = get_u64(bytes + 8),
		.highest = get_u64(bytes + 16),
	};
}

static int header_read(struct source *source, struct header *header, struct mh_error *reterr)
{
	unsigned char bytes[MH_HEADER_SIZE];

	if (source_read(source, bytes, MH_HEADER_V0_SIZE) != MH_HEADER_V0_SIZE)
		return mh_error_set(reterr, -EINVAL, "a histogram ends within its header");
	uint32_t cookie = get_u32(bytes), base = cookie & ~MH_COOKIE_WORD_MASK;

	header->leb128 = cookie == MH_COOKIE_V2;
	header->word_size = cookie >> 4 & 0xe; /* the lowest bit tells LEB128 */
	if (base == MH_COOKIE_V0) {
		parse_header_v0(bytes, header);
	} else if (base == MH_COOKIE_V1 || header->leb128) {
		size_t rest = MH_HEADER_SIZE - MH_HEADER_V0_SIZE;

		if (source_read(source, bytes + MH_HEADER_V0_SIZE, rest) != rest)
			return mh_error_set(reterr, -EINVAL, "a histogram ends within its header");
		int ret = parse_header(bytes, header, reterr);

		if (ret < 0)
			return ret;
	} else {
		return mh_error_set(reterr, -EINVAL, "not a histogram: it begins with 0x%08x", cookie);
	}
	if (!header->leb128 && header->word_size != 2 && header->word_size != 4 && header->word_size != 8)
		return mh_error_set(reterr, -EINVAL, "a histogram has counts of %u bytes", header->word_size);
	return 0;
}

/* One zig-zag LEB128 number at @at, which is moved behind it; -EINVAL when the bytes end within it. */
static int get_leb128(const unsigned char *bytes, size_t length, size_t *at, int64_t *ret_value)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < MH_LEB128_MAX; i++) {
		if (*at >= length)
			return -EINVAL;
		unsigned char byte = bytes[(*at)++];

		if (i == MH_LEB128_MAX - 1) {
			value |= (uint64_t)byte << 56; /* all eight bits */
			break;
		}
		value |= (uint64_t)(byte & 0x7f) << 7 * i;
		if (!(byte & 0x80))
			break;
	}
	*ret_value = (int64_t)(value >> 1 ^ (0 - (value & 1)));
	return 0;
}

/* Signed, as its writers have it: a narrow one below zero is not a large one. */
static int64_t get_word(const unsigned char *bytes, unsigned size)
{
	const unsigned unused = 64 - 8 * size;
	uint64_t value = 0;

	for (unsigned i = 0; i < size; i++)
		value = value << 8 | bytes[i];
	return (int64_t)(value << unused) >> unused;
}

/* The next number; a negative one is a run of zeros. */
static int next_count(const struct header *header, const unsigned char *bytes, size_t length, size_t *at,
		      int64_t *ret_count)
{
	if (header->leb128)
		return get_leb128(bytes, length, at, ret_count);
	if (length - *at < header->word_size)
		return -EINVAL;
	*ret_count = get_word(bytes + *at, header->word_size);
	*at += header->word_size;
	return *ret_count < 0 ? -EINVAL : 0;
}

/* Adds @count values in the middle of bucket @index. */
static int add_bucket(struct mh_histogram *histogram, size_t index, uint64_t count)
{
	uint64_t lowest = mh_histogram_value_at(histogram, index);
	uint64_t width = mh_histogram_width_at(histogram, index);

	if (index == mh_histogram_index(histogram, histogram->highest) && lowest + width / 2 > histogram->highest)
		return mh_histogram_record_many(histogram, lowest, count);
	return mh_histogram_record_many(histogram, lowest + width / 2, count);
}

/* Only the buckets are known: the least and the greatest value lie at their edges at worst. */
static void widen_extremes(struct mh_histogram *histogram, size_t first, size_t last)
{
	histogram->min = mh_histogram_value_at(histogram, first);
	histogram->max = mh_histogram_value_at(histogram, last) + mh_histogram_width_at(histogram, last) - 1;
	if (histogram->overflow == 0 && histogram->max > histogram->highest)
		histogram->max = histogram->highest;
}

static int add_counts(struct mh_histogram *histogram, const struct header *header, const unsigned char *bytes,
		      size_t length, struct mh_error *reterr)
{
	size_t at = 0, index = 0, first = SIZE_MAX, last = 0;
	int64_t count;

	while (at < length) {
		if (next_count(header, bytes, length, &at, &count) < 0)
			return mh_error_set(reterr, -EINVAL, "a histogram has a count that is cut off or negative");
		uint64_t buckets = count < 0 ? 0 - (uint64_t)count : 1;

		if (buckets > histogram->counts_length - index)
			return mh_error_set(reterr, -EINVAL, "a histogram has counts for more than its %u buckets",
					    histogram->counts_length);
		if (count > 0) {
			if (add_bucket(histogram, index, (uint64_t)count) < 0)
				return mh_error_set(reterr, -EOVERFLOW, "a histogram has more than 2^64 values");
			first = first == SIZE_MAX ? index : first;
			last = index;
		}
		index += buckets;
	}
	if (histogram->count)
		widen_extremes(histogram, first, last);
	return 0;
}

/* Reads the counts, which are as long as the header says, and at most as long as its layout can fill. */
static int payload_read(struct source *source, const struct header *header, struct mh_histogram *histogram,
			struct mh_error *reterr)
{
	size_t length_max = (size_t)histogram->counts_length * (header->leb128 ? MH_LEB128_MAX : header->word_size);
	size_t length = header->has_length ? header->payload_length : length_max;

	if (length > length_max)
		return mh_error_set(reterr, -EINVAL,
				    "a histogram says that %zu bytes of counts follow; %zu could be used", length,
				    length_max);
	unsigned char *bytes = malloc(length + 1);

	if (!bytes)
		return mh_error_set(reterr, -ENOMEM, "no memory to read a histogram");
	size_t got = source_read(source, bytes, length);
	int ret = 0;

	if ((header->has_length && got != length) || !source_ended(source))
		ret = mh_error_set(reterr, -EINVAL, "a histogram says that %zu bytes of counts follow, and %s do",
				   length, got < length ? "fewer" : "more");
	else
		ret = add_counts(histogram, header, bytes, got, reterr);
	free(bytes);
	return ret;
}

static int histogram_read(struct source *source, struct mh_histogram *ret_histogram, struct mh_error *reterr)
{
	struct mh_histogram histogram;
	struct header header;
	int ret = header_read(source, &header, reterr);

	if (ret < 0)
		return ret;
	size_t bytes = mh_histogram_bytes(&header.layout);

	if (bytes == 0)
		return mh_error_set(reterr, -EINVAL, "a histogram of %u digits from %llu to %llu is not possible",
				    header.layout.digits, (unsigned long long)header.layout.lowest,
				    (unsigned long long)header.layout.highest);
	if (bytes > MH_DECODED_COUNTS_MAX)
		return mh_error_set(reterr, -EFBIG, "a histogram wants %zu bytes, more than %u", bytes,
				    MH_DECODED_COUNTS_MAX);
	ret = mh_histogram_init(&histogram, &header.layout);
	if (ret < 0)
		return mh_error_set(reterr, ret, "no memory for a histogram of %zu bytes", bytes);
	ret = payload_read(source, &header, &histogram, reterr);
	if (ret < 0)
		mh_histogram_release(&histogram);
	else
		*ret_histogram = histogram;
	return ret;
}

int mh_histogram_decode(const char *text, size_t length, struct mh_histogram *ret_histogram, struct mh_error *reterr)
{
	unsigned char *data;
	struct source source;
	size_t size;

	if (length > MH_ENCODED_TEXT_MAX)
		return mh_error_set(reterr, -EFBIG, "a histogram of %zu characters is longer than %u", length,
				    MH_ENCODED_TEXT_MAX);
	int ret = mh_base64_decode(text, length, &data, &size);

	if (ret < 0)
		return mh_error_set(reterr, ret, "a histogram is %s", ret == -ENOMEM ? "too large" : "not base64");
	ret = source_init(&source, data, size, reterr);
	if (ret == 0)
		ret = histogram_read(&source, ret_histogram, reterr);
	source_release(&source);
	free(data);
	return ret;
}
