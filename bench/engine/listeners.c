/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of a notifier that have a grammar of their own, and the expansion of all of them. */
#include "bench/engine/listeners.h"

#include "base/rng.h"
#include "base/units.h"
#include "bench/engine/events.h"
#include "bench/engine/section.h"
#include "core/listeners.h"
#include "faults/errno_name.h"

#include <errno.h>
#include <limits.h>
#include <memhp/kernel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LISTENER_NAME_LENGTH_MAX (MH_LISTENER_NAME_SIZE - 8) /* room for ".16383" */

int mh_listener_check_name(struct mh_binder *binder, const struct mh_node *list, size_t index)
{
	const struct mh_node *node = mh_node_find(list->items[index], "name"), *first;
	struct mh_diagnostics *diagnostics = &binder->reader->diagnostics;
	struct mh_text text = MH_TEXT_INIT;
	size_t length;

	if (!node || node->kind != MH_NODE_SCALAR || !*node->text)
		return 0; /* its row has told it */
	length = strspn(node->text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");
	if (node->text[length] || length > LISTENER_NAME_LENGTH_MAX) {
		mh_diagnose(diagnostics, node->place, "name: '%s' must be 1 to %d letters, digits, '_', '.' and '-'",
			    node->text, LISTENER_NAME_LENGTH_MAX);
		return -EINVAL;
	}
	first = mh_node_find(mh_node_find_named(list, node->text), "name");
	if (first == node)
		return 0;
	mh_place_print(first->place, &text);
	mh_diagnose(diagnostics, node->place, "the name '%s' is given twice (first at %s)", node->text, text.data);
	mh_text_release(&text);
	return -EINVAL;
}

static int priority_number(struct mh_binder *binder, const char *key, const struct mh_node *node, int *ret_priority)
{
	struct mh_error error = {0};
	int64_t number;

	if (!mh_value_is_text(binder, node, key, "a whole number"))
		return -EINVAL;
	if (mh_parse_integer(node->text, &number, &error) < 0) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "%s: %s", key, error.text);
		return -EINVAL;
	}
	if (number < INT_MIN || number > INT_MAX) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "%s: '%s' is out of range, %d to %d", key,
			    node->text, INT_MIN, INT_MAX);
		return -EINVAL;
	}
	*ret_priority = (int)number;
	return 0;
}

static int priority_refuse(struct mh_binder *binder, const char *key, struct mh_place place)
{
	mh_diagnose(&binder->reader->diagnostics, place,
		    "%s: must be a whole number, {spread: [a, b]} or {random: [a, b]}", key);
	return -EINVAL;
}

/* {spread: [a, b]} or {random: [a, b]} */
static int priority_range(struct mh_binder *binder, const char *key, const struct mh_node *node,
			  struct mh_priority *priority)
{
	const struct mh_pair *pair = node->kind == MH_NODE_MAP && node->count == 1 ? &node->pairs[0] : NULL;
	int ret;

	if (!pair || pair->value->kind != MH_NODE_LIST || pair->value->count != 2)
		return priority_refuse(binder, key, node->place);
	if (strcmp(pair->key, "spread") != 0 && strcmp(pair->key, "random") != 0)
		return priority_refuse(binder, key, pair->place);
	priority->kind = *pair->key == 's' ? MH_PRIORITY_SPREAD : MH_PRIORITY_RANDOM;
	ret = priority_number(binder, key, pair->value->items[0], &priority->from);
	if (priority_number(binder, key, pair->value->items[1], &priority->to) < 0 || ret < 0)
		return -EINVAL;
	if (priority->kind == MH_PRIORITY_RANDOM && priority->from > priority->to) {
		mh_diagnose(&binder->reader->diagnostics, pair->place, "%s: the random range ends before it begins",
			    key);
		return -EINVAL;
	}
	return 0;
}

static int priority_read(struct mh_binder *binder, const char *key, const struct mh_node *node, void *value)
{
	struct mh_priority priority = {.kind = MH_PRIORITY_FIXED};
	int ret;

	if (node->kind == MH_NODE_SCALAR) {
		ret = priority_number(binder, key, node, &priority.from);
		priority.to = priority.from;
	} else {
		ret = priority_range(binder, key, node, &priority);
	}
	if (ret == 0)
		*(struct mh_priority *)value = priority;
	return ret;
}

int mh_priority_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	(void)ret_resolved;
	return priority_read(binder, "priority", node, value);
}

int mh_node_priority_read(struct mh_binder *binder, const struct mh_node *node, void *value,
			  struct mh_node **ret_resolved)
{
	const struct mh_protocol *protocol = mh_scenario_protocol(binder->scenario);

