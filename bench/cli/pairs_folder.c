/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is around the runs of pairs: both sides held against each other, their folder, and what is told of them. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/pairs.h"
#include "bench/cli/resolved_section.h"
#include "bench/cli/signals.h"
#include "results/json_put.h"
#include "results/show.h"

#define DISCARDED_SHOWN 6

static int refuse(const struct mh_pairs *pairs, int code, const char *text)
{
	fprintf(stderr, "memhp-bench %s: error: %s\n", pairs->request->command, text);
	return code;
}

static int load_side(struct mh_pairs *pairs, struct mh_side *side)
{
	const struct mh_side_request request = {
		.options = pairs->request->options,
		.ops = pairs->request->ops,
		.seed = side == &pairs->sides[1] ? pairs->seed : NULL,
		.folder = pairs->path,
	};
	struct mh_text messages = MH_TEXT_INIT;
	int ret = mh_side_load(side, &request, &messages);

	/* What is told of side B is told of A already, but for what only B says. */
	fputs(messages.data, stderr);
	mh_text_release(&messages);
	if (ret == 0)
		return MH_EXIT_DONE;
	return ret == -ENOMEM ? MH_EXIT_ENVIRONMENT : MH_EXIT_USAGE;
}

static int check_cells(const struct mh_pairs *pairs)
{
	const struct mh_plan *a = pairs->sides[0].plan, *b = pairs->sides[1].plan;
	char text[512];

	if (a->cell_count != b->cell_count) {
		snprintf(text, sizeof(text), "side A has %zu cells and side B %zu: their `sweep` must be the same",
			 a->cell_count, b->cell_count);
		return refuse(pairs, MH_EXIT_NOT_COMPARABLE, text);
	}
	for (size_t i = 0; i < a->cell_count; i++) {
		if (strcmp(a->cells[i].id, b->cells[i].id) == 0)
			continue;
		snprintf(text, sizeof(text),
			 "side A has a cell '%.150s' where side B has '%.150s': their `sweep` must "
			 "be the same",
			 a->cells[i].id, b->cells[i].id);
		return refuse(pairs, MH_EXIT_NOT_COMPARABLE, text);
	}
	return MH_EXIT_DONE;
}

/* Another gate would judge by another rule, other phases would not do the same. */
static int check_alike(const struct mh_pairs *pairs)
{
	static const char *const keys[] = {"gate", "phases"};
	const struct mh_plan *a = pairs->sides[0].plan, *b = pairs->sides[1].plan;
	char text[512];

	for (size_t i = 0; i < a->cell_count; i++)
		for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
			if (mh_resolved_equal(a->cells[i].scenario->resolved, b->cells[i].scenario->resolved, keys[k]))
				continue;
			snprintf(
				text, sizeof(text),
				"the sides differ in `%s` of cell '%.150s': both must do the same and be judged by the "
				"same rule; make it equal",
				keys[k], a->cells[i].id);
			return refuse(pairs, MH_EXIT_NOT_COMPARABLE, text);
		}
	return MH_EXIT_DONE;
}

static void describe_side(const struct mh_pairs *pairs, unsigned which, struct mh_text *text)
{
	const struct mh_side *side = &pairs->sides[which];

	mh_text_add(text, "%c: ", side->letter);
	if (strcmp(pairs->sides[0].scenario, pairs->sides[1].scenario) == 0) {
		mh_side_describe(side, text);
		return;
	}
	mh_text_add(text, "%s", side->scenario);
	if (mh_side_changes(side)) {
		mh_text_add(text, " with ");
		mh_side_describe(side, text);
	}
}

static int describe_treatment(struct mh_pairs *pairs)
{
	struct mh_text text = MH_TEXT_INIT;

	describe_side(pairs, 0, &text);
	mh_text_add(&text, "; ");
	describe_side(pairs, 1, &text);
	pairs->treatment = text.failed ? NULL : strdup(text.data);
	mh_text_release(&text);
	return pairs->treatment ? MH_EXIT_DONE : refuse(pairs, MH_EXIT_ENVIRONMENT, "no memory");
}

