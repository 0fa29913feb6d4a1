/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a case goes: neighbours are placed, the module loaded, the node's other blocks brought to where the case wants
 * them; then the operation, and what takes it back, twice; once more on another block where there is one; then all is
 * taken down again. What happens between GOING and the final event happens in the hook before that event's walk.
 */
#include "bench/engine/contract_try.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/kapi_alloc.h"
#include "core/kapi_time.h"
#include "core/kapi_work.h"

/* A second of the module's lasts so many here: what it sleeps is no part of what is checked. */
#define TIME_SCALE 0.001
/* Repetitions until all has been made that a listener makes once and keeps: what goes on growing leaks. */
#define GROWTHS_MAX 4

static void keep_report(void *data, const char *invariant, const char *text)
{
	struct mh_contract_try *try = data;

	mh_mutex_lock(&try->misdeed_lock);
	if (try->misdeed_count < MH_CONTRACT_MISDEEDS_MAX) {
		struct mh_contract_misdeed *misdeed = &try->misdeeds[try->misdeed_count++];

		misdeed->rule = mh_contract_rule_of(invariant);
		strncpy(misdeed->text, text, sizeof(misdeed->text) - 1);
	}
	mh_mutex_unlock(&try->misdeed_lock);
}

static int load(struct mh_contract_try *try)
{
	struct mh_error error = {.code = 0};
	int ret = mh_module_load_with(try->world.machine, &try->load, &try->module, &error);

	if (ret < 0) {
		try->module = NULL;
		mh_contract_break(try, MH_CONTRACT_REGISTRATION, false, "it cannot be loaded again: %s", error.text);
		try->spoiled = true;
	} else if (!mh_kapi_quiesce()) {
		/* What registers may be a work that its init starts. */
		mh_contract_break(try, MH_CONTRACT_RETURNS, false,
				  "a work or timer that its init started does not end");
	}
	return ret;
}

/* What is not a module's own doing when it goes: memory that it was kept from freeing, and a lock of an operation in
 * whose midst it goes, for its exit runs in another thread, which must not release it. */
static bool is_forgiven(const struct mh_contract_try *try, enum mh_contract_rule rule)
{
	return (rule == MH_CONTRACT_LEAK && try->starved) ||
	       (rule == MH_CONTRACT_LOCK && try->of.registration == MH_REGISTRATION_GOES);
}

static void forgive(struct mh_contract_try *try)
{
	unsigned kept = 0;

	mh_mutex_lock(&try->misdeed_lock);
	for (unsigned i = 0; i < try->misdeed_count; i++)
		if (!is_forgiven(try, try->misdeeds[i].rule))
			try->misdeeds[kept++] = try->misdeeds[i];
	try->misdeed_count = kept;
	mh_mutex_unlock(&try->misdeed_lock);
}

/* The kernel would keep it for ever: what is left is no leak, and it goes only so that the next case begins anew. */
static int unload_for_ever(struct mh_contract_try *try, struct mh_error *reterr)
{
	unsigned kept = try->misdeed_count;
	int ret;

	mh_module_take_off(try->module);
	ret = mh_module_unload(try->module, reterr);
	try->misdeed_count = kept;
	return ret;
}

static void unload(struct mh_contract_try *try)
{
	struct mh_error error = {.code = 0};
	int ret;

	if (!try->module)
		return;
	if (!mh_module_has_exit(try->module)) {
		try->spoiled |= unload_for_ever(try, &error) < 0;
		try->module = NULL;
		return;
	}
	mh_contract_exercise(try, MH_CONTRACT_REGISTRATION);
	ret = mh_module_unload(try->module, &error);
	try->module = NULL;
	if (ret < 0) {
		mh_contract_break(try, MH_CONTRACT_REGISTRATION, false, "%s", error.text);
		try->spoiled = true;
	}
	forgive(try);
}

/* A state of the module; of one that comes or goes meanwhile there is none to compare. */
static void take(struct mh_contract_try *try, struct mh_contract_state *state)
{
	/* Without memory for its variables there are none, and nothing is said of them. */
	if (try->of.registration == MH_REGISTRATION_STAYS)
		(void)mh_contract_state_take(state, try->module);
}

