/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asking at a hook point, for core's own files. Nothing armed: one load and one branch, nothing made up.
 */
#ifndef CORE_HOOK_ASK_H
#define CORE_HOOK_ASK_H

#include "core/machine_private.h"

/* What site->arg is in a walk of @event. */
static inline struct memory_notify *mh_hook_arg(struct mh_operation *operation, enum mh_event event)
{
	if (mh_event_is_node(event))
		return NULL;
	return event <= MH_OFFLINE ? &operation->arg : &operation->prepare_arg;
}

/* NULL: nothing is armed there. Built without hooks a constant, with which the compiler takes the point away. */
static inline const struct mh_hook *mh_hook_armed(const struct mh_machine *machine, enum mh_hook_point point)
{
	return MEMHP_HOOKS ? machine->hooks[point] : NULL;
}

int mh_hook_ask_armed(struct mh_machine *machine, struct mh_operation *operation, enum mh_hook_point point,
		      uint64_t number);

/* Return: the hook's answer to 0; 0 when nothing is armed. */
static inline int mh_hook_ask(struct mh_machine *machine, struct mh_operation *operation, enum mh_hook_point point,
			      uint64_t number)
{
	if (__builtin_expect(mh_hook_armed(machine, point) != NULL, 0))
		return mh_hook_ask_armed(machine, operation, point, number);
	return 0;
}

/* How often the chain is to be walked for @event; the operation's event_count is that of the walk before. */
int mh_hook_ask_event(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event);

struct mh_page_request;

/* For the allocation that is number @number of the operation; 0 or -errno. */
int mh_hook_ask_alloc(struct mh_machine *machine, struct mh_operation *operation,
		      const struct mh_page_request *request);

#endif
