/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notifier-mutate: after the listener has returned, a field of the event's argument is another, as if the listener had
 * written to it. Listeners below see it. With `expect: detected` the argument is put back when I09 has seen it;
 * without, the rest of the operation goes by it, as Linux does.
 */
#include "faults/fault.h"

#include "core/machine.h"

enum mutate_field { MUTATE_START_PFN, MUTATE_NR_PAGES, MUTATE_NID, MUTATE_NID_NORMAL };

struct mutate_parameters {
	int field; /* enum mutate_field */
};

static const struct mh_schema_row mutate_rows[] = {
	{.key = "field",
	 .type = MH_VALUE_ENUM,
	 .offset = offsetof(struct mutate_parameters, field),
	 .default_text = "nr_pages",
	 .values = "start_pfn|nr_pages|status_change_nid|status_change_nid_normal",
	 .help = "what is changed; of an event on the chain of nodes it is the nid"},
};

static const struct mh_schema mutate_schema = {
	.name = "fault notifier-mutate",
	.rows = mutate_rows,
	.count = sizeof(mutate_rows) / sizeof(mutate_rows[0]),
	.size = sizeof(struct mutate_parameters),
};

static int mutate_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	(void)reterr;
	*ret_action = (struct mh_fault_action){.own = parameters};
	return 0;
}

/* Said or unsaid, the other way round: -1 says nothing. */
static void turn_nid(int *nid)
{
	*nid = *nid < 0 ? 0 : -1;
}

static void mutate(struct memory_notify *arg, enum mutate_field field)
{
	switch (field) {
	case MUTATE_START_PFN:
		arg->start_pfn ^= 1;
		break;
	case MUTATE_NR_PAGES:
		arg->nr_pages ^= 1;
		break;
	case MUTATE_NID:
		turn_nid(&arg->status_change_nid);
		break;
	case MUTATE_NID_NORMAL:
		turn_nid(&arg->status_change_nid_normal);
		break;
	}
}

static void mutate_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	const struct mutate_parameters *given = action->own;

	if (call->site->arg)
		mutate(call->site->arg, (enum mutate_field)given->field);
	else
		call->site->operation->node_arg.nid ^= 1;
}

const struct mh_fault_kind mh_fault_notifier_mutate = {
	.name = "notifier-mutate",
	.help = "the listener runs, then a field of the event's argument is changed for those below it",
	.parameters = &mutate_schema,
	.default_events = MH_EVENTS_ALL,
	.expects = MH_EXPECT_BIT(MH_EXPECT_DETECTED),
	.detects = "I09",
	.prepare = mutate_prepare,
	.fire = mutate_fire,
};
