/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What timing an operation costs on this host, as the scenario asks for it: measured when the run is set up, since the
 * clock, the CPU and the number of listeners decide it.
 */
#ifndef BENCH_ENGINE_STAMP_COST_H
#define BENCH_ENGINE_STAMP_COST_H

#include "bench/engine/scenario.h"
#include "bench/engine/series.h"

/**
 * mh_stamp_cost - ns that record.stamps adds to an operation, on average over record.sample of them
 * @machine: with all of its listeners registered; nothing is called
 * @series: of the run
 *
 * Stamps as many times as an online does, whose walks call every listener, and records all series, as a worker does;
 * against the same without times. Takes about 2 ms. Return: 0 with stamps: none; negative: no memory to measure it.
 */
double mh_stamp_cost(const struct mh_scenario *scenario, struct mh_machine *machine, const struct mh_series *series,
		     const struct mh_clock *clock);

#endif
