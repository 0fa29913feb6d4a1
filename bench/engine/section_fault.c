/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The section `faults`. An item has the keys of every fault and those of its kind; `where` and `trigger` are read by
 * the rows that stand beside their structs in faults/. A fault that could never fire is an error here, not at the end
 * of a run.
 */
#include "bench/engine/section.h"

#include "bench/engine/bind.h"
#include "bench/engine/events.h"
#include "bench/engine/fault_reach.h"
#include "bench/engine/kinds.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define AT(field)     offsetof(struct mh_scenario_fault, field)
#define WORKLOADS_MAX 256 /* names offered as "did you mean" */

static const struct mh_schema_row fault_rows[] = {
	{.key = "name",
	 .type = MH_VALUE_STRING,
	 .offset = AT(fault.name),
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "in counts and metrics: faults.NAME.fired"},
	{.key = "kind",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(fault.kind),
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "what it does; its own parameters stand beside these keys"},
	{.key = "phases",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(phases),
	 .help = "names of the phases in which it is armed; every measure, fault and recover phase"},
	{.key = "where",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(fault.where),
	 .default_text = "{}",
	 .help = "which calls of which listeners; all conditions must match"},
	{.key = "trigger",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(fault.trigger),
	 .default_text = "{}",
	 .help = "when, of those calls; always"},
	{.key = "expect",
	 .type = MH_VALUE_ENUM,
	 .offset = AT(fault.expect),
	 .default_text = "none",
	 .values = MH_EXPECT_VALUES,
	 .help = "what must follow each firing; unmet ends in exit 3"},
	{.key = "optional",
	 .type = MH_VALUE_BOOL,
	 .offset = AT(fault.optional),
	 .default_text = "false",
	 .help = "true: that it never fired does not make the run invalid"},
};

const struct mh_schema mh_fault_schema = {
	.name = "fault",
	.rows = fault_rows,
	.count = sizeof(fault_rows) / sizeof(fault_rows[0]),
	.size = sizeof(struct mh_scenario_fault),
};

int mh_fault_kind_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	const struct mh_fault_kind *kind;

	(void)ret_resolved;
	if (!mh_value_is_text(binder, node, "kind", "the kind of a fault"))
		return -EINVAL;
	kind = mh_fault_kind_find(node->text);
	if (!kind) {
		mh_kind_refuse(binder, node, "fault", mh_fault_kind_count(), mh_fault_kind_name);
		return -EINVAL;
	}
	*(const struct mh_fault_kind **)value = kind;
	return 0;
}

int mh_fault_phases_read(struct mh_binder *binder, const struct mh_node *node, void *value,
			 struct mh_node **ret_resolved)
{
	const struct mh_scenario *scenario = binder->scenario;
	const char **names = calloc(scenario->phase_count + 1, sizeof(*names));
	int ret;

	(void)ret_resolved;
	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < scenario->phase_count; i++)
		names[i] = scenario->phases[i].name;
	ret = mh_names_read(binder, "phases", node, names, scenario->phase_count, value);
	free(names);
	return ret;
}

/* Windows stay as written: mh_trigger_compile scales them. */
int mh_trigger_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	const double time_scale = binder->time_scale;
	int ret;

	binder->time_scale = 1;
	ret = mh_bind_one(binder, node, node->place, &mh_trigger_schema, value, ret_resolved);
	binder->time_scale = time_scale;
	return ret;
}

int mh_burst_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	struct mh_burst *burst = value;

	burst->given = true;
	return mh_bind_one(binder, node, node->place, &mh_burst_schema, burst, ret_resolved);
}

/* Without `phases`: every recorded one, written out in the resolved scenario. */
static int phases_default(struct mh_binder *binder, const struct mh_node *map, struct mh_scenario_fault *fault,
			  struct mh_node *resolved)
{
	const struct mh_scenario *scenario = binder->scenario;
	struct mh_arena *arena = &binder->reader->arena;
	struct mh_node *list = mh_node_new(arena, MH_NODE_LIST, map->place);

