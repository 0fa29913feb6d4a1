/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One case of the contract check: everything that may happen around a listener, as a number and as a name.
 *
 * The name repeats it: LISTENER/SETTING/EVENT/ANSWER/POSITION/ZONE/REGISTRATION/alloc-N, such as
 * "hello/alone/going_online/bad-above/first/movable/stays/alloc-0".
 */
#ifndef BENCH_ENGINE_CONTRACT_CASE_H
#define BENCH_ENGINE_CONTRACT_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/event.h"
#include "core/protocol.h"

struct mh_contract_listener;

/* What a neighbour of the listener answers in the case's event; none: nothing happens. */
enum mh_contract_answer {
	MH_ANSWER_NONE,
	MH_ANSWER_STOP,
	MH_ANSWER_BAD,
	MH_ANSWER_ERRNO,
	MH_ANSWER_RAW, /* return -ENOMEM */
	MH_ANSWERS,
};

/* Where in its node the block lies, and what else is online there: before an online, nothing else for the first, all
 * else for the others; before an offline, nothing else for the last. */
enum mh_contract_position { MH_POSITION_FIRST, MH_POSITION_MIDDLE, MH_POSITION_LAST, MH_POSITIONS };

/* Whether the module is there for the whole operation, is loaded between GOING and the final event, or is unloaded
 * there. */
enum mh_contract_registration {
	MH_REGISTRATION_STAYS,
	MH_REGISTRATION_COMES,
	MH_REGISTRATION_GOES,
	MH_REGISTRATIONS,
};

struct mh_contract_case {
	unsigned listener; /* index in the result's list */
	bool preset;       /* among the kernel's own listeners, else alone */
	bool has_event;    /* else everybody answers OK */
	enum mh_event event;
	enum mh_contract_answer answer;
	bool above; /* the neighbour stands above the listener, else below */
	enum mh_contract_position position;
	bool movable;
	enum mh_contract_registration registration;
	uint64_t alloc; /* the how manieth allocation of the operation fails; 0: none */
};

/* Which blocks of the node take part. */
struct mh_contract_stage {
	unsigned target;
	unsigned others; /* bits: online before the operation */
	int spare;       /* a block that is as the target is; -1: none */
};

/* The list of cases of some listeners. */
struct mh_contract_plan {
	const struct mh_contract_listener *listeners;
	unsigned listener_count;
	const struct mh_protocol *protocol;
};

/* Cases from 0 to count - 1, all with alloc 0. */
uint64_t mh_contract_case_count(const struct mh_contract_plan *plan);
/* False: such a case cannot be (nobody stands above the highest priority, a middle block has no event of its node). */
bool mh_contract_case_at(const struct mh_contract_plan *plan, uint64_t index, struct mh_contract_case *ret_case);
void mh_contract_case_name(const struct mh_contract_plan *plan, const struct mh_contract_case *of, char *ret_name,
			   size_t size);
/* Finds the case of a name. Return: 0, or -EINVAL. */
int mh_contract_case_find(const struct mh_contract_plan *plan, const char *name, uint64_t *ret_index,
			  uint64_t *ret_alloc);

/* The direction of the operation in which the case's event comes. */
bool mh_contract_case_is_online(const struct mh_contract_case *of);
/* Whether the event comes only after a refusal. */
bool mh_contract_case_is_cancel(const struct mh_contract_case *of);
/* The case's blocks; static data. */
const struct mh_contract_stage *mh_contract_case_stage(const struct mh_contract_case *of);

#endif
