/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The player of a contract's cases on the simulated machine.
 */
#ifndef BENCH_ENGINE_CONTRACT_SIMULATED_H
#define BENCH_ENGINE_CONTRACT_SIMULATED_H

#include "bench/engine/contract.h"
#include "bench/engine/contract_play.h"
#include "bench/engine/contract_world.h"
#include "core/module.h"

struct mh_contract_simulated {
	struct mh_contract_world world;
	const struct mh_contract_plan *plan;
	struct mh_module_request load;
	struct mh_module *module; /* NULL: not loaded */
	struct mh_hook hook;
	struct memory_notify arguments[MH_EVENT_COUNT]; /* of the operation's walks */
};

/**
 * mh_contract_simulated_open - make the machine
 * @plan: of what mh_contract_list() found, for the protocol of @compat; outlives it, as @request does
 *
 * A module that crashes takes the process with it. Return: 0; -EOPNOTSUPP this program was built without hooks; others
 * of the machine. With a sentence.
 */
int mh_contract_simulated_open(struct mh_contract_simulated *simulated, const struct mh_contract_plan *plan,
			       enum mh_compat compat, const struct mh_contract_request *request,
			       struct mh_error *reterr);
void mh_contract_simulated_close(struct mh_contract_simulated *simulated);

/* @simulated outlives it. */
struct mh_player mh_contract_simulated_player(struct mh_contract_simulated *simulated);

#endif
