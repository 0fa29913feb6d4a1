/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The hooks that ask the armed faults of a point, in the scenario's order.
 *
 * A decision is a keyed mix of the event identity: (fault key, stream, index, event, listener, attempt), and at other
 * points than LISTENER the point and the number of the question there. The listener enters by its salt. No floating
 * point, no lock, no shared counter; the clock is read only for a fault that asks for the time.
 */
#include "faults/fault_set.h"

#include "base/rng.h"
#include "core/notifier.h"
#include "core/units.h"

/* Odd constants that keep points and questions apart, as those of core/sieve.h; of the square roots of 7 and 11. */
#define POINT_STEP  UINT64_C(0xa54ff53a5f1d36f1)
#define NUMBER_STEP UINT64_C(0x510e527fade682d1)

/* What tells this call from the others of its worker. */
static inline uint64_t call_identity(const struct mh_hook_site *site)
{
	return mh_sieve_identity(&site->operation->identity, site->event) + site->listener->salt;
}

/* The same where there is no listener. */
static inline uint64_t question_identity(const struct mh_hook_site *site)
{
	return mh_sieve_identity(&site->operation->identity, site->event) + (uint64_t)site->point * POINT_STEP +
	       site->number * NUMBER_STEP;
}

static inline uint64_t draw_of(struct mh_fault_state *state, uint64_t key, uint64_t stream, uint64_t identity)
{
	if (__builtin_expect(state->sieve.stream != stream, 0)) {
		state->sieve.stream = stream;
		state->sieve.base = mh_rng_mix(key, stream);
	}
	return mh_rng_mix(state->sieve.base, identity);
}

/* Notes the events in which any fault could act on a listener that is met for the first time. */
static __attribute__((noinline)) void meet_listener(struct mh_fault_set *set, const struct mh_hook_site *site,
						    uint16_t *met)
{
	const struct mh_fault_point *point = &set->points[MH_HOOK_LISTENER];
	unsigned interest = MH_INTEREST_KNOWN;

	for (unsigned i = 0; i < point->count; i++)
		if (mh_where_hears(&set->faults[point->faults[i]].match, site->event, site->listener))
			interest |= set->faults[point->faults[i]].match.events;
	__atomic_store_n(met, (uint16_t)interest, __ATOMIC_RELAXED);
}

/* A page in a pass is too little to stand on a line of its own: the passes go on until something ends them. */
static bool joins_earlier(struct mh_fault_worker *worker, const struct mh_firing *firing)
{
	for (unsigned i = 0; firing->point == MH_HOOK_MIGRATE && i < worker->current_count; i++) {
		struct mh_firing *earlier = &worker->current[i];

		if (earlier->fault != firing->fault || earlier->point != MH_HOOK_MIGRATE ||
		    earlier->attempt != firing->attempt)
			continue;
		earlier->times++;
		if (worker->current_kept[i])
			worker->firings[worker->current_kept[i] - 1].times++;
		return true;
	}
	return false;
}

/* Those too many to be judged are counted, and missed where something was expected of them. */
static void keep_firing(struct mh_fault_worker *worker, const struct mh_firing *firing, const char *problem)
{
	if (worker->current_index != firing->index) {
		worker->current_index = firing->index;
		worker->current_count = 0;
	}
	if (joins_earlier(worker, firing))
		return;
	if (worker->current_count < MH_FIRINGS_OPERATION_MAX) {
		worker->current_kept[worker->current_count] = worker->kept < worker->kept_size ? worker->kept + 1 : 0;
		worker->problems[worker->current_count] = problem;
		worker->current[worker->current_count++] = *firing;
	} else {
		worker->states[firing->fault].unjudged++;
	}
	if (worker->kept < worker->kept_size)
		worker->firings[worker->kept++] = *firing;
	else
		worker->dropped++;
}

static void pin(const struct mh_fault_set *set, struct mh_fault_state *state, const struct mh_fault_action *action,
		const struct mh_hook_site *site)
{
	uint64_t ticks = mh_clock_ticks_of_ns(set->clock, action->pin_ns);

	mh_pins_add(state->pins, site, action->pin_ns ? mh_clock_ticks(set->clock) + ticks : UINT64_MAX);
}

static __attribute__((noinline)) int fire(struct mh_fault_set *set, struct mh_fault_worker *worker, unsigned fault,
					  const struct mh_hook_site *site, uint64_t draw, int value)
{
	const struct mh_armed_fault *armed = &set->faults[fault];
	struct mh_fault_state *state = &worker->states[fault];
	struct mh_fault_call call = {
		.clock = set->clock,
		.machine = set->machine,
		.site = site,
		.state = armed->state,
		.draw = draw,
		.value = value,
		.memory = &state->memory,
	};
	struct mh_operation *operation = site->operation;
	const struct mh_identity *identity = &operation->identity;

	operation->check.expected |= armed->detects;
	/* Counted first: of some kinds nobody comes back from here. */
	state->fired++;
	state->digest += draw;
	operation->fault_count++;
	armed->fault->kind->fire(&armed->action, &call);
	if (armed->action.pins)
		pin(set, state, &armed->action, site);
	keep_firing(worker,
		    &(struct mh_firing){
			    .index = identity->index,
			    .delay_ns = call.delay_ns,
			    .attempt = identity->attempt,
			    .times = 1,
			    .block = site->block,
			    .value = call.value,
			    .fault = (uint16_t)fault,
			    .phase = identity->phase,
			    .workload = identity->workload,
			    .worker = identity->worker,
			    .listener = site->listener ? site->listener->id : 0,
			    .event = (uint8_t)site->event,
			    .point = (uint8_t)site->point,
			    .online = operation->online,
			    .replaced = armed->action.replaces,
		    },
		    call.problem);
	return call.value;
}

