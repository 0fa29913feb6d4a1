/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time in ticks of one source, turned into ns only where it is recorded or shown.
 * TSC where the CPU says constant_tsc and nonstop_tsc, else CLOCK_MONOTONIC_RAW (a tick is then 1 ns).
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct mh_clock {
	bool tsc;
	bool fell_back; /* TSC was wanted and is not usable; why: fallback_reason */
	const char *fallback_reason;
	uint64_t ns_per_tick;   /* 32.32 fixed point */
	uint64_t resolution_ns; /* 1st percentile of the steps between different readings; the least may be a stray */
	double cost_ns;         /* what an empty pair of readings takes: median over batches of pairs */
};

enum mh_clock_source { MH_CLOCK_TSC, MH_CLOCK_MONOTONIC };

/**
 * mh_clock_init - calibrate over 20 ms against CLOCK_MONOTONIC_RAW (1 ppm)
 * @clock: out
 * @source: wanted; MH_CLOCK_TSC falls back and says so in @clock->fell_back
 *
 * From one thread at a time, before the measured threads start.
 */
void mh_clock_init(struct mh_clock *clock, enum mh_clock_source source);

/* CLOCK_MONOTONIC_RAW in ns. Any thread. */
static inline uint64_t mh_clock_monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_RAW, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* CLOCK_REALTIME in ns: the one wall-clock anchor of a run, never a duration. */
uint64_t mh_clock_unix_ns(void);

static inline uint64_t mh_clock_ticks(const struct mh_clock *clock)
{
#if defined(__x86_64__)
	if (__builtin_expect(clock->tsc, 1))
		return __builtin_ia32_rdtsc(); /* <x86intrin.h> would be 48,000 lines in most files */
#else
	(void)clock;
#endif
	return mh_clock_monotonic_ns();
}

/* A difference of two readings in ns, rounded down; the factor's own rounding is below 1 ns a second. */
static inline uint64_t mh_clock_ns(const struct mh_clock *clock, uint64_t ticks)
{
	return (uint64_t)(((unsigned __int128)ticks * clock->ns_per_tick) >> 32);
}

/* The number of ticks that last @ns, rounded up. */
uint64_t mh_clock_ticks_of_ns(const struct mh_clock *clock, uint64_t ns);

#endif