static bool is_final(enum mh_event event)
{
	return !mh_event_can_veto(event);
}

static void exercise_allocation(struct mh_contract_try *try)
{
	if (!mh_kapi_alloc_failed_at())
		return;
	try->result->allocations_failed++;
	mh_contract_exercise(try, MH_CONTRACT_ALLOCATION);
}

/* Its init and exit are none of its callbacks: no allocation of theirs fails. */
static void change_registration(struct mh_contract_try *try)
{
	uint64_t asked = mh_kapi_alloc_asked();

	exercise_allocation(try);
	mh_kapi_alloc_fail(0);
	if (try->of.registration == MH_REGISTRATION_GOES)
		unload(try);
	else if (!try->module)
		(void)load(try);
	try->asked_aside = mh_kapi_alloc_asked() - asked;
	mh_kapi_alloc_fail(try->of.registration == MH_REGISTRATION_COMES ? try->of.alloc : 0);
}

/* Before each walk of an operation. */
static int before_walk(void *data, const struct mh_hook_site *site, int times)
{
	struct mh_contract_try *try = data;

	try->now->event = site->event;
	try->now->walking = true;
	try->now->beat++;
	if (!try->forced || try->reached || !is_final(site->event))
		return times;
	try->reached = true;
	take(try, &try->middle);
	if (try->of.registration != MH_REGISTRATION_STAYS)
		change_registration(try);
	return times;
}

/* What the operation set going in other threads belongs to it. */
static void quiesce(struct mh_contract_try *try)
{
	if (!mh_kapi_quiesce())
		mh_contract_break(try, MH_CONTRACT_RETURNS, true, "a work or timer that it started does not end");
}

/* One operation, judged. */
static int operate(struct mh_contract_try *try, unsigned block, bool online, bool forced)
{
	int ret;

	try->forced = forced;
	try->reached = false;
	mh_contract_world_arm(&try->world, &try->of, forced);
	ret = mh_contract_world_operate(&try->world, block, online, try->of.movable);
	try->now->walking = false;
	quiesce(try);
	mh_contract_judge_operation(try);
	try->forced = false;
	return ret;
}

/* The other blocks, and of an offline the target, as they are before the case's operation. False: somebody refused. */
static bool set_stage(struct mh_contract_try *try, const struct mh_contract_stage *stage)
{
	unsigned wanted = stage->others;

	if (!mh_contract_case_is_online(&try->of))
		wanted |= 1u << stage->target;
	for (unsigned i = 0; i < MH_CONTRACT_BLOCKS; i++)
		if (wanted >> i & 1 && !mh_contract_world_is_online(&try->world, i) &&
		    operate(try, i, true, false) != 0)
			return false;
	return true;
}

/* The case's operation on @block. Return: its result. */
static int operate_case(struct mh_contract_try *try, unsigned block, uint64_t *ret_allocations)
{
	uint64_t asked = mh_kapi_alloc_asked();
	int ret;

	take(try, &try->before);
	try->asked_aside = 0;
	mh_kapi_alloc_fail(try->of.alloc);
	ret = operate(try, block, mh_contract_case_is_online(&try->of), true);
	exercise_allocation(try);
	mh_kapi_alloc_fail(0);
	*ret_allocations = mh_kapi_alloc_asked() - asked - try->asked_aside;
	if (*ret_allocations)
		mh_contract_exercise(try, MH_CONTRACT_WRITE);
	take(try, &try->after);
	return ret;
}

/* One repetition: there, and if it succeeded back again. False: the block cannot be brought back. */
static bool repeat(struct mh_contract_try *try, const struct mh_contract_stage *stage, uint64_t *ret_allocations,
		   bool *ret_failed)
{
	bool online = mh_contract_case_is_online(&try->of), back;
	unsigned heard;

	if (try->of.registration == MH_REGISTRATION_GOES && !try->module && load(try) < 0)
		return false;
	*ret_failed = operate_case(try, stage->target, ret_allocations) != 0;
	mh_contract_judge_undo(try, *ret_failed);
	heard = try->heard;
	if (*ret_failed)
		back = true;
	else
		back = operate(try, stage->target, !online, false) == 0;
	if (back && !*ret_failed) {
		take(try, &try->after);
		mh_contract_judge_cycle(try, heard | try->heard);
		if (mh_kapi_alloc_asked())
			mh_contract_exercise(try, MH_CONTRACT_LEAK);
	}
	if (try->of.registration == MH_REGISTRATION_COMES)
		unload(try);
	return back && !try->spoiled;
}

