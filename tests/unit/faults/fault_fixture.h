/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine with two nodes (ids 0 and 1) of eight blocks of 128 MiB each, half of them online, and listeners "top"
 * (priority 100), "mid.0", "mid.1" (0) and "low" (-1) that answer NOTIFY_OK and count their calls.
 */
#ifndef TESTS_UNIT_FAULTS_FAULT_FIXTURE_H
#define TESTS_UNIT_FAULTS_FAULT_FIXTURE_H

#include "core/machine.h"
#include "faults/arm.h"

#define FIXTURE_NODE_BLOCKS 8
#define FIXTURE_LISTENERS   4
#define FIXTURE_CALLS       256

enum { TOP, MID_0, MID_1, LOW };

struct fixture_listener {
	struct notifier_block nb;
	unsigned calls[MH_EVENT_COUNT];
};

struct fixture {
	struct mh_clock clock;
	struct mh_topology *topology;
	struct mh_machine *machine;
	struct fixture_listener listeners[FIXTURE_LISTENERS];
	struct mh_trace trace;
	struct mh_operation operation; /* workload 0, worker 0 of 1 */
};

/* What a test wants otherwise than the default of each. */
struct fixture_options {
	struct mh_chain_config chain;
	enum mh_verify verify;
	enum mh_compat compat;
};

void fixture_init(struct fixture *fixture);
void fixture_init_with(struct fixture *fixture, const struct fixture_options *options);
void fixture_release(struct fixture *fixture);

/* A fault of that kind that always fires; its parameters are given by the caller. */
struct mh_fault fixture_fault(const char *name, const char *kind, void *parameters);

/* Sets a parameter, of an enum by index or of a duration in ns; those not set are 0. Until the next fixture_init. */
void fixture_set(struct mh_fault *fault, const char *key, uint64_t value);

/* Arms @count faults with workloads "toggle" (@workers threads, hotplug), "alloc" and "churn" (1 thread, allocates and
 * unregisters); asserts success. */
struct mh_fault_set *fixture_arm(struct fixture *fixture, const struct mh_fault *faults, unsigned count,
				 unsigned workers, uint64_t seed);

/* Operation @index of worker @worker. Resets the trace, returns the operation's result; judges when @set is given. */
int fixture_toggle(struct fixture *fixture, struct mh_fault_set *set, unsigned worker, uint64_t index, uint32_t block);

/* Disarms and counts. */
struct mh_fault_counts fixture_counts(struct fixture *fixture, struct mh_fault_set *set, unsigned fault);

/* What came of a fault that was armed alone. */
struct fixture_outcome {
	struct mh_fault_counts counts;
	struct mh_fault_detected detected[MH_DETECTS_MAX];
	unsigned detects;
	uint64_t violations;
};

/* Block @block twice over under @fault; what it expects is met, and the machine whole afterwards. */
struct fixture_outcome fixture_cycle_with(struct fixture *fixture, const struct mh_fault *fault, uint32_t block);

/* A callback of the listeners that answers this instead of NOTIFY_OK; per listener and event. */
void fixture_answer(struct fixture *fixture, unsigned listener, int value);

/* From here on "low" refuses GOING_ONLINE with NOTIFY_BAD, and nothing else. */
void fixture_refuse_online(struct fixture *fixture, bool refuse);

#endif
