/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules behind `expect`, one function each. Kernel facts: semantics of return values in Linux 6.1,
 * drivers/base/memory.c and kernel/notifier.c; what a roll-back walks in 6.12 and 7.3 as in recorded traces.
 */
#include "faults/expect.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/invariant.h"
#include "core/machine.h"
#include "faults/where.h"

const char *const mh_expect_names[] = {"none", "rollback", "ignored", "slower", "retried", "detected"};

static int unmet(char *ret_text, const struct mh_expect_case *judged, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "offline of block 7 (operation 12, worker 0): "; as many letters as snprintf. */
static int tell_operation(const struct mh_expect_case *judged, char *ret_text)
{
	const struct mh_operation *operation = judged->operation;
	unsigned long long index = operation->identity.index;

	switch ((enum mh_hook_point)judged->firings->point) {
	case MH_HOOK_ALLOC:
		return snprintf(ret_text, MH_UNMET_TEXT_SIZE, "allocation (operation %llu, worker %u): ", index,
				operation->identity.worker);
	case MH_HOOK_GRACE:
		return snprintf(ret_text, MH_UNMET_TEXT_SIZE, "unregister (operation %llu, worker %u): ", index,
				operation->identity.worker);
	default:
		return snprintf(ret_text, MH_UNMET_TEXT_SIZE, "%s of block %u (operation %llu, worker %u): ",
				operation->online ? "online" : "offline", operation->block, index,
				operation->identity.worker);
	}
}

/* That, then the sentence. */
static int unmet(char *ret_text, const struct mh_expect_case *judged, const char *format, ...)
{
	va_list arguments;
	int length = tell_operation(judged, ret_text);

	va_start(arguments, format);
	if (length > 0 && length < MH_UNMET_TEXT_SIZE)
		(void)vsnprintf(ret_text + length, MH_UNMET_TEXT_SIZE - (size_t)length, format, arguments);
	va_end(arguments);
	return 1;
}

/* What an operation returns that this firing decides. */
static int injected_errno(const struct mh_firing *firing)
{
	switch ((enum mh_hook_point)firing->point) {
	case MH_HOOK_LISTENER:
		return notifier_to_errno(firing->value);
	case MH_HOOK_MIGRATE:
		return -EINTR; /* its own errno is ignored, and nothing else ends the passes */
	default:
		return firing->value;
	}
}

/* Did the operation end where this firing acts? */
static bool ended_there(const struct mh_firing *firing, const struct mh_operation *operation)
{
	switch ((enum mh_hook_point)firing->point) {
	case MH_HOOK_LISTENER:
		return mh_event_can_veto((enum mh_event)firing->event) &&
		       (operation->outcome == MH_OUTCOME_VETOED || operation->outcome == MH_OUTCOME_NODE_VETOED);
	case MH_HOOK_ISOLATE:
		return operation->outcome == MH_OUTCOME_ISOLATE;
	case MH_HOOK_SIGNAL:
	case MH_HOOK_MIGRATE:
		return operation->outcome == MH_OUTCOME_SIGNAL;
	case MH_HOOK_DISSOLVE:
		return operation->outcome == MH_OUTCOME_DISSOLVE;
	default:
		return firing->point == MH_HOOK_ALLOC;
	}
}

/* Could this firing have made the operation fail as it did? */
static bool explains(const struct mh_firing *firing, const struct mh_operation *operation)
{
	return operation->result < 0 && firing->replaced && ended_there(firing, operation) &&
	       injected_errno(firing) == operation->result;
}

/* Its phase was over before it was, which ends or shortens what a firing did to it. */
static bool was_cut_short(const struct mh_operation *operation)
{
	return operation->signal && atomic_load_explicit(operation->signal, memory_order_relaxed);
}

static bool another_explains(const struct mh_expect_case *judged, unsigned index)
{
	for (unsigned i = 0; i < judged->firing_count; i++)
		if (i != index && explains(&judged->firings[i], judged->operation))
			return true;
	return false;
}

/* The events that a refused operation must have walked in the end: all who may have been asked hear that it is off. */
static unsigned rollback_events(const struct mh_expect_case *judged)
{
	const struct mh_protocol *protocol = mh_machine_protocol(judged->machine);
	const struct mh_operation *operation = judged->operation;
	unsigned events = 1u << (operation->online ? MH_CANCEL_ONLINE : MH_CANCEL_OFFLINE);

	if (protocol->prepares && operation->online)
		events |= 1u << MH_FINISH_OFFLINE;
	if (protocol->node_chain && operation->first_memory)
		events |= 1u << (operation->online ? MH_NODE_CANCEL_ADDING_FIRST_MEMORY
						   : MH_NODE_CANCEL_REMOVING_LAST_MEMORY);
	return events;
}

static unsigned walked_events(const struct mh_trace *trace)
{
	unsigned events = 0;

	for (uint32_t i = 0; i < trace->count; i++)
		if (trace->stamps[i].kind == MH_STAMP_WALK_BEGIN)
			events |= 1u << trace->stamps[i].event;
	return events;
}

static int tell_walk(const struct mh_expect_case *judged, unsigned events, const char *what, char *ret_text)
{
	return unmet(ret_text, judged, "it failed, but %s %s walked", mh_event_kernel_names[__builtin_ctz(events)],
		     what);
}

/* By the trace; if it found no room for all, by the number of walks: an operation has a GOING and one more. */
static int judge_walks(const struct mh_expect_case *judged, unsigned index, char *ret_text)
{
	const struct mh_operation *operation = judged->operation;
	const struct mh_trace *trace = operation->trace;
	unsigned wanted = rollback_events(judged), walked;

	if (judged->firings[index].point == MH_HOOK_ISOLATE)
		return operation->event_count
			       ? unmet(ret_text, judged, "it could not be isolated, but an event was walked")
			       : 0;
	if (!trace || trace->dropped) {
		if (operation->event_count >= 2 || judged->firings[index].event == MH_PREPARE_ONLINE)
			return 0;
		return tell_walk(judged, wanted, "was not", ret_text);
	}
	walked = walked_events(trace);
	if (!(walked & MH_EVENTS_VETO & ~(1u << MH_PREPARE_ONLINE)) && (walked & 1u << MH_PREPARE_ONLINE)) {
		/* A veto in PREPARE_ONLINE is silent. */
		walked &= ~(1u << MH_PREPARE_ONLINE);
		return walked ? tell_walk(judged, walked, "was", ret_text) : 0;
	}
	return wanted & ~walked ? tell_walk(judged, wanted & ~walked, "was not", ret_text) : 0;
}

static int judge_state(const struct mh_expect_case *judged, char *ret_text)
{
	const struct mh_operation *operation = judged->operation;
	enum mh_block_state before = operation->online ? MH_BLOCK_OFFLINE : MH_BLOCK_ONLINE;

	if (operation->left == before)
		return 0;
	return unmet(ret_text, judged, "the block is %s, and was %s before", mh_block_state_names[operation->left],
		     mh_block_state_names[before]);
}

static int judge_rollback(const struct mh_expect_case *judged, unsigned index, char *ret_text)
{
	const struct mh_operation *operation = judged->operation;
	int injected = injected_errno(&judged->firings[index]);

	if (operation->result != injected) {
		if (another_explains(judged, index))
			return 0;
		return unmet(ret_text, judged, "it returned %d, not %d", operation->result, injected);
	}
	if (judged->firings[index].point == MH_HOOK_ALLOC)
		return 0;
	return judge_walks(judged, index, ret_text) || judge_state(judged, ret_text);
}

/* An offline that a signal ended: had it been for the pages alone, no firing and no end of the phase gave the signal.
 */
static int judge_left_behind(const struct mh_expect_case *judged, unsigned index, char *ret_text)
{
	if (was_cut_short(judged->operation) || another_explains(judged, index))
		return 0;
	return unmet(ret_text, judged, "pages that stayed behind made it return %d", judged->operation->result);
}

static int judge_ignored(const struct mh_expect_case *judged, unsigned index, char *ret_text)
{
	const struct mh_firing *firing = &judged->firings[index];

	if (!explains(firing, judged->operation))
		return 0;
	if (firing->point == MH_HOOK_MIGRATE)
		return judge_left_behind(judged, index, ret_text);
	return unmet(ret_text, judged, "the injected answer 0x%x made it return %d", (unsigned)firing->value,
		     judged->operation->result);
}

static int judge_slower(const struct mh_expect_case *judged, unsigned index, char *ret_text)
{
	const struct mh_operation *operation = judged->operation;
	uint64_t delay_ns = 0;

	for (unsigned i = 0; i < judged->firing_count; i++)
		delay_ns += judged->firings[i].delay_ns;
	if (was_cut_short(operation))
		return 0;
	if (operation->result < 0 && operation->outcome != MH_OUTCOME_ALREADY && !another_explains(judged, index))
		return unmet(ret_text, judged, "it returned %d, not 0", operation->result);
	if (judged->service_ns < delay_ns)
		return unmet(ret_text, judged, "it took %llu ns, less than the injected %llu ns",
			     (unsigned long long)judged->service_ns, (unsigned long long)delay_ns);
	return 0;
}

static int judge_detected(const struct mh_expect_case *judged, char *ret_text)
{
	const struct mh_operation *operation = judged->operation;
	char names[MH_UNMET_TEXT_SIZE / 2] = "";
	size_t length = 0;

	if (operation->check.detected & judged->detects)
		return 0;
	for (unsigned i = 0; i < mh_invariant_count; i++)
		if (judged->detects >> i & 1 && length < sizeof(names))
			length += (size_t)snprintf(names + length, sizeof(names) - length, "%s%s", length ? " or " : "",
						   mh_invariants[i].name);
	return unmet(ret_text, judged, "nothing found that %s was broken", names);
}

int mh_expect_judge(enum mh_expect expect, const struct mh_expect_case *judged, unsigned index, char *ret_text)
{
	switch (expect) {
	case MH_EXPECT_ROLLBACK:
		return judge_rollback(judged, index, ret_text);
	case MH_EXPECT_IGNORED:
		return judge_ignored(judged, index, ret_text);
	case MH_EXPECT_SLOWER:
		return judge_slower(judged, index, ret_text);
	case MH_EXPECT_DETECTED:
		return judge_detected(judged, ret_text);
	default:
		return 0;
	}
}
