/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "results/report/source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "results/run_json.h"

static int no_memory(struct mh_error *reterr)
{
	return mh_error_set(reterr, -ENOMEM, "no memory for so many runs: make a report of fewer");
}

static int keep_unread(struct mh_report_side *side, const struct mh_result_folder_run *entry, const char *why)
{
	struct mh_report_unread *unread = &side->unread[side->unread_count];

	unread->entry = entry;
	unread->why = strdup(why);
	if (!unread->why)
		return -ENOMEM;
	side->unread_count++;
	return 0;
}

static int load_run(struct mh_report_side *side, const struct mh_result_folder_run *entry)
{
	char *path = mh_result_folder_path(&side->folder, entry, "run.json");
	struct mh_report_run *run = &side->runs[side->run_count];
	struct mh_error why = {0};

	if (!path)
		return -ENOMEM;
	int ret = mh_run_json_load(path, &run->result, &why);

	free(path);
	if (ret == -ENOMEM)
		return ret;
	if (ret < 0)
		return keep_unread(side, entry,
				   ret == -ENOENT && entry->running ? "the run did not end: there is no run.json"
								    : why.text);
	run->entry = entry;
	side->run_count++;
	return 0;
}

static int load_runs(struct mh_report_side *side, struct mh_error *reterr)
{
	size_t count = side->folder.run_count;

	side->runs = calloc(count ? count : 1, sizeof(*side->runs));
	side->unread = calloc(count ? count : 1, sizeof(*side->unread));
	if (!side->runs || !side->unread)
		return no_memory(reterr);
	for (size_t i = 0; i < count; i++)
		if (load_run(side, &side->folder.runs[i]) < 0)
			return no_memory(reterr);
	if (side->run_count)
		return 0;
	if (side->unread_count)
		return mh_error_set(reterr, -EINVAL, "'%s' holds no run that can be read: %s/%s: %s", side->folder.path,
				    side->unread[0].entry->cell, side->unread[0].entry->run, side->unread[0].why);
	return mh_error_set(reterr, -EINVAL, "'%s' holds no run: nothing ran there", side->folder.path);
}

