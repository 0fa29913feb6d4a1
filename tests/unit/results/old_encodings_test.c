/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The encodings V0 and V1, which nothing writes any more: built here from their layout (codec.h). The Java library
 * reads such texts alike: tests/interop/old_encodings.bats.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "results/codec.h"
#include "results/encode.h"
#include "sample.h"

/* version 0 or 1, bytes of a count, compressed or not. */
#define CASES 12

static const unsigned words[] = {2, 4, 8};

static size_t put(unsigned char *bytes, size_t at, uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		bytes[at + i] = (unsigned char)(value >> 8 * (size - 1 - i));
	return at + size;
}

/* Buckets up to the last that holds something. */
static size_t used(const struct mh_histogram *histogram)
{
	return mh_histogram_index(histogram, histogram->max) + 1;
}

static size_t put_plain(unsigned char *bytes, const struct mh_histogram *histogram, unsigned version, unsigned word)
{
	size_t at = put(bytes, 0, (version ? MH_COOKIE_V1 : MH_COOKIE_V0) | word << 4, 4);

	if (version)
		at = put(bytes, put(bytes, at, used(histogram) * word, 4), 0, 4);
	at = put(bytes, at, histogram->digits, 4);
	at = put(bytes, at, histogram->lowest, 8);
	at = put(bytes, at, histogram->highest, 8);
	at = put(bytes, at, version ? MH_RATIO_ONE : histogram->count, 8);
	for (size_t i = 0; i < used(histogram); i++)
		at = put(bytes, at, histogram->counts[i], word);
	return at;
}

static void encode_old(const struct mh_histogram *histogram, unsigned number, struct mh_text *text)
{
	unsigned version = number / 6, word = words[number / 2 % 3];
	unsigned char *plain = malloc(MH_HEADER_SIZE + 8 * used(histogram)), *packed;
	size_t size = put_plain(plain, histogram, version, word);
	uLongf packed_size = compressBound(size);

	if (number % 2 == 0) {
		mh_base64_encode(plain, size, text);
		free(plain);
		return;
	}
	packed = malloc(packed_size + MH_FRAME_SIZE);
	cr_assert_eq(compress(packed + MH_FRAME_SIZE, &packed_size, plain, size), Z_OK);
	put(packed, 0, (version ? MH_COOKIE_V1_COMPRESSED : MH_COOKIE_V0_COMPRESSED) | word << 4, 4);
	put(packed, 4, packed_size, 4);
	mh_base64_encode(packed, packed_size + MH_FRAME_SIZE, text);
	free(plain);
	free(packed);
}

Test(old_encodings, v0_and_v1_bring_all_buckets_back)
{
	struct mh_histogram golden = sample_golden();

	for (unsigned number = 0; number < CASES; number++) {
		struct mh_text text = MH_TEXT_INIT;
		struct mh_histogram back;
		struct mh_error error = {0};

		encode_old(&golden, number, &text);
		cr_assert_eq(mh_histogram_decode(text.data, text.length, &back, &error), 0, "case %u: %s", number,
			     error.text);
		cr_expect_eq(back.count, golden.count, "case %u", number);
		cr_expect_eq(memcmp(back.counts, golden.counts, golden.counts_length * sizeof(uint64_t)), 0, "case %u",
			     number);
		mh_histogram_release(&back);
		mh_text_release(&text);
	}
	mh_histogram_release(&golden);
}

/* V0 does not say how long it is: it may end behind any count, but not within one, and not beyond the last bucket. */
Test(old_encodings, v0_ends_between_two_counts)
{
	struct mh_histogram golden = sample_golden(), back;
	unsigned char *bytes = calloc(1, MH_HEADER_V0_SIZE + 8 * (golden.counts_length + 1));
	size_t size = put_plain(bytes, &golden, 0, 4), all = MH_HEADER_V0_SIZE + 4 * (size_t)golden.counts_length;
	const size_t good[] = {MH_HEADER_V0_SIZE, size, all}, bad[] = {MH_HEADER_V0_SIZE - 1, size - 1, all + 4};
	struct mh_error error = {0};

	for (size_t i = 0; i < 3; i++) {
		struct mh_text text = MH_TEXT_INIT;

		mh_base64_encode(bytes, good[i], &text);
		cr_expect_eq(mh_histogram_decode(text.data, text.length, &back, &error), 0, "%zu: %s", i, error.text);
		mh_histogram_release(&back);
		mh_text_clear(&text);
		mh_base64_encode(bytes, bad[i], &text);
		cr_expect_lt(mh_histogram_decode(text.data, text.length, &back, &error), 0, "%zu was read", i);
		mh_text_release(&text);
	}
	free(bytes);
	mh_histogram_release(&golden);
}

/* A count of words has a sign: below zero it is none. */
Test(old_encodings, negative_counts_are_refused)
{
	struct mh_histogram back;
	struct mh_error error = {0};
	unsigned char bytes[64] = {0};
	struct mh_text text = MH_TEXT_INIT;
	size_t at = put(bytes, 0, MH_COOKIE_V1 | 2 << 4, 4);

	at = put(bytes, put(bytes, at, 2, 4), 0, 4);
	at = put(bytes, put(bytes, put(bytes, at, 3, 4), 1, 8), MH_HISTOGRAM_HOUR_NS, 8);
	at = put(bytes, put(bytes, at, MH_RATIO_ONE, 8), 0x8000, 2);
	mh_base64_encode(bytes, at, &text);
	cr_expect_lt(mh_histogram_decode(text.data, text.length, &back, &error), 0);
	cr_expect(strstr(error.text, "negative"), "%s", error.text);
	mh_text_release(&text);
}
