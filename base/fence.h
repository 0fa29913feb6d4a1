/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fence in every thread at once, for locks of which one side is taken all the time and the other hardly ever: the
 * rare side pays for both, by an interrupt of each CPU that runs a thread of this process (3 us here), and the other
 * needs no more than that the compiler keeps its order.
 */
#ifndef BASE_FENCE_H
#define BASE_FENCE_H

#include <stdatomic.h>
#include <stdbool.h>

/* Once before mh_fence_all() at least; any thread. False: the kernel does not have it, or refuses it. */
bool mh_fence_prepare(void);
/* Each other thread is at a point before which its loads and stores are done, and after which they are to come. */
void mh_fence_all(void);

/* The other side's: no instruction. */
static inline void mh_fence_light(void)
{
	atomic_signal_fence(memory_order_seq_cst);
}

#endif
