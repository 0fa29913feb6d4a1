/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The `gate` and `slo` of a scenario as the judge takes them. */
#ifndef BENCH_CLI_GATE_RULE_H
#define BENCH_CLI_GATE_RULE_H

#include "bench/engine/plan.h"
#include "results/gate.h"

/* A rule with the lists that it points to; what those point to is the plan's. */
struct mh_gate_rule_lists {
	struct mh_gate_rule rule;
	uint64_t *looks;
	struct mh_gate_metric *metrics;
	struct mh_gate_count_rule *counts;
	struct mh_slo_rule *slos;
};

/**
 * mh_gate_rule_make - of the first cell, as all have the same gate
 *
 * Paired, with the looks of the scenario; what else is asked of it the caller sets in ret_lists->rule. Return: 0 or
 * -ENOMEM.
 */
int mh_gate_rule_make(const struct mh_plan *plan, struct mh_gate_rule_lists *ret_lists);
void mh_gate_rule_release(struct mh_gate_rule_lists *lists);

/* One look, at @pairs. */
void mh_gate_rule_look_once(struct mh_gate_rule_lists *lists, uint64_t pairs);

/* The thresholds of a scenario that can fail. 0 or -ENOMEM; to be freed. */
int mh_slo_rules_make(const struct mh_scenario *scenario, struct mh_slo_rule **ret_rules, size_t *ret_count);

#endif
