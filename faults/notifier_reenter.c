/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notifier-reenter: after the listener has returned, still inside the walk, calls back into the chain that is walked.
 *
 *   unregister  the listener that was just called: -EDEADLK on every type, and nothing has changed
 *   register    a newcomer of the lowest priority: 0 on the RCU types, -EDEADLK on rwlock and mutex; it leaves when the
 *               operation has ended
 *   walk        a walk inside of the walk, with an action that no event has: the value of the last listener, no errno
 *
 * What the chain answers besides is told by `expect: ignored`.
 */
#include "faults/fault.h"

#include <errno.h>
#include <limits.h>

#include "base/assert.h"
#include "core/machine.h"
#include "core/notifier.h"

enum reenter_what { REENTER_UNREGISTER, REENTER_REGISTER, REENTER_WALK };

struct reenter_parameters {
	int what; /* enum reenter_what */
};

static const struct mh_schema_row reenter_rows[] = {
	{.key = "what",
	 .type = MH_VALUE_ENUM,
	 .offset = offsetof(struct reenter_parameters, what),
	 .default_text = "unregister",
	 .values = "unregister|register|walk",
	 .help = "unregister the listener itself, register a newcomer, or walk the chain again"},
};

static const struct mh_schema reenter_schema = {
	.name = "fault notifier-reenter",
	.rows = reenter_rows,
	.count = sizeof(reenter_rows) / sizeof(reenter_rows[0]),
	.size = sizeof(struct reenter_parameters),
};

/* A worker's. Its newcomer is registered from a firing to the end of that operation. */
struct newcomer {
	struct notifier_block nb;
	struct mh_chain *chain; /* NULL: not registered */
};

MH_STATIC_ASSERT(sizeof(struct newcomer) <= MH_FAULT_MEMORY_SIZE, "a newcomer stands in the fault's memory");

static struct newcomer *newcomer_of(struct mh_fault_memory *memory)
{
	return (struct newcomer *)(void *)memory->bytes;
}

static int newcomer_call(struct notifier_block *nb, unsigned long action, void *data)
{
	(void)nb;
	(void)action;
	(void)data;
	return NOTIFY_DONE;
}

static int reenter_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	(void)reterr;
	*ret_action = (struct mh_fault_action){.own = parameters};
	return 0;
}

static bool chain_waits_for_walks(const struct mh_chain *chain)
{
	return chain->type == MH_CHAIN_RWLOCK || chain->type == MH_CHAIN_MUTEX;
}

static void reenter_register(struct mh_chain *chain, struct mh_fault_call *call)
{
	struct newcomer *newcomer = newcomer_of(call->memory);
	int ret;

	/* Once an operation: it stands there already. */
	if (newcomer->chain)
		return;
	newcomer->nb = (struct notifier_block){.notifier_call = newcomer_call, .priority = INT_MIN};
	ret = mh_chain_register(chain, &newcomer->nb, "reenter");
	if (ret == 0)
		newcomer->chain = chain;
	if (chain_waits_for_walks(chain) && ret != -EDEADLK)
		call->problem = "a register inside of a walk was not refused with -EDEADLK by a chain that would wait";
	else if (!chain_waits_for_walks(chain) && ret < 0)
		call->problem = "a register inside of a walk was refused by a chain that need not wait";
}

static void reenter_unregister(struct mh_chain *chain, struct mh_fault_call *call)
{
	if (mh_chain_unregister(chain, call->site->listener->nb) != -EDEADLK)
		call->problem = "an unregister inside of a walk was not refused with -EDEADLK";
}

/* Of no event: a bit that none is, or where the protocol numbers its events a number that none has. */
static unsigned long action_of_no_event(const struct mh_fault_call *call)
{
	const struct mh_protocol *protocol = mh_machine_protocol(call->machine);
	bool numbered = !mh_event_is_node(call->site->event) && protocol->actions[MH_ONLINE] == 0;

	return numbered ? 60 : 1ul << 30;
}

static void reenter_walk(struct mh_chain *chain, struct mh_fault_call *call)
{
	int value = mh_chain_call(chain, action_of_no_event(call), &call->site->operation->arg, -1, NULL);

	if (notifier_to_errno(value) != 0)
		call->problem = "a listener refused an action that it cannot know, in a walk inside of the walk";
}

static void reenter_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	const struct reenter_parameters *given = action->own;
	struct mh_chain *chain = mh_machine_event_chain(call->machine, call->site->event);

	switch ((enum reenter_what)given->what) {
	case REENTER_UNREGISTER:
		reenter_unregister(chain, call);
		break;
	case REENTER_REGISTER:
		reenter_register(chain, call);
		break;
	case REENTER_WALK:
		reenter_walk(chain, call);
		break;
	}
}

static void leave(struct newcomer *newcomer)
{
	if (newcomer->chain)
		(void)mh_chain_unregister(newcomer->chain, &newcomer->nb);
	newcomer->chain = NULL;
}

static void reenter_settle(const struct mh_fault_action *action, struct mh_fault_settling *settling)
{
	(void)action;
	leave(newcomer_of(settling->memory));
}

/* Of an operation with too many firings to be settled. */
static void reenter_disarm(struct mh_machine *machine, struct mh_fault_memory *memory)
{
	(void)machine;
	leave(newcomer_of(memory));
}

const struct mh_fault_kind mh_fault_notifier_reenter = {
	.name = "notifier-reenter",
	.help = "the listener runs, then calls back into its chain: the chain refuses what would hang Linux",
	.parameters = &reenter_schema,
	.default_events = MH_EVENTS_ALL,
	.expects = MH_EXPECT_BIT(MH_EXPECT_IGNORED),
	.prepare = reenter_prepare,
	.fire = reenter_fire,
	.settle = reenter_settle,
	.disarm = reenter_disarm,
};
