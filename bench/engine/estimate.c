/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sums over the scenario; the constants are those of estimate.h. */
#include "bench/engine/estimate.h"

#include "bench/engine/events.h"
#include "bench/engine/exemplar.h"
#include "bench/engine/history.h"
#include "core/topology/layout.h"
#include "core/topology/topology.h"
#include "core/units.h"
#include "results/histogram.h"

#include <string.h>

/* Each is at most about; read off the peak RSS of runs on machines of 1 to 1,024 nodes, up to 524,288 blocks and 16,000
 * listeners, with one to eight threads and with faults. tests/cli/scale.bats holds the sum to it. */
#define PROGRAM_BYTES       (UINT64_C(8) << 20) /* the program, its libraries, and what the report is made of */
#define BLOCK_BYTES         14
#define NODE_BYTES          (UINT64_C(7) << 10) /* with its zones, and what hwloc keeps of it */
#define NODE_PAIR_BYTES     6                   /* a distance, and a place in the order of falling back */
#define CPU_BYTES           (UINT64_C(3) << 10)
#define LISTENER_BYTES      2560 /* itself, its place in chains and retired arrays, its counts in the result */
#define THREAD_BYTES        (UINT64_C(128) << 10)
#define NODE_PAGES_BYTES    (UINT64_C(100) << 10) /* a workload that allocates: handles, owner words, lists */
#define LISTENER_SERIES_MAX 64
#define SERIES_OF_OPERATION 11                   /* service … migrate; walk by event comes to it */
#define SERIES_OF_WORKLOAD  3                    /* of one that is none of the headline */
#define STEP_BYTES          400                  /* of an exemplar: in the result, as a tree of JSON, as text */
#define SERIES_TEXT_BYTES   (UINT64_C(12) << 10) /* of a histogram in the result: as a tree of JSON, as text */
/* Of `mode: kernel`: an emulated Linux 6.1 took 2 ms to online 128 MiB and 3 to 4 ms to offline them; what notes, guard
 * and histograms take beside the program. */
#define KERNEL_OPERATION_NS 3e6
#define KERNEL_RUN_BYTES    (24u << 20)
#define OPERATION_NS        1000.0
#define LISTENER_CALL_NS    20.0

/* Of the memory chain; walks of the chain of nodes are rare. */
static unsigned walks_per_operation(const struct mh_scenario *scenario)
{
	return mh_scenario_protocol(scenario)->prepares ? 3 : 2;
}

double mh_estimate_operation_ns(const struct mh_scenario *scenario)
{
	double walk_ns = 0;

	if (scenario->mode == MH_MODE_KERNEL)
		return KERNEL_OPERATION_NS;
	if (scenario->costs)
		return scenario->costs_mean_ns;
	for (size_t i = 0; i < scenario->chain.listener_count; i++) {
		const struct mh_scenario_listener *listener = &scenario->chain.listeners[i];

		if (!listener->on_memory)
			continue;
		walk_ns += LISTENER_CALL_NS + mh_distribution_mean(&scenario->chain.notifiers[listener->notifier].cost);
	}
	return OPERATION_NS + walks_per_operation(scenario) * walk_ns;
}

static bool workload_is_headline(const struct mh_scenario *scenario, size_t index)
{
	for (size_t i = 0; i < scenario->workload_count; i++)
		if (scenario->workloads[i].kind->hotplug)
			return scenario->workloads[index].kind->hotplug;
	return index == 0;
}

double mh_estimate_phase_rate(const struct mh_scenario *scenario, const struct mh_scenario_phase *phase,
			      bool *ret_guessed)
{
	double rate = 0;

	*ret_guessed = false;
	for (size_t i = 0; i < phase->workloads.count; i++) {
		const struct mh_scenario_workload *workload = &scenario->workloads[phase->workloads.items[i]];

		if (!workload_is_headline(scenario, phase->workloads.items[i]))
			continue;
		if (workload->arrival != MH_ARRIVAL_CLOSED) {
			rate += mh_scenario_mean_rate(workload, phase);
			continue;
		}
		*ret_guessed = true;
		rate += 1e9 / mh_estimate_operation_ns(scenario);
	}
	return rate;
}

static uint64_t phase_duration_ns(const struct mh_scenario *scenario, const struct mh_scenario_phase *phase,
				  bool *guessed)
{
	bool rate_guessed;
	double rate = mh_estimate_phase_rate(scenario, phase, &rate_guessed), ns;

	if (phase->for_ns)
		return phase->for_ns;
	if (phase->until) {
		*guessed = true;
		return phase->max_ns / 2;
	}
	*guessed |= rate_guessed;
	ns = rate > 0 ? (double)phase->ops / rate * 1e9 : 0;
	return phase->max_ns && ns > (double)phase->max_ns ? phase->max_ns : (uint64_t)ns;
}