/* The time since the phase began, read once a call. */
static uint64_t phase_ns(const struct mh_fault_set *set)
{
	return mh_clock_ns(set->clock, mh_clock_ticks(set->clock) - set->start_ticks);
}

/* Does the fault mean this one of the operation's questions? */
static inline bool means_number(const struct mh_fault_action *action, uint64_t number)
{
	return number >= action->number_first && (!action->number_last || number <= action->number_last);
}

/* Kept out of line, so that a call that no fault is interested in pays for no registers. */
static __attribute__((noinline)) int ask_each(struct mh_fault_set *set, const struct mh_hook_site *site, int value,
					      uint64_t identity)
{
	const struct mh_fault_point *point = &set->points[site->point];
	struct mh_fault_worker *worker = mh_fault_set_worker(set, &site->operation->identity);
	uint64_t stream = site->operation->identity.stream;
	struct mh_trigger_call call = {
		.size_bytes = (uint64_t)site->pages << MH_PAGE_SHIFT,
		.node = site->node,
	};
	bool replaced = false, timed = false;

	for (unsigned turn = 0; worker && turn < point->count; turn++) {
		const unsigned i = point->faults[turn];
		const struct mh_armed_fault *armed = &set->faults[i];
		struct mh_fault_state *state = &worker->states[i];

		if (!mh_where_names(&armed->match, site) || (replaced && armed->action.replaces) ||
		    !means_number(&armed->action, site->number))
			continue;
		state->armed++;
		if (armed->match.rest && !mh_where_rest(&armed->match, site))
			continue;
		state->evaluated++;
		if (__builtin_expect(set->census.counts != NULL, 0))
			mh_census_count(&set->census, i, site);
		if (armed->plan.clocked && !timed) {
			call.time_ns = phase_ns(set);
			timed = true;
		}
		call.draw = draw_of(state, armed->key, stream, identity);
		if (__builtin_expect(!mh_trigger_fires(&armed->plan, &state->trigger, stream, &call), 1))
			continue;
		value = fire(set, worker, i, site, call.draw, value);
		replaced |= armed->action.replaces;
	}
	return value;
}

/* The lone fault's event and listener match. As ask_each, without all that it does not ask for. */
static inline int ask_lone(struct mh_fault_set *set, const struct mh_hook_site *site, int value, uint64_t identity)
{
	const struct mh_armed_fault *lone = set->lone;
	const unsigned index = (unsigned)(lone - set->faults);
	const struct mh_identity *who = &site->operation->identity;
	struct mh_fault_worker *worker = mh_fault_set_worker(set, who);
	struct mh_fault_state *state;
	uint64_t draw;

	if (!worker)
		return value;
	state = &worker->states[index];
	state->armed++;
	state->evaluated++;
	draw = draw_of(state, lone->key, who->stream, identity);
	if (__builtin_expect(draw >= lone->plan.threshold, 1))
		return value;
	return fire(set, worker, index, site, draw, value);
}

int mh_fault_set_ask(void *data, const struct mh_hook_site *site, int value)
{
	struct mh_fault_set *set = data;
	uint16_t *met = &set->met[mh_listener_slot(site->event, site->listener)];
	unsigned interest = __atomic_load_n(met, __ATOMIC_RELAXED);
	uint64_t identity;

	if (__builtin_expect(!interest, 0)) {
		meet_listener(set, site, met);
		return mh_fault_set_ask(data, site, value);
	}
	if (!(interest >> site->event & 1))
		return value;
	identity = call_identity(site);
	return set->lone ? ask_lone(set, site, value, identity) : ask_each(set, site, value, identity);
}

static bool holds(const struct mh_fault_set *set, const struct mh_pins *pins, const struct mh_hook_site *site)
{
	return mh_pins_has(pins, site) &&
	       (pins->until_ticks == UINT64_MAX || mh_clock_ticks(set->clock) < pins->until_ticks);
}

/* Does a pin of an earlier pass of this operation hold the page? That is no new decision. */
static bool is_pinned(const struct mh_fault_set *set, const struct mh_hook_site *site, int *ret_value)
{
	const struct mh_fault_point *point = &set->points[MH_HOOK_MIGRATE];
	const struct mh_fault_worker *worker = mh_fault_set_worker(set, &site->operation->identity);

	for (unsigned turn = 0; worker && turn < point->count; turn++) {
		const struct mh_fault_action *action = &set->faults[point->faults[turn]].action;

		if (!action->pins || !holds(set, worker->states[point->faults[turn]].pins, site))
			continue;
		*ret_value = action->value;
		return true;
	}
	return false;
}

int mh_fault_set_ask_point(void *data, const struct mh_hook_site *site, int value)
{
	if (site->point == MH_HOOK_MIGRATE && is_pinned(data, site, &value))
		return value;
	return ask_each(data, site, value, question_identity(site));
}
