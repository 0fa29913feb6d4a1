/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small files of /proc and /sys, under a root folder of choice. What is not there, or cannot be read, leaves the answer
 * at "not available" (results/environment.h): an empty text or MH_NOT_AVAILABLE.
 */
#ifndef RESULTS_HOST_FILE_H
#define RESULTS_HOST_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MH_HOST_FILE_SIZE_MAX (8u << 20) /* /proc/cpuinfo of a thousand CPUs has 1.5 MB */

/* The whole file, malloc'ed and NUL-terminated; NULL when it cannot be read. @path begins with a slash. */
char *mh_host_file_read(const char *root, const char *path);
bool mh_host_file_exists(const char *root, const char *path);

/* The first line, cut to @size. False and "" when there is none. */
bool mh_host_line(const char *root, const char *path, char *buffer, size_t size);
/* The file holds one whole number. */
int64_t mh_host_number(const char *root, const char *path);

/* What stands behind "KEY", blanks and ':' or '=' in the first line that begins with KEY; false and "" when none does.
 */
bool mh_host_value(const char *text, const char *key, char *buffer, size_t size);

/* A whole number at the beginning of @text, a sign allowed; MH_NOT_AVAILABLE when there is none. */
int64_t mh_host_parse(const char *text);

#endif
