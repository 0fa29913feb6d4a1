/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Batches of made-up operations, with times and without, in turns: the quickest of each is the one that no other load
 * of the host has added to. */
#include "bench/engine/stamp_cost.h"

#include <math.h>

#define BATCHES        8
#define BATCH_NS       100000u /* aimed at */
#define OPERATIONS_MIN 4u
#define OPERATIONS_MAX 512u
#define WALKS          2u /* of an online: GOING, and what follows */
#define STAMPS_AROUND  8u /* lock, begin and end of the walks; with room */

struct probe {
	struct mh_trace trace;
	struct mh_recorder recorder;
	const struct mh_series *series;
	const struct mh_clock *clock;
	uint32_t listeners;
	enum mh_stamp_level level;
};

static void stamp_walk(struct mh_trace *trace, enum mh_event event, uint32_t listeners)
{
	mh_trace_add(trace, MH_STAMP_WALK_BEGIN, event, 0, 0);
	for (uint32_t id = 0; id < listeners; id++) {
		if (trace->level == MH_STAMPS_PAIR)
			mh_trace_add(trace, MH_STAMP_CALL_BEGIN, event, (uint16_t)id, 0);
		mh_trace_add(trace, MH_STAMP_CALLED, event, (uint16_t)id, 0);
	}
	mh_trace_add_at(trace, MH_STAMP_WALK_END, event, (uint16_t)listeners, 0, mh_trace_last_ticks(trace));
}

/* Of a series that the scenario leaves out nothing is recorded, as in a worker. */
static void record_whole(struct probe *probe, const struct mh_series_sink *sink, uint64_t ticks)
{
	const struct mh_workload_series *of = &probe->series->workloads[0];
	uint64_t ns = mh_clock_ns(probe->clock, ticks);

	mh_series_record(sink, of->service, ns);
	mh_series_record(sink, of->wait, 0);
	mh_series_record(sink, of->response, ns);
	mh_series_record(sink, probe->series->online, ns);
}

static void operate(struct probe *probe, const struct mh_series_sink *sink)
{
	uint64_t start = probe->level ? mh_clock_ticks(probe->clock) : 0;

	probe->trace.level = probe->level;
	mh_trace_reset(&probe->trace);
	mh_trace_add(&probe->trace, MH_STAMP_LOCKED, MH_GOING_ONLINE, 0, 0);
	stamp_walk(&probe->trace, MH_GOING_ONLINE, probe->listeners);
	stamp_walk(&probe->trace, MH_ONLINE, probe->listeners);
	/* The compiler must not see that the stamps of an untimed operation are not read. */
	__asm__ volatile("" ::"r"(probe->trace.stamps) : "memory");
	if (!probe->level)
		return;
	record_whole(probe, sink, mh_clock_ticks(probe->clock) - start);
	if (probe->series->stamped)
		mh_series_record_trace(probe->series, sink, &probe->trace, start);
}

static double batch_ns(struct probe *probe, enum mh_stamp_level level, unsigned operations)
{
	struct mh_peaks peaks = {.series_count = 0}; /* learns of nothing */
	const struct mh_series_sink sink = {&probe->recorder, &peaks, 0};
	uint64_t begin = mh_clock_ticks(probe->clock);

	probe->level = level;
	for (unsigned i = 0; i < operations; i++)
		operate(probe, &sink);
	return (double)mh_clock_ns(probe->clock, mh_clock_ticks(probe->clock) - begin) / operations;
}

/* So many that a batch lasts BATCH_NS, by one that also warms all up. */
static unsigned choose_operations(struct probe *probe, enum mh_stamp_level level)
{
	double one_ns = batch_ns(probe, level, OPERATIONS_MIN);
	double fitting = one_ns > 0 ? BATCH_NS / one_ns : OPERATIONS_MAX;

	return fitting > OPERATIONS_MAX   ? OPERATIONS_MAX
	       : fitting < OPERATIONS_MIN ? OPERATIONS_MIN
					  : (unsigned)fitting;
}

static double measure(struct probe *probe, enum mh_stamp_level level)
{
	unsigned operations = choose_operations(probe, level);
	double with = INFINITY, without = INFINITY;

	for (unsigned i = 0; i < BATCHES; i++) {
		without = fmin(without, batch_ns(probe, MH_STAMPS_NONE, operations));
		with = fmin(with, batch_ns(probe, level, operations));
	}
	return with > without ? with - without : 0;
}

static enum mh_stamp_level level_of(const struct mh_scenario *scenario, const struct mh_series *series)
{
	/* As a worker: steps that no series wants are not stamped. */
	return series->stamped ? (enum mh_stamp_level)scenario->record.stamps : MH_STAMPS_OP;
}

double mh_stamp_cost(const struct mh_scenario *scenario, struct mh_machine *machine, const struct mh_series *series,
		     const struct mh_clock *clock)
{
	struct probe probe = {.series = series, .clock = clock, .listeners = mh_chain_count(mh_machine_chain(machine))};
	uint32_t capacity = WALKS * 2 * probe.listeners + STAMPS_AROUND;
	struct mh_error ignored;
	double cost = -1;

	if (scenario->record.stamps == MH_STAMPS_NONE)
		return 0;
	if (mh_trace_init(&probe.trace, capacity, MH_STAMPS_NONE, clock) == 0 &&
	    mh_recorder_init(&probe.recorder, &series->table, &ignored) == 0)
		cost = measure(&probe, level_of(scenario, series)) / (double)scenario->record.sample;
	mh_recorder_release(&probe.recorder);
	mh_trace_release(&probe.trace);
	return cost;
}
