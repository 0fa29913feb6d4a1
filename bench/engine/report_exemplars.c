/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worst operations of a phase, from its workers' exemplars into the result: the longest of all workers together,
 * the longest first, then those that are the longest of some series and not yet among them.
 */
#include <stdlib.h>

#include "bench/engine/run_private.h"
#include "faults/point.h"

/* One operation that is to be told. */
struct choice {
	const struct mh_worker_run *worker;
	const struct mh_exemplar *exemplar;
};

struct choices {
	struct choice *items;
	size_t count;
};

static int longer_first(const void *left, const void *right)
{
	const uint64_t a = mh_times_response(&((const struct choice *)left)->exemplar->times);
	const uint64_t b = mh_times_response(&((const struct choice *)right)->exemplar->times);

	return a > b ? -1 : a < b;
}

static const char *listener_name(const struct mh_phase *phase, unsigned event, unsigned id)
{
	return mh_machine_listener(phase->run->machine, (enum mh_event)event, id)->name;
}

/* What a stamp ends, if it ends a step. */
static bool step_of(struct mh_phase *phase, const struct mh_stamp *stamp, struct mh_result_step *ret_step)
{
	switch ((enum mh_stamp_kind)stamp->kind) {
	case MH_STAMP_LOCKED:
		*ret_step = (struct mh_result_step){.kind = MH_STEP_LOCK, .name = "lock"};
		return true;
	case MH_STAMP_CALLED:
		*ret_step = (struct mh_result_step){
			.kind = MH_STEP_LISTENER,
			.name = mh_result_format(phase->run->result, "%s/%s", mh_event_names[stamp->event],
						 listener_name(phase, stamp->event, stamp->listener)),
		};
		return true;
	case MH_STAMP_WALK_END:
		*ret_step = (struct mh_result_step){.kind = MH_STEP_WALK, .name = mh_event_names[stamp->event]};
		return true;
	case MH_STAMP_DRAINED:
		*ret_step = (struct mh_result_step){.kind = MH_STEP_DRAIN, .name = "drain"};
		return true;
	case MH_STAMP_MIGRATED:
		*ret_step = (struct mh_result_step){.kind = MH_STEP_MIGRATE, .name = "migrate"};
		return true;
	case MH_STAMP_GRACE_END:
		*ret_step = (struct mh_result_step){.kind = MH_STEP_GRACE, .name = "grace"};
		return true;
	default:
		return false; /* begins what another stamp ends */
	}
}

static void report_steps(struct mh_phase *phase, const struct mh_exemplar *exemplar, struct mh_result_exemplar *item)
{
	const struct mh_clock *clock = &phase->run->clock;
	const uint64_t start = exemplar->times.start;
	uint64_t last = start, walk = start;

	for (uint32_t i = 0; i < exemplar->stamp_count; i++) {
		const struct mh_stamp *stamp = &exemplar->stamps[i];
		struct mh_result_step found, *step = NULL;

		if (stamp->kind == MH_STAMP_WALK_BEGIN)
			walk = stamp->ticks;
		if (stamp->ticks && step_of(phase, stamp, &found))
			step = mh_result_add_step(phase->run->result, item);
		if (step) {
			*step = found;
			step->begin_ns = mh_clock_ns(clock, (found.kind == MH_STEP_WALK ? walk : last) - start);
			step->end_ns = mh_clock_ns(clock, stamp->ticks - start);
		}
		last = stamp->ticks;
	}
	item->steps_cut = exemplar->cut;
}

/* Names of what the firing's point has: an allocation has neither event nor listener, a lock no listener. */
static void name_place(const struct mh_phase *phase, const struct mh_firing *firing, struct mh_result_firing *told)
{
	if (mh_point_has_event((enum mh_hook_point)firing->point))
		told->event = mh_event_names[firing->event];
	if (firing->point == MH_HOOK_LISTENER)
		told->listener =
			mh_result_text(phase->run->result, listener_name(phase, firing->event, firing->listener));
}

static void report_firings(struct mh_phase *phase, const struct mh_exemplar *exemplar, struct mh_result_exemplar *item)
{
	for (unsigned i = 0; i < exemplar->firing_count; i++) {
		const struct mh_firing *firing = &exemplar->firings[i];
		struct mh_result_firing *told = mh_result_add_firing(phase->run->result, item);

		if (!told)
			return;
		told->fault = mh_result_text(phase->run->result, phase->armed[firing->fault]->name);
		name_place(phase, firing, told);
		told->value = firing->value;
		told->delay_ns = firing->delay_ns;
	}
	item->fired = exemplar->fault_count;
}

static void report_times(struct mh_phase *phase, const struct mh_times *times, struct mh_result_exemplar *item)
{
	const struct mh_clock *clock = &phase->run->clock;

	item->intended_ns = mh_run_ns(phase->run, times->intended);
	item->start_ns = mh_run_ns(phase->run, times->start);
	item->wait_ns = mh_clock_ns(clock, mh_times_wait(times));
	item->service_ns = mh_clock_ns(clock, mh_times_service(times));
	item->response_ns = mh_clock_ns(clock, mh_times_response(times));
}

