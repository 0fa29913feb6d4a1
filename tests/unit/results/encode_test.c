/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The V2 encoding against golden texts, back and forth, and against texts that mean harm. */
#include "results/encode.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "sample.h"

/* Of 1, 1, 1, 1000, 1500, 1000000, 123456789 at 3 digits up to an hour; made with zlib level 9. */
#define GOLDEN "HISTFAAAAC942pNpmSzMwMDAzwABzFCaEch0M9ixgMH+A1SA7TQ/01N2pvbpjEwf85gAsSQIrQ=="
/* From the test log of HdrHistogram: 2 digits, 20 us to an hour. */
#define JAVA "HISTFAAAAEV42pNpmSzMwMCgyAABTBDKT4GBgdnNYMcCBvsPEBEJISEuATEZMQ4uASkhIR4nrxg9v2lMaxhvMekILGZkKmcCAEf2CsI="

static void check_round_trip(const struct mh_histogram *histogram)
{
	struct mh_text text = MH_TEXT_INIT;
	struct mh_histogram back;
	struct mh_error error = {0};

	cr_assert_eq(mh_histogram_encode(histogram, &text, &error), 0, "%s", error.text);
	cr_assert_eq(strncmp(text.data, "HISTFA", 6), 0, "%s", text.data);
	cr_assert_eq(mh_histogram_decode(text.data, text.length, &back, &error), 0, "%s", error.text);
	cr_assert_eq(back.count, histogram->count - histogram->overflow);
	for (size_t i = 0; i < histogram->counts_length; i++)
		cr_assert_eq(back.counts[i], histogram->counts[i], "bucket %zu", i);
	mh_histogram_release(&back);
	mh_text_release(&text);
}

Test(encode, reads_the_golden_text)
{
	struct mh_histogram expected = sample_golden(), histogram;
	struct mh_error error = {0};

	cr_assert_eq(mh_histogram_decode(GOLDEN, strlen(GOLDEN), &histogram, &error), 0, "%s", error.text);
	cr_expect_eq(histogram.digits, 3);
	cr_expect_eq(histogram.highest, MH_HISTOGRAM_HOUR_NS);
	cr_expect_eq(histogram.count, 7u, "%lu", histogram.count);
	cr_expect_eq(memcmp(histogram.counts, expected.counts, histogram.counts_length * sizeof(uint64_t)), 0);
	mh_histogram_release(&histogram);
	mh_histogram_release(&expected);
}

Test(encode, reads_a_text_of_the_java_library)
{
	struct mh_histogram histogram;
	struct mh_error error = {0};

	cr_assert_eq(mh_histogram_decode(JAVA, strlen(JAVA), &histogram, &error), 0, "%s", error.text);
	cr_expect_eq(histogram.digits, 2);
	cr_expect_eq(histogram.lowest, 20000u, "%lu", histogram.lowest);
	cr_expect_eq(histogram.highest, MH_HISTOGRAM_HOUR_NS, "%lu", histogram.highest);
	cr_expect_gt(histogram.count, 0u);
	check_round_trip(&histogram);
	mh_histogram_release(&histogram);
}

/* The bytes before compression are the format's own; compressed ones differ between libraries. */
Test(encode, writes_the_golden_bytes)
{
	static const unsigned char payload[] = {
		0x1c, 0x84, 0x93, 0x13, 0,    0,    0,    0x0f, 0,    0,    0,    0,    0,    0,    0,   3, 0, 0, 0, 0,
		0,    0,    0,    1,    0,    0,    0x03, 0x46, 0x30, 0xb8, 0xa0, 0,    0x3f, 0xf0, 0,   0, 0, 0, 0, 0,
		0x01, 0x06, 0xcb, 0x0f, 0x02, 0xe5, 0x07, 0x02, 0x87, 0x97, 0x01, 0x02, 0xf1, 0x6e, 0x02};
	struct mh_histogram histogram = sample_golden();
	struct mh_text text = MH_TEXT_INIT;
	unsigned char *frame, bytes[256];
	uLongf size = sizeof(bytes);
	size_t frame_size;

	cr_assert_eq(mh_histogram_encode(&histogram, &text, NULL), 0);
	cr_assert_eq(mh_base64_decode(text.data, text.length, &frame, &frame_size), 0);
	cr_assert_eq(uncompress(bytes, &size, frame + 8, frame_size - 8), Z_OK);
	cr_assert_eq(size, sizeof(payload), "%lu bytes", size);
	cr_expect_eq(memcmp(bytes, payload, sizeof(payload)), 0);
	free(frame);
	mh_text_release(&text);
	mh_histogram_release(&histogram);
}

