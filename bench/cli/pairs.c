/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The runs themselves: which is next, a fresh process for each, and whether the pair counts. */
#include "bench/cli/pairs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/rng.h"
#include "base/units.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/job.h"
#include "bench/cli/signals.h"
#include "bench/cli/verdict.h"

#define PAIRS_TO_LEARN (MH_HYGIENE_FIRST_RUNS / 2)

static const struct mh_plan *plan_of(const struct mh_pairs *pairs)
{
	return pairs->sides[0].plan;
}

static int stop(struct mh_pairs *pairs, int code, const char *why)
{
	free(pairs->trouble);
	pairs->trouble = strdup(why);
	return code;
}

static int stop_for_error(struct mh_pairs *pairs, const struct mh_error *error)
{
	fprintf(stderr, "memhp-bench %s: error: %s\n", pairs->request->command, error->text);
	return stop(pairs, MH_EXIT_ABORTED, error->text);
}

/* Consecutive blocks of two pairs are ABBA or BAAB, by the seed. */
static void choose_order(const struct mh_pairs *pairs, struct mh_bout *bout)
{
	const uint64_t block = mh_rng_key(plan_of(pairs)->seed, "pair-order", bout->index / 2);

	strcpy(bout->order, ((block ^ bout->index) & 1) ? "BA" : "AB");
}

static bool counts(const struct mh_bout *bout)
{
	return !bout->discarded && bout->loaded[0] && bout->loaded[1];
}

static struct mh_bout *find_bout(const struct mh_pairs *pairs, size_t cell, uint64_t index)
{
	for (size_t i = 0; i < pairs->bout_count; i++)
		if (pairs->bouts[i]->cell == cell && pairs->bouts[i]->index == index && counts(pairs->bouts[i]))
			return pairs->bouts[i];
	return NULL;
}

static struct mh_bout *add_bout(struct mh_pairs *pairs, size_t cell, uint64_t index)
{
	struct mh_bout *bout;

	if (pairs->bout_count == pairs->bout_capacity) {
		size_t capacity = pairs->bout_capacity ? 2 * pairs->bout_capacity : 32;
		struct mh_bout **bouts = reallocarray(pairs->bouts, capacity, sizeof(*bouts));

		if (!bouts)
			return NULL;
		pairs->bouts = bouts;
		pairs->bout_capacity = capacity;
	}
	bout = calloc(1, sizeof(*bout));
	if (!bout)
		return NULL;
	bout->cell = cell;
	bout->index = index;
	bout->run = 1;
	for (size_t i = 0; i < pairs->bout_count; i++)
		bout->run += pairs->bouts[i]->cell == cell;
	choose_order(pairs, bout);
	pairs->bouts[pairs->bout_count++] = bout;
	return bout;
}

/* What a run printed is kept beside it, and shown when the run is what ended the command. */
static void settle_log(const char *path, bool show)
{
	char buffer[4096];
	struct stat status;
	FILE *file;
	size_t length;

	if (stat(path, &status) == 0 && status.st_size == 0) {
		(void)unlink(path);
		return;
	}
	file = show ? fopen(path, "re") : NULL;
	if (!file)
		return;
	while ((length = fread(buffer, 1, sizeof(buffer), file)) > 0)
		(void)fwrite(buffer, 1, length, stderr);
	fclose(file);
}

/* One run of the bout, in a process of its own. Return: its exit code. */
static int run_side(struct mh_pairs *pairs, struct mh_bout *bout, unsigned which)
{
	struct mh_side *side = &pairs->sides[which];
	const struct mh_plan_cell *cell = &side->plan->cells[bout->cell];
	struct mh_result_pair pair = {
		.present = true, .index = bout->index, .side = side->letter, .treatment = pairs->treatment};
	struct mh_job job = {.plan = side->plan, .cell = cell, .pair = &pair, .program = side->program};
	struct mh_error error;
	char *path, *log;
	int code;

	strcpy(pair.order, bout->order);
	if (mh_result_folder_begin_run(&side->folder, cell->id, bout->run, &path, &error) < 0)
		return stop_for_error(pairs, &error);
	job.run = (unsigned)bout->index + 1; /* by which the seed of the run is drawn: the pair's, on both sides */
	job.path = path;
	job.log = asprintf(&log, "%s/log.txt", path) < 0 ? (log = NULL) : log;
	code = mh_job_spawn(&job, side->words);
	bout->loaded[which] = mh_job_load(path, &bout->results[which]) == 0;
	if (log)
		settle_log(log, code == MH_EXIT_USAGE || code == MH_EXIT_ENVIRONMENT || code >= MH_EXIT_ABORTED);
	free(log);
	free(path);
	/* Another build may know nothing of pairs. */
	if (bout->loaded[which] && !bout->results[which].pair.present) {
		bout->results[which].pair = pair;
		bout->results[which].pair.treatment = mh_result_text(&bout->results[which], pair.treatment);
	}
	if (mh_result_folder_end_run(&side->folder, cell->id, bout->run,
				     bout->loaded[which] ? bout->results[which].status : MH_RUN_ABORTED, &error) < 0)
		return stop_for_error(pairs, &error);
	return code;
}

