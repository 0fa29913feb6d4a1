/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names first, once a run; then only numbers.
 */
#include "bench/engine/series.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define OTHER_LISTENERS "other" /* those without a series of their own, and those that come later */

struct builder {
	struct mh_series *series;
	const struct mh_scenario *scenario;
	struct mh_error *reterr;
	int error; /* the first; what comes after does nothing */
};

static bool is_wanted(const struct mh_scenario *scenario, const char *name)
{
	for (size_t i = 0; i < scenario->record.series.count; i++)
		if (mh_glob_match(scenario->record.series.items[i], name))
			return true;
	return false;
}

static int add(struct builder *builder, const char *name, unsigned digits)
{
	int id;

	if (builder->error || builder->scenario->record.stamps == MH_STAMPS_NONE)
		return MH_SERIES_NONE;
	id = mh_series_table_find(&builder->series->table, name);
	if (id < 0)
		id = mh_series_table_add(&builder->series->table, name, digits, builder->reterr);
	if (id < 0) {
		builder->error = id;
		return MH_SERIES_NONE;
	}
	return id;
}

static int add_wanted(struct builder *builder, const char *name)
{
	if (!is_wanted(builder->scenario, name))
		return MH_SERIES_NONE;
	return add(builder, name, (unsigned)builder->scenario->record.digits);
}

static int add_stamped(struct builder *builder, const char *name)
{
	int id = MH_SERIES_NONE;

	if (builder->scenario->record.stamps >= MH_STAMPS_EVENT)
		id = add_wanted(builder, name);
	builder->series->stamped |= id >= 0;
	return id;
}

bool mh_workload_is_headline(const struct mh_scenario *scenario, size_t workload)
{
	if (scenario->workloads[workload].kind->hotplug)
		return true;
	for (size_t i = 0; i < scenario->workload_count; i++)
		if (scenario->workloads[i].kind->hotplug)
			return false;
	return workload == 0;
}

/* "alloc.service" is recorded when either it or "service" is asked for. */
static int add_of_workload(struct builder *builder, size_t workload, const char *what)
{
	const struct mh_scenario *scenario = builder->scenario;
	char name[MH_SERIES_NAME_MAX + 1];

	if (mh_workload_is_headline(scenario, workload))
		return add_wanted(builder, what);
	snprintf(name, sizeof(name), "%s.%s", scenario->workloads[workload].name, what);
	if (!is_wanted(scenario, what) && !is_wanted(scenario, name))
		return MH_SERIES_NONE;
	return add(builder, name, (unsigned)scenario->record.digits);
}

static int add_workloads(struct builder *builder)
{
	struct mh_series *series = builder->series;
	size_t count = builder->scenario->workload_count;

	series->workloads = calloc(count, sizeof(series->workloads[0]));
	if (!series->workloads)
		return mh_error_set(builder->reterr, -ENOMEM, "no memory for the series of %zu workloads", count);
	for (size_t i = 0; i < count; i++)
		series->workloads[i] = (struct mh_workload_series){
			.service = add_of_workload(builder, i, "service"),
			.wait = add_of_workload(builder, i, "wait"),
			.response = add_of_workload(builder, i, "response"),
		};
	return 0;
}

static void name_listener(char name[MH_SERIES_NAME_MAX + 1], const char *listener)
{
	snprintf(name, MH_SERIES_NAME_MAX + 1, "%s%s", strncmp(listener, "cb.", 3) == 0 ? "" : "cb.", listener);
}

static int add_listener(struct builder *builder, const char *listener)
{
	char name[MH_SERIES_NAME_MAX + 1];

	name_listener(name, listener);
	if (builder->scenario->record.stamps < MH_STAMPS_EVENT || !is_wanted(builder->scenario, name))
		return MH_SERIES_NONE;
	builder->series->stamped = true;
	return add(builder, name, (unsigned)builder->scenario->record.listener_digits);
}

/* The series that a listener of this name has from the chain before; MH_SERIES_NONE: none yet. */
static int find_listener(const struct builder *builder, const char *listener)
{
	char name[MH_SERIES_NAME_MAX + 1];

	name_listener(name, listener);
	return mh_series_table_find(&builder->series->table, name);
}

/* @ret_named: listeners with a series of their own, of both chains. */
static int add_chain(struct builder *builder, const struct mh_chain *chain, struct mh_chain_series *of,
		     uint32_t *ret_named)
{
	uint32_t count = 0;

	while (mh_chain_listener(chain, count))
		count++;
	of->items = calloc(count ? count : 1, sizeof(of->items[0]));
	if (!of->items)
		return mh_error_set(builder->reterr, -ENOMEM, "no memory for the series of %u listeners", count);
	of->count = count;
	for (uint32_t id = 0; id < count; id++) {
		const char *listener = mh_chain_listener(chain, id)->name;

		of->items[id] = find_listener(builder, listener);
		if (of->items[id] >= 0)
			continue;
		of->items[id] = add_listener(builder, *ret_named < MH_LISTENER_SERIES_MAX ? listener : OTHER_LISTENERS);
		++*ret_named;
	}
	return 0;
}

