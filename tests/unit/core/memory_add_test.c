/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that comes and goes: add, remove, offline-and-remove, DIMMs, groups and the auto-movable policy.
 */
#include "core/memory_add.h"

#include <errno.h>
#include <string.h>

#include <criterion/criterion.h>

#include "base/thread.h"
#include "core/block_device.h"
#include "core/machine_private.h"
#include "map_fixture.h"

static int add(struct map_fixture *fixture, uint32_t first, uint32_t count)
{
	return mh_memory_add(fixture->machine, &fixture->operation,
			     &(struct mh_memory_range){.node = 2, .first = first, .count = count});
}

Test(memory_add, makes_offline_devices_and_nobody_hears_of_it)
{
	struct map_fixture fixture;

	map_fixture_begin(&fixture, &(struct mh_machine_config){0});
	cr_expect_eq(add(&fixture, 11, 2), 0);
	cr_expect_str_eq(fixture.uevents, "add 11, add 12");
	cr_expect_str_empty(fixture.events);
	cr_expect_eq(mh_machine_block_state(fixture.machine, 12), MH_BLOCK_OFFLINE);
	cr_expect_eq(mh_machine_block_node(fixture.machine, 12), 2);
	map_fixture_end(&fixture);
}

Test(memory_add, refuses_what_is_there_beyond_or_empty)
{
	struct map_fixture fixture;

	map_fixture_begin(&fixture, &(struct mh_machine_config){0});
	cr_expect_eq(add(&fixture, 9, 2), -EEXIST);
	cr_expect_eq(add(&fixture, 15, 2), -EINVAL);
	cr_expect_eq(add(&fixture, 11, 0), -EINVAL);
	cr_expect_eq(mh_memory_add(fixture.machine, &fixture.operation,
				   &(struct mh_memory_range){.node = 9, .first = 11, .count = 1}),
		     -EINVAL);
	cr_expect_str_empty(fixture.uevents);
	map_fixture_end(&fixture);
}

Test(memory_add, onlines_in_order_and_stops_at_the_first_refusal)
{
	struct map_fixture fixture;

	map_fixture_begin(&fixture, &(struct mh_machine_config){.auto_online = MH_AUTO_ONLINE_MOVABLE});
	fixture.refuse_block = 12;
	cr_expect_eq(add(&fixture, 11, 3), 0, "the add itself succeeds");
	cr_expect_str_eq(fixture.events, "GO11 ON11 GO12 CO12");
	cr_expect_str_eq(fixture.uevents, "add 11, add 12, add 13, online 11");
	cr_expect_eq(mh_machine_block_zone(fixture.machine, 11), MH_ZONE_MOVABLE);
	cr_expect_eq(mh_machine_block_state(fixture.machine, 13), MH_BLOCK_OFFLINE);
	map_fixture_end(&fixture);
}

Test(memory_add, remove_takes_offline_blocks_only_and_all_or_nothing)
{
	struct map_fixture fixture;

	map_fixture_begin(&fixture, &(struct mh_machine_config){0});
	cr_assert_eq(map_fixture_online(&fixture, 9, MH_ONLINE_DEFAULT), 0);
	map_fixture_forget(&fixture);
	cr_expect_eq(mh_memory_remove(fixture.machine, &fixture.operation, 8, 2), -EBUSY);
	cr_expect_str_empty(fixture.uevents);
	cr_expect_eq(mh_memory_remove(fixture.machine, &fixture.operation, 7, 2), -ENOENT);
	cr_expect_eq(mh_memory_remove(fixture.machine, &fixture.operation, 8, 1), 0);
	cr_expect_str_eq(fixture.uevents, "remove 8");
	cr_expect(mh_machine_node_is(fixture.machine, 2, MH_N_ONLINE), "block 9 is still there");
	map_fixture_end(&fixture);
}

