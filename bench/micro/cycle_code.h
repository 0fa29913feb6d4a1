/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two operations of a cycle, as core has them and as bench/micro/cycle_core.h compiles them once more.
 */
#ifndef BENCH_MICRO_CYCLE_CODE_H
#define BENCH_MICRO_CYCLE_CODE_H

#include "core/machine.h"

struct mh_cycle_code {
	int (*online)(struct mh_machine *machine, struct mh_operation *operation, uint32_t block,
		      enum mh_online_type type);
	int (*offline)(struct mh_machine *machine, struct mh_operation *operation, uint32_t block);
};

extern const struct mh_cycle_code mh_cycle_core_code; /* core itself */
/* The same text as one unit: whole; without all of the parts; without one of them. */
extern const struct mh_cycle_code mh_cycle_whole_code, mh_cycle_floor_code;
extern const struct mh_cycle_code mh_cycle_no_locks_code, mh_cycle_no_rcu_code, mh_cycle_no_call_checks_code,
	mh_cycle_no_operation_checks_code, mh_cycle_no_trace_code, mh_cycle_no_hooks_code;

#endif
