/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Callbacks that log what they hear and answer what they are told. */
#include "bench/engine/conform_listener.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"

/* The event that an action is on one of the chains. */
static enum mh_event event_of(const struct mh_conform_listeners *listeners, unsigned long action, bool on_nodes)
{
	const struct mh_protocol *protocol = mh_machine_protocol(listeners->machine);

	for (int event = 0; event < MH_EVENT_COUNT; event++)
		if (mh_protocol_has(protocol, (enum mh_event)event) &&
		    mh_event_is_node((enum mh_event)event) == on_nodes && protocol->actions[event] == action)
			return (enum mh_event)event;
	MH_ASSERT(!"an action is one of the protocol's");
	return MH_EVENT_COUNT;
}

static unsigned node_of_nid(const struct mh_machine *machine, int nid)
{
	for (unsigned node = 0; node < mh_machine_node_count(machine); node++)
		if (mh_machine_nid(machine, node) == nid)
			return node;
	return 0;
}

/* The node that an event is about. */
static unsigned node_of_call(const struct mh_machine *machine, const struct mh_conform_call *call)
{
	if (mh_event_is_node(call->event))
		return node_of_nid(machine, call->nid);
	return mh_machine_block_node(machine, (uint32_t)(call->memory.start_pfn / mh_machine_pages_per_block(machine)));
}

void mh_conform_listeners_read(const struct mh_conform_listeners *listeners, bool on_nodes, unsigned long action,
			       const void *data, struct mh_conform_call *ret_call)
{
	struct mh_machine *machine = listeners->machine;
	unsigned node;

	ret_call->event = event_of(listeners, action, on_nodes);
	ret_call->allocated = -1;
	if (on_nodes)
		ret_call->nid = ((const struct node_notify *)data)->nid;
	else
		ret_call->memory = *(const struct memory_notify *)data;
	node = node_of_call(machine, ret_call);
	ret_call->has_memory = mh_machine_node_is(machine, node, MH_N_MEMORY);
	ret_call->has_normal = mh_machine_node_is(machine, node, MH_N_NORMAL_MEMORY);
	/* The recorder had no nid to ask by there. */
	if (ret_call->event == MH_PREPARE_ONLINE || ret_call->event == MH_FINISH_OFFLINE)
		ret_call->has_memory = ret_call->has_normal = -1;
}

/* The answer to the call that comes now. */
static int answer(struct mh_conform_actor *actor, enum mh_event event)
{
	const struct mh_conform_answer *told = &actor->answers[event];
	uint64_t index = actor->calls[event]++;

	if (index < told->skip || (told->times && index - told->skip >= told->times))
		return NOTIFY_DONE;
	return told->value;
}

static int act(struct mh_conform_listener *listener, struct mh_conform_call *call)
{
	struct mh_conform_listeners *all = listener->all;
	struct mh_conform_actor *actor = listener->actor;

	call->callback = actor->id;
	call->value = answer(actor, call->event);
	if (actor->tries_allocation)
		call->allocated = mh_conform_pages_try(all->pages, node_of_call(all->machine, call));
	if (actor->balloon)
		mh_conform_pages_balloon(all->pages, call->event, call->memory.start_pfn, call->memory.nr_pages);
	mh_conform_log_call(all->log, call);
	if (actor->delay_ms[call->event] && all->pause)
		all->pause(all->pause_data, actor->delay_ms[call->event]);
	return call->value;
}

static int heard(struct notifier_block *nb, unsigned long action, void *data)
{
	struct mh_conform_listener *listener =
		(struct mh_conform_listener *)(void *)((char *)nb - offsetof(struct mh_conform_listener, nb));
	struct mh_conform_call call = {.builtin = listener->builtin, .priority = nb->priority, .value = NOTIFY_OK};

	mh_conform_listeners_read(listener->all, listener->on_nodes, action, data, &call);
	if (listener->actor)
		return act(listener, &call);
	mh_conform_log_call(listener->all->log, &call);
	return call.value;
}

static struct mh_chain *chain_of(const struct mh_conform_listener *listener)
{
	return listener->on_nodes ? mh_machine_node_chain(listener->all->machine)
				  : mh_machine_chain(listener->all->machine);
}

static int listener_register(struct mh_conform_listener *listener, int priority)
{
	struct mh_chain *chain = chain_of(listener);
	char name[MH_LISTENER_NAME_SIZE];
	int ret;

	if (!chain)
		return -ENODEV;
	/* The chain sorts by it: not to be touched while registered. */
	if (!listener->registered)
		listener->nb.priority = priority;
	if (listener->actor)
		snprintf(name, sizeof(name), "callback.%u", listener->actor->id);
	else
		snprintf(name, sizeof(name), "%s", listener->builtin);
	ret = mh_chain_register(chain, &listener->nb, name);
	listener->registered |= ret == 0;
	return ret;
}