Test(memory_add, a_node_goes_with_its_last_block_unless_it_has_a_cpu)
{
	struct map_fixture fixture;

	map_fixture_begin(&fixture, &(struct mh_machine_config){0});
	cr_expect_eq(mh_memory_remove(fixture.machine, &fixture.operation, 8, 2), 0);
	cr_expect(!mh_machine_node_is(fixture.machine, 2, MH_N_ONLINE));
	cr_expect_eq(mh_memory_add(fixture.machine, &fixture.operation,
				   &(struct mh_memory_range){.node = 1, .first = 8, .count = 1}),
		     0);
	cr_expect_eq(mh_memory_remove(fixture.machine, &fixture.operation, 8, 1), 0);
	cr_expect(mh_machine_node_is(fixture.machine, 1, MH_N_ONLINE), "it has a CPU");
	cr_expect_eq(add(&fixture, 8, 1), 0);
	cr_expect(mh_machine_node_is(fixture.machine, 2, MH_N_ONLINE), "N_ONLINE comes with the add");
	map_fixture_end(&fixture);
}

Test(memory_add, offline_and_remove_puts_back_what_it_had_taken)
{
	struct map_fixture fixture;

	map_fixture_begin(&fixture, &(struct mh_machine_config){0});
	cr_assert_eq(map_fixture_online(&fixture, 8, MH_ONLINE_MOVABLE), 0);
	cr_assert_eq(map_fixture_online(&fixture, 9, MH_ONLINE_KERNEL), 0);
	map_fixture_forget(&fixture);
	fixture.refuse_block = 9;
	cr_expect_eq(mh_memory_offline_and_remove(fixture.machine, &fixture.operation, 8, 2), -EPERM);
	cr_expect_str_eq(fixture.events, "GF8 OF8 GF9 CF9 GO8 ON8");
	cr_expect_eq(mh_machine_block_zone(fixture.machine, 8), MH_ZONE_MOVABLE, "to its old kind");
	map_fixture_forget(&fixture);
	fixture.refuse_block = -1;
	cr_expect_eq(mh_memory_offline_and_remove(fixture.machine, &fixture.operation, 8, 2), 0);
	cr_expect_str_eq(fixture.uevents, "offline 8, offline 9, remove 8, remove 9");
	map_fixture_end(&fixture);
}

Test(memory_add, a_dimm_that_is_refused_twice_comes_back_by_the_default_type)
{
	struct map_fixture fixture;
	uint32_t first;

	map_fixture_begin(&fixture, &(struct mh_machine_config){.auto_online = MH_AUTO_ONLINE_MOVABLE});
	cr_assert_eq(mh_dimm_plug(fixture.machine, &fixture.operation, 2, 2, &first), 0);
	cr_assert_eq(first, 11);
	map_fixture_forget(&fixture);
	fixture.refuse_block = 12;
	cr_expect_eq(mh_dimm_unplug(fixture.machine, &fixture.operation, 11, 2), -EPERM);
	cr_expect_str_eq(fixture.events, "GF11 OF11 GF12 CF12 GF12 CF12 GO11 ON11");
	cr_expect_eq(fixture.operation.outcome, MH_OUTCOME_VETOED, "the refusal's");
	cr_expect_eq(fixture.operation.result, -EPERM);
	cr_expect_eq(mh_machine_block_zone(fixture.machine, 11), MH_ZONE_NORMAL, "Movable comes back Normal");
	cr_expect_eq(fixture.operation.outcome, MH_OUTCOME_VETOED, "of the refusal, not of block 11's return");
	map_fixture_end(&fixture);
}

static int64_t write_state(struct map_fixture *fixture, uint32_t block, const char *word)
{
	mh_trace_reset(&fixture->trace);
	return mh_block_write_state(fixture->machine, &fixture->operation, block, word, strlen(word));
}

Test(memory_add, a_dimm_that_is_refused_comes_back_by_the_type_that_was_asked_for_in_vain)
{
	struct map_fixture fixture;
	uint32_t first;

	map_fixture_begin(&fixture, &(struct mh_machine_config){.auto_online = MH_AUTO_ONLINE});
	cr_assert_eq(mh_dimm_plug(fixture.machine, &fixture.operation, 2, 2, &first), 0);
	cr_assert_eq(write_state(&fixture, first, "online_movable"), -EINVAL, "it is online: this arms it");
	fixture.refuse_block = (int)first + 1;
	cr_expect_eq(mh_dimm_unplug(fixture.machine, &fixture.operation, first, 2), -EPERM);
	cr_expect_eq(mh_machine_block_zone(fixture.machine, first), MH_ZONE_MOVABLE);
	cr_expect_eq(mh_dimm_unplug(fixture.machine, &fixture.operation, first, 2), -EPERM);
	cr_expect_eq(mh_machine_block_zone(fixture.machine, first), MH_ZONE_NORMAL, "the attempt forgot it");
	map_fixture_end(&fixture);
}