Test(encode, brings_back_empty_extreme_and_large_ones)
{
	struct mh_histogram histogram = sample_histogram();

	check_round_trip(&histogram);
	mh_histogram_record(&histogram, 0);
	check_round_trip(&histogram);
	mh_histogram_record(&histogram, MH_HISTOGRAM_HOUR_NS);
	mh_histogram_record(&histogram, UINT64_MAX); /* overflow is not in it */
	check_round_trip(&histogram);
	cr_assert_eq(mh_histogram_record_many(&histogram, 777, INT64_MAX), 0); /* 9 bytes of LEB128 */
	check_round_trip(&histogram);
	mh_histogram_release(&histogram);
}

Test(encode, says_when_a_count_is_too_large_for_the_format)
{
	struct mh_histogram histogram = sample_histogram();
	struct mh_text text = MH_TEXT_INIT;
	struct mh_error error = {0};

	cr_assert_eq(mh_histogram_record_many(&histogram, 777, (uint64_t)INT64_MAX + 1), 0);
	cr_expect_eq(mh_histogram_encode(&histogram, &text, &error), -EOVERFLOW);
	cr_expect(strstr(error.text, "2^63"), "%s", error.text);
	mh_text_release(&text);
	mh_histogram_release(&histogram);
}

/* An uncompressed V2 (or V1) histogram with the given words in its header, and counts. */
struct forged {
	uint32_t cookie, length, offset, digits;
	uint64_t lowest, highest, ratio;
	const unsigned char *counts;
	size_t counts_size;
};

/* A good one but for what the row names. */
#pragma GCC diagnostic ignored "-Woverride-init"
#define FORGED(...)                                                                                                    \
	(struct forged)                                                                                                \
	{                                                                                                              \
		.cookie = 0x1c849313, .length = 2, .digits = 3, .lowest = 1, .highest = MH_HISTOGRAM_HOUR_NS,          \
		.ratio = UINT64_C(0x3ff0000000000000), .counts = (const unsigned char *)"\x01\x06", .counts_size = 2,  \
		__VA_ARGS__                                                                                            \
	}

static size_t put(unsigned char *bytes, size_t at, uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		bytes[at + i] = (unsigned char)(value >> 8 * (size - 1 - i));
	return at + size;
}

static int decode_forged(const struct forged *forged, struct mh_histogram *ret_histogram, struct mh_error *error)
{
	unsigned char bytes[256];
	struct mh_text text = MH_TEXT_INIT;
	size_t at = put(bytes, 0, forged->cookie, 4);

	at = put(bytes, at, forged->length, 4);
	at = put(bytes, at, forged->offset, 4);
	at = put(bytes, at, forged->digits, 4);
	at = put(bytes, at, forged->lowest, 8);
	at = put(bytes, at, forged->highest, 8);
	at = put(bytes, at, forged->ratio, 8);
	memcpy(bytes + at, forged->counts, forged->counts_size);
	mh_base64_encode(bytes, at + forged->counts_size, &text);
	int ret = mh_histogram_decode(text.data, text.length, ret_histogram, error);

	mh_text_release(&text);
	return ret;
}

Test(encode, reads_uncompressed_ones_and_version_1)
{
	struct mh_histogram histogram;
	struct mh_error error = {0};
	struct forged forged = FORGED(.length = 2);

	cr_assert_eq(decode_forged(&forged, &histogram, &error), 0, "%s", error.text);
	cr_expect_eq(histogram.counts[1], 3u);
	mh_histogram_release(&histogram);
	forged = FORGED(.cookie = 0x1c849301 | 0x20, .length = 4, .counts = (const unsigned char *)"\0\0\0\5",
			.counts_size = 4);
	cr_assert_eq(decode_forged(&forged, &histogram, &error), 0, "%s", error.text);
	cr_expect_eq(histogram.counts[1], 5u);
	cr_expect_eq(histogram.count, 5u);
	mh_histogram_release(&histogram);
}

