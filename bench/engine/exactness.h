/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the scenario and its seed decide how often things happen in a phase, or time and the scheduler do, too. What
 * one hotplug thread alone does with `ops` is decided: faults draw by the identity of an event, blocks by the seed.
 */
#ifndef BENCH_ENGINE_EXACTNESS_H
#define BENCH_ENGINE_EXACTNESS_H

#include "bench/engine/run_private.h"

/**
 * mh_phase_inexact - why the counts of a phase that has ended are no function of the scenario
 *
 * Return: a sentence that belongs to the result; NULL: they are one.
 */
const char *mh_phase_inexact(const struct mh_phase *phase);

/* The phase has ended, and the next one may begin from what it left. */
void mh_phase_note_drift(struct mh_phase *phase);

#endif