	(void)ret_resolved;
	if (!protocol->node_chain) {
		mh_diagnose(&binder->reader->diagnostics, node->place,
			    "node_priority: %s has no chain of nodes: leave it out, or write 'machine: {compat: v7.3}'",
			    protocol->name);
		return -EINVAL;
	}
	return priority_read(binder, "node_priority", node, value);
}

static int event_read(struct mh_binder *binder, const struct mh_node *node, unsigned *events)
{
	int event;

	if (!mh_value_is_text(binder, node, "on", "an event, a list of events, or all"))
		return -EINVAL;
	event = mh_event_parse(node->text);
	if (event < 0) {
		mh_event_refuse(binder, node->place, "on", node->text);
		return -EINVAL;
	}
	if (!mh_event_check(binder, node->place, "on", (enum mh_event)event))
		return -EINVAL;
	if (*events & 1u << event) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "on: the event '%s' is given twice", node->text);
		return -EINVAL;
	}
	*events |= 1u << event;
	return 0;
}

int mh_events_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	const size_t count = node->kind == MH_NODE_LIST ? node->count : 1;
	unsigned events = 0;
	int ret = 0;

	(void)ret_resolved;
	if (!count) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "on: an empty list: name the events");
		return -EINVAL;
	}
	if (node->kind == MH_NODE_SCALAR && strcmp(node->text, "all") == 0) {
		*(unsigned *)value = MH_EVENTS_ALL;
		return 0;
	}
	for (size_t i = 0; i < count; i++)
		if (event_read(binder, node->kind == MH_NODE_LIST ? node->items[i] : node, &events) < 0)
			ret = -EINVAL;
	if (ret == 0)
		*(unsigned *)value = events;
	return ret;
}

/* An event of the chain of nodes reaches only a listener there. */
int mh_listener_check_events(struct mh_binder *binder, const struct mh_node *map,
			     const struct mh_scenario_notifier *notifier)
{
	const struct mh_node *on = mh_node_find(map, "on");

	if (!on || notifier->events == MH_EVENTS_ALL || !(notifier->events & MH_EVENTS_NODE) ||
	    notifier->node_priority.kind != MH_PRIORITY_ABSENT)
		return 0;
	mh_diagnose(&binder->reader->diagnostics, on->place,
		    "on: events of nodes go to a chain of their own: give the listener a 'node_priority' there");
	return -EINVAL;
}

/* ok, done, stop, bad; ENOMEM as notifier_from_errno() makes it; or the raw value, which may be nonsense on purpose. */
int mh_returns_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	static const struct {
		const char *word;
		int value;
	} words[] = {{"ok", NOTIFY_OK}, {"done", NOTIFY_DONE}, {"stop", NOTIFY_STOP}, {"bad", NOTIFY_BAD}};
	int64_t number;
	int code;

	(void)ret_resolved;
	if (!mh_value_is_text(binder, node, "returns", "ok, done, stop, bad, an errno such as ENOMEM, or a number"))
		return -EINVAL;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].word, node->text) == 0) {
			*(int *)value = words[i].value;
			return 0;
		}
	}
	if (mh_errno_parse(node->text, &code, NULL) == 0) {
		*(int *)value = notifier_from_errno(-code);
		return 0;
	}
	if (mh_parse_integer(node->text, &number, NULL) < 0 || number < INT_MIN || number > INT_MAX) {
		mh_diagnose(
			&binder->reader->diagnostics, node->place,
			"returns: '%s' is neither ok, done, stop, bad, an errno such as ENOMEM, nor a 32-bit number",
			node->text);
		return -EINVAL;
	}
	*(int *)value = (int)number;
	return 0;
}

/* @stream_of: of random ones, "priority/NAME" on the memory chain. */
static int priority_of(const struct mh_scenario *scenario, const struct mh_scenario_notifier *notifier,
		       const struct mh_priority *priority, const char *stream_of, uint64_t index)
{
	const int64_t span = (int64_t)priority->to - priority->from;
	char stream[MH_LISTENER_NAME_SIZE + 32];
	struct mh_rng rng;

	if (priority->kind == MH_PRIORITY_SPREAD && notifier->count > 1)
		return (int)(priority->from + span * (int64_t)index / (int64_t)(notifier->count - 1));
	if (priority->kind != MH_PRIORITY_RANDOM)
		return priority->from;
	snprintf(stream, sizeof(stream), "%s/%s", stream_of, notifier->name);
	mh_rng_init(&rng, scenario->seed, stream, index);
	return (int)(priority->from + (int64_t)mh_rng_below(&rng, (uint64_t)span + 1));
}

