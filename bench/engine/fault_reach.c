/* SPDX-License-Identifier: GPL-2.0-or-later */
/* By the workloads' kinds, and for grace periods by the chain. */
#include "bench/engine/fault_reach.h"

#include <errno.h>

struct mh_fault_workload mh_fault_reach_workload(const struct mh_scenario_workload *workload)
{
	return (struct mh_fault_workload){
		.name = workload->name,
		.workers = (unsigned)workload->threads,
		.hotplug = workload->kind->hotplug,
		.allocates = workload->kind->uses_pages,
		.unregisters = workload->kind->unregisters,
	};
}

static bool has_grace_periods(const struct mh_scenario_chain *chain)
{
	return chain->type == MH_CHAIN_RCU_ARRAY || chain->type == MH_CHAIN_RCU_LIST;
}

static const char *what_is_missing(enum mh_hook_point point)
{
	switch (point) {
	case MH_HOOK_ALLOC:
		return "allocates pages, such as 'alloc-churn'";
	case MH_HOOK_GRACE:
		return "unregisters listeners, such as 'chain-churn'";
	default:
		return "onlines and offlines blocks, such as 'hotplug-cycle'";
	}
}

int mh_fault_reach_check(const struct mh_scenario *scenario, const struct mh_fault *fault, struct mh_error *reterr)
{
	enum mh_hook_point point = fault->kind->point;

	if (point == MH_HOOK_GRACE && !has_grace_periods(&scenario->chain))
		return mh_error_set(reterr, -EINVAL,
				    "the fault can never fire: 'chain.type: %s' has no grace periods, rcu-array and "
				    "rcu-list have",
				    mh_chain_type_names[scenario->chain.type]);
	if (point == MH_HOOK_LISTENER || point == MH_HOOK_EVENT)
		return 0;
	for (size_t i = 0; i < scenario->workload_count; i++) {
		const struct mh_scenario_workload *workload = &scenario->workloads[i];
		struct mh_fault_workload reach;

		if (!workload->kind)
			return 0; /* has been told */
		reach = mh_fault_reach_workload(workload);
		if (mh_fault_workload_comes_by(&reach, point))
			return 0;
	}
	return mh_error_set(reterr, -EINVAL, "the fault can never fire: no workload %s", what_is_missing(point));
}
