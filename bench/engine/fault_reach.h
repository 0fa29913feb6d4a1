/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether anything in a scenario comes by the point where a fault acts.
 */
#ifndef BENCH_ENGINE_FAULT_REACH_H
#define BENCH_ENGINE_FAULT_REACH_H

#include "bench/engine/scenario.h"
#include "faults/arm.h"

/* What arming faults must know of a workload, which has a kind. */
struct mh_fault_workload mh_fault_reach_workload(const struct mh_scenario_workload *workload);

/**
 * mh_fault_reach_check - refuse a fault whose point no operation of the scenario comes by
 *
 * Of LISTENER and EVENT this is not asked: any walk will do. Return: 0, or -EINVAL with a sentence.
 */
int mh_fault_reach_check(const struct mh_scenario *scenario, const struct mh_fault *fault, struct mh_error *reterr);

#endif
