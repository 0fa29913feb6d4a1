/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a fault acts: which calls of which listeners in which operations. All conditions that are given must match.
 *
 * struct mh_where is what the scenario says; mh_where_compile makes it a struct mh_where_match, which decides a call
 * without comparing text: events are a mask, listeners a table by chain and id that is filled when a listener is first
 * met (so that those that register later are handled), nodes and workloads tables by index.
 */
#ifndef FAULTS_WHERE_H
#define FAULTS_WHERE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/schema.h"
#include "core/hook.h"
#include "core/machine.h"
#include "core/notifier.h"

enum mh_where_zone { MH_WHERE_ZONE_ANY, MH_WHERE_ZONE_NORMAL, MH_WHERE_ZONE_MOVABLE };
enum mh_where_status { MH_WHERE_STATUS_ANY, MH_WHERE_STATUS_NODE, MH_WHERE_STATUS_NORMAL };
enum mh_where_attempt { MH_WHERE_ATTEMPT_ANY, MH_WHERE_ATTEMPT_FIRST, MH_WHERE_ATTEMPT_RETRY };

struct mh_where {
	struct mh_string_list event;
	char *callback;
	struct mh_range_list priority;
	struct mh_range_list node; /* nids */
	int zone;                  /* enum mh_where_zone */
	struct mh_range_list block;
	int status_change; /* enum mh_where_status */
	struct mh_range_list thread;
	char *workload; /* glob over names */
	int attempt;    /* enum mh_where_attempt */
	struct mh_range_list nth_event;
};

extern const struct mh_schema mh_where_schema; /* rows of struct mh_where */

/* What a match knows of a listener. */
enum mh_where_listener { MH_WHERE_LISTENER_UNKNOWN, MH_WHERE_LISTENER_MATCHES, MH_WHERE_LISTENER_DIFFERS };

/* Events as a set: bit 1 << enum mh_event. */
#define MH_EVENTS_ALL   ((1u << MH_EVENT_COUNT) - 1)
#define MH_EVENTS_GOING (1u << MH_GOING_ONLINE | 1u << MH_GOING_OFFLINE)
/* Those whose answer counts, of any kernel: mh_event_can_veto. */
#define MH_EVENTS_VETO                                                                                                 \
	(MH_EVENTS_GOING | 1u << MH_PREPARE_ONLINE | 1u << MH_NODE_ADDING_FIRST_MEMORY |                               \
	 1u << MH_NODE_REMOVING_LAST_MEMORY)

/* Listeners of both chains have ids from 0: tables by listener keep the chain of nodes behind the memory chain. */
#define MH_LISTENER_SLOTS (2 * MH_LISTENER_COUNT_MAX)

/* The event tells the chain; no branch. */
static inline unsigned mh_listener_slot(enum mh_event event, const struct mh_listener *listener)
{
	return listener->id + (unsigned)mh_event_is_node(event) * MH_LISTENER_COUNT_MAX;
}

struct mh_where_match {
	unsigned events;
	bool any_listener; /* no glob: the table is not asked */
	bool rest;         /* more than events and the glob is asked for */
	const struct mh_where *where;
	unsigned char *listeners; /* by mh_listener_slot: enum mh_where_listener; filled by any thread, always alike */
	bool *nodes;              /* by index; NULL: all */
	bool *workloads;          /* by index; NULL: all */
	unsigned node_count, workload_count;
};

/* What a where is compiled against. */
struct mh_where_scope {
	const struct mh_machine *machine;
	const char *const *workloads; /* names, in the order of the scenario */
	unsigned workload_count;
	unsigned default_events; /* without `event` */
};

/**
 * mh_where_events - the set of events that `event` names
 * @default_events: when it names none
 *
 * Return: 0; -EINVAL a word is no event (the sentence suggests one).
 */
int mh_where_events(const struct mh_where *where, unsigned default_events, unsigned *ret_events,
		    struct mh_error *reterr);

/* @where must outlive the match. 0, -EINVAL or -ENOMEM with a sentence. */
int mh_where_compile(const struct mh_where *where, const struct mh_where_scope *scope, struct mh_where_match *ret_match,
		     struct mh_error *reterr);
void mh_where_match_release(struct mh_where_match *match);

/* Compares the name of a listener that is met for the first time, and remembers; any thread. */
enum mh_where_listener mh_where_meet(const struct mh_where_match *match, enum mh_event event,
				     const struct mh_listener *listener);
/* What is asked beside events and names; any thread. */
bool mh_where_rest(const struct mh_where_match *match, const struct mh_hook_site *site);
/* Could this thread's operations match? For dealing out `times`. */
bool mh_where_worker(const struct mh_where_match *match, unsigned workload, unsigned worker);

/* Does the name match? By the table. */
static inline bool mh_where_hears(const struct mh_where_match *match, enum mh_event event,
				  const struct mh_listener *listener)
{
	unsigned char known;

	if (match->any_listener)
		return true;
	known = __atomic_load_n(&match->listeners[mh_listener_slot(event, listener)], __ATOMIC_RELAXED);
	if (__builtin_expect(known == MH_WHERE_LISTENER_UNKNOWN, 0))
		known = (unsigned char)mh_where_meet(match, event, listener);
	return known == MH_WHERE_LISTENER_MATCHES;
}

/* The first part of mh_where_matches: the event and, where the point has one, the listener. */
static inline bool mh_where_names(const struct mh_where_match *match, const struct mh_hook_site *site)
{
	return (match->events >> site->event & 1) &&
	       (site->point != MH_HOOK_LISTENER || mh_where_hears(match, site->event, site->listener));
}

static inline bool mh_where_matches(const struct mh_where_match *match, const struct mh_hook_site *site)
{
	return mh_where_names(match, site) && (!match->rest || mh_where_rest(match, site));
}

#endif