static int check_programs(struct mh_pairs *pairs)
{
	struct mh_error error;

	for (unsigned i = 0; i < 2; i++) {
		int ret = mh_side_check_program(&pairs->sides[i], &error);

		if (ret < 0)
			return refuse(pairs,
				      ret == -EPROTO   ? MH_EXIT_NOT_COMPARABLE
				      : ret == -EINVAL ? MH_EXIT_USAGE
						       : MH_EXIT_ENVIRONMENT,
				      error.text);
	}
	return MH_EXIT_DONE;
}

/* Without -o beside where we are, named after the scenario's file: its own name is not known before it is read, and
 * where modules are copied to is part of what is read. */
static char *choose_path(const struct mh_pairs *pairs)
{
	const char *scenario = pairs->sides[0].scenario, *slash = strrchr(scenario, '/');
	const char *base = slash ? slash + 1 : scenario;
	const size_t length = strcspn(base, ".");
	size_t end;
	char *name, *path;

	if (pairs->request->path) {
		path = strdup(pairs->request->path);
		end = path ? strlen(path) : 0;
		while (end > 1 && path[end - 1] == '/')
			path[--end] = '\0';
		return path;
	}
	if (asprintf(&name, "%.*s-%s", (int)length, base, pairs->request->command) < 0)
		return NULL;
	path = mh_result_folder_default_path(name, mh_clock_unix_ns());
	free(name);
	return path;
}

int mh_pairs_load(struct mh_pairs *pairs, const struct mh_pairs_request *request, struct mh_side sides[2])
{
	int code;

	*pairs = (struct mh_pairs){.request = request, .sides = sides, .seed = "-"};
	pairs->path = choose_path(pairs);
	if (!pairs->path)
		return refuse(pairs, MH_EXIT_ENVIRONMENT, "no memory for a path");
	code = check_programs(pairs);
	if (code == MH_EXIT_DONE)
		code = load_side(pairs, &sides[0]);
	if (code != MH_EXIT_DONE)
		return code;
	snprintf(pairs->seed, sizeof(pairs->seed), "0x%" PRIx64, sides[0].plan->seed);
	code = load_side(pairs, &sides[1]);
	if (code == MH_EXIT_DONE)
		code = check_cells(pairs);
	if (code == MH_EXIT_DONE)
		code = check_alike(pairs);
	return code == MH_EXIT_DONE ? describe_treatment(pairs) : code;
}

/* Everything below the folder, and the folder if it is ours. */
static void remove_all(struct mh_pairs *pairs)
{
	char *file;

	for (unsigned i = 0; i < 2; i++)
		if (pairs->sides[i].folder.path)
			mh_result_folder_discard(&pairs->sides[i].folder, true);
	if (asprintf(&file, "%s/pairs.json", pairs->path) >= 0) {
		(void)unlink(file);
		free(file);
	}
	if (pairs->made)
		(void)rmdir(pairs->path);
}

bool mh_pairs_take_back(struct mh_pairs *pairs, int code)
{
	if ((code != MH_EXIT_USAGE && code != MH_EXIT_ENVIRONMENT) || pairs->bout_count > 1)
		return false;
	fprintf(stderr, "memhp-bench %s: error: %s\n", pairs->request->command,
		pairs->trouble ? pairs->trouble : "a run was refused");
	remove_all(pairs);
	return true;
}

static int open_sides(struct mh_pairs *pairs, struct mh_error *reterr)
{
	const struct mh_side_request request = {
		.options = pairs->request->options, .ops = pairs->request->ops, .folder = pairs->path};
	int ret;

	pairs->made = access(pairs->path, F_OK) < 0;
	ret = mh_folder_make_empty(pairs->path, reterr);
	if (ret < 0)
		return ret;
	for (unsigned i = 0; i < 2 && ret == 0; i++)
		ret = mh_side_open(&pairs->sides[i], &request, reterr);
	if (ret == 0)
		ret = mh_pairs_write(pairs, true, reterr);
	if (ret < 0)
		remove_all(pairs);
	return ret;
}

