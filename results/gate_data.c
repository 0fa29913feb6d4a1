/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Can the runs of a cell be judged at all? What is incorrect is told first and ends it; what cannot be trusted is told
 * once for all runs that it is true of.
 */
#include <stdio.h>
#include <string.h>

#include "results/gate_private.h"

const char *mh_gate_run_name(struct mh_gate *gate, const struct mh_gate_cell *cell, bool candidate, size_t index)
{
	const struct mh_result *run = candidate ? cell->candidate[index] : cell->base[index];
	const char *side = candidate ? "candidate" : "base";

	if (run->run_id[0])
		return mh_gate_format(gate, "%s run %zu (%s)", side, index + 1, run->run_id);
	return mh_gate_format(gate, "%s run %zu", side, index + 1);
}

static bool is_incorrect(const struct mh_result *run)
{
	return run->status == MH_RUN_INCORRECT || run->verify.violation_count > 0;
}

static bool is_aborted(const struct mh_result *run)
{
	return run->status == MH_RUN_ABORTED;
}

static bool is_invalid(const struct mh_result *run)
{
	return run->status == MH_RUN_INVALID;
}

static bool is_unchecked(const struct mh_result *run)
{
	return !run->verify.level || strcmp(run->verify.level, "off") == 0;
}

/* A file that holds no number there reads as 1; a NaN is not 1. */
static bool is_scaled(const struct mh_result *run)
{
	return !(run->time_scale >= 1 && run->time_scale <= 1);
}

static bool is_without_hooks(const struct mh_result *run)
{
	return !run->binary.hooks;
}

static const char *first_reason(const struct mh_result *run)
{
	return run->status_reason_count ? run->status_reasons[0] : "no reason was written";
}

static const char *tell_incorrect(struct mh_gate *gate, const struct mh_result *run)
{
	if (!run->verify.violation_kept)
		return mh_gate_format(gate, "is incorrect: %s", first_reason(run));
	const struct mh_result_violation *violation = &run->verify.violations[0];

	return mh_gate_format(gate, "violated %s at operation %llu: %.*s", violation->invariant,
			      (unsigned long long)violation->seq, (int)strcspn(violation->detail, "\n"),
			      violation->detail);
}

static const char *tell_aborted(struct mh_gate *gate, const struct mh_result *run)
{
	return mh_gate_format(gate, "was aborted: %s", first_reason(run));
}

static const char *tell_invalid(struct mh_gate *gate, const struct mh_result *run)
{
	return mh_gate_format(gate, "cannot be trusted: %s", first_reason(run));
}

static const char *tell_unchecked(struct mh_gate *gate, const struct mh_result *run)
{
	(void)run;
	return mh_gate_format(gate, "was not checked: with verify.level off nothing shows that it did its work");
}

static const char *tell_scaled(struct mh_gate *gate, const struct mh_result *run)
{
	return mh_gate_format(gate, "was run with --time-scale %g: such a run is a rehearsal", run->time_scale);
}

static const char *tell_without_hooks(struct mh_gate *gate, const struct mh_result *run)
{
	(void)run;
	return mh_gate_format(gate, "is of a program without hook points: its times are a reference, and never gated");
}

/* What may be wrong with a run, the worst first; what a gate without times can still use of it. */
static const struct data_check {
	const char *name;
	bool (*fails)(const struct mh_result *run);
	const char *(*tell)(struct mh_gate *gate, const struct mh_result *run);
	enum mh_gate_line_kind kind;
	enum mh_verdict verdict;
	bool counts_usable; /* the work was done all the same */
} data_checks[] = {
	{"correctness", is_incorrect, tell_incorrect, MH_LINE_CORRECTNESS, MH_VERDICT_INCORRECT, false},
	{"completeness", is_aborted, tell_aborted, MH_LINE_DATA, MH_VERDICT_INVALID, false},
	{"validity", is_invalid, tell_invalid, MH_LINE_DATA, MH_VERDICT_INVALID, true},
	{"checks", is_unchecked, tell_unchecked, MH_LINE_DATA, MH_VERDICT_INVALID, true},
	{"time scale", is_scaled, tell_scaled, MH_LINE_DATA, MH_VERDICT_INVALID, true},
	{"hooks", is_without_hooks, tell_without_hooks, MH_LINE_DATA, MH_VERDICT_INVALID, true},
};

#define DATA_CHECKS (sizeof(data_checks) / sizeof(data_checks[0]))

static size_t run_count(const struct mh_gate_cell *cell)
{
	return cell->base_count + cell->candidate_count;
}

