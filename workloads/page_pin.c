/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page-pin: takes pages and keeps them pinned for a drawn time, so that an offline that meets one tries again and again
 * until the pin is gone, or its deadline is over.
 *
 * A step lets go what is due (at most FREES_MAX, the oldest first) and pins one more page; when the thread holds `pins`
 * already, the one due soonest goes. Each step asks the next node with memory.
 *
 * No pin outlives its phase, and only steps end one: with an open arrival a pin lasts until the first arrival after its
 * time. An offline that waits for a pin ends by verify.deadline, or with its phase.
 */
#include "workloads/workload.h"

#include <errno.h>
#include <stdlib.h>

#include "base/line.h"
#include "core/page.h"
#include "workloads/drawn_times.h"
#include "workloads/handle_rows.h"
#include "workloads/lifetime_wheel.h"
#include "workloads/memory_nodes.h"

#define FREES_MAX 8 /* pins let go in one step because they are due */

struct pin_parameters {
	uint64_t order;
	uint64_t pins;
	struct mh_distribution hold;
};

static const struct mh_schema_row pin_rows[] = {
	{.key = "order",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = offsetof(struct pin_parameters, order),
	 .default_text = "0",
	 .max = "10",
	 .help = "a pin holds 2^order pages (of machine.page_unit)"},
	{.key = "pins",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = offsetof(struct pin_parameters, pins),
	 .default_text = "16",
	 .min = "1",
	 .max = "1048576",
	 .help = "how many a thread holds at once, at most"},
	{.key = "hold",
	 .type = MH_VALUE_DISTRIBUTION,
	 .offset = offsetof(struct pin_parameters, hold),
	 .default_text = "{exponential: {mean: 1ms}}",
	 .help = "how long a pin lasts; an offline of its block waits that long, or until verify.deadline"},
};

static const struct mh_schema pin_schema = {
	.name = "workload page-pin",
	.rows = pin_rows,
	.count = sizeof(pin_rows) / sizeof(pin_rows[0]),
	.size = sizeof(struct pin_parameters),
};

/* Workload's state. */
struct pins {
	struct mh_handle_rows rows;
	struct mh_memory_nodes nodes;
};

/* A worker's state. */
struct pin_worker {
	mh_handle *handles; /* by slot of the wheel */
	struct mh_wheel_slot *slots;
	unsigned turn; /* in the nodes with memory */
	struct mh_wheel wheel;
	struct mh_drawn_times holds;
};

static void pin_end(struct mh_workload *workload)
{
	struct pins *state = workload->state;

	if (!state)
		return;
	mh_handle_rows_release(&state->rows);
	mh_memory_nodes_release(&state->nodes);
	free(state);
	workload->state = NULL;
}

static int pin_begin(struct mh_workload *workload, struct mh_error *reterr)
{
	const struct pin_parameters *parameters = workload->parameters;
	struct pins *state = calloc(1, sizeof(*state));
	int ret;

	if (!state)
		return mh_error_set(reterr, -ENOMEM, "workload '%s': no memory", workload->name);
	workload->state = state;
	ret = mh_memory_nodes_init(&state->nodes, workload, reterr);
	if (ret == 0) {
		ret = mh_handle_rows_init(&state->rows, workload->workers, parameters->pins);
		if (ret < 0)
			(void)mh_error_set(reterr, ret, "workload '%s': %llu pins for each of %u threads are too many",
					   workload->name, (unsigned long long)parameters->pins, workload->workers);
	}
	if (ret < 0)
		pin_end(workload);
	return ret;
}

static int pin_thread_begin(struct mh_worker *worker)
{
	const struct pin_parameters *parameters = worker->workload->parameters;
	const struct pins *shared = worker->workload->state;
	struct pin_worker *state = mh_line_calloc(1, sizeof(*state));

	if (state)
		state->slots = mh_line_calloc(parameters->pins, sizeof(*state->slots));
	if (!state || !state->slots) {
		free(state);
		return -ENOMEM;
	}
	state->handles = mh_handle_row(&shared->rows, worker->index);
	state->turn = worker->index % shared->nodes.count;
	mh_drawn_times_init(&state->holds, &parameters->hold, worker->workload->clock, &worker->rng);
	mh_wheel_init(&state->wheel, state->slots, (uint32_t)parameters->pins, mh_drawn_times_mean(&state->holds),
		      worker->now_ticks);
	worker->state = state;
	return 0;
}

static void unpin(struct mh_worker *worker, struct pin_worker *state, uint32_t slot)
{
	mh_page_free(worker->workload->machine, worker->cpu, &state->handles[slot]);
	mh_wheel_give(&state->wheel, slot);
}

static void pin_thread_end(struct mh_worker *worker)
{
	struct pin_worker *state = worker->state;
	uint32_t slot;

	if (!state)
		return;
	while ((slot = mh_wheel_soonest(&state->wheel)) != MH_WHEEL_SLOT_NONE)
		unpin(worker, state, slot);
	free(state->slots);
	free(state);
	worker->state = NULL;
}

static void unpin_due(struct mh_worker *worker, struct pin_worker *state)
{
	for (unsigned i = 0; i < FREES_MAX; i++) {
		uint32_t slot = mh_wheel_due(&state->wheel, worker->now_ticks);

		if (slot == MH_WHEEL_SLOT_NONE)
			return;
		unpin(worker, state, slot);
	}
}

static int pin(struct mh_worker *worker, struct pin_worker *state, uint32_t slot)
{
	const struct pin_parameters *parameters = worker->workload->parameters;
	const struct pins *shared = worker->workload->state;
	const struct mh_identity *identity = &worker->operation->identity;
	uint64_t draw = mh_rng_mix(identity->stream, identity->index);
	int ret = mh_page_alloc(worker->workload->machine, worker->cpu,
				&(struct mh_page_request){
					.node = shared->nodes.nodes[state->turn],
					.order = (unsigned)parameters->order,
					.kind = MH_PAGE_PINNED,
				},
				&state->handles[slot]);

	state->turn = state->turn + 1 == shared->nodes.count ? 0 : state->turn + 1;
	if (ret < 0) {
		mh_wheel_give(&state->wheel, slot);
		return ret;
	}
	state->slots[slot].due_ticks = worker->now_ticks + mh_drawn_time(&state->holds, draw);
	mh_wheel_insert(&state->wheel, slot);
	return 0;
}

static int pin_step(struct mh_worker *worker)
{
	struct pin_worker *state = worker->state;
	uint32_t slot;

	unpin_due(worker, state);
	slot = mh_wheel_take(&state->wheel);
	if (slot == MH_WHEEL_SLOT_NONE) {
		unpin(worker, state, mh_wheel_soonest(&state->wheel));
		slot = mh_wheel_take(&state->wheel);
	}
	return pin(worker, state, slot);
}

const struct mh_workload_kind mh_workload_page_pin = {
	.name = "page-pin",
	.help = "pins pages for a drawn time, so that offlines wait for them; an operation is a pin and its end",
	.parameters = &pin_schema,
	.uses_pages = true,
	.begin = pin_begin,
	.end = pin_end,
	.thread_begin = pin_thread_begin,
	.thread_end = pin_thread_end,
	.step = pin_step,
};
