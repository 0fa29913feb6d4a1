/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files show and take; what differs between state and online.
 */
#include "core/sysfs.h"

#include <errno.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "core/block_device.h"
#include "map_fixture.h"

#define MEMORY     "/sys/devices/system/memory/"
#define PARAMETERS "/sys/module/memory_hotplug/parameters/"

static int64_t put(struct map_fixture *fixture, const char *path, const char *data)
{
	mh_trace_reset(&fixture->trace);
	return mh_sysfs_write(fixture->machine, &fixture->operation, path, data, strlen(data));
}

static void expect_shows(struct map_fixture *fixture, const char *path, const char *expected)
{
	struct mh_text text = MH_TEXT_INIT;

	cr_expect_eq(mh_sysfs_read(fixture->machine, path, &text), 0, "%s", path);
	cr_expect_str_eq(text.data ? text.data : "", expected, "%s shows '%s'", path, text.data);
	mh_text_release(&text);
}

/* A write, and what it returns on a fresh machine, on whose block 8 all other files are written to. */
struct write_row {
	const char *path, *data;
	int64_t expected;
};

static const struct write_row writes[] = {
	{MEMORY "memory8/state", "online", 6},
	{MEMORY "memory8/state", "online_kernel\n", 14},
	{MEMORY "memory8/state", "", 0},
	{MEMORY "memory8/state", "ONLINE", -EINVAL},
	{MEMORY "memory8/state", "online\n\n", -EINVAL},
	{MEMORY "memory8/state", "offline", -EINVAL},
	{MEMORY "memory8/online", "1", 1},
	{MEMORY "memory8/online", "Yes", 3},
	{MEMORY "memory8/online", "on", 2},
	{MEMORY "memory8/online", "true", 4},
	{MEMORY "memory8/online", "T", 1},
	{MEMORY "memory8/online", "false", 5},
	{MEMORY "memory8/online", "F", 1},
	{MEMORY "memory8/online", "", 0},
	{MEMORY "memory8/online", "0", 1},
	{MEMORY "memory8/online", "off", 3},
	{MEMORY "memory8/online", "2", -EINVAL},
	{MEMORY "memory8/online", "o", -EINVAL},
	{MEMORY "memory8/valid_zones", "x", -EACCES},
	{MEMORY "memory8/valid_zones", "", -EACCES},
	{MEMORY "memory8/phys_device", "0", -EACCES},
	{MEMORY "memory8/uevent", "add", -EOPNOTSUPP},
	{MEMORY "memory7/state", "online", -ENOENT},
	{MEMORY "memory08x/state", "online", -ENOENT},
	{MEMORY "memory8/no_such", "1", -ENOENT},
	{MEMORY "memory99999999999/state", "online", -ENOENT},
	{MEMORY "auto_online_blocks", "online_movable", 14},
	{MEMORY "auto_online_blocks", "1", -EINVAL},
	{MEMORY "auto_online_blocks", "", 0},
	{MEMORY "block_size_bytes", "1", -EACCES},
	{MEMORY "block_size_bytes", "", -EACCES},
	{MEMORY "hard_offline_page", "0x1000", -EOPNOTSUPP},
	{PARAMETERS "online_policy", "auto-movable", 12},
	{PARAMETERS "online_policy", "auto", -EINVAL},
	{PARAMETERS "auto_movable_ratio", "150\n", 4},
	{PARAMETERS "auto_movable_ratio", "-1", -EINVAL},
	{PARAMETERS "auto_movable_ratio", "+150", 4},
	{PARAMETERS "auto_movable_ratio", "++150", -EINVAL},
	{PARAMETERS "auto_movable_ratio", "+", -EINVAL},
	{PARAMETERS "auto_movable_ratio", "", 0},
	{PARAMETERS "auto_movable_ratio", "\n", -EINVAL},
	{PARAMETERS "auto_movable_ratio", "0x12D", 5},
	{PARAMETERS "auto_movable_ratio", "0x", -EINVAL},
	{PARAMETERS "auto_movable_ratio", "0455", 4},
	{PARAMETERS "auto_movable_ratio", "09", -EINVAL},
	{PARAMETERS "auto_movable_ratio", "00000000000000000000000000455", 29},
	{PARAMETERS "auto_movable_ratio", "150\n\n", -EINVAL},
	{PARAMETERS "auto_movable_ratio", "4294967295", 10},
	{PARAMETERS "auto_movable_ratio", "4294967296", -ERANGE},
	{PARAMETERS "auto_movable_ratio", "4294967296x", -EINVAL},
	{PARAMETERS "auto_movable_ratio", "99999999999", -ERANGE},
	{PARAMETERS "auto_movable_ratio", "99999999999999999999x", -ERANGE},
	{PARAMETERS "auto_movable_ratio", "1 2", -EINVAL},
	{PARAMETERS "auto_movable_numa_aware", "N", 1},
	{PARAMETERS "auto_movable_numa_aware", "", 0},
	{PARAMETERS "auto_movable_numa_aware", "t", 1},
	{PARAMETERS "auto_movable_numa_aware", "maybe", -EINVAL},
	{PARAMETERS "memmap_on_memory", "Y", -EACCES},
	{"/sys/nothing", "1", -ENOENT},
};

#define ROW_COUNT (sizeof(writes) / sizeof(writes[0]))

ParameterizedTestParameters(sysfs, a_write_returns_what_the_kernel_returns)
{
	static int indices[ROW_COUNT];

	for (int i = 0; i < (int)ROW_COUNT; i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, ROW_COUNT);
}