static void swap_states(struct mh_contract_state *one, struct mh_contract_state *other)
{
	struct mh_contract_state kept = *one;

	*one = *other;
	*other = kept;
}

static bool grows(const struct mh_contract_try *try)
{
	uint64_t ignored;

	return try->of.registration == MH_REGISTRATION_STAYS &&
	       mh_contract_state_grown(&try->earlier, &try->after, &ignored);
}

static void run_case(struct mh_contract_try *try, const struct mh_contract_stage *stage, uint64_t *ret_allocations)
{
	uint64_t ignored;
	bool failed;

	if (!set_stage(try, stage) || !repeat(try, stage, ret_allocations, &failed))
		return;
	swap_states(&try->earlier, &try->after);
	if (!repeat(try, stage, &ignored, &failed))
		return;
	for (int i = 0; i < GROWTHS_MAX && grows(try); i++) {
		swap_states(&try->earlier, &try->after);
		if (!repeat(try, stage, &ignored, &failed))
			return;
	}
	mh_contract_judge_growth(try, failed, false);
	if (!failed || stage->spare < 0 || try->of.registration != MH_REGISTRATION_STAYS)
		return;
	swap_states(&try->earlier, &try->after);
	if (operate_case(try, (unsigned)stage->spare, &ignored) != 0)
		mh_contract_judge_growth(try, true, true);
}

static void take_down(struct mh_contract_try *try)
{
	/* Once with the module, which may refuse, and once without. */
	for (int i = 0; i < 2; i++) {
		for (unsigned block = 0; block < MH_CONTRACT_BLOCKS; block++)
			if (mh_contract_world_is_online(&try->world, block))
				(void)operate(try, block, false, false);
		unload(try);
		mh_contract_judge_reports(try);
	}
	mh_contract_world_clear(&try->world);
}

static int set_up(struct mh_contract_try *try, const struct mh_contract_case *of)
{
	int ret;

	try->of = *of;
	try->starved = false;
	try->misdeed_count = 0;
	ret = mh_contract_world_surround(&try->world, of, &try->plan->listeners[of->listener]);
	if (!ret && of->registration != MH_REGISTRATION_COMES)
		ret = load(try);
	mh_contract_judge_reports(try);
	return ret;
}

int mh_contract_try_case(struct mh_contract_try *try, const struct mh_contract_case *of, uint64_t *ret_allocations)
{
	int ret;

	*ret_allocations = 0;
	ret = set_up(try, of);
	if (!ret)
		run_case(try, mh_contract_case_stage(of), ret_allocations);
	take_down(try);
	try->result->runs++;
	return try->spoiled ? -ESTALE : ret;
}

/* A cancelled operation, then (or) a cycle, in which the listener hears all that it should. */
static int learn_stage(struct mh_contract_try *try, const struct mh_contract_stage *stage)
{
	bool online = mh_contract_case_is_online(&try->of);
	bool node = try->plan->listeners[try->of.listener].node;
	int ret;

	take(try, &try->before);
	mh_contract_world_arm(&try->world, &try->of, false);
	mh_contract_world_refuse(&try->world, online, node, true);
	try->forced = true;
	try->reached = false;
	ret = mh_contract_world_operate(&try->world, stage->target, online, try->of.movable);
	try->forced = false;
	quiesce(try);
	mh_contract_judge_operation(try);
	mh_contract_world_refuse(&try->world, online, node, false);
	take(try, &try->after);
	if (ret != 0 && try->reached) {
		try->prepares |= try->middle.live > try->before.live;
		return mh_contract_habit_learn(&try->cancelled[online], &try->before, &try->middle, &try->after);
	}
	return 0;
}