/* Before hours of runs of which nothing may be said. Counts are exact whatever operations take. */
static int check_emulated(const struct mh_pairs *pairs)
{
	for (unsigned side = 0; side < 2 && pairs->request->hygiene; side++)
		for (size_t i = 0; i < pairs->sides[side].plan->cell_count; i++)
			if (pairs->sides[side].plan->cells[i].scenario->costs_emulated)
				return refuse(pairs, MH_EXIT_NOT_COMPARABLE,
					      "the scenario's costs were recorded on an emulated processor: times by "
					      "them are compared with nothing");
	return MH_EXIT_DONE;
}

int mh_pairs_open(struct mh_pairs *pairs)
{
	const size_t cells = pairs->sides[0].plan->cell_count;
	struct mh_error error;
	int ret = check_emulated(pairs);

	if (ret != MH_EXIT_DONE)
		return ret;
	pairs->learned = calloc(cells, sizeof(*pairs->learned));
	pairs->is_learned = calloc(cells, sizeof(*pairs->is_learned));
	if (!pairs->learned || !pairs->is_learned)
		return refuse(pairs, MH_EXIT_ENVIRONMENT, "no memory for the pairs");
	mh_progress_line_init(&pairs->line, pairs->request->options);
	pairs->begin_ns = mh_clock_monotonic_ns();
	ret = open_sides(pairs, &error);
	if (ret < 0)
		return refuse(pairs, ret == -ENOSPC ? MH_EXIT_ABORTED : MH_EXIT_ENVIRONMENT, error.text);
	return MH_EXIT_DONE;
}

static void put_bout(const struct mh_pairs *pairs, struct mh_json_put *put, json_t *list, const struct mh_bout *bout)
{
	json_t *object = mh_json_add_object(put, list);
	char run[32];

	snprintf(run, sizeof(run), "run-%03u", bout->run);
	mh_json_put_text(put, object, "cell", pairs->sides[0].plan->cells[bout->cell].id);
	mh_json_put_u64(put, object, "index", bout->index);
	mh_json_put_text(put, object, "order", bout->order);
	mh_json_put_text(put, object, "run", run);
	mh_json_put_text(put, object, "discarded", bout->discarded);
}

int mh_pairs_write(const struct mh_pairs *pairs, bool running, struct mh_error *reterr)
{
	struct mh_text text = MH_TEXT_INIT;
	struct mh_json_put put = {0};
	json_t *root = json_object(), *list;
	char *path;
	int ret;

	mh_json_put_text(&put, root, "schema", "memhp-bench/pairs");
	mh_json_put_u64(&put, root, "schema_version", 1);
	mh_json_put_text(&put, root, "command", pairs->request->command);
	mh_json_put_text(&put, root, "name", pairs->sides[0].plan->name);
	mh_json_put_text(&put, root, "seed", pairs->seed);
	mh_json_put_text(&put, root, "treatment", pairs->treatment);
	mh_json_put_text(&put, root, "status", running ? "aborted" : pairs->trouble ? "stopped" : "ok");
	mh_json_put_text(&put, root, "reason", running ? "not finished" : pairs->trouble);
	mh_json_put_u64(&put, root, "discarded", pairs->discarded);
	list = mh_json_put_list(&put, root, "pairs");
	for (size_t i = 0; i < pairs->bout_count; i++)
		put_bout(pairs, &put, list, pairs->bouts[i]);
	ret = mh_json_finish(&put, root, &text, reterr);
	if (ret == 0 && asprintf(&path, "%s/pairs.json", pairs->path) < 0)
		ret = mh_error_set(reterr, -ENOMEM, "no memory for a path");
	if (ret == 0) {
		ret = mh_file_write(path, text.data, text.length, reterr);
		free(path);
	}
	mh_text_release(&text);
	return ret;
}

