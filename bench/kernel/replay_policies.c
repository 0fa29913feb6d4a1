/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/replay_policies.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PARAMETERS "/sys/module/memory_hotplug/parameters/"

/* The file, and what a world calls it; NULL: it does not say. */
static const struct {
	const char *path, *key;
} files[MH_KERNEL_POLICIES] = {
	{MH_KERNEL_MEMORY "/auto_online_blocks", "auto_online_blocks"},
	{PARAMETERS "online_policy", "online_policy"},
	{PARAMETERS "auto_movable_ratio", NULL},
	{PARAMETERS "auto_movable_numa_aware", NULL},
};

bool mh_kernel_is_policy(const char *path)
{
	for (size_t i = 0; i < MH_KERNEL_POLICIES; i++)
		if (strcmp(files[i].path, path) == 0)
			return true;
	return false;
}

static int open_one(struct mh_kernel_replay_policies *policies, size_t index, const struct mh_kernel_tree *tree,
		    struct mh_kernel_journal *journal, struct mh_error *reterr)
{
	char path[MH_KERNEL_PATH_SIZE], line[MH_KERNEL_VALUE_SIZE + 1], *found = policies->found[index];
	int ret = mh_kernel_read(tree, mh_kernel_path(tree, path, "%s", files[index].path), found, reterr);

	if (ret == -ENOENT) {
		found[0] = '\0';
		return 0;
	}
	if (ret < 0)
		return ret;
	snprintf(line, sizeof(line), "%s\n", found);
	return mh_kernel_journal_note(journal, MH_KERNEL_UNDO_WRITE, path, line, reterr);
}

int mh_kernel_replay_policies_open(struct mh_kernel_replay_policies *policies, const struct mh_kernel_tree *tree,
				   struct mh_kernel_journal *journal, struct mh_error *reterr)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < MH_KERNEL_POLICIES; i++)
		ret = open_one(policies, i, tree, journal, reterr);
	return ret;
}

static int set_one(size_t index, const char *wanted, const struct mh_kernel_tree *tree, struct mh_error *reterr)
{
	char path[MH_KERNEL_PATH_SIZE], shown[MH_KERNEL_VALUE_SIZE], line[MH_KERNEL_VALUE_SIZE + 1];
	int ret = mh_kernel_read(tree, mh_kernel_path(tree, path, "%s", files[index].path), shown, reterr);

	if (ret < 0 || strcmp(shown, wanted) == 0)
		return ret;
	snprintf(line, sizeof(line), "%s\n", wanted);
	return mh_kernel_write(tree, path, line, reterr);
}

int mh_kernel_replay_policies_set(const struct mh_kernel_replay_policies *policies, const struct mh_kernel_tree *tree,
				  const struct mh_conform_world *world, struct mh_error *reterr)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < MH_KERNEL_POLICIES; i++) {
		const char *of_world =
			files[i].key ? json_string_value(json_object_get(world->root, files[i].key)) : NULL;

		if (policies->found[i][0])
			ret = set_one(i, of_world ? of_world : policies->found[i], tree, reterr);
	}
	return ret;
}
