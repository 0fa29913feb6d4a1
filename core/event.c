/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of the events, and the memory of a trace.
 */
#include "core/event.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "base/assert.h"
#include "base/line.h"

const char *const mh_event_names[MH_EVENT_COUNT] = {
	[MH_GOING_ONLINE] = "going_online",
	[MH_CANCEL_ONLINE] = "cancel_online",
	[MH_ONLINE] = "online",
	[MH_GOING_OFFLINE] = "going_offline",
	[MH_CANCEL_OFFLINE] = "cancel_offline",
	[MH_OFFLINE] = "offline",
	[MH_PREPARE_ONLINE] = "prepare_online",
	[MH_FINISH_OFFLINE] = "finish_offline",
	[MH_NODE_ADDING_FIRST_MEMORY] = "node_adding_first_memory",
	[MH_NODE_ADDED_FIRST_MEMORY] = "node_added_first_memory",
	[MH_NODE_CANCEL_ADDING_FIRST_MEMORY] = "node_cancel_adding_first_memory",
	[MH_NODE_REMOVING_LAST_MEMORY] = "node_removing_last_memory",
	[MH_NODE_REMOVED_LAST_MEMORY] = "node_removed_last_memory",
	[MH_NODE_CANCEL_REMOVING_LAST_MEMORY] = "node_cancel_removing_last_memory",
};

const char *const mh_event_kernel_names[MH_EVENT_COUNT] = {
	[MH_GOING_ONLINE] = "MEM_GOING_ONLINE",
	[MH_CANCEL_ONLINE] = "MEM_CANCEL_ONLINE",
	[MH_ONLINE] = "MEM_ONLINE",
	[MH_GOING_OFFLINE] = "MEM_GOING_OFFLINE",
	[MH_CANCEL_OFFLINE] = "MEM_CANCEL_OFFLINE",
	[MH_OFFLINE] = "MEM_OFFLINE",
	[MH_PREPARE_ONLINE] = "MEM_PREPARE_ONLINE",
	[MH_FINISH_OFFLINE] = "MEM_FINISH_OFFLINE",
	[MH_NODE_ADDING_FIRST_MEMORY] = "NODE_ADDING_FIRST_MEMORY",
	[MH_NODE_ADDED_FIRST_MEMORY] = "NODE_ADDED_FIRST_MEMORY",
	[MH_NODE_CANCEL_ADDING_FIRST_MEMORY] = "NODE_CANCEL_ADDING_FIRST_MEMORY",
	[MH_NODE_REMOVING_LAST_MEMORY] = "NODE_REMOVING_LAST_MEMORY",
	[MH_NODE_REMOVED_LAST_MEMORY] = "NODE_REMOVED_LAST_MEMORY",
	[MH_NODE_CANCEL_REMOVING_LAST_MEMORY] = "NODE_CANCEL_REMOVING_LAST_MEMORY",
};

int mh_event_parse(const char *word)
{
	if (strncasecmp(word, "MEM_", 4) == 0)
		word += 4;
	for (int event = 0; event < MH_EVENT_COUNT; event++)
		if (strcasecmp(word, mh_event_names[event]) == 0)
			return event;
	return -1;
}

int mh_trace_init(struct mh_trace *trace, uint32_t capacity, enum mh_stamp_level level, const struct mh_clock *clock)
{
	MH_ASSERT(capacity > 0); /* what a walk stamped last can be looked at */
	*trace = (struct mh_trace){.capacity = capacity, .level = level, .clock = clock};
	trace->stamps = mh_line_calloc(capacity, sizeof(*trace->stamps));
	return trace->stamps ? 0 : -ENOMEM;
}

void mh_trace_release(struct mh_trace *trace)
{
	free(trace->stamps);
	*trace = (struct mh_trace){0};
}
