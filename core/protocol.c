/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The protocols, a row each. Events and numbers were read off the headers and traces of Linux 6.1.192, 6.12.95 and
 * 7.3.4; doc5x is 6.1's, under which sources that still name status_change_nid_high were written.
 */
#include "core/protocol.h"

#include <stddef.h>

#include <memhp/kernel.h>

#define BITS_OF_6_1                                                                                                    \
	[MH_ONLINE] = 1 << 0, [MH_GOING_OFFLINE] = 1 << 1, [MH_OFFLINE] = 1 << 2, [MH_GOING_ONLINE] = 1 << 3,          \
	[MH_CANCEL_ONLINE] = 1 << 4, [MH_CANCEL_OFFLINE] = 1 << 5

static const struct mh_protocol protocols[MH_COMPAT_COUNT] = {
	[MH_COMPAT_V6_1] =
		{
			.name = "v6.1",
			.listeners = "linux-6.1",
			.module_compat = 61,
			.events = MH_EVENTS_BASIC,
			.actions = {BITS_OF_6_1},
			.status_change = true,
		},
	[MH_COMPAT_V6_12] =
		{
			.name = "v6.12",
			.listeners = "linux-6.12",
			.module_compat = 612,
			.events = MH_EVENTS_BASIC | 1u << MH_PREPARE_ONLINE | 1u << MH_FINISH_OFFLINE,
			.actions = {BITS_OF_6_1, [MH_PREPARE_ONLINE] = 1 << 6, [MH_FINISH_OFFLINE] = 1 << 7},
			.prepares = true,
			.status_change = true,
			.poison_refuses = true,
			.memmap_per_block = true,
		},
	[MH_COMPAT_V7_3] =
		{
			.name = "v7.3",
			.listeners = "linux-7.3",
			.module_compat = 73,
			.events = MH_EVENTS_BASIC | MH_EVENTS_NODE,
			.actions =
				{
					[MH_ONLINE] = 0,
					[MH_GOING_OFFLINE] = 1,
					[MH_OFFLINE] = 2,
					[MH_GOING_ONLINE] = 3,
					[MH_CANCEL_ONLINE] = 4,
					[MH_CANCEL_OFFLINE] = 5,
					[MH_NODE_ADDING_FIRST_MEMORY] = 1 << 0,
					[MH_NODE_ADDED_FIRST_MEMORY] = 1 << 1,
					[MH_NODE_CANCEL_ADDING_FIRST_MEMORY] = 1 << 2,
					[MH_NODE_REMOVING_LAST_MEMORY] = 1 << 3,
					[MH_NODE_REMOVED_LAST_MEMORY] = 1 << 4,
					[MH_NODE_CANCEL_REMOVING_LAST_MEMORY] = 1 << 5,
				},
			.node_chain = true,
			.poison_refuses = true,
			.memmap_per_block = true,
		},
	[MH_COMPAT_DOC5X] =
		{
			.name = "doc5x",
			.listeners = "linux-6.1",
			.module_compat = 61,
			.events = MH_EVENTS_BASIC,
			.actions = {BITS_OF_6_1},
			.status_change = true,
		},
};

const char *const mh_compat_names[MH_COMPAT_COUNT + 1] = {"v6.1", "v6.12", "v7.3", "doc5x", NULL};

const struct mh_protocol *mh_protocol_of(enum mh_compat compat)
{
	return &protocols[compat];
}

int mh_protocol_event(const struct mh_protocol *protocol, bool node, unsigned long action)
{
	for (int event = 0; event < MH_EVENT_COUNT; event++)
		if (mh_protocol_has(protocol, (enum mh_event)event) && mh_event_is_node((enum mh_event)event) == node &&
		    protocol->actions[event] == action)
			return event;
	return -1;
}
