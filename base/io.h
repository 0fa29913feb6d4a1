/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files, whole or not at all: bounded reading; writing to NAME.tmp.PID, fsync, rename; streams that are flushed.
 */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

/**
 * mh_file_read - the whole of a regular file
 * @size_max: bytes; a larger file is -EFBIG
 * @ret_data: malloc'ed, NUL-terminated behind @ret_size bytes
 *
 * Return: 0; -ENOENT, -EACCES, -EISDIR, -EINVAL (no regular file: a device, a pipe), -EFBIG, -EIO, -ENOMEM, each with a
 * sentence that names the file.
 */
int mh_file_read(const char *path, size_t size_max, char **ret_data, size_t *ret_size, struct mh_error *reterr);

/* Writes NAME.tmp.PID beside @path, fsyncs, renames. On failure nothing is left and @path is as it was. */
int mh_file_write(const char *path, const void *data, size_t size, struct mh_error *reterr);

/* Appends to @path, or makes it: for a file that is not ours. What was appended before a failure stays. */
int mh_file_append(const char *path, const void *data, size_t size, struct mh_error *reterr);

/**
 * mh_file_copy - a regular file under another name, whole or not at all, a piece at a time
 *
 * A link is not followed. Return: 0; -ENOENT, -ELOOP, -EINVAL (no regular file), -ENOSPC and others with a sentence.
 */
int mh_file_copy(const char *from, const char *to, struct mh_error *reterr);

/* A stream that is appended to, for .hlog and .ndjson: errors are kept and told by flush and close. */
struct mh_stream {
	FILE *file;
	char *path;
	int error;    /* first negative errno met; later writes do nothing */
	long flushed; /* bytes on file after the last flush: after an error the file is cut back to them */
};

/* Makes @path, or empties it. */
int mh_stream_open(struct mh_stream *stream, const char *path, struct mh_error *reterr);
void mh_stream_print(struct mh_stream *stream, const char *format, ...) __attribute__((format(printf, 2, 3)));
void mh_stream_write(struct mh_stream *stream, const void *data, size_t size);
int mh_stream_flush(struct mh_stream *stream, struct mh_error *reterr);
int mh_stream_close(struct mh_stream *stream, struct mh_error *reterr); /* safe on a stream that never opened */

/* Makes @path, which must be absent or an empty folder; -ENOTEMPTY and all else with a sentence. Parents must exist. */
int mh_folder_make_empty(const char *path, struct mh_error *reterr);
/* Makes @path and its parents where they are absent. */
int mh_folder_make(const char *path, struct mh_error *reterr);

/* Hex SHA-256 of a buffer; @ret_hex takes 65 bytes. Source: FIPS 180-4. */
void mh_sha256_hex(const void *data, size_t size, char *ret_hex);
/* The same of all that can still be read from @fd, a piece at a time; 0 or -errno. */
int mh_sha256_read(int fd, uint64_t *ret_size, char *ret_hex);

#endif
