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
	size_t node_count, block_count; /* 0 with mode: kernel, whose blocks are named when it is run */
	uint64_t memory_bytes;          /* of the process while it runs, at most about */
	/* What the report of a sweep keeps of each of its first MH_MERGED_CELLS_MAX cells while it adds up their runs.
	 */
	uint64_t added_up_bytes;
	uint64_t duration_ns;  /* of one run, its phases together */
	bool duration_guessed; /* a closed phase is bounded by ops or until: how fast it goes is not known before */
};

/**
 * mh_estimate_cell - load the topology, lay out the blocks, reckon
 *
 * Memory: a bound that no run has passed (the constants stand in estimate.c): the program; the machine by its blocks,
 * nodes, pairs of nodes and CPUs; a listener; a thread with two sets of histograms, of which few pages are touched;
 * what the result keeps and how it is written; the rings of the history as far as the operations can fill them; what
 * kinds of workloads say beyond that; with backing: mmap all of the machine. Time: `for` as it stands; `ops` by the
 * rate of open arrivals, else by mh_estimate_operation_ns(); `until` half of its `max`.
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
