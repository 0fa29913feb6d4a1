/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * module-unload: when the operation in which it fired has ended, its thread has the listener go away while others walk,
 * and come back: a listener of the scenario is unregistered and registered again; a module is unloaded, code and all,
 * and loaded again. That no walk calls it meanwhile is I26, which is always looked at.
 */
#include "faults/fault.h"

#include <errno.h>

#include "base/sync.h"
#include "core/machine.h"
#include "core/module.h"
#include "core/notifier.h"

struct unload_parameters {
	uint64_t away_ns;
};

static const struct mh_schema_row unload_rows[] = {
	{.key = "away",
	 .type = MH_VALUE_DURATION,
	 .offset = offsetof(struct unload_parameters, away_ns),
	 .default_text = "0s",
	 .help = "how long it stays away"},
};

static const struct mh_schema unload_schema = {
	.name = "fault module-unload",
	.rows = unload_rows,
	.count = sizeof(unload_rows) / sizeof(unload_rows[0]),
	.size = sizeof(struct unload_parameters),
};

static int unload_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	(void)reterr;
	*ret_action = (struct mh_fault_action){.own = parameters};
	return 0;
}

static void unload_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	(void)action;
	(void)call;
}

/* A listener of the scenario. Somebody else may have taken it out: then it is theirs to bring back. */
static void leave_and_return(const struct mh_fault_settling *settling, struct mh_chain *chain, uint64_t away_ns,
			     const char **ret_problem)
{
	struct notifier_block *nb = settling->listener->nb;
	int ret = mh_chain_unregister(chain, nb);

	if (ret < 0) {
		if (ret != -ENOENT)
			*ret_problem = "its listener could not be unregistered outside of a walk";
		return;
	}
	if (away_ns)
		mh_sleep_ns(away_ns);
	if (mh_chain_register(chain, nb, settling->listener->name) < 0)
		*ret_problem = "its listener could not be registered again";
}

static void unload_settle(const struct mh_fault_action *action, struct mh_fault_settling *settling)
{
	const struct unload_parameters *given = action->own;
	struct mh_cpu *cpu = settling->operation->cpu;
	int ret;

	/* It waits for walks, one of which may wait for this thread's pages. */
	if (cpu)
		mh_cpu_leave(cpu);
	ret = mh_module_reload(settling->machine, settling->listener->name, given->away_ns, NULL);
	if (ret == -ENOENT)
		leave_and_return(settling, settling->chain, given->away_ns, &settling->problem);
	else if (ret == -EBUSY)
		settling->problem = "its module's exit left listeners registered";
	else if (ret < 0)
		settling->problem = "its module could not be loaded again";
	if (cpu)
		mh_cpu_enter(cpu);
}

const struct mh_fault_kind mh_fault_module_unload = {
	.name = "module-unload",
	.help = "after the operation, the listener leaves and comes back under load; a module is unloaded and loaded",
	.parameters = &unload_schema,
	.default_events = MH_EVENTS_ALL,
	.expects = MH_EXPECT_BIT(MH_EXPECT_IGNORED),
	.prepare = unload_prepare,
	.fire = unload_fire,
	.settle = unload_settle,
};
