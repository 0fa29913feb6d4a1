/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The map, the machine, its one listener and its uevents.
 */
#include "map_fixture.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "core/units.h"

static const struct mh_map_node nodes[] = {
	{.nid = 0, .online = true, .has_cpu = true},
	{.nid = 1, .online = true, .has_cpu = true},
	{.nid = 2, .online = true},
};

static const struct mh_map_block blocks[] = {
	{.block = 0, .node = 0, .online = true, .early = true, .zone = MH_ZONE_NONE},
	{.block = 1, .node = 0, .online = true, .early = true, .zone = MH_ZONE_DMA32},
	{.block = 2, .node = 0, .online = true, .early = true, .zone = MH_ZONE_DMA32},
	{.block = 3, .node = 0, .online = true, .early = true, .hole = true, .zone = MH_ZONE_DMA32},
	{.block = 8, .node = 2, .group = 1},
	{.block = 9, .node = 2, .group = 1},
	{.block = 10, .node = 0, .group = 2},
};

static const struct mh_map_zone zones[] = {
	{.node = 0, .kind = MH_ZONE_DMA, .start_pfn = 1, .spanned_pages = 4095, .present_pages = 3998},
	{.node = 0, .kind = MH_ZONE_DMA32, .start_pfn = 4096, .spanned_pages = 126944, .present_pages = 126944},
};

static const struct mh_map_group groups[] = {
	{.node = 2, .max_pages = 2 * MAP_BLOCK_PAGES},
	{.node = 0, .max_pages = MAP_BLOCK_PAGES},
};

const struct mh_memory_map map_fixture_map = {
	.nodes = nodes,
	.node_count = 3,
	.blocks = blocks,
	.block_count = 7,
	.zones = zones,
	.zone_count = 2,
	.groups = groups,
	.group_count = 2,
	.block_limit = 16,
};

static void uevent_told(void *data, enum mh_uevent uevent, uint32_t block)
{
	struct map_fixture *fixture = data;
	size_t length = strlen(fixture->uevents);

	snprintf(fixture->uevents + length, sizeof(fixture->uevents) - length, "%s%s %u", length ? ", " : "",
		 mh_uevent_names[uevent], block);
}

static int hear(struct notifier_block *nb, unsigned long action, void *data)
{
	static const char *const short_names[MH_EVENT_COUNT] = {"GO", "CO", "ON", "GF", "CF", "OF", "PO", "FO"};
	struct map_fixture *fixture = (struct map_fixture *)(void *)((char *)nb - offsetof(struct map_fixture, nb));
	const struct memory_notify *arg = data;
	int block = (int)(arg->start_pfn / MAP_BLOCK_PAGES);
	int event = mh_protocol_event(mh_machine_protocol(fixture->machine), false, action);
	size_t length = strlen(fixture->events);

	cr_assert(event >= 0);
	snprintf(fixture->events + length, sizeof(fixture->events) - length, "%s%s%d", length ? " " : "",
		 short_names[event], block);
	if (!mh_event_can_veto((enum mh_event)event) || !fixture->refusals_left)
		return NOTIFY_OK;
	if (fixture->refuse_block != MAP_REFUSE_ALL && block != fixture->refuse_block)
		return NOTIFY_OK;
	fixture->refusals_left--;
	return NOTIFY_BAD;
}

void map_fixture_begin(struct map_fixture *fixture, const struct mh_machine_config *config)
{
	struct mh_machine_config whole = *config;
	struct mh_error error;

	*fixture = (struct map_fixture){.refuse_block = -1, .refusals_left = UINT32_MAX};
	if (!mh_rcu_thread_registered)
		mh_rcu_thread_register();
	mh_clock_init(&fixture->clock, MH_CLOCK_MONOTONIC);
	whole.map = &map_fixture_map;
	whole.block_size_bytes = (uint64_t)MAP_BLOCK_PAGES * MH_PAGE_SIZE;
	whole.clock = &fixture->clock;
	cr_assert_eq(mh_machine_new(&whole, &fixture->machine, &error), 0, "%s", error.text);
	mh_rcu_thread_enter(&mh_machine_chain(fixture->machine)->rcu);
	cr_assert_eq(mh_trace_init(&fixture->trace, 256, MH_STAMPS_EVENT, &fixture->clock), 0);
	cr_assert_eq(mh_cpu_new(fixture->machine, &fixture->cpu), 0);
	fixture->operation.trace = &fixture->trace;
	fixture->sink = (struct mh_uevent_sink){uevent_told, fixture};
	mh_machine_uevents(fixture->machine, &fixture->sink);
	fixture->nb.notifier_call = hear;
	cr_assert_eq(mh_chain_register(mh_machine_chain(fixture->machine), &fixture->nb, "listener"), 0);
}

void map_fixture_end(struct map_fixture *fixture)
{
	struct mh_check *check = mh_machine_check(fixture->machine);

	(void)mh_check_machine(fixture->machine);
	cr_expect_eq(atomic_load(&check->violation_count), 0, "%s: %s",
		     check->kept ? check->violations[0].invariant : "", check->kept ? check->violations[0].detail : "");
	mh_cpu_free(fixture->machine, fixture->cpu);
	(void)mh_chain_unregister(mh_machine_chain(fixture->machine), &fixture->nb);
	mh_rcu_thread_leave(&mh_machine_chain(fixture->machine)->rcu);
	mh_machine_free(fixture->machine);
	mh_trace_release(&fixture->trace);
}

void map_fixture_forget(struct map_fixture *fixture)
{
	fixture->events[0] = fixture->uevents[0] = '\0';
}

int map_fixture_online(struct map_fixture *fixture, uint32_t block, enum mh_online_type type)
{
	mh_trace_reset(&fixture->trace);
	return mh_block_online(fixture->machine, &fixture->operation, block, type);
}

int map_fixture_offline(struct map_fixture *fixture, uint32_t block)
{
	mh_trace_reset(&fixture->trace);
	return mh_block_offline(fixture->machine, &fixture->operation, block);
}
