/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Latencies as real operations have them, to be recorded: log-normal around 250 ns, the same in every program. Without
 * anything of ours, for rivals' files, too.
 */
#ifndef BENCH_MICRO_LATENCIES_H
#define BENCH_MICRO_LATENCIES_H

#include <math.h>
#include <stdint.h>

#define MH_LATENCIES          4096u /* a power of two; 32 KiB of them */
#define MH_LATENCY_MEDIAN_NS  250.0
#define MH_LATENCY_SIGMA      0.5
#define MH_LATENCY_MULTIPLIER UINT64_C(6364136223846793005) /* Knuth's MMIX */
#define MH_LATENCY_INCREMENT  UINT64_C(1442695040888963407)

/* Uniform in [0, 1). */
static inline double mh_latency_draw(uint64_t *state)
{
	*state = *state * MH_LATENCY_MULTIPLIER + MH_LATENCY_INCREMENT;
	return (double)(*state >> 11) * 0x1p-53;
}

static inline void mh_latencies_fill(uint64_t values[MH_LATENCIES])
{
	uint64_t state = 1;

	for (unsigned i = 0; i < MH_LATENCIES; i++) {
		double normal = -6; /* the sum of twelve is near enough to it */

		for (int turn = 0; turn < 12; turn++)
			normal += mh_latency_draw(&state);
		values[i] = (uint64_t)(MH_LATENCY_MEDIAN_NS * exp(MH_LATENCY_SIGMA * normal));
	}
}

#endif
