/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a fault is: a kind (one row of functions and parameters, one file each), and an instance of it as the scenario
 * describes it. faults/arm.h arms instances on a machine.
 */
#ifndef FAULTS_FAULT_H
#define FAULTS_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/schema.h"
#include "core/hook.h"
#include "faults/expect.h"
#include "faults/trigger.h"
#include "faults/where.h"

struct mh_distribution;
struct mh_machine;

/* What an instance does when it fires, made of its parameters once. */
struct mh_fault_action {
	bool replaces; /* the walk sees @value instead of the listener's answer */
	bool sleeps;   /* blocks inside the walk: refused with qsbr, and the chain defaults to srcu */
	int value;
	/* Which of an operation's questions it means, by site->number; 0 and 0: all, last 0: without end. */
	uint64_t number_first, number_last;
	bool gives_way;    /* sleeps where no walk is under way */
	bool pins;         /* at MIGRATE: the page stays where it is for @pin_ns, 0 as long as the operation */
	uint64_t pin_ns;   /* as above */
	uint64_t stall_ns; /* how long a reader stays */
	const struct mh_distribution *delay; /* NULL: none */
	const void *own;                     /* the kind's: its parameters, or what it made of them; NULL: none */
	const char *detects;                 /* instead of the kind's; NULL: as the kind's */
};

#define MH_FAULT_MEMORY_SIZE 64

/* What a kind keeps of one fault in one worker; zeroed when the phase begins. */
struct mh_fault_memory {
	_Alignas(16) unsigned char bytes[MH_FAULT_MEMORY_SIZE];
};

/* One firing, while it happens. */
struct mh_fault_call {
	const struct mh_clock *clock;
	struct mh_machine *machine;
	const struct mh_hook_site *site;
	void *state;                    /* of kind->begin */
	struct mh_fault_memory *memory; /* of this worker */
	const char *problem; /* set by the kind: one clause, why this cannot be what is expected; NULL: nothing */
	uint64_t draw;       /* of the decision; further randomness is made of it */
	int value;           /* the answer so far; replaced */
	uint64_t delay_ns;   /* what the firing waited; added to */
};

/* One firing, after its operation. */
struct mh_fault_settling {
	struct mh_machine *machine;
	const struct mh_operation *operation;
	const struct mh_listener *listener; /* after which it fired; NULL at a point without one */
	struct mh_chain *chain;             /* that was walked */
	struct mh_fault_memory *memory;
	const char *problem; /* as mh_fault_call's */
};

struct mh_fault_kind {
	const char *name;
	const char *help; /* one line, no full stop */
	const struct mh_schema *parameters;
	enum mh_hook_point point; /* where it acts; LISTENER when not said */
	unsigned default_events;  /* without where.event; ALL where there is no event */
	unsigned expects;         /* set of MH_EXPECT_BIT that make sense */
	/* The invariants that it breaks on purpose, of which a firing breaks at least one, such as "I05 I06"; at most
	 * MH_DETECTS_MAX. NULL: none. */
	const char *detects;
	/* 0, or -EINVAL with a sentence: parameters that contradict each other. @parameters outlive the action. */
	int (*prepare)(const void *parameters, struct mh_fault_action *ret_action, struct mh_error *reterr);
	/* What an armed instance needs beyond its action, such as a thread; between phases. Both may be NULL. */
	int (*begin)(const struct mh_fault_action *action, struct mh_machine *machine, void **ret_state,
		     struct mh_error *reterr);
	void (*end)(void *state);
	/* In the thread of the operation; at LISTENER inside the walk, after the listener has returned. */
	void (*fire)(const struct mh_fault_action *action, struct mh_fault_call *call);
	/* What is left to do when the operation has ended, outside of what is measured and of all locks, in the same
	 * thread; before the firing is judged. NULL: nothing. */
	void (*settle)(const struct mh_fault_action *action, struct mh_fault_settling *settling);
	/* At the end of the phase, in the controlling thread, with the workers ended. NULL: nothing. */
	void (*disarm)(struct mh_machine *machine, struct mh_fault_memory *memory);
};

/* One entry of the scenario's list; the engine binds it by kind->parameters, mh_where_schema and mh_trigger_schema. */
struct mh_fault {
	char *name;
	const struct mh_fault_kind *kind;
	void *parameters; /* kind->parameters->size bytes; NULL when that is 0 */
	struct mh_where where;
	struct mh_trigger trigger;
	int expect; /* enum mh_expect */
	bool optional;
};

/**
 * mh_fault_check - all that can be said against a fault without a machine
 * @ret_key: the key that is wrong, as a path inside the fault: "where.event", "trigger.nth", "expect";
 * "kind" when the kind's own parameters contradict each other
 * @reterr: the sentence
 *
 * Return: 0 or -EINVAL. For `check`, which shows every error of a file.
 */
int mh_fault_check(const struct mh_fault *fault, const char **ret_key, struct mh_error *reterr);

/* Whether the fault blocks inside the walk (wait: sleep); the fault has been checked. */
bool mh_fault_sleeps(const struct mh_fault *fault);

/* NULL when no kind has that name. */
const struct mh_fault_kind *mh_fault_kind_find(const char *name);
unsigned mh_fault_kind_count(void);
/* @index below the count; in the order of fault_list.h. */
const struct mh_fault_kind *mh_fault_kind_at(unsigned index);

#endif
