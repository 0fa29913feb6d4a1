/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Holding a thread where it is, for a moment: what it alone writes can be read meanwhile, and its stack is known.
 *
 * For threads that hang. A thread that is held may have any lock of the C library: whoever holds it neither allocates
 * nor prints until mh_hold_end().
 */
#ifndef BASE_HOLD_H
#define BASE_HOLD_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/sync.h"
#include "base/thread.h"

#define MH_HOLD_FRAMES 64

/* Never freed once mh_hold_begin() has returned false: the thread may look at it late. */
struct mh_hold {
	_Atomic int state;
	int thread_id;                  /* as gettid() numbers it */
	const struct mh_mutex *awaited; /* the mutex that it waits for, or NULL */
	int depth;                      /* frames of the held thread's stack, innermost first */
	void *frames[MH_HOLD_FRAMES];
};

/* Once, before the first hold: 0 or -errno. */
int mh_hold_prepare(void);
/* In a thread that may be held. */
void mh_hold_accept(void);
/* True: @thread stands still, all that it wrote before can be read, and @hold has its stack and what it waits for.
 * False: no answer. */
bool mh_hold_begin(struct mh_hold *hold, const struct mh_thread *thread);
void mh_hold_end(struct mh_hold *hold);
/* A line a frame, to a file descriptor. */
void mh_hold_print(const struct mh_hold *hold, int fd);

#endif
