/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that a case writes and reads: the machine's, the injector's, the pool of huge pages, and one that is constant.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/engine/conform_replay.h"
#include "core/sysfs.h"

#define POOL_OF_ALL "/proc/sys/vm/nr_hugepages"
#define POOL_MAX    (MH_CONFORM_PAGES_MAX >> 9)

/* The index of the node that a path of a node's pool names; -1 for another path. */
static int pool_node(const struct mh_conform_replay *replay, const char *path)
{
	int nid, length = 0;

	if (sscanf(path, "/sys/devices/system/node/node%d/hugepages/hugepages-2048kB/nr_hugepages%n", &nid, &length) !=
		    1 ||
	    !length || path[length])
		return -1;
	return mh_conform_world_node(replay->world, nid);
}

static int64_t pool_write(struct mh_conform_replay *replay, unsigned node, const char *value, size_t length)
{
	char *end;

	errno = 0;
	unsigned long count = strtoul(value, &end, 10);

	if (end == value || (*end && *end != '\n') || errno)
		return -EINVAL;
	mh_conform_pages_pool(&replay->pages, node, count > POOL_MAX ? POOL_MAX : count);
	return (int64_t)length;
}

bool mh_conform_file_is_modelled(const char *path)
{
	static const char *const folders[] = {"/sys/devices/system/memory/", "/sys/devices/system/node/",
					      "/sys/module/memory_hotplug/", MH_CONFORM_INJECTOR_FOLDER};

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (strncmp(path, folders[i], strlen(folders[i])) == 0)
			return true;
	return false;
}

int64_t mh_conform_file_write(struct mh_conform_replay *replay, const char *path, const char *value, size_t length)
{
	int node = pool_node(replay, path);
	int error = mh_conform_injector_write(&replay->injector, path, value);
	int64_t ret;

	if (error != MH_CONFORM_UNKNOWN)
		return error ? -error : (int64_t)length;
	if (node >= 0)
		return pool_write(replay, (unsigned)node, value, length);
	ret = mh_sysfs_write(replay->machine, &replay->operation, path, value, length);
	return ret == -EOPNOTSUPP ? MH_CONFORM_NO_FILE : ret;
}

int64_t mh_conform_file_read(struct mh_conform_replay *replay, const char *path, struct mh_text *ret_text)
{
	int ret;

	if (strcmp(path, POOL_OF_ALL) == 0) {
		mh_text_add(ret_text, "%zu", mh_conform_pages_pool_size(&replay->pages));
		return 0;
	}
	/* Nobody asks it to run: a listener that merely hears of blocks does not change that. */
	if (strcmp(path, "/sys/kernel/mm/ksm/run") == 0) {
		mh_text_add(ret_text, "0");
		return 0;
	}
	ret = mh_sysfs_read(replay->machine, path, ret_text);
	return ret == -EOPNOTSUPP || ret == -ENOENT ? MH_CONFORM_NO_FILE : ret;
}
