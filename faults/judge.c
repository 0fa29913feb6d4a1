/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judging firings after their operation, and following blocks that are to be retried.
 *
 * A block that a fault made fail has a word in set->pending until it succeeds: the deadline in ticks since the phase
 * began, and the fault. The first failure counts: a second one before the success does not move the deadline.
 */
#include "faults/fault_set.h"

#include <stdio.h>

#define PENDING(deadline, fault)  ((deadline) << 8 | ((fault) + 1))
#define PENDING_DEADLINE(pending) ((pending) >> 8)
#define PENDING_FAULT(pending)    ((unsigned)((pending)&0xff) - 1)

/* Any thread; the sentence is dropped when all slots are taken, the count is not. @operation: NULL: none is at hand. */
static void keep_unmet(struct mh_fault_set *set, unsigned fault, const struct mh_operation *operation, const char *text)
{
	unsigned slot = atomic_fetch_add_explicit(&set->unmet_count, 1, memory_order_relaxed);
	const struct mh_fault *told = set->faults[fault].fault;

	if (slot >= MH_UNMET_KEPT) {
		/* The count saturates here, so that it cannot come around. */
		atomic_store_explicit(&set->unmet_count, MH_UNMET_KEPT, memory_order_relaxed);
		return;
	}
	set->unmet[slot].fault = fault;
	(void)snprintf(set->unmet[slot].text, sizeof(set->unmet[slot].text), "fault '%s' expects '%s': %s", told->name,
		       mh_expect_names[told->expect], text);
	if (!operation)
		return;
	set->unmet[slot].sequence = operation->identity.index;
	mh_check_tell_events(set->machine, operation, set->unmet[slot].text, sizeof(set->unmet[slot].text));
}

static void await_retry(struct mh_fault_set *set, unsigned fault, const struct mh_operation *operation, uint64_t now)
{
	_Atomic uint64_t *pending = &set->pending[operation->block];

	if (operation->result < 0 && !atomic_load_explicit(pending, memory_order_relaxed))
		atomic_store_explicit(pending, PENDING(now + set->converge_ticks, (uint64_t)fault),
				      memory_order_relaxed);
}

static void tell_late(struct mh_fault_set *set, uint64_t pending, const struct mh_operation *operation, uint32_t block,
		      uint64_t now, const char *end)
{
	uint64_t late_ns = mh_clock_ns(set->clock, now - PENDING_DEADLINE(pending));
	char text[MH_UNMET_TEXT_SIZE / 2];

	(void)snprintf(text, sizeof(text), "block %u %s %llu ns after converge_within", block, end,
		       (unsigned long long)late_ns);
	keep_unmet(set, PENDING_FAULT(pending), operation, text);
}

/* A success ends the wait for its block. */
static void end_retry(struct mh_fault_set *set, struct mh_fault_worker *worker, const struct mh_operation *operation,
		      uint64_t now)
{
	uint64_t pending = atomic_load_explicit(&set->pending[operation->block], memory_order_relaxed);

	if (!pending)
		return;
	atomic_store_explicit(&set->pending[operation->block], 0, memory_order_relaxed);
	worker->states[PENDING_FAULT(pending)].judged++;
	if (now <= PENDING_DEADLINE(pending))
		return;
	worker->states[PENDING_FAULT(pending)].unmet++;
	tell_late(set, pending, operation, operation->block, now, "succeeded only");
}

/* For each invariant that this firing was to break, whether it was found broken. */
static void count_detected(struct mh_fault_state *state, uint64_t detects, uint64_t detected)
{
	for (unsigned place = 0; detects; detects &= detects - 1, place++)
		state->detected[place] += (detected & detects & -detects) != 0;
}

/* What the kind itself found wrong. */
static void tell_problem(struct mh_fault_set *set, unsigned fault, const struct mh_operation *operation,
			 const char *problem)
{
	char text[MH_UNMET_TEXT_SIZE / 2];

	(void)snprintf(text, sizeof(text), "%s of block %u (operation %llu, worker %u): %s",
		       operation->online ? "online" : "offline", operation->block,
		       (unsigned long long)operation->identity.index, operation->identity.worker, problem);
	keep_unmet(set, fault, operation, text);
}

