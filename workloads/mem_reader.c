/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mem-reader: sections between get_online_mems() and put_online_mems(), in which no block of a node comes or goes.
 *
 * The node is a function of the stream key and the operation's index. With `hotplug_lock: global` a section holds up
 * the operations on every node. At verify: full each section proves that what it saw did not change.
 */
#include "workloads/workload.h"

#include <errno.h>
#include <stdlib.h>

#include "base/line.h"
#include "core/hotplug_reader.h"
#include "workloads/drawn_times.h"
#include "workloads/section_hold.h"

struct reader_parameters {
	struct mh_distribution hold;
};

static const struct mh_schema_row reader_rows[] = {
	{.key = "hold",
	 .type = MH_VALUE_DISTRIBUTION,
	 .offset = offsetof(struct reader_parameters, hold),
	 .default_text = "0ns",
	 .help = "how long a section lasts, spinning; the end of its phase cuts it short"},
};

static const struct mh_schema reader_schema = {
	.name = "workload mem-reader",
	.rows = reader_rows,
	.count = sizeof(reader_rows) / sizeof(reader_rows[0]),
	.size = sizeof(struct reader_parameters),
};

/* A worker's state. */
struct reader_worker {
	unsigned node_count;
	struct mh_drawn_times holds;
};

static int reader_thread_begin(struct mh_worker *worker)
{
	const struct reader_parameters *parameters = worker->workload->parameters;
	struct reader_worker *state = mh_line_calloc(1, sizeof(*state));

	if (!state)
		return -ENOMEM;
	state->node_count = mh_machine_node_count(worker->workload->machine);
	mh_drawn_times_init(&state->holds, &parameters->hold, worker->workload->clock, &worker->rng);
	worker->state = state;
	return 0;
}

static void reader_thread_end(struct mh_worker *worker)
{
	free(worker->state);
	worker->state = NULL;
}

static int reader_step(struct mh_worker *worker)
{
	const struct reader_worker *state = worker->state;
	const struct mh_identity *identity = &worker->operation->identity;
	struct mh_machine *machine = worker->workload->machine;
	uint64_t draw = mh_rng_mix(identity->stream, identity->index);
	struct mh_hotplug_reader section;

	mh_hotplug_read_lock(machine, (unsigned)(((draw >> 32) * state->node_count) >> 32), &section);
	mh_section_hold(worker, mh_drawn_time(&state->holds, draw));
	mh_hotplug_read_unlock(machine, &section);
	return 0;
}

const struct mh_workload_kind mh_workload_mem_reader = {
	.name = "mem-reader",
	.help = "sections between get_online_mems and put_online_mems, which hold up operations; an operation is one",
	.parameters = &reader_schema,
	.thread_begin = reader_thread_begin,
	.thread_end = reader_thread_end,
	.step = reader_step,
};
