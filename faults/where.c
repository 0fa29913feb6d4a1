/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compiling and asking a `where`.
 *
 * The table of listeners is filled by whichever thread first meets a listener: all would write the same byte, so a
 * relaxed store suffices. Only the name is kept there; a priority may differ after a later register and is compared
 * anew.
 */
#include "faults/where.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define AT(field) offsetof(struct mh_where, field)

static const struct mh_schema_row where_rows[] = {
	{.key = "event",
	 .type = MH_VALUE_STRING_LIST,
	 .offset = AT(event),
	 .help = "events, as going_online or MEM_GOING_ONLINE; veto and errno: the two GOING events, else all"},
	{.key = "callback",
	 .type = MH_VALUE_STRING,
	 .offset = AT(callback),
	 .help = "glob over names of listeners; all"},
	{.key = "priority", .type = MH_VALUE_RANGES, .offset = AT(priority), .help = "priorities of listeners; all"},
	{.key = "node", .type = MH_VALUE_RANGES, .offset = AT(node), .help = "node ids of the block; all"},
	{.key = "zone",
	 .type = MH_VALUE_ENUM,
	 .offset = AT(zone),
	 .default_text = "any",
	 .values = "any|normal|movable",
	 .help = "zone that the block comes from or goes to"},
	{.key = "block", .type = MH_VALUE_RANGES, .offset = AT(block), .help = "numbers of blocks; all"},
	{.key = "status_change",
	 .type = MH_VALUE_ENUM,
	 .offset = AT(status_change),
	 .default_text = "any",
	 .values = "any|node|normal",
	 .help = "only operations that give a node its first or last memory, or first or last of a kernel zone"},
	{.key = "thread",
	 .type = MH_VALUE_RANGES,
	 .offset = AT(thread),
	 .help = "threads of the workload, from 0; all"},
	{.key = "workload",
	 .type = MH_VALUE_STRING,
	 .offset = AT(workload),
	 .help = "glob over names of workloads; all"},
	{.key = "attempt",
	 .type = MH_VALUE_ENUM,
	 .offset = AT(attempt),
	 .default_text = "any",
	 .values = "any|first|retry",
	 .help = "first attempts at a block, or those after a failure"},
	{.key = "nth_event",
	 .type = MH_VALUE_RANGES,
	 .offset = AT(nth_event),
	 .help = "number of the event in its operation, from 1; all"},
};

const struct mh_schema mh_where_schema = {
	.name = "where",
	.rows = where_rows,
	.count = sizeof(where_rows) / sizeof(where_rows[0]),
	.size = sizeof(struct mh_where),
};

static int unknown_event(const char *word, struct mh_error *reterr)
{
	const char *near = mh_text_nearest(word, mh_event_names, MH_EVENT_COUNT);

	if (!near)
		near = mh_text_nearest(word, mh_event_kernel_names, MH_EVENT_COUNT);
	if (near)
		return mh_error_set(reterr, -EINVAL, "unknown event '%s' (did you mean '%s'?)", word, near);
	return mh_error_set(reterr, -EINVAL, "unknown event '%s': 'memhp-bench list events' names all", word);
}

int mh_where_events(const struct mh_where *where, unsigned default_events, unsigned *ret_events,
		    struct mh_error *reterr)
{
	unsigned events = 0;

	for (size_t i = 0; i < where->event.count; i++) {
		int event = mh_event_parse(where->event.items[i]);

		if (event < 0)
			return unknown_event(where->event.items[i], reterr);
		events |= 1u << event;
	}
	*ret_events = events ? events : default_events;
	return 0;
}

static bool *node_table(const struct mh_where *where, const struct mh_machine *machine, unsigned count)
{
	bool *nodes = calloc(count, sizeof(*nodes));

	for (unsigned i = 0; nodes && i < count; i++)
		nodes[i] = mh_range_list_has(&where->node, mh_machine_nid(machine, i));
	return nodes;
}

static bool *workload_table(const struct mh_where *where, const struct mh_where_scope *scope)
{
	bool *workloads = calloc(scope->workload_count + 1, sizeof(*workloads));

	for (unsigned i = 0; workloads && i < scope->workload_count; i++)
		workloads[i] = mh_glob_match(where->workload, scope->workloads[i]);
	return workloads;
}