Test(memory_add, coming_back_after_offline_and_remove_forgets_what_was_asked_for)
{
	struct map_fixture fixture;

	map_fixture_begin(&fixture, &(struct mh_machine_config){0});
	cr_assert_eq(map_fixture_online(&fixture, 8, MH_ONLINE_KERNEL), 0);
	cr_assert_eq(map_fixture_online(&fixture, 9, MH_ONLINE_KERNEL), 0);
	cr_assert_eq(write_state(&fixture, 8, "online_movable"), -EINVAL);
	fixture.refuse_block = 9;
	cr_expect_eq(mh_memory_offline_and_remove(fixture.machine, &fixture.operation, 8, 2), -EPERM);
	cr_expect_eq(fixture.operation.outcome, MH_OUTCOME_VETOED);
	cr_expect_eq(mh_machine_block_zone(fixture.machine, 8), MH_ZONE_NORMAL, "to its old kind");
	cr_assert_eq(write_state(&fixture, 8, "offline"), 7);
	cr_assert_eq(mh_block_write_online(fixture.machine, &fixture.operation, 8, "1", 1), 1);
	cr_expect_eq(mh_machine_block_zone(fixture.machine, 8), MH_ZONE_NORMAL);
	map_fixture_end(&fixture);
}

Test(memory_add, a_dimm_that_is_refused_once_is_unplugged)
{
	struct map_fixture fixture;
	uint32_t first;

	map_fixture_begin(&fixture, &(struct mh_machine_config){.auto_online = MH_AUTO_ONLINE_MOVABLE});
	cr_assert_eq(mh_dimm_plug(fixture.machine, &fixture.operation, 2, 2, &first), 0);
	map_fixture_forget(&fixture);
	fixture.refuse_block = 11;
	fixture.refusals_left = 1;
	cr_expect_eq(mh_dimm_unplug(fixture.machine, &fixture.operation, first, 2), 0);
	cr_expect_str_eq(fixture.events, "GF11 CF11 GF12 OF12 GF11 OF11");
	cr_expect_str_eq(fixture.uevents, "offline 12, offline 11, remove 11, remove 12");
	map_fixture_end(&fixture);
}

Test(memory_add, the_second_pass_of_an_unplug_ends_at_the_first_refusal)
{
	struct map_fixture fixture;
	uint32_t first;

	map_fixture_begin(&fixture, &(struct mh_machine_config){.auto_online = MH_AUTO_ONLINE_MOVABLE});
	cr_assert_eq(mh_dimm_plug(fixture.machine, &fixture.operation, 2, 2, &first), 0);
	map_fixture_forget(&fixture);
	fixture.refuse_block = MAP_REFUSE_ALL;
	cr_expect_eq(mh_dimm_unplug(fixture.machine, &fixture.operation, first, 2), -EPERM);
	cr_expect_str_eq(fixture.events, "GF11 CF11 GF12 CF12 GF11 CF11");
	map_fixture_end(&fixture);
}

Test(memory_add, a_dimm_of_the_map_that_was_removed_leaves_its_place_to_the_next)
{
	struct map_fixture fixture;
	uint32_t first = 0;

	map_fixture_begin(&fixture, &(struct mh_machine_config){0});
	cr_assert_eq(mh_memory_remove(fixture.machine, &fixture.operation, 8, 2), 0);
	cr_expect_eq(mh_dimm_plug(fixture.machine, &fixture.operation, 2, 3, &first), 0);
	cr_expect_eq(first, 11, "three do not fit between 8 and 10");
	cr_expect_eq(mh_dimm_plug(fixture.machine, &fixture.operation, 2, 2, &first), 0);
	cr_expect_eq(first, 8, "and not in the hole below, which is boot's");
	map_fixture_end(&fixture);
}

