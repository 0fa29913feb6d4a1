/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The runs of a folder, read for a format. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "results/export/export.h"
#include "results/run_json.h"

void mh_export_release(struct mh_export *export)
{
	for (size_t i = 0; i < export->run_count; i++) {
		struct mh_export_run *run = &export->runs[i];

		if (run->read)
			mh_result_release(&run->result);
		free(run->why);
		free(run->log);
	}
	free(export->runs);
	*export = (struct mh_export){0};
}

/* 0 also for a run that cannot be read: that is then said of it. -ENOMEM. */
static int load_run(const struct mh_result_folder *folder, const struct mh_result_folder_run *from,
		    struct mh_export_run *run)
{
	char *path = mh_result_folder_path(folder, from, "run.json");
	struct mh_error why;

	run->cell = from->cell;
	run->name = from->run;
	run->log = mh_result_folder_path(folder, from, "run.hlog");
	if (!path || !run->log) {
		free(path);
		return -ENOMEM;
	}
	int ret = mh_run_json_load(path, &run->result, &why);

	free(path);
	run->read = ret == 0;
	if (ret < 0)
		run->why = strdup(ret == -ENOENT ? "it did not end: there is no run.json" : why.text);
	return ret < 0 && !run->why ? -ENOMEM : 0;
}

static int load_runs(const struct mh_result_folder *folder, const char *cells, struct mh_export *export)
{
	export->runs = calloc(folder->run_count + 1, sizeof(export->runs[0]));
	if (!export->runs)
		return -ENOMEM;
	for (size_t i = 0; i < folder->run_count; i++) {
		if (cells && !mh_glob_match(cells, folder->runs[i].cell))
			continue;
		int ret = load_run(folder, &folder->runs[i], &export->runs[export->run_count++]);

		if (ret < 0)
			return ret;
	}
	return 0;
}

static int no_cell(const struct mh_result_folder *folder, const char *cells, struct mh_error *reterr)
{
	if (folder->run_count == 0)
		return mh_error_set(reterr, -ENODATA, "'%s' holds no run", folder->path);
	return mh_error_set(reterr, -ENOENT, "'%s' has no cell '%s'; the first is '%s'", folder->path, cells,
			    folder->runs[0].cell);
}

int mh_export_load(const struct mh_result_folder *folder, const char *cells, struct mh_export *ret_export,
		   struct mh_error *reterr)
{
	struct mh_export export = {.scenario = folder->name, .version = folder->version ? folder->version : ""};
	int ret = load_runs(folder, cells, &export);

	if (ret < 0)
		mh_error_set(reterr, ret, "no memory for the runs of '%s'", folder->path);
	else if (export.run_count == 0)
		ret = no_cell(folder, cells, reterr);
	if (ret < 0)
		mh_export_release(&export);
	else
		*ret_export = export;
	return ret;
}
