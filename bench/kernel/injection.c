/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/injection.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "core/sieve.h"
#include "faults/fault.h"

static int init_fault(struct mh_kernel_injection *injection, struct mh_kernel_injected_fault *item,
		      struct mh_error *reterr)
{
	const struct mh_fault *fault = &item->fault->fault;
	char stream[128];
	const char *key;

	(void)snprintf(stream, sizeof(stream), "fault/%s", fault->name);
	item->key = mh_rng_key(injection->seed, stream, 0);
	return mh_trigger_compile(&fault->trigger, injection->scenario->time_scale, item->key, &item->trigger, &key,
				  reterr);
}

int mh_kernel_injection_init(struct mh_kernel_injection *injection, const struct mh_scenario *scenario,
			     const struct mh_kernel_plan *plan, uint64_t seed, struct mh_error *reterr)
{
	int ret = 0;

	*injection = (struct mh_kernel_injection){.scenario = scenario, .seed = seed};
	injection->faults = calloc(plan->fault_count + 1, sizeof(injection->faults[0]));
	if (!injection->faults)
		return mh_error_set(reterr, -ENOMEM, "no memory for faults");
	for (size_t i = 0; ret == 0 && i < plan->fault_count; i++) {
		struct mh_kernel_injected_fault *item = &injection->faults[injection->count++];

		item->plan = &plan->faults[i];
		item->fault = &scenario->faults[plan->faults[i].index];
		ret = init_fault(injection, item, reterr);
	}
	return ret;
}

void mh_kernel_injection_release(struct mh_kernel_injection *injection)
{
	for (size_t i = 0; i < injection->count; i++)
		mh_trigger_state_release(&injection->faults[i].state);
	free(injection->faults);
	*injection = (struct mh_kernel_injection){.faults = NULL};
}

/* One worker has all of `times`. */
int mh_kernel_injection_begin(struct mh_kernel_injection *injection)
{
	for (size_t i = 0; i < injection->count; i++) {
		struct mh_kernel_injected_fault *item = &injection->faults[i];
		int ret;

		mh_trigger_state_release(&item->state);
		item->state = (struct mh_trigger_state){.after_left = 0};
		ret = mh_trigger_state_init(&item->state, &item->trigger, item->fault->fault.trigger.times, 1);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static bool is_of_phase(const struct mh_scenario_fault *fault, size_t phase)
{
	for (size_t i = 0; i < fault->phases.count; i++)
		if (fault->phases.items[i] == phase)
			return true;
	return false;
}

static bool matches_attempt(const struct mh_where *where, uint32_t attempt)
{
	if (where->attempt == MH_WHERE_ATTEMPT_ANY)
		return true;
	return (where->attempt == MH_WHERE_ATTEMPT_FIRST) == (attempt == 0);
}

static bool in_ranges(const struct mh_range_list *ranges, int64_t value)
{
	return !ranges->count || mh_range_list_has(ranges, value);
}

static bool matches(const struct mh_where *where, const struct mh_kernel_question *question, const char *workload)
{
	const struct mh_kernel_turn *turn = question->turn;

	return in_ranges(&where->node, turn->block->node) && in_ranges(&where->block, turn->block->index) &&
	       in_ranges(&where->thread, 0) && matches_attempt(where, turn->attempt) &&
	       (!where->workload || mh_glob_match(where->workload, workload));
}

static bool fires(struct mh_kernel_injected_fault *item, const struct mh_kernel_question *question, enum mh_event event)
{
	const struct mh_identity identity = {.index = question->index, .attempt = question->turn->attempt};
	const struct mh_trigger_call call = {
		.draw = mh_rng_mix(mh_rng_mix(item->key, question->stream), mh_sieve_identity(&identity, event)),
		.size_bytes = question->block_bytes,
		.time_ns = question->time_ns,
	};

	return mh_trigger_fires(&item->trigger, &item->state, question->stream, &call);
}

/* The first one in the scenario's order that fires; those behind it are not asked, as ever where an answer is given. */
struct mh_kernel_injected_fault *mh_kernel_injection_ask(struct mh_kernel_injection *injection,
							 const struct mh_kernel_question *question)
{
	const enum mh_event event = question->turn->online ? MH_GOING_ONLINE : MH_GOING_OFFLINE;
	const char *workload = injection->scenario->workloads[question->workload].name;

	for (size_t i = 0; i < injection->count; i++) {
		struct mh_kernel_injected_fault *item = &injection->faults[i];

		if (!(item->plan->events >> event & 1) || !is_of_phase(item->fault, question->phase))
			continue;
		item->armed++;
		if (!matches(&item->fault->fault.where, question, workload))
			continue;
		item->evaluated++;
		if (fires(item, question, event))
			return item;
	}
	return NULL;
}

static void report_fault(const struct mh_kernel_injected_fault *item, bool whole, struct mh_result *result)
{
	const struct mh_fault *fault = &item->fault->fault;
	struct mh_result_fault *of = mh_result_add_fault(result);

	if (!of)
		return;
	of->id = mh_result_text(result, fault->name);
	of->kind = fault->kind->name;
	of->armed = item->armed;
	of->evaluated = item->evaluated;
	of->fired = item->fired;
	if (item->fired || fault->optional || !whole)
		return;
	mh_result_raise_status(result, MH_RUN_INVALID);
	(void)mh_result_add_status_reason(result,
					  "fault '%s' never fired (%llu operations matched its `where`): a test that "
					  "tests nothing; mend its where or trigger, or say `optional: true`",
					  fault->name, (unsigned long long)item->evaluated);
}

void mh_kernel_injection_report(const struct mh_kernel_injection *injection, bool whole, struct mh_result *result)
{
	for (size_t i = 0; i < injection->count; i++)
		report_fault(&injection->faults[i], whole, result);
}
