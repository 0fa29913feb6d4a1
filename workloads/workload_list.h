/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every kind of workload, one line each: X(NOUN) stands for mh_workload_NOUN, defined in NOUN.c.
 */
#ifndef WORKLOADS_WORKLOAD_LIST_H
#define WORKLOADS_WORKLOAD_LIST_H

/* clang-format off */
#define MH_WORKLOAD_LIST(X) \
	X(hotplug_cycle) \
	X(hotplug_storm) \
	X(alloc_churn) \
	X(alloc_burst) \
	X(alloc_fill) \
	X(page_pin) \
	X(page_walk) \
	X(chain_call) \
	X(chain_churn) \
	X(rcu_reader) \
	X(mem_reader) \
	X(null)
/* clang-format on */

#endif
