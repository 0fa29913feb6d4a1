/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What differs between the folders beyond the treatment that they were made with is refused before anything is judged.
 */
#include "bench/cli/folder_comparison.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/cli/calibration_use.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/gate_rule.h"
#include "bench/cli/judgement.h"
#include "bench/cli/resolved_section.h"
#include "bench/cli/result_runs.h"
#include "bench/cli/verdict.h"
#include "results/comparable.h"

struct session {
	const struct mh_folder_comparison *request;
	struct mh_result_runs base, candidate;
	struct mh_comparison comparison;
	bool paired;
	struct mh_plan *plan; /* of the base's scenario; NULL: it cannot be read */
	struct mh_gate_rule_lists lists;
	struct mh_calibration_use calibration;
	struct mh_gate_cell *cells;
	const struct mh_result **runs; /* that cells point to */
	size_t cell_count;
	struct mh_text head;
	struct mh_gate_report report;
};

static int refuse(const struct session *session, int code, const char *text)
{
	fprintf(stderr, "memhp-bench %s: error: %s\n", session->request->command, text);
	return code;
}

static int load_folder(struct session *session, const char *path, struct mh_result_runs *runs)
{
	struct mh_error error;
	int ret = mh_result_runs_load(path, runs, &error);
	char text[512];

	if (ret < 0)
		return refuse(session, ret == -ENOMEM ? MH_EXIT_ENVIRONMENT : MH_EXIT_USAGE, error.text);
	if (runs->left_out_count)
		mh_text_add(&session->head, "left out:\n%s", runs->left_out.data);
	if (runs->count)
		return MH_EXIT_DONE;
	snprintf(text, sizeof(text), "'%.300s' has no run that can be compared%s%.100s", path,
		 runs->left_out_count ? ": the first is left out, " : "",
		 runs->left_out_count ? strrchr(runs->left_out.data, ':') : "");
	text[strcspn(text, "\n")] = '\0';
	return refuse(session, MH_EXIT_NOT_COMPARABLE, text);
}

static bool is_twin(const struct mh_result *run, const struct mh_result *other)
{
	return other->pair.present && other->pair.index == run->pair.index && run->cell && other->cell &&
	       strcmp(run->cell, other->cell) == 0;
}

static bool has_twin(const struct mh_result *run, const struct mh_result_runs *others)
{
	for (size_t i = 0; i < others->count; i++)
		if (is_twin(run, &others->items[i]))
			return true;
	return false;
}

static bool are_of_pairs(const struct mh_result_runs *runs)
{
	for (size_t i = 0; i < runs->count; i++)
		if (!runs->items[i].pair.present)
			return false;
	return true;
}

/* Where pairs were run and the last was cut off, one side has a run more than the other. */
static void leave_out_lonely(struct session *session, struct mh_result_runs *runs, const struct mh_result_runs *others)
{
	size_t kept = 0;

	for (size_t i = 0; i < runs->count; i++) {
		if (has_twin(&runs->items[i], others)) {
			runs->items[kept++] = runs->items[i];
			continue;
		}
		mh_text_add(&session->head, "left out:\n%s: run %s: its pair is not whole\n", runs->folder.path,
			    runs->items[i].run_id);
		mh_result_release(&runs->items[i]);
	}
	runs->count = kept;
}

static int match_pairs(struct session *session)
{
	if (!are_of_pairs(&session->base) || !are_of_pairs(&session->candidate))
		return MH_EXIT_DONE;
	leave_out_lonely(session, &session->base, &session->candidate);
	leave_out_lonely(session, &session->candidate, &session->base);
	return session->base.count ? MH_EXIT_DONE
				   : refuse(session, MH_EXIT_NOT_COMPARABLE, "no pair of runs is whole on both sides");
}

/* Of one scenario, as far as both say what they ran. */
static int check_scenarios(struct session *session)
{
	char *base = mh_result_runs_scenario(&session->base), *candidate = mh_result_runs_scenario(&session->candidate);
	struct mh_text keys = MH_TEXT_INIT;
	char text[1024];
	int code = MH_EXIT_DONE;

	if (strcmp(session->base.folder.name, session->candidate.folder.name) != 0)
		mh_text_add(&keys, "name");
	if (base && candidate && !keys.length)
		mh_resolved_differences(base, candidate, &keys);
	if (keys.length && session->request->across) {
		mh_text_add(&session->head, "different scenarios (they differ in: %s): only what both have\n",
			    keys.data);
	} else if (keys.length) {
		snprintf(text, sizeof(text),
			 "the folders are of different scenarios: they differ in: %.300s; --across compares what they "
			 "have in common",
			 keys.data);
		code = refuse(session, MH_EXIT_NOT_COMPARABLE, text);
	}
	free(base);
	free(candidate);
	mh_text_release(&keys);
	return code;
}

