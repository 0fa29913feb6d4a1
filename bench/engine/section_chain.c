/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The section `chain`: how the chain is kept and who is registered. The listeners are expanded here, presets and counts
 * included, since faults and metrics name them.
 */
#include "bench/engine/section.h"

#include "bench/engine/bind.h"
#include "bench/engine/events.h"
#include "bench/engine/listeners.h"
#include "core/listeners.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CHAIN_AT(field)    offsetof(struct mh_scenario_chain, field)
#define NOTIFIER_AT(field) offsetof(struct mh_scenario_notifier, field)

static const struct mh_schema_row chain_rows[] = {
	{.key = "type",
	 .type = MH_VALUE_ENUM,
	 .offset = CHAIN_AT(type),
	 .default_text = "rcu-array",
	 .values = "rcu-array|rcu-list|rwlock|mutex",
	 .help = "how the chain is kept"},
	{.key = "rcu",
	 .type = MH_VALUE_ENUM,
	 .offset = CHAIN_AT(rcu),
	 .values = "memb|qsbr|bp|mb|srcu",
	 .help = "RCU of the two rcu types: memb, or srcu with modules or `wait: sleep`"},
	{.key = "cancel",
	 .type = MH_VALUE_ENUM,
	 .offset = CHAIN_AT(cancel),
	 .default_text = "all",
	 .values = "all|heard",
	 .help = "who hears CANCEL: all, as in the kernel, or only those who heard GOING"},
	{.key = "notifiers",
	 .type = MH_VALUE_CUSTOM,
	 .offset = CHAIN_AT(notifiers),
	 .default_text = "[]",
	 .help = "the listeners, in the order of registration"},
};

const struct mh_schema mh_chain_schema = {
	.name = "chain",
	.rows = chain_rows,
	.count = sizeof(chain_rows) / sizeof(chain_rows[0]),
	.size = sizeof(struct mh_scenario_chain),
};

static const struct mh_schema_row notifier_rows[] = {
	{.key = "preset",
	 .type = MH_VALUE_STRING,
	 .offset = NOTIFIER_AT(preset),
	 .help = "alone in its item: linux-6.1, linux-6.12 or linux-7.3 adds stand-ins for that kernel's own "
		 "listeners"},
	{.key = "name",
	 .type = MH_VALUE_STRING,
	 .offset = NOTIFIER_AT(name),
	 .flags = MH_SCHEMA_REQUIRED,
	 .help = "N, or with a count of K above 1 N.0 to N.(K-1)"},
	{.key = "count",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = NOTIFIER_AT(count),
	 .default_text = "1",
	 .min = "1",
	 .max = "16384",
	 .help = "how many listeners of this kind"},
	{.key = "priority",
	 .type = MH_VALUE_CUSTOM,
	 .offset = NOTIFIER_AT(priority),
	 .default_text = "0",
	 .help = "higher ones are called first"},
	{.key = "node_priority",
	 .type = MH_VALUE_CUSTOM,
	 .offset = NOTIFIER_AT(node_priority),
	 .help = "v7.3: it also listens on the chain of nodes, with this priority; without it on the memory chain "
		 "alone"},
	{.key = "on",
	 .type = MH_VALUE_CUSTOM,
	 .offset = NOTIFIER_AT(events),
	 .default_text = "all",
	 .help = "events that cost it anything; in the others it returns at once"},
	{.key = "cost",
	 .type = MH_VALUE_DISTRIBUTION,
	 .offset = NOTIFIER_AT(cost),
	 .default_text = "0ns",
	 .help = "how long a call takes"},
	{.key = "wait",
	 .type = MH_VALUE_ENUM,
	 .offset = NOTIFIER_AT(wait),
	 .default_text = "spin",
	 .values = "spin|sleep",
	 .help = "how it spends its cost"},
	{.key = "returns",
	 .type = MH_VALUE_CUSTOM,
	 .offset = NOTIFIER_AT(returns),
	 .default_text = "ok",
	 .help = "what it answers to the events in `on`; done to the others"},
};

const struct mh_schema mh_notifier_schema = {
	.name = "notifier",
	.rows = notifier_rows,
	.count = sizeof(notifier_rows) / sizeof(notifier_rows[0]),
	.size = sizeof(struct mh_scenario_notifier),
};

static void preset_unknown(struct mh_binder *binder, const struct mh_node *node)
{
	size_t count;
	const struct mh_listener_preset *presets = mh_listener_presets(&count);
	struct mh_text values = MH_TEXT_INIT;

	for (size_t i = 0; i < count; i++)
		mh_text_add(&values, "%s%s", i ? "|" : "", presets[i].name);
	mh_enum_refuse(binder, node->place, "preset", values.data, node->text);
	mh_text_release(&values);
}

/* A kernel's listeners with another kernel's protocol would be on the wrong chains, or miss events. */
static int preset_check(struct mh_binder *binder, const struct mh_node *node)
{
	const struct mh_protocol *protocol = mh_scenario_protocol(binder->scenario);

	if (!mh_listener_preset(node->text)) {
		preset_unknown(binder, node);
		return -EINVAL;
	}
	if (strcmp(node->text, protocol->listeners) == 0)
		return 0;
	mh_diagnose(&binder->reader->diagnostics, node->place,
		    "preset: '%s' has the listeners of another kernel than 'compat: %s': use '%s'", node->text,
		    protocol->name, protocol->listeners);
	return -EINVAL;
}

/* {preset: NAME}: nothing else may stand beside it but the user's own keys. */
static int preset_read(struct mh_binder *binder, const struct mh_node *map, struct mh_scenario_notifier *notifier,
		       struct mh_node **ret_resolved)
{
	const struct mh_pair *preset = mh_node_find_pair(map, "preset");
	struct mh_arena *arena = &binder->reader->arena;
	int ret = 0;