	if (mh_node_find(map, "phases") || !scenario->phase_count)
		return 0;
	fault->phases.items = calloc(scenario->phase_count, sizeof(size_t));
	if (!list || !fault->phases.items)
		return -ENOMEM;
	for (size_t i = 0; i < scenario->phase_count; i++) {
		const struct mh_scenario_phase *phase = &scenario->phases[i];

		if (!phase->name || !mh_scenario_phase_is_recorded(phase))
			continue;
		fault->phases.items[fault->phases.count++] = i;
		if (!mh_node_append(arena, list, mh_node_scalar(arena, map->place, phase->name)))
			return -ENOMEM;
	}
	if (!fault->phases.count) {
		mh_diagnose(&binder->reader->diagnostics, map->place,
			    "the fault has no phase to fire in: there is no measure, fault or recover phase");
		return -EINVAL;
	}
	return mh_bind_fill(binder, &mh_fault_schema, resolved, "phases", list);
}

/* The place of a key path inside an item, "where.event"; of its deepest part that exists. */
static struct mh_place path_place(const struct mh_node *map, const char *path)
{
	struct mh_place place = map->place;

	while (path && *path && map) {
		size_t length = strcspn(path, ".");
		const struct mh_node *next = NULL;

		for (size_t i = 0; map->kind == MH_NODE_MAP && i < map->count; i++)
			if (strncmp(map->pairs[i].key, path, length) == 0 && !map->pairs[i].key[length])
				next = map->pairs[i].value;
		if (next)
			place = next->place;
		map = next;
		path += length + (path[length] == '.');
	}
	return place;
}

/* The first of the kind's own keys that the item has: what `prepare` refuses is one of them. */
static const char *own_key(const struct mh_node *map, const struct mh_schema *own)
{
	for (size_t i = 0; i < own->count; i++)
		if (mh_node_find(map, own->rows[i].key))
			return own->rows[i].key;
	return NULL;
}

static int fault_check_kind(struct mh_binder *binder, const struct mh_node *map, const struct mh_fault *fault)
{
	struct mh_error error = {0};
	const char *key = NULL;

	if (mh_fault_check(fault, &key, &error) == 0)
		return 0;
	if (key && strcmp(key, "kind") == 0 && own_key(map, fault->kind->parameters))
		key = own_key(map, fault->kind->parameters);
	if (key && strcmp(key, "expect") != 0)
		mh_diagnose(&binder->reader->diagnostics, path_place(map, key), "%s: %s", key, error.text);
	else
		mh_diagnose(&binder->reader->diagnostics, path_place(map, key), "%s", error.text);
	return -EINVAL;
}

/* Words that are no event have been told. */
static int fault_check_events(struct mh_binder *binder, const struct mh_node *map)
{
	const struct mh_node *given = mh_node_find(mh_node_find(map, "where"), "event");
	int ret = 0;

	for (size_t i = 0; given && i < (given->kind == MH_NODE_LIST ? given->count : 1); i++) {
		const struct mh_node *node = given->kind == MH_NODE_LIST ? given->items[i] : given;
		int event = node->kind == MH_NODE_SCALAR ? mh_event_parse(node->text) : -1;

		if (event >= 0 && !mh_event_check(binder, node->place, "where.event", (enum mh_event)event))
			ret = -EINVAL;
	}
	return ret;
}

/* Listeners that are not in the scenario's list: a module's, and those that a workload registers. */
static bool listeners_are_open(const struct mh_scenario *scenario)
{
	for (size_t i = 0; i < scenario->workload_count; i++)
		if (scenario->workloads[i].kind && strcmp(scenario->workloads[i].kind->name, "chain-churn") == 0)
			return true;
	return scenario->module_count > 0 || !scenario->chain.listeners;
}

/* How far a fault's `where` leads to a listener: by name, by the chains that its events go to, by priority there. */
struct meeting {
	bool named, placed, ranked;
};