static uint64_t page_workloads(const struct mh_scenario *scenario)
{
	uint64_t count = 0;

	for (size_t i = 0; i < scenario->workload_count; i++)
		count += scenario->workloads[i].kind->uses_pages;
	return count;
}

/* A histogram is touched where values are: about so many pages, or all of a small one. */
static uint64_t histogram_bytes(uint64_t digits, uint64_t highest_ns)
{
	static const uint64_t touched[] = {0, 6 << 10, 8 << 10, 24 << 10, 80 << 10, 640 << 10};
	const struct mh_histogram_layout layout = {.lowest = 1, .highest = highest_ns, .digits = (unsigned)digits};
	uint64_t bytes = mh_histogram_bytes(&layout);

	return bytes < touched[digits] ? bytes : touched[digits];
}

/* What is recorded of each phase. */
struct recorded {
	uint64_t series; /* without classes */
	uint64_t bytes;  /* of their histograms, once */
};

static struct recorded recorded_of(const struct mh_scenario *scenario)
{
	const struct mh_scenario_record *record = &scenario->record;
	uint64_t listeners = scenario->chain.listener_count, others;

	if (record->stamps == MH_STAMPS_NONE)
		return (struct recorded){0};
	listeners = listeners > LISTENER_SERIES_MAX ? LISTENER_SERIES_MAX + 1 : listeners;
	others = SERIES_OF_OPERATION + (unsigned)__builtin_popcount(mh_scenario_protocol(scenario)->events) +
		 SERIES_OF_WORKLOAD * scenario->workload_count;
	return (struct recorded){
		.series = others + listeners,
		.bytes = others * histogram_bytes(record->digits, record->highest_ns) +
			 listeners * histogram_bytes(record->listener_digits, record->highest_ns),
	};
}

static uint64_t recorded_phases(const struct mh_scenario *scenario)
{
	uint64_t count = 0;

	for (size_t i = 0; i < scenario->phase_count; i++)
		count += mh_scenario_phase_is_recorded(&scenario->phases[i]);
	return count;
}

/* Each whole, and where there are faults its parts, of which one holds most. */
static uint64_t with_classes(const struct mh_scenario *scenario, uint64_t value)
{
	return scenario->fault_count ? value * 5 / 2 : value;
}

/* The collection's interval and its total, what the result keeps of each phase, and how it is written. */
static uint64_t result_bytes(const struct mh_scenario *scenario, const struct recorded *recorded)
{
	uint64_t phases = recorded_phases(scenario);

	return with_classes(scenario, recorded->bytes * (2 + phases) + recorded->series * phases * SERIES_TEXT_BYTES);
}

/* Of the cells that have several runs. */
static uint64_t added_up_bytes(const struct mh_scenario *scenario)
{
	struct recorded recorded = recorded_of(scenario);

	return scenario->runs > 1 ? with_classes(scenario, recorded.bytes * recorded_phases(scenario)) : 0;
}

/* Kept operations, of each phase. */
static uint64_t exemplars_of(const struct mh_scenario *scenario, const struct recorded *recorded)
{
	return scenario->record.exemplars ? scenario->record.exemplars + recorded->series : 0;
}

static uint64_t exemplar_bytes(const struct mh_scenario *scenario, const struct recorded *recorded)
{
	uint64_t steps = walks_per_operation(scenario) * (scenario->chain.listener_count + 1) + 2;

	if (scenario->record.stamps < MH_STAMPS_EVENT)
		steps = 1;
	steps = steps > MH_EXEMPLAR_STAMPS ? MH_EXEMPLAR_STAMPS : steps;
	return recorded_phases(scenario) * exemplars_of(scenario, recorded) * (steps + 2) * STEP_BYTES;
}

#define OPERATION_NS_LEAST 50u /* none is quicker */

/* Of so many threads. */
static uint64_t operations_most(const struct mh_scenario_phase *phase, uint64_t threads)
{
	if (phase->ops)
		return phase->ops;
	return mh_scenario_phase_span_ns(phase) / OPERATION_NS_LEAST * threads;
}

/* The rings of a hotplug thread, as far as the phase's operations fill them. */
static uint64_t history_bytes(const struct mh_scenario *scenario)
{
	uint64_t calls_each = walks_per_operation(scenario) * scenario->chain.listener_count, most = 0, threads = 0;

	if (scenario->verify.history.kind == MH_HISTORY_OFF)
		return 0;
	for (size_t i = 0; i < scenario->workload_count; i++)
		threads += scenario->workloads[i].kind->hotplug ? scenario->workloads[i].threads : 0;
	for (size_t i = 0; i < scenario->phase_count; i++) {
		uint64_t operations = operations_most(&scenario->phases[i], threads);

		if (mh_scenario_phase_is_recorded(&scenario->phases[i]) && operations > most)
			most = operations;
	}
	return threads ? mh_history_bytes_most(&scenario->verify.history, threads, most, calls_each) : 0;
}