static void report_choice(struct mh_phase *phase, const struct choice *choice, struct mh_result_exemplar *item)
{
	const struct mh_exemplar *exemplar = choice->exemplar;
	struct mh_result *result = phase->run->result;

	item->phase = mh_result_text(result, phase->scenario->name);
	item->workload = mh_result_text(result, choice->worker->workload->name);
	item->operation = exemplar->online ? "online" : "offline";
	item->worker = choice->worker->worker.index;
	item->seq = exemplar->index;
	item->block = exemplar->block;
	item->result = exemplar->result;
	item->outcome = mh_outcome_names[exemplar->outcome];
	item->class = mh_class_name((enum mh_class)exemplar->class);
	if (exemplar->switched != MH_SWITCHED_UNKNOWN)
		item->switched = exemplar->switched == MH_SWITCHED_YES;
	report_times(phase, &exemplar->times, item);
	report_firings(phase, exemplar, item);
	report_steps(phase, exemplar, item);
}

static size_t count_kept(const struct mh_phase *phase)
{
	size_t count = 0;

	for (unsigned i = 0; i < phase->worker_count; i++)
		count += phase->workers[i].exemplars.count;
	return count;
}

static void choose_longest(struct mh_phase *phase, struct choices *choices)
{
	for (unsigned i = 0; i < phase->worker_count; i++)
		for (unsigned n = 0; n < phase->workers[i].exemplars.count; n++)
			choices->items[choices->count++] = (struct choice){
				.worker = &phase->workers[i],
				.exemplar = &phase->workers[i].exemplars.items[n],
			};
	qsort(choices->items, choices->count, sizeof(choices->items[0]), longer_first);
	if (choices->count > phase->run->scenario->record.exemplars)
		choices->count = phase->run->scenario->record.exemplars;
}

/* The worker with the longest value of a series; NULL: no worker has one. */
static const struct mh_worker_run *longest_of(const struct mh_phase *phase, unsigned series, uint64_t *ret_value_ns)
{
	const struct mh_worker_run *longest = NULL;

	*ret_value_ns = 0;
	for (unsigned i = 0; i < phase->worker_count; i++) {
		const struct mh_peaks *peaks = &phase->workers[i].exemplars.peaks;

		if (series >= peaks->series_count || peaks->longest_ns[series] <= *ret_value_ns)
			continue;
		*ret_value_ns = peaks->longest_ns[series];
		longest = &phase->workers[i];
	}
	return longest;
}

/* The choice of an operation: one that is there already, or a new one. */
static struct choice *choose(struct choices *choices, const struct mh_worker_run *worker,
			     const struct mh_exemplar *exemplar)
{
	for (size_t i = 0; i < choices->count; i++)
		if (choices->items[i].worker == worker && choices->items[i].exemplar->index == exemplar->index)
			return &choices->items[i];
	choices->items[choices->count] = (struct choice){.worker = worker, .exemplar = exemplar};
	return &choices->items[choices->count++];
}

static void choose_of_series(struct mh_phase *phase, struct choices *choices)
{
	uint64_t ignored;

	for (int series = 0; series < phase->run->series.whole_count; series++) {
		const struct mh_worker_run *worker = longest_of(phase, (unsigned)series, &ignored);

		if (worker)
			(void)choose(choices, worker, &worker->exemplars.of_series[series]);
	}
}

/* @items: the choices in the result, in the same order. */
static void name_series(struct mh_phase *phase, struct choices *choices, struct mh_result_exemplar *items)
{
	const struct mh_series *series = &phase->run->series;

	for (int id = 0; id < series->whole_count; id++) {
		uint64_t value_ns;
		const struct mh_worker_run *worker = longest_of(phase, (unsigned)id, &value_ns);
		struct mh_result_longest *longest;
		struct choice *of;

		if (!worker)
			continue;
		of = choose(choices, worker, &worker->exemplars.of_series[id]);
		longest = mh_result_add_longest(phase->run->result, &items[of - choices->items]);
		if (!longest)
			return;
		longest->series = mh_result_text(phase->run->result, series->table.names[id]);
		longest->value_ns = value_ns;
	}
}

static void report_choices(struct mh_phase *phase, struct choices *choices)
{
	struct mh_result *result = phase->run->result;
	const size_t first = result->exemplar_count;

	for (size_t i = 0; i < choices->count; i++) {
		struct mh_result_exemplar *item = mh_result_add_exemplar(result);

		if (!item)
			return;
		report_choice(phase, &choices->items[i], item);
	}
	if (choices->count)
		name_series(phase, choices, &result->exemplars[first]);
}

void mh_phase_report_exemplars(struct mh_phase *phase)
{
	const size_t most = count_kept(phase) + (size_t)phase->run->series.whole_count;
	struct choices choices = {.items = calloc(most + 1, sizeof(choices.items[0]))};

	if (!choices.items)
		return;
	choose_longest(phase, &choices);
	choose_of_series(phase, &choices);
	report_choices(phase, &choices);
	free(choices.items);
}
