/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cases of runs. Each run has one for how it ended, one for each invariant that was violated or one for the checks
 * that all held, and one a threshold. The name of a run stands in front where its cell has several.
 */
#include <inttypes.h>
#include <string.h>

#include "results/export/cases.h"

/* What the cases of one run have in common. */
struct making {
	struct mh_export_cases *cases;
	const struct mh_result *result;
	const char *suite, *prefix; /* "", or "run-001 " */
};

static const char *name_of(const struct making *making, const char *what)
{
	return mh_cases_text(making->cases, "%s%s", making->prefix, what);
}

static void add(const struct making *making, struct mh_export_case one)
{
	one.suite = making->suite;
	one.name = name_of(making, one.name);
	mh_cases_add(making->cases, &one);
}

static const char *join_reasons(const struct making *making)
{
	const struct mh_result *result = making->result;
	const char *all = "";

	for (size_t i = 0; i < result->status_reason_count; i++)
		all = mh_cases_text(making->cases, "%s%s%s", all, i ? "\n" : "", result->status_reasons[i]);
	return all;
}

/* Whether the data can be trusted; what was violated has cases of its own. */
static void add_end(const struct making *making)
{
	const struct mh_result *result = making->result;
	struct mh_export_case one = {.area = "run", .name = "the run ends and its data can be trusted"};

	if (result->status == MH_RUN_ABORTED || result->status == MH_RUN_INVALID) {
		one.outcome = MH_CASE_BROKEN;
		one.severity = MH_SEVERITY_ERROR;
		one.type = mh_run_status_names[result->status];
		one.message = result->status_reason_count ? result->status_reasons[0] : "the run does not say why";
		one.detail = join_reasons(making);
	}
	add(making, one);
}

static bool named_before(const struct mh_result_verify *verify, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (strcmp(verify->violations[i].invariant, verify->violations[index].invariant) == 0)
			return true;
	return false;
}

/* All violations of one invariant: a case may have one error only. */
static void add_violated(const struct making *making, size_t first)
{
	const struct mh_result_verify *verify = &making->result->verify;
	const struct mh_result_violation *violation = &verify->violations[first];
	size_t count = 0;

	for (size_t i = first; i < verify->violation_kept; i++)
		count += strcmp(verify->violations[i].invariant, violation->invariant) == 0;
	add(making,
	    (struct mh_export_case){
		    .area = "verify",
		    .outcome = MH_CASE_BROKEN,
		    .severity = MH_SEVERITY_ERROR,
		    .name = violation->invariant,
		    .type = "invariant",
		    .message = mh_cases_text(making->cases, "%s is violated at operation %" PRIu64 "%s",
					     violation->invariant, violation->seq, count > 1 ? ", and at others" : ""),
		    .detail = violation->detail,
	    });
}

/* Incorrect, and no violation was kept that says why. */
static void add_incorrect(const struct making *making)
{
	const struct mh_result *result = making->result;

	add(making, (struct mh_export_case){
			    .area = "verify",
			    .outcome = MH_CASE_BROKEN,
			    .severity = MH_SEVERITY_ERROR,
			    .name = "what was checked holds",
			    .type = "invariant",
			    .message = result->status_reason_count ? result->status_reasons[0] : "the run is incorrect",
			    .detail = join_reasons(making),
		    });
}

static void add_checks(const struct making *making)
{
	const struct mh_result *result = making->result;
	const char *level = result->verify.level;
	struct mh_export_case one = {.area = "verify", .name = "what was checked holds"};

	if (level && strcmp(level, "off") == 0) {
		one.outcome = MH_CASE_SKIPPED;
		one.severity = MH_SEVERITY_NOTICE;
		one.type = "off";
		one.message = "nothing was checked: verify is off";
	}
	add(making, one);
}

