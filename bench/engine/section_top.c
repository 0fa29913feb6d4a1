/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The top of a scenario. The rows stand in the order in which they are read: a section comes behind those whose names
 * it uses. `extends` and `sweep` are gone from the tree before it is bound; their rows are there to be described.
 */
#include "bench/engine/section.h"

#include "base/units.h"
#include "bench/engine/bind.h"
#include "bench/engine/costing.h"
#include "bench/engine/paths.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define AT(field) offsetof(struct mh_scenario, field)

static const struct mh_schema_row scenario_rows[] = {
	{.key = "name",
	 .type = MH_VALUE_STRING,
	 .offset = AT(name),
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "of the scenario and its results: the letters a-z, 0-9 and -"},
	{.key = "description", .type = MH_VALUE_STRING, .offset = AT(description), .help = "one sentence for reports"},
	{.key = "extends", .type = MH_VALUE_CUSTOM, .offset = 0, .help = "a file whose keys this one overrides"},
	{.key = "seed",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(seed),
	 .default_text = "random",
	 .help = "every random choice derives from it; always printed and stored"},
	{.key = "mode",
	 .type = MH_VALUE_ENUM,
	 .offset = AT(mode),
	 .default_text = "threads",
	 .values = "threads|kernel",
	 .help = "threads and clocks on the simulated machine, or the blocks of the kernel that this runs on"},
	{.key = "runs",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = AT(runs),
	 .default_text = "1",
	 .min = "1",
	 .max = "1000",
	 .help = "executions of each cell, each a fresh process with a seed of its own"},
	{.key = "machine",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(machine),
	 .default_text = "{}",
	 .help = "the simulated computer"},
	{.key = "costs",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(costs),
	 .default_text = "none",
	 .help = "durations recorded on a kernel, replayed as sleeps"},
	{.key = "record",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(record),
	 .default_text = "{}",
	 .help = "what is measured and kept"},
	{.key = "verify",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(verify),
	 .default_text = "{}",
	 .help = "what is checked"},
	{.key = "limits",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(limits),
	 .default_text = "{}",
	 .help = "validity of the run, not its speed"},
	{.key = "modules",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(modules),
	 .default_text = "[]",
	 .help = "the user's own notifiers"},
	{.key = "chain",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(chain),
	 .default_text = "{}",
	 .help = "the notifier chain and its listeners"},
	{.key = "workloads",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(workloads),
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "what the threads do"},
	{.key = "phases",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(phases),
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "what runs when"},
	{.key = "faults",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(faults),
	 .default_text = "[]",
	 .help = "what goes wrong on purpose"},
	{.key = "slo",
	 .type = MH_VALUE_CUSTOM,
	 .offset = AT(slos),
	 .default_text = "[]",
	 .help = "absolute thresholds"},
	{.key = "gate", .type = MH_VALUE_CUSTOM, .offset = AT(gate), .help = "thresholds relative to another result"},
	{.key = "sweep",
	 .type = MH_VALUE_CUSTOM,
	 .offset = 0,
	 .help = "several values of a parameter: a cell each, used as ${sweep.NAME}"},
};

const struct mh_schema mh_scenario_schema = {
	.name = "scenario",
	.rows = scenario_rows,
	.count = sizeof(scenario_rows) / sizeof(scenario_rows[0]),
	.size = sizeof(struct mh_scenario),
};

/* mh_merge_extends has taken it out of every file; it cannot come from elsewhere. */
int mh_extends_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	(void)value;
	(void)ret_resolved;
	mh_diagnose(&binder->reader->diagnostics, node->place, "'extends' can only stand in a file");
	return -EINVAL;
}

/* The plan has replaced `random` before the tree is bound. */
int mh_seed_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	struct mh_error error = {0};

	(void)ret_resolved;
	if (!mh_value_is_text(binder, node, "seed", "a whole number or random"))
		return -EINVAL;
	if (mh_parse_unsigned(node->text, value, &error) < 0) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "seed: %s; or write random", error.text);
		return -EINVAL;
	}
	return 0;
}

/* Read once to see that it can be replayed: the run reads it again. */
static int costs_check(struct mh_binder *binder, const struct mh_node *node, const char *path)
{
	struct mh_costs costs;
	struct mh_error error = {0};
	int ret = mh_costs_load(path, &costs, &error);

	if (ret == 0) {
		ret = mh_costing_check(&costs, path, &error);
		binder->scenario->costs_mean_ns = mh_costs_mean_ns(&costs);
		binder->scenario->costs_emulated = costs.emulated;
		mh_costs_release(&costs);
	}
	if (ret < 0 && ret != -ENOMEM) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "costs: %s", error.text);
		return -EINVAL;
	}
	return ret;
}

/* The file begins from the scenario's folder; kept absolute, so that the resolved scenario can be moved. */
int mh_costs_file_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	const char *path;
	int ret;

	if (!mh_value_is_text(binder, node, "costs", "none or the file of a recording"))
		return -EINVAL;
	if (strcmp(node->text, "none") == 0)
		return 0;
	path = mh_path_absolute(binder->reader, node->place, node->text);
	*ret_resolved = path ? mh_node_scalar(&binder->reader->arena, node->place, path) : NULL;
	if (!*ret_resolved)
		return -ENOMEM;
	ret = costs_check(binder, node, path);
	if (ret < 0)
		return ret;
	*(char **)value = strdup(path);
	return *(char **)value ? 0 : -ENOMEM;
}

/* Whoever waits for the lock waits as on the kernel that the costs are of, unless the scenario says how. */
int mh_costs_finish(struct mh_binder *binder, const struct mh_node *root, struct mh_node *resolved)
{
	struct mh_scenario *scenario = binder->scenario;
	const struct mh_node *costs = mh_node_find(root, "costs");
	struct mh_node *section = mh_node_find(resolved, "machine");

	if (scenario->costs && scenario->mode == MH_MODE_KERNEL) {
		mh_diagnose(&binder->reader->diagnostics, costs->place,
			    "costs: has no effect with 'mode: kernel', which has its own: leave it out");
		return -EINVAL;
	}
	if (mh_node_find(mh_node_find(root, "machine"), "lock_wait"))
		return 0;
	scenario->machine.lock_wait = scenario->costs ? MH_LOCK_WAIT_POLL : MH_LOCK_WAIT_QUEUE;
	if (!section)
		return 0;
	return mh_bind_fill(binder, &mh_machine_schema, section, "lock_wait",
			    mh_node_scalar(&binder->reader->arena, section->place, scenario->costs ? "poll" : "queue"));
}
