/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/zoneinfo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "made_up_tree.h"

/* As a kernel shows two zones, the second of them empty, and a third. */
#define SHOWN                                                                                                          \
	"Node 0, zone    DMA32\n  per-node stats\n      nr_inactive_anon 74\n  pages free     13\n        boost    "   \
	"0\n"                                                                                                          \
	"        spanned  4095\n        present  3998\n        managed  3840\n        protection: (0, 0)\n"            \
	"  pagesets\n    cpu: 0\n              count: 3\n  node_unreclaimable:  0\n  start_pfn:           1\n"         \
	"Node 0, zone   Normal\n  pages free     0\n        spanned  0\n        present  0\n        managed  0\n"      \
	"Node 3, zone  Movable\n        spanned  65536\n        present  32768\n  start_pfn:           1048576\n"

Test(kernel_zoneinfo, has_each_zone_with_its_extent)
{
	struct mh_kernel_zones *zones = malloc(sizeof(*zones));

	mh_kernel_zones_parse(SHOWN, zones);
	cr_assert_eq(zones->count, 3u, "%zu", zones->count);
	cr_expect_str_eq(zones->items[0].name, "DMA32");
	cr_expect_eq(zones->items[0].nid, 0);
	cr_expect_eq(zones->items[0].spanned, 4095u);
	cr_expect_eq(zones->items[0].present, 3998u);
	cr_expect_eq(zones->items[0].start_pfn, 1u);
	cr_expect_eq(zones->items[1].spanned, 0u);
	cr_expect_eq(zones->items[1].start_pfn, 0u);
	cr_expect_str_eq(zones->items[2].name, "Movable");
	cr_expect_eq(zones->items[2].nid, 3);
	cr_expect_eq(zones->items[2].spanned, 65536u);
	cr_expect_eq(zones->items[2].present, 32768u);
	cr_expect_eq(zones->items[2].start_pfn, 1048576u);
	mh_kernel_zones_parse("  spanned 5\nNode x, zone", zones);
	cr_expect_eq(zones->count, 0u, "what belongs to no zone was taken for one");
	free(zones);
}

Test(kernel_zoneinfo, is_read_from_the_tree)
{
	struct mh_kernel_zones *zones = malloc(sizeof(*zones));
	struct made_up_tree made_up;
	struct mh_error error;

	made_up_init(&made_up);
	cr_expect_eq(mh_kernel_zones_read(&made_up.tree, zones, &error), -ENOENT);
	cr_expect_not_null(strstr(error.text, "/proc/zoneinfo': No such file"), "%s", error.text);
	made_up_file(&made_up, "/proc/zoneinfo", SHOWN);
	cr_assert_eq(mh_kernel_zones_read(&made_up.tree, zones, &error), 0, "%s", error.text);
	cr_expect_eq(zones->count, 3u);
	made_up_release(&made_up);
	free(zones);
}