/* Both sides as one list, the base first. */
static const struct mh_result *run_at(const struct mh_gate_cell *cell, size_t index)
{
	return index < cell->base_count ? cell->base[index] : cell->candidate[index - cell->base_count];
}

/* The number of runs that fail it; @ret_first: the index of the first. */
static size_t count_failing(const struct mh_gate_cell *cell, const struct data_check *check, size_t *ret_first)
{
	size_t count = 0;

	for (size_t i = 0; i < run_count(cell); i++) {
		if (!check->fails(run_at(cell, i)))
			continue;
		if (count++ == 0)
			*ret_first = i;
	}
	return count;
}

/* The command that repeats the run itself shows what went wrong with it. */
static const char *next_of(struct mh_gate *gate, const struct mh_result *run)
{
	return run->repro ? mh_gate_format(gate, "%s", run->repro) : mh_gate_next(gate, "%s", "");
}

static void tell_check(struct mh_gate *gate, const struct mh_gate_cell *cell, const struct data_check *check,
		       size_t first, size_t count)
{
	const struct mh_result *run = run_at(cell, first);
	bool candidate = first >= cell->base_count;
	const char *name = mh_gate_run_name(gate, cell, candidate, candidate ? first - cell->base_count : first);
	const char *what = check->tell(gate, run);
	const char *subject = check->name;

	if (check->verdict == MH_VERDICT_INCORRECT && run->verify.violation_kept)
		subject = run->verify.violations[0].invariant;
	struct mh_gate_line *line = mh_gate_add_line(gate, check->kind, check->verdict, cell->id, subject);

	line->base_count = cell->base_count;
	line->candidate_count = cell->candidate_count;
	line->words = count == 1 ? mh_gate_format(gate, "%s %s", name, what)
				 : mh_gate_format(gate, "%s %s (%zu of %zu runs)", name, what, count, run_count(cell));
	line->next = next_of(gate, run);
}

static void refuse_cell(struct mh_gate *gate, const struct mh_gate_cell *cell, const char *name, const char *words)
{
	struct mh_gate_line *line = mh_gate_add_line(gate, MH_LINE_DATA, MH_VERDICT_INVALID, cell->id, name);

	line->base_count = cell->base_count;
	line->candidate_count = cell->candidate_count;
	line->words = words;
	line->next = mh_gate_next(gate, "%s", "");
}

/* Both sides are there, and as many runs as the design asks for. */
static bool check_runs(struct mh_gate *gate, const struct mh_gate_cell *cell)
{
	if (cell->base_count == 0 || cell->candidate_count == 0) {
		refuse_cell(gate, cell, "runs",
			    mh_gate_format(gate, "there is no run of the %s: nothing to compare",
					   cell->base_count ? "candidate" : "base"));
		return false;
	}
	if (gate->rule->paired && cell->base_count != cell->candidate_count) {
		refuse_cell(gate, cell, "pairs",
			    mh_gate_format(gate, "%zu runs of the base and %zu of the candidate make no pairs",
					   cell->base_count, cell->candidate_count));
		return false;
	}
	return true;
}

static bool differ(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") != 0;
}

/* Times of different meaning are not held against each other. */
static bool check_meaning(struct mh_gate *gate, const struct mh_gate_cell *cell)
{
	const struct mh_result *first = run_at(cell, 0);

	for (size_t i = 1; i < run_count(cell); i++) {
		const struct mh_result *run = run_at(cell, i);

		if (differ(first->mode, run->mode) || differ(first->times, run->times)) {
			refuse_cell(gate, cell, "meaning",
				    mh_gate_format(gate, "times of mode '%s' (%s) and of mode '%s' (%s) differ in kind",
						   first->mode, first->times, run->mode, run->times));
			return false;
		}
	}
	return true;
}

struct mh_gate_usable mh_gate_check_cell(struct mh_gate *gate, const struct mh_gate_cell *cell)
{
	struct mh_gate_usable usable = {.counts = true, .times = true};
	size_t first = 0;

	if (!check_runs(gate, cell))
		return (struct mh_gate_usable){0};
	for (size_t i = 0; i < DATA_CHECKS; i++) {
		size_t count = count_failing(cell, &data_checks[i], &first);

		if (count == 0)
			continue;
		tell_check(gate, cell, &data_checks[i], first, count);
		usable.times = false;
		usable.counts = usable.counts && data_checks[i].counts_usable;
	}
	if (!check_meaning(gate, cell))
		usable.times = false;
	return usable;
}
