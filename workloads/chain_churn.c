/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chain-churn: registers and unregisters listeners of its own while others walk the chain.
 *
 * Each thread has `listeners` blocks in a ring; all but one stay registered between steps. A step registers that one
 * and unregisters the one that has been registered longest, and waits for its grace period.
 */
#include "workloads/workload.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/line.h"

#define LISTENERS_MAX "1024"

struct churn_parameters {
	int64_t priority;
	uint64_t listeners;
};

static const struct mh_schema_row churn_rows[] = {
	{.key = "priority",
	 .type = MH_VALUE_INTEGER,
	 .offset = offsetof(struct churn_parameters, priority),
	 .default_text = "0",
	 .min = "-2147483648",
	 .max = "2147483647",
	 .help = "where in the chain the listeners come and go"},
	{.key = "listeners",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = offsetof(struct churn_parameters, listeners),
	 .default_text = "1",
	 .min = "1",
	 .max = LISTENERS_MAX,
	 .help = "a thread's own, named WORKLOAD.THREAD.NUMBER; all but one stay registered between operations"},
};

static const struct mh_schema churn_schema = {
	.name = "workload chain-churn",
	.rows = churn_rows,
	.count = sizeof(churn_rows) / sizeof(churn_rows[0]),
	.size = sizeof(struct churn_parameters),
};

struct churn_listener {
	struct notifier_block nb;
	char name[MH_LISTENER_NAME_SIZE];
};

/* A worker's state. */
struct churn_worker {
	uint32_t count;
	uint32_t out; /* the one that is not registered */
	bool all_in;  /* not even that: its unregister failed, and is tried again */
	struct churn_listener listeners[];
};

static int churn_callback(struct notifier_block *nb, unsigned long action, void *data)
{
	(void)nb;
	(void)action;
	(void)data;
	return NOTIFY_OK;
}

static uint32_t after(const struct churn_worker *state, uint32_t index)
{
	return index + 1 == state->count ? 0 : index + 1;
}

/* All but the one that is out. */
static void leave_chain(struct mh_chain *chain, struct churn_worker *state)
{
	for (uint32_t i = 0; i < state->count; i++)
		(void)mh_chain_unregister(chain, &state->listeners[i].nb);
}

static void name_listeners(struct mh_worker *worker, struct churn_worker *state)
{
	const struct churn_parameters *parameters = worker->workload->parameters;

	for (uint32_t i = 0; i < state->count; i++) {
		struct churn_listener *listener = &state->listeners[i];

		listener->nb = (struct notifier_block){
			.notifier_call = churn_callback,
			.priority = (int)parameters->priority,
		};
		(void)snprintf(listener->name, sizeof(listener->name), "%.40s.%u.%u", worker->workload->name,
			       worker->index, i);
	}
}

static int churn_thread_begin(struct mh_worker *worker)
{
	const struct churn_parameters *parameters = worker->workload->parameters;
	struct mh_chain *chain = mh_machine_chain(worker->workload->machine);
	size_t count = parameters->listeners;
	struct churn_worker *state = mh_line_calloc(1, sizeof(*state) + count * sizeof(state->listeners[0]));

	if (!state)
		return -ENOMEM;
	state->count = (uint32_t)count;
	name_listeners(worker, state);
	for (uint32_t i = 1; i < state->count; i++) {
		int ret = mh_chain_register(chain, &state->listeners[i].nb, state->listeners[i].name);

		if (ret < 0) {
			leave_chain(chain, state);
			free(state);
			return ret;
		}
	}
	worker->state = state;
	return 0;
}

static void churn_thread_end(struct mh_worker *worker)
{
	if (!worker->state)
		return;
	leave_chain(mh_machine_chain(worker->workload->machine), worker->state);
	free(worker->state);
	worker->state = NULL;
}

static int churn_step(struct mh_worker *worker)
{
	struct mh_machine *machine = worker->workload->machine;
	struct churn_worker *state = worker->state;
	struct churn_listener *in = &state->listeners[state->out];
	uint32_t oldest = after(state, state->out);
	int ret;

	if (!state->all_in) {
		ret = mh_chain_register(mh_machine_chain(machine), &in->nb, in->name);
		if (ret < 0)
			return ret;
	}
	ret = mh_machine_unregister(machine, worker->operation, &state->listeners[oldest].nb);
	state->all_in = ret < 0;
	if (ret == 0)
		state->out = oldest;
	return ret;
}

const struct mh_workload_kind mh_workload_chain_churn = {
	.name = "chain-churn",
	.help = "registers and unregisters listeners of its own; an operation is a register and an unregister",
	.parameters = &churn_schema,
	.unregisters = true,
	.thread_begin = churn_thread_begin,
	.thread_end = churn_thread_end,
	.step = churn_step,
};
