/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stand-in is a notifier_block and what it does. Its cost is drawn from a stream of the calling thread, so that two
 * threads in one callback share nothing.
 */
#include "bench/engine/stand_in.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/sync.h"

/* On one chain; a listener on both has two. */
struct stand_in {
	struct notifier_block nb;
	struct mh_chain *chain;
	const struct mh_scenario_notifier *notifier;
	const struct mh_clock *clock;
	/* The events that it hears: the kernel's bits themselves, or where it numbers them 1 << number. */
	unsigned long actions;
	bool numbered;
	int returns;
	bool costs;
	const struct mh_costing_listener *recorded; /* instead of its own cost; NULL: none */
	uint64_t key;
};

struct mh_stand_ins {
	struct mh_chain *registered[2]; /* chains that have them; NULL: not, or none */
	const char **names;             /* by item; borrowed from the scenario */
	const struct mh_scenario_chain *chain_of;
	size_t count;
	struct stand_in items[];
};

static void spin(const struct mh_clock *clock, uint64_t cost_ns)
{
	uint64_t until = mh_clock_ticks(clock) + mh_clock_ticks_of_ns(clock, cost_ns);

	while (mh_clock_ticks(clock) < until)
		mh_cpu_relax();
}

static void spend(const struct stand_in *stand_in)
{
	static _Thread_local uint64_t draws;
	const struct mh_scenario_notifier *notifier = stand_in->notifier;
	struct mh_rng rng;
	uint64_t cost_ns;

	if (stand_in->recorded) {
		mh_costing_spend(stand_in->recorded);
		return;
	}
	rng = (struct mh_rng){.key = mh_rng_mix(stand_in->key, draws++)};
	cost_ns = (uint64_t)mh_distribution_draw(&notifier->cost, &rng);
	if (notifier->wait == MH_LISTENER_SLEEP)
		mh_sleep_ns(cost_ns);
	else
		spin(stand_in->clock, cost_ns);
}

static inline bool hears(const struct stand_in *stand_in, unsigned long action)
{
	return stand_in->actions & (__builtin_expect(stand_in->numbered, 0) ? 1ul << action : action);
}

static int stand_in_call(struct notifier_block *nb, unsigned long action, void *data)
{
	const struct stand_in *stand_in = (const struct stand_in *)((char *)nb - offsetof(struct stand_in, nb));

	(void)data;
	if (!hears(stand_in, action))
		return NOTIFY_DONE;
	if (__builtin_expect(stand_in->costs, 0))
		spend(stand_in);
	return stand_in->returns;
}

/* Linux 7.3 counts its memory events: MEM_ONLINE is 0. */
static bool is_numbered(const struct mh_protocol *protocol, bool node)
{
	return !node && protocol->actions[MH_ONLINE] == 0;
}

static unsigned long actions_of(const struct mh_protocol *protocol, bool node, unsigned events)
{
	unsigned long actions = 0;

	for (int event = 0; event < MH_EVENT_COUNT; event++)
		if ((events & protocol->events & 1u << event) && mh_event_is_node((enum mh_event)event) == node)
			actions |= is_numbered(protocol, node) ? 1ul << protocol->actions[event]
							       : protocol->actions[event];
	return actions;
}

/* What the stand-ins of one scenario have in common. */
struct making {
	struct mh_machine *machine;
	const struct mh_scenario_chain *chain_of;
	const struct mh_clock *clock;
	uint64_t seed;
};

static struct stand_in stand_in_make(const struct making *making, const struct mh_scenario_listener *listener,
				     bool node)
{
	const struct mh_scenario_notifier *notifier = &making->chain_of->notifiers[listener->notifier];
	const struct mh_protocol *protocol = mh_machine_protocol(making->machine);

	return (struct stand_in){
		.nb = {.notifier_call = stand_in_call, .priority = node ? listener->node_priority : listener->priority},
		.chain = node ? mh_machine_node_chain(making->machine) : mh_machine_chain(making->machine),
		.notifier = notifier,
		.clock = making->clock,
		.actions = actions_of(protocol, node, listener->events),
		.numbered = is_numbered(protocol, node),
		.returns = notifier->returns,
		.costs = mh_distribution_mean(&notifier->cost) > 0,
		.key = mh_rng_key(making->seed, listener->name, node),
	};
}

static void stand_in_add(struct mh_stand_ins *stand_ins, const struct making *making,
			 const struct mh_scenario_listener *listener, bool node)
{
	stand_ins->names[stand_ins->count] = listener->name;
	stand_ins->items[stand_ins->count++] = stand_in_make(making, listener, node);
}

