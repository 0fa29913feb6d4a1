/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The same work for our loop and for a rival's: each step waits for the one before, so that nothing else is measured.
 */
#ifndef BENCH_MICRO_LOOP_BODY_H
#define BENCH_MICRO_LOOP_BODY_H

#include <stdint.h>

#define MH_LOOP_STEPS 8

static inline uint64_t mh_loop_body(uint64_t value)
{
	for (int i = 0; i < MH_LOOP_STEPS; i++)
		value = value * 0x9e3779b97f4a7c15u + 1;
	return value;
}

#endif
