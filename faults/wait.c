/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A wait in slices. */
#include "faults/wait.h"

#include "base/sync.h"
#include "core/machine.h"
#include "faults/fault.h"

bool mh_fault_is_released(const struct mh_operation *operation)
{
	/* Relaxed: it is looked at again, and nothing is read because of it. */
	return operation->signal && atomic_load_explicit(operation->signal, memory_order_relaxed);
}

uint64_t mh_fault_wait(const struct mh_fault_call *call, uint64_t wait_ns, bool sleeps)
{
	uint64_t begin = mh_clock_ticks(call->clock), passed = 0;

	while (passed < wait_ns && !mh_fault_is_released(call->site->operation)) {
		uint64_t left_ns = wait_ns - passed;

		if (sleeps)
			mh_sleep_ns(left_ns < MH_FAULT_WAIT_SLICE_NS ? left_ns : MH_FAULT_WAIT_SLICE_NS);
		else
			mh_cpu_relax();
		passed = mh_clock_ns(call->clock, mh_clock_ticks(call->clock) - begin);
	}
	return passed < wait_ns ? passed : wait_ns;
}
