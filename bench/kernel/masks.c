/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/masks.h"

#include <stdio.h>
#include <string.h>

bool mh_kernel_list_has(const char *list, int number)
{
	int from, to, length;

	while (sscanf(list, "%d%n", &from, &length) == 1) {
		list += length;
		to = from;
		if (*list == '-' && sscanf(list + 1, "%d%n", &to, &length) == 1)
			list += 1 + length;
		if (number >= from && number <= to)
			return true;
		if (*list++ != ',')
			break;
	}
	return false;
}

static bool read_mask(const struct mh_kernel_tree *tree, const char *file, int node, bool *ret_has)
{
	char path[MH_KERNEL_PATH_SIZE], value[MH_KERNEL_VALUE_SIZE];

	mh_kernel_path(tree, path, "/sys/devices/system/node/%s", file);
	if (mh_kernel_read(tree, path, value, NULL) < 0)
		return false;
	*ret_has = mh_kernel_list_has(value, node);
	return true;
}

struct mh_kernel_masks mh_kernel_masks_read(const struct mh_kernel_tree *tree, int node)
{
	struct mh_kernel_masks masks = {.known = node >= 0};

	masks.known = masks.known && read_mask(tree, "has_memory", node, &masks.memory) &&
		      read_mask(tree, "has_normal_memory", node, &masks.normal);
	return masks;
}
