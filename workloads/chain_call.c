/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chain-call: walks the memory chain, outside of any operation.
 *
 * What it tells is no event, unless `event` says so: a listener that keeps its contract passes an action by that it
 * does not know, and the walk costs what the chain costs. A real event is told about the machine's first block without
 * anything happening to it: for stand-ins, whose cost is to be part of the walk. No fault strikes and no invariant is
 * checked in such a walk, since there is no operation.
 */
#include "workloads/workload.h"

#include "base/assert.h"

/* Not the number of any event, nor a bit of one. */
#define UNKNOWN_NUMBER 40

struct call_parameters {
	int event; /* 0: none; else an enum mh_event, + 1 */
};

MH_STATIC_ASSERT(MH_GOING_ONLINE == 0 && MH_CANCEL_ONLINE == 1 && MH_ONLINE == 2 && MH_GOING_OFFLINE == 3 &&
			 MH_CANCEL_OFFLINE == 4 && MH_OFFLINE == 5,
		 "the values of `event` stand in the order of the events");

static const struct mh_schema_row call_rows[] = {
	{.key = "event",
	 .type = MH_VALUE_ENUM,
	 .offset = offsetof(struct call_parameters, event),
	 .default_text = "none",
	 .values = "none|going_online|cancel_online|online|going_offline|cancel_offline|offline",
	 .help = "what listeners are told: none that they know, or an event that is not true, for stand-ins only"},
};

static const struct mh_schema call_schema = {
	.name = "workload chain-call",
	.rows = call_rows,
	.count = sizeof(call_rows) / sizeof(call_rows[0]),
	.size = sizeof(struct call_parameters),
};

/* A protocol counts its events, or gives each a bit. */
static unsigned long action_of(const struct mh_protocol *protocol, int event)
{
	bool is_numbered = protocol->actions[MH_ONLINE] == 0;

	if (event)
		return protocol->actions[event - 1];
	return is_numbered ? UNKNOWN_NUMBER : 1ul << UNKNOWN_NUMBER;
}

static int call_step(struct mh_worker *worker)
{
	const struct call_parameters *parameters = worker->workload->parameters;
	struct mh_machine *machine = worker->workload->machine;
	struct memory_notify arg = {
		.nr_pages = mh_machine_pages_per_block(machine),
		.status_change_nid_normal = -1,
		.status_change_nid_high = -1,
		.status_change_nid = -1,
	};

	/* What listeners answer only cuts the walk: nobody asked them for leave. */
	(void)mh_chain_call(mh_machine_chain(machine), action_of(mh_machine_protocol(machine), parameters->event), &arg,
			    -1, NULL);
	return 0;
}

const struct mh_workload_kind mh_workload_chain_call = {
	.name = "chain-call",
	.help = "walks the memory chain outside of any operation; an operation is one walk",
	.parameters = &call_schema,
	.step = call_step,
};