static struct mh_hygiene_limits limits_of(const struct mh_pairs *pairs, size_t cell)
{
	const struct mh_scenario_limits *limits = &plan_of(pairs)->cells[cell].scenario->limits;

	return (struct mh_hygiene_limits){limits->max_dropped_ppb, limits->max_lag_p99_ns};
}

static const struct mh_hygiene_reference *reference_of(const struct mh_pairs *pairs, size_t cell)
{
	if (pairs->request->references)
		return &pairs->request->references[cell];
	return pairs->is_learned[cell] ? &pairs->learned[cell] : NULL;
}

static void discard(struct mh_pairs *pairs, struct mh_bout *bout, const char *reason)
{
	const char *cell = plan_of(pairs)->cells[bout->cell].id;
	struct mh_error ignored;

	bout->discarded = strdup(reason);
	pairs->discarded++;
	/* A manifest that cannot be written is told by the next run that begins. */
	for (unsigned i = 0; i < 2; i++)
		(void)mh_result_folder_discard_run(&pairs->sides[i].folder, cell, bout->run, reason, &ignored);
}

/* Discards a bout of which a run was disturbed. */
static void check_bout(struct mh_pairs *pairs, struct mh_bout *bout)
{
	const struct mh_hygiene_limits limits = limits_of(pairs, bout->cell);

	for (unsigned i = 0; i < 2 && counts(bout) && pairs->request->hygiene; i++) {
		struct mh_text reason = MH_TEXT_INIT;

		mh_text_add(&reason, "side %c: ", pairs->sides[i].letter);
		if (!mh_hygiene_holds(reference_of(pairs, bout->cell), &limits, &bout->results[i], &reason))
			discard(pairs, bout, reason.data);
		mh_text_release(&reason);
	}
}

/* After the first pairs of a cell what is usual is known, and they are held against it, too. */
static void learn(struct mh_pairs *pairs, size_t cell)
{
	const struct mh_result *runs[MH_HYGIENE_FIRST_RUNS];
	size_t count = 0;

	if (pairs->is_learned[cell] || pairs->request->references || !pairs->request->hygiene)
		return;
	for (size_t i = 0; i < pairs->bout_count && count < MH_HYGIENE_FIRST_RUNS; i++) {
		const struct mh_bout *bout = pairs->bouts[i];

		if (bout->cell != cell || !counts(bout))
			continue;
		runs[count++] = &bout->results[0];
		runs[count++] = &bout->results[1];
	}
	if (count < MH_HYGIENE_FIRST_RUNS)
		return;
	mh_hygiene_learn(runs, count, &pairs->learned[cell]);
	pairs->is_learned[cell] = true;
	for (size_t i = 0; i < pairs->bout_count; i++)
		if (pairs->bouts[i]->cell == cell)
			check_bout(pairs, pairs->bouts[i]);
}

static int check_discards(struct mh_pairs *pairs)
{
	const size_t pairs_all = pairs->request->pairs_max * plan_of(pairs)->cell_count;
	const size_t allowed = mh_hygiene_discards_max(pairs_all);
	char why[512];

	if (pairs->discarded <= allowed)
		return MH_EXIT_DONE;
	snprintf(why, sizeof(why),
		 "%zu of %zu pairs were disturbed, and at most %zu may be: this host is too busy to measure on (the "
		 "last: "
		 "%.200s); use a quieter one, or gate by --counts",
		 pairs->discarded, pairs_all, allowed,
		 pairs->bouts[pairs->bout_count - 1]->discarded ? pairs->bouts[pairs->bout_count - 1]->discarded
								: "an earlier one");
	return stop(pairs, MH_EXIT_INCONCLUSIVE, why);
}

/* Whether the next pair can go on after a run that ended so. A threshold (1) is for all runs together. */
static int check_code(struct mh_pairs *pairs, const struct mh_bout *bout, unsigned which, int code)
{
	const struct mh_hygiene_limits limits = limits_of(pairs, bout->cell);
	const struct mh_result *result = &bout->results[which];
	char why[1024];

	if (mh_signal_number)
		return stop(pairs, mh_verdict_signal_code(mh_signal_number), "ended by a signal or --timeout");
	if (code == MH_EXIT_DONE || code == MH_EXIT_REGRESSED)
		return bout->loaded[which] ? MH_EXIT_DONE : stop(pairs, MH_EXIT_INTERNAL, "a run left no result");
	if (code == MH_EXIT_INCONCLUSIVE && bout->loaded[which] && mh_hygiene_is_late(&limits, result))
		return MH_EXIT_DONE; /* the pair is discarded for it */
	snprintf(why, sizeof(why), "run %u of side %c ended with exit %d%s%.600s", bout->run,
		 pairs->sides[which].letter, code, bout->loaded[which] && result->status_reason_count ? ": " : "",
		 bout->loaded[which] && result->status_reason_count ? result->status_reasons[0] : "");
	return stop(pairs, code, why);
}

