/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of memory hotplug by their paths, one row each.
 */
#include "core/sysfs.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/block_device.h"
#include "core/machine_private.h"
#include "core/sysfs_value.h"

#define MEMORY     "/sys/devices/system/memory/"
#define PARAMETERS "/sys/module/memory_hotplug/parameters/"
#define NODE       "/sys/devices/system/node/"

const char *const mh_auto_online_words[MH_AUTO_ONLINES] = {"offline", "online", "online_kernel", "online_movable"};
const char *const mh_online_policy_words[] = {"contig-zones", "auto-movable"};

/* Index of the word that was written, or -EINVAL. */
static int word_of(const char *const *words, int count, const char *data, size_t length)
{
	for (int i = 0; i < count; i++)
		if (mh_sysfs_word_is(data, length, words[i]))
			return i;
	return -EINVAL;
}

static int write_auto_online(struct mh_machine *machine, const char *data, size_t length)
{
	int word = word_of(mh_auto_online_words, MH_AUTO_ONLINES, data, length);

	if (word >= 0)
		machine->auto_online = (enum mh_auto_online)word;
	return word < 0 ? word : 0;
}

static void read_auto_online(struct mh_machine *machine, struct mh_text *text)
{
	mh_text_add(text, "%s", mh_auto_online_words[machine->auto_online]);
}

static int write_policy(struct mh_machine *machine, const char *data, size_t length)
{
	int word = word_of(mh_online_policy_words, 2, data, length);

	if (word >= 0)
		machine->config.online_policy = (enum mh_online_policy)word;
	return word < 0 ? word : 0;
}

static void read_policy(struct mh_machine *machine, struct mh_text *text)
{
	mh_text_add(text, "%s", mh_online_policy_words[machine->config.online_policy]);
}

static int write_ratio(struct mh_machine *machine, const char *data, size_t length)
{
	return mh_sysfs_uint(data, length, &machine->config.auto_movable_ratio);
}

static void read_ratio(struct mh_machine *machine, struct mh_text *text)
{
	mh_text_add(text, "%u", machine->config.auto_movable_ratio);
}

static int write_numa_aware(struct mh_machine *machine, const char *data, size_t length)
{
	int value = mh_sysfs_bool(data, length);

	if (value >= 0)
		machine->config.auto_movable_numa_aware = value;
	return value < 0 ? value : 0;
}

static void read_numa_aware(struct mh_machine *machine, struct mh_text *text)
{
	mh_text_add(text, "%c", machine->config.auto_movable_numa_aware ? 'Y' : 'N');
}

static void read_memmap(struct mh_machine *machine, struct mh_text *text)
{
	mh_text_add(text, "%c", machine->config.memmap_on_memory ? 'Y' : 'N');
}

static void read_block_size(struct mh_machine *machine, struct mh_text *text)
{
	mh_text_add(text, "%" PRIx64, machine->config.block_size_bytes);
}

/* "0-1,3" */
static void add_mask(const struct mh_machine *machine, enum mh_node_mask mask, struct mh_text *text)
{
	for (unsigned i = 0; i < machine->node_count; i++) {
		unsigned last = i;

		if (!mh_machine_node_is(machine, i, mask))
			continue;
		while (last + 1 < machine->node_count && mh_machine_node_is(machine, last + 1, mask) &&
		       machine->nodes[last + 1].nid == machine->nodes[last].nid + 1)
			last++;
		mh_text_add(text, "%s%d", text->length ? "," : "", machine->nodes[i].nid);
		if (last > i)
			mh_text_add(text, "-%d", machine->nodes[last].nid);
		i = last;
	}
}

static void read_online_mask(struct mh_machine *machine, struct mh_text *text)
{
	add_mask(machine, MH_N_ONLINE, text);
}

static void read_memory_mask(struct mh_machine *machine, struct mh_text *text)
{
	add_mask(machine, MH_N_MEMORY, text);
}

static void read_normal_mask(struct mh_machine *machine, struct mh_text *text)
{
	add_mask(machine, MH_N_NORMAL_MEMORY, text);
}

/* Files of the machine; a row without a write is read-only. */
static const struct {
	const char *path;
	int (*write)(struct mh_machine *machine, const char *data, size_t length);
	void (*read)(struct mh_machine *machine, struct mh_text *text);
} files[] = {
	{MEMORY "auto_online_blocks", write_auto_online, read_auto_online},
	{MEMORY "block_size_bytes", NULL, read_block_size},
	{PARAMETERS "online_policy", write_policy, read_policy},
	{PARAMETERS "auto_movable_ratio", write_ratio, read_ratio},
	{PARAMETERS "auto_movable_numa_aware", write_numa_aware, read_numa_aware},
	{PARAMETERS "memmap_on_memory", NULL, read_memmap},
	{NODE "online", NULL, read_online_mask},
	{NODE "has_memory", NULL, read_memory_mask},
	{NODE "has_normal_memory", NULL, read_normal_mask},
};

#define FILE_COUNT (sizeof(files) / sizeof(files[0]))

/* What the kernel has there, too, and this machine does not keep. */
static const char *const unmodelled[] = {MEMORY "probe", MEMORY "soft_offline_page", MEMORY "hard_offline_page",
					 MEMORY "uevent"};

static void read_state(struct mh_machine *machine, uint32_t block, struct mh_text *text)
{
	mh_text_add(text, "%s", mh_block_state_names[mh_machine_block_state(machine, block)]);
}

static void read_online(struct mh_machine *machine, uint32_t block, struct mh_text *text)
{
	mh_text_add(text, "%d", mh_machine_block_state(machine, block) != MH_BLOCK_OFFLINE);
}

