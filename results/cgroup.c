/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the folder of the process's CPU cgroup from /proc/self/cgroup, and walks up from there: a group may state no
 * limit of its own, and inside of a container the path may name folders that are not mounted.
 */
#include "results/cgroup.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "results/environment.h"
#include "results/host_file.h"

/* Where the hierarchies are mounted by convention, and the file that tells a group with CPU control. */
struct mount {
	const char *folder, *file;
	bool version_2;
};

static const struct mount mounts[] = {
	{"/sys/fs/cgroup", "cpu.max", true},
	{"/sys/fs/cgroup/unified", "cpu.max", true},
	{"/sys/fs/cgroup/cpu", "cpu.cfs_quota_us", false},
	{"/sys/fs/cgroup/cpu,cpuacct", "cpu.cfs_quota_us", false},
};

/* Does the list of controllers in "ID:LIST:PATH" name cpu? Version 2 has an empty list. */
static bool names_cpu(const char *list, size_t length, bool version_2)
{
	if (version_2 || length == 0)
		return version_2 && length == 0;
	for (const char *at = list; at < list + length; at += strcspn(at, ",:") + 1)
		if (strncmp(at, "cpu", 3) == 0 && (at[3] == ',' || at[3] == ':'))
			return true;
	return false;
}

/* The path of the process's group in a hierarchy, "" for its root; false when it is in none. */
static bool group_path(const char *text, bool version_2, char *buffer, size_t size)
{
	while (text && *text) {
		const char *list = strchr(text, ':');
		const char *path = list ? strchr(list + 1, ':') : NULL;

		if (path && names_cpu(list + 1, (size_t)(path - list - 1), version_2)) {
			snprintf(buffer, size, "%.*s", (int)strcspn(path + 1, "\n"), path + 1);
			if (strcmp(buffer, "/") == 0)
				buffer[0] = '\0';
			return true;
		}
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return false;
}

/* The nearest folder, from the group upwards, that has the mount's file. */
static bool find_in_mount(const char *root, const char *text, const struct mount *mount, char *ret_folder)
{
	char group[PATH_MAX / 2], file[PATH_MAX];

	if (!group_path(text, mount->version_2, group, sizeof(group)))
		return false;
	for (;;) {
		snprintf(ret_folder, PATH_MAX, "%s%s", mount->folder, group);
		snprintf(file, sizeof(file), "%s%s/%s", mount->folder, group, mount->file);
		if (mh_host_file_exists(root, file))
			return true;
		char *slash = strrchr(group, '/');

		if (!slash)
			return false;
		*slash = '\0';
	}
}

static const struct mount *find_group(const char *root, char *ret_folder)
{
	char *text = mh_host_file_read(root, "/proc/self/cgroup");
	const struct mount *found = NULL;

	for (size_t i = 0; text && !found && i < sizeof(mounts) / sizeof(mounts[0]); i++)
		if (find_in_mount(root, text, &mounts[i], ret_folder))
			found = &mounts[i];
	free(text);
	return found;
}

static int64_t group_number(const char *root, const char *folder, const char *name)
{
	char file[PATH_MAX];
	int length = snprintf(file, sizeof(file), "%s/%s", folder, name);

	return length < (int)sizeof(file) ? mh_host_number(root, file) : MH_NOT_AVAILABLE;
}

void mh_cgroup_cpu_max(const char *root, char *buffer, size_t size)
{
	char folder[PATH_MAX], file[PATH_MAX];
	const struct mount *mount = find_group(root, folder);

	buffer[0] = '\0';
	if (!mount)
		return;
	if (mount->version_2) {
		if (snprintf(file, sizeof(file), "%s/%s", folder, mount->file) < (int)sizeof(file))
			(void)mh_host_line(root, file, buffer, size);
		return;
	}
	int64_t quota = group_number(root, folder, "cpu.cfs_quota_us");
	int64_t period = group_number(root, folder, "cpu.cfs_period_us");

	if (quota == MH_NOT_AVAILABLE || period == MH_NOT_AVAILABLE)
		return;
	if (quota < 0) /* version 1 writes -1 for none */
		snprintf(buffer, size, "max %lld", (long long)period);
	else
		snprintf(buffer, size, "%lld %lld", (long long)quota, (long long)period);
}

int64_t mh_cgroup_throttle_count(const char *root)
{
	char folder[PATH_MAX], file[PATH_MAX], value[32];

	if (!find_group(root, folder) || snprintf(file, sizeof(file), "%s/cpu.stat", folder) >= (int)sizeof(file))
		return MH_NOT_AVAILABLE;
	char *text = mh_host_file_read(root, file);
	bool found = text && mh_host_value(text, "nr_throttled", value, sizeof(value));

	free(text);
	return found ? mh_host_parse(value) : MH_NOT_AVAILABLE;
}

static int64_t lesser(int64_t a, int64_t b)
{
	if (a == MH_NOT_AVAILABLE || b == MH_NOT_AVAILABLE)
		return a == MH_NOT_AVAILABLE ? b : a;
	return a < b ? a : b;
}

/* Every group on the way up holds for those below it. */
static int64_t memory_max_of(const char *root, const char *text)
{
	char group[PATH_MAX / 2], folder[PATH_MAX];
	int64_t most = MH_NOT_AVAILABLE;

	if (!group_path(text, true, group, sizeof(group)))
		return most;
	for (;;) {
		char *slash = strrchr(group, '/');

		snprintf(folder, sizeof(folder), "/sys/fs/cgroup%s", group);
		most = lesser(most, group_number(root, folder, "memory.max"));
		if (!slash)
			break;
		*slash = '\0';
	}
	return most;
}

int64_t mh_cgroup_memory_max(const char *root)
{
	char *text = mh_host_file_read(root, "/proc/self/cgroup");
	int64_t most = text ? memory_max_of(root, text) : MH_NOT_AVAILABLE;

	free(text);
	/* Version 1, as a container sees its own group. It writes a huge number for none. */
	return lesser(most, group_number(root, "/sys/fs/cgroup/memory", "memory.limit_in_bytes"));
}