Test(encode, forgives_the_header_of_hdr_histogram_js)
{
	struct forged forged = FORGED(.offset = 1, .ratio = 1);
	struct mh_histogram histogram;
	struct mh_error error = {0};

	cr_assert_eq(decode_forged(&forged, &histogram, &error), 0, "%s", error.text);
	mh_histogram_release(&histogram);
}

#define COUNTS(text)                                                                                                   \
	.counts = (const unsigned char *)(text), .counts_size = sizeof(text) - 1, .length = sizeof(text) - 1

Test(encode, refuses_what_does_not_fit_its_own_header)
{
	const struct forged rows[] = {
		FORGED(.cookie = 0x1c849312),
		FORGED(.cookie = 0xdeadbeef),
		FORGED(.cookie = 0x1c849301 | 0x60), /* counts of 6 bytes */
		FORGED(.length = 3),                 /* longer than what follows */
		FORGED(.length = 1),                 /* shorter */
		FORGED(.length = 0xffffffff),        /* beyond what the layout can fill */
		FORGED(.offset = 1),                 /* shifted */
		FORGED(.ratio = 1),                  /* scaled */
		FORGED(.digits = 0),
		FORGED(.digits = 6),
		FORGED(.digits = 0xffffffff),
		FORGED(.lowest = 0),
		FORGED(.highest = 1),
		FORGED(.highest = UINT64_MAX),
		FORGED(COUNTS("\x80")),                                 /* ends within a number */
		FORGED(COUNTS("\xff\xff\xff\xff\xff\xff\xff\xff")),     /* likewise */
		FORGED(COUNTS("\xff\xff\xff\xff\xff\xff\xff\xff\xff")), /* a run of 2^63 zeros */
		FORGED(COUNTS("\x06\xff\x8f\x04")),                     /* one count, then as many zeros as buckets */
		FORGED(COUNTS("\x81\x90\x04")),                         /* 33,793 zeros: one more than buckets */
		FORGED(COUNTS(
			"\xfe\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x06")), /* 2^64 */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mh_error error = {0};
		struct mh_histogram histogram;

		cr_expect_lt(decode_forged(&rows[i], &histogram, &error), 0, "row %zu was read", i);
		cr_expect_neq(error.text[0], '\0', "row %zu has no sentence", i);
	}
}

Test(encode, takes_a_run_of_zeros_up_to_the_last_bucket)
{
	struct forged forged = FORGED(COUNTS("\xff\x8f\x04")); /* 33,792 zeros */
	struct mh_histogram histogram;
	struct mh_error error = {0};

	cr_assert_eq(decode_forged(&forged, &histogram, &error), 0, "%s", error.text);
	cr_expect_eq(histogram.count, 0u);
	mh_histogram_release(&histogram);
}

Test(encode, counts_values_above_highest_as_overflow)
{
	/* 33,791 zeros and 3 values in the last bucket, beyond an hour: foreign writers fill it. */
	struct forged forged = FORGED(COUNTS("\xfd\x8f\x04\x06"));
	struct mh_histogram histogram;
	struct mh_error error = {0};

	cr_assert_eq(decode_forged(&forged, &histogram, &error), 0, "%s", error.text);
	cr_expect_eq(histogram.count, 3u);
	cr_expect_eq(histogram.overflow, 3u);
	mh_histogram_release(&histogram);
}

Test(encode, refuses_a_frame_that_lies_about_its_length)
{
	struct mh_histogram histogram;
	struct mh_error error = {0};
	unsigned char *frame;
	size_t size;

	cr_assert_eq(mh_base64_decode(GOLDEN, strlen(GOLDEN), &frame, &size), 0);
	for (int change = -1; change <= 1; change += 2) {
		struct mh_text text = MH_TEXT_INIT;

		frame[7] = (unsigned char)(frame[7] + change);
		mh_base64_encode(frame, size, &text);
		cr_expect_eq(mh_histogram_decode(text.data, text.length, &histogram, &error), -EINVAL);
		frame[7] = (unsigned char)(frame[7] - change);
		mh_text_release(&text);
	}
	free(frame);
}