static void read_valid_zones(struct mh_machine *machine, uint32_t block, struct mh_text *text)
{
	enum mh_zone_kind kinds[MH_ZONE_KINDS];
	unsigned count = mh_block_valid_zones(machine, block, kinds);

	if (!count)
		mh_text_add(text, "none");
	for (unsigned i = 0; i < count; i++)
		mh_text_add(text, "%s%s", i ? " " : "", mh_zone_names[kinds[i]]);
}

static void read_phys_index(struct mh_machine *machine, uint32_t block, struct mh_text *text)
{
	(void)machine;
	mh_text_add(text, "%08" PRIx32, block);
}

static void read_removable(struct mh_machine *machine, uint32_t block, struct mh_text *text)
{
	(void)machine;
	(void)block;
	mh_text_add(text, "1"); /* legacy: offlining is compiled in */
}

static void read_phys_device(struct mh_machine *machine, uint32_t block, struct mh_text *text)
{
	(void)machine;
	(void)block;
	mh_text_add(text, "0"); /* legacy: only s390 had others */
}

/* Files of a block, below memoryN/; a row without a write is read-only, one with neither is not modelled. */
static const struct {
	const char *name;
	int64_t (*write)(struct mh_machine *machine, struct mh_operation *operation, uint32_t block, const char *data,
			 size_t length);
	void (*read)(struct mh_machine *machine, uint32_t block, struct mh_text *text);
} block_files[] = {
	{"state", mh_block_write_state, read_state},
	{"online", mh_block_write_online, read_online},
	{"valid_zones", NULL, read_valid_zones},
	{"phys_index", NULL, read_phys_index},
	{"removable", NULL, read_removable},
	{"phys_device", NULL, read_phys_device},
	{"uevent", NULL, NULL},
};

#define BLOCK_FILE_COUNT (sizeof(block_files) / sizeof(block_files[0]))

/* "…/memory32/state": the block and the index of the file; BLOCK_FILE_COUNT when it is no such path. */
static size_t block_file_of(const struct mh_machine *machine, const char *path, uint32_t *ret_block)
{
	const char prefix[] = MEMORY "memory";
	unsigned long block;
	char *end;
	size_t i = 0;

	if (strncmp(path, prefix, sizeof(prefix) - 1) != 0 || path[sizeof(prefix) - 1] < '0' ||
	    path[sizeof(prefix) - 1] > '9')
		return BLOCK_FILE_COUNT;
	block = strtoul(path + sizeof(prefix) - 1, &end, 10);
	if (*end != '/' || block > UINT32_MAX || !mh_machine_block_is_present(machine, (uint32_t)block))
		return BLOCK_FILE_COUNT;
	while (i < BLOCK_FILE_COUNT && strcmp(end + 1, block_files[i].name) != 0)
		i++;
	*ret_block = (uint32_t)block;
	return i;
}

static size_t file_of(const char *path)
{
	size_t i = 0;

	while (i < FILE_COUNT && strcmp(path, files[i].path) != 0)
		i++;
	return i;
}

static int no_such_file(const char *path)
{
	for (size_t i = 0; i < sizeof(unmodelled) / sizeof(unmodelled[0]); i++)
		if (strcmp(path, unmodelled[i]) == 0)
			return -EOPNOTSUPP;
	return -ENOENT;
}

/* The kernel hands a file no more than a page of one write, and nothing of an empty one. */
#define WRITE_MAX ((size_t)4096)

/* What stands before any file's own reading of a write. Return: how much the file gets to see; -errno. */
static int64_t admit_write(bool modelled, bool writable, size_t length)
{
	if (!modelled)
		return -EOPNOTSUPP;
	if (!writable)
		return -EACCES;
	return (int64_t)(length < WRITE_MAX ? length : WRITE_MAX);
}

static int64_t write_block_file(struct mh_machine *machine, struct mh_operation *operation, size_t file, uint32_t block,
				const char *data, size_t length)
{
	int64_t size = admit_write(block_files[file].read, block_files[file].write, length);

	return size > 0 ? block_files[file].write(machine, operation, block, data, (size_t)size) : size;
}

/* The machine's own files, whose settings an operation reads under its lock. */
static int64_t write_file(struct mh_machine *machine, size_t file, const char *data, size_t length)
{
	int64_t size = admit_write(true, files[file].write, length);
	int ret;

	if (size <= 0)
		return size;
	mh_mutex_lock(&machine->hotplug);
	ret = files[file].write(machine, data, (size_t)size);
	mh_mutex_unlock(&machine->hotplug);
	return ret < 0 ? ret : size;
}

int64_t mh_sysfs_write(struct mh_machine *machine, struct mh_operation *operation, const char *path, const char *data,
		       size_t length)
{
	uint32_t block = 0;
	size_t file = block_file_of(machine, path, &block);

	if (file < BLOCK_FILE_COUNT)
		return write_block_file(machine, operation, file, block, data, length);
	file = file_of(path);
	return file < FILE_COUNT ? write_file(machine, file, data, length) : no_such_file(path);
}

int mh_sysfs_read(struct mh_machine *machine, const char *path, struct mh_text *ret_text)
{
	uint32_t block = 0;
	size_t file = block_file_of(machine, path, &block);

	if (file < BLOCK_FILE_COUNT) {
		if (!block_files[file].read)
			return -EOPNOTSUPP;
		block_files[file].read(machine, block, ret_text);
		return 0;
	}
	file = file_of(path);
	if (file == FILE_COUNT)
		return no_such_file(path);
	files[file].read(machine, ret_text);
	return 0;
}