	for (size_t i = 0; i < map->count; i++) {
		const struct mh_pair *pair = &map->pairs[i];

		if (pair == preset || strncmp(pair->key, "x-", 2) == 0)
			continue;
		mh_diagnose(&binder->reader->diagnostics, pair->place, "'%s' cannot stand beside 'preset'", pair->key);
		ret = -EINVAL;
	}
	if (!mh_value_is_text(binder, preset->value, "preset", "the name of a preset"))
		return -EINVAL;
	if (preset_check(binder, preset->value) < 0)
		return -EINVAL;
	*ret_resolved = mh_node_new(arena, MH_NODE_MAP, map->place);
	notifier->preset = strdup(preset->value->text);
	notifier->returns = NOTIFY_OK; /* as in every recorded trace */
	if (!*ret_resolved || !notifier->preset ||
	    !mh_node_set(arena, *ret_resolved, "preset", preset->place, preset->value))
		return -ENOMEM;
	return ret;
}

static int notifier_read(struct mh_binder *binder, const struct mh_node *list, size_t index,
			 struct mh_scenario_notifier *notifier, struct mh_node **ret_resolved)
{
	const struct mh_node *map = list->items[index];
	int ret;

	if (map->kind == MH_NODE_MAP && mh_node_find(map, "preset"))
		return preset_read(binder, map, notifier, ret_resolved);
	ret = mh_bind_one(binder, map, list->place, &mh_notifier_schema, notifier, ret_resolved);
	if (ret == -ENOMEM)
		return ret;
	if (ret == 0)
		ret = mh_listener_check_events(binder, map, notifier);
	return mh_listener_check_name(binder, list, index) < 0 ? -EINVAL : ret;
}

int mh_notifiers_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	struct mh_scenario_chain *chain = &binder->scenario->chain;
	struct mh_arena *arena = &binder->reader->arena;
	int result = 0;

	(void)value;
	if (!mh_bind_is_list(binder, "notifiers", node))
		return -EINVAL;
	*ret_resolved = mh_node_new(arena, MH_NODE_LIST, node->place);
	chain->notifiers = calloc(node->count ? node->count : 1, sizeof(*chain->notifiers));
	if (!*ret_resolved || !chain->notifiers)
		return -ENOMEM;
	chain->notifier_count = node->count;
	for (size_t i = 0; i < node->count; i++) {
		struct mh_node *item = node->items[i];
		int ret = notifier_read(binder, node, i, &chain->notifiers[i], &item);

		if (ret == -ENOMEM || !mh_node_append(arena, *ret_resolved, item))
			return -ENOMEM;
		if (ret < 0)
			result = ret;
	}
	return result < 0 ? result : mh_listeners_expand(binder, node);
}

void mh_chain_release_notifiers(struct mh_scenario_chain *chain)
{
	for (size_t i = 0; i < chain->notifier_count; i++)
		mh_bind_release(&mh_notifier_schema, &chain->notifiers[i]);
	for (size_t i = 0; i < chain->listener_count; i++)
		free(chain->listeners[i].name);
	free(chain->notifiers);
	free(chain->listeners);
}

/* Why a listener or a fault may wait inside a walk; NULL: none does. */
static const char *chain_sleeper(const struct mh_binder *binder)
{
	const struct mh_scenario *scenario = binder->scenario;
	struct mh_arena *arena = &binder->reader->arena;

	if (scenario->module_count)
		return "listeners of a module may sleep";
	if (scenario->costs)
		return "listeners sleep for what they took on the kernel (costs)";
	for (size_t i = 0; i < scenario->chain.notifier_count; i++)
		if (scenario->chain.notifiers[i].wait == MH_LISTENER_SLEEP)
			return mh_arena_print(arena, "the listener '%s' sleeps (wait: sleep)",
					      scenario->chain.notifiers[i].name);
	for (size_t i = 0; i < scenario->fault_count; i++)
		if (scenario->faults[i].fault.kind && mh_fault_sleeps(&scenario->faults[i].fault))
			return mh_arena_print(arena, "the fault '%s' sleeps inside a walk (wait: sleep)",
					      scenario->faults[i].fault.name);
	return NULL;
}

/* chain.rcu depends on the whole scenario: its default, and whether it can bear a sleeper. */
int mh_chain_finish(struct mh_binder *binder, const struct mh_node *root, struct mh_node *resolved)
{
	struct mh_diagnostics *diagnostics = &binder->reader->diagnostics;
	struct mh_scenario_chain *chain = &binder->scenario->chain;
	const struct mh_pair *given = mh_node_find_pair(mh_node_find(root, "chain"), "rcu");
	struct mh_node *section = mh_node_find(resolved, "chain");
	const char *sleeper = chain_sleeper(binder);

	if (chain->type == MH_CHAIN_RWLOCK || chain->type == MH_CHAIN_MUTEX) {
		if (given)
			mh_diagnose(diagnostics, given->place, "'rcu' has no effect with 'type: %s': leave it out",
				    mh_chain_type_names[chain->type]);
		return given ? -EINVAL : 0;
	}
	if (!given)
		chain->rcu = sleeper ? MH_RCU_SRCU : MH_RCU_MEMB;
	if (given && chain->rcu == MH_RCU_QSBR && sleeper) {
		mh_diagnose(diagnostics, given->value->place,
			    "rcu: qsbr cannot wait inside a walk, which ends all grace periods of the process, and %s",
			    sleeper);
		return -EINVAL;
	}
	if (!section)
		return 0;
	return mh_bind_fill(binder, &mh_chain_schema, section, "rcu",
			    mh_node_scalar(&binder->reader->arena, section->place, mh_rcu_flavour_names[chain->rcu]));
}
