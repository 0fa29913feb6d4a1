/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long a reader stays in its section: by spinning, as a kernel's reader that computes does, and no longer than its
 * phase lasts.
 */
#ifndef WORKLOADS_SECTION_HOLD_H
#define WORKLOADS_SECTION_HOLD_H

#include "base/sync.h"
#include "workloads/workload.h"

/* Comes back after @ticks, or when operations get their signal: a section never keeps a phase from ending. */
static inline void mh_section_hold(const struct mh_worker *worker, uint64_t ticks)
{
	const struct mh_clock *clock = worker->workload->clock;
	const atomic_bool *signal = worker->operation->signal;
	uint64_t begin;

	if (!ticks)
		return;
	begin = mh_clock_ticks(clock);
	while (mh_clock_ticks(clock) - begin < ticks && !(signal && atomic_load_explicit(signal, memory_order_relaxed)))
		mh_cpu_relax();
}

#endif
