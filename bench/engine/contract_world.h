/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine on which a module's contract is checked, and the neighbours that stand around its listeners.
 *
 * Two nodes of MH_CONTRACT_BLOCKS blocks: the first is online and stays so; the second is where cases happen, and is
 * offline between them.
 */
#ifndef BENCH_ENGINE_CONTRACT_WORLD_H
#define BENCH_ENGINE_CONTRACT_WORLD_H

#include "base/clock.h"
#include "bench/engine/contract_case.h"
#include "core/machine.h"
#include "core/topology/topology.h"

#define MH_CONTRACT_BLOCKS     4
#define MH_CONTRACT_PRESET_MAX 32

/* One who answers in one event, and OK in all others. */
struct mh_contract_neighbour {
	struct notifier_block nb;
	struct mh_contract_world *world;
	bool armed;
	enum mh_event event;
	int value;
	bool node, registered;
};

struct mh_contract_world {
	struct mh_clock clock;
	struct mh_topology *topology;
	struct mh_machine *machine;
	struct mh_trace trace;
	struct mh_operation operation;
	struct mh_contract_neighbour neighbour; /* gives the case's answer */
	struct mh_contract_neighbour refuser;   /* below all: leads to CANCEL */
	struct mh_contract_neighbour preset[MH_CONTRACT_PRESET_MAX];
	unsigned preset_count;
	enum mh_event walking; /* the event of the walk that runs or ran last */
	uint64_t operations;
};

int mh_contract_world_open(struct mh_contract_world *world, enum mh_compat compat, struct mh_error *reterr);
void mh_contract_world_close(struct mh_contract_world *world);

/* Puts the case's neighbours in place, and (end) takes them away. 0 or -errno. */
int mh_contract_world_surround(struct mh_contract_world *world, const struct mh_contract_case *of,
			       const struct mh_contract_listener *listener);
void mh_contract_world_clear(struct mh_contract_world *world);

/* Has the neighbours answer as the case says, or (false) OK. */
void mh_contract_world_arm(struct mh_contract_world *world, const struct mh_contract_case *of, bool armed);
/* Has the operation refused below all listeners, in the event that asks. */
void mh_contract_world_refuse(struct mh_contract_world *world, bool online, bool node, bool armed);

/* One operation on block @index of the second node. Return: its result. */
int mh_contract_world_operate(struct mh_contract_world *world, unsigned index, bool online, bool movable);
bool mh_contract_world_is_online(const struct mh_contract_world *world, unsigned index);
/* All blocks of the second node offline again; whoever still listens may refuse: -errno. */
int mh_contract_world_restore(struct mh_contract_world *world);

#endif