static int check_seeds(struct session *session)
{
	if (session->request->across || !mh_comparison_seeds_differ(&session->comparison))
		return MH_EXIT_DONE;
	if (session->request->gate)
		return refuse(
			session, MH_EXIT_NOT_COMPARABLE,
			"the runs have different seeds: their exact counts differ by that alone; run both with one "
			"--seed, or compare them by --across");
	mh_comparison_drop_counts(&session->comparison);
	mh_text_add(&session->head, "different seeds: exact counts are not compared\n");
	return MH_EXIT_DONE;
}

static int check(struct session *session)
{
	struct mh_comparison *comparison = &session->comparison;
	struct mh_error error;
	int code = MH_EXIT_DONE;
	size_t taken;

	*comparison = (struct mh_comparison){session->base.items, session->candidate.items, session->base.count,
					     session->candidate.count};
	session->paired = mh_comparison_is_paired(comparison);
	if (session->paired && comparison->base[0].pair.treatment)
		mh_text_add(&session->head, "%s\n", comparison->base[0].pair.treatment);
	if (!session->paired)
		code = check_scenarios(session);
	if (code != MH_EXIT_DONE)
		return code;
	if (mh_comparison_check(comparison, &error) < 0)
		return refuse(session, MH_EXIT_NOT_COMPARABLE, error.text);
	if (session->request->across) {
		taken = mh_comparison_keep_common(comparison);
		mh_text_add(&session->head, "across scenarios: exact counts and %zu series of one side are left out\n",
			    taken);
	}
	return check_seeds(session);
}

/* The rule is the base's; without its scenario there is none, and nothing can be gated. */
static int load_rule(struct session *session)
{
	struct mh_text messages = MH_TEXT_INIT;
	char *path;
	int ret;

	if (asprintf(&path, "%s/scenario.resolved.yaml", session->base.folder.path) < 0)
		return MH_EXIT_ENVIRONMENT;
	ret = mh_plan_load(&(struct mh_plan_request){.path = path}, &session->plan, &messages);
	if (ret < 0)
		session->plan = NULL;
	if (ret < 0 && session->request->gate)
		fputs(messages.data, stderr);
	mh_text_release(&messages);
	free(path);
	if (ret == 0)
		return mh_gate_rule_make(session->plan, &session->lists) < 0 ? MH_EXIT_ENVIRONMENT : MH_EXIT_DONE;
	if (session->request->gate)
		return refuse(session, MH_EXIT_USAGE,
			      "the base's scenario.resolved.yaml cannot be read: what is gated is not known");
	session->lists.rule = (struct mh_gate_rule){.alpha = 0.01, .seed = session->base.folder.seed};
	return MH_EXIT_DONE;
}

static int check_gate(struct session *session)
{
	const struct mh_scenario *scenario = session->plan ? session->plan->cells[0].scenario : NULL;

	if (!session->request->gate)
		return MH_EXIT_DONE;
	if (scenario->verify.level == MH_VERIFY_OFF)
		return refuse(session, MH_EXIT_USAGE,
			      "'verify: {level: off}' cannot be gated: speed without correctness is none");
	if (!scenario->gate.present && !session->request->counts_only)
		return refuse(
			session, MH_EXIT_USAGE,
			"the base's scenario has no section 'gate': what is gated is not known; --counts needs none");
	return MH_EXIT_DONE;
}

static void set_rule(struct session *session)
{
	struct mh_gate_rule *rule = &session->lists.rule;
	const struct mh_folder_comparison *request = session->request;

	rule->paired = session->paired;
	rule->compare = !request->gate;
	rule->counts_only = request->counts_only;
	rule->command = request->repro;
	rule->looks = NULL; /* one look, at what there is */
	rule->look_count = 0;
	if (request->warn_undecided || request->fail_undecided)
		rule->undecided_warns = request->warn_undecided;
}

static int take_calibration(struct session *session)
{
	int code;

	if (!session->request->calibration)
		return MH_EXIT_DONE;
	code = mh_calibration_use(&session->calibration, session->request->command, session->request->calibration,
				  session->plan);
	session->lists.rule.noises = session->calibration.noises;
	session->lists.rule.noise_count = session->calibration.noise_count;
	return code;
}

static int compare_indices(const void *a, const void *b)
{
	const struct mh_result *first = *(const struct mh_result *const *)a;
	const struct mh_result *second = *(const struct mh_result *const *)b;

	return (first->pair.index > second->pair.index) - (first->pair.index < second->pair.index);
}

static const struct mh_result **collect(const struct session *session, const struct mh_result_runs *runs,
					const char *cell, const struct mh_result **at)
{
	const struct mh_result **first = at;

	for (size_t i = 0; i < runs->count; i++)
		if (runs->items[i].cell && strcmp(runs->items[i].cell, cell) == 0)
			*at++ = &runs->items[i];
	if (session->paired)
		qsort(first, (size_t)(at - first), sizeof(*first), compare_indices);
	return at;
}

