/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * I28 and I29, at each change of a chain: verify: full.
 */
#ifndef CORE_CHAIN_CHECK_H
#define CORE_CHAIN_CHECK_H

#include "core/notifier.h"

struct mh_machine;

/* One a chain; the chain's for its life. */
struct mh_chain_check {
	struct mh_machine *machine;
	struct mh_chain_watch watch;
	/* Of the change that is under way; chain->writer. */
	uint64_t signature; /* of the entries in their order */
	bool was_there;     /* the change's listener */
};

/* From here on @chain is watched. -ENOMEM. */
int mh_chain_check_init(struct mh_chain_check *check, struct mh_machine *machine, struct mh_chain *chain);

#endif
