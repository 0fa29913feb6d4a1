/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A case's number counts like a clock: the allocation aside, the last word of its name turns fastest.
 */
#include "bench/engine/contract_case.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/engine/contract.h"

static const char *const answer_names[MH_ANSWERS] = {"none", "stop", "bad", "errno", "raw"};
static const char *const position_names[MH_POSITIONS] = {"first", "middle", "last"};
static const char *const registration_names[MH_REGISTRATIONS] = {"stays", "comes", "goes"};

static const struct mh_contract_stage stages[2][MH_POSITIONS] = {
	/* of an offline, in which the target is online, too */
	{{0, 1u << 1 | 1u << 2, 1}, {1, 1u << 0 | 1u << 2, 2}, {3, 0, -1}},
	/* of an online */
	{{0, 0, 1}, {1, 1u << 0 | 1u << 2, 3}, {3, 1u << 0 | 1u << 1 | 1u << 2, -1}},
};

/* Events, and one more for none. */
#define EVENT_CHOICES (MH_EVENT_COUNT + 1)

uint64_t mh_contract_case_count(const struct mh_contract_plan *plan)
{
	return (uint64_t)plan->listener_count * 2 * EVENT_CHOICES * MH_ANSWERS * 2 * MH_POSITIONS * 2 *
	       MH_REGISTRATIONS;
}

/* Takes the last digit off. */
static unsigned digit(uint64_t *number, unsigned base)
{
	unsigned value = (unsigned)(*number % base);

	*number /= base;
	return value;
}

static bool is_online_event(enum mh_event event)
{
	switch (event) {
	case MH_GOING_ONLINE:
	case MH_CANCEL_ONLINE:
	case MH_ONLINE:
	case MH_PREPARE_ONLINE:
	case MH_NODE_ADDING_FIRST_MEMORY:
	case MH_NODE_ADDED_FIRST_MEMORY:
	case MH_NODE_CANCEL_ADDING_FIRST_MEMORY:
		return true;
	default:
		return false;
	}
}

bool mh_contract_case_is_online(const struct mh_contract_case *of)
{
	return !of->has_event || is_online_event(of->event);
}

bool mh_contract_case_is_cancel(const struct mh_contract_case *of)
{
	return of->has_event &&
	       (of->event == MH_CANCEL_ONLINE || of->event == MH_CANCEL_OFFLINE ||
		of->event == MH_NODE_CANCEL_ADDING_FIRST_MEMORY || of->event == MH_NODE_CANCEL_REMOVING_LAST_MEMORY);
}

/* An event of nodes comes with a node's first or last block only. */
static bool event_comes(const struct mh_contract_case *of)
{
	if (!mh_event_is_node(of->event))
		return true;
	return of->position == (is_online_event(of->event) ? MH_POSITION_FIRST : MH_POSITION_LAST);
}

static bool has_neighbour(const struct mh_contract_listener *listener, bool above)
{
	return above ? listener->priority < INT_MAX : listener->priority > INT_MIN;
}

static bool is_possible(const struct mh_contract_plan *plan, const struct mh_contract_case *of, unsigned event_choice)
{
	const struct mh_contract_listener *listener = &plan->listeners[of->listener];

	if (!of->has_event) /* once, not once for each answer and side */
		return event_choice == MH_EVENT_COUNT && of->answer == MH_ANSWER_NONE && of->above;
	return of->answer != MH_ANSWER_NONE && mh_protocol_has(plan->protocol, of->event) &&
	       mh_event_is_node(of->event) == listener->node && event_comes(of) && has_neighbour(listener, of->above);
}

bool mh_contract_case_at(const struct mh_contract_plan *plan, uint64_t index, struct mh_contract_case *ret_case)
{
	struct mh_contract_case of = {.alloc = 0};
	unsigned event_choice;

	of.registration = (enum mh_contract_registration)digit(&index, MH_REGISTRATIONS);
	of.movable = digit(&index, 2);
	of.position = (enum mh_contract_position)digit(&index, MH_POSITIONS);
	of.above = !digit(&index, 2);
	of.answer = (enum mh_contract_answer)digit(&index, MH_ANSWERS);
	/* None comes first: what breaks by itself is told without a neighbour. */
	event_choice = (digit(&index, EVENT_CHOICES) + MH_EVENT_COUNT) % EVENT_CHOICES;
	of.has_event = event_choice < MH_EVENT_COUNT;
	of.event = of.has_event ? (enum mh_event)event_choice : MH_GOING_ONLINE;
	of.preset = digit(&index, 2);
	of.listener = (unsigned)index;
	*ret_case = of;
	return is_possible(plan, &of, event_choice);
}

void mh_contract_case_name(const struct mh_contract_plan *plan, const struct mh_contract_case *of, char *ret_name,
			   size_t size)
{
	const char *side = !of->has_event ? "" : of->above ? "-above" : "-below";

	snprintf(ret_name, size, "%s/%s/%s/%s%s/%s/%s/%s/alloc-%llu", plan->listeners[of->listener].name,
		 of->preset ? "preset" : "alone", of->has_event ? mh_event_names[of->event] : "none",
		 answer_names[of->answer], side, position_names[of->position], of->movable ? "movable" : "normal",
		 registration_names[of->registration], (unsigned long long)of->alloc);
}

/* The number behind the last "/alloc-", which is cut off. */
static int take_alloc(char *name, uint64_t *ret_alloc)
{
	static const char word[] = "/alloc-";
	char *at = strrchr(name, '/'), *end;

	if (!at || strncmp(at, word, sizeof(word) - 1) != 0 || at[sizeof(word) - 1] < '0' || at[sizeof(word) - 1] > '9')
		return -EINVAL;
	*ret_alloc = strtoull(at + sizeof(word) - 1, &end, 10);
	*at = '\0';
	return *end ? -EINVAL : 0;
}

int mh_contract_case_find(const struct mh_contract_plan *plan, const char *name, uint64_t *ret_index,
			  uint64_t *ret_alloc)
{
	char wanted[MH_CONTRACT_CASE_SIZE], found[MH_CONTRACT_CASE_SIZE];
	struct mh_contract_case of;
	uint64_t ignored;

	snprintf(wanted, sizeof(wanted), "%s", name);
	if (take_alloc(wanted, ret_alloc) < 0)
		return -EINVAL;
	for (uint64_t index = 0; index < mh_contract_case_count(plan); index++) {
		if (!mh_contract_case_at(plan, index, &of))
			continue;
		mh_contract_case_name(plan, &of, found, sizeof(found));
		(void)take_alloc(found, &ignored);
		if (strcmp(found, wanted) == 0) {
			*ret_index = index;
			return 0;
		}
	}
	return -EINVAL;
}

const struct mh_contract_stage *mh_contract_case_stage(const struct mh_contract_case *of)
{
	return &stages[mh_contract_case_is_online(of)][of->position];
}