static bool is_known(const struct session *session, const char *cell)
{
	for (size_t i = 0; i < session->cell_count; i++)
		if (strcmp(session->cells[i].id, cell) == 0)
			return true;
	return false;
}

/* Every cell of either side: one that a side lacks is told by the judge. */
static int make_cells(struct session *session)
{
	const size_t count = session->base.count + session->candidate.count;
	const struct mh_result **at;

	session->cells = calloc(count + 1, sizeof(*session->cells));
	session->runs = at = calloc(count + 1, sizeof(*session->runs));
	if (!session->cells || !session->runs)
		return refuse(session, MH_EXIT_ENVIRONMENT, "no memory for the cells");
	for (size_t i = 0; i < count; i++) {
		const struct mh_result *run = i < session->base.count
						      ? &session->base.items[i]
						      : &session->candidate.items[i - session->base.count];
		struct mh_gate_cell *cell = &session->cells[session->cell_count];
		const struct mh_result **middle, **end;

		if (!run->cell || is_known(session, run->cell))
			continue;
		middle = collect(session, &session->base, run->cell, at);
		end = collect(session, &session->candidate, run->cell, middle);
		*cell = (struct mh_gate_cell){.id = run->cell,
					      .base = at,
					      .candidate = middle,
					      .base_count = (size_t)(middle - at),
					      .candidate_count = (size_t)(end - middle)};
		session->cell_count++;
		at = end;
	}
	return MH_EXIT_DONE;
}

static void describe(struct session *session)
{
	const struct mh_folder_comparison *request = session->request;
	struct mh_text head = MH_TEXT_INIT;
	bool single = true;

	for (size_t i = 0; i < session->cell_count; i++)
		single &= session->cells[i].base_count <= 1 && session->cells[i].candidate_count <= 1;
	mh_text_add(&head, "base: %s\ncandidate: %s\n", request->base, request->candidate);
	if (single && !request->gate)
		mh_text_add(&head, "one run a side: a difference, and no verdict; ab or run --runs N tell more\n");
	mh_text_append(&head, session->head.data, session->head.length);
	mh_text_release(&session->head);
	session->head = head;
}

static int judge(struct session *session, const char **ret_word)
{
	const struct mh_gate_rule *rule = &session->lists.rule;
	const struct mh_judgement judgement = {
		.command = session->request->command,
		.options = session->request->options,
		.head = session->head.data,
		.rule = rule,
	};
	struct mh_error error;
	int code;

	if (mh_gate_judge(rule, session->cells, session->cell_count, 0, &session->report, &error) < 0)
		return refuse(session, MH_EXIT_ENVIRONMENT, error.text);
	code = mh_judgement_tell(&judgement, &session->report);
	*ret_word = mh_verdict_gate_word(rule->compare, session->report.verdict);
	if (!session->request->gate)
		return code;
	return mh_exit_combine(code, mh_verdict_exit(session->report.verdict, rule->undecided_warns));
}

static int run(struct session *session, const char **ret_word, char ret_seed[32])
{
	const struct mh_folder_comparison *request = session->request;
	int code = load_folder(session, request->base, &session->base);

	if (code == MH_EXIT_DONE)
		snprintf(ret_seed, 32, "0x%" PRIx64, session->base.folder.seed);
	if (code == MH_EXIT_DONE)
		code = load_folder(session, request->candidate, &session->candidate);
	if (code == MH_EXIT_DONE)
		code = match_pairs(session);
	if (code == MH_EXIT_DONE)
		code = check(session);
	if (code == MH_EXIT_DONE)
		code = load_rule(session);
	if (code == MH_EXIT_DONE)
		code = check_gate(session);
	if (code != MH_EXIT_DONE)
		return code;
	set_rule(session);
	code = take_calibration(session);
	if (code == MH_EXIT_DONE)
		code = make_cells(session);
	if (code != MH_EXIT_DONE)
		return code;
	describe(session);
	return judge(session, ret_word);
}

int mh_folder_compare(const struct mh_folder_comparison *comparison, const char **ret_word, char ret_seed[32])
{
	struct session session = {.request = comparison,
				  .base = {.left_out = MH_TEXT_INIT},
				  .candidate = {.left_out = MH_TEXT_INIT},
				  .head = MH_TEXT_INIT};
	int code;

	*ret_word = NULL;
	snprintf(ret_seed, 32, "-");
	code = run(&session, ret_word, ret_seed);
	mh_gate_report_release(&session.report);
	mh_gate_rule_release(&session.lists);
	mh_calibration_use_release(&session.calibration);
	mh_plan_free(session.plan);
	mh_result_runs_release(&session.base);
	mh_result_runs_release(&session.candidate);
	mh_text_release(&session.head);
	free(session.cells);
	free(session.runs);
	return code;
}
