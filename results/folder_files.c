/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of a result folder with their sizes and sums. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "results/folder_private.h"

#define OPEN_FOLDERS_MAX 16 /* while walking: deeper folders are reopened */

bool mh_folder_exists(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0;
}

void mh_folder_forget_files(struct mh_result_folder *folder)
{
	for (size_t i = 0; i < folder->file_count; i++)
		free(folder->files[i].path);
	free(folder->files);
	folder->files = NULL;
	folder->file_count = 0;
	folder->file_capacity = 0;
}

int mh_folder_add_file(struct mh_result_folder *folder, const char *path, uint64_t size, const char *sha256)
{
	if (folder->file_count == folder->file_capacity) {
		size_t capacity = folder->file_capacity ? 2 * folder->file_capacity : 16;
		struct mh_result_folder_file *files = reallocarray(folder->files, capacity, sizeof(*files));

		if (!files)
			return -ENOMEM;
		folder->files = files;
		folder->file_capacity = capacity;
	}
	struct mh_result_folder_file *file = &folder->files[folder->file_count];

	*file = (struct mh_result_folder_file){.path = strdup(path), .size = size};
	if (!file->path)
		return -ENOMEM;
	snprintf(file->sha256, sizeof(file->sha256), "%s", sha256);
	folder->file_count++;
	return 0;
}

/* A piece at a time: a history may be larger than the memory that is left, and a mapping would count as the run's. */
static int file_sum(const char *path, uint64_t *ret_size, char ret_hex[MH_SHA256_TEXT])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int ret;

	if (fd < 0)
		return -errno;
	ret = mh_sha256_read(fd, ret_size, ret_hex);
	close(fd);
	return ret;
}

/* nftw() knows no argument for its callback. */
static _Thread_local struct mh_result_folder *walked;

static int walk_file(const char *path, const struct stat *status, int type, struct FTW *where)
{
	const char *relative = path + strlen(walked->path) + 1;
	char hex[MH_SHA256_TEXT];
	uint64_t size = 0;

	(void)where;
	if (type != FTW_F || !S_ISREG(status->st_mode))
		return 0;
	if (strcmp(relative, "manifest.json") == 0 || strstr(relative, ".tmp."))
		return 0;
	if (walked->file_count == MH_FOLDER_FILES_MAX)
		return -EFBIG;
	int ret = file_sum(path, &size, hex);

	return ret < 0 ? ret : mh_folder_add_file(walked, relative, size, hex);
}

static int compare_files(const void *a, const void *b)
{
	return strcmp(((const struct mh_result_folder_file *)a)->path, ((const struct mh_result_folder_file *)b)->path);
}

int mh_folder_list_files(struct mh_result_folder *folder, struct mh_error *reterr)
{
	mh_folder_forget_files(folder);
	walked = folder;
	int ret = nftw(folder->path, walk_file, OPEN_FOLDERS_MAX, FTW_PHYS);

	walked = NULL;
	if (ret == -1) /* nftw() itself */
		ret = -errno;
	if (ret < 0)
		return mh_error_set(reterr, ret, "cannot list the files of '%s': %s", folder->path, strerror(-ret));
	if (folder->file_count)
		qsort(folder->files, folder->file_count, sizeof(*folder->files), compare_files);
	return 0;
}

/* A manifest that somebody else wrote may name anything: nothing that leads out of the folder is opened. */
static bool path_is_inside(const char *path)
{
	size_t length;

	for (; *path; path += length + (path[length] == '/')) {
		length = strcspn(path, "/");
		if (length == 0 || (length == 1 && path[0] == '.') || (length == 2 && path[0] == '.' && path[1] == '.'))
			return false;
	}
	return true;
}

/* NULL: as the manifest says. */
static const char *difference(const struct mh_result_folder *folder, const struct mh_result_folder_file *file)
{
	char hex[MH_SHA256_TEXT], *path;
	struct stat status;
	uint64_t size;
	int ret;

	if (!path_is_inside(file->path))
		return "is no path within the folder";
	if (asprintf(&path, "%s/%s", folder->path, file->path) < 0)
		return "could not be read: no memory";
	ret = lstat(path, &status) < 0 ? -errno : 0;
	if (ret == 0 && S_ISREG(status.st_mode))
		ret = file_sum(path, &size, hex);
	free(path);
	if (ret == -ENOENT)
		return "is missing";
	if (ret < 0)
		return "could not be read";
	if (!S_ISREG(status.st_mode))
		return "is no plain file";
	return size == file->size && strcmp(hex, file->sha256) == 0 ? NULL : "is not as it was written";
}

size_t mh_result_folder_check_files(const struct mh_result_folder *folder,
				    void (*found)(void *data, const char *path, const char *why), void *data)
{
	size_t count = 0;

	for (size_t i = 0; i < folder->file_count; i++) {
		const char *why = difference(folder, &folder->files[i]);

		if (!why)
			continue;
		found(data, folder->files[i].path, why);
		count++;
	}
	return count;
}
