/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/replay_walks.h"

#include <stdint.h>
#include <string.h>

#include <memhp/kernel.h>

#include "bench/engine/conform_value.h"

#define ARGUMENT_END 6 /* of an entry of `trace`: callback, event, then the argument; behind it the altmap */
#define UNKNOWN_SIZE 2 /* of a walk of which only event and refusal are known */

/* By what a walk with that answer was refused: the word of the recordings, or null. */
static json_t *refusal_of(int answer)
{
	char word[MH_CONFORM_WORD_SIZE];

	return answer & NOTIFY_STOP_MASK ? json_string(mh_conform_value_name(answer, word)) : json_null();
}

static const char *event_of(const json_t *call, size_t at)
{
	const char *event = json_string_value(json_array_get(call, at));

	return event ? event : "";
}

/* The first call of @event among the case's own callbacks: all of one operation are given the same. */
static const json_t *call_of(const json_t *trace, const char *event)
{
	const json_t *call;
	size_t i;

	json_array_foreach(trace, i, call) if (strcmp(event_of(call, 1), event) == 0) return call;
	return NULL;
}

static json_t *recorded_walk(const char *event, const json_t *trace)
{
	const json_t *call = call_of(trace, event);
	json_t *walk = json_pack("[s]", event);

	for (size_t i = 2; i < json_array_size(call) && i < ARGUMENT_END; i++)
		json_array_append(walk, json_array_get(call, i));
	return walk;
}

/* The walk has ended with this call: who was called last decides. */
static void end_recorded(json_t *walk, const json_t *last)
{
	const char *word = json_string_value(json_array_get(last, 3));
	int answer = NOTIFY_DONE;

	if (!walk)
		return;
	if (word)
		(void)mh_conform_value_parse(word, &answer);
	json_array_append_new(walk, refusal_of(answer));
}

/* Calls of one event, one after the other, are a walk: no operation has two of the same without another between. */
json_t *mh_kernel_replay_walks_recorded(const json_t *step)
{
	json_t *walks = json_array(), *walk = NULL;
	const json_t *call, *last = NULL;
	size_t i;

	json_array_foreach(json_object_get(step, "full_trace"), i, call)
	{
		const char *event = event_of(call, 2);

		if (!walk || strcmp(event_of(walk, 0), event) != 0) {
			end_recorded(walk, last);
			walk = recorded_walk(event, json_object_get(step, "trace"));
			json_array_append_new(walks, walk);
		}
		last = call;
	}
	end_recorded(walk, last);
	return walks;
}

static json_t *nid_json(int nid)
{
	return nid == INT32_MIN ? json_null() : json_integer(nid);
}

static void append_argument(json_t *item, const struct mh_kernel_walk *walk, const struct mh_protocol *protocol)
{
	if (mh_event_is_node(walk->event)) {
		json_array_append_new(item, nid_json(walk->nid));
		return;
	}
	json_array_append_new(item, json_integer((json_int_t)walk->start_pfn));
	json_array_append_new(item, json_integer((json_int_t)walk->nr_pages));
	if (!protocol->status_change)
		return;
	json_array_append_new(item, nid_json(walk->nid_normal));
	json_array_append_new(item, nid_json(walk->nid));
}

json_t *mh_kernel_replay_walks_seen(const struct mh_kernel_walk *walks, unsigned count,
				    const struct mh_protocol *protocol, const json_t *recorded)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < count; i++) {
		json_t *item = json_pack("[s]", mh_conform_event_name(walks[i].event));

		if (json_array_size(json_array_get(recorded, i)) != UNKNOWN_SIZE)
			append_argument(item, &walks[i], protocol);
		json_array_append_new(item,
				      walks[i].returned ? refusal_of(walks[i].value) : json_string("not returned"));
		json_array_append_new(list, item);
	}
	return list;
}
