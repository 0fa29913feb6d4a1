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

/* The answer to the call that comes now; the log's lock is held. */
static int answer_locked(struct mh_conform_actor *actor, enum mh_event event)
{
	const struct mh_conform_answer *told = &actor->answers[event];
	uint64_t index = actor->calls[event]++;

	if (index < told->skip || (told->times && index - told->skip >= told->times))
		return NOTIFY_DONE;
	return told->value;
}

/* What a callback does in one call, as it was told by then. */
struct told {
	uint64_t delay_ms;
	bool balloon, tries_allocation;
};

/* Beside an operation another thread may tell the callback anew. */
static struct told told_now(struct mh_conform_listener *listener, struct mh_conform_call *call)
{
	struct mh_conform_actor *actor = listener->actor;
	struct told told;

	mh_mutex_lock(&listener->all->log->lock);
	call->value = answer_locked(actor, call->event);
	told = (struct told){actor->delay_ms[call->event], actor->balloon, actor->tries_allocation};
	mh_mutex_unlock(&listener->all->log->lock);
	return told;
}

static int act(struct mh_conform_listener *listener, struct mh_conform_call *call)
{
	struct mh_conform_listeners *all = listener->all;
	const struct told told = told_now(listener, call);

	call->callback = listener->actor->id;
	if (told.tries_allocation)
		call->allocated = mh_conform_pages_try(all->pages, node_of_call(all->machine, call));
	if (told.balloon)
		mh_conform_pages_balloon(all->pages, call->event, call->memory.start_pfn, call->memory.nr_pages);
	mh_conform_log_call(all->log, call);
	if (told.delay_ms && all->pause)
		all->pause(all->pause_data, told.delay_ms);
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

static int actor_new(struct mh_conform_listeners *listeners, unsigned id)
{
	struct mh_conform_actor *actor = calloc(1, sizeof(*actor));

	if (!actor)
		return -ENOMEM;
	actor->id = id;
	listener_init(&actor->memory, listeners, false);
	listener_init(&actor->nodes, listeners, true);
	actor->memory.actor = actor->nodes.actor = actor;
	listeners->actors[id] = actor;
	return 0;
}

static unsigned larger(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

static unsigned highest_of_step(const struct mh_conform_step *step)
{
	unsigned highest = step->control.callback;

	for (size_t i = 0; i < step->operation.beside_count; i++)
		highest = larger(highest, step->operation.beside[i].control.callback);
	return highest;
}

/* All that a case names, before any thread of it runs: nobody makes one beside an operation. */
static int actors_new(struct mh_conform_listeners *listeners, const struct mh_conform_case *recorded)
{
	unsigned highest = 0;
	int ret = 0;

	for (size_t i = 0; i < recorded->callback_count; i++)
		highest = larger(highest, recorded->callbacks[i].id);
	for (size_t i = 0; i < recorded->step_count; i++)
		highest = larger(highest, highest_of_step(&recorded->steps[i]));
	for (unsigned id = 0; id <= highest && ret == 0; id++)
		ret = actor_new(listeners, id);
	return ret;
}

static void tell_locked(struct mh_conform_actor *actor, const struct mh_conform_control *control)
{
	switch (control->word) {
	case MH_CONFORM_RET:
		actor->answers[control->event] = control->answer;
		actor->calls[control->event] = 0;
		return;
	case MH_CONFORM_DELAY:
		actor->delay_ms[control->event] = control->delay_ms;
		return;
	case MH_CONFORM_BALLOON:
		actor->balloon = true;
		return;
	default:
		actor->tries_allocation = true;
	}
}

int mh_conform_listeners_tell(struct mh_conform_listeners *listeners, const struct mh_conform_control *control)
{
	mh_mutex_lock(&listeners->log->lock);
	tell_locked(listeners->actors[control->callback], control);
	mh_mutex_unlock(&listeners->log->lock);
	return 0;
}

int mh_conform_listeners_change(struct mh_conform_listeners *listeners, const struct mh_conform_control *control)
{
	struct mh_conform_actor *actor = listeners->actors[control->callback];
	struct mh_conform_listener *listener = control->word >= MH_CONFORM_NADD ? &actor->nodes : &actor->memory;

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
	struct mh_conform_actor *actor = listeners->actors[callback->id];
	int ret = 0;

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
	int ret = actors_new(listeners, recorded);

	if (ret == 0)
		ret = builtins_register(listeners, world);

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
