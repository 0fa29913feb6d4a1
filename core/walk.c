/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The measured walk. Per listener: I26 before and after the call, I01 and I02 by comparing with the listener before,
 * the answer's encoding, the hook, the stamp. Per walk: I09 once over the argument.
 */
#include "core/walk.h"

#include "core/chain_list.h"
#include "core/chain_rcu_array.h"
#include "core/operation_check.h"

/* Looked up once a walk: none of it changes while an operation runs. */
struct walk {
	struct mh_machine *machine;
	struct mh_operation *operation;
	struct mh_trace *trace;
	const struct mh_hook *hook; /* or NULL */
	const struct mh_listener *previous;
	unsigned long action;
	enum mh_event event;
	bool pair;
};

/* Cold, and apart: the site would otherwise take room in every call's frame. */
static __attribute__((noinline)) int ask_hook(const struct mh_hook *hook, struct mh_operation *operation,
					      enum mh_event event, const struct mh_listener *listener, int value)
{
	const struct mh_hook_site site = {
		.operation = operation,
		.event = event,
		.event_number = operation->event_count,
		.listener = listener,
		.arg = &operation->arg,
	};

	return hook->run(hook->data, &site, value);
}

static inline __attribute__((always_inline)) int visit(void *context, const struct mh_chain_entry *entry)
{
	struct walk *walk = context;
	const struct mh_listener *listener = entry->listener;
	/* Kept over the call: when the grace period was missing, the entry is freed memory after it. */
	const uint64_t sequence = entry->sequence;
	int value;

	mh_check_present(walk->machine, walk->operation, listener, sequence,
			 "was called after its unregister returned");
	mh_check_order(walk->machine, walk->operation, walk->previous, listener);
	walk->previous = listener;
	if (__builtin_expect(walk->pair, 0))
		mh_trace_add(walk->trace, MH_STAMP_CALL_BEGIN, walk->event, listener->id, 0);
	value = entry->call(entry->nb, walk->action, &walk->operation->arg);
	if (__builtin_expect(!mh_answer_is_well_formed(value), 0))
		mh_operation_found_answer(walk->operation, listener, walk->event, value);
	if (__builtin_expect(walk->hook != NULL, 0))
		value = ask_hook(walk->hook, walk->operation, walk->event, listener, value);
	mh_trace_add(walk->trace, MH_STAMP_CALLED, walk->event, listener->id, value);
	mh_check_present(walk->machine, walk->operation, listener, sequence,
			 "was still running when its unregister returned");
	return value;
}

/* Apart, and with a copy: the walk over an array then has the registers to itself. */
static __attribute__((noinline)) int walk_list(struct walk walk, int call_count_max, int *ret_call_count)
{
	return mh_chain_list_walk(&walk.machine->chain, call_count_max, ret_call_count, visit, &walk);
}

int mh_walk(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event, int call_count_max,
	    int *ret_call_count)
{
	struct mh_trace *trace = operation->trace;
	struct walk walk = {
		.machine = machine,
		.operation = operation,
		.trace = trace,
		.hook = machine->hooks[MH_HOOK_LISTENER],
		.event = event,
		.action = mh_event_actions[event],
		.pair = trace->level == MH_STAMPS_PAIR,
	};
	int value;

	operation->event_count++;
	mh_check_event(machine, operation, event);
	mh_trace_add(trace, MH_STAMP_WALK_BEGIN, event, 0, 0);
	if (__builtin_expect(machine->chain.type != MH_CHAIN_RCU_ARRAY, 0))
		value = walk_list(walk, call_count_max, ret_call_count);
	else
		value = mh_rcu_array_walk(&machine->chain, call_count_max, ret_call_count, visit, &walk);
	mh_trace_add_at(trace, MH_STAMP_WALK_END, event, (uint16_t)*ret_call_count, value, mh_trace_last_ticks(trace));
	operation->check.checked += 2 + 3 * (uint64_t)*ret_call_count;
	mh_check_argument(machine, operation);
	return value;
}
