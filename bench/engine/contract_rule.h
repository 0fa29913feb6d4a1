/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules that a listener's contract consists of, and what a check found out about each.
 */
#ifndef BENCH_ENGINE_CONTRACT_RULE_H
#define BENCH_ENGINE_CONTRACT_RULE_H

#include <stdint.h>

enum mh_contract_rule {
	MH_CONTRACT_RETURN,     /* answers are NOTIFY_ values or made by notifier_from_errno() */
	MH_CONTRACT_REFUSAL,    /* refuses only where the kernel asks */
	MH_CONTRACT_STOP,       /* hides no event from the listeners below */
	MH_CONTRACT_ARGUMENT,   /* leaves the argument alone */
	MH_CONTRACT_UNDO,       /* what it prepared is undone when the operation is cancelled */
	MH_CONTRACT_UNDO_ONCE,  /* undoes nothing twice, and nothing that was not prepared */
	MH_CONTRACT_LOCK,       /* locks */
	MH_CONTRACT_LEAK,       /* memory does not grow, and is gone with the module */
	MH_CONTRACT_ALLOCATION, /* copes with each allocation that fails */
	MH_CONTRACT_WRITE,      /* writes only to memory that it has */
	MH_CONTRACT_SLEEP,      /* does not sleep where it must not */
	MH_CONTRACT_WARNING,    /* no WARN, no BUG, no misuse of a kernel object */
	MH_CONTRACT_REGISTRATION,
	MH_CONTRACT_RETURNS, /* its callbacks return: no crash, no hang */
	MH_CONTRACT_PROTOCOL,
	MH_CONTRACT_RULES,
};

struct mh_contract_rule_row {
	const char *name;
	const char *help;    /* what must hold, one line */
	const char *missing; /* why it can be unexercised */
};

extern const struct mh_contract_rule_row mh_contract_rules[MH_CONTRACT_RULES];

#define MH_CONTRACT_TEXT_SIZE   1024
#define MH_CONTRACT_EVENTS_SIZE 1536
#define MH_CONTRACT_CASE_SIZE   160

/* Of one rule; in shared memory. */
struct mh_contract_finding {
	uint64_t exercised;                    /* times that it could have been broken */
	uint64_t broken;                       /* times that it was */
	char text[MH_CONTRACT_TEXT_SIZE];      /* the first time: what was wrong */
	char events[MH_CONTRACT_EVENTS_SIZE];  /* the operation and its events, a line a walk; "" outside of one */
	char case_name[MH_CONTRACT_CASE_SIZE]; /* repeats it */
};

/* The rule that a report of the kernel's names, or an invariant of the machine, is about. */
enum mh_contract_rule mh_contract_rule_of(const char *invariant);

#endif