/* Each byte of a good frame, each in turn wrong: read to the same buckets, or refused; never more than that. */
Test(encode, survives_any_broken_byte)
{
	unsigned char *frame;
	size_t size;

	cr_assert_eq(mh_base64_decode(GOLDEN, strlen(GOLDEN), &frame, &size), 0);
	for (size_t i = 0; i < size; i++) {
		for (unsigned flip = 1; flip < 256; flip <<= 1) {
			struct mh_text text = MH_TEXT_INIT;
			struct mh_histogram histogram = {0};
			struct mh_error error = {0};

			frame[i] ^= (unsigned char)flip;
			mh_base64_encode(frame, size, &text);
			int ret = mh_histogram_decode(text.data, text.length, &histogram, &error);

			cr_assert(ret == 0 || error.text[0], "byte %zu", i);
			if (ret == 0)
				mh_histogram_release(&histogram);
			frame[i] ^= (unsigned char)flip;
			mh_text_release(&text);
		}
	}
	free(frame);
}

/* A stream of 100 MB of zeros in 100 kB of text: only what the layout can use is inflated. */
Test(encode, is_no_target_for_a_bomb)
{
	const size_t large = 100u << 20;
	unsigned char *plain = calloc(1, large), *packed = malloc(compressBound(large) + 8);
	uLongf size = compressBound(large);
	struct mh_histogram histogram;
	struct mh_error error = {0};
	struct mh_text text = MH_TEXT_INIT;

	cr_assert(plain && packed);
	put(plain, 0, 0x1c849313, 4);
	put(plain, 4, large - 40, 4);
	put(plain, 12, 3, 4);
	put(plain, 16, 1, 8);
	put(plain, 24, MH_HISTOGRAM_HOUR_NS, 8);
	put(plain, 32, UINT64_C(0x3ff0000000000000), 8);
	cr_assert_eq(compress2(packed + 8, &size, plain, large, 9), Z_OK);
	put(packed, 0, 0x1c849314, 4);
	put(packed, 4, size, 4);
	mh_base64_encode(packed, size + 8, &text);
	cr_expect_eq(mh_histogram_decode(text.data, text.length, &histogram, &error), -EINVAL);
	cr_expect(strstr(error.text, "could be used"), "%s", error.text);
	mh_text_release(&text);
	free(plain);
	free(packed);
}

Test(encode, base64_agrees_with_rfc_4648)
{
	static const char *const rows[][2] = {{"", ""},
					      {"f", "Zg=="},
					      {"fo", "Zm8="},
					      {"foo", "Zm9v"},
					      {"foob", "Zm9vYg=="},
					      {"fooba", "Zm9vYmE="},
					      {"foobar", "Zm9vYmFy"}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct mh_text text = MH_TEXT_INIT;
		unsigned char *data;
		size_t size;

		mh_base64_encode(rows[i][0], strlen(rows[i][0]), &text);
		cr_expect_str_eq(text.data, rows[i][1]);
		cr_assert_eq(mh_base64_decode(rows[i][1], strlen(rows[i][1]), &data, &size), 0);
		cr_expect_eq(size, strlen(rows[i][0]));
		cr_expect_eq(memcmp(data, rows[i][0], size), 0);
		free(data);
		mh_text_release(&text);
	}
}

Test(encode, base64_refuses_what_no_encoder_writes)
{
	static const char *const rows[] = {"Z",    "Zg",   "Zg=",    "Zg===", "Zh==", "Zm9=",    "=m9v",
					   "Z=9v", "Zm 9", "Zm9v\n", "Zm-_",  "====", "Zg==Zg=="};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned char *data;
		size_t size;

		cr_expect_eq(mh_base64_decode(rows[i], strlen(rows[i]), &data, &size), -EINVAL, "'%s'", rows[i]);
	}
}