static void add_verify(const struct making *making)
{
	const struct mh_result *result = making->result;
	const struct mh_result_verify *verify = &result->verify;

	for (size_t i = 0; i < verify->violation_kept; i++)
		if (!named_before(verify, i))
			add_violated(making, i);
	if (verify->violation_kept)
		return;
	if (verify->violation_count || result->status == MH_RUN_INCORRECT)
		add_incorrect(making);
	else
		add_checks(making);
}

static const char *slo_message(const struct making *making, const struct mh_result_slo *slo)
{
	const char *advisory = slo->require ? "" : " (not required)";

	if (!slo->has_value)
		return mh_cases_text(making->cases, "%s: there is no value%s%s%s", slo->expr, slo->reason ? ": " : "",
				     slo->reason ? slo->reason : "", advisory);
	return mh_cases_text(making->cases, "%s is breached: %.17g %s%s", slo->expr, slo->value,
			     slo->unit ? slo->unit : "", advisory);
}

static void add_slo(const struct making *making, const struct mh_result_slo *slo)
{
	struct mh_export_case one = {.area = "slo", .name = slo->expr};

	if (!slo->ok) {
		one.outcome = slo->require ? MH_CASE_FAILED : MH_CASE_SKIPPED;
		one.severity = slo->require ? MH_SEVERITY_ERROR : MH_SEVERITY_WARNING;
		one.type = "slo";
		one.message = slo_message(making, slo);
	}
	add(making, one);
}

static void add_unread(const struct making *making, const struct mh_export_run *run)
{
	add(making, (struct mh_export_case){
			    .area = "run",
			    .outcome = MH_CASE_BROKEN,
			    .severity = MH_SEVERITY_ERROR,
			    .name = "the run ends and its data can be trusted",
			    .type = "aborted",
			    .message = run->why,
		    });
}

static void add_run(const struct mh_export *export, const struct mh_export_run *run, const char *suite,
		    struct mh_export_cases *cases)
{
	struct making making = {.cases = cases, .result = &run->result, .suite = suite, .prefix = ""};

	if (mh_export_is_repeated(export, run))
		making.prefix = mh_cases_text(cases, "%s ", run->name);
	if (!run->read) {
		add_unread(&making, run);
		return;
	}
	add_end(&making);
	add_verify(&making);
	for (size_t i = 0; i < run->result.slo_count; i++)
		add_slo(&making, &run->result.slos[i]);
}

/* The suite of a run's cell, new with the first run of the cell; valid until the next is added. */
static struct mh_export_suite *suite_of(const struct mh_export *export, const struct mh_export_run *run,
					struct mh_export_cases *cases)
{
	const char *name = mh_cases_text(cases, "%s/%s", export->scenario, run->cell);

	for (size_t i = 0; i < cases->suite_count; i++)
		if (strcmp(cases->suites[i].name, name) == 0)
			return &cases->suites[i];
	return mh_cases_add_suite(cases, name);
}

static void describe_suite(const struct mh_result *result, struct mh_export_suite *suite, struct mh_export_cases *cases)
{
	const struct mh_result_binary *binary = &result->binary;

	suite->duration_ns += result->duration_ns;
	if (suite->start_unix_ns)
		return;
	suite->start_unix_ns = result->start_unix_ns;
	suite->host = result->environment.host[0] ? result->environment.host : NULL;
	mh_cases_add_property(suite, "seed", mh_cases_text(cases, "0x%" PRIx64, result->seed));
	mh_cases_add_property(suite, "version", binary->version);
	mh_cases_add_property(suite, "git", binary->git);
	mh_cases_add_property(suite, "build_id", binary->build_id);
	mh_cases_add_property(suite, "times", result->times);
	mh_cases_add_property(suite, "repro", result->repro);
}

void mh_cases_of_runs(const struct mh_export *export, struct mh_export_cases *cases)
{
	for (size_t i = 0; i < export->run_count && !cases->failed; i++) {
		struct mh_export_suite *suite = suite_of(export, &export->runs[i], cases);

		if (!suite)
			return;
		if (export->runs[i].read)
			describe_suite(&export->runs[i].result, suite, cases);
		add_run(export, &export->runs[i], suite->name, cases);
	}
}
