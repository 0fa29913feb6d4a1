/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "made_up_tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <criterion/criterion.h>

#include "base/io.h"
#include "bench/kernel/module.h"

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* The failure that this call meets: its -errno, or 0. */
static int fails(struct made_up_tree *made_up, enum made_up_call call, const char *path)
{
	struct made_up_failure *failure = &made_up->failure;

	if (failure->call != call || !ends_with(path, failure->path))
		return 0;
	if (failure->skip) {
		failure->skip--;
		return 0;
	}
	if (failure->times && --failure->times == 0)
		failure->call = CALL_NONE;
	return failure->error;
}

static const char *below_root(struct made_up_tree *made_up, const char *path)
{
	return path + strlen(made_up->root);
}

static int made_up_open(void *data, const char *path, int flags)
{
	struct made_up_tree *made_up = data;
	int fd = fails(made_up, CALL_OPEN, path);

	if (fd == 0)
		fd = mh_kernel_calls_system.open(NULL, path, flags);
	if (fd < 0)
		return fd;
	cr_assert_lt(fd, FILES_MAX);
	made_up->paths[fd] = strdup(below_root(made_up, path));
	made_up->open_count++;
	return fd;
}

static void made_up_close(void *data, int fd)
{
	struct made_up_tree *made_up = data;

	free(made_up->paths[fd]);
	made_up->paths[fd] = NULL;
	made_up->open_count--;
	mh_kernel_calls_system.close(NULL, fd);
}

static ssize_t made_up_read(void *data, int fd, void *buffer, size_t size, bool again)
{
	struct made_up_tree *made_up = data;
	int failed = fails(made_up, CALL_READ, made_up->paths[fd]);

	return failed ? failed : mh_kernel_calls_system.read(NULL, fd, buffer, size, again);
}

static ssize_t made_up_write(void *data, int fd, const void *bytes, size_t size)
{
	struct made_up_tree *made_up = data;
	char value[MH_KERNEL_VALUE_SIZE];
	int failed;

	snprintf(value, sizeof(value), "%.*s", (int)size, (const char *)bytes);
	value[strcspn(value, "\n")] = '\0';
	mh_text_add(&made_up->log, "%s %s\n", made_up->paths[fd], value);
	failed = fails(made_up, CALL_WRITE, made_up->paths[fd]);
	if (failed == 0 && made_up->answer)
		failed = made_up->answer(made_up, made_up->paths[fd], value);
	if (failed == MADE_UP_TAKEN)
		return (ssize_t)size;
	return failed ? failed : mh_kernel_calls_system.write(NULL, fd, bytes, size);
}

/* As an instance of tracefs, which comes with its files. */
static int made_up_make(void *data, const char *path)
{
	struct made_up_tree *made_up = data;
	int failed = fails(made_up, CALL_MAKE, path);

	if (failed == 0)
		failed = mh_kernel_calls_system.make(NULL, path);
	if (failed == 0)
		made_up_tracefs(made_up, below_root(made_up, path));
	return failed;
}

/* As an instance of tracefs, which goes with the files in it. */
static int made_up_remove(void *data, const char *path)
{
	char command[MH_KERNEL_PATH_SIZE + 16];
	struct stat status;
	int failed = fails(data, CALL_REMOVE, path);

	if (failed)
		return failed;
	if (stat(path, &status) < 0)
		return -errno;
	snprintf(command, sizeof(command), "rm -r '%s'", path);
	return system(command) == 0 ? 0 : -EIO;
}

static int made_up_list(void *data, const char *path, mh_kernel_name_fn each, void *into)
{
	(void)data;
	return mh_kernel_calls_system.list(NULL, path, each, into);
}

static void remove_folder(struct made_up_tree *made_up, const char *path)
{
	char command[MH_KERNEL_PATH_SIZE + 16];

	snprintf(command, sizeof(command), "rm -rf '%s%s'", made_up->root, path);
	cr_assert_eq(system(command), 0);
}

