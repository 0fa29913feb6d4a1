/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The top of a scenario. The rows stand in the order in which they are read: a section comes behind those whose names
 * it uses. `extends` and `sweep` are gone from the tree before it is bound; their rows are there to be described.
 */
#include "bench/engine/section.h"

#include "base/units.h"

#include <errno.h>
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
	 .offset = 0,
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

int mh_costs_file_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	(void)value;
	(void)ret_resolved;
	if (!mh_value_is_text(binder, node, "costs", "none"))
		return -EINVAL;
	if (strcmp(node->text, "none") == 0)
		return 0;
	mh_diagnose(&binder->reader->diagnostics, node->place,
		    "costs: a FILE is documented, but not in this version: it comes with 'costs record'");
	return -EINVAL;
}
