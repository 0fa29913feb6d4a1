/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The faults of one phase, armed on a machine: a hook at each point that they act at, which asks those of the point in
 * the scenario's order.
 *
 * Legal order, for each phase: mh_fault_set_arm, mh_fault_set_start just before the workers begin, operations in any
 * threads with mh_fault_set_judge after each, mh_fault_set_disarm when all threads are joined, then counts, firings and
 * unmet expectations may be read, mh_fault_set_free. What a worker writes lies on its own cache lines; there is no
 * lock.
 *
 * Several faults on one call: the first that replaces the answer wins, and those after it that would replace it, too,
 * are not asked; delays add up. The listener runs first in any case: the walk sees the fault's answer.
 */
#ifndef FAULTS_ARM_H
#define FAULTS_ARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "core/machine.h"
#include "faults/census.h"
#include "faults/expect.h"
#include "faults/fault.h"
#include "faults/firing.h"

#define MH_FAULTS_MAX 255 /* armed at once */
#define MH_UNMET_KEPT 32  /* sentences of unmet expectations kept a phase; all are counted */

struct mh_fault_set; /* body: faults/arm.c */

/* One entry of the scenario's list of workloads, by index. */
struct mh_fault_workload {
	const char *name;
	unsigned workers;
	/* Whose faults can fire in its operations, and over whose workers `times` is dealt out. */
	bool hotplug;     /* onlines and offlines: all points but the next two */
	bool allocates;   /* MH_HOOK_ALLOC */
	bool unregisters; /* MH_HOOK_GRACE */
};

/* Can a fault at @point fire in the operations of this workload? */
bool mh_fault_workload_comes_by(const struct mh_fault_workload *workload, enum mh_hook_point point);

/* 0, or -EOPNOTSUPP with a sentence: this build has no hook points to arm @count faults at. */
int mh_fault_check_build(size_t count, struct mh_error *reterr);

struct mh_fault_set_config {
	struct mh_machine *machine;
	const struct mh_fault *const *faults; /* of this phase, in the scenario's order; outlive the set */
	unsigned fault_count;
	const struct mh_fault_workload *workloads; /* all of the scenario: identity.workload is an index into it */
	unsigned workload_count;
	uint64_t seed, cell;
	double time_scale;           /* multiplies trigger windows; 1 normally */
	uint64_t converge_within_ns; /* verify.converge_within, for expect: retried */
	bool census;                 /* count where each fault is asked: mh_fault_set_census() */
};

struct mh_fault_counts {
	uint64_t armed;     /* calls whose event and listener `where` names */
	uint64_t evaluated; /* those that all of `where` matches: the trigger was asked */
	uint64_t fired;
	uint64_t judged;        /* firings of which it is known whether their expectation was met */
	uint64_t unmet;         /* those where it was not */
	uint64_t unjudged;      /* firings too many in one operation to be judged */
	uint64_t late_unjudged; /* retries that were not yet due when the phase ended */
	uint64_t digest; /* sum over the fired event identities: equal sets give equal digests, in whatever order */
};

/**
 * mh_fault_set_arm - make the set and install its hooks; between phases
 *
 * Return: 0; -EINVAL with the sentence of mh_fault_check or of the kind's begin; -E2BIG more than MH_FAULTS_MAX;
 * -ENOMEM; -EAGAIN a thread could not be started; that of mh_fault_check_build.
 */
int mh_fault_set_arm(const struct mh_fault_set_config *config, struct mh_fault_set **ret_set, struct mh_error *reterr);

/* The phase begins: windows and timelines count from here. */
void mh_fault_set_start(struct mh_fault_set *set, uint64_t start_ticks);

/**
 * mh_fault_set_judge - what became of the firings of this thread's last operation
 * @service_ticks: how long it took
 * @now_ticks: when it ended
 *
 * After each operation, outside of what is measured. Costs a test when nothing fired. @operation: of other workloads
 * than hotplug ones its identity, fault_count and result.
 */
void mh_fault_set_judge_slow(struct mh_fault_set *set, const struct mh_operation *operation, uint64_t service_ticks,
			     uint64_t now_ticks);
bool mh_fault_set_follows_blocks(const struct mh_fault_set *set);

static inline void mh_fault_set_judge(struct mh_fault_set *set, bool follows_blocks,
				      const struct mh_operation *operation, uint64_t service_ticks, uint64_t now_ticks)
{
	if (__builtin_expect(operation->fault_count || follows_blocks, 0))
		mh_fault_set_judge_slow(set, operation, service_ticks, now_ticks);
}

/* The firings of the operation that this thread has just ended, until they are judged: at most
 * MH_FIRINGS_OPERATION_MAX. */
unsigned mh_fault_set_current(const struct mh_fault_set *set, const struct mh_operation *operation,
			      const struct mh_firing **ret_firings);

/* Takes the hooks away and judges what was left to be retried. @now_ticks: end of the phase. */
void mh_fault_set_disarm(struct mh_fault_set *set, uint64_t now_ticks);
void mh_fault_set_free(struct mh_fault_set *set);

#define MH_DETECTS_MAX 8 /* invariants that one fault breaks */

/* An invariant that a fault with `expect: detected` was seen to break. */
struct mh_fault_detected {
	const char *invariant;
	uint64_t count; /* firings in whose operation it was found broken */
};

/**
 * mh_fault_set_detected - what was found of what a fault broke; after disarm
 * @fault: index in config.faults
 * @ret_detected: MH_DETECTS_MAX entries; in the order of the list of invariants, those of count 0 too
 *
 * Return: entries written; 0 unless it expects to be detected.
 */
unsigned mh_fault_set_detected(const struct mh_fault_set *set, unsigned fault, struct mh_fault_detected *ret_detected);

/* After disarm. @fault: index in config.faults. */
void mh_fault_set_counts(const struct mh_fault_set *set, unsigned fault, struct mh_fault_counts *ret_counts);
/* Kept firings by workload, worker and order of firing; stops when @each returns non-zero, and returns that. */
int mh_fault_set_firings(const struct mh_fault_set *set, int (*each)(void *data, const struct mh_firing *firing),
			 void *data);
/* Of one worker, while others may still run: how many of its firings are kept, and the first @count of them. The worker
 * stands still for the first, and need not for the second. */
uint32_t mh_fault_set_kept(const struct mh_fault_set *set, unsigned workload, unsigned worker);
int mh_fault_set_firings_of(const struct mh_fault_set *set, unsigned workload, unsigned worker, uint32_t count,
			    int (*each)(void *data, const struct mh_firing *firing), void *data);
/* Firings that found no room (in no line of faults.ndjson). */
uint64_t mh_fault_set_dropped(const struct mh_fault_set *set);
/* Of a set armed with one; after disarm. */
const struct mh_census *mh_fault_set_census(const struct mh_fault_set *set);
/* Sentences kept, at most MH_UNMET_KEPT. */
unsigned mh_fault_set_unmet(const struct mh_fault_set *set, const struct mh_unmet **ret_unmet);

#endif