/* As the kernel: the module's folder, and the files that it has in debugfs. */
static int made_up_load(void *data, int fd, const char *parameters, bool packed)
{
	struct made_up_tree *made_up = data;
	const char *path = made_up->paths[fd];
	const char *name = strrchr(path, '/') + 1;
	char folder[MH_KERNEL_PATH_SIZE], full[MH_KERNEL_PATH_SIZE];
	int failed = fails(made_up, CALL_LOAD, path);

	mh_text_add(&made_up->log, "load %s '%s'%s\n", path, parameters, packed ? " packed" : "");
	if (failed)
		return failed;
	snprintf(folder, sizeof(folder), "/sys/module/%.*s", (int)strcspn(name, "."), name);
	for (char *letter = folder; *letter; letter++)
		*letter = *letter == '-' ? '_' : *letter;
	if (mh_kernel_has(&made_up->tree, mh_kernel_path(&made_up->tree, full, "%s", folder)))
		return -EEXIST;
	made_up_folder(made_up, folder);
	if (!strstr(path, "memory-notifier"))
		return 0;
	made_up_file(made_up, MH_KERNEL_INJECTOR "/MEM_GOING_ONLINE/error", "0\n");
	made_up_file(made_up, MH_KERNEL_INJECTOR "/MEM_GOING_OFFLINE/error", "0\n");
	return 0;
}

static int made_up_unload(void *data, const char *name)
{
	struct made_up_tree *made_up = data;
	char path[MH_KERNEL_PATH_SIZE];
	int failed = fails(made_up, CALL_UNLOAD, name);

	mh_text_add(&made_up->log, "unload %s\n", name);
	if (failed)
		return failed;
	snprintf(path, sizeof(path), "/sys/module/%s", name);
	if (!mh_kernel_module_is_loaded(&made_up->tree, name))
		return -ENOENT;
	remove_folder(made_up, path);
	if (strstr(name, "memory"))
		remove_folder(made_up, MH_KERNEL_INJECTOR);
	return 0;
}

void made_up_modules(struct made_up_tree *made_up)
{
	remove_folder(made_up, MH_KERNEL_INJECTOR);
	made_up_file(made_up, MADE_UP_MODULES "/modules.dep",
		     "kernel/lib/memory-notifier-error-inject.ko.xz: kernel/lib/notifier-error-inject.ko\n"
		     "kernel/lib/notifier-error-inject.ko:\n");
	made_up_file(made_up, MADE_UP_MODULES "/kernel/lib/notifier-error-inject.ko", "");
	made_up_file(made_up, MADE_UP_MODULES "/kernel/lib/memory-notifier-error-inject.ko.xz", "");
}

void made_up_init(struct made_up_tree *made_up)
{
	*made_up = (struct made_up_tree){
		.calls =
			{
				.open = made_up_open,
				.close = made_up_close,
				.read = made_up_read,
				.write = made_up_write,
				.make = made_up_make,
				.remove = made_up_remove,
				.list = made_up_list,
				.load = made_up_load,
				.unload = made_up_unload,
				.data = made_up,
			},
		.log = MH_TEXT_INIT,
	};
	snprintf(made_up->root, sizeof(made_up->root), "/tmp/memhp-made-up.XXXXXX");
	cr_assert_not_null(mkdtemp(made_up->root));
	made_up->tree = (struct mh_kernel_tree){.calls = &made_up->calls, .root = made_up->root};
}

void made_up_release(struct made_up_tree *made_up)
{
	char command[128];

	cr_expect_eq(made_up->open_count, 0u, "%u files were left open", made_up->open_count);
	snprintf(command, sizeof(command), "rm -rf '%s'", made_up->root);
	cr_expect_eq(system(command), 0);
	mh_text_release(&made_up->log);
}

static void put(struct made_up_tree *made_up, const char *path, const char *content, size_t size, const char *mode)
{
	char full[MH_KERNEL_PATH_SIZE], *slash;
	struct mh_error error;
	FILE *file;

	mh_kernel_path(&made_up->tree, full, "%s", path);
	slash = strrchr(full, '/');
	*slash = '\0';
	cr_assert_eq(mh_folder_make(full, &error), 0, "%s", error.text);
	*slash = '/';
	file = fopen(full, mode);
	cr_assert_not_null(file, "%s", full);
	cr_assert_eq(fwrite(content, 1, size, file), size);
	fclose(file);
}

void made_up_file(struct made_up_tree *made_up, const char *path, const char *content)
{
	put(made_up, path, content, strlen(content), "w");
}

