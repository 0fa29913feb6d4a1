/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading small files of the host. */
#include "results/host_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "results/environment.h"

static bool host_path(const char *root, const char *path, char buffer[PATH_MAX])
{
	int length = snprintf(buffer, PATH_MAX, "%s%s", root, path);

	return length > 0 && length < PATH_MAX;
}

char *mh_host_file_read(const char *root, const char *path)
{
	char full[PATH_MAX];
	char *data;
	size_t size;

	if (!host_path(root, path, full) || mh_file_read(full, MH_HOST_FILE_SIZE_MAX, &data, &size, NULL) < 0)
		return NULL;
	return data;
}

bool mh_host_file_exists(const char *root, const char *path)
{
	char full[PATH_MAX];

	return host_path(root, path, full) && access(full, F_OK) == 0;
}

/* Copies a line without the blanks around it. */
static bool copy_line(const char *text, char *buffer, size_t size)
{
	text += strspn(text, " \t");
	size_t length = strcspn(text, "\n");

	while (length > 0 && strchr(" \t\r", text[length - 1]))
		length--;
	snprintf(buffer, size, "%.*s", (int)length, text);
	return length > 0;
}

bool mh_host_line(const char *root, const char *path, char *buffer, size_t size)
{
	char *text = mh_host_file_read(root, path);
	bool found = text && copy_line(text, buffer, size);

	if (!found)
		buffer[0] = '\0';
	free(text);
	return found;
}

int64_t mh_host_parse(const char *text)
{
	char *end;

	errno = 0;
	long long value = strtoll(text, &end, 10);

	return end == text || errno ? MH_NOT_AVAILABLE : value;
}

int64_t mh_host_number(const char *root, const char *path)
{
	char line[64];

	return mh_host_line(root, path, line, sizeof(line)) ? mh_host_parse(line) : MH_NOT_AVAILABLE;
}

bool mh_host_value(const char *text, const char *key, char *buffer, size_t size)
{
	size_t length = strlen(key);

	buffer[0] = '\0';
	while (text && *text) {
		const char *behind = strncmp(text, key, length) == 0 ? text + length : NULL;

		if (behind && strchr(" \t:=", *behind) && *behind)
			return copy_line(behind + strspn(behind, " \t:="), buffer, size);
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return false;
}
