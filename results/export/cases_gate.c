/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The cases of a gate: one a line, in the order of the report. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "results/export/cases.h"

static bool undecided(enum mh_verdict verdict)
{
	return verdict == MH_VERDICT_INCONCLUSIVE || verdict == MH_VERDICT_UNDERPOWERED;
}

/* The outcome, how loud, and of what type, of a line that can fail the gate. */
static void judge_gated(const struct mh_gate_line *line, const struct mh_gate_rule *rule,
			const struct mh_export_gate_options *options, struct mh_export_case *one)
{
	switch (line->verdict) {
	case MH_VERDICT_PASS:
	case MH_VERDICT_IMPROVED:
		return;
	case MH_VERDICT_REGRESSED:
		one->outcome = MH_CASE_FAILED;
		one->severity = MH_SEVERITY_ERROR;
		one->type = line->kind == MH_LINE_SLO ? "slo" : "regression";
		return;
	case MH_VERDICT_INCONCLUSIVE:
	case MH_VERDICT_UNDERPOWERED:
		one->outcome = options->undecided_fails ? MH_CASE_FAILED : MH_CASE_SKIPPED;
		one->severity =
			options->undecided_fails || !rule->undecided_warns ? MH_SEVERITY_ERROR : MH_SEVERITY_WARNING;
		one->type = "undecided";
		return;
	default:
		one->outcome = MH_CASE_BROKEN;
		one->severity = MH_SEVERITY_ERROR;
		one->type = line->verdict == MH_VERDICT_INCORRECT ? "invariant" : "data";
		return;
	}
}

/* Shown beside the gate: whatever it says, the gate does not fail by it. */
static void judge_shown(const struct mh_gate_line *line, struct mh_export_case *one)
{
	if (line->verdict == MH_VERDICT_PASS || line->verdict == MH_VERDICT_IMPROVED)
		return;
	one->outcome = MH_CASE_SKIPPED;
	one->severity = line->verdict == MH_VERDICT_NONE ? MH_SEVERITY_NONE : MH_SEVERITY_NOTICE;
	one->type = "advisory";
}

/* What is held against which limit: "steady/response.p99 <= +5 %". The same at each run of the job. */
static const char *line_name(const struct mh_gate_line *line, struct mh_export_cases *cases)
{
	if (line->kind != MH_LINE_TIME || !isfinite(line->tolerance))
		return line->name;
	return mh_cases_text(cases, "%s %s= %c%g %%", line->name, line->unit == MH_UNIT_RATE ? ">" : "<",
			     line->unit == MH_UNIT_RATE ? '-' : '+', fabs(line->tolerance) * 100);
}

/* "+7.9 % [+4.1, +11.8]", or "" where there is no interval. */
static const char *change(const struct mh_gate_line *line, struct mh_export_cases *cases)
{
	const struct mh_interval *ratio = &line->ratio;

	if (line->kind != MH_LINE_TIME || !isfinite(ratio->estimate))
		return "";
	if (!ratio->attained || !isfinite(ratio->lower) || !isfinite(ratio->upper))
		return mh_cases_text(cases, "%+.1f %%\n", (ratio->estimate - 1) * 100);
	return mh_cases_text(cases, "%+.1f %% [%+.1f, %+.1f]\n", (ratio->estimate - 1) * 100, (ratio->lower - 1) * 100,
			     (ratio->upper - 1) * 100);
}

static const char *probability(const struct mh_gate_line *line, struct mh_export_cases *cases)
{
	if (line->kind != MH_LINE_TIME || !isfinite(line->p_adjusted))
		return "";
	return mh_cases_text(cases, "p %.4g, adjusted %.4g\n", line->p, line->p_adjusted);
}

static const char *line_message(const struct mh_gate_line *line, struct mh_export_cases *cases)
{
	const char *verdict = mh_verdict_names[line->verdict];

	if (undecided(line->verdict) && line->runs_needed)
		return mh_cases_text(cases, "%s: %s; needs %zu in all", verdict, line->words, line->runs_needed);
	return mh_cases_text(cases, "%s: %s", verdict, line->words);
}

static void add_line(const struct mh_gate_line *line, const struct mh_gate_rule *rule,
		     const struct mh_export_gate_options *options, const char *suite, struct mh_export_cases *cases)
{
	struct mh_export_case one = {.suite = suite, .area = "gate"};

	if (line->gated)
		judge_gated(line, rule, options, &one);
	else
		judge_shown(line, &one);
	one.name = line_name(line, cases);
	if (one.outcome != MH_CASE_PASSED) {
		one.message = line_message(line, cases);
		one.detail = mh_cases_text(cases, "%s%s%zu against %zu runs\n%s%s", change(line, cases),
					   probability(line, cases), line->base_count, line->candidate_count,
					   line->next ? "next: " : "", line->next ? line->next : "");
	}
	mh_cases_add(cases, &one);
}

/* The name of the suite of a line, new with the first line of its cell. */
static const char *suite_of(const struct mh_gate_line *line, const struct mh_gate_rule *rule,
			    const struct mh_export_gate_options *options, struct mh_export_cases *cases)
{
	const char *name =
		mh_cases_text(cases, "%s%s%s", options->scenario, line->cell ? "/" : "", line->cell ? line->cell : "");

	for (size_t i = 0; i < cases->suite_count; i++)
		if (strcmp(cases->suites[i].name, name) == 0)
			return cases->suites[i].name;
	struct mh_export_suite *suite = mh_cases_add_suite(cases, name);

	if (!suite)
		return "";
	mh_cases_add_property(suite, "seed", mh_cases_text(cases, "0x%" PRIx64, rule->seed));
	mh_cases_add_property(suite, rule->paired ? "pairs" : "runs",
			      mh_cases_text(cases, "%zu", line->candidate_count));
	mh_cases_add_property(suite, "command", rule->command);
	return suite->name;
}

/* A gate that held nothing against anything has not passed. */
static void add_nothing(const struct mh_gate_report *report, const struct mh_export_gate_options *options,
			struct mh_export_cases *cases)
{
	mh_cases_add_suite(cases, options->scenario);
	mh_cases_add(cases, &(struct mh_export_case){
				    .suite = options->scenario,
				    .area = "gate",
				    .name = "the gate has something to judge",
				    .outcome = MH_CASE_BROKEN,
				    .severity = MH_SEVERITY_ERROR,
				    .type = "data",
				    .message = report->summary,
			    });
}

void mh_cases_of_gate(const struct mh_gate_report *report, const struct mh_gate_rule *rule,
		      const struct mh_export_gate_options *options, struct mh_export_cases *cases)
{
	for (size_t i = 0; i < report->line_count && !cases->failed; i++) {
		const char *suite = suite_of(&report->lines[i], rule, options, cases);

		add_line(&report->lines[i], rule, options, suite, cases);
	}
	if (!report->line_count)
		add_nothing(report, options, cases);
}
