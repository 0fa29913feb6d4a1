/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sites of all points but LISTENER, whose walk makes its own (core/walk.c). Cold: nothing of it runs unarmed.
 */
#include "core/hook_ask.h"

#include "core/buddy.h"

static struct mh_hook_site site_of(struct mh_operation *operation, enum mh_hook_point point)
{
	return (struct mh_hook_site){
		.operation = operation,
		.point = point,
		.event = operation->online ? MH_GOING_ONLINE : MH_GOING_OFFLINE,
		.node = operation->node,
		.zone = operation->zone,
		.block = operation->block,
		.pages = operation->pages,
	};
}

static int ask(struct mh_machine *machine, const struct mh_hook_site *site, int value)
{
	const struct mh_hook *hook = machine->hooks[site->point];

	return hook->run(hook->data, site, value);
}

int mh_hook_ask_armed(struct mh_machine *machine, struct mh_operation *operation, enum mh_hook_point point,
		      uint64_t number)
{
	struct mh_hook_site site = site_of(operation, point);

	site.number = number;
	return ask(machine, &site, 0);
}

int mh_hook_ask_event(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event)
{
	struct mh_hook_site site = site_of(operation, MH_HOOK_EVENT);

	site.event = event;
	site.event_number = operation->event_count + 1;
	site.arg = mh_hook_arg(operation, event);
	return ask(machine, &site, 1);
}

int mh_hook_ask_alloc(struct mh_machine *machine, struct mh_operation *operation, const struct mh_page_request *request)
{
	struct mh_hook_site site = {
		.operation = operation,
		.point = MH_HOOK_ALLOC,
		.number = ++operation->allocation_count,
		.node = request->node,
		.zone = (enum mh_zone_kind)mh_page_zone_max(request->kind),
		.block = MH_BLOCK_NONE,
		.pages = machine->unit_pages << request->order,
	};

	return ask(machine, &site, 0);
}