static int dynamic_group(struct map_fixture *fixture, unsigned node)
{
	return mh_memory_group_new(
		fixture->machine, &(struct mh_map_group){.node = node, .dynamic = true, .unit_pages = MAP_BLOCK_PAGES});
}

Test(memory_add, a_plug_without_room_leaves_no_group)
{
	struct map_fixture fixture;
	uint32_t first = 77;

	map_fixture_begin(&fixture, &(struct mh_machine_config){0});
	cr_expect_eq(mh_dimm_plug(fixture.machine, &fixture.operation, 2, 6, &first), -EINVAL);
	cr_expect_eq(first, 77, "untouched");
	cr_expect_eq(dynamic_group(&fixture, 2), 3, "the first number that the map has not");
	map_fixture_end(&fixture);
}

Test(memory_add, remove_frees_every_group_and_tries_every_node_of_its_range)
{
	struct map_fixture fixture;

	map_fixture_begin(&fixture, &(struct mh_machine_config){0});
	cr_expect_eq(mh_memory_add(fixture.machine, &fixture.operation,
				   &(struct mh_memory_range){.node = 0, .first = 7, .count = 1}),
		     0);
	cr_expect_eq(mh_memory_remove(fixture.machine, &fixture.operation, 7, 4), 0);
	cr_expect(!mh_machine_node_is(fixture.machine, 2, MH_N_ONLINE), "blocks 8 and 9 were all it had");
	cr_expect_eq(dynamic_group(&fixture, 0), 1);
	cr_expect_eq(dynamic_group(&fixture, 0), 2);
	map_fixture_end(&fixture);
}

Test(memory_add, a_block_of_its_own_memmap_tells_only_the_rest)
{
	struct map_fixture fixture;
	struct mh_zone_extent extent;
	uint32_t first;

	map_fixture_begin(&fixture, &(struct mh_machine_config){.memmap_on_memory = true});
	cr_assert_eq(mh_dimm_plug(fixture.machine, &fixture.operation, 2, 1, &first), 0);
	cr_expect_eq(map_fixture_online(&fixture, first, MH_ONLINE_MOVABLE), 0);
	cr_expect_eq(fixture.operation.arg.start_pfn, (uint64_t)first * MAP_BLOCK_PAGES + 512);
	cr_expect_eq(fixture.operation.arg.nr_pages, MAP_BLOCK_PAGES - 512);
	mh_machine_zone_extent(fixture.machine, 2, MH_ZONE_MOVABLE, &extent);
	cr_expect_eq(extent.present_pages, MAP_BLOCK_PAGES);
	cr_expect_eq(extent.managed_pages, MAP_BLOCK_PAGES - 512);
	cr_expect_eq(map_fixture_offline(&fixture, first), 0);
	map_fixture_end(&fixture);
}

Test(memory_add, memmap_on_memory_is_for_one_block_in_6_1_and_for_each_in_7_3)
{
	const struct mh_memory_range two = {.node = 2, .first = 11, .count = 2, .memmap_on_memory = true};
	struct map_fixture fixture;

	map_fixture_begin(&fixture, &(struct mh_machine_config){.memmap_on_memory = true});
	cr_expect_eq(mh_memory_add(fixture.machine, &fixture.operation, &two), -EINVAL);
	map_fixture_end(&fixture);
	map_fixture_begin(&fixture, &(struct mh_machine_config){.memmap_on_memory = true, .compat = MH_COMPAT_V7_3});
	cr_expect_eq(mh_memory_add(fixture.machine, &fixture.operation, &two), 0);
	cr_expect_eq(map_fixture_online(&fixture, 12, MH_ONLINE_MOVABLE), 0);
	cr_expect_eq(fixture.operation.arg.nr_pages, MAP_BLOCK_PAGES - 512);
	map_fixture_end(&fixture);
}

static const struct mh_machine_config by_ratio = {
	.online_policy = MH_POLICY_AUTO_MOVABLE,
	.auto_movable_ratio = MH_AUTO_MOVABLE_RATIO_DEFAULT,
	.auto_movable_numa_aware = true,
};

