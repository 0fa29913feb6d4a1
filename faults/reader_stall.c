/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reader-stall: when an unregister is about to wait for its grace period, a reader of the chain begins a read-side
 * section and stays in it for a while: no grace period of the chain's domain ends before it leaves.
 *
 * The reader is a thread of the fault's own. It leaves when its time is over, when the operation that made it begin is
 * signalled (the end of the phase) or when the fault is disarmed; what waits for it beyond verify.hang_after is the
 * watchdog's. stall->lock guards the rest of it.
 */
#include "faults/fault.h"

#include <errno.h>
#include <stdlib.h>

#include "base/rcu.h"
#include "base/thread.h"
#include "core/machine.h"
#include "core/notifier.h"
#include "faults/wait.h"

struct stall_parameters {
	uint64_t for_ns;
};

static const struct mh_schema_row stall_rows[] = {
	{.key = "for",
	 .type = MH_VALUE_DURATION,
	 .offset = offsetof(struct stall_parameters, for_ns),
	 .min = "1us",
	 .max = "24h",
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "how long the reader stays in its section; the end of the phase lets it go earlier"},
};

static const struct mh_schema stall_schema = {
	.name = "fault reader-stall",
	.rows = stall_rows,
	.count = sizeof(stall_rows) / sizeof(stall_rows[0]),
	.size = sizeof(struct stall_parameters),
};

struct stall {
	struct mh_mutex lock;
	struct mh_condition changed;
	struct mh_thread thread;
	struct mh_rcu_domain *domain;
	const struct mh_clock *clock;
	const struct mh_operation *operation; /* the last that asked: its signal lets the reader go */
	uint64_t until_ticks;
	bool wanted; /* the reader is to begin, or is inside */
	bool inside;
	bool ends; /* the thread is to end */
};

static int stall_prepare(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr)
{
	const struct stall_parameters *given = parameters;

	(void)reterr;
	*ret_action = (struct mh_fault_action){.stall_ns = given->for_ns};
	return 0;
}

/* stall->lock is held. */
static bool is_over(const struct stall *stall)
{
	return stall->ends || mh_fault_is_released(stall->operation) ||
	       mh_clock_ticks(stall->clock) >= stall->until_ticks;
}

/* From wanted to not wanted, inside a read-side section; stall->lock is held on entry and on return. */
static void stay(struct stall *stall)
{
	unsigned index = mh_rcu_read_lock(stall->domain);

	stall->inside = true;
	mh_condition_broadcast(&stall->changed);
	while (!is_over(stall)) {
		mh_mutex_unlock(&stall->lock);
		mh_sleep_ns(MH_FAULT_WAIT_SLICE_NS);
		mh_mutex_lock(&stall->lock);
	}
	stall->inside = stall->wanted = false;
	mh_rcu_read_unlock(stall->domain, index);
}

static void read_when_wanted(void *data)
{
	struct stall *stall = data;

	mh_rcu_thread_enter(stall->domain);
	mh_mutex_lock(&stall->lock);
	while (!stall->ends) {
		if (stall->wanted)
			stay(stall);
		else
			mh_condition_wait(&stall->changed, &stall->lock);
	}
	mh_mutex_unlock(&stall->lock);
	mh_rcu_thread_leave(stall->domain);
}

static int refuse_chain(const struct mh_chain *chain, struct mh_error *reterr)
{
	return mh_error_set(
		reterr, -EINVAL,
		"'reader-stall' needs a chain whose readers are RCU's: 'chain.type' is '%s', give rcu-array or "
		"rcu-list",
		mh_chain_type_names[chain->type]);
}

static int stall_begin(const struct mh_fault_action *action, struct mh_machine *machine, void **ret_state,
		       struct mh_error *reterr)
{
	struct mh_chain *chain = mh_machine_chain(machine);
	struct stall *stall;
	int ret;

	(void)action;
	if (chain->type != MH_CHAIN_RCU_ARRAY && chain->type != MH_CHAIN_RCU_LIST)
		return refuse_chain(chain, reterr);
	stall = calloc(1, sizeof(*stall));
	if (!stall)
		return mh_error_set(reterr, -ENOMEM, "no memory for the reader of 'reader-stall'");
	stall->domain = &chain->rcu;
	stall->clock = mh_machine_clock(machine);
	mh_mutex_init(&stall->lock);
	mh_condition_init(&stall->changed);
	ret = mh_thread_start(&stall->thread, "reader-stall", -1, read_when_wanted, stall, reterr);
	if (ret < 0) {
		mh_condition_release(&stall->changed);
		mh_mutex_release(&stall->lock);
		free(stall);
		return ret;
	}
	*ret_state = stall;
	return 0;
}

static void stall_end(void *state)
{
	struct stall *stall = state;

	mh_mutex_lock(&stall->lock);
	stall->ends = true;
	mh_condition_broadcast(&stall->changed);
	mh_mutex_unlock(&stall->lock);
	mh_thread_join(&stall->thread);
	mh_condition_release(&stall->changed);
	mh_mutex_release(&stall->lock);
	free(stall);
}

/* Returns when the reader is inside: the grace period that the caller then begins cannot end before it leaves. */
static void stall_fire(const struct mh_fault_action *action, struct mh_fault_call *call)
{
	struct stall *stall = call->state;
	uint64_t until;

	mh_mutex_lock(&stall->lock);
	until = mh_clock_ticks(stall->clock) + mh_clock_ticks_of_ns(stall->clock, action->stall_ns);
	if (stall->until_ticks < until)
		stall->until_ticks = until;
	stall->operation = call->site->operation;
	stall->wanted = true;
	mh_condition_broadcast(&stall->changed);
	while (stall->wanted && !stall->inside)
		mh_condition_wait(&stall->changed, &stall->lock);
	mh_mutex_unlock(&stall->lock);
	call->delay_ns += action->stall_ns;
}

const struct mh_fault_kind mh_fault_reader_stall = {
	.name = "reader-stall",
	.help = "a reader stays in a read-side section while an unregister waits: no grace period ends",
	.parameters = &stall_schema,
	.point = MH_HOOK_GRACE,
	.default_events = MH_EVENTS_ALL,
	.expects = MH_EXPECT_BIT(MH_EXPECT_SLOWER) | MH_EXPECT_BIT(MH_EXPECT_IGNORED),
	.prepare = stall_prepare,
	.begin = stall_begin,
	.end = stall_end,
	.fire = stall_fire,
};
