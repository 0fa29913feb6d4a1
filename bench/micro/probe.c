/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/micro/probe.h"

#include <stdint.h>

#define TURNS 16000u /* about 5 us: hardly ever is one try of eight not left alone */
#define TRIES 8

static void loop_turns(void)
{
	for (unsigned turn = 0; turn < TURNS; turn++)
		__asm__ volatile("" : : "r"(turn));
}

/* The compiler may not know what the sum is: else it would add all at once. */
static void add_turns(void)
{
	uint64_t sum = 1;

	for (unsigned turn = 0; turn < TURNS / 8; turn++) {
#pragma GCC unroll 8
		for (unsigned i = 0; i < 8; i++) {
			sum += turn;
			__asm__ volatile("" : "+r"(sum));
		}
	}
}

/* ns a turn, of the best try: what disturbs only slows. */
static double best_of(const struct mh_clock *clock, void (*turns)(void))
{
	double best = 0;

	for (unsigned tries = 0; tries < TRIES; tries++) {
		uint64_t begin = mh_clock_ticks(clock);

		turns();

		double ns = (double)mh_clock_ns(clock, mh_clock_ticks(clock) - begin) / TURNS;

		best = tries == 0 || ns < best ? ns : best;
	}
	return best;
}

void mh_core_probe(const struct mh_clock *clock, struct mh_core_probe *ret_probe)
{
	ret_probe->loop_ns = best_of(clock, loop_turns);
	ret_probe->add_ns = best_of(clock, add_turns);
}

/* Of a turn: a frequency that falls is then not taken for a neighbour. */
static double loop_cycles(const struct mh_core_probe *probe)
{
	return probe->loop_ns / probe->add_ns;
}

void mh_core_watch_init(struct mh_core_watch *watch, const struct mh_core_probe *first)
{
	*watch = (struct mh_core_watch){
		.first_add_ns = first->add_ns,
		.best_loop_cycles = loop_cycles(first),
		.ghz_min = mh_core_probe_ghz(first),
		.ghz_max = mh_core_probe_ghz(first),
	};
}

static void take(struct mh_core_watch *watch, const struct mh_core_probe *probe)
{
	const double ghz = mh_core_probe_ghz(probe);

	if (loop_cycles(probe) < watch->best_loop_cycles)
		watch->best_loop_cycles = loop_cycles(probe);
	if (ghz < watch->ghz_min)
		watch->ghz_min = ghz;
	if (ghz > watch->ghz_max)
		watch->ghz_max = ghz;
}

static bool frequency_changed(const struct mh_core_watch *watch, const struct mh_core_probe *probe)
{
	return probe->add_ns > MH_PROBE_CHANGED_RATIO * watch->first_add_ns ||
	       watch->first_add_ns > MH_PROBE_CHANGED_RATIO * probe->add_ns;
}

static bool is_shared(const struct mh_core_watch *watch, const struct mh_core_probe *probe)
{
	return loop_cycles(probe) > MH_PROBE_QUIET_RATIO * watch->best_loop_cycles;
}

unsigned mh_core_watch_judge(struct mh_core_watch *watch, const struct mh_core_probe *before,
			     const struct mh_core_probe *after)
{
	unsigned doubts = 0;

	take(watch, before);
	take(watch, after);
	if (is_shared(watch, before) || is_shared(watch, after))
		doubts |= MH_CORE_SHARED;
	if (frequency_changed(watch, before) || frequency_changed(watch, after))
		doubts |= MH_CORE_FREQUENCY;
	return doubts;
}