static bool asks_more(const struct mh_where *where)
{
	return where->priority.count || where->node.count || where->zone || where->block.count ||
	       where->status_change || where->thread.count || where->workload || where->attempt ||
	       where->nth_event.count;
}

int mh_where_compile(const struct mh_where *where, const struct mh_where_scope *scope, struct mh_where_match *ret_match,
		     struct mh_error *reterr)
{
	struct mh_where_match match = {
		.any_listener = !where->callback,
		.rest = asks_more(where),
		.where = where,
		.node_count = mh_machine_node_count(scope->machine),
		.workload_count = scope->workload_count,
	};
	int ret = mh_where_events(where, scope->default_events, &match.events, reterr);

	if (ret < 0)
		return ret;
	if (where->callback)
		match.listeners = calloc(MH_LISTENER_SLOTS, 1);
	if (where->node.count)
		match.nodes = node_table(where, scope->machine, match.node_count);
	if (where->workload)
		match.workloads = workload_table(where, scope);
	if ((where->callback && !match.listeners) || (where->node.count && !match.nodes) ||
	    (where->workload && !match.workloads)) {
		mh_where_match_release(&match);
		return mh_error_set(reterr, -ENOMEM, "no memory to match a fault's 'where'");
	}
	*ret_match = match;
	return 0;
}

void mh_where_match_release(struct mh_where_match *match)
{
	free(match->listeners);
	free(match->nodes);
	free(match->workloads);
	*match = (struct mh_where_match){0};
}

enum mh_where_listener mh_where_meet(const struct mh_where_match *match, enum mh_event event,
				     const struct mh_listener *listener)
{
	enum mh_where_listener known = MH_WHERE_LISTENER_DIFFERS;

	if (mh_glob_match(match->where->callback, listener->name))
		known = MH_WHERE_LISTENER_MATCHES;
	__atomic_store_n(&match->listeners[mh_listener_slot(event, listener)], (unsigned char)known, __ATOMIC_RELAXED);
	return known;
}

/* A list without ranges asks for nothing. */
static bool in_ranges(const struct mh_range_list *list, int64_t value)
{
	return !list->count || mh_range_list_has(list, value);
}

static bool zone_matches(int wanted, enum mh_zone_kind zone)
{
	switch (wanted) {
	case MH_WHERE_ZONE_NORMAL:
		return mh_zone_is_kernel(zone);
	case MH_WHERE_ZONE_MOVABLE:
		return zone == MH_ZONE_MOVABLE;
	default:
		return true;
	}
}

/* By the operation: not every event's argument says it. */
static bool status_matches(int wanted, const struct mh_operation *operation)
{
	switch (wanted) {
	case MH_WHERE_STATUS_NODE:
		return operation->first_memory;
	case MH_WHERE_STATUS_NORMAL:
		return operation->first_normal;
	default:
		return true;
	}
}

static bool attempt_matches(int wanted, uint32_t attempt)
{
	switch (wanted) {
	case MH_WHERE_ATTEMPT_FIRST:
		return attempt == 0;
	case MH_WHERE_ATTEMPT_RETRY:
		return attempt > 0;
	default:
		return true;
	}
}

bool mh_where_worker(const struct mh_where_match *match, unsigned workload, unsigned worker)
{
	if (match->workloads && (workload >= match->workload_count || !match->workloads[workload]))
		return false;
	return in_ranges(&match->where->thread, worker);
}

bool mh_where_rest(const struct mh_where_match *match, const struct mh_hook_site *site)
{
	const struct mh_where *where = match->where;
	const struct mh_operation *operation = site->operation;

	if (!mh_where_worker(match, operation->identity.workload, operation->identity.worker))
		return false;
	if (match->nodes && (site->node >= match->node_count || !match->nodes[site->node]))
		return false;
	return zone_matches(where->zone, site->zone) && status_matches(where->status_change, operation) &&
	       attempt_matches(where->attempt, operation->identity.attempt) && in_ranges(&where->block, site->block) &&
	       in_ranges(&where->nth_event, site->event_number) &&
	       (!where->priority.count || mh_range_list_has(&where->priority, site->listener->priority));
}
