/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The few system calls that a real kernel is driven by, behind one narrow interface: all of bench/kernel goes through
 * it, so that a test can answer in the kernel's place, with any errno at any call.
 *
 * Every function returns what it came to, 0 or more, or -errno; none prints, none retries.
 */
#ifndef BENCH_KERNEL_CALLS_H
#define BENCH_KERNEL_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Called with each name in a folder, "." and ".." left out; what it returns but 0 ends the listing. */
typedef int (*mh_kernel_name_fn)(void *into, const char *name);

struct mh_kernel_calls {
	int (*open)(void *data, const char *path, int flags); /* a file descriptor */
	void (*close)(void *data, int fd);
	/* @again: from the beginning, as a file of sysfs is read anew; else what comes next. */
	ssize_t (*read)(void *data, int fd, void *buffer, size_t size, bool again);
	/* One call, at the file's beginning: files of sysfs, tracefs and debugfs take a value a call. */
	ssize_t (*write)(void *data, int fd, const void *bytes, size_t size);
	int (*make)(void *data, const char *path);   /* a folder */
	int (*remove)(void *data, const char *path); /* an empty folder, or an instance of tracefs */
	int (*list)(void *data, const char *path, mh_kernel_name_fn each, void *into);
	/* A module from its open file, @packed as distributions compress them; and by its name, with '_'. */
	int (*load)(void *data, int fd, const char *parameters, bool packed);
	int (*unload)(void *data, const char *name);
	void *data;
};

/* Those of this system. */
extern const struct mh_kernel_calls mh_kernel_calls_system;

#endif
