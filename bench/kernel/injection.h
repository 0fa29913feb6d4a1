/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The scenario's faults, done by the kernel's injector: before each operation it is decided whether one of them fires
 * in its GOING event, by the same triggers as on the simulated machine, and only then the injector is armed.
 *
 * A decision depends on the seed, the fault, the operation's index and its attempt, as ever; it is asked once an
 * operation, not once a listener.
 */
#ifndef BENCH_KERNEL_INJECTION_H
#define BENCH_KERNEL_INJECTION_H

#include "bench/kernel/driver.h"
#include "bench/kernel/plan.h"
#include "results/result.h"

struct mh_kernel_injected_fault {
	const struct mh_kernel_fault_plan *plan;
	const struct mh_scenario_fault *fault;
	struct mh_trigger_plan trigger;
	struct mh_trigger_state state;
	uint64_t key;
	uint64_t armed, evaluated, fired;
};

struct mh_kernel_injection {
	struct mh_kernel_injected_fault *faults;
	size_t count;
	const struct mh_scenario *scenario;
	uint64_t seed;
};

/* Where a decision is asked. */
struct mh_kernel_question {
	size_t phase, workload; /* in the scenario */
	const struct mh_kernel_turn *turn;
	uint64_t stream, index;
	uint64_t time_ns; /* since the phase began */
	uint64_t block_bytes;
};

/* @plan and @scenario outlive it. 0, or -errno with a sentence; to be released in either case. */
int mh_kernel_injection_init(struct mh_kernel_injection *injection, const struct mh_scenario *scenario,
			     const struct mh_kernel_plan *plan, uint64_t seed, struct mh_error *reterr);
void mh_kernel_injection_release(struct mh_kernel_injection *injection);

/* A phase begins: its triggers count from here. 0 or -ENOMEM. */
int mh_kernel_injection_begin(struct mh_kernel_injection *injection);

/* The fault that fires, or NULL; its errno is @plan->error. */
struct mh_kernel_injected_fault *mh_kernel_injection_ask(struct mh_kernel_injection *injection,
							 const struct mh_kernel_question *question);

/* Into the result, with those that never fired. @whole: all phases were run to their end. */
void mh_kernel_injection_report(const struct mh_kernel_injection *injection, bool whole, struct mh_result *result);

#endif