static int learn_cycle(struct mh_contract_try *try, const struct mh_contract_stage *stage)
{
	bool online = mh_contract_case_is_online(&try->of);
	int ret;

	take(try, &try->before);
	if (operate(try, stage->target, online, true) != 0)
		return 0;
	take(try, &try->earlier);
	try->prepares |= try->earlier.live > try->before.live;
	ret = mh_contract_habit_learn(&try->done[online], &try->before, &try->middle, &try->earlier);
	if (ret || operate(try, stage->target, !online, true) != 0)
		return ret;
	take(try, &try->after);
	ret = mh_contract_habit_learn(&try->done[!online], &try->earlier, &try->middle, &try->after);
	return ret ? ret : mh_contract_habit_learn(&try->cycle, &try->before, &try->earlier, &try->after);
}

/* The first cycle of a block, in which what is kept for ever is made. */
static void learn_first(struct mh_contract_try *try, const struct mh_contract_stage *stage)
{
	bool online = mh_contract_case_is_online(&try->of);

	take(try, &try->before);
	(void)operate(try, stage->target, online, false);
	(void)operate(try, stage->target, !online, false);
	take(try, &try->after);
	try->keeps |= try->after.live > try->before.live;
}

/* Twice each: what a listener makes once and keeps is not told apart from a habit by one trial. */
static int learn_case(struct mh_contract_try *try, const struct mh_contract_case *of)
{
	const struct mh_contract_stage *stage = mh_contract_case_stage(of);
	int ret = set_up(try, of);

	if (!ret && set_stage(try, stage)) {
		learn_first(try, stage);
		for (int i = 0; i < 2 && !ret; i++) {
			ret = learn_stage(try, stage);
			if (!ret)
				ret = learn_cycle(try, stage);
		}
	}
	take_down(try);
	return try->spoiled ? -ESTALE : ret;
}

static void forget_habits(struct mh_contract_try *try)
{
	mh_contract_habit_release(&try->cancelled[0]);
	mh_contract_habit_release(&try->cancelled[1]);
	mh_contract_habit_release(&try->done[0]);
	mh_contract_habit_release(&try->done[1]);
	mh_contract_habit_release(&try->cycle);
	try->prepares = false;
	try->keeps = false;
}

int mh_contract_try_learn(struct mh_contract_try *try, unsigned listener)
{
	int ret = 0;

	forget_habits(try);
	try->learning = true;
	for (unsigned i = 0; i < 2 * 2 * MH_POSITIONS && !ret; i++) {
		/* An event without an answer says the direction only. */
		struct mh_contract_case of = {
			.listener = listener,
			.event = i & 1 ? MH_GOING_ONLINE : MH_GOING_OFFLINE,
			.has_event = !(i & 1),
			.movable = i >> 1 & 1,
			.position = (enum mh_contract_position)(i >> 2),
		};

		ret = learn_case(try, &of);
	}
	try->learning = false;
	try->prepares |= mh_contract_habit_pairs(&try->cancelled[0]) || mh_contract_habit_pairs(&try->cancelled[1]) ||
			 mh_contract_habit_pairs(&try->done[0]) || mh_contract_habit_pairs(&try->done[1]) ||
			 mh_contract_habit_pairs(&try->cycle);
	return ret;
}

int mh_contract_try_open(struct mh_contract_try *try, enum mh_compat compat, struct mh_error *reterr)
{
	int ret = mh_contract_world_open(&try->world, compat, reterr);

	if (ret < 0)
		return ret;
	mh_mutex_init(&try->misdeed_lock);
	try->hook = (struct mh_hook){.run = before_walk, .data = try};
	try->sink = (struct mh_kapi_sink){.report = keep_report, .data = try};
	mh_machine_hook(try->world.machine, MH_HOOK_EVENT, &try->hook);
	mh_kapi_report_to(&try->sink);
	mh_kapi_time_scale(TIME_SCALE);
	return 0;
}

void mh_contract_try_close(struct mh_contract_try *try)
{
	mh_kapi_report_to(NULL);
	forget_habits(try);
	mh_contract_state_release(&try->before);
	mh_contract_state_release(&try->middle);
	mh_contract_state_release(&try->after);
	mh_contract_state_release(&try->earlier);
	mh_contract_world_close(&try->world);
	mh_mutex_release(&try->misdeed_lock);
}
