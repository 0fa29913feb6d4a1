/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that are read whole with a bound, written whole or not at all, or appended to; folders.
 * Each failure names the path and what the system said of it.
 */
#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_STEP 65536u

static int io_error(struct mh_error *reterr, int code, const char *verb, const char *path)
{
	return mh_error_set(reterr, code, "cannot %s '%s': %s", verb, path, strerror(-code));
}

/* Refuses what is no regular file, before anything is read: a pipe would block, a device never end. */
static int file_check(int fd, const char *path, size_t size_max, struct mh_error *reterr)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return io_error(reterr, -errno, "read", path);
	if (S_ISDIR(status.st_mode))
		return mh_error_set(reterr, -EISDIR, "cannot read '%s': it is a folder", path);
	if (!S_ISREG(status.st_mode))
		return mh_error_set(reterr, -EINVAL, "cannot read '%s': it is no regular file", path);
	if ((uint64_t)status.st_size > size_max)
		return mh_error_set(reterr, -EFBIG, "cannot read '%s': it has %lld bytes, more than %zu", path,
				    (long long)status.st_size, size_max);
	return 0;
}

/* Reads to the end, or one byte more than @size_max; a file's stated size is not believed (it is 0 under /proc). */
static int read_all(int fd, size_t size_max, char **ret_data, size_t *ret_size)
{
	size_t size = 0, capacity = 0;
	char *data = NULL;
	ssize_t got = 1;

	while (got != 0 && size <= size_max) {
		if (capacity - size < READ_STEP) {
			capacity = capacity ? capacity * 2 : 2 * READ_STEP;
			char *larger = realloc(data, capacity);

			if (!larger) {
				free(data);
				return -ENOMEM;
			}
			data = larger;
		}
		got = read(fd, data + size, capacity - size - 1);
		if (got < 0 && errno != EINTR) {
			int ret = -errno;

			free(data);
			return ret;
		}
		size += got > 0 ? (size_t)got : 0;
	}
	if (size > size_max) {
		free(data);
		return -EFBIG;
	}
	data[size] = '\0';
	*ret_data = data;
	*ret_size = size;
	return 0;
}

int mh_file_read(const char *path, size_t size_max, char **ret_data, size_t *ret_size, struct mh_error *reterr)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return io_error(reterr, -errno, "read", path);
	int ret = file_check(fd, path, size_max, reterr);

	if (ret == 0) {
		ret = read_all(fd, size_max, ret_data, ret_size);
		if (ret == -EFBIG)
			mh_error_set(reterr, ret, "cannot read '%s': it has more than %zu bytes", path, size_max);
		else if (ret < 0)
			io_error(reterr, ret, "read", path);
	}
	close(fd);
	return ret;
}

static int write_all(int fd, const char *data, size_t size)
{
	while (size > 0) {
		ssize_t put = write(fd, data, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		data += put;
		size -= (size_t)put;
	}
	return 0;
}

/* Writes, syncs and closes @path, which is left incomplete on failure. */
static int write_file(const char *path, const void *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (fd < 0)
		return -errno;
	int ret = write_all(fd, data, size);

	if (ret == 0 && fsync(fd) < 0)
		ret = -errno;
	if (close(fd) < 0 && ret == 0)
		ret = -errno;
	return ret;
}

/*
 * Makes the new name last through a power cut. Its failure is not told: the file is whole under either name, and some
 * file systems cannot sync a folder.
 */
static void folder_sync(const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];

	if (!slash)
		snprintf(folder, sizeof(folder), ".");
	else
		snprintf(folder, sizeof(folder), "%.*s", slash == path ? 1 : (int)(slash - path), path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	(void)fsync(fd);
	close(fd);
}

int mh_file_write(const char *path, const void *data, size_t size, struct mh_error *reterr)
{
	char temporary[PATH_MAX];
	int length = snprintf(temporary, sizeof(temporary), "%s.tmp.%ld", path, (long)getpid());

	if (length < 0 || (size_t)length >= sizeof(temporary))
		return io_error(reterr, -ENAMETOOLONG, "write", path);
	int ret = write_file(temporary, data, size);

	if (ret == 0 && rename(temporary, path) < 0)
		ret = -errno;
	if (ret < 0) {
		(void)unlink(temporary);
		return io_error(reterr, ret, "write", path);
	}
	folder_sync(path);
	return 0;
}

int mh_file_append(const char *path, const void *data, size_t size, struct mh_error *reterr)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);

	if (fd < 0)
		return io_error(reterr, -errno, "append to", path);
	int ret = write_all(fd, data, size);

	if (close(fd) < 0 && ret == 0)
		ret = -errno;
	return ret < 0 ? io_error(reterr, ret, "append to", path) : 0;
}

/* What is left of @from, at the end of @to. 0 or -errno. */
static int copy_pieces(int from, int to)
{
	char piece[READ_STEP];
	ssize_t got;

	while ((got = read(from, piece, sizeof(piece))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		int ret = got < 0 ? -errno : write_all(to, piece, (size_t)got);

		if (ret < 0)
			return ret;
	}
	return fsync(to) < 0 ? -errno : 0;
}

/* Makes @path of what is left of @from; nothing is left of it on failure. */
static int copy_to(int from, const char *path)
{
	int to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);

	if (to < 0)
		return -errno;
	int ret = copy_pieces(from, to);

	if (close(to) < 0 && ret == 0)
		ret = -errno;
	if (ret < 0)
		(void)unlink(path);
	return ret;
}

