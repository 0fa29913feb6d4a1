/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Somebody who reads memoryN/state again and again while an operation runs.
 */
#ifndef BENCH_ENGINE_CONFORM_WATCH_H
#define BENCH_ENGINE_CONFORM_WATCH_H

#include <stdatomic.h>
#include <stdint.h>

#include <jansson.h>

#include "base/thread.h"
#include "core/machine.h"

#define MH_CONFORM_WATCHED_MAX 16 /* changes that are kept */

struct mh_conform_watch {
	struct mh_thread thread;
	const struct mh_machine *machine;
	uint32_t block;
	atomic_bool stop;
	_Atomic uint64_t samples;
	enum mh_block_state seen[MH_CONFORM_WATCHED_MAX]; /* each change; the watcher's until it is joined */
	unsigned seen_count;
};

/* Returns when the state has been read once. */
int mh_conform_watch_begin(struct mh_conform_watch *watch, const struct mh_machine *machine, uint32_t block,
			   struct mh_error *reterr);
/* Waits until it has been read anew, from beginning to end; any thread. */
void mh_conform_watch_sampled(struct mh_conform_watch *watch);
/* Reads it once more and ends. */
void mh_conform_watch_end(struct mh_conform_watch *watch);

/**
 * mh_conform_watch_states - what was seen, as far as it was recorded
 *
 * The recorder may have stopped to look before the last change: a longer sequence that begins as @recorded is cut.
 */
json_t *mh_conform_watch_states(const struct mh_conform_watch *watch, const json_t *recorded);

#endif