/* What the firings left to do, in their order. */
static void settle(struct mh_fault_set *set, struct mh_fault_worker *worker, const struct mh_operation *operation)
{
	for (unsigned i = 0; i < worker->current_count; i++) {
		const struct mh_firing *firing = &worker->current[i];
		const struct mh_armed_fault *armed = &set->faults[firing->fault];
		struct mh_fault_settling settling = {
			.machine = set->machine,
			.operation = operation,
			.chain = mh_machine_event_chain(set->machine, (enum mh_event)firing->event),
			.memory = &worker->states[firing->fault].memory,
			.problem = worker->problems[i],
		};

		if (!armed->fault->kind->settle)
			continue;
		if (firing->point == MH_HOOK_LISTENER)
			settling.listener =
				mh_machine_listener(set->machine, (enum mh_event)firing->event, firing->listener);
		armed->fault->kind->settle(&armed->action, &settling);
		worker->problems[i] = settling.problem;
	}
}

/* An allocation, or an unregister that waits, is no online or offline: it has no events to tell. */
static const struct mh_operation *told_with(const struct mh_operation *operation, const struct mh_firing *firing)
{
	return firing->point == MH_HOOK_ALLOC || firing->point == MH_HOOK_GRACE ? NULL : operation;
}

static void judge_firing(struct mh_fault_set *set, struct mh_fault_worker *worker, struct mh_expect_case *judged,
			 unsigned index, uint64_t now)
{
	unsigned fault = judged->firings[index].fault;
	enum mh_expect expect = (enum mh_expect)set->faults[fault].fault->expect;
	char text[MH_UNMET_TEXT_SIZE];

	if (expect == MH_EXPECT_NONE)
		return;
	if (expect == MH_EXPECT_RETRIED) {
		await_retry(set, fault, judged->operation, now);
		return;
	}
	worker->states[fault].judged += judged->firings[index].times;
	judged->detects = set->faults[fault].detects;
	count_detected(&worker->states[fault], judged->detects, judged->operation->check.detected);
	if (worker->problems[index]) {
		worker->states[fault].unmet += judged->firings[index].times;
		tell_problem(set, fault, judged->operation, worker->problems[index]);
	} else if (mh_expect_judge(expect, judged, index, text)) {
		worker->states[fault].unmet += judged->firings[index].times;
		keep_unmet(set, fault, told_with(judged->operation, &judged->firings[index]), text);
	}
}

unsigned mh_fault_set_current(const struct mh_fault_set *set, const struct mh_operation *operation,
			      const struct mh_firing **ret_firings)
{
	const struct mh_fault_worker *worker = mh_fault_set_worker(set, &operation->identity);

	if (!worker || !operation->fault_count || worker->current_index != operation->identity.index)
		return 0;
	*ret_firings = worker->current;
	return worker->current_count;
}

void mh_fault_set_judge_slow(struct mh_fault_set *set, const struct mh_operation *operation, uint64_t service_ticks,
			     uint64_t now_ticks)
{
	struct mh_fault_worker *worker = mh_fault_set_worker(set, &operation->identity);
	uint64_t now = now_ticks - set->start_ticks;
	struct mh_expect_case judged;

	if (!worker)
		return;
	if (set->pending && worker->hotplug && operation->result == 0)
		end_retry(set, worker, operation, now);
	if (!worker->current_count || worker->current_index != operation->identity.index)
		return;
	judged = (struct mh_expect_case){
		.machine = set->machine,
		.operation = operation,
		.firings = worker->current,
		.firing_count = worker->current_count,
		.service_ns = mh_clock_ns(set->clock, service_ticks),
	};
	settle(set, worker, operation);
	for (unsigned i = 0; i < worker->current_count; i++)
		judge_firing(set, worker, &judged, i, now);
	worker->current_count = 0;
}

void mh_fault_set_judge_pending(struct mh_fault_set *set, uint64_t now_ticks)
{
	uint64_t now = now_ticks - set->start_ticks;

	for (uint32_t block = 0; set->pending && block < set->block_count; block++) {
		uint64_t pending = atomic_load_explicit(&set->pending[block], memory_order_relaxed);

		if (!pending)
			continue;
		atomic_store_explicit(&set->pending[block], 0, memory_order_relaxed);
		if (now <= PENDING_DEADLINE(pending)) {
			set->faults[PENDING_FAULT(pending)].late_unjudged++;
			continue;
		}
		set->faults[PENDING_FAULT(pending)].late_unmet++;
		tell_late(set, pending, NULL, block, now, "had not succeeded when the phase ended");
	}
}
