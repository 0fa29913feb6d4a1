/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The class of an operation, by which its series are split:
 *
 *   faulted     a fault fired in it
 *   recovering  none did, but its block was left by a faulted failure and has not succeeded since
 *   clean       the rest
 *
 * A *scar* marks such a block. Scars outlive a phase, since the phase that heals need not be the one with the faults;
 * a restore between two phases ends those of the blocks that it brought back. Any thread may judge: a byte a block.
 */
#ifndef BENCH_ENGINE_CLASS_H
#define BENCH_ENGINE_CLASS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/assert.h"
#include "core/machine.h"
#include "results/metric.h"

enum mh_class { MH_OPERATION_CLEAN, MH_OPERATION_FAULTED, MH_OPERATION_RECOVERING, MH_OPERATION_CLASSES };

/* As metrics name it: "clean", "faulted", "recovering". */
static inline const char *mh_class_name(enum mh_class class)
{
	return mh_metric_class_names[MH_CLASS_CLEAN + class];
}

MH_STATIC_ASSERT(MH_CLASS_CLEAN + MH_OPERATION_CLASSES == MH_CLASSES, "every class of operations has its metrics");

struct mh_scars {
	atomic_uchar *blocks; /* by block: 1 = scarred */
	uint32_t count;
};

/* 0 or -ENOMEM. */
int mh_scars_init(struct mh_scars *scars, uint32_t block_count);
void mh_scars_release(struct mh_scars *scars); /* safe on a zeroed struct */
bool mh_scars_any(const struct mh_scars *scars);
/* Between phases: blocks that are where they were when the machine began have recovered. */
void mh_scars_forget_restored(struct mh_scars *scars, const struct mh_machine *machine);

/*
 * The class of an operation on a block that has just ended; makes or ends the block's scar.
 *
 * Relaxed: two threads that share a block meet at its hotplug lock; one that reads a scar late calls an operation that
 * overlapped the failure clean.
 */
static inline enum mh_class mh_class_judge(struct mh_scars *scars, const struct mh_operation *operation)
{
	atomic_uchar *scar = &scars->blocks[operation->block];
	bool scarred = atomic_load_explicit(scar, memory_order_relaxed);
	bool faulted = operation->fault_count > 0;
	bool left = operation->result < 0 && (faulted || scarred);

	if (left != scarred)
		atomic_store_explicit(scar, left, memory_order_relaxed);
	if (faulted)
		return MH_OPERATION_FAULTED;
	return scarred ? MH_OPERATION_RECOVERING : MH_OPERATION_CLEAN;
}

#endif
