/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sections `workloads` and `modules`. An item of `workloads` has the keys of every workload and those of its kind.
 */
#include "bench/engine/section.h"

#include "bench/engine/bind.h"
#include "bench/engine/kinds.h"
#include "bench/engine/paths.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WORKLOAD_AT(field) offsetof(struct mh_scenario_workload, field)
#define MODULE_AT(field)   offsetof(struct mh_scenario_module, field)

static const struct mh_schema_row workload_rows[] = {
	{.key = "name",
	 .type = MH_VALUE_STRING,
	 .offset = WORKLOAD_AT(name),
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "in series, phases and faults"},
	{.key = "kind",
	 .type = MH_VALUE_CUSTOM,
	 .offset = WORKLOAD_AT(kind),
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "what its threads do; its own parameters stand beside these keys"},
	{.key = "threads",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = WORKLOAD_AT(threads),
	 .default_text = "1",
	 .min = "1",
	 .max = "1024",
	 .help = "how many threads do it"},
	{.key = "placement",
	 .type = MH_VALUE_ENUM,
	 .offset = WORKLOAD_AT(placement),
	 .default_text = "spread",
	 .values = "spread|pack|same-node|cross-node|cpuset",
	 .help = "which CPUs of this host the threads are bound to: far from each other, close, on one node, on "
		 "different ones, or those of `cpuset`"},
	{.key = "cpuset",
	 .type = MH_VALUE_RANGES,
	 .offset = WORKLOAD_AT(cpuset),
	 .min = "0",
	 .max = "8191",
	 .help = "placement: cpuset only: numbers of CPUs, which the threads take in turn"},
	{.key = "arrival",
	 .type = MH_VALUE_ENUM,
	 .offset = WORKLOAD_AT(arrival),
	 .default_text = "closed",
	 .values = "closed|constant|poisson|ramp|burst",
	 .help = "one operation after the other, or arrivals at `rate` whatever the machine does: evenly, at random, "
		 "rising or falling over the phase, or in bursts"},
	{.key = "rate",
	 .type = MH_VALUE_RATE,
	 .offset = WORKLOAD_AT(rate),
	 .help = "arrivals of all threads together; needed by every arrival but closed"},
	{.key = "rate_from",
	 .type = MH_VALUE_RATE,
	 .offset = WORKLOAD_AT(rate_from),
	 .help = "arrival: ramp only: the rate at which a phase begins; it ends at `rate`"},
	{.key = "burst_on",
	 .type = MH_VALUE_DURATION,
	 .offset = WORKLOAD_AT(burst_on_ns),
	 .min = "1us",
	 .max = "24h",
	 .help = "arrival: burst only: for so long arrivals come at `rate`, from a phase's begin"},
	{.key = "burst_off",
	 .type = MH_VALUE_DURATION,
	 .offset = WORKLOAD_AT(burst_off_ns),
	 .min = "1us",
	 .max = "24h",
	 .help = "arrival: burst only: then none for so long, and so on"},
	{.key = "max_outstanding",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = WORKLOAD_AT(max_outstanding),
	 .min = "1",
	 .max = "1048576",
	 .help = "arrivals that may wait, all threads together, at least one each; more are dropped and "
		 "counted; " MH_MAX_OUTSTANDING_DEFAULT},
};

const struct mh_schema mh_workload_schema = {
	.name = "workload",
	.rows = workload_rows,
	.count = sizeof(workload_rows) / sizeof(workload_rows[0]),
	.size = sizeof(struct mh_scenario_workload),
};

static const struct mh_schema_row module_rows[] = {
	{.key = "path",
	 .type = MH_VALUE_STRING,
	 .offset = MODULE_AT(path),
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "the .so, from the scenario's folder"},
	{.key = "args",
	 .type = MH_VALUE_STRING_LIST,
	 .offset = MODULE_AT(arguments),
	 .default_text = "[]",
	 .help = "parameters, each NAME=VALUE, as after insmod"},
};

const struct mh_schema mh_module_schema = {
	.name = "module",
	.rows = module_rows,
	.count = sizeof(module_rows) / sizeof(module_rows[0]),
	.size = sizeof(struct mh_scenario_module),
};

int mh_workload_kind_read(struct mh_binder *binder, const struct mh_node *node, void *value,
			  struct mh_node **ret_resolved)
{
	const struct mh_workload_kind *kind;

	(void)ret_resolved;
	if (!mh_value_is_text(binder, node, "kind", "the kind of a workload"))
		return -EINVAL;
	kind = mh_workload_kind_find(node->text);
	if (!kind) {
		mh_kind_refuse(binder, node, "workload", mh_workload_kind_count(), mh_workload_kind_name);
		return -EINVAL;
	}
	*(const struct mh_workload_kind **)value = kind;
	return 0;
}

