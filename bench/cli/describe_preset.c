/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The events of a listener are those that its kernel sends to its chain.
 */
#include "bench/cli/describe_preset.h"

#include <string.h>

#include "core/protocol.h"

/* The protocol whose listeners the preset has: the first, where two share them. */
static const struct mh_protocol *protocol_of(const struct mh_listener_preset *preset)
{
	for (int compat = 0; compat < MH_COMPAT_COUNT; compat++)
		if (strcmp(mh_protocol_of((enum mh_compat)compat)->listeners, preset->name) == 0)
			return mh_protocol_of((enum mh_compat)compat);
	return mh_protocol_of(MH_COMPAT_V6_1);
}

static bool reacts(const struct mh_protocol *protocol, const struct mh_listener_facts *facts, int event)
{
	return (facts->events >> event & 1) && mh_protocol_has(protocol, (enum mh_event)event) &&
	       mh_event_is_node((enum mh_event)event) == facts->node;
}

static const char *chain_of(const struct mh_listener_facts *facts)
{
	return facts->node ? "node" : "memory";
}

void mh_describe_preset(const struct mh_listener_preset *preset, FILE *stream)
{
	const struct mh_protocol *protocol = protocol_of(preset);

	for (size_t i = 0; i < preset->count; i++) {
		const struct mh_listener_facts *facts = &preset->listeners[i];

		fprintf(stream, "  %-6s %4d  %s\n        ", chain_of(facts), facts->priority, facts->name);
		for (int event = 0; event < MH_EVENT_COUNT; event++)
			if (reacts(protocol, facts, event))
				fprintf(stream, " %s", mh_event_names[event]);
		fprintf(stream, "\n");
	}
}

static json_t *events_json(const struct mh_protocol *protocol, const struct mh_listener_facts *facts)
{
	json_t *list = json_array();

	for (int event = 0; list && event < MH_EVENT_COUNT; event++)
		if (reacts(protocol, facts, event) &&
		    json_array_append_new(list, json_string(mh_event_names[event])) < 0)
			break;
	return list;
}

json_t *mh_describe_preset_json(const struct mh_listener_preset *preset)
{
	const struct mh_protocol *protocol = protocol_of(preset);
	json_t *list = json_array();

	for (size_t i = 0; list && i < preset->count; i++) {
		const struct mh_listener_facts *facts = &preset->listeners[i];
		json_t *item = json_pack("{s:s, s:s, s:i, s:o}", "name", facts->name, "chain", chain_of(facts),
					 "priority", facts->priority, "events", events_json(protocol, facts));

		if (json_array_append_new(list, item) < 0)
			break;
	}
	return list;
}
