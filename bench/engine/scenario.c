/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tree becomes a scenario: all sections by their rows, then what only the whole can tell.
 */
#include "bench/engine/load.h"

#include "bench/engine/bind.h"
#include "bench/engine/resolve.h"
#include "bench/engine/section.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void name_check(struct mh_binder *binder, const struct mh_node *root)
{
	const struct mh_node *name = mh_node_find(root, "name");
	struct mh_node list = {.kind = MH_NODE_LIST}, *items[1] = {(struct mh_node *)root};

	if (!name)
		return;
	list.items = items;
	list.count = 1;
	(void)mh_bind_check_names(binder, &list);
}

static int scenario_bind(struct mh_binder *binder, const struct mh_node *root, struct mh_node **ret_resolved)
{
	int ret = mh_bind_one(binder, root, root->place, &mh_scenario_schema, binder->scenario, ret_resolved);

	if (ret == -ENOMEM)
		return ret;
	name_check(binder, root);
	if (mh_machine_finish(binder, root, *ret_resolved) < 0)
		ret = -EINVAL;
	if (mh_costs_finish(binder, root, *ret_resolved) < 0)
		ret = -EINVAL;
	if (mh_chain_finish(binder, root, *ret_resolved) == -ENOMEM)
		return -ENOMEM;
	if (mh_faults_finish(binder, root) < 0)
		ret = -EINVAL;
	if (mh_record_finish(binder, root) < 0)
		ret = -EINVAL;
	if (ret == 0)
		ret = mh_scenario_check_metrics(binder, root);
	return binder->reader->diagnostics.failed ? -ENOMEM : ret;
}

int mh_scenario_load(struct mh_reader *reader, const struct mh_node *root, double time_scale,
		     struct mh_scenario **ret_scenario)
{
	const size_t errors_before = reader->diagnostics.errors;
	struct mh_scenario *scenario = calloc(1, sizeof(*scenario));
	struct mh_binder binder = {.reader = reader, .scenario = scenario, .time_scale = time_scale};
	struct mh_node *resolved = NULL;
	int ret;

	if (!scenario)
		return -ENOMEM;
	scenario->time_scale = time_scale;
	ret = scenario_bind(&binder, root, &resolved);
	if (ret == 0 && reader->diagnostics.errors > errors_before)
		ret = -EINVAL;
	if (ret == 0) {
		scenario->resolved = mh_resolve_write(resolved);
		ret = scenario->resolved ? 0 : -ENOMEM;
	}
	if (ret < 0) {
		mh_scenario_free(scenario);
		return ret;
	}
	*ret_scenario = scenario;
	return 0;
}

void mh_scenario_free(struct mh_scenario *scenario)
{
	if (!scenario)
		return;
	mh_faults_release(scenario);
	mh_phases_release(scenario);
	mh_workloads_release(scenario);
	mh_modules_release(scenario);
	mh_slos_release(scenario);
	mh_chain_release_notifiers(&scenario->chain);
	free(scenario->resolved);
	mh_bind_release(&mh_scenario_schema, scenario);
	free(scenario);
}

double mh_scenario_mean_rate(const struct mh_scenario_workload *workload, const struct mh_scenario_phase *phase)
{
	double rate = phase->rate > 0 ? phase->rate : workload->rate;
	double on = (double)workload->burst_on_ns;

	switch ((enum mh_arrival)workload->arrival) {
	case MH_ARRIVAL_CLOSED:
		return 0;
	case MH_ARRIVAL_RAMP:
		return (workload->rate_from + rate) / 2;
	case MH_ARRIVAL_BURST:
		return rate * on / (on + (double)workload->burst_off_ns);
	default:
		return rate;
	}
}

uint64_t mh_scenario_phase_span_ns(const struct mh_scenario_phase *phase)
{
	return phase->for_ns ? phase->for_ns : phase->max_ns;
}
