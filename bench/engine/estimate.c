/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sums over the scenario; the constants are those of estimate.h. */
#include "bench/engine/estimate.h"

#include "bench/engine/events.h"
#include "core/topology/layout.h"
#include "core/topology/topology.h"
#include "core/units.h"
#include "results/histogram.h"

#include <string.h>

/* Read off max RSS of runs on machines of 1 to 1,024 nodes and up to 524,288 blocks. */
#define PROGRAM_BYTES       (UINT64_C(9) << 20)
#define BLOCK_BYTES         48
#define LISTENER_BYTES      512
#define HISTOGRAM_BYTES     65536
#define HISTORY_EVENT_BYTES 44 /* an operation and its calls, in rings of the next power of two, once filled */
#define THREAD_BYTES        (UINT64_C(128) << 10)
#define NODE_PAGES_BYTES    (UINT64_C(100) << 10) /* a workload that allocates: handles, owner words, lists */
#define LISTENER_SERIES_MAX 64
#define SERIES_OF_OPERATION 11 /* service … migrate; walk by event comes to it */
#define OPERATION_NS        1000.0
#define LISTENER_CALL_NS    20.0

/* Of the memory chain; walks of the chain of nodes are rare. */
static double walks_per_operation(const struct mh_scenario *scenario)
{
	return mh_scenario_protocol(scenario)->prepares ? 3 : 2;
}

double mh_estimate_operation_ns(const struct mh_scenario *scenario)
{
	double walk_ns = 0;

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

static uint64_t histogram_bytes(uint64_t digits, uint64_t highest_ns)
{
	const struct mh_histogram_layout layout = {.lowest = 1, .highest = highest_ns, .digits = (unsigned)digits};
	uint64_t bytes = mh_histogram_bytes(&layout);

	return bytes < HISTOGRAM_BYTES ? bytes : HISTOGRAM_BYTES;
}

static uint64_t recorder_bytes(const struct mh_scenario *scenario)
{
	const struct mh_scenario_record *record = &scenario->record;
	uint64_t listeners = scenario->chain.listener_count;

	if (listeners > LISTENER_SERIES_MAX)
		listeners = LISTENER_SERIES_MAX;
	return (SERIES_OF_OPERATION + (unsigned)__builtin_popcount(mh_scenario_protocol(scenario)->events)) *
		       histogram_bytes(record->digits, record->highest_ns) +
	       listeners * histogram_bytes(record->listener_digits, record->highest_ns);
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

static uint64_t memory_bytes(const struct mh_scenario *scenario, const struct mh_estimate *estimate)
{
	uint64_t threads = 1;

	for (size_t i = 0; i < scenario->workload_count; i++)
		threads += scenario->workloads[i].threads;
	return PROGRAM_BYTES + estimate->block_count * BLOCK_BYTES + backing_bytes(scenario, estimate) +
	       page_workloads(scenario) * estimate->node_count * NODE_PAGES_BYTES +
	       scenario->chain.listener_count * LISTENER_BYTES + threads * (THREAD_BYTES + recorder_bytes(scenario)) +
	       scenario->verify.history.events * HISTORY_EVENT_BYTES;
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
		estimate.node_count = topology->node_count;
		estimate.block_count = layout->block_count;
		estimate.memory_bytes =
			memory_bytes(scenario, &estimate) + kinds_bytes(scenario, largest_node_pages(layout));
		for (size_t i = 0; i < scenario->phase_count; i++)
			estimate.duration_ns +=
				phase_duration_ns(scenario, &scenario->phases[i], &estimate.duration_guessed);
		*ret_estimate = estimate;
	}
	mh_block_layout_free(layout);
	mh_topology_free(topology);
	return ret;
}
