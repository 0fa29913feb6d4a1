/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's files by their place below a root: "" for this system's, a folder for a made-up tree. Values are short
 * texts, read and written whole; each failure has its sentence with the path, what was wanted and what helps.
 */
#ifndef BENCH_KERNEL_TREE_H
#define BENCH_KERNEL_TREE_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "bench/kernel/calls.h"

#define MH_KERNEL_PATH_SIZE  512
#define MH_KERNEL_VALUE_SIZE 256 /* of what one of these files shows, with its NUL */

#define MH_KERNEL_MEMORY   "/sys/devices/system/memory"
#define MH_KERNEL_DEBUG    "/sys/kernel/debug"
#define MH_KERNEL_INJECTOR MH_KERNEL_DEBUG "/notifier-error-inject/memory/actions"

struct mh_kernel_tree {
	const struct mh_kernel_calls *calls;
	const char *root; /* without a '/' at its end; "" for the real one */
};

/* The real kernel's own files, where only root may write and what is done is done to this machine. */
static inline bool mh_kernel_tree_is_real(const struct mh_kernel_tree *tree)
{
	return tree->root[0] == '\0';
}

/* root, then @format; into @path, which is returned. One too long is cut, and then names no file. */
char *mh_kernel_path(const struct mh_kernel_tree *tree, char path[MH_KERNEL_PATH_SIZE], const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * mh_kernel_complain - the sentence for a call that failed
 * @code: -errno of the call, returned
 * @wanted: what was tried: "open", "read", "write 'offline' to"
 */
int mh_kernel_complain(struct mh_error *reterr, int code, const char *wanted, const char *path);

/* All of @path without the newline at its end. 0, or -errno with a sentence; -EFBIG above MH_KERNEL_VALUE_SIZE. */
int mh_kernel_read(const struct mh_kernel_tree *tree, const char *path, char value[MH_KERNEL_VALUE_SIZE],
		   struct mh_error *reterr);
/* The whole of a longer file; -EFBIG above @size_max. */
int mh_kernel_read_text(const struct mh_kernel_tree *tree, const char *path, size_t size_max, struct mh_text *text,
			struct mh_error *reterr);
/* @value in one call. A call that took less is -EIO. */
int mh_kernel_write(const struct mh_kernel_tree *tree, const char *path, const char *value, struct mh_error *reterr);
/* The same at the end of a list of definitions, such as kprobe_events, which a plain write would empty. */
int mh_kernel_append(const struct mh_kernel_tree *tree, const char *path, const char *value, struct mh_error *reterr);
/* Does @path exist and can it be read? */
bool mh_kernel_has(const struct mh_kernel_tree *tree, const char *path);

#endif