/* Their blocks on @chain, in order, to @ret_newcomers. Return: how many. */
static uint32_t newcomers_of(struct mh_stand_ins *stand_ins, const struct mh_chain *chain,
			     struct mh_chain_newcomer *ret_newcomers)
{
	uint32_t count = 0;

	for (size_t i = 0; i < stand_ins->count; i++)
		if (stand_ins->items[i].chain == chain)
			ret_newcomers[count++] =
				(struct mh_chain_newcomer){&stand_ins->items[i].nb, stand_ins->names[i]};
	return count;
}

/* The memory chain first, as the kernels' own with one callback on both do. */
static int register_all(struct mh_stand_ins *stand_ins, struct mh_machine *machine)
{
	struct mh_chain *chains[] = {mh_machine_chain(machine), mh_machine_node_chain(machine)};
	struct mh_chain_newcomer *newcomers = calloc(stand_ins->count + 1, sizeof(newcomers[0]));
	int ret = newcomers ? 0 : -ENOMEM;

	for (size_t i = 0; i < 2 && chains[i] && ret == 0; i++) {
		uint32_t count = newcomers_of(stand_ins, chains[i], newcomers);

		ret = mh_chain_register_all(chains[i], newcomers, count);
		if (ret == 0 && count)
			stand_ins->registered[i] = chains[i];
	}
	free(newcomers);
	return ret;
}

int mh_stand_ins_register(struct mh_machine *machine, const struct mh_scenario_chain *chain_of,
			  const struct mh_clock *clock, uint64_t seed, struct mh_stand_ins **ret_stand_ins,
			  struct mh_error *reterr)
{
	const struct making making = {machine, chain_of, clock, seed};
	struct mh_stand_ins *stand_ins;
	int ret;

	stand_ins = calloc(1, sizeof(*stand_ins) + 2 * chain_of->listener_count * sizeof(stand_ins->items[0]));
	if (!stand_ins)
		return mh_error_set(reterr, -ENOMEM, "no memory for %zu listeners", chain_of->listener_count);
	stand_ins->chain_of = chain_of;
	stand_ins->names = calloc(2 * chain_of->listener_count + 1, sizeof(stand_ins->names[0]));
	ret = stand_ins->names ? 0 : -ENOMEM;
	for (size_t i = 0; i < chain_of->listener_count && ret == 0; i++) {
		const struct mh_scenario_listener *listener = &chain_of->listeners[i];

		if (listener->on_memory)
			stand_in_add(stand_ins, &making, listener, false);
		if (listener->on_node)
			stand_in_add(stand_ins, &making, listener, true);
	}
	if (ret == 0)
		ret = register_all(stand_ins, machine);
	if (ret < 0) {
		mh_stand_ins_free(stand_ins);
		return mh_error_set(reterr, ret, "cannot register the scenario's %zu listeners: %s",
				    chain_of->listener_count, strerror(-ret));
	}
	*ret_stand_ins = stand_ins;
	return 0;
}

void mh_stand_ins_cost(struct mh_stand_ins *stand_ins, const struct mh_costing *costing)
{
	for (size_t i = 0; i < stand_ins->count; i++) {
		struct stand_in *stand_in = &stand_ins->items[i];

		stand_in->recorded = mh_costing_find(costing, stand_ins->chain_of, stand_ins->names[i]);
		stand_in->costs = stand_in->costs || stand_in->recorded;
	}
}

static void unregister_all(struct mh_stand_ins *stand_ins, struct mh_chain *chain)
{
	struct notifier_block **blocks = calloc(stand_ins->count + 1, sizeof(blocks[0]));
	uint32_t count = 0;

	for (size_t i = 0; i < stand_ins->count; i++) {
		struct stand_in *stand_in = &stand_ins->items[i];

		if (stand_in->chain != chain)
			continue;
		if (blocks)
			blocks[count++] = &stand_in->nb;
		else
			(void)mh_chain_unregister(chain, &stand_in->nb);
	}
	/* A fault may have taken one of them away for good: then each by itself. */
	if (blocks && mh_chain_unregister_all(chain, blocks, count) < 0)
		while (count)
			(void)mh_chain_unregister(chain, blocks[--count]);
	free(blocks);
}

void mh_stand_ins_free(struct mh_stand_ins *stand_ins)
{
	if (!stand_ins)
		return;
	for (size_t i = 0; i < 2; i++)
		if (stand_ins->registered[i])
			unregister_all(stand_ins, stand_ins->registered[i]);
	free(stand_ins->names);
	free(stand_ins);
}
