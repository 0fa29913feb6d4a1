/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sections of a scenario: their rows, and how the values that have a grammar of their own are read. The rows are
 * the language: the parser, `describe` and the JSON Schema come from them.
 */
#ifndef BENCH_ENGINE_SECTION_H
#define BENCH_ENGINE_SECTION_H

#include "base/schema.h"
#include "bench/engine/scenario.h"
#include "bench/engine/value.h"

extern const struct mh_schema mh_scenario_schema; /* the top: struct mh_scenario */
extern const struct mh_schema mh_machine_schema;
extern const struct mh_schema mh_chain_schema;
extern const struct mh_schema mh_notifier_schema;
extern const struct mh_schema mh_module_schema;
extern const struct mh_schema mh_workload_schema; /* without the kind's own */
extern const struct mh_schema mh_phase_schema;
extern const struct mh_schema mh_fault_schema; /* without the kind's own */
extern const struct mh_schema mh_record_schema;
extern const struct mh_schema mh_verify_schema;
extern const struct mh_schema mh_limits_schema;
extern const struct mh_schema mh_slo_schema;
extern const struct mh_schema mh_gate_schema;
extern const struct mh_schema mh_gate_metric_schema;
extern const struct mh_schema mh_gate_count_schema;
extern const struct mh_schema mh_sweep_schema;

/* Readers of struct mh_custom: @value is the field, @ret_resolved what the resolved scenario writes. */
typedef int mh_custom_reader(struct mh_binder *binder, const struct mh_node *node, void *value,
			     struct mh_node **ret_resolved);

mh_custom_reader mh_extends_read, mh_seed_read, mh_costs_file_read, mh_topology_read, mh_initial_online_read;
mh_custom_reader mh_notifiers_read, mh_priority_read, mh_node_priority_read, mh_events_read, mh_returns_read,
	mh_modules_read;
mh_custom_reader mh_workloads_read, mh_workload_kind_read, mh_phases_read, mh_phase_workloads_read;
mh_custom_reader mh_faults_read, mh_fault_kind_read, mh_fault_phases_read, mh_trigger_read, mh_burst_read;
mh_custom_reader mh_history_read, mh_slos_read, mh_threshold_read, mh_require_read;
mh_custom_reader mh_gate_read, mh_looks_read, mh_gate_metrics_read, mh_gate_counts_read, mh_sweep_read;

/* Releases of the lists: @scenario may be partly filled. */
void mh_chain_release_notifiers(struct mh_scenario_chain *chain);
void mh_modules_release(struct mh_scenario *scenario);
void mh_workloads_release(struct mh_scenario *scenario);
void mh_phases_release(struct mh_scenario *scenario);
void mh_faults_release(struct mh_scenario *scenario);
void mh_slos_release(struct mh_scenario *scenario);
void mh_gate_release(struct mh_scenario_gate *gate);

/**
 * mh_names_read - names of items of another list, or the word "all", as indices
 * @key: for messages
 * @names: @count of them, NULL where an item has none
 *
 * A name that does not exist, and one given twice, is told. With @count 0 nothing is checked: the list itself was
 * wrong.
 */
int mh_names_read(struct mh_binder *binder, const char *key, const struct mh_node *node, const char *const *names,
		  size_t count, struct mh_index_list *ret_list);

/* Arrivals that may wait, all threads of a workload together, unless it says so. */
#define MH_MAX_OUTSTANDING_DEFAULT "1024"

/* Which of a workload's keys about arrivals belong together; fills in the default of max_outstanding. */
int mh_arrival_check(struct mh_binder *binder, const struct mh_node *map, struct mh_scenario_workload *workload,
		     struct mh_node *resolved);

/* What can only be said when all sections are read; @root is the tree, @resolved the resolved tree, completed here. */
int mh_machine_finish(struct mh_binder *binder, const struct mh_node *root, struct mh_node *resolved);
int mh_costs_finish(struct mh_binder *binder, const struct mh_node *root, struct mh_node *resolved);
int mh_chain_finish(struct mh_binder *binder, const struct mh_node *root, struct mh_node *resolved);
int mh_faults_finish(struct mh_binder *binder, const struct mh_node *root);
/* What contradicts `stamps: none`. 0 or -EINVAL, told. */
int mh_record_finish(struct mh_binder *binder, const struct mh_node *root);
int mh_scenario_check_metrics(struct mh_binder *binder, const struct mh_node *root);

#endif
