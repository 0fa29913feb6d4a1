/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stand-in is a notifier_block and what it does. Its cost is drawn from a stream of the calling thread, so that two
 * threads in one callback share nothing.
 */
#include "bench/engine/stand_in.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/sync.h"

struct stand_in {
	struct notifier_block nb;
	const struct mh_scenario_notifier *notifier;
	const struct mh_clock *clock;
	unsigned long
		actions; /* the MEM_* that it hears: the bits themselves, or where they are numbered, 1 << number */
	bool numbered;
	int returns;
	bool costs;
	uint64_t key;
};

struct mh_stand_ins {
	struct mh_chain *chain;
	size_t count; /* registered */
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
	struct mh_rng rng = {.key = mh_rng_mix(stand_in->key, draws++)};
	uint64_t cost_ns = (uint64_t)mh_distribution_draw(&notifier->cost, &rng);

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
static bool is_numbered(const struct mh_protocol *protocol)
{
	return protocol->actions[MH_ONLINE] == 0;
}

static unsigned long actions_of(const struct mh_protocol *protocol, unsigned events)
{
	unsigned long actions = 0;

	for (int event = 0; event < MH_EVENT_COUNT; event++)
		if (events & protocol->events & 1u << event && !mh_event_is_node((enum mh_event)event))
			actions |= is_numbered(protocol) ? 1ul << protocol->actions[event] : protocol->actions[event];
	return actions;
}

static void stand_in_make(struct stand_in *stand_in, const struct mh_scenario_listener *listener,
			  const struct mh_scenario_notifier *notifier, const struct mh_protocol *protocol,
			  const struct mh_clock *clock, uint64_t seed)
{
	*stand_in = (struct stand_in){
		.nb = {.notifier_call = stand_in_call, .priority = listener->priority},
		.notifier = notifier,
		.clock = clock,
		.actions = actions_of(protocol, listener->events),
		.numbered = is_numbered(protocol),
		.returns = notifier->returns,
		.costs = mh_distribution_mean(&notifier->cost) > 0,
		.key = mh_rng_key(seed, listener->name, 0),
	};
}

int mh_stand_ins_register(struct mh_chain *chain, const struct mh_scenario_chain *chain_of,
			  const struct mh_clock *clock, uint64_t seed, struct mh_stand_ins **ret_stand_ins,
			  struct mh_error *reterr)
{
	struct mh_stand_ins *stand_ins;

	stand_ins = calloc(1, sizeof(*stand_ins) + chain_of->listener_count * sizeof(stand_ins->items[0]));
	if (!stand_ins)
		return mh_error_set(reterr, -ENOMEM, "no memory for %zu listeners", chain_of->listener_count);
	stand_ins->chain = chain;
	for (size_t i = 0; i < chain_of->listener_count; i++) {
		const struct mh_scenario_listener *listener = &chain_of->listeners[i];
		struct stand_in *stand_in = &stand_ins->items[i];
		int ret;

		stand_in_make(stand_in, listener, &chain_of->notifiers[listener->notifier],
			      mh_protocol_of(MH_COMPAT_V6_1), clock, seed);
		ret = mh_chain_register(chain, &stand_in->nb, listener->name);
		if (ret < 0) {
			mh_stand_ins_free(stand_ins);
			return mh_error_set(reterr, ret, "cannot register listener '%s'", listener->name);
		}
		stand_ins->count++;
	}
	*ret_stand_ins = stand_ins;
	return 0;
}

void mh_stand_ins_free(struct mh_stand_ins *stand_ins)
{
	if (!stand_ins)
		return;
	for (size_t i = 0; i < stand_ins->count; i++)
		(void)mh_chain_unregister(stand_ins->chain, &stand_ins->items[i].nb);
	free(stand_ins);
}