/* The last word of a path: "runs/base/" is "base". */
static const char *last_word(char *path)
{
	size_t length = strlen(path);

	while (length > 1 && path[length - 1] == '/')
		path[--length] = '\0';
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static int add_side(struct mh_report_source *source, const char *path, struct mh_error *reterr)
{
	struct mh_report_side *side = &source->sides[source->side_count];
	int ret = mh_result_folder_open(path, &side->folder, reterr);

	if (ret < 0)
		return ret;
	source->side_count++;
	side->label = last_word(side->folder.path);
	return load_runs(side, reterr);
}

/* Whether @path holds @name/manifest.json; @ret_side: the path of @name, to be freed. */
static bool has_side(const char *path, const char *name, char **ret_side)
{
	char *manifest = NULL;
	bool found = asprintf(&manifest, "%s/%s/manifest.json", path, name) >= 0 && access(manifest, R_OK) == 0;

	if (found)
		found = asprintf(ret_side, "%s/%s", path, name) >= 0;
	free(manifest);
	return found;
}

bool mh_report_is_pair(const char *path)
{
	char *a = NULL, *b = NULL;
	bool both = has_side(path, "a", &a) && has_side(path, "b", &b);

	free(a);
	free(b);
	return both;
}

/* One folder is a result, or the two results that `ab` left in it. */
static int open_one(struct mh_report_source *source, const char *path, struct mh_error *reterr)
{
	char *a = NULL, *b = NULL;
	int ret;

	if (has_side(path, "a", &a) && has_side(path, "b", &b)) {
		source->pair_folder = strdup(path);
		ret = source->pair_folder ? add_side(source, a, reterr) : no_memory(reterr);
		if (ret == 0)
			ret = add_side(source, b, reterr);
	} else {
		ret = add_side(source, path, reterr);
	}
	free(a);
	free(b);
	return ret;
}

static bool has_cell(const struct mh_report_source *source, const char *cell)
{
	for (size_t i = 0; i < source->cell_count; i++)
		if (strcmp(source->cells[i], cell) == 0)
			return true;
	return false;
}

static int list_cells(struct mh_report_source *source, struct mh_error *reterr)
{
	size_t runs = 0;

	for (size_t i = 0; i < source->side_count; i++)
		runs += source->sides[i].run_count;
	source->cells = calloc(runs, sizeof(*source->cells));
	if (!source->cells)
		return no_memory(reterr);
	for (size_t i = 0; i < source->side_count; i++)
		for (size_t j = 0; j < source->sides[i].run_count; j++)
			if (!has_cell(source, source->sides[i].runs[j].entry->cell))
				source->cells[source->cell_count++] = source->sides[i].runs[j].entry->cell;
	return 0;
}

/* Two folders of the same name are told apart by their whole paths. */
static void tell_apart(struct mh_report_source *source)
{
	for (size_t i = 0; i < source->side_count; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(source->sides[i].label, source->sides[j].label) == 0) {
				source->sides[i].label = source->sides[i].folder.path;
				source->sides[j].label = source->sides[j].folder.path;
			}
}

int mh_report_source_open(const char *const *paths, size_t path_count, struct mh_report_source *ret_source,
			  struct mh_error *reterr)
{
	struct mh_report_source source = {.side_count = 0};
	int ret = 0;

	if (path_count > MH_REPORT_SIDES_MAX)
		return mh_error_set(reterr, -EINVAL, "%zu folders: a report lays at most %d over each other",
				    path_count, MH_REPORT_SIDES_MAX);
	if (path_count == 1)
		ret = open_one(&source, paths[0], reterr);
	for (size_t i = 0; path_count > 1 && ret == 0 && i < path_count; i++)
		ret = add_side(&source, paths[i], reterr);
	if (ret == 0)
		ret = list_cells(&source, reterr);
	if (ret < 0) {
		mh_report_source_release(&source);
		return ret;
	}
	tell_apart(&source);
	*ret_source = source;
	return 0;
}

static void release_side(struct mh_report_side *side)
{
	for (size_t i = 0; i < side->run_count; i++)
		mh_result_release(&side->runs[i].result);
	for (size_t i = 0; i < side->unread_count; i++)
		free(side->unread[i].why);
	free(side->runs);
	free(side->unread);
	mh_result_folder_release(&side->folder);
}

void mh_report_source_release(struct mh_report_source *source)
{
	for (size_t i = 0; i < source->side_count; i++)
		release_side(&source->sides[i]);
	free(source->cells);
	free(source->pair_folder);
}

const struct mh_report_run *mh_report_next_run(const struct mh_report_side *side, const char *cell, size_t from)
{
	for (size_t i = from; i < side->run_count; i++)
		if (strcmp(side->runs[i].entry->cell, cell) == 0)
			return &side->runs[i];
	return NULL;
}

size_t mh_report_run_index(const struct mh_report_side *side, const struct mh_report_run *run)
{
	return (size_t)(run - side->runs);
}

size_t mh_report_count_runs(const struct mh_report_side *side, const char *cell)
{
	size_t count = 0;

	for (size_t i = 0; i < side->run_count; i++)
		count += strcmp(side->runs[i].entry->cell, cell) == 0;
	return count;
}

bool mh_report_run_counts(const struct mh_report_side *side, const struct mh_report_run *run)
{
	return run->result.status != MH_RUN_ABORTED || mh_report_count_runs(side, run->entry->cell) == 1;
}

static int merge_one(const struct mh_histogram *from, struct mh_histogram *merged, int merged_count)
{
	struct mh_histogram_layout layout = mh_histogram_layout(from);
	int ret = merged_count ? 0 : mh_histogram_init(merged, &layout);

	if (ret < 0)
		return -ENOMEM;
	ret = mh_histogram_merge(merged, from);
	return ret < 0 ? 0 : 1; /* another layout, or too many: left out */
}

int mh_report_merge(const struct mh_report_side *side, const char *cell, const char *tag,
		    struct mh_histogram *ret_merged)
{
	int count = 0;

	for (size_t i = 0; i < side->run_count; i++) {
		const struct mh_report_run *run = &side->runs[i];
		const struct mh_result_series *series = mh_result_find_series(&run->result, tag);

		if (!series || strcmp(run->entry->cell, cell) != 0 || !mh_report_run_counts(side, run))
			continue;
		int ret = merge_one(&series->histogram, ret_merged, count);

		if (ret < 0)
			return ret; /* only the first can fail, and has left nothing */
		count += ret;
	}
	return count;
}

void mh_report_name_run(const struct mh_report_source *source, const struct mh_report_side *side,
			const struct mh_report_run *run, struct mh_text *name)
{
	if (source->side_count > 1)
		mh_text_add(name, "%s, ", side->label);
	if (source->cell_count > 1)
		mh_text_add(name, "%s, ", run->entry->cell);
	mh_text_add(name, "%s", run->entry->run);
}
