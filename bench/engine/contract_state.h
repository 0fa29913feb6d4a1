/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be seen of a module's state from outside: its live allocations by place, and its variables word by word; and
 * what it makes a habit of.
 *
 * A word is paired when, in every trial in which all went as it should, it changed and came back. A word that does not
 * come back where it should was undone without having been prepared, or not undone.
 */
#ifndef BENCH_ENGINE_CONTRACT_STATE_H
#define BENCH_ENGINE_CONTRACT_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mh_module;

#define MH_STATE_PLACES_MAX  64
#define MH_STATE_REGIONS_MAX 8
#define MH_STATE_BYTES_MAX   (4u << 20) /* of variables that are looked at; what lies behind is not */

/* Live allocations that were made at one place. */
struct mh_contract_place {
	const char *where;
	uint64_t count, bytes;
};

struct mh_contract_state {
	struct mh_contract_place places[MH_STATE_PLACES_MAX];
	unsigned place_count;
	uint64_t live;                          /* allocations at all places, kept or not */
	uint32_t regions[MH_STATE_REGIONS_MAX]; /* upper halves of addresses of what is live */
	unsigned region_count;
	uint32_t *words;
	size_t word_count; /* 0: no module */
	size_t word_capacity;
};

/* @module: NULL for none. A state may be taken again and again. -ENOMEM. */
int mh_contract_state_take(struct mh_contract_state *state, const struct mh_module *module);
void mh_contract_state_release(struct mh_contract_state *state);

/* The first place at which more is live in @after than in @before; NULL: none. */
const struct mh_contract_place *mh_contract_state_grown(const struct mh_contract_state *before,
							const struct mh_contract_state *after, uint64_t *ret_more);

/* By word: what the trials have shown so far. */
struct mh_contract_habit {
	unsigned char *changed; /* in a trial it changed */
	unsigned char *odd;     /* in a trial it did not come back */
	size_t word_count;
};

void mh_contract_habit_release(struct mh_contract_habit *habit);
/* One trial in which all went as it should. -ENOMEM. */
int mh_contract_habit_learn(struct mh_contract_habit *habit, const struct mh_contract_state *before,
			    const struct mh_contract_state *middle, const struct mh_contract_state *after);
/* Whether any word is paired. */
bool mh_contract_habit_pairs(const struct mh_contract_habit *habit);
/* The first paired word that differs; SIZE_MAX: none. A pointer from one allocation to another does not count: the head
 * of a tree or list moves while what it holds is the same, and what is leaked is told by the ledger. */
size_t mh_contract_habit_broken(const struct mh_contract_habit *habit, const struct mh_contract_state *before,
				const struct mh_contract_state *after);
/* The address of a word of @module's. */
const void *mh_contract_word_address(const struct mh_module *module, size_t word);

#endif