static void meet(const struct mh_where *where, bool on_chain, int priority, struct meeting *meeting)
{
	if (!on_chain)
		return;
	meeting->placed = true;
	if (!where->priority.count || mh_range_list_has(&where->priority, priority))
		meeting->ranked = true;
}

static struct meeting meet_listeners(const struct mh_scenario *scenario, const struct mh_where *where, unsigned events)
{
	struct meeting meeting = {0};

	for (size_t i = 0; i < scenario->chain.listener_count; i++) {
		const struct mh_scenario_listener *listener = &scenario->chain.listeners[i];

		if (where->callback && !mh_glob_match(where->callback, listener->name))
			continue;
		meeting.named = true;
		meet(where, listener->on_memory && (events & ~MH_EVENTS_NODE), listener->priority, &meeting);
		meet(where, listener->on_node && (events & MH_EVENTS_NODE), listener->node_priority, &meeting);
	}
	return meeting;
}

/* Does any listener match by name, chain and priority? */
static int fault_check_listeners(struct mh_binder *binder, const struct mh_node *map, const struct mh_fault *fault)
{
	const struct mh_scenario *scenario = binder->scenario;
	const struct mh_where *where = &fault->where;
	struct meeting meeting;
	unsigned events;

	if (fault->kind->point != MH_HOOK_LISTENER || listeners_are_open(scenario) ||
	    mh_where_events(where, fault->kind->default_events, &events, NULL) < 0) /* has been told */
		return 0;
	meeting = meet_listeners(scenario, where, events);
	if (!scenario->chain.listener_count)
		mh_diagnose(&binder->reader->diagnostics, map->place,
			    "the fault can never fire: the chain has no listener");
	else if (!meeting.named)
		mh_diagnose(&binder->reader->diagnostics, path_place(map, "where.callback"),
			    "where.callback: no listener is named '%s'", where->callback);
	else if (!meeting.placed && !(events & MH_EVENTS_NODE))
		mh_diagnose(&binder->reader->diagnostics, path_place(map, "where.callback"),
			    "where.callback: the listeners named '%s' are on the chain of nodes alone, and the fault's "
			    "events go to the memory chain",
			    where->callback ? where->callback : "*");
	else if (!meeting.placed)
		mh_diagnose(
			&binder->reader->diagnostics, path_place(map, "where.event"),
			"where.event: no listener that the fault means is on the chain of nodes, where these events "
			"go: give one a 'node_priority'");
	else if (!meeting.ranked)
		mh_diagnose(&binder->reader->diagnostics, path_place(map, "where.priority"),
			    "where.priority: no listener that the fault means has such a priority");
	return meeting.ranked ? 0 : -EINVAL;
}

static int fault_check_reach(struct mh_binder *binder, const struct mh_node *map, const struct mh_fault *fault)
{
	struct mh_error error = {0};

	if (mh_fault_reach_check(binder->scenario, fault, &error) == 0)
		return 0;
	mh_diagnose(&binder->reader->diagnostics, path_place(map, "kind"), "%s", error.text);
	return -EINVAL;
}

static int fault_check_workload(struct mh_binder *binder, const struct mh_node *map, const struct mh_fault *fault)
{
	const struct mh_scenario *scenario = binder->scenario;
	const char *names[WORKLOADS_MAX], *nearest;
	size_t count = 0;

	if (!fault->where.workload || !scenario->workload_count)
		return 0;
	for (size_t i = 0; i < scenario->workload_count; i++) {
		const char *name = scenario->workloads[i].name;

		if (name && mh_glob_match(fault->where.workload, name))
			return 0;
		if (count < WORKLOADS_MAX)
			names[count++] = name;
	}
	nearest = mh_text_nearest(fault->where.workload, names, count);
	mh_diagnose(&binder->reader->diagnostics, path_place(map, "where.workload"),
		    "where.workload: no workload is named '%s'%s%s%s", fault->where.workload,
		    nearest ? " (did you mean '" : "", nearest ? nearest : "", nearest ? "'?)" : "");
	return -EINVAL;
}

