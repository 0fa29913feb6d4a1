/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of custom rows. A map without a reader of its own is bound by its nested rows. */
#include "bench/engine/custom.h"

#include "base/assert.h"
#include "bench/engine/bind.h"
#include "bench/engine/section.h"
#include "faults/fault.h"

#include <errno.h>
#include <string.h>

#define WORD_LIST_JSON "{\"oneOf\": [{\"type\": \"string\"}, {\"type\": \"array\", \"items\": {\"type\": \"string\"}}]}"

static void threshold_release(void *value)
{
	mh_threshold_release(value);
}

static void gate_release(void *value)
{
	mh_gate_release(value);
}

static void string_release(void *value)
{
	mh_value_release(NULL, &(struct mh_schema_row){.type = MH_VALUE_STRING}, value);
}

/* clang-format off */
static const struct mh_custom customs[] = {
	{&mh_scenario_schema, "extends", mh_extends_read, NULL, MH_SHAPE_OTHER, NULL,
	 "path of a file, from this file's folder", "{\"type\": \"string\"}"},
	{&mh_scenario_schema, "seed", mh_seed_read, NULL, MH_SHAPE_OTHER, NULL,
	 "whole number, 0x..., random", "{\"type\": [\"integer\", \"string\"]}"},
	{&mh_scenario_schema, "costs", mh_costs_file_read, string_release, MH_SHAPE_OTHER, NULL,
	 "none, path of a file of `costs record`, from this file's folder", "{\"type\": \"string\"}"},
	{&mh_scenario_schema, "machine", NULL, NULL, MH_SHAPE_MAP, &mh_machine_schema, NULL, NULL},
	{&mh_scenario_schema, "chain", NULL, NULL, MH_SHAPE_MAP, &mh_chain_schema, NULL, NULL},
	{&mh_scenario_schema, "modules", mh_modules_read, NULL, MH_SHAPE_LIST_OF_MAPS, &mh_module_schema, NULL, NULL},
	{&mh_scenario_schema, "workloads", mh_workloads_read, NULL, MH_SHAPE_LIST_OF_MAPS, &mh_workload_schema, NULL, NULL},
	{&mh_scenario_schema, "phases", mh_phases_read, NULL, MH_SHAPE_LIST_OF_MAPS, &mh_phase_schema, NULL, NULL},
	{&mh_scenario_schema, "faults", mh_faults_read, NULL, MH_SHAPE_LIST_OF_MAPS, &mh_fault_schema, NULL, NULL},
	{&mh_scenario_schema, "record", NULL, NULL, MH_SHAPE_MAP, &mh_record_schema, NULL, NULL},
	{&mh_scenario_schema, "verify", NULL, NULL, MH_SHAPE_MAP, &mh_verify_schema, NULL, NULL},
	{&mh_scenario_schema, "limits", NULL, NULL, MH_SHAPE_MAP, &mh_limits_schema, NULL, NULL},
	{&mh_scenario_schema, "slo", mh_slos_read, NULL, MH_SHAPE_LIST_OF_MAPS, &mh_slo_schema, NULL, NULL},
	{&mh_scenario_schema, "gate", mh_gate_read, gate_release, MH_SHAPE_MAP, &mh_gate_schema, NULL, NULL},
	{&mh_scenario_schema, "sweep", mh_sweep_read, NULL, MH_SHAPE_MAP, &mh_sweep_schema, NULL, NULL},
	{&mh_machine_schema, "topology", mh_topology_read, string_release, MH_SHAPE_OTHER, NULL,
	 "host, xml:FILE, an hwloc synthetic string", "{\"type\": \"string\"}"},
	{&mh_machine_schema, "initial_online", mh_initial_online_read, NULL, MH_SHAPE_OTHER, NULL,
	 "share, all, none", "{\"type\": \"string\"}"},
	{&mh_chain_schema, "notifiers", mh_notifiers_read, NULL, MH_SHAPE_LIST_OF_MAPS, &mh_notifier_schema, NULL, NULL},
	{&mh_notifier_schema, "priority", mh_priority_read, NULL, MH_SHAPE_OTHER, NULL,
	 "whole number, {spread: [a, b]}, {random: [a, b]}", "{\"type\": [\"integer\", \"string\", \"object\"]}"},
	{&mh_notifier_schema, "node_priority", mh_node_priority_read, NULL, MH_SHAPE_OTHER, NULL,
	 "whole number, {spread: [a, b]}, {random: [a, b]}", "{\"type\": [\"integer\", \"string\", \"object\"]}"},
	{&mh_notifier_schema, "on", mh_events_read, NULL, MH_SHAPE_OTHER, NULL,
	 "event, list of events, all", WORD_LIST_JSON},
	{&mh_notifier_schema, "returns", mh_returns_read, NULL, MH_SHAPE_OTHER, NULL,
	 "ok, done, stop, bad, an errno's name, a 32-bit number", "{\"type\": [\"integer\", \"string\"]}"},
	{&mh_workload_schema, "kind", mh_workload_kind_read, NULL, MH_SHAPE_OTHER, NULL,
	 "a kind of workload", "{\"type\": \"string\"}"},
	{&mh_phase_schema, "workloads", mh_phase_workloads_read, NULL, MH_SHAPE_OTHER, NULL,
	 "name, list of names, all", WORD_LIST_JSON},
	{&mh_fault_schema, "kind", mh_fault_kind_read, NULL, MH_SHAPE_OTHER, NULL,
	 "a kind of fault", "{\"type\": \"string\"}"},
	{&mh_fault_schema, "phases", mh_fault_phases_read, NULL, MH_SHAPE_OTHER, NULL,
	 "name, list of names, all", WORD_LIST_JSON},
	{&mh_fault_schema, "where", NULL, NULL, MH_SHAPE_MAP, &mh_where_schema, NULL, NULL},
	{&mh_fault_schema, "trigger", mh_trigger_read, NULL, MH_SHAPE_MAP, &mh_trigger_schema, NULL, NULL},
	{&mh_trigger_schema, "window", NULL, NULL, MH_SHAPE_MAP, &mh_window_schema, NULL, NULL},
	{&mh_trigger_schema, "burst", mh_burst_read, NULL, MH_SHAPE_MAP, &mh_burst_schema, NULL, NULL},
	{&mh_verify_schema, "history", mh_history_read, NULL, MH_SHAPE_OTHER, NULL,
	 "ring:COUNT (K and M may follow), file, off", "{\"type\": \"string\"}"},
	{&mh_slo_schema, "expr", mh_threshold_read, threshold_release, MH_SHAPE_OTHER, NULL,
	 "METRIC OP VALUE", "{\"type\": \"string\"}"},
	{&mh_slo_schema, "require", mh_require_read, NULL, MH_SHAPE_OTHER, NULL,
	 "ucb95, median, all, k/n, false", "{\"type\": [\"string\", \"boolean\"]}"},
	{&mh_gate_schema, "looks", mh_looks_read, NULL, MH_SHAPE_OTHER, NULL,
	 "rising list of whole numbers", "{\"type\": \"array\", \"items\": {\"type\": \"integer\"}}"},
	{&mh_gate_schema, "metrics", mh_gate_metrics_read, NULL, MH_SHAPE_MAP_OF_MAPS, &mh_gate_metric_schema, NULL, NULL},
	{&mh_gate_schema, "counts", mh_gate_counts_read, NULL, MH_SHAPE_MAP_OF_MAPS, &mh_gate_count_schema, NULL, NULL},
	{&mh_sweep_schema, "params", mh_sweep_read, NULL, MH_SHAPE_OTHER, NULL,
	 "{NAME: [values]} or {NAME: {from, to, mul or add}}",
	 "{\"type\": \"object\", \"additionalProperties\": {\"type\": [\"array\", \"object\"]}}"},
	{&mh_sweep_schema, "exclude", mh_sweep_read, NULL, MH_SHAPE_OTHER, NULL,
	 "list of maps {NAME: value}", "{\"type\": \"array\", \"items\": {\"type\": \"object\"}}"},
};
/* clang-format on */

const struct mh_custom *mh_custom_find(const struct mh_schema *schema, const struct mh_schema_row *row)
{
	for (size_t i = 0; i < sizeof(customs) / sizeof(customs[0]); i++)
		if (customs[i].schema == schema && strcmp(customs[i].key, row->key) == 0)
			return &customs[i];
	return NULL;
}

int mh_custom_read(struct mh_binder *binder, const struct mh_schema *schema, const struct mh_schema_row *row,
		   const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	const struct mh_custom *custom = mh_custom_find(schema, row);

	MH_ASSERT(custom);
	if (custom->read)
		return custom->read(binder, node, value, ret_resolved);
	return mh_bind_one(binder, node, node->place, custom->nested, value, ret_resolved);
}

/* Lists are freed by the scenario, which knows their counts; plain maps by their rows. */
void mh_custom_release(const struct mh_schema *schema, const struct mh_schema_row *row, void *value)
{
	const struct mh_custom *custom = mh_custom_find(schema, row);

	if (!custom)
		return;
	if (custom->release)
		custom->release(value);
	else if (custom->shape == MH_SHAPE_MAP && custom->nested->size)
		mh_bind_release(custom->nested, value);
}