static enum mh_zone_kind online_by_policy(struct map_fixture *fixture, uint32_t block)
{
	cr_assert_eq(map_fixture_online(fixture, block, MH_ONLINE_DEFAULT), 0);
	return fixture->operation.zone;
}

Test(memory_add, auto_movable_counts_the_nodes_own_boot_memory_if_asked_to)
{
	struct mh_machine_config config = by_ratio;
	struct map_fixture fixture;

	map_fixture_begin(&fixture, &config);
	cr_expect_eq(online_by_policy(&fixture, 8), MH_ZONE_NORMAL, "node 2 has no boot memory");
	cr_expect_eq(online_by_policy(&fixture, 9), MH_ZONE_NORMAL, "its DIMM has kernel memory already");
	cr_expect_eq(online_by_policy(&fixture, 10), MH_ZONE_MOVABLE, "node 0 has boot memory");
	map_fixture_end(&fixture);
	config.auto_movable_numa_aware = false;
	map_fixture_begin(&fixture, &config);
	cr_expect_eq(online_by_policy(&fixture, 8), MH_ZONE_MOVABLE);
	map_fixture_end(&fixture);
	map_fixture_begin(&fixture, &config);
	cr_assert_eq(map_fixture_online(&fixture, 9, MH_ONLINE_KERNEL), 0);
	cr_expect_eq(online_by_policy(&fixture, 8), MH_ZONE_NORMAL, "its DIMM has kernel memory already");
	map_fixture_end(&fixture);
	config.auto_movable_ratio = 0;
	map_fixture_begin(&fixture, &config);
	cr_expect_eq(online_by_policy(&fixture, 8), MH_ZONE_NORMAL, "0: always kernel");
	map_fixture_end(&fixture);
}

Test(memory_add, auto_movable_asks_for_a_whole_dimm_at_once)
{
	struct mh_machine_config config = by_ratio;
	struct map_fixture fixture;

	config.auto_movable_numa_aware = false;
	/* Boot's 130,942 pages allow one and a half blocks; the DIMM needs two. */
	config.auto_movable_ratio = 38;
	map_fixture_begin(&fixture, &config);
	cr_expect_eq(online_by_policy(&fixture, 8), MH_ZONE_NORMAL);
	cr_expect_eq(online_by_policy(&fixture, 10), MH_ZONE_MOVABLE, "a DIMM of one block fits");
	map_fixture_end(&fixture);
}

Test(memory_add, a_dynamic_group_counts_its_own_kernel_memory)
{
	struct mh_machine_config config = by_ratio;
	struct map_fixture fixture;
	struct mh_memory_range range = {.node = 2, .first = 11, .count = 4};
	int group;

	config.auto_movable_numa_aware = false;
	config.auto_movable_ratio = 1;
	map_fixture_begin(&fixture, &config);
	group = mh_memory_group_new(
		fixture.machine, &(struct mh_map_group){.node = 2, .dynamic = true, .unit_pages = 2 * MAP_BLOCK_PAGES});
	cr_assert_eq(group, 3);
	range.group = (unsigned)group;
	cr_assert_eq(mh_memory_add(fixture.machine, &fixture.operation, &range), 0);
	cr_expect_eq(online_by_policy(&fixture, 12), MH_ZONE_NORMAL, "1 % of boot's is no block");
	mh_machine_uevents(fixture.machine, NULL);
	cr_assert_eq(map_fixture_online(&fixture, 14, MH_ONLINE_MOVABLE), 0);
	cr_expect_eq(online_by_policy(&fixture, 11), MH_ZONE_NORMAL, "the other half of its unit is kernel memory");
	map_fixture_end(&fixture);
}

/*
 * Two dynamic groups, of blocks 4 to 7 and 11 to 14, the lower the first: one has two blocks of kernel memory and
 * asks for a third block, the other has @movable_blocks. Each of these claims half of boot's 130,942 pages, and more.
 */
