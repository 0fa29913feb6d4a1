/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * manifest.json: written whole at each step of a run, read by whoever opens the folder. What has not ended is aborted
 * from its first writing on, with a reason: a process that is killed cannot say so any more.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/units.h"
#include "results/folder_private.h"
#include "results/json_get.h"
#include "results/json_put.h"

#define SCHEMA       "memhp-bench/manifest"
#define NOT_FINISHED "not finished"

static void put_status(struct mh_json_put *put, json_t *object, bool running, enum mh_run_status status)
{
	mh_json_put_text(put, object, "status", mh_run_status_names[running ? MH_RUN_ABORTED : status]);
	if (running)
		mh_json_put_text(put, object, "reason", NOT_FINISHED);
}

/* @ret_running: it did not end, as far as its manifest knows. */
static enum mh_run_status read_status(struct mh_json_get *get, const json_t *object, bool *ret_running)
{
	int status = mh_json_get_word(get, object, "status", mh_run_status_names, MH_RUN_STATUSES);
	const char *reason = mh_json_get_optional_text(get, object, "reason");

	*ret_running = status == MH_RUN_ABORTED && reason && strcmp(reason, NOT_FINISHED) == 0;
	return status < 0 ? MH_RUN_ABORTED : (enum mh_run_status)status;
}

/* Runs of one cell that follow each other are listed under it. */
static void put_cells(struct mh_json_put *put, json_t *root, const struct mh_result_folder *folder)
{
	json_t *cells = mh_json_put_list(put, root, "cells"), *runs = NULL;

	for (size_t i = 0; i < folder->run_count; i++) {
		const struct mh_result_folder_run *run = &folder->runs[i];

		if (i == 0 || strcmp(run->cell, folder->runs[i - 1].cell) != 0) {
			json_t *cell = mh_json_add_object(put, cells);

			mh_json_put_text(put, cell, "id", run->cell);
			runs = mh_json_put_list(put, cell, "runs");
		}
		json_t *object = mh_json_add_object(put, runs);

		mh_json_put_text(put, object, "name", run->run);
		put_status(put, object, run->running, run->status);
		if (run->discarded)
			mh_json_put_text(put, object, "discarded", run->discarded);
	}
}

static void put_files(struct mh_json_put *put, json_t *root, const struct mh_result_folder *folder)
{
	json_t *files = mh_json_put_list(put, root, "files");

	for (size_t i = 0; i < folder->file_count; i++) {
		json_t *file = mh_json_add_object(put, files);

		mh_json_put_text(put, file, "path", folder->files[i].path);
		mh_json_put_u64(put, file, "size", folder->files[i].size);
		mh_json_put_text(put, file, "sha256", folder->files[i].sha256);
	}
}

int mh_folder_write_manifest(const struct mh_result_folder *folder, struct mh_error *reterr)
{
	struct mh_json_put put = {0};
	struct mh_text text = MH_TEXT_INIT;
	json_t *root = json_object();
	char seed[32];

	snprintf(seed, sizeof(seed), "0x%" PRIx64, folder->seed);
	mh_json_put_text(&put, root, "schema", SCHEMA);
	mh_json_put_u64(&put, root, "schema_version", 1);
	mh_json_put_text(&put, root, "id", folder->id);
	mh_json_put_text(&put, root, "name", folder->name);
	json_t *versions = mh_json_put_object(&put, root, "versions");

	mh_json_put_text(&put, versions, "memhp-bench", folder->version);
	mh_json_put_text(&put, versions, "build_id", folder->build_id);
	mh_json_put_text(&put, root, "seed", seed);
	mh_json_put_u64(&put, root, "start_unix_ns", folder->start_unix_ns);
	put_status(&put, root, folder->running, folder->status);
	put_cells(&put, root, folder);
	put_files(&put, root, folder);
	int ret = mh_json_finish(&put, root, &text, reterr);

	if (ret == 0)
		ret = mh_result_folder_write(folder, "manifest.json", text.data, text.length, reterr);
	mh_text_release(&text);
	return ret;
}

static char *copy_text(const char *text)
{
	return text ? strdup(text) : NULL;
}

static bool run_name_is_valid(const char *name)
{
	size_t digits = strncmp(name, "run-", 4) == 0 ? strspn(name + 4, "0123456789") : 0;

	return digits > 0 && digits <= 10 && !name[4 + digits];
}

static void read_run(struct mh_json_get *get, struct mh_result_folder *folder, const char *cell, const json_t *object)
{
	const char *name = mh_json_get_text(get, object, "name");
	bool running;
	enum mh_run_status status = read_status(get, object, &running);
	const char *discarded = mh_json_get_optional_text(get, object, "discarded");

	if (get->ret < 0)
		return;
	/* The names become paths: nothing that leads out of the folder. */
	if (!mh_folder_cell_is_valid(cell) || !run_name_is_valid(name)) {
		mh_json_get_fail(get, "'%.100s/%.100s' is not the name of a run", cell, name);
		return;
	}
	if (mh_folder_add_run(folder, cell, name, running, status) < 0) {
		mh_json_get_fail(get, "no memory for its runs");
		return;
	}
	folder->runs[folder->run_count - 1].discarded = copy_text(discarded);
}

