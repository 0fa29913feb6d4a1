/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `costs: FILE` of a scenario: operations take the time that their parts took on the kernel where they were recorded.
 * Each part is drawn by itself, as the validation of the file does.
 *
 * What is charged where:
 * - drain and isolate: when the block was isolated;
 * - a walk, and recorded listeners that the scenario's chain has not: before the walk of that event;
 * - migrate: before the walk of OFFLINE;
 * - all other steps: before the walk of GOING_ONLINE and GOING_OFFLINE;
 * - a listener of the scenario that has the name of a recorded one, and no `cost` of its own: inside its call.
 *
 * So an operation that succeeds takes what the recorded ones took, and one that fails what it came to. It is done by
 * hooks of core, which are armed in front of the faults' for the time of a phase, and by the stand-ins.
 */
#ifndef BENCH_ENGINE_COSTING_H
#define BENCH_ENGINE_COSTING_H

#include "base/clock.h"
#include "bench/engine/scenario.h"
#include "core/machine.h"
#include "results/costs_model.h"
#include "results/result.h"

#define MH_COSTING_SPIN_NS  100000u /* what lasts longer sleeps, what does not spins */
#define MH_COSTING_EARLY_NS 60000u  /* a sleep ends late by about so much: this end of it is spun */

struct mh_costing;          /* body: costing.c */
struct mh_costing_listener; /* the durations of one recorded listener */

/**
 * mh_costing_check - can these costs be replayed?
 * @name: of their file, for messages
 *
 * Return: 0; -EINVAL an event that no kernel has, or no operation of one direction; with a sentence.
 */
int mh_costing_check(const struct mh_costs *costs, const char *name, struct mh_error *reterr);

/**
 * mh_costing_new - read the scenario's file
 * @scenario: with costs; outlives it, as do @machine and @clock
 * @seed: of the run: draws come from (seed, thread's own sequence)
 *
 * Return: 0; -EOPNOTSUPP this build has no hook points; those of mh_costs_load() and mh_costing_check(); with a
 * sentence.
 */
int mh_costing_new(const struct mh_scenario *scenario, struct mh_machine *machine, const struct mh_clock *clock,
		   uint64_t seed, struct mh_costing **ret_costing, struct mh_error *reterr);
void mh_costing_free(struct mh_costing *costing); /* safe on NULL */

/* `times` and `emulated` of the result, and what to know about it. */
void mh_costing_report(const struct mh_costing *costing, struct mh_result *result);

/* Around a phase; what is armed at the points already is asked after it. Disarmed before that is. Safe on NULL. */
void mh_costing_arm(struct mh_costing *costing);
void mh_costing_disarm(struct mh_costing *costing);

/* The recorded listener that a listener of the scenario stands for; NULL: none. */
const struct mh_costing_listener *mh_costing_find(const struct mh_costing *costing,
						  const struct mh_scenario_chain *chain, const char *name);
/* Inside its call: for the event that this thread's operation walks for. */
void mh_costing_spend(const struct mh_costing_listener *listener);

#endif