static int add_listeners(struct builder *builder, struct mh_machine *machine)
{
	struct mh_series *series = builder->series;
	uint32_t named = 0;
	int ret;

	ret = add_chain(builder, mh_machine_chain(machine), &series->listeners[false], &named);
	if (ret == 0 && mh_machine_node_chain(machine))
		ret = add_chain(builder, mh_machine_node_chain(machine), &series->listeners[true], &named);
	series->listener_other = add_listener(builder, OTHER_LISTENERS);
	return ret;
}

static void add_walks(struct builder *builder, const struct mh_protocol *protocol)
{
	char name[MH_SERIES_NAME_MAX + 1];

	builder->series->walk = add_stamped(builder, "walk");
	for (int event = 0; event < MH_EVENT_COUNT; event++) {
		builder->series->walk_event[event] = MH_SERIES_NONE;
		if (!mh_protocol_has(protocol, (enum mh_event)event))
			continue;
		snprintf(name, sizeof(name), "walk.%s", mh_event_names[event]);
		builder->series->walk_event[event] = add_stamped(builder, name);
	}
}

static void add_steps(struct builder *builder)
{
	struct mh_series *series = builder->series;

	series->online = add_wanted(builder, "online");
	series->offline = add_wanted(builder, "offline");
	series->lock = add_stamped(builder, "lock");
	series->grace = add_stamped(builder, "grace");
	series->drain = add_stamped(builder, "drain");
	series->migrate = add_stamped(builder, "migrate");
}

/* After all wholes. */
static int add_parts(struct builder *builder)
{
	struct mh_series *series = builder->series;

	series->whole_count = (int)series->table.count;
	if (!builder->scenario->fault_count)
		return 0;
	for (int class = 0; class < MH_OPERATION_CLASSES; class ++)
		for (int id = 0; id < series->whole_count; id++) {
			int ret = mh_series_table_add_part(&series->table, (unsigned)id,
							   mh_class_name((enum mh_class) class), builder->reterr);

			if (ret < 0)
				return ret;
		}
	series->split = true;
	return 0;
}

int mh_series_init(struct mh_series *series, const struct mh_scenario *scenario, struct mh_machine *machine,
		   struct mh_error *reterr)
{
	struct builder builder = {series, scenario, reterr, 0};
	int ret;

	*series = (struct mh_series){.stamped = false};
	mh_series_table_init(&series->table, scenario->record.highest_ns);
	ret = add_workloads(&builder);
	if (ret == 0) {
		add_steps(&builder);
		add_walks(&builder, mh_machine_protocol(machine));
		ret = add_listeners(&builder, machine);
	}
	if (ret == 0)
		ret = builder.error;
	if (ret == 0)
		ret = add_parts(&builder);
	if (ret < 0)
		mh_series_release(series);
	return ret;
}

void mh_series_release(struct mh_series *series)
{
	mh_series_table_release(&series->table);
	free(series->listeners[false].items);
	free(series->listeners[true].items);
	free(series->workloads);
	*series = (struct mh_series){.stamped = false};
}

/* Where the trace has come to. */
struct cursor {
	const struct mh_clock *clock;
	const struct mh_series_sink *sink;
	uint64_t start, walk, last; /* ticks */
};

static inline void record(const struct cursor *cursor, int id, uint64_t from, uint64_t to)
{
	if (id >= 0)
		mh_series_record(cursor->sink, id, mh_clock_ns(cursor->clock, to - from));
}

/* The event tells the chain whose id it is: an index, not a branch. */
static inline int listener_series(const struct mh_series *series, const struct mh_stamp *stamp)
{
	const struct mh_chain_series *of = &series->listeners[mh_event_is_node((enum mh_event)stamp->event)];

	return stamp->listener < of->count ? of->items[stamp->listener] : series->listener_other;
}

static inline void record_stamp(const struct mh_series *series, struct cursor *cursor, const struct mh_stamp *stamp)
{
	uint64_t now = stamp->ticks;

	switch ((enum mh_stamp_kind)stamp->kind) {
	case MH_STAMP_LOCKED:
		record(cursor, series->lock, cursor->start, now);
		break;
	case MH_STAMP_WALK_BEGIN:
		cursor->walk = now;
		break;
	case MH_STAMP_CALLED:
		record(cursor, listener_series(series, stamp), cursor->last, now);
		break;
	case MH_STAMP_WALK_END:
		record(cursor, series->walk, cursor->walk, now);
		record(cursor, series->walk_event[stamp->event], cursor->walk, now);
		break;
	case MH_STAMP_DRAINED:
		record(cursor, series->drain, cursor->last, now);
		break;
	case MH_STAMP_MIGRATED:
		record(cursor, series->migrate, cursor->last, now);
		break;
	case MH_STAMP_GRACE_END:
		record(cursor, series->grace, cursor->last, now);
		break;
	case MH_STAMP_CALL_BEGIN:
	case MH_STAMP_DRAIN_BEGIN:
	case MH_STAMP_MIGRATE_BEGIN:
	case MH_STAMP_GRACE_BEGIN:
		break; /* only begins what the next stamp ends */
	}
	cursor->last = now;
}

void mh_series_record_trace(const struct mh_series *series, const struct mh_series_sink *sink,
			    const struct mh_trace *trace, uint64_t start_ticks)
{
	struct cursor cursor = {.clock = trace->clock, .sink = sink, .start = start_ticks, .last = start_ticks};

	for (uint32_t i = 0; i < trace->count; i++)
		record_stamp(series, &cursor, &trace->stamps[i]);
}
