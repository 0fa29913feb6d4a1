/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes a result folder and fills it, a step at a time; the manifest follows each step (folder_manifest.c). */
#include "results/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/io.h"
#include "base/text.h"
#include "results/folder_private.h"

void mh_result_folder_release(struct mh_result_folder *folder)
{
	for (size_t i = 0; i < folder->run_count; i++) {
		free(folder->runs[i].cell);
		free(folder->runs[i].run);
		free(folder->runs[i].discarded);
	}
	mh_folder_forget_files(folder);
	free(folder->runs);
	free(folder->path);
	free(folder->name);
	free(folder->id);
	free(folder->version);
	free(folder->build_id);
	*folder = (struct mh_result_folder){0};
}

/* A copy without the slashes at its end, which would double within paths. */
static char *copy_path(const char *path)
{
	size_t length = strlen(path);

	while (length > 1 && path[length - 1] == '/')
		length--;
	return strndup(path, length);
}

/* "./NAME-20260101T000000Z-ID": the last letters of the id are random, and enough. */
static char *default_path(const char *name, uint64_t start_unix_ns, const char *id)
{
	time_t seconds = (time_t)(start_unix_ns / 1000000000u);
	char stamp[32] = "";
	struct tm utc;
	char *path;

	if (gmtime_r(&seconds, &utc))
		strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &utc);
	if (asprintf(&path, "./%s-%s-%s", name, stamp, id + strlen(id) - 6) < 0)
		return NULL;
	return path;
}

char *mh_result_folder_default_path(const char *name, uint64_t start_unix_ns)
{
	char id[MH_RUN_ID_TEXT];

	return mh_run_id(start_unix_ns, id) < 0 ? NULL : default_path(name, start_unix_ns, id);
}

static char *copy_or_null(const char *text)
{
	return text ? strdup(text) : NULL;
}

static int folder_init(struct mh_result_folder *folder, const struct mh_result_folder_request *request,
		       struct mh_error *reterr)
{
	char id[MH_RUN_ID_TEXT];
	int ret = mh_run_id(request->start_unix_ns, id);

	if (ret < 0)
		return mh_error_set(reterr, ret, "the system gives no random numbers for the name of the folder");
	*folder = (struct mh_result_folder){
		.path = request->path ? copy_path(request->path)
				      : default_path(request->name, request->start_unix_ns, id),
		.name = strdup(request->name),
		.id = strdup(id),
		.version = strdup(request->version),
		.build_id = copy_or_null(request->build_id),
		.seed = request->seed,
		.start_unix_ns = request->start_unix_ns,
		.running = true,
	};
	if (folder->path && folder->name && folder->id && folder->version)
		return 0;
	mh_result_folder_release(folder);
	return mh_error_set(reterr, -ENOMEM, "no memory for a result folder");
}

int mh_result_folder_create(const struct mh_result_folder_request *request, struct mh_result_folder *ret_folder,
			    struct mh_error *reterr)
{
	struct mh_result_folder folder;
	int ret = folder_init(&folder, request, reterr);

	if (ret < 0)
		return ret;
	bool existed = mh_folder_exists(folder.path);

	ret = mh_folder_make_empty(folder.path, reterr);
	if (ret == 0) {
		ret = mh_folder_write_manifest(&folder, reterr);
		if (ret < 0 && !existed)
			(void)remove(folder.path); /* it is ours, and empty */
	}
	if (ret < 0) {
		mh_result_folder_release(&folder);
		return ret;
	}
	*ret_folder = folder;
	return 0;
}

