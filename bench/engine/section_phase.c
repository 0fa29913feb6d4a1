/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The section `phases`: what runs when, and what ends it. */
#include "bench/engine/section.h"

#include "bench/engine/bind.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define AT(field) offsetof(struct mh_scenario_phase, field)

static const struct mh_schema_row phase_rows[] = {
	{.key = "name",
	 .type = MH_VALUE_STRING,
	 .offset = AT(name),
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "under which it is recorded"},
	{.key = "role",
	 .type = MH_VALUE_ENUM,
	 .offset = AT(role),
	 .flags = MH_SCHEMA_REQUIRED,
	 .values = "setup|warmup|measure|fault|recover|teardown",
	 .help = "only measure, fault and recover are recorded"},
	{.key = "for",
	 .type = MH_VALUE_DURATION,
	 .offset = AT(for_ns),
	 .min = "1us",
	 .max = "24h",
	 .flags = MH_SCHEMA_SCALED,
	 .help = "ends after this time; just one of for, ops and until"},
	{.key = "ops",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = AT(ops),
	 .min = "1",
	 .max = "1000000000000",
	 .help = "ends after so many operations of the workloads that `service` covers, all threads together"},
	{.key = "until",
	 .type = MH_VALUE_ENUM,
	 .offset = AT(until),
	 .values = "|converged",
	 .help = "ends when every block is as it would be without faults; needs max"},
	{.key = "max",
	 .type = MH_VALUE_DURATION,
	 .offset = AT(max_ns),
	 .min = "1us",
	 .max = "24h",
	 .flags = MH_SCHEMA_SCALED,
	 .help = "the longest time of a phase with ops or until"},
	{.key = "workloads",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(workloads),
	 .default_text = "all",
	 .help = "names of those that run"},
	{.key = "rate",
	 .type = MH_VALUE_RATE,
	 .offset = AT(rate),
	 .help = "instead of the rate of each open workload of the phase"},
	{.key = "keep_state",
	 .type = MH_VALUE_BOOL,
	 .offset = AT(keep_state),
	 .default_text = "false",
	 .help = "begin from what the phase before has left, not from initial_online"},
};

const struct mh_schema mh_phase_schema = {
	.name = "phase",
	.rows = phase_rows,
	.count = sizeof(phase_rows) / sizeof(phase_rows[0]),
	.size = sizeof(struct mh_scenario_phase),
};

const char *const mh_scenario_role_names[] = {"setup", "warmup", "measure", "fault", "recover", "teardown"};

bool mh_scenario_phase_is_recorded(const struct mh_scenario_phase *phase)
{
	return phase->role == MH_ROLE_MEASURE || phase->role == MH_ROLE_FAULT || phase->role == MH_ROLE_RECOVER;
}

int mh_phase_workloads_read(struct mh_binder *binder, const struct mh_node *node, void *value,
			    struct mh_node **ret_resolved)
{
	const struct mh_scenario *scenario = binder->scenario;
	const char **names = calloc(scenario->workload_count + 1, sizeof(*names));
	int ret;

	(void)ret_resolved;
	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < scenario->workload_count; i++)
		names[i] = scenario->workloads[i].name;
	ret = mh_names_read(binder, "workloads", node, names, scenario->workload_count, value);
	free(names);
	return ret;
}

/* Exactly one of for, ops and until; max with the last two. */
static int phase_check_bounds(struct mh_binder *binder, const struct mh_node *map)
{
	static const char *const bounds[] = {"for", "ops", "until"};
	struct mh_diagnostics *diagnostics = &binder->reader->diagnostics;
	const struct mh_pair *first = NULL, *max = mh_node_find_pair(map, "max");
	int ret = 0;

	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		const struct mh_pair *pair = mh_node_find_pair(map, bounds[i]);

		if (pair && first) {
			mh_diagnose(diagnostics, pair->place, "'%s' contradicts '%s': a phase has one of them",
				    pair->key, first->key);
			ret = -EINVAL;
		}
		first = first ? first : pair;
	}
	if (!first) {
		mh_diagnose(diagnostics, map->place, "the phase has no end: give it 'for', 'ops' or 'until'");
		return -EINVAL;
	}
	if (strcmp(first->key, "until") == 0 && !max) {
		mh_diagnose(diagnostics, first->place, "'until' needs 'max', the time after which it is given up");
		return -EINVAL;
	}
	if (strcmp(first->key, "for") == 0 && max) {
		mh_diagnose(diagnostics, max->place, "'max' contradicts 'for': both say how long");
		return -EINVAL;
	}
	return ret;
}

static int phase_check_rate(struct mh_binder *binder, const struct mh_node *map, const struct mh_scenario_phase *phase)
{
	const struct mh_pair *rate = mh_node_find_pair(map, "rate");

	for (size_t i = 0; i < phase->workloads.count; i++)
		if (binder->scenario->workloads[phase->workloads.items[i]].arrival != MH_ARRIVAL_CLOSED)
			return 0;
	if (!rate || !phase->workloads.count)
		return 0;
	mh_diagnose(&binder->reader->diagnostics, rate->place,
		    "'rate' has no effect: every workload of the phase has 'arrival: closed'");
	return -EINVAL;
}

/* A ramp goes over the time of its phase, which must be known when it begins. */
static int phase_check_ramp(struct mh_binder *binder, const struct mh_node *map, const struct mh_scenario_phase *phase)
{
	for (size_t i = 0; phase->ops && i < phase->workloads.count; i++) {
		const struct mh_scenario_workload *workload = &binder->scenario->workloads[phase->workloads.items[i]];

		if (workload->arrival != MH_ARRIVAL_RAMP)
			continue;
		mh_diagnose(&binder->reader->diagnostics, mh_node_find_pair(map, "ops")->place,
			    "'ops' does not say how long the ramp of workload '%s' lasts: write 'for'", workload->name);
		return -EINVAL;
	}
	return 0;
}

int mh_phases_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	struct mh_scenario *scenario = binder->scenario;
	void *items = NULL;
	int ret;

	(void)value;
	ret = mh_bind_list(binder, "phases", node, &mh_phase_schema, &items, &scenario->phase_count, ret_resolved);
	scenario->phases = items;
	if (ret == -ENOMEM || node->kind != MH_NODE_LIST)
		return ret;
	if (!node->count) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "phases: empty: there is nothing to run");
		return -EINVAL;
	}
	for (size_t i = 0; i < node->count; i++) {
		if (node->items[i]->kind == MH_NODE_MAP &&
		    (phase_check_bounds(binder, node->items[i]) < 0 ||
		     phase_check_rate(binder, node->items[i], &scenario->phases[i]) < 0 ||
		     phase_check_ramp(binder, node->items[i], &scenario->phases[i]) < 0))
			ret = -EINVAL;
	}
	return mh_bind_check_names(binder, node) < 0 ? -EINVAL : ret;
}

void mh_phases_release(struct mh_scenario *scenario)
{
	for (size_t i = 0; i < scenario->phase_count; i++) {
		free(scenario->phases[i].workloads.items);
		mh_bind_release(&mh_phase_schema, &scenario->phases[i]);
	}
	free(scenario->phases);
}
