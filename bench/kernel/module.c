/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/module.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define MODULES       "/lib/modules"
#define LIST_SIZE_MAX (16u << 20)

bool mh_kernel_module_is_loaded(const struct mh_kernel_tree *tree, const char *name)
{
	char path[MH_KERNEL_PATH_SIZE];

	return mh_kernel_has(tree, mh_kernel_path(tree, path, "/sys/module/%s", name));
}

/* Whether @file, "kernel/lib/notifier-error-inject.ko.xz", is the module's: '-' and '_' are the same there. */
static bool is_file_of(const char *file, size_t length, const char *name)
{
	const char *base = memrchr(file, '/', length);
	const char *letter = base ? base + 1 : file;

	for (; *name; letter++, name++)
		if (*letter != *name && !(*letter == '-' && *name == '_'))
			return false;
	return strncmp(letter, ".ko", strlen(".ko")) == 0;
}

/* The file by the list that modprobe goes by, a line each: "FILE: what it needs". Below the list's folder. */
static int find_file(const char *list, const char *name, char ret_file[MH_KERNEL_PATH_SIZE])
{
	while (*list) {
		const size_t length = strcspn(list, ":\n");

		if (list[length] == ':' && length < MH_KERNEL_PATH_SIZE && is_file_of(list, length, name)) {
			snprintf(ret_file, MH_KERNEL_PATH_SIZE, "%.*s", (int)length, list);
			return 0;
		}
		list += strcspn(list, "\n");
		list += *list == '\n';
	}
	return -ENOENT;
}

static int find_module(const struct mh_kernel_tree *tree, const char *release, const char *name,
		       char path[MH_KERNEL_PATH_SIZE], struct mh_error *reterr)
{
	struct mh_text list = MH_TEXT_INIT;
	char file[MH_KERNEL_PATH_SIZE];
	int ret;

	mh_kernel_path(tree, path, MODULES "/%s/modules.dep", release);
	ret = mh_kernel_read_text(tree, path, LIST_SIZE_MAX, &list, reterr);
	if (ret == 0 && find_file(list.data, name, file) < 0)
		ret = mh_error_set(reterr, -ENOENT, "'%s' names no module %s", path, name);
	if (ret == 0)
		mh_kernel_path(tree, path, MODULES "/%s/%s", release, file);
	mh_text_release(&list);
	return ret;
}

/* Below a root of its own there are files, but these two calls would be done to the system that we run on. */
static bool is_plain_folder(const struct mh_kernel_tree *tree)
{
	return !mh_kernel_tree_is_real(tree) && tree->calls == &mh_kernel_calls_system;
}

bool mh_kernel_module_is_there(const struct mh_kernel_tree *tree, const char *release, const char *name)
{
	char path[MH_KERNEL_PATH_SIZE];

	return !is_plain_folder(tree) && find_module(tree, release, name, path, NULL) == 0;
}

static int refuse_plain_folder(const struct mh_kernel_tree *tree, const char *name, struct mh_error *reterr)
{
	if (!is_plain_folder(tree))
		return 0;
	return mh_error_set(reterr, -EOPNOTSUPP, "module %s: a made-up kernel loads and unloads nothing", name);
}

static int load_file(const struct mh_kernel_tree *tree, const char *path, const char *parameters,
		     struct mh_error *reterr)
{
	const char *end = strstr(path, ".ko");
	const bool packed = end && strcmp(end, ".ko") != 0;
	int fd = tree->calls->open(tree->calls->data, path, O_RDONLY), ret;

	if (fd < 0)
		return mh_kernel_complain(reterr, fd, "load", path);
	ret = tree->calls->load(tree->calls->data, fd, parameters, packed);
	tree->calls->close(tree->calls->data, fd);
	return ret < 0 ? mh_kernel_complain(reterr, ret, "load", path) : 0;
}

int mh_kernel_module_load(const struct mh_kernel_tree *tree, const char *release, const char *name,
			  const char *parameters, struct mh_error *reterr)
{
	char path[MH_KERNEL_PATH_SIZE];
	int ret = refuse_plain_folder(tree, name, reterr);

	if (ret == 0)
		ret = find_module(tree, release, name, path, reterr);
	return ret == 0 ? load_file(tree, path, parameters, reterr) : ret;
}

int mh_kernel_module_load_file(const struct mh_kernel_tree *tree, const char *path, const char *parameters,
			       struct mh_error *reterr)
{
	const int ret = refuse_plain_folder(tree, path, reterr);

	return ret < 0 ? ret : load_file(tree, path, parameters, reterr);
}

int mh_kernel_module_name(const char *path, char *ret_name, size_t size, struct mh_error *reterr)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	const char *end = strstr(name, ".ko");

	if (!end || end == name || (size_t)(end - name) >= size)
		return mh_error_set(reterr, -EINVAL, "'%s' is no module of a kernel: it would be called NAME.ko", path);
	snprintf(ret_name, size, "%.*s", (int)(end - name), name);
	for (char *letter = ret_name; *letter; letter++)
		if (*letter == '-')
			*letter = '_';
	return 0;
}

int mh_kernel_module_unload(const struct mh_kernel_tree *tree, const char *name, struct mh_error *reterr)
{
	int ret = refuse_plain_folder(tree, name, reterr);

	if (ret < 0)
		return ret;
	ret = tree->calls->unload(tree->calls->data, name);
	return ret < 0 ? mh_error_set(reterr, ret, "module %s cannot be unloaded: %s", name, strerror(-ret)) : 0;
}
