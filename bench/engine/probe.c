/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Three loops that the compiler must keep: an empty one (the front end's pace), a chain of additions (the clock
 * frequency), a walk over 4 MiB in random order (caches and memory, which neighbours share).
 */
#include "bench/engine/probe.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/rng.h"

#define SLICES       11 /* of a probe; odd, for the median */
#define SLICE_NS     (UINT64_C(5000000) / SLICES)
#define ROUNDS       2048 /* between two readings of the clock: some µs */
#define CHASE_LINES  (CHASE_BYTES / sizeof(struct line))
#define CHASE_BYTES  (UINT64_C(4) << 20)
#define ADDS_A_ROUND 8

#define HUGE_PAGE_BYTES (UINT64_C(2) << 20)

struct line {
	const struct line *next;
	char rest[64 - sizeof(void *)]; /* a line of the cache each */
};

/* @at: where a chase goes on; the others leave it. */
static const void *loop_rounds(const void *at)
{
	for (unsigned i = 0; i < ROUNDS; i++)
		__asm__ volatile("" ::: "memory");
	return at;
}

static const void *add_rounds(const void *at)
{
	uint64_t sum = 1;

	/* The compiler may not know what the sum is: else it would add all at once. */
	for (unsigned i = 0; i < ROUNDS * ADDS_A_ROUND; i++) {
		sum += i;
		__asm__ volatile("" : "+r"(sum));
	}
	return at;
}

static const void *chase_rounds(const void *at)
{
	const struct line *line = at;

	for (unsigned i = 0; i < ROUNDS; i++)
		line = line->next;
	__asm__ volatile("" ::"r"(line));
	return line;
}

static int compare(const void *a, const void *b)
{
	const double first = *(const double *)a, second = *(const double *)b;

	return (first > second) - (first < second);
}

/* ns a round in the median slice. */
static double probe(const void *(*rounds)(const void *at), const void *at)
{
	double slices[SLICES];

	for (unsigned i = 0; i < SLICES; i++) {
		uint64_t begin = mh_clock_monotonic_ns(), taken = 0, count = 0;

		while (taken < SLICE_NS) {
			at = rounds(at);
			count += ROUNDS;
			taken = mh_clock_monotonic_ns() - begin;
		}
		slices[i] = (double)taken / (double)count;
	}
	qsort(slices, SLICES, sizeof(slices[0]), compare);
	return slices[SLICES / 2];
}

/* One cycle through all lines in an order that no prefetcher guesses (Sattolo's shuffle). */
static struct line *make_cycle(void)
{
	struct line *lines = aligned_alloc(HUGE_PAGE_BYTES, CHASE_BYTES);
	struct mh_rng rng;

	if (!lines)
		return NULL;
	/* Which small pages a process gets is chance, and the walk's time would tell that. Refused: so it does. */
	madvise(lines, CHASE_BYTES, MADV_HUGEPAGE);
	mh_rng_init(&rng, 0, "probe", 0);
	for (size_t i = 0; i < CHASE_LINES; i++)
		lines[i].next = &lines[i];
	for (size_t i = CHASE_LINES - 1; i > 0; i--) {
		size_t other = mh_rng_below(&rng, i);
		const struct line *kept = lines[i].next;

		lines[i].next = lines[other].next;
		lines[other].next = kept;
	}
	return lines;
}

void mh_probe_host(struct mh_probes *ret_probes)
{
	struct line *lines = make_cycle();

	*ret_probes = (struct mh_probes){0};
	if (!lines)
		return;
	ret_probes->loop_ns = probe(loop_rounds, NULL);
	ret_probes->add_ns = probe(add_rounds, NULL);
	ret_probes->chase_ns = probe(chase_rounds, lines);
	free(lines);
}
