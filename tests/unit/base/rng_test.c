/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Randomness by name: the same everywhere and always, and without bias where decisions are made of it. */
#include "base/rng.h"

#include <criterion/criterion.h>
#include <math.h>

/*
 * Pinned: a change of these breaks the replay of every stored seed. Computed with an independent implementation of
 * Philox4x32-10 that was checked against the known answers of Random123 (kat_vectors).
 */
Test(rng, gives_the_pinned_numbers)
{
	struct mh_rng rng;

	cr_expect_eq(mh_rng_key(0, "", 0), UINT64_C(0x1aa722e14ab98097), "got %#lx", mh_rng_key(0, "", 0));
	cr_expect_eq(mh_rng_key(0x5eed, "fault/enomem", 7), UINT64_C(0xfba03298edada3d8), "got %#lx",
		     mh_rng_key(0x5eed, "fault/enomem", 7));
	mh_rng_init(&rng, 0x5eed, "fault/enomem", 7);
	cr_expect_eq(mh_rng_u64(&rng), UINT64_C(0xe8a07c6fda03f65e));
	cr_expect_eq(mh_rng_u64(&rng), UINT64_C(0x341ed75b1c02300b));
	cr_expect_eq(mh_rng_u64(&rng), UINT64_C(0xa8fa64a7eceabb95));
}

Test(rng, differs_by_seed_name_and_index)
{
	uint64_t key = mh_rng_key(1, "a", 1);

	cr_expect_neq(key, mh_rng_key(2, "a", 1));
	cr_expect_neq(key, mh_rng_key(1, "b", 1));
	cr_expect_neq(key, mh_rng_key(1, "a", 2));
	cr_expect_eq(key, mh_rng_key(1, "a", 1));
}

Test(rng, below_reaches_all_values_evenly)
{
	unsigned counts[10] = {0};
	struct mh_rng rng;

	mh_rng_init(&rng, 3, "test/below", 0);
	for (unsigned i = 0; i < 100000; i++)
		counts[mh_rng_below(&rng, 10)]++;
	for (unsigned i = 0; i < 10; i++) /* 5 standard deviations: sqrt(100000 * 0.1 * 0.9) is 95 */
		cr_assert(counts[i] > 10000 - 475 && counts[i] < 10000 + 475, "%u: %u times", i, counts[i]);
	cr_assert_eq(mh_rng_below(&rng, 1), 0);
}

Test(rng, unit_stays_inside_zero_and_one)
{
	struct mh_rng rng;
	double sum = 0;

	mh_rng_init(&rng, 4, "test/unit", 0);
	for (unsigned i = 0; i < 100000; i++) {
		double unit = mh_rng_unit(&rng);

		cr_assert(unit > 0 && unit < 1);
		sum += unit;
	}
	cr_assert_float_eq(sum / 100000, 0.5, 5 * sqrt(1.0 / 12 / 100000), "mean %f", sum / 100000);
}

/* Identities are small and close together: the share that is below a threshold must still be the threshold's. */
static void check_mix(double probability, uint64_t key)
{
	uint64_t threshold = (uint64_t)(probability * 18446744073709551616.0);
	const unsigned tries = 1000000;
	unsigned hits = 0;

	for (uint64_t value = 0; value < tries; value++)
		hits += mh_rng_mix(key, value) < threshold;
	double deviation = sqrt(tries * probability * (1 - probability));

	cr_assert_float_eq(hits, tries * probability, 5 * deviation, "key %#lx: %u hits, expected %.0f +- %.0f", key,
			   hits, tries * probability, deviation);
}

Test(rng, mix_decides_without_bias)
{
	for (uint64_t index = 0; index < 8; index++) {
		uint64_t key = mh_rng_key(5, "test/mix", index);

		check_mix(0.001, key);
		check_mix(0.01, key);
		check_mix(0.5, key);
	}
}

Test(rng, mix_spreads_each_bit_of_its_value)
{
	uint64_t key = mh_rng_key(6, "test/avalanche", 0);

	for (unsigned bit = 0; bit < 64; bit++) {
		unsigned flipped = 0;

		for (uint64_t value = 0; value < 2000; value++)
			flipped += (unsigned)__builtin_popcountll(mh_rng_mix(key, value) ^
								  mh_rng_mix(key, value ^ UINT64_C(1) << bit));
		double mean = flipped / 2000.0;

		cr_assert(mean > 30 && mean < 34, "bit %u flips %.2f of 64 bits", bit, mean);
	}
}