bool mh_folder_cell_is_valid(const char *cell)
{
	size_t length = strspn(cell, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789=.,_+-");

	return length > 0 && length <= MH_FOLDER_CELL_MAX && !cell[length] && cell[0] != '.';
}

/* An item at the end of folder->runs, or NULL. */
static struct mh_result_folder_run *add_run(struct mh_result_folder *folder)
{
	if (folder->run_count == folder->run_capacity) {
		size_t capacity = folder->run_capacity ? 2 * folder->run_capacity : 8;
		struct mh_result_folder_run *runs = reallocarray(folder->runs, capacity, sizeof(*runs));

		if (!runs)
			return NULL;
		folder->runs = runs;
		folder->run_capacity = capacity;
	}
	struct mh_result_folder_run *run = &folder->runs[folder->run_count++];

	*run = (struct mh_result_folder_run){0};
	return run;
}

int mh_folder_add_run(struct mh_result_folder *folder, const char *cell, const char *name, bool running,
		      enum mh_run_status status)
{
	struct mh_result_folder_run *run = add_run(folder);

	if (!run)
		return -ENOMEM;
	run->running = running;
	run->status = status;
	run->cell = strdup(cell);
	run->run = strdup(name);
	return run->cell && run->run ? 0 : -ENOMEM;
}

int mh_result_folder_begin_run(struct mh_result_folder *folder, const char *cell, unsigned run, char **ret_path,
			       struct mh_error *reterr)
{
	char name[32];

	if (!mh_folder_cell_is_valid(cell))
		return mh_error_set(reterr, -EINVAL, "'%s' cannot be the name of a cell's folder", cell);
	if (folder->run_count == MH_FOLDER_RUNS_MAX)
		return mh_error_set(reterr, -EINVAL, "a result folder holds at most %d runs", MH_FOLDER_RUNS_MAX);
	snprintf(name, sizeof(name), "run-%03u", run);
	if (mh_folder_add_run(folder, cell, name, true, MH_RUN_OK) < 0)
		return mh_error_set(reterr, -ENOMEM, "no memory for run %u", run);
	char *path = mh_result_folder_path(folder, &folder->runs[folder->run_count - 1], NULL);

	if (!path)
		return mh_error_set(reterr, -ENOMEM, "no memory for run %u", run);
	int ret = mh_folder_make(path, reterr);

	if (ret == 0)
		ret = mh_folder_write_manifest(folder, reterr);
	if (ret < 0) {
		free(path);
		return ret;
	}
	*ret_path = path;
	return 0;
}

/* NULL, and a sentence, when it has not begun. */
static struct mh_result_folder_run *find_run(struct mh_result_folder *folder, const char *cell, unsigned run,
					     struct mh_error *reterr)
{
	char name[32];

	snprintf(name, sizeof(name), "run-%03u", run);
	for (size_t i = folder->run_count; i-- > 0;)
		if (strcmp(folder->runs[i].cell, cell) == 0 && strcmp(folder->runs[i].run, name) == 0)
			return &folder->runs[i];
	(void)mh_error_set(reterr, -ENOENT, "run '%s' of cell '%s' has not begun", name, cell);
	return NULL;
}

int mh_result_folder_end_run(struct mh_result_folder *folder, const char *cell, unsigned run, enum mh_run_status status,
			     struct mh_error *reterr)
{
	struct mh_result_folder_run *found = find_run(folder, cell, run, reterr);

	if (!found)
		return -ENOENT;
	found->running = false;
	found->status = status;
	folder->status = mh_run_status_worse(folder->status, status);
	return mh_folder_write_manifest(folder, reterr);
}

int mh_result_folder_discard_run(struct mh_result_folder *folder, const char *cell, unsigned run, const char *reason,
				 struct mh_error *reterr)
{
	struct mh_result_folder_run *found = find_run(folder, cell, run, reterr);
	char *copy = strdup(reason);

	if (!found || !copy) {
		free(copy);
		return found ? mh_error_set(reterr, -ENOMEM, "no memory for why run %u does not count", run) : -ENOENT;
	}
	free(found->discarded);
	found->discarded = copy;
	return mh_folder_write_manifest(folder, reterr);
}

char *mh_result_folder_path(const struct mh_result_folder *folder, const struct mh_result_folder_run *run,
			    const char *file)
{
	char *path;

	if (asprintf(&path, "%s/cells/%s/%s%s%s", folder->path, run->cell, run->run, file ? "/" : "",
		     file ? file : "") < 0)
		return NULL;
	return path;
}

int mh_result_folder_write(const struct mh_result_folder *folder, const char *name, const void *data, size_t size,
			   struct mh_error *reterr)
{
	char *path;

	if (asprintf(&path, "%s/%s", folder->path, name) < 0)
		return mh_error_set(reterr, -ENOMEM, "no memory to write '%s'", name);
	int ret = mh_file_write(path, data, size, reterr);

	free(path);
	return ret;
}

int mh_result_folder_finish(struct mh_result_folder *folder, enum mh_run_status status, struct mh_error *reterr)
{
	int ret = mh_folder_list_files(folder, reterr);

	if (ret < 0)
		return ret;
	folder->status = mh_run_status_worse(folder->status, status);
	folder->running = false;
	return mh_folder_write_manifest(folder, reterr);
}
