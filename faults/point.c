/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of what a point knows, and a `where` held against it. */
#include "faults/point.h"

#include <errno.h>

const char *const mh_point_names[MH_HOOK_POINTS] = {
	[MH_HOOK_LISTENER] = "listener", [MH_HOOK_EVENT] = "event",   [MH_HOOK_LOCK] = "lock",
	[MH_HOOK_ISOLATE] = "isolate",   [MH_HOOK_SIGNAL] = "signal", [MH_HOOK_MIGRATE] = "migrate",
	[MH_HOOK_DISSOLVE] = "dissolve", [MH_HOOK_ALLOC] = "alloc",   [MH_HOOK_GRACE] = "grace",
};

/* What an operation does when it comes by; for messages. */
static const char *const point_moments[MH_HOOK_POINTS] = {
	[MH_HOOK_LISTENER] = "when a listener has returned",
	[MH_HOOK_EVENT] = "before a walk",
	[MH_HOOK_LOCK] = "when the hotplug lock was taken",
	[MH_HOOK_ISOLATE] = "when a block is isolated",
	[MH_HOOK_SIGNAL] = "when an offline looks for a signal; an online looks for none",
	[MH_HOOK_MIGRATE] = "when an offline moves a page",
	[MH_HOOK_DISSOLVE] = "when an offline dissolves huge pages",
	[MH_HOOK_ALLOC] = "when a page is allocated",
	[MH_HOOK_GRACE] = "when an unregister waits for its grace period",
};

#define OFFLINE (1u << MH_GOING_OFFLINE)

static const struct {
	unsigned events; /* what site->event can be; 0: nothing */
	bool walk;       /* an event number */
	bool block;      /* an online or offline: block and attempt */
	bool node;
	bool zone;
	bool status; /* whether the node gets or loses its first or last memory */
} facts[MH_HOOK_POINTS] = {
	[MH_HOOK_LISTENER] = {MH_EVENTS_ALL, true, true, true, true, true},
	[MH_HOOK_EVENT] = {MH_EVENTS_ALL, true, true, true, true, true},
	[MH_HOOK_LOCK] = {.events = MH_EVENTS_GOING, .block = true, .node = true},
	[MH_HOOK_ISOLATE] = {.events = OFFLINE, .block = true, .node = true, .zone = true},
	[MH_HOOK_SIGNAL] = {.events = OFFLINE, .block = true, .node = true, .zone = true, .status = true},
	[MH_HOOK_MIGRATE] = {.events = OFFLINE, .block = true, .node = true, .zone = true, .status = true},
	[MH_HOOK_DISSOLVE] = {.events = OFFLINE, .block = true, .node = true, .zone = true, .status = true},
	[MH_HOOK_ALLOC] = {.node = true, .zone = true},
	[MH_HOOK_GRACE] = {.events = 0},
};

bool mh_point_has_event(enum mh_hook_point point)
{
	return facts[point].events;
}

bool mh_point_has_block(enum mh_hook_point point)
{
	return facts[point].block;
}

static int refuse(enum mh_hook_point point, const char *what, struct mh_error *reterr)
{
	return mh_error_set(reterr, -EINVAL, "this fault acts %s, where %s: leave the key out", point_moments[point],
			    what);
}

static int check_event(enum mh_hook_point point, const struct mh_where *where, unsigned events, struct mh_error *reterr)
{
	unsigned strange = events & ~facts[point].events;

	if (!where->event.count || !strange)
		return 0;
	if (!facts[point].events)
		return refuse(point, "there is no event", reterr);
	return mh_error_set(reterr, -EINVAL, "this fault acts %s: '%s' does not come by there", point_moments[point],
			    mh_event_names[__builtin_ctz(strange)]);
}

int mh_point_check_where(enum mh_hook_point point, const struct mh_where *where, unsigned events, const char **ret_key,
			 struct mh_error *reterr)
{
	const struct {
		const char *key;
		bool known, asked;
		const char *what;
	} rows[] = {
		{"where.callback", point == MH_HOOK_LISTENER, where->callback, "there is no listener"},
		{"where.priority", point == MH_HOOK_LISTENER, where->priority.count, "there is no listener"},
		{"where.nth_event", facts[point].walk, where->nth_event.count, "no event is walked"},
		{"where.block", facts[point].block, where->block.count, "there is no block yet"},
		{"where.attempt", facts[point].block, where->attempt, "nothing is tried again"},
		{"where.node", facts[point].node, where->node.count, "there is no node"},
		{"where.zone", facts[point].zone, where->zone, "the zone is not known yet"},
		{"where.status_change", facts[point].status, where->status_change, "it is not known yet"},
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		*ret_key = rows[i].key;
		if (rows[i].asked && !rows[i].known)
			return refuse(point, rows[i].what, reterr);
	}
	*ret_key = "where.event";
	return check_event(point, where, events, reterr);
}