void made_up_bytes(struct made_up_tree *made_up, const char *path, const char *bytes, size_t size)
{
	put(made_up, path, bytes, size, "w");
}

void made_up_add(struct made_up_tree *made_up, const char *path, const char *content)
{
	put(made_up, path, content, strlen(content), "a");
}

void made_up_folder(struct made_up_tree *made_up, const char *path)
{
	char full[MH_KERNEL_PATH_SIZE];
	struct mh_error error;

	cr_assert_eq(mh_folder_make(mh_kernel_path(&made_up->tree, full, "%s", path), &error), 0, "%s", error.text);
}

const char *made_up_content(struct made_up_tree *made_up, const char *path, char ret[MH_KERNEL_VALUE_SIZE])
{
	char full[MH_KERNEL_PATH_SIZE];
	FILE *file = fopen(mh_kernel_path(&made_up->tree, full, "%s", path), "r");
	size_t length = file ? fread(ret, 1, MH_KERNEL_VALUE_SIZE - 1, file) : 0;

	ret[length] = '\0';
	if (file)
		fclose(file);
	return ret;
}

void made_up_block(struct made_up_tree *made_up, unsigned index, const char *state, const char *zones, int node)
{
	char path[MH_KERNEL_PATH_SIZE];

	snprintf(path, sizeof(path), MH_KERNEL_MEMORY "/memory%u/state", index);
	made_up_file(made_up, path, state);
	snprintf(path, sizeof(path), MH_KERNEL_MEMORY "/memory%u/valid_zones", index);
	made_up_file(made_up, path, zones);
	snprintf(path, sizeof(path), MH_KERNEL_MEMORY "/memory%u/removable", index);
	made_up_file(made_up, path, "1\n");
	snprintf(path, sizeof(path), MH_KERNEL_MEMORY "/memory%u/node%d", index, node);
	made_up_folder(made_up, path);
}

void made_up_blocks(struct made_up_tree *made_up)
{
	made_up_file(made_up, MH_KERNEL_MEMORY "/block_size_bytes", "8000000\n");
	for (unsigned index = 32; index < 36; index++)
		made_up_block(made_up, index, "offline\n", "Normal Movable\n", 3);
}

static void tracefs_file(struct made_up_tree *made_up, const char *folder, const char *name, const char *content)
{
	char path[MH_KERNEL_PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	made_up_file(made_up, path, content);
}

void made_up_tracefs(struct made_up_tree *made_up, const char *folder)
{
	tracefs_file(made_up, folder, "trace_clock", "[local] global mono_raw\n");
	tracefs_file(made_up, folder, "tracing_on", "1\n");
	tracefs_file(made_up, folder, "trace_pipe", "");
	tracefs_file(made_up, folder, "events/memhp/enable", "0\n");
	tracefs_file(made_up, folder, "events/memhp/mn/filter", "none\n");
	tracefs_file(made_up, folder, "events/memhp/mr/filter", "none\n");
}

void made_up_whole(struct made_up_tree *made_up, const char *release)
{
	made_up_blocks(made_up);
	made_up_file(made_up, "/proc/sys/kernel/osrelease", release);
	made_up_file(made_up, "/proc/kallsyms",
		     "ffffffff81105b50 T blocking_notifier_call_chain\nffffffff82de14e0 d memory_chain\n"
		     "ffffffff82de1500 d memory_chain_of_others\n");
	made_up_file(made_up, MADE_UP_TRACING "/kprobe_events", "");
	made_up_tracefs(made_up, MADE_UP_TRACING);
	made_up_folder(made_up, MADE_UP_TRACING "/instances");
	made_up_file(made_up, MH_KERNEL_INJECTOR "/MEM_GOING_ONLINE/error", "0\n");
	made_up_file(made_up, MH_KERNEL_INJECTOR "/MEM_GOING_OFFLINE/error", "0\n");
}

const char *made_up_state(struct made_up_tree *made_up, unsigned index, char ret[MH_KERNEL_VALUE_SIZE])
{
	char path[MH_KERNEL_PATH_SIZE];

	snprintf(path, sizeof(path), MH_KERNEL_MEMORY "/memory%u/state", index);
	made_up_content(made_up, path, ret);
	ret[strcspn(ret, "\n")] = '\0';
	return ret;
}