int mh_file_copy(const char *from, const char *to, struct mh_error *reterr)
{
	int fd = open(from, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	char temporary[PATH_MAX];

	if (fd < 0)
		return io_error(reterr, -errno, "read", from);
	int ret = file_check(fd, from, SIZE_MAX, reterr);

	if (ret < 0) {
		close(fd);
		return ret;
	}
	if (snprintf(temporary, sizeof(temporary), "%s.tmp.%ld", to, (long)getpid()) >= (int)sizeof(temporary))
		ret = -ENAMETOOLONG;
	else
		ret = copy_to(fd, temporary);
	close(fd);
	if (ret == 0 && rename(temporary, to) < 0) {
		ret = -errno;
		(void)unlink(temporary);
	}
	return ret < 0 ? io_error(reterr, ret, "write", to) : 0;
}

int mh_stream_open(struct mh_stream *stream, const char *path, struct mh_error *reterr)
{
	*stream = (struct mh_stream){0};
	char *copy = strdup(path);

	if (!copy)
		return io_error(reterr, -ENOMEM, "write", path);
	FILE *file = fopen(path, "we");

	if (!file) {
		int ret = -errno;

		free(copy);
		return io_error(reterr, ret, "write", path);
	}
	stream->file = file;
	stream->path = copy;
	return 0;
}

/* Keeps the first failure, and cuts the file back to what was flushed whole: no line is left half-written. */
static void stream_fail(struct mh_stream *stream, int code)
{
	stream->error = code ? code : -EIO;
	__fpurge(stream->file);
	(void)!ftruncate(fileno(stream->file), stream->flushed);
}

void mh_stream_print(struct mh_stream *stream, const char *format, ...)
{
	va_list arguments;

	if (stream->error || !stream->file)
		return;
	va_start(arguments, format);
	if (vfprintf(stream->file, format, arguments) < 0)
		stream_fail(stream, -errno);
	va_end(arguments);
}

void mh_stream_write(struct mh_stream *stream, const void *data, size_t size)
{
	if (stream->error || !stream->file)
		return;
	if (fwrite(data, 1, size, stream->file) != size)
		stream_fail(stream, -errno);
}

int mh_stream_flush(struct mh_stream *stream, struct mh_error *reterr)
{
	if (!stream->file)
		return 0;
	if (!stream->error && fflush(stream->file) != 0)
		stream_fail(stream, -errno);
	if (stream->error)
		return io_error(reterr, stream->error, "write", stream->path);
	stream->flushed = ftell(stream->file);
	return 0;
}

int mh_stream_close(struct mh_stream *stream, struct mh_error *reterr)
{
	int ret = mh_stream_flush(stream, reterr);

	if (stream->file && fclose(stream->file) != 0 && ret == 0)
		ret = io_error(reterr, -errno, "write", stream->path);
	free(stream->path);
	*stream = (struct mh_stream){0};
	return ret;
}

/* Does the folder hold anything but "." and ".."? -errno when it cannot be read. */
static int folder_has_entries(const char *path)
{
	DIR *folder = opendir(path);
	bool found = false;

	if (!folder)
		return -errno;
	for (struct dirent *entry = readdir(folder); entry && !found; entry = readdir(folder))
		found = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(folder);
	return found;
}

int mh_folder_make_empty(const char *path, struct mh_error *reterr)
{
	if (mkdir(path, 0755) == 0)
		return 0;
	if (errno != EEXIST)
		return io_error(reterr, -errno, "make the folder", path);
	int ret = folder_has_entries(path);

	if (ret == -ENOTDIR)
		return mh_error_set(reterr, ret, "cannot make the folder '%s': there is a file of that name", path);
	if (ret < 0)
		return io_error(reterr, ret, "read the folder", path);
	if (ret > 0)
		return mh_error_set(reterr, -ENOTEMPTY, "the folder '%s' is not empty: name one that does not exist",
				    path);
	if (access(path, W_OK | X_OK) < 0)
		return io_error(reterr, -errno, "write into the folder", path);
	return 0;
}

static int folder_make_one(const char *path)
{
	struct stat status;

	if (mkdir(path, 0755) == 0)
		return 0;
	if (errno != EEXIST)
		return -errno;
	if (stat(path, &status) < 0)
		return -errno;
	return S_ISDIR(status.st_mode) ? 0 : -ENOTDIR;
}

int mh_folder_make(const char *path, struct mh_error *reterr)
{
	char part[PATH_MAX];
	size_t length = strlen(path);

	if (length == 0 || length >= sizeof(part))
		return io_error(reterr, length ? -ENAMETOOLONG : -ENOENT, "make the folder", path);
	memcpy(part, path, length + 1);
	for (size_t i = 1; i <= length; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		part[i] = '\0';
		int ret = folder_make_one(part);

		if (ret < 0)
			return io_error(reterr, ret, "make the folder", part);
		part[i] = path[i];
	}
	return 0;
}
