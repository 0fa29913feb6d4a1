/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The blocks' states played again from what operations that succeeded did: a block that is online goes offline next.
 *
 * Operations of two threads on one block are ordered by its lock, of which nothing is stored: those that overlap in
 * time may have come in either order, and are taken together. Legal order: add, for each successful operation; check.
 */
#ifndef BENCH_ENGINE_HISTORY_REPLAY_H
#define BENCH_ENGINE_HISTORY_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MH_HISTORY_REPLAY_MAX (1u << 23) /* operations of one phase: 256 MiB */

struct mh_history_change {
	uint64_t begin_ns, end_ns, line;
	uint32_t block;
	bool online; /* it came; else it went */
};

struct mh_history_replay {
	struct mh_history_change *changes;
	size_t count, capacity;
	uint64_t from_ns; /* what began before is not complete: some thread's history begins here */
	bool cut;         /* there were more than MH_HISTORY_REPLAY_MAX */
};

/* 0 or -ENOMEM. */
int mh_history_replay_add(struct mh_history_replay *replay, const struct mh_history_change *change);

/**
 * mh_history_replay_check - one phase
 * @found: called with each change after which its block would be twice in one state
 *
 * Return: changes looked at. They are forgotten; the memory is kept.
 */
uint64_t mh_history_replay_check(struct mh_history_replay *replay,
				 void (*found)(void *data, const struct mh_history_change *change), void *data);
void mh_history_replay_release(struct mh_history_replay *replay);

#endif