static void read_cells(struct mh_json_get *get, struct mh_result_folder *folder, const json_t *root)
{
	json_t *cells = mh_json_get_list(get, root, "cells"), *cell, *run;
	size_t i, j;

	json_array_foreach(cells, i, cell)
	{
		mh_json_get_place(get, "cells", i);
		const char *id = mh_json_get_text(get, cell, "id");
		json_t *runs = mh_json_get_list(get, cell, "runs");

		json_array_foreach(runs, j, run)
		{
			if (get->ret == 0 && folder->run_count == MH_FOLDER_RUNS_MAX)
				mh_json_get_fail(get, "there are more than %d runs", MH_FOLDER_RUNS_MAX);
			read_run(get, folder, id, run);
		}
	}
	get->place[0] = '\0';
}

static void read_files(struct mh_json_get *get, struct mh_result_folder *folder, const json_t *root)
{
	json_t *files = mh_json_get_list(get, root, "files"), *file;
	size_t i;

	json_array_foreach(files, i, file)
	{
		mh_json_get_place(get, "files", i);
		const char *path = mh_json_get_text(get, file, "path"), *sum = mh_json_get_text(get, file, "sha256");
		uint64_t size = mh_json_get_u64(get, file, "size");

		if (get->ret < 0)
			return;
		if (strlen(sum) != MH_SHA256_TEXT - 1)
			mh_json_get_fail(get, "'sha256' is '%.100s', no sum", sum);
		else if (mh_folder_add_file(folder, path, size, sum) < 0)
			mh_json_get_fail(get, "no memory for its files");
	}
	get->place[0] = '\0';
}

static void read_manifest(struct mh_json_get *get, struct mh_result_folder *folder, const json_t *root)
{
	const json_t *versions = mh_json_get_object(get, root, "versions");
	const char *seed = mh_json_get_text(get, root, "seed");

	folder->status = read_status(get, root, &folder->running);
	folder->id = copy_text(mh_json_get_text(get, root, "id"));
	folder->name = copy_text(mh_json_get_text(get, root, "name"));
	folder->version = copy_text(mh_json_get_optional_text(get, versions, "memhp-bench"));
	folder->build_id = copy_text(mh_json_get_optional_text(get, versions, "build_id"));
	if (get->ret == 0 && mh_parse_unsigned(seed, &folder->seed, NULL) < 0)
		mh_json_get_fail(get, "'seed' is '%.40s', no whole number", seed);
	folder->start_unix_ns = mh_json_get_u64(get, root, "start_unix_ns");
	read_cells(get, folder, root);
	read_files(get, folder, root);
}

/* As `ab` and `gate` leave it. */
static bool has_sides(const char *path)
{
	char *file;
	bool has;

	if (asprintf(&file, "%s/a/manifest.json", path) < 0)
		return false;
	has = mh_folder_exists(file);
	free(file);
	return has;
}

/* The bytes of the manifest, or a sentence why @path is no result folder. */
static int load_manifest(const char *path, char **ret_text, size_t *ret_length, struct mh_error *reterr)
{
	struct stat status;
	char *file;

	if (stat(path, &status) < 0)
		return mh_error_set(reterr, -errno, "cannot open '%s': %s", path, strerror(errno));
	if (!S_ISDIR(status.st_mode))
		return mh_error_set(reterr, -ENOTDIR,
				    "'%s' is a file: name the result folder, which has a manifest.json", path);
	if (asprintf(&file, "%s/manifest.json", path) < 0)
		return mh_error_set(reterr, -ENOMEM, "no memory to open '%s'", path);
	int ret = mh_file_read(file, MH_FOLDER_MANIFEST_SIZE_MAX, ret_text, ret_length, reterr);

	if (ret == -ENOENT && has_sides(path))
		mh_error_set(reterr, ret, "'%s' holds the results of two sides: name '%s/a' or '%s/b'", path, path,
			     path);
	else if (ret == -ENOENT)
		mh_error_set(reterr, ret, "'%s' is no result folder: there is no manifest.json in it", path);
	free(file);
	return ret;
}

int mh_folder_read_manifest(const char *path, const char *text, size_t length, struct mh_result_folder *ret_folder,
			    struct mh_error *reterr)
{
	struct mh_result_folder folder = {0};
	struct mh_json_get get = {.name = path, .list_max = MH_FOLDER_FILES_MAX, .reterr = reterr};
	json_t *root = mh_json_get_begin(&get, text, length, SCHEMA);
	int ret;

	if (!root)
		return get.ret;
	folder.path = strdup(path);
	read_manifest(&get, &folder, root);
	json_decref(root);
	ret = get.ret;
	if (ret == 0 && !(folder.path && folder.name && folder.id))
		ret = mh_error_set(reterr, -ENOMEM, "no memory to open '%s'", path);
	if (ret < 0)
		mh_result_folder_release(&folder);
	else
		*ret_folder = folder;
	return ret;
}

int mh_result_folder_open(const char *path, struct mh_result_folder *ret_folder, struct mh_error *reterr)
{
	char *text;
	size_t length;
	int ret = load_manifest(path, &text, &length, reterr);

	if (ret < 0)
		return ret;
	ret = mh_folder_read_manifest(path, text, length, ret_folder, reterr);
	free(text);
	return ret;
}
