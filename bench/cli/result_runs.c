/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A run that cannot be used is a fact about the folder, not an error of whoever reads it. */
#include "bench/cli/result_runs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "results/run_json.h"

#define SCENARIO_SIZE_MAX (16u << 20)

static void leave_out(struct mh_result_runs *runs, const struct mh_result_folder_run *run, const char *why)
{
	mh_text_add(&runs->left_out, "%s/%s/%s: %s\n", runs->folder.path, run->cell, run->run, why);
	runs->left_out_count++;
}

static void load_run(struct mh_result_runs *runs, const struct mh_result_folder_run *run)
{
	char *path = mh_result_folder_path(&runs->folder, run, "run.json");
	struct mh_result *result = &runs->items[runs->count];
	struct mh_error error;

	if (run->discarded)
		leave_out(runs, run, run->discarded);
	else if (run->running)
		leave_out(runs, run, "not finished (killed, or still running)");
	else if (!path || mh_run_json_load(path, result, &error) < 0)
		leave_out(runs, run, path ? error.text : "no memory");
	else if (result->status != MH_RUN_ABORTED)
		runs->count++;
	else {
		leave_out(runs, run, result->status_reason_count ? result->status_reasons[0] : "aborted");
		mh_result_release(result);
	}
	free(path);
}

int mh_result_runs_load(const char *path, struct mh_result_runs *ret_runs, struct mh_error *reterr)
{
	struct mh_result_runs runs = {.left_out = MH_TEXT_INIT};
	int ret = mh_result_folder_open(path, &runs.folder, reterr);

	if (ret < 0)
		return ret;
	runs.items = calloc(runs.folder.run_count + 1, sizeof(*runs.items));
	if (!runs.items) {
		mh_result_runs_release(&runs);
		return mh_error_set(reterr, -ENOMEM, "no memory for the runs of '%s'", path);
	}
	for (size_t i = 0; i < runs.folder.run_count; i++)
		load_run(&runs, &runs.folder.runs[i]);
	*ret_runs = runs;
	return 0;
}

void mh_result_runs_release(struct mh_result_runs *runs)
{
	for (size_t i = 0; i < runs->count; i++)
		mh_result_release(&runs->items[i]);
	free(runs->items);
	mh_result_folder_release(&runs->folder);
	mh_text_release(&runs->left_out);
	*runs = (struct mh_result_runs){.left_out = MH_TEXT_INIT};
}

char *mh_result_runs_scenario(const struct mh_result_runs *runs)
{
	struct mh_error ignored;
	char *path, *text = NULL;
	size_t size;

	if (asprintf(&path, "%s/scenario.resolved.yaml", runs->folder.path) < 0)
		return NULL;
	if (mh_file_read(path, SCENARIO_SIZE_MAX, &text, &size, &ignored) < 0)
		text = NULL;
	free(path);
	return text;
}
