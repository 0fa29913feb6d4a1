/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A case of the contract check played for what can be seen from outside, so that two who play it can be compared: the
 * simulated machine and a real kernel.
 *
 * Nouns: a *player* does what the play says; the *play* is what was seen: each operation, what it came to, and how the
 * case's listener was called in it. Pages are counted from the node's first block, and the node is called 0: where in a
 * machine it lies is no part of a play.
 */
#ifndef BENCH_ENGINE_CONTRACT_PLAY_H
#define BENCH_ENGINE_CONTRACT_PLAY_H

#include <jansson.h>

#include "base/error.h"
#include "bench/engine/contract_case.h"

#define MH_PLAY_CALLS_MAX      8
#define MH_PLAY_OPERATIONS_MAX 32 /* the longest has 13 */
#define MH_PLAY_NID_NONE       (-1)
#define MH_PLAY_NID_OTHER      1 /* another node than the case's */

/* One call of the case's listener. */
struct mh_play_call {
	enum mh_event event;
	int64_t first_page; /* of the argument's range */
	uint64_t nr_pages;
	int nid_normal, nid; /* 0: the node; MH_PLAY_NID_… */
	int value;           /* what it returned */
};

struct mh_play_operation {
	unsigned block; /* of the node */
	bool online, movable;
	int error; /* 0 or -errno */
	bool is_online;
	unsigned call_count;
	struct mh_play_call calls[MH_PLAY_CALLS_MAX];
};

struct mh_play {
	unsigned count;
	struct mh_play_operation operations[MH_PLAY_OPERATIONS_MAX];
};

/* Who plays. Each returns 0, or -errno with a sentence, which ends the play. */
struct mh_player {
	/* The node offline, the case's neighbour there, the module loaded. */
	int (*begin)(void *data, const struct mh_contract_case *of, struct mh_error *reterr);
	/* @forced: the neighbour answers as the case says, else OK. @operation: says what to do; learns the rest. */
	int (*operate)(void *data, const struct mh_contract_case *of, bool forced, struct mh_play_operation *operation,
		       struct mh_error *reterr);
	/* Also after a begin that failed: the module and the neighbour are gone, the node is offline again. */
	int (*end)(void *data, struct mh_error *reterr);
	void *data;
};

/**
 * mh_contract_play - one case: the other blocks, the operation and back, twice; once more on another block where it
 * failed; then all offline
 * @of: its module stays, and no allocation fails: those cases cannot be seen from outside
 */
int mh_contract_play(const struct mh_player *player, const struct mh_contract_case *of, struct mh_play *ret_play,
		     struct mh_error *reterr);

/* One operation as a JSON object, for reading and comparing; a new reference, or NULL without memory. */
json_t *mh_play_operation_json(const struct mh_play_operation *operation);

/* "online block 2 in Movable" */
void mh_play_operation_name(const struct mh_play_operation *operation, char *ret_name, size_t size);

#endif
