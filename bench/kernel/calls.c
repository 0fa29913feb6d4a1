/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/calls.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PACKED_FILE 4 /* finit_module's MODULE_INIT_COMPRESSED_FILE, younger than some libc's headers */

static int system_open(void *data, const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	(void)data;
	return fd < 0 ? -errno : fd;
}

static void system_close(void *data, int fd)
{
	(void)data;
	(void)close(fd);
}

/* trace_pipe cannot be read anew, nor can a pipe in a made-up tree. */
static ssize_t system_read(void *data, int fd, void *buffer, size_t size, bool again)
{
	ssize_t got = again ? pread(fd, buffer, size, 0) : read(fd, buffer, size);

	(void)data;
	if (again && got < 0 && errno == ESPIPE)
		got = read(fd, buffer, size);
	return got < 0 ? -errno : got;
}

/* The kernel's files do not look at the offset; a made-up tree's regular ones would grow without it. */
static ssize_t system_write(void *data, int fd, const void *bytes, size_t size)
{
	ssize_t done = pwrite(fd, bytes, size, 0);

	(void)data;
	if (done == -1 && errno == ESPIPE)
		done = write(fd, bytes, size);
	/* What a listener returned beyond the range of errnos comes through as it is, and the C library takes it for a
	 * result. */
	return done == -1 ? -errno : done;
}

static int system_make(void *data, const char *path)
{
	(void)data;
	return mkdir(path, 0700) < 0 ? -errno : 0;
}

static int system_remove(void *data, const char *path)
{
	(void)data;
	return rmdir(path) < 0 ? -errno : 0;
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static int system_list(void *data, const char *path, mh_kernel_name_fn each, void *into)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	int ret = 0;

	(void)data;
	if (!folder)
		return -errno;
	while (ret == 0) {
		errno = 0;
		entry = readdir(folder);
		if (!entry) {
			ret = -errno;
			break;
		}
		if (!is_dots(entry->d_name))
			ret = each(into, entry->d_name);
	}
	(void)closedir(folder);
	return ret;
}

/* Of these two the C library has no functions. */
static int system_load(void *data, int fd, const char *parameters, bool packed)
{
	(void)data;
	return syscall(SYS_finit_module, fd, parameters, packed ? PACKED_FILE : 0) < 0 ? -errno : 0;
}

static int system_unload(void *data, const char *name)
{
	(void)data;
	return syscall(SYS_delete_module, name, O_NONBLOCK) < 0 ? -errno : 0;
}

const struct mh_kernel_calls mh_kernel_calls_system = {
	.open = system_open,
	.close = system_close,
	.read = system_read,
	.write = system_write,
	.make = system_make,
	.remove = system_remove,
	.list = system_list,
	.load = system_load,
	.unload = system_unload,
};