static int listener_unregister(struct mh_conform_listener *listener)
{
	struct mh_chain *chain = chain_of(listener);
	int ret = chain ? mh_chain_unregister(chain, &listener->nb) : -ENODEV;

	if (ret == 0)
		listener->registered = false;
	return ret;
}

static void listener_init(struct mh_conform_listener *listener, struct mh_conform_listeners *all, bool on_nodes)
{
	listener->nb.notifier_call = heard;
	listener->all = all;
	listener->on_nodes = on_nodes;
}

struct mh_conform_actor *mh_conform_listeners_actor(struct mh_conform_listeners *listeners, unsigned id)
{
	struct mh_conform_actor *actor = listeners->actors[id];

	if (actor)
		return actor;
	actor = calloc(1, sizeof(*actor));
	if (!actor)
		return NULL;
	actor->id = id;
	listener_init(&actor->memory, listeners, false);
	listener_init(&actor->nodes, listeners, true);
	actor->memory.actor = actor->nodes.actor = actor;
	listeners->actors[id] = actor;
	return actor;
}

int mh_conform_listeners_tell(struct mh_conform_listeners *listeners, const struct mh_conform_control *control)
{
	struct mh_conform_actor *actor = mh_conform_listeners_actor(listeners, control->callback);

	if (!actor)
		return ENOMEM;
	switch (control->word) {
	case MH_CONFORM_RET:
		actor->answers[control->event] = control->answer;
		actor->calls[control->event] = 0;
		return 0;
	case MH_CONFORM_DELAY:
		actor->delay_ms[control->event] = control->delay_ms;
		return 0;
	case MH_CONFORM_BALLOON:
		actor->balloon = true;
		return 0;
	default:
		actor->tries_allocation = true;
		return 0;
	}
}

int mh_conform_listeners_change(struct mh_conform_listeners *listeners, const struct mh_conform_control *control)
{
	struct mh_conform_actor *actor = mh_conform_listeners_actor(listeners, control->callback);
	struct mh_conform_listener *listener;

	if (!actor)
		return ENOMEM;
	listener = control->word >= MH_CONFORM_NADD ? &actor->nodes : &actor->memory;
	if (control->word == MH_CONFORM_DEL || control->word == MH_CONFORM_NDEL)
		return -listener_unregister(listener);
	return -listener_register(listener, control->priority);
}

static int builtins_register(struct mh_conform_listeners *listeners, const struct mh_conform_world *world)
{
	int ret = 0;

	listeners->builtins = calloc(world->builtin_count + 1, sizeof(*listeners->builtins));
	if (!listeners->builtins)
		return -ENOMEM;
	for (size_t i = 0; i < world->builtin_count && ret == 0; i++) {
		struct mh_conform_listener *listener = &listeners->builtins[listeners->builtin_count++];

		listener_init(listener, listeners, world->builtins[i].on_nodes);
		listener->builtin = world->builtins[i].name;
		ret = listener_register(listener, world->builtins[i].priority);
	}
	return ret;
}

static int callback_register(struct mh_conform_listeners *listeners, const struct mh_conform_callback *callback)
{
	struct mh_conform_actor *actor = mh_conform_listeners_actor(listeners, callback->id);
	int ret = 0;

	if (!actor)
		return -ENOMEM;
	for (int event = 0; event < MH_EVENT_COUNT; event++)
		actor->answers[event] = callback->answers[event];
	if (callback->on_memory)
		ret = listener_register(&actor->memory, callback->priority);
	if (ret == 0 && callback->on_nodes)
		ret = listener_register(&actor->nodes, callback->node_priority);
	return ret;
}

/* Callbacks are registered in the order of their numbers, as the recorder did. */
static const struct mh_conform_callback *callback_numbered(const struct mh_conform_case *recorded, unsigned id)
{
	for (size_t i = 0; i < recorded->callback_count; i++)
		if (recorded->callbacks[i].id == id)
			return &recorded->callbacks[i];
	return NULL;
}

int mh_conform_listeners_init(struct mh_conform_listeners *listeners, const struct mh_conform_world *world,
			      const struct mh_conform_case *recorded)
{
	int ret = builtins_register(listeners, world);

	for (unsigned id = 0; id < MH_CONFORM_CALLBACKS_MAX && ret == 0; id++) {
		const struct mh_conform_callback *callback = callback_numbered(recorded, id);

		if (callback)
			ret = callback_register(listeners, callback);
	}
	return ret;
}

void mh_conform_listeners_release(struct mh_conform_listeners *listeners)
{
	for (size_t i = 0; i < listeners->builtin_count; i++)
		if (listeners->builtins[i].registered)
			(void)listener_unregister(&listeners->builtins[i]);
	free(listeners->builtins);
	for (unsigned id = 0; id < MH_CONFORM_CALLBACKS_MAX; id++) {
		struct mh_conform_actor *actor = listeners->actors[id];

		if (actor && actor->memory.registered)
			(void)listener_unregister(&actor->memory);
		if (actor && actor->nodes.registered)
			(void)listener_unregister(&actor->nodes);
		free(actor);
	}
}