static int fault_read(struct mh_binder *binder, const struct mh_node *map, struct mh_place place,
		      struct mh_scenario_fault *fault, struct mh_node **ret_resolved)
{
	const char *kind_name = mh_node_find_text(map, "kind");
	const struct mh_fault_kind *kind = kind_name ? mh_fault_kind_find(kind_name) : NULL;
	struct mh_kind_binding binding = {.common = &mh_fault_schema, .target = fault};
	int ret;

	if (kind)
		binding.own = kind->parameters;
	ret = mh_kind_bind(binder, map, place, &binding, &fault->fault.parameters, ret_resolved);
	if (ret < 0)
		return ret;
	ret = phases_default(binder, map, fault, *ret_resolved);
	if (ret == -ENOMEM)
		return ret;
	if (fault_check_kind(binder, map, &fault->fault) < 0)
		ret = -EINVAL;
	if (fault_check_events(binder, map) < 0)
		ret = -EINVAL;
	else if (fault_check_listeners(binder, map, &fault->fault) < 0)
		ret = -EINVAL;
	if (fault_check_reach(binder, map, &fault->fault) < 0)
		ret = -EINVAL;
	return fault_check_workload(binder, map, &fault->fault) < 0 ? -EINVAL : ret;
}

/* What is wrong has been told: later checks pass over a fault without a kind. */
static void fault_drop_kind(struct mh_fault *fault)
{
	if (fault->kind)
		mh_bind_release(fault->kind->parameters, fault->parameters);
	free(fault->parameters);
	fault->parameters = NULL;
	fault->kind = NULL;
}

int mh_faults_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	struct mh_scenario *scenario = binder->scenario;
	struct mh_arena *arena = &binder->reader->arena;
	int result = 0;

	(void)value;
	if (!mh_bind_is_list(binder, "faults", node))
		return -EINVAL;
	*ret_resolved = mh_node_new(arena, MH_NODE_LIST, node->place);
	scenario->faults = calloc(node->count ? node->count : 1, sizeof(*scenario->faults));
	if (!*ret_resolved || !scenario->faults)
		return -ENOMEM;
	scenario->fault_count = node->count;
	for (size_t i = 0; i < node->count; i++) {
		struct mh_node *item;
		int ret = fault_read(binder, node->items[i], node->place, &scenario->faults[i], &item);

		if (ret == -ENOMEM || !mh_node_append(arena, *ret_resolved, item))
			return -ENOMEM;
		if (ret < 0) {
			fault_drop_kind(&scenario->faults[i].fault);
			result = ret;
		}
	}
	return mh_bind_check_names(binder, node) < 0 ? -EINVAL : result;
}

/* Without checks nothing is ever detected. */
int mh_faults_finish(struct mh_binder *binder, const struct mh_node *root)
{
	const struct mh_scenario *scenario = binder->scenario;
	const struct mh_node *list = mh_node_find(root, "faults");
	int ret = 0;

	if (scenario->verify.level != MH_VERIFY_OFF || !list || list->kind != MH_NODE_LIST)
		return 0;
	for (size_t i = 0; i < scenario->fault_count && i < list->count; i++) {
		if (!scenario->faults[i].fault.kind || scenario->faults[i].fault.expect != MH_EXPECT_DETECTED)
			continue;
		mh_diagnose(&binder->reader->diagnostics, path_place(list->items[i], "expect"),
			    "'expect: detected' needs checks, and verify.level is off: say fast or full");
		ret = -EINVAL;
	}
	return ret;
}

void mh_faults_release(struct mh_scenario *scenario)
{
	for (size_t i = 0; i < scenario->fault_count; i++) {
		struct mh_scenario_fault *fault = &scenario->faults[i];

		fault_drop_kind(&fault->fault);
		free(fault->phases.items);
		mh_bind_release(&mh_fault_schema, fault);
	}
	free(scenario->faults);
}
