/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define READ_STEP 4096

char *mh_kernel_path(const struct mh_kernel_tree *tree, char path[MH_KERNEL_PATH_SIZE], const char *format, ...)
{
	int length = snprintf(path, MH_KERNEL_PATH_SIZE, "%s", tree->root);
	va_list arguments;

	if (length < 0 || length >= MH_KERNEL_PATH_SIZE)
		return path;
	va_start(arguments, format);
	(void)vsnprintf(path + length, (size_t)(MH_KERNEL_PATH_SIZE - length), format, arguments);
	va_end(arguments);
	return path;
}

/* What helps; "" where the errno says all. */
static const char *remedy(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return "; only root may: run it as root, outside of a container";
	case EROFS:
		return "; it is mounted read-only, as in a container: run it on the machine itself";
	case ENOENT:
		return "; this kernel has no such file, or what it belongs to has gone";
	case ENODEV:
		return "; what it belongs to was removed meanwhile";
	case EBUSY:
		return "; something else uses it: wait until that has ended";
	case EINTR:
		return "; a signal ended it";
	default:
		return "";
	}
}

int mh_kernel_complain(struct mh_error *reterr, int code, const char *wanted, const char *path)
{
	return mh_error_set(reterr, code, "cannot %s '%s': %s%s", wanted, path, strerror(-code), remedy(-code));
}

static int open_file(const struct mh_kernel_tree *tree, const char *path, int flags, struct mh_error *reterr)
{
	int fd = tree->calls->open(tree->calls->data, path, flags);

	if (fd < 0)
		return mh_kernel_complain(reterr, fd, flags == O_RDONLY ? "read" : "write to", path);
	return fd;
}

static int read_all(const struct mh_kernel_tree *tree, int fd, size_t size_max, struct mh_text *text)
{
	char buffer[READ_STEP];
	ssize_t got;

	while ((got = tree->calls->read(tree->calls->data, fd, buffer, sizeof(buffer), false)) > 0) {
		mh_text_append(text, buffer, (size_t)got);
		if (text->length > size_max)
			return -EFBIG;
	}
	if (got < 0)
		return (int)got;
	return text->failed ? -ENOMEM : 0;
}

int mh_kernel_read_text(const struct mh_kernel_tree *tree, const char *path, size_t size_max, struct mh_text *text,
			struct mh_error *reterr)
{
	int fd = open_file(tree, path, O_RDONLY, reterr), ret;

	if (fd < 0)
		return fd;
	ret = read_all(tree, fd, size_max, text);
	tree->calls->close(tree->calls->data, fd);
	return ret < 0 ? mh_kernel_complain(reterr, ret, "read", path) : 0;
}

int mh_kernel_read(const struct mh_kernel_tree *tree, const char *path, char value[MH_KERNEL_VALUE_SIZE],
		   struct mh_error *reterr)
{
	struct mh_text text = MH_TEXT_INIT;
	int ret = mh_kernel_read_text(tree, path, MH_KERNEL_VALUE_SIZE - 1, &text, reterr);

	if (ret == 0) {
		snprintf(value, MH_KERNEL_VALUE_SIZE, "%s", text.data);
		value[strcspn(value, "\n")] = '\0';
	}
	mh_text_release(&text);
	return ret;
}

static int write_once(const struct mh_kernel_tree *tree, const char *path, int flags, const char *value,
		      struct mh_error *reterr)
{
	int fd = open_file(tree, path, flags, reterr);
	const size_t length = strlen(value);
	char wanted[MH_KERNEL_VALUE_SIZE];
	ssize_t done;

	if (fd < 0)
		return fd;
	done = tree->calls->write(tree->calls->data, fd, value, length);
	tree->calls->close(tree->calls->data, fd);
	if (done == (ssize_t)length)
		return 0;
	snprintf(wanted, sizeof(wanted), "write '%.*s' to", (int)strcspn(value, "\n"), value);
	return mh_kernel_complain(reterr, done < 0 ? (int)done : -EIO, wanted, path);
}

int mh_kernel_write(const struct mh_kernel_tree *tree, const char *path, const char *value, struct mh_error *reterr)
{
	return write_once(tree, path, O_WRONLY, value, reterr);
}

int mh_kernel_append(const struct mh_kernel_tree *tree, const char *path, const char *value, struct mh_error *reterr)
{
	return write_once(tree, path, O_WRONLY | O_APPEND, value, reterr);
}

bool mh_kernel_has(const struct mh_kernel_tree *tree, const char *path)
{
	int fd = tree->calls->open(tree->calls->data, path, O_RDONLY);

	if (fd < 0)
		return false;
	tree->calls->close(tree->calls->data, fd);
	return true;
}
