/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a cell will need, before it runs: an estimate to plan by and to refuse by, not a measurement.
 */
#ifndef BENCH_ENGINE_ESTIMATE_H
#define BENCH_ENGINE_ESTIMATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "bench/engine/scenario.h"

struct mh_estimate {
	size_t node_count, block_count;
	uint64_t memory_bytes; /* of the process while it runs, at most about */
	uint64_t duration_ns;  /* of one run, its phases together */
	bool duration_guessed; /* a closed phase is bounded by ops or until: how fast it goes is not known before */
};

/**
 * mh_estimate_cell - load the topology, lay out the blocks, reckon
 *
 * Memory, at most about, in bytes: 9 MiB for the program and its libraries; 48 a block; 100 KiB a node for each
 * workload that allocates, and what its kind says beyond that; 512 a listener; 128 KiB a thread, and for each of its
 * series 64 KiB of a histogram (or all of a smaller one); 44 an event of the history's rings, which a slow host does
 * not fill; with backing: mmap all of the machine. Time: `for` as it stands; `ops` by the rate of open arrivals, else
 * by mh_estimate_operation_ns(); `until` half of its `max`.
 *
 * Return: 0; what mh_topology_load and mh_block_layout_make return, with their sentence.
 */
int mh_estimate_cell(const struct mh_scenario *scenario, struct mh_estimate *ret_estimate, struct mh_error *reterr);

/* A guess at one operation of the hotplug workloads: 1 us and two walks of 20 ns a listener and its mean cost. */
double mh_estimate_operation_ns(const struct mh_scenario *scenario);

/* Operations a second of the phase's headline workloads: their open rate, or a guess (@ret_guessed). */
double mh_estimate_phase_rate(const struct mh_scenario *scenario, const struct mh_scenario_phase *phase,
			      bool *ret_guessed);

#endif