static int listener_add(struct mh_scenario_chain *chain, const struct mh_scenario_listener *facts)
{
	chain->listeners[chain->listener_count] = *facts;
	if (!facts->name)
		return -ENOMEM;
	chain->listener_count++;
	return 0;
}

static int preset_expand(struct mh_scenario_chain *chain, size_t notifier)
{
	const struct mh_listener_preset *preset = mh_listener_preset(chain->notifiers[notifier].preset);
	int ret = 0;

	for (size_t i = 0; i < preset->count && ret == 0; i++) {
		const struct mh_listener_facts *facts = &preset->listeners[i];

		ret = listener_add(chain, &(struct mh_scenario_listener){.name = strdup(facts->name),
									 .on_memory = !facts->node,
									 .on_node = facts->node,
									 .priority = facts->priority,
									 .node_priority = facts->priority,
									 .events = facts->events,
									 .notifier = notifier});
	}
	return ret;
}

static int count_expand(const struct mh_scenario *scenario, struct mh_scenario_chain *chain, size_t notifier)
{
	const struct mh_scenario_notifier *item = &chain->notifiers[notifier];
	int ret = 0;

	for (uint64_t i = 0; i < item->count && ret == 0; i++) {
		char *name = NULL;

		if (item->count == 1)
			name = strdup(item->name);
		else if (asprintf(&name, "%s.%llu", item->name, (unsigned long long)i) < 0)
			name = NULL;
		ret = listener_add(
			chain,
			&(struct mh_scenario_listener){
				.name = name,
				.on_memory = true,
				.on_node = item->node_priority.kind != MH_PRIORITY_ABSENT,
				.priority = priority_of(scenario, item, &item->priority, "priority", i),
				.node_priority = priority_of(scenario, item, &item->node_priority, "node_priority", i),
				.events = item->events,
				.notifier = notifier});
	}
	return ret;
}

static int listener_compare(const void *a, const void *b)
{
	return strcmp((*(const struct mh_scenario_listener *const *)a)->name,
		      (*(const struct mh_scenario_listener *const *)b)->name);
}

/* Two presets, or "a" with a count beside "a.0", give one name twice. */
static int listeners_check_unique(struct mh_binder *binder, const struct mh_node *list)
{
	const struct mh_scenario_chain *chain = &binder->scenario->chain;
	const struct mh_scenario_listener **sorted = calloc(chain->listener_count + 1, sizeof(const void *));
	int ret = 0;

	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < chain->listener_count; i++)
		sorted[i] = &chain->listeners[i];
	qsort(sorted, chain->listener_count, sizeof(const void *), listener_compare);
	for (size_t i = 1; i < chain->listener_count && ret == 0; i++) {
		size_t second =
			sorted[i]->notifier > sorted[i - 1]->notifier ? sorted[i]->notifier : sorted[i - 1]->notifier;

		if (listener_compare(&sorted[i - 1], &sorted[i]) != 0)
			continue;
		mh_diagnose(&binder->reader->diagnostics, list->items[second]->place,
			    "a listener named '%s' exists twice", sorted[i]->name);
		ret = -EINVAL;
	}
	free(sorted);
	return ret;
}

static uint64_t notifier_listeners(const struct mh_scenario_notifier *notifier)
{
	return notifier->preset ? mh_listener_preset(notifier->preset)->count : notifier->count;
}

int mh_listeners_expand(struct mh_binder *binder, const struct mh_node *list)
{
	struct mh_scenario_chain *chain = &binder->scenario->chain;
	uint64_t count = 0;
	int ret = 0;

	for (size_t i = 0; i < chain->notifier_count && count <= MH_SCENARIO_LISTENERS_MAX; i++)
		count += notifier_listeners(&chain->notifiers[i]);
	if (count > MH_SCENARIO_LISTENERS_MAX) {
		mh_diagnose(&binder->reader->diagnostics, list->place, "more than %d listeners together",
			    MH_SCENARIO_LISTENERS_MAX);
		return -EINVAL;
	}
	chain->listeners = calloc(count ? count : 1, sizeof(*chain->listeners));
	if (!chain->listeners)
		return -ENOMEM;
	for (size_t i = 0; i < chain->notifier_count && ret == 0; i++)
		ret = chain->notifiers[i].preset ? preset_expand(chain, i) : count_expand(binder->scenario, chain, i);
	return ret < 0 ? ret : listeners_check_unique(binder, list);
}
