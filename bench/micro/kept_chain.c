/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registering, and taking away again. */
#include "bench/micro/kept_chain.h"

#include <stdlib.h>

#include "bench/micro/callbacks.h"

static int fill(struct mh_kept_chain *kept, unsigned count)
{
	int ret = 0;

	for (unsigned i = 0; i < count && ret == 0; i++) {
		kept->blocks[i] = (struct notifier_block){mh_callback_of(i), NULL, -(int)i};
		ret = mh_chain_register(&kept->chain, &kept->blocks[i], NULL);
	}
	return ret;
}

static void kept_free(struct mh_kept_chain *kept)
{
	mh_chain_release(&kept->chain);
	free(kept);
}

void mh_kept_chain_make(struct memhp_bench_state *state, const struct mh_chain_config *config, unsigned count)
{
	struct mh_kept_chain *kept = calloc(1, sizeof(*kept) + count * sizeof(kept->blocks[0]));

	if (!kept || mh_chain_init(&kept->chain, config, NULL) < 0) {
		free(kept);
		memhp_bench_skip(state, "no memory for a chain");
		return;
	}
	if (fill(kept, count) < 0) {
		kept_free(kept);
		memhp_bench_skip(state, "no memory for %u listeners", count);
		return;
	}
	memhp_bench_set_data(state, kept);
}

void mh_kept_chain_free(struct memhp_bench_state *state)
{
	kept_free(memhp_bench_data(state));
}
