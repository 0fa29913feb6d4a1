/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own error injector: module memory-notifier-error-inject, a listener that answers GOING_ONLINE or
 * GOING_OFFLINE by an errno. That is all that it can: no STOP, no raw value, no other event, one priority.
 */
#ifndef BENCH_KERNEL_INJECTOR_H
#define BENCH_KERNEL_INJECTOR_H

#include "bench/kernel/journal.h"
#include "core/event.h"

#define MH_KERNEL_ERRNO_MAX 4095 /* beyond it the kernel clamps */

/* Does it have a file for @event? */
static inline bool mh_kernel_injector_knows(enum mh_event event)
{
	return event == MH_GOING_ONLINE || event == MH_GOING_OFFLINE;
}

/**
 * mh_kernel_injector_open - look that it is there and disarmed, and note that it is to be
 *
 * Return: 0; -ENOENT the module is not loaded; -EBUSY it is armed: by somebody else, or by a run that was killed;
 * others of the call that failed. With a sentence.
 */
int mh_kernel_injector_open(const struct mh_kernel_tree *tree, struct mh_kernel_journal *journal,
			    struct mh_error *reterr);

/* @error: 1 … MH_KERNEL_ERRNO_MAX, what each @event is answered by from then on; 0: disarmed. It is read back:
 * -EPROTO the kernel shows another. With a sentence. */
int mh_kernel_injector_set(const struct mh_kernel_tree *tree, enum mh_event event, int error, struct mh_error *reterr);

#endif
