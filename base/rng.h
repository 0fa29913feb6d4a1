/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Randomness that depends on names, never on timing: Philox4x32-10 (Random123) keyed by (seed, stream name, index).
 * A key (mh_rng_key) names a decision; a stream (struct mh_rng) is a sequence of draws owned by one thread.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stdint.h>

/**
 * mh_rng_key - a 64-bit key for (seed, name, index)
 * @name: NUL-terminated stream name, e.g. "fault/enomem"
 *
 * Equal arguments give equal keys on every machine; different ones are independent (Philox).
 */
uint64_t mh_rng_key(uint64_t seed, const char *name, uint64_t index);

/* The exclusive or of the two halves of a product. */
static inline uint64_t mh_rng_fold_product(uint64_t left, uint64_t right)
{
#if defined(__x86_64__)
	uint64_t low = left, high;

	/* gcc 12 would pass the product through memory. */
	__asm__("mulq %2" : "+a"(low), "=d"(high) : "r"(right) : "cc");
	return low ^ high;
#else
	unsigned __int128 product = (unsigned __int128)left * right;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
#endif
}

/*
 * A stateless keyed mix, for decisions on hot paths: about 1 ns; bias tested in tests/unit/base/rng_test.c. Unfolded it
 * lacks the last step, which leaves the upper half as it is.
 */
static inline uint64_t mh_rng_mix_unfolded(uint64_t whitener, uint64_t factor, uint64_t value)
{
	uint64_t folded = mh_rng_fold_product(value ^ whitener, factor);

	folded ^= folded >> 32;
	return folded * 0xd6e8feb86659fd93u;
}

/* The two words that mh_rng_mix makes of its key, for a loop that asks with one key. */
static inline uint64_t mh_rng_whitener(uint64_t key)
{
	return key ^ 0x9e3779b97f4a7c15u;
}

static inline uint64_t mh_rng_factor(uint64_t key)
{
	return key | 1;
}

static inline uint64_t mh_rng_mix(uint64_t key, uint64_t value)
{
	uint64_t mixed = mh_rng_mix_unfolded(mh_rng_whitener(key), mh_rng_factor(key), value);

	return mixed ^ mixed >> 32;
}

struct mh_rng {
	uint64_t key;
	uint64_t counter;
	uint64_t words[2]; /* draws of the current Philox block */
	unsigned left;     /* words not yet drawn */
};

void mh_rng_init(struct mh_rng *rng, uint64_t seed, const char *name, uint64_t index);
void mh_rng_refill(struct mh_rng *rng);

static inline uint64_t mh_rng_u64(struct mh_rng *rng)
{
	if (!rng->left)
		mh_rng_refill(rng);
	return rng->words[--rng->left];
}

/* Uniform in [0, bound), bound > 0; multiply-shift, bias below 2^-32 for bounds below 2^32. */
static inline uint64_t mh_rng_below(struct mh_rng *rng, uint64_t bound)
{
	return (uint64_t)(((unsigned __int128)mh_rng_u64(rng) * bound) >> 64);
}

/* Uniform in (0, 1): never 0, so that its logarithm exists. */
static inline double mh_rng_unit(struct mh_rng *rng)
{
	return ((double)(mh_rng_u64(rng) >> 12) + 0.5) * 0x1p-52;
}

#endif
