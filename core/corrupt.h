/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Breaking an invariant on purpose, to prove that the checks see it.
 *
 * A hook asks for it by setting bits of operation->corrupt. When the operation has done its work, still under its
 * hotplug lock, each is broken, the checks of an operation's end look, and each is mended: nothing but the checks, and
 * what reads without the lock, ever sees it.
 */
#ifndef CORE_CORRUPT_H
#define CORE_CORRUPT_H

#include "core/machine.h"

enum mh_corruption {
	MH_CORRUPT_COUNTER,   /* managed pages of the block's zone: one too many */
	MH_CORRUPT_PRESENT,   /* present pages of it, likewise */
	MH_CORRUPT_MASK,      /* the node's bit in N_NORMAL_MEMORY: turned over */
	MH_CORRUPT_STATE,     /* the block's: online instead of offline, or the other way round */
	MH_CORRUPT_SPAN,      /* whether the zone spans the block: turned over */
	MH_CORRUPT_ISOLATION, /* isolated blocks of the zone: one too many */
	MH_CORRUPT_DAEMON,    /* whether the node's kswapd runs: turned over */
	MH_CORRUPTIONS,
};

#define MH_CORRUPT_BIT(corruption) (1u << (corruption))

/* Under the operation's hotplug lock, when it has ended: break what operation->corrupt asks for. */
void mh_corrupt_begin(struct mh_machine *machine, struct mh_operation *operation);
/* After the checks of its end: those that only verify: full would make, then everything is mended. */
void mh_corrupt_end(struct mh_machine *machine, struct mh_operation *operation);

#endif