static enum mh_zone_kind zone_beside_a_claim(uint32_t own, uint32_t other, uint32_t movable_blocks)
{
	struct mh_machine_config config = by_ratio;
	struct map_fixture fixture;
	enum mh_zone_kind kind;

	config.auto_movable_numa_aware = false;
	config.auto_movable_ratio = 50;
	map_fixture_begin(&fixture, &config);
	for (uint32_t first = 4; first <= 11; first += 7) {
		struct mh_memory_range range = {.node = 2, .first = first, .count = 4};

		range.group = (unsigned)dynamic_group(&fixture, 2);
		cr_assert_eq(mh_memory_add(fixture.machine, &fixture.operation, &range), 0);
	}
	for (uint32_t i = 0; i < 2; i++)
		cr_assert_eq(map_fixture_online(&fixture, own + i, MH_ONLINE_KERNEL), 0);
	for (uint32_t i = 0; i < movable_blocks; i++)
		cr_assert_eq(map_fixture_online(&fixture, other + i, MH_ONLINE_MOVABLE), 0);
	kind = online_by_policy(&fixture, own + 2);
	map_fixture_end(&fixture);
	return kind;
}

Test(memory_add, what_other_dynamic_groups_claim_goes_before_a_groups_own_memory_in_any_order)
{
	cr_expect_eq(zone_beside_a_claim(4, 11, 1), MH_ZONE_MOVABLE, "the other's Movable is paid for by its claim");
	cr_expect_eq(zone_beside_a_claim(11, 4, 1), MH_ZONE_MOVABLE);
	cr_expect_eq(zone_beside_a_claim(4, 11, 2), MH_ZONE_NORMAL, "nothing of boot's is left");
	cr_expect_eq(zone_beside_a_claim(11, 4, 2), MH_ZONE_NORMAL);
}

Test(memory_add, a_group_counts_the_memmap_of_its_blocks)
{
	struct mh_machine_config config = by_ratio;
	struct mh_memory_group *group;
	struct map_fixture fixture;
	uint32_t first;

	config.memmap_on_memory = true;
	map_fixture_begin(&fixture, &config);
	cr_assert_eq(mh_dimm_plug(fixture.machine, &fixture.operation, 2, 1, &first), 0);
	group = &fixture.machine->groups[2];
	cr_assert_eq(map_fixture_online(&fixture, first, MH_ONLINE_MOVABLE), 0);
	cr_expect_eq(group->movable_pages, MAP_BLOCK_PAGES);
	cr_assert_eq(map_fixture_offline(&fixture, first), 0);
	cr_expect_eq(group->movable_pages, 0);
	cr_assert_eq(map_fixture_online(&fixture, first, MH_ONLINE_KERNEL), 0);
	cr_expect_eq(group->kernel_pages, MAP_BLOCK_PAGES);
	cr_expect_eq(group->movable_pages, 0);
	map_fixture_end(&fixture);
}

static void online_block_8(void *data)
{
	struct map_fixture *fixture = data;

	cr_expect_eq(mh_block_online(fixture->machine, &fixture->operation, 8, MH_ONLINE_DEFAULT), 0);
}

Test(memory_add, a_block_goes_online_on_the_node_that_it_has_under_the_lock)
{
	struct map_fixture fixture;
	struct mh_mutex *lock;
	struct mh_thread thread;

	map_fixture_begin(&fixture, &(struct mh_machine_config){0});
	lock = &fixture.machine->hotplug;
	mh_mutex_lock(lock);
	cr_assert_eq(mh_thread_start(&thread, "online", -1, online_block_8, &fixture, NULL), 0);
	while (!(atomic_load(&lock->word) & MH_MUTEX_AWAITED))
		mh_yield();
	fixture.machine->blocks[8].node = 1; /* as if removed, and added there */
	mh_mutex_unlock(lock);
	mh_thread_join(&thread);
	cr_expect_eq(fixture.operation.node, 1);
	cr_expect_eq(mh_node_managed_pages(&fixture.machine->nodes[1]), MAP_BLOCK_PAGES);
	cr_expect_eq(mh_node_managed_pages(&fixture.machine->nodes[2]), 0);
	map_fixture_end(&fixture);
}
