/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A chain of listeners that do nothing, as the set-up of a benchmark.
 */
#ifndef BENCH_MICRO_KEPT_CHAIN_H
#define BENCH_MICRO_KEPT_CHAIN_H

#include <memhp/bench.h>

#include "core/notifier.h"

struct mh_kept_chain {
	struct mh_chain chain;
	struct notifier_block blocks[]; /* the callback of each is mh_callback_of() its index */
};

/* Leaves it as the state's data; skips where there is no memory. */
void mh_kept_chain_make(struct memhp_bench_state *state, const struct mh_chain_config *config, unsigned count);
/* The tear-down. */
void mh_kept_chain_free(struct memhp_bench_state *state);

#endif
