/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rcu-reader: read-side sections of the memory chain's RCU domain, as an operation's walk makes them.
 *
 * While a section lasts no grace period that began in it ends: with `hold` it is what keeps an unregister waiting. A
 * chain of the rwlock or mutex type has no grace periods, and its sections then delay nobody.
 */
#include "workloads/workload.h"

#include <errno.h>
#include <stdlib.h>

#include "base/line.h"
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
	.name = "workload rcu-reader",
	.rows = reader_rows,
	.count = sizeof(reader_rows) / sizeof(reader_rows[0]),
	.size = sizeof(struct reader_parameters),
};

static int reader_thread_begin(struct mh_worker *worker)
{
	const struct reader_parameters *parameters = worker->workload->parameters;
	struct mh_drawn_times *holds = mh_line_calloc(1, sizeof(*holds));

	if (!holds)
		return -ENOMEM;
	mh_drawn_times_init(holds, &parameters->hold, worker->workload->clock, &worker->rng);
	worker->state = holds;
	return 0;
}

static void reader_thread_end(struct mh_worker *worker)
{
	free(worker->state);
	worker->state = NULL;
}

static int reader_step(struct mh_worker *worker)
{
	const struct mh_identity *identity = &worker->operation->identity;
	struct mh_rcu_domain *domain = &mh_machine_chain(worker->workload->machine)->rcu;
	unsigned section = mh_rcu_read_lock(domain);

	mh_section_hold(worker, mh_drawn_time(worker->state, mh_rng_mix(identity->stream, identity->index)));
	mh_rcu_read_unlock(domain, section);
	return 0;
}

const struct mh_workload_kind mh_workload_rcu_reader = {
	.name = "rcu-reader",
	.help = "read-side sections of the chain's RCU, which delay grace periods; an operation is one section",
	.parameters = &reader_schema,
	.thread_begin = reader_thread_begin,
	.thread_end = reader_thread_end,
	.step = reader_step,
};
