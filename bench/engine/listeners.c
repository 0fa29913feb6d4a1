/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of a notifier that have a grammar of their own, and the expansion of all of them. */
#include "bench/engine/listeners.h"

#include "base/rng.h"
#include "base/units.h"
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

static int priority_number(struct mh_binder *binder, const struct mh_node *node, int *ret_priority)
{
	struct mh_error error = {0};
	int64_t number;

	if (!mh_value_is_text(binder, node, "priority", "a whole number"))
		return -EINVAL;
	if (mh_parse_integer(node->text, &number, &error) < 0) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "priority: %s", error.text);
		return -EINVAL;
	}
	if (number < INT_MIN || number > INT_MAX) {
		mh_diagnose(&binder->reader->diagnostics, node->place, "priority: '%s' is out of range, %d to %d",
			    node->text, INT_MIN, INT_MAX);
		return -EINVAL;
	}
	*ret_priority = (int)number;
	return 0;
}

static int priority_refuse(struct mh_binder *binder, struct mh_place place)
{
	mh_diagnose(&binder->reader->diagnostics, place,
		    "priority: must be a whole number, {spread: [a, b]} or {random: [a, b]}");
	return -EINVAL;
}

int mh_priority_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	struct mh_priority priority = {.kind = MH_PRIORITY_FIXED};
	const struct mh_pair *pair = node->kind == MH_NODE_MAP && node->count == 1 ? &node->pairs[0] : NULL;
	int ret;

	(void)ret_resolved;
	if (node->kind == MH_NODE_SCALAR) {
		ret = priority_number(binder, node, &priority.from);
		priority.to = priority.from;
	} else {
		if (!pair || pair->value->kind != MH_NODE_LIST || pair->value->count != 2)
			return priority_refuse(binder, node->place);
		if (strcmp(pair->key, "spread") != 0 && strcmp(pair->key, "random") != 0)
			return priority_refuse(binder, pair->place);
		priority.kind = *pair->key == 's' ? MH_PRIORITY_SPREAD : MH_PRIORITY_RANDOM;
		ret = priority_number(binder, pair->value->items[0], &priority.from);
		if (priority_number(binder, pair->value->items[1], &priority.to) < 0)
			ret = -EINVAL;
	}
	if (ret == 0 && priority.kind == MH_PRIORITY_RANDOM && priority.from > priority.to) {
		mh_diagnose(&binder->reader->diagnostics, pair->place,
			    "priority: the random range ends before it begins");
		ret = -EINVAL;
	}
	if (ret == 0)
		*(struct mh_priority *)value = priority;
	return ret;
}

static int event_read(struct mh_binder *binder, const struct mh_node *node, unsigned *events)
{
	int event;

	if (!mh_value_is_text(binder, node, "on", "an event or a list of events"))
		return -EINVAL;
	event = mh_event_parse(node->text);
	if (event < 0) {
		mh_enum_refuse(binder, node->place, "on",
			       "going_online|cancel_online|online|going_offline|cancel_offline|offline", node->text);
		return -EINVAL;
	}
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
	for (size_t i = 0; i < count; i++)
		if (event_read(binder, node->kind == MH_NODE_LIST ? node->items[i] : node, &events) < 0)
			ret = -EINVAL;
	if (ret == 0)
		*(unsigned *)value = events;
	return ret;
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

static int priority_of(const struct mh_scenario *scenario, const struct mh_scenario_notifier *notifier, uint64_t index)
{
	const struct mh_priority *priority = &notifier->priority;
	const int64_t span = (int64_t)priority->to - priority->from;
	char stream[MH_LISTENER_NAME_SIZE + 16];
	struct mh_rng rng;

	if (priority->kind == MH_PRIORITY_SPREAD && notifier->count > 1)
		return (int)(priority->from + span * (int64_t)index / (int64_t)(notifier->count - 1));
	if (priority->kind != MH_PRIORITY_RANDOM)
		return priority->from;
	snprintf(stream, sizeof(stream), "priority/%s", notifier->name);
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

	for (size_t i = 0; i < preset->count && ret == 0; i++)
		ret = listener_add(chain, &(struct mh_scenario_listener){.name = strdup(preset->listeners[i].name),
									 .priority = preset->listeners[i].priority,
									 .events = preset->listeners[i].events,
									 .notifier = notifier});
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
		ret = listener_add(chain, &(struct mh_scenario_listener){.name = name,
									 .priority = priority_of(scenario, item, i),
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