/* Of one thread, whatever it does: two sets, of which faults spread the values over classes; its stamps; its worst. */
static uint64_t thread_bytes(const struct mh_scenario *scenario, const struct recorded *recorded)
{
	uint64_t listeners = scenario->chain.listener_count;

	return THREAD_BYTES + recorded->bytes * (scenario->fault_count ? 3 : 2) +
	       listeners * (mh_scenario_protocol(scenario)->prepares ? 4 : 3) * 2 * sizeof(struct mh_stamp) +
	       listeners * MH_EVENT_COUNT * sizeof(uint64_t) +
	       exemplars_of(scenario, recorded) * sizeof(struct mh_exemplar);
}

/* All frames may have been taken once, and keep their memory while their block is online. */
static uint64_t backing_bytes(const struct mh_scenario *scenario, const struct mh_estimate *estimate)
{
	if (scenario->machine.backing == MH_BACKING_NONE)
		return 0;
	return estimate->block_count * scenario->machine.block_size_bytes;
}

static uint64_t kinds_bytes(const struct mh_scenario *scenario, uint64_t node_pages)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < scenario->workload_count; i++) {
		const struct mh_scenario_workload *workload = &scenario->workloads[i];
		const struct mh_workload_shape shape = {workload->threads, node_pages};

		if (workload->kind->memory_bytes)
			bytes += workload->kind->memory_bytes(workload->parameters, &shape);
	}
	return bytes;
}

static uint64_t largest_node_pages(const struct mh_block_layout *layout)
{
	size_t blocks = 0;

	for (size_t i = 0; i < layout->node_count; i++)
		blocks = layout->nodes[i].count > blocks ? layout->nodes[i].count : blocks;
	return blocks * (layout->block_size_bytes >> MH_PAGE_SHIFT);
}

/* Of the phase that has the most. */
static uint64_t threads_of(const struct mh_scenario *scenario)
{
	uint64_t most = 0;

	for (size_t i = 0; i < scenario->phase_count; i++) {
		uint64_t threads = 0;

		for (size_t w = 0; w < scenario->phases[i].workloads.count; w++)
			threads += scenario->workloads[scenario->phases[i].workloads.items[w]].threads;
		most = threads > most ? threads : most;
	}
	return most;
}

static uint64_t machine_bytes(const struct mh_scenario *scenario, const struct mh_topology *topology,
			      const struct mh_estimate *estimate)
{
	uint64_t nodes = topology->node_count;

	return estimate->block_count * BLOCK_BYTES + nodes * NODE_BYTES + nodes * nodes * NODE_PAIR_BYTES +
	       topology->cpu_count * CPU_BYTES + backing_bytes(scenario, estimate) +
	       page_workloads(scenario) * nodes * NODE_PAGES_BYTES;
}

static uint64_t memory_bytes(const struct mh_scenario *scenario, const struct mh_topology *topology,
			     const struct mh_estimate *estimate)
{
	struct recorded recorded = recorded_of(scenario);

	return PROGRAM_BYTES + machine_bytes(scenario, topology, estimate) +
	       scenario->chain.listener_count * LISTENER_BYTES +
	       threads_of(scenario) * thread_bytes(scenario, &recorded) + result_bytes(scenario, &recorded) +
	       exemplar_bytes(scenario, &recorded) + history_bytes(scenario);
}

/* A kernel's blocks are its own, and named only when it is run. */
static void simulated_needs(const struct mh_scenario *scenario, const struct mh_topology *topology,
			    const struct mh_block_layout *layout, struct mh_estimate *estimate)
{
	estimate->added_up_bytes = added_up_bytes(scenario);
	if (scenario->mode == MH_MODE_KERNEL) {
		estimate->memory_bytes = KERNEL_RUN_BYTES;
		return;
	}
	estimate->node_count = topology->node_count;
	estimate->block_count = layout->block_count;
	estimate->memory_bytes =
		memory_bytes(scenario, topology, estimate) + kinds_bytes(scenario, largest_node_pages(layout));
}

int mh_estimate_cell(const struct mh_scenario *scenario, struct mh_estimate *ret_estimate, struct mh_error *reterr)
{
	struct mh_estimate estimate = {0};
	struct mh_block_layout *layout = NULL;
	struct mh_topology *topology;
	int ret = mh_topology_load(scenario->machine.topology, scenario->machine.node_memory_bytes, &topology, reterr);

	if (ret < 0)
		return ret;
	ret = mh_block_layout_make(topology, scenario->machine.block_size_bytes, &layout, reterr);
	if (ret == 0) {
		simulated_needs(scenario, topology, layout, &estimate);
		for (size_t i = 0; i < scenario->phase_count; i++)
			estimate.duration_ns +=
				phase_duration_ns(scenario, &scenario->phases[i], &estimate.duration_guessed);
		*ret_estimate = estimate;
	}
	mh_block_layout_free(layout);
	mh_topology_free(topology);
	return ret;
}