/* A line broken at blanks, what follows indented by @indent. */
static void add_wrapped(struct mh_text *text, size_t indent, const char *line)
{
	size_t column = 0;

	while (*line) {
		const size_t length = strcspn(line, " ");

		if (column && column + 1 + length > MH_SHOW_WIDTH_DEFAULT) {
			mh_text_add(text, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column) {
			mh_text_add(text, " ");
			column++;
		}
		mh_text_append(text, line, length);
		column += length;
		line += length + strspn(line + length, " ");
	}
	mh_text_add(text, "\n");
}

static void describe_discarded(const struct mh_pairs *pairs, struct mh_text *text)
{
	size_t shown = 0;

	if (!pairs->discarded)
		return;
	mh_text_add(text, "discarded and run again: %zu %s, by monitors of the host, not by its times\n",
		    pairs->discarded, pairs->discarded == 1 ? "pair" : "pairs");
	for (size_t i = 0; i < pairs->bout_count && shown < DISCARDED_SHOWN; i++) {
		const struct mh_bout *bout = pairs->bouts[i];

		if (!bout->discarded)
			continue;
		struct mh_text line = MH_TEXT_INIT;

		mh_text_add(&line, "%s/run-%03u: %s", pairs->sides[0].plan->cells[bout->cell].id, bout->run,
			    bout->discarded);
		mh_text_add(text, "  ");
		add_wrapped(text, 4, line.data);
		mh_text_release(&line);
		shown++;
	}
	if (pairs->discarded > shown)
		mh_text_add(text, "  and %zu more: pairs.json names them\n", pairs->discarded - shown);
}

void mh_pairs_describe(const struct mh_pairs *pairs, struct mh_text *text)
{
	const struct mh_plan *plan = pairs->sides[0].plan;

	mh_text_add(text, "%s, seed %s", plan->name, pairs->seed);
	if (plan->cell_count > 1)
		mh_text_add(text, ", %zu cells", plan->cell_count);
	mh_text_add(text, "\n");
	for (unsigned i = 0; i < 2; i++) {
		describe_side(pairs, i, text);
		mh_text_add(text, "\n");
	}
	if (strcmp(pairs->sides[0].scenario, pairs->sides[1].scenario) != 0) {
		struct mh_text keys = MH_TEXT_INIT;

		mh_resolved_differences(plan->cells[0].scenario->resolved,
					pairs->sides[1].plan->cells[0].scenario->resolved, &keys);
		mh_text_add(text, "they differ in: %s\n", keys.length ? keys.data : "nothing that is run");
		mh_text_release(&keys);
	}
	describe_discarded(pairs, text);
	if (pairs->trouble) {
		struct mh_text line = MH_TEXT_INIT;

		mh_text_add(&line, "stopped early: %s", pairs->trouble);
		add_wrapped(text, 2, line.data);
		mh_text_release(&line);
	}
}

int mh_pairs_finish(struct mh_pairs *pairs)
{
	struct mh_error error;
	int ret = 0;

	for (unsigned i = 0; i < 2 && ret == 0; i++)
		ret = mh_result_folder_finish(&pairs->sides[i].folder, mh_signal_number ? MH_RUN_ABORTED : MH_RUN_OK,
					      &error);
	if (ret == 0)
		ret = mh_pairs_write(pairs, false, &error);
	return ret < 0 ? refuse(pairs, MH_EXIT_ABORTED, error.text) : MH_EXIT_DONE;
}

void mh_pairs_close(struct mh_pairs *pairs)
{
	for (size_t i = 0; i < pairs->bout_count; i++) {
		for (unsigned side = 0; side < 2; side++)
			mh_result_release(&pairs->bouts[i]->results[side]);
		free(pairs->bouts[i]->discarded);
		free(pairs->bouts[i]);
	}
	free(pairs->bouts);
	free(pairs->learned);
	free(pairs->is_learned);
	free(pairs->runs);
	free(pairs->cells);
	free(pairs->path);
	free(pairs->treatment);
	free(pairs->trouble);
	for (unsigned i = 0; pairs->sides && i < 2; i++)
		mh_side_release(&pairs->sides[i]);
	*pairs = (struct mh_pairs){0};
}
