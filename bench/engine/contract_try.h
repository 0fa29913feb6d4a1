/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Trying the cases of a contract check, in the child process that may die of them.
 *
 * Legal order: open, learn for each listener before its cases, then cases, close. One thread; the module's own threads
 * are waited for after each operation.
 */
#ifndef BENCH_ENGINE_CONTRACT_TRY_H
#define BENCH_ENGINE_CONTRACT_TRY_H

#include "bench/engine/contract.h"
#include "bench/engine/contract_case.h"
#include "bench/engine/contract_state.h"
#include "bench/engine/contract_world.h"
#include "core/hook.h"
#include "core/kapi_report.h"
#include "core/module.h"

#define MH_CONTRACT_MISDEEDS_MAX 8 /* of one operation that are kept */

struct mh_contract_misdeed {
	enum mh_contract_rule rule;
	char text[MH_CONTRACT_TEXT_SIZE];
};

/* Where the child is: in shared memory, for who looks after it when it has died. */
struct mh_contract_place_in_time {
	uint64_t index, alloc;
	enum mh_event event;
	bool walking;  /* in a walk of @event, else between operations */
	uint64_t beat; /* goes up with each walk */
};

struct mh_contract_try {
	struct mh_contract_world world;
	const struct mh_contract_plan *plan;
	struct mh_module_request load;
	struct mh_contract_result *result;
	struct mh_contract_place_in_time *now;
	struct mh_module *module; /* NULL: not loaded */
	struct mh_hook hook;
	struct mh_kapi_sink sink;

	/* The case, or the trial that is learnt from. */
	struct mh_contract_case of;
	bool learning;
	bool forced;                        /* the operation that runs is the case's */
	bool reached;                       /* it has come to its final event */
	bool spoiled;                       /* the module cannot be unloaded: the child must end */
	bool starved;                       /* a final event was kept from the listener, in this case */
	uint64_t locks_taken, atomic_taken; /* by this thread, until the last operation */
	unsigned heard;                     /* bits 1 << enum mh_event: of the listener, in the last operation */
	struct mh_mutex misdeed_lock;       /* guards the two below against reports of the module's own threads */
	struct mh_contract_misdeed misdeeds[MH_CONTRACT_MISDEEDS_MAX];
	unsigned misdeed_count;
	struct mh_contract_state before, middle, after, earlier;
	uint64_t asked_aside; /* allocations of its init and exit, in the midst of the operation */

	/* Of the listener. */
	struct mh_contract_habit cancelled[2]; /* by direction: 1 = online */
	struct mh_contract_habit done[2];      /* the same of operations that succeed */
	struct mh_contract_habit cycle;
	bool prepares; /* something that can be seen changes between GOING and the final event */
	bool keeps;    /* memory that the first cycle of a block makes, once */
};

int mh_contract_try_open(struct mh_contract_try *try, enum mh_compat compat, struct mh_error *reterr);
void mh_contract_try_close(struct mh_contract_try *try);

/* Watches a listener in operations that go as they should. 0 or -errno. */
int mh_contract_try_learn(struct mh_contract_try *try, unsigned listener);

/**
 * mh_contract_try_case - one case, twice on one block
 * @ret_allocations: that the module asked for in its operation
 *
 * Return: 0; -ESTALE the module could not be unloaded: nothing more can be tried in this process; -errno.
 */
int mh_contract_try_case(struct mh_contract_try *try, const struct mh_contract_case *of, uint64_t *ret_allocations);

/* contract_judge.c. Where in its module's file a listener's callback is: the same after each load. Of a listener that
 * is registered. */
uintptr_t mh_contract_callback(const struct mh_listener *listener);
/* A rule is broken, now; @events: the last operation's are told. */
void mh_contract_break(struct mh_contract_try *try, enum mh_contract_rule rule, bool events, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void mh_contract_exercise(struct mh_contract_try *try, enum mh_contract_rule rule);
/* After an operation: the answers, what was reported meanwhile, what the machine found. */
void mh_contract_judge_operation(struct mh_contract_try *try);
/* The reports that are kept, outside of an operation. */
void mh_contract_judge_reports(struct mh_contract_try *try);
/* After the case's operation: @before, @middle and @after are its states. */
void mh_contract_judge_undo(struct mh_contract_try *try, bool failed);
/* After both directions: @before and @after are the states around them. */
void mh_contract_judge_cycle(struct mh_contract_try *try, unsigned heard);
/* Whether each repetition leaves more: @earlier and @after are the states after the first and the second, or after one
 * block and after another. */
void mh_contract_judge_growth(struct mh_contract_try *try, bool failed, bool other_block);

#endif