/* `cpuset` and `placement: cpuset` belong together. */
static int cpuset_check(struct mh_diagnostics *diagnostics, const struct mh_node *map,
			const struct mh_scenario_workload *workload)
{
	const struct mh_pair *cpuset = mh_node_find_pair(map, "cpuset");

	if (!cpuset == (workload->placement != MH_PLACEMENT_CPUSET))
		return 0;
	if (cpuset)
		mh_diagnose(diagnostics, cpuset->place, "'cpuset' has no effect without 'placement: cpuset'");
	else
		mh_diagnose(diagnostics, mh_node_find(map, "placement")->place,
			    "'placement: cpuset' needs a 'cpuset', the numbers of CPUs such as 0-3");
	return -EINVAL;
}

static int workload_read(struct mh_binder *binder, const struct mh_node *map, struct mh_place place,
			 struct mh_scenario_workload *workload, struct mh_node **ret_resolved)
{
	const struct mh_workload_kind *kind;
	const char *kind_name = mh_node_find_text(map, "kind");
	struct mh_kind_binding binding = {.common = &mh_workload_schema, .target = workload};
	int ret;

	kind = kind_name ? mh_workload_kind_find(kind_name) : NULL;
	if (kind)
		binding.own = kind->parameters;
	ret = mh_kind_bind(binder, map, place, &binding, &workload->parameters, ret_resolved);
	if (ret < 0)
		return ret;
	ret = cpuset_check(&binder->reader->diagnostics, map, workload);
	return mh_arrival_check(binder, map, workload, *ret_resolved) < 0 ? -EINVAL : ret;
}

int mh_workloads_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	struct mh_scenario *scenario = binder->scenario;
	struct mh_arena *arena = &binder->reader->arena;
	int result = 0;

	(void)value;
	if (!mh_bind_is_list(binder, "workloads", node))
		return -EINVAL;
	if (!node->count) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "workloads: empty: there is nothing to run");
		return -EINVAL;
	}
	*ret_resolved = mh_node_new(arena, MH_NODE_LIST, node->place);
	scenario->workloads = calloc(node->count, sizeof(*scenario->workloads));
	if (!*ret_resolved || !scenario->workloads)
		return -ENOMEM;
	scenario->workload_count = node->count;
	for (size_t i = 0; i < node->count; i++) {
		struct mh_node *item;
		int ret = workload_read(binder, node->items[i], node->place, &scenario->workloads[i], &item);

		if (ret == -ENOMEM || !mh_node_append(arena, *ret_resolved, item))
			return -ENOMEM;
		if (ret < 0)
			result = ret;
	}
	return mh_bind_check_names(binder, node) < 0 ? -EINVAL : result;
}

void mh_workloads_release(struct mh_scenario *scenario)
{
	for (size_t i = 0; i < scenario->workload_count; i++) {
		struct mh_scenario_workload *workload = &scenario->workloads[i];

		if (workload->kind)
			mh_bind_release(workload->kind->parameters, workload->parameters);
		free(workload->parameters);
		mh_bind_release(&mh_workload_schema, workload);
	}
	free(scenario->workloads);
}

/* Keeps the absolute path, in the struct and in the resolved item. */
static int module_path_resolve(struct mh_binder *binder, struct mh_scenario_module *module, struct mh_node *resolved)
{
	struct mh_pair *pair = mh_node_find_pair(resolved, "path");
	const char *path = pair ? mh_path_absolute(binder->reader, pair->value->place, module->path) : NULL;
	char *copy = path ? strdup(path) : NULL;

	if (!copy)
		return -ENOMEM;
	free(module->path);
	module->path = copy;
	pair->value = mh_node_scalar(&binder->reader->arena, pair->value->place, path);
	return pair->value ? 0 : -ENOMEM;
}

int mh_modules_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	struct mh_scenario *scenario = binder->scenario;
	void *items = NULL;
	int ret;

	(void)value;
	ret = mh_bind_list(binder, "modules", node, &mh_module_schema, &items, &scenario->module_count, ret_resolved);
	scenario->modules = items;
	for (size_t i = 0; ret == 0 && i < scenario->module_count; i++)
		ret = module_path_resolve(binder, &scenario->modules[i], (*ret_resolved)->items[i]);
	return ret;
}

void mh_modules_release(struct mh_scenario *scenario)
{
	for (size_t i = 0; i < scenario->module_count; i++)
		mh_bind_release(&mh_module_schema, &scenario->modules[i]);
	free(scenario->modules);
}
