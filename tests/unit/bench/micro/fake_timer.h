/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A clock that only moves when it is told to: what a benchmark takes is then exact. */
#ifndef TESTS_UNIT_BENCH_MICRO_FAKE_TIMER_H
#define TESTS_UNIT_BENCH_MICRO_FAKE_TIMER_H

#include <stdint.h>

#include "bench/micro/timer.h"

extern uint64_t fake_now_ns;
/* Reads are counted from 1; the one with this number says 0. 0: none does. */
extern uint64_t fake_read_back, fake_reads;

/* Added to the preemptions at each question: 1 makes a preempted sample of each. */
extern long fake_preemptions_step;

extern const struct mh_timer fake_timer;

#endif
