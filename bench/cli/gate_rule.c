/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A translation, list by list. */
#include "bench/cli/gate_rule.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"

static double share_of(uint64_t ppb)
{
	return (double)ppb / (double)MH_PPB_ONE;
}

int mh_slo_rules_make(const struct mh_scenario *scenario, struct mh_slo_rule **ret_rules, size_t *ret_count)
{
	struct mh_slo_rule *rules = calloc(scenario->slo_count + 1, sizeof(*rules));
	size_t count = 0;

	if (!rules)
		return -ENOMEM;
	for (size_t i = 0; i < scenario->slo_count; i++) {
		const struct mh_scenario_slo *slo = &scenario->slos[i];

		if (!slo->require.can_fail)
			continue;
		rules[count++] = (struct mh_slo_rule){&slo->threshold, slo->require.runs, slo->require.share_of,
						      slo->require.share_count};
	}
	*ret_rules = rules;
	*ret_count = count;
	return 0;
}

static int copy_lists(const struct mh_scenario *scenario, struct mh_gate_rule_lists *lists)
{
	const struct mh_scenario_gate *gate = &scenario->gate;

	lists->looks = calloc(gate->looks.count + 1, sizeof(*lists->looks));
	lists->metrics = calloc(gate->metric_count + 1, sizeof(*lists->metrics));
	lists->counts = calloc(gate->count_count + 1, sizeof(*lists->counts));
	if (!lists->looks || !lists->metrics || !lists->counts)
		return -ENOMEM;
	for (size_t i = 0; i < gate->looks.count; i++)
		lists->looks[i] = gate->looks.items[i];
	for (size_t i = 0; i < gate->metric_count; i++)
		lists->metrics[i] = (struct mh_gate_metric){
			.metric = &gate->metrics[i].metric,
			.tolerance = share_of(gate->metrics[i].tolerance_ppb),
			.floor = share_of(gate->metrics[i].floor_ppb),
			.higher_is_better = gate->metrics[i].direction == MH_GATE_HIGHER,
		};
	for (size_t i = 0; i < gate->count_count; i++)
		lists->counts[i] = (struct mh_gate_count_rule){gate->counts[i].glob, gate->counts[i].increase_max};
	return 0;
}

int mh_gate_rule_make(const struct mh_plan *plan, struct mh_gate_rule_lists *ret_lists)
{
	const struct mh_scenario *scenario = plan->cells[0].scenario;
	const struct mh_scenario_gate *gate = &scenario->gate;
	struct mh_gate_rule_lists lists = {0};
	int ret = copy_lists(scenario, &lists);

	lists.rule = (struct mh_gate_rule){
		.paired = true,
		.times_required = gate->times == MH_GATE_TIMES_REQUIRED,
		.undecided_warns = gate->undecided == MH_GATE_UNDECIDED_WARN,
		.alpha = gate->present ? share_of(gate->alpha_ppb) : 0.01,
		.looks = lists.looks,
		.look_count = gate->looks.count,
		.metrics = lists.metrics,
		.metric_count = gate->metric_count,
		.counts = lists.counts,
		.count_count = gate->count_count,
		.seed = plan->seed,
	};
	if (ret == 0)
		ret = mh_slo_rules_make(scenario, &lists.slos, &lists.rule.slo_count);
	lists.rule.slos = lists.slos;
	if (ret < 0)
		mh_gate_rule_release(&lists);
	else
		*ret_lists = lists;
	return ret;
}

void mh_gate_rule_release(struct mh_gate_rule_lists *lists)
{
	free(lists->looks);
	free(lists->metrics);
	free(lists->counts);
	free(lists->slos);
	*lists = (struct mh_gate_rule_lists){0};
}

void mh_gate_rule_look_once(struct mh_gate_rule_lists *lists, uint64_t pairs)
{
	lists->looks[0] = pairs;
	lists->rule.look_count = 1;
}
