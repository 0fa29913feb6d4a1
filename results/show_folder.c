/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal report of a result folder: one run in full, or a line a run and the runs that need to be looked at. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "results/run_json.h"
#include "results/show_merged.h"
#include "results/show_private.h"

/* Of a run that is told in one line: what went wrong first, with its events, and the line that repeats it. */
static void show_failure(const struct mh_show *show, const struct mh_result *result)
{
	if (!result->verify.violation_kept) {
		for (size_t i = 0; result->status != MH_RUN_OK && i < result->status_reason_count; i++)
			mh_show_paragraph(show, result->status_reasons[i], 2);
		return;
	}
	mh_show_violation(show, &result->verify.violations[0]);
	if (!result->repro)
		return;
	mh_text_add(show->text, "  repeat: ");
	mh_show_clean(show, result->repro);
	mh_text_add(show->text, "\n");
}

/* "CELL/RUN  VERDICT", and the whole report below it where it is wanted. */
static void show_loaded(const struct mh_result_folder_run *run, const struct mh_result *result,
			const struct mh_show_options *options, bool whole, struct mh_text *text)
{
	struct mh_show show = {.text = text, .options = *options};

	if (!show.options.width)
		show.options.width = MH_SHOW_WIDTH_DEFAULT;
	if (whole) {
		mh_show_run(result, options, text);
		return;
	}
	mh_show_clean(&show, run->cell);
	mh_text_add(text, "/%s  ", run->run);
	mh_show_verdict(result, text);
	mh_text_add(text, "\n");
	show_failure(&show, result);
}

/* Whether there is something to add up: of a cell with one run a copy of its series would be made for nothing. */
static bool has_another_run(const struct mh_result_folder *folder, const struct mh_result_folder_run *run)
{
	for (size_t i = 0; i < folder->run_count; i++)
		if (&folder->runs[i] != run && strcmp(folder->runs[i].cell, run->cell) == 0)
			return true;
	return false;
}

/* True when the run could be read. @merged: gets it, too. */
static bool show_one(const struct mh_result_folder *folder, const struct mh_result_folder_run *run,
		     const struct mh_show_options *options, bool whole, struct mh_merged_cells *merged,
		     struct mh_text *text)
{
	const struct mh_show show = {.text = text, .options = *options};
	char *path = mh_result_folder_path(folder, run, "run.json");
	struct mh_error why = {0};
	struct mh_result result;

	if (!path) {
		text->failed = true;
		return false;
	}
	int ret = mh_run_json_load(path, &result, &why);

	free(path);
	if (ret < 0) {
		mh_text_add(text, "%s/%s  ABORTED: ", run->cell, run->run);
		mh_show_clean(&show,
			      ret == -ENOENT && run->running ? "the run did not end: there is no run.json" : why.text);
		mh_text_add(text, "\n");
		return false;
	}
	show_loaded(run, &result, options, whole, text);
	if (has_another_run(folder, run))
		text->failed |= mh_merged_add(merged, &result) < 0;
	mh_result_release(&result);
	return true;
}

int mh_show_folder(const struct mh_result_folder *folder, const struct mh_show_options *options, struct mh_text *text,
		   struct mh_error *reterr)
{
	bool whole = folder->run_count == 1 || options->verbose;
	struct mh_merged_cells merged = {.count = 0};
	struct mh_show show = mh_show_begin(options, text);
	size_t read = 0;

	for (size_t i = 0; i < folder->run_count; i++) {
		if (i > 0 && whole)
			mh_text_add(text, "\n");
		read += show_one(folder, &folder->runs[i], options, whole, &merged, text);
	}
	mh_merged_show(&merged, &show);
	mh_merged_release(&merged);
	if (text->failed)
		return mh_error_set(reterr, -ENOMEM, "no memory for the report of '%s'", folder->path);
	if (read == 0)
		return mh_error_set(reterr, -EINVAL, "'%s' holds no run that can be read", folder->path);
	if (!whole)
		mh_text_add(text, "\n%zu runs; -v shows each in full\n", folder->run_count);
	return 0;
}
