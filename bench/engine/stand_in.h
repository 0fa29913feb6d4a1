/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scenario's listeners: callbacks that spend their cost and give their answer, registered under their names.
 */
#ifndef BENCH_ENGINE_STAND_IN_H
#define BENCH_ENGINE_STAND_IN_H

#include "base/clock.h"
#include "base/error.h"
#include "bench/engine/costing.h"
#include "bench/engine/scenario.h"
#include "core/machine.h"

struct mh_stand_ins;

/**
 * mh_stand_ins_register - register all listeners of @chain_of in order, each on its chains
 * @clock: for costs that spin; outlives the stand-ins, as does @chain_of
 * @seed: of the run: the draws of costs come from (seed, listener, thread's own sequence)
 *
 * Return: 0 or -ENOMEM, -ENOSPC with a sentence; nothing is left registered then.
 */
int mh_stand_ins_register(struct mh_machine *machine, const struct mh_scenario_chain *chain_of,
			  const struct mh_clock *clock, uint64_t seed, struct mh_stand_ins **ret_stand_ins,
			  struct mh_error *reterr);
/* Those that stand for a recorded listener take its time; before the first operation. */
void mh_stand_ins_cost(struct mh_stand_ins *stand_ins, const struct mh_costing *costing);
/* Unregisters and frees. No walk may run that they would have to wait for from inside. */
void mh_stand_ins_free(struct mh_stand_ins *stand_ins);

#endif