static double seconds_since(uint64_t begin_ns)
{
	return (double)(mh_clock_monotonic_ns() - begin_ns) / 1e9;
}

static void tell_progress(struct mh_pairs *pairs, const struct mh_bout *bout, size_t count)
{
	const size_t cells = plan_of(pairs)->cell_count, kept = pairs->bout_count - 1 - pairs->discarded;
	struct mh_text text = MH_TEXT_INIT;
	char left[32];

	mh_text_add(&text, "%s: pair %llu of %zu", pairs->request->command, (unsigned long long)bout->index + 1, count);
	if (count < pairs->request->pairs_max)
		mh_text_add(&text, " (at most %zu)", pairs->request->pairs_max);
	if (cells > 1)
		mh_text_add(&text, ", cell %zu of %zu", bout->cell + 1, cells);
	if (kept > 0)
		mh_text_add(&text, ", %s left",
			    mh_show_duration(left, sizeof(left),
					     seconds_since(pairs->begin_ns) / (double)(pairs->bout_count - 1) *
						     (double)(count * cells - kept) * 1e9));
	if (pairs->discarded)
		mh_text_add(&text, ", %zu discarded", pairs->discarded);
	mh_progress_line_say(&pairs->line, text.data);
	mh_text_release(&text);
}

static int run_bout(struct mh_pairs *pairs, size_t cell, uint64_t index, size_t count)
{
	struct mh_bout *bout = add_bout(pairs, cell, index);
	struct mh_error error;
	int code = MH_EXIT_DONE;

	if (!bout)
		return stop(pairs, MH_EXIT_ENVIRONMENT, "no memory for a pair");
	tell_progress(pairs, bout, count);
	for (unsigned i = 0; i < 2 && code == MH_EXIT_DONE; i++) {
		const unsigned which = bout->order[i] == 'B';

		code = check_code(pairs, bout, which, run_side(pairs, bout, which));
	}
	if (code == MH_EXIT_DONE) {
		check_bout(pairs, bout);
		learn(pairs, cell);
		code = check_discards(pairs);
	}
	if (mh_pairs_write(pairs, true, &error) < 0)
		return mh_exit_combine(code, stop_for_error(pairs, &error));
	return code;
}

/* The first pair that is missing, in the order of the pairs. */
static bool find_missing(const struct mh_pairs *pairs, size_t count, size_t *ret_cell, uint64_t *ret_index)
{
	for (uint64_t index = 0; index < count; index++)
		for (size_t cell = 0; cell < plan_of(pairs)->cell_count; cell++)
			if (!find_bout(pairs, cell, index)) {
				*ret_cell = cell;
				*ret_index = index;
				return true;
			}
	return false;
}

int mh_pairs_run(struct mh_pairs *pairs, size_t count)
{
	uint64_t index;
	size_t cell;
	int code = MH_EXIT_DONE;

	while (code == MH_EXIT_DONE && find_missing(pairs, count, &cell, &index))
		code = run_bout(pairs, cell, index, count);
	mh_progress_line_clear(&pairs->line);
	return code;
}

/* Whole pairs that count; of an incorrect run also what is half, so that it is judged and told. */
static bool is_judged(const struct mh_bout *bout)
{
	return !bout->discarded && (bout->loaded[0] || bout->loaded[1]);
}

static void fill_cell(struct mh_pairs *pairs, size_t cell, const struct mh_result ***at)
{
	struct mh_gate_cell *into = &pairs->cells[cell];

	*into = (struct mh_gate_cell){.id = plan_of(pairs)->cells[cell].id};
	for (unsigned side = 0; side < 2; side++) {
		const struct mh_result **first = *at;

		for (uint64_t index = 0; index < pairs->bout_count; index++)
			for (size_t i = 0; i < pairs->bout_count; i++) {
				struct mh_bout *bout = pairs->bouts[i];

				if (bout->cell == cell && bout->index == index && is_judged(bout) && bout->loaded[side])
					*(*at)++ = &bout->results[side];
			}
		if (side == 0) {
			into->base = first;
			into->base_count = (size_t)(*at - first);
		} else {
			into->candidate = first;
			into->candidate_count = (size_t)(*at - first);
		}
	}
}

const struct mh_gate_cell *mh_pairs_cells(struct mh_pairs *pairs, size_t *ret_count)
{
	const size_t count = plan_of(pairs)->cell_count;
	const struct mh_result **at;

	free(pairs->runs);
	free(pairs->cells);
	pairs->runs = at = calloc(2 * pairs->bout_count + 1, sizeof(*at));
	pairs->cells = calloc(count, sizeof(*pairs->cells));
	if (!pairs->runs || !pairs->cells)
		return NULL;
	for (size_t cell = 0; cell < count; cell++)
		fill_cell(pairs, cell, &at);
	*ret_count = count;
	return pairs->cells;
}
