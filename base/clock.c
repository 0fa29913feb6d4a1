/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Choice and calibration of the clock. The TSC is used only where the CPU promises that it neither changes its rate
 * (constant_tsc) nor stops (nonstop_tsc); else a "ns" of it would mean something different from moment to moment.
 */
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sync.h"

#define CALIBRATION_NS    20000000u /* 1 ppm over 10 tries on the machine that this was measured on */
#define ANCHOR_TRIES      16        /* the narrowest of them is taken */
#define RESOLUTION_READS  4096
#define COST_BATCHES      101 /* odd: the median is one of them */
#define COST_BATCH_PAIRS  64
#define CPUINFO_LINE_SIZE 8192

uint64_t mh_clock_unix_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

#if defined(__x86_64__)
static bool line_has_word(const char *line, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = strstr(line, word); at; at = strstr(at + 1, word))
		if (at[-1] == ' ' && (at[length] == ' ' || at[length] == '\n' || at[length] == '\0'))
			return true;
	return false;
}

/* NULL when the TSC may be used, else why not. */
static const char *tsc_objection(void)
{
	static char line[CPUINFO_LINE_SIZE]; /* init is called by one thread, before others are started */
	const char *objection = "/proc/cpuinfo lists no flags";
	FILE *file = fopen("/proc/cpuinfo", "re");

	if (!file)
		return "/proc/cpuinfo cannot be read";
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, "flags", 5) != 0)
			continue;
		objection = NULL;
		if (!line_has_word(line, "nonstop_tsc"))
			objection = "the CPU does not promise nonstop_tsc";
		if (!line_has_word(line, "constant_tsc"))
			objection = "the CPU does not promise constant_tsc";
		break;
	}
	fclose(file);
	return objection;
}

/* The same instant on both clocks: the reading that was taken fastest, its middle. */
static void anchor(uint64_t *ret_ns, uint64_t *ret_ticks)
{
	uint64_t width_min = UINT64_MAX;

	for (unsigned i = 0; i < ANCHOR_TRIES; i++) {
		uint64_t before = mh_clock_monotonic_ns();
		uint64_t ticks = __builtin_ia32_rdtsc();
		uint64_t width = mh_clock_monotonic_ns() - before;

		if (width >= width_min)
			continue;
		width_min = width;
		*ret_ns = before + width / 2;
		*ret_ticks = ticks;
	}
}

static const char *tsc_calibrate(struct mh_clock *clock)
{
	uint64_t ns_start = 0, ticks_start = 0, ns_end = 0, ticks_end = 0;
	const char *objection = tsc_objection();

	if (objection)
		return objection;
	anchor(&ns_start, &ticks_start);
	mh_sleep_ns(CALIBRATION_NS);
	anchor(&ns_end, &ticks_end);
	if (ticks_end <= ticks_start || ns_end <= ns_start)
		return "the TSC did not advance during calibration";
	clock->ns_per_tick = (uint64_t)(((unsigned __int128)(ns_end - ns_start) << 32) / (ticks_end - ticks_start));
	clock->tsc = true;
	return NULL;
}
#else
static const char *tsc_calibrate(struct mh_clock *clock)
{
	(void)clock;
	return "this CPU has no TSC";
}
#endif

static int compare_u64(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

static uint64_t measure_resolution_ns(const struct mh_clock *clock)
{
	static uint64_t steps[RESOLUTION_READS];
	size_t count = 0;
	uint64_t last = mh_clock_ticks(clock);

	for (unsigned i = 0; i < RESOLUTION_READS; i++) {
		uint64_t now = mh_clock_ticks(clock);

		if (now != last)
			steps[count++] = now - last;
		last = now;
	}
	if (!count)
		return 0;
	qsort(steps, count, sizeof(steps[0]), compare_u64);
	uint64_t resolution_ns = mh_clock_ns(clock, steps[count / 100]);

	return resolution_ns ? resolution_ns : 1;
}

static double measure_cost_ns(const struct mh_clock *clock)
{
	uint64_t batches[COST_BATCHES];

	for (unsigned batch = 0; batch < COST_BATCHES; batch++) {
		uint64_t start = mh_clock_ticks(clock);

		for (unsigned pair = 1; pair < 2 * COST_BATCH_PAIRS; pair++)
			(void)mh_clock_ticks(clock);
		batches[batch] = mh_clock_ticks(clock) - start;
	}
	qsort(batches, COST_BATCHES, sizeof(batches[0]), compare_u64);
	return (double)mh_clock_ns(clock, batches[COST_BATCHES / 2]) / COST_BATCH_PAIRS;
}

void mh_clock_init(struct mh_clock *clock, enum mh_clock_source source)
{
	*clock = (struct mh_clock){.ns_per_tick = UINT64_C(1) << 32};
	if (source == MH_CLOCK_TSC) {
		clock->fallback_reason = tsc_calibrate(clock);
		clock->fell_back = clock->fallback_reason != NULL;
	}
	clock->resolution_ns = measure_resolution_ns(clock);
	clock->cost_ns = measure_cost_ns(clock);
}

uint64_t mh_clock_ticks_of_ns(const struct mh_clock *clock, uint64_t ns)
{
	unsigned __int128 scaled = ((unsigned __int128)ns << 32) + clock->ns_per_tick - 1;
	unsigned __int128 ticks = scaled / clock->ns_per_tick;

	return ticks > UINT64_MAX ? UINT64_MAX : (uint64_t)ticks;
}