ParameterizedTest(int *index, sysfs, a_write_returns_what_the_kernel_returns)
{
	const struct write_row *row = &writes[*index];
	struct map_fixture fixture;
	int64_t ret;

	map_fixture_begin(&fixture, &(struct mh_machine_config){0});
	ret = put(&fixture, row->path, row->data);
	cr_expect_eq(ret, row->expected, "'%s' to %s: %ld, expected %ld", row->data, row->path, (long)ret,
		     (long)row->expected);
	map_fixture_end(&fixture);
}

Test(sysfs, shows_what_the_machine_is)
{
	struct map_fixture fixture;

	map_fixture_begin(&fixture, &(struct mh_machine_config){.memmap_on_memory = true});
	expect_shows(&fixture, MEMORY "memory8/state", "offline");
	expect_shows(&fixture, MEMORY "memory8/online", "0");
	expect_shows(&fixture, MEMORY "memory8/valid_zones", "Normal Movable");
	expect_shows(&fixture, MEMORY "memory0/valid_zones", "none");
	expect_shows(&fixture, MEMORY "memory2/valid_zones", "DMA32");
	expect_shows(&fixture, MEMORY "memory10/phys_index", "0000000a");
	expect_shows(&fixture, MEMORY "memory10/removable", "1");
	expect_shows(&fixture, MEMORY "memory10/phys_device", "0");
	expect_shows(&fixture, MEMORY "block_size_bytes", "8000000");
	expect_shows(&fixture, MEMORY "auto_online_blocks", "offline");
	expect_shows(&fixture, PARAMETERS "online_policy", "contig-zones");
	expect_shows(&fixture, PARAMETERS "auto_movable_numa_aware", "N");
	expect_shows(&fixture, PARAMETERS "memmap_on_memory", "Y");
	expect_shows(&fixture, "/sys/devices/system/node/online", "0-2");
	expect_shows(&fixture, "/sys/devices/system/node/has_memory", "0");
	cr_assert_eq(put(&fixture, MEMORY "memory8/state", "online_movable"), 14);
	expect_shows(&fixture, "/sys/devices/system/node/has_memory", "0,2");
	expect_shows(&fixture, "/sys/devices/system/node/has_normal_memory", "0");
	expect_shows(&fixture, MEMORY "memory8/valid_zones", "Movable");
	map_fixture_end(&fixture);
}

Test(sysfs, a_write_is_cut_at_one_page)
{
	struct map_fixture fixture;
	char data[5000];

	memset(data, '1', sizeof(data));
	map_fixture_begin(&fixture, &(struct mh_machine_config){0});
	cr_expect_eq(mh_sysfs_write(fixture.machine, &fixture.operation, MEMORY "memory8/online", data, sizeof(data)),
		     4096);
	cr_expect_eq(mh_sysfs_write(fixture.machine, &fixture.operation, PARAMETERS "auto_movable_numa_aware", data,
				    sizeof(data)),
		     4096);
	map_fixture_end(&fixture);
}

Test(sysfs, a_ratio_is_read_by_the_base_of_its_prefix)
{
	struct map_fixture fixture;

	map_fixture_begin(&fixture, &(struct mh_machine_config){0});
	cr_expect_eq(put(&fixture, PARAMETERS "auto_movable_ratio", "+0x12D\n"), 7);
	expect_shows(&fixture, PARAMETERS "auto_movable_ratio", "301");
	cr_expect_eq(put(&fixture, PARAMETERS "auto_movable_ratio", "0000455"), 7);
	expect_shows(&fixture, PARAMETERS "auto_movable_ratio", "301");
	cr_expect_eq(put(&fixture, PARAMETERS "auto_movable_ratio", "4294967296"), -ERANGE);
	expect_shows(&fixture, PARAMETERS "auto_movable_ratio", "301");
	map_fixture_end(&fixture);
}

Test(sysfs, valid_zones_begin_with_what_online_would_choose)
{
	struct map_fixture fixture;

	map_fixture_begin(&fixture, &(struct mh_machine_config){.movable_node = true});
	expect_shows(&fixture, MEMORY "memory8/valid_zones", "Movable Normal");
	cr_assert_eq(put(&fixture, MEMORY "memory2/state", "offline"), 7);
	expect_shows(&fixture, MEMORY "memory2/valid_zones", "DMA32 Movable");
	map_fixture_end(&fixture);
}

Test(sysfs, a_refused_request_is_what_the_next_online_asks_for)
{
	struct map_fixture fixture;

	map_fixture_begin(&fixture, &(struct mh_machine_config){0});
	cr_assert_eq(put(&fixture, MEMORY "memory8/state", "online_kernel"), 13);
	cr_expect_eq(put(&fixture, MEMORY "memory8/state", "online_movable"), -EINVAL);
	cr_expect_eq(put(&fixture, MEMORY "memory8/online", "1"), 1, "already so: success, and forgets nothing");
	cr_assert_eq(put(&fixture, MEMORY "memory8/state", "offline"), 7);
	cr_expect_eq(put(&fixture, MEMORY "memory8/online", "1"), 1);
	cr_expect_eq(mh_machine_block_zone(fixture.machine, 8), MH_ZONE_MOVABLE);
	cr_assert_eq(put(&fixture, MEMORY "memory8/online", "0"), 1);
	cr_expect_eq(put(&fixture, MEMORY "memory8/online", "1"), 1);
	cr_expect_eq(mh_machine_block_zone(fixture.machine, 8), MH_ZONE_NORMAL, "an attempt forgets it");
	map_fixture_end(&fixture);
}
