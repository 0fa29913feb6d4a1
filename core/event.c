/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names and numbers of the six events, and the memory of a trace.
 */
#include "core/event.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include <memhp/kernel.h>

const char *const mh_event_names[MH_EVENT_COUNT] = {
	[MH_GOING_ONLINE] = "going_online",   [MH_CANCEL_ONLINE] = "cancel_online",   [MH_ONLINE] = "online",
	[MH_GOING_OFFLINE] = "going_offline", [MH_CANCEL_OFFLINE] = "cancel_offline", [MH_OFFLINE] = "offline",
};

const char *const mh_event_kernel_names[MH_EVENT_COUNT] = {
	[MH_GOING_ONLINE] = "MEM_GOING_ONLINE",
	[MH_CANCEL_ONLINE] = "MEM_CANCEL_ONLINE",
	[MH_ONLINE] = "MEM_ONLINE",
	[MH_GOING_OFFLINE] = "MEM_GOING_OFFLINE",
	[MH_CANCEL_OFFLINE] = "MEM_CANCEL_OFFLINE",
	[MH_OFFLINE] = "MEM_OFFLINE",
};

const unsigned long mh_event_actions[MH_EVENT_COUNT] = {
	[MH_GOING_ONLINE] = MEM_GOING_ONLINE,   [MH_CANCEL_ONLINE] = MEM_CANCEL_ONLINE,   [MH_ONLINE] = MEM_ONLINE,
	[MH_GOING_OFFLINE] = MEM_GOING_OFFLINE, [MH_CANCEL_OFFLINE] = MEM_CANCEL_OFFLINE, [MH_OFFLINE] = MEM_OFFLINE,
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
	*trace = (struct mh_trace){.capacity = capacity, .level = level, .clock = clock};
	trace->stamps = calloc(capacity, sizeof(*trace->stamps));
	return trace->stamps ? 0 : -ENOMEM;
}

void mh_trace_release(struct mh_trace *trace)
{
	free(trace->stamps);
	*trace = (struct mh_trace){0};
}
