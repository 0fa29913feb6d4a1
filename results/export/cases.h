/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was judged, one case each, whoever judged it: a check or a threshold of a run, or a line of a gate. JUnit,
 * GitHub's annotations and its summary are three ways to write the same cases.
 */
#ifndef RESULTS_EXPORT_CASES_H
#define RESULTS_EXPORT_CASES_H

#include "results/export/export.h"
#include "results/gate.h"

enum mh_case_outcome {
	MH_CASE_PASSED,
	MH_CASE_SKIPPED, /* nobody knows: undecided, or not asked */
	MH_CASE_FAILED,  /* a limit was passed */
	MH_CASE_BROKEN,  /* incorrect, or the data cannot be trusted */
	MH_CASE_OUTCOMES,
};

/* How loudly it is told; higher is worse. */
enum mh_case_severity { MH_SEVERITY_NONE, MH_SEVERITY_NOTICE, MH_SEVERITY_WARNING, MH_SEVERITY_ERROR };

struct mh_export_case {
	enum mh_case_outcome outcome;
	enum mh_case_severity severity;
	const char *suite;   /* of struct mh_export_suite */
	const char *area;    /* "run", "verify", "slo", "gate" */
	const char *name;    /* what was judged; the same at each run of the job */
	const char *type;    /* "invariant", "slo", "regression" …; NULL where it passed */
	const char *message; /* one sentence; NULL where it passed */
	const char *detail;  /* several lines; NULL: no more to say */
};

#define MH_SUITE_PROPERTIES_MAX 8

/* The cases of one cell. */
struct mh_export_suite {
	const char *name;
	const char *host;                    /* NULL: not known */
	uint64_t start_unix_ns, duration_ns; /* 0: not known */
	struct mh_suite_property {
		const char *name, *value;
	} properties[MH_SUITE_PROPERTIES_MAX];
	size_t property_count;
};

struct mh_export_cases {
	struct mh_export_case *items;
	size_t count, capacity;
	struct mh_export_suite *suites;
	size_t suite_count, suite_capacity;
	char **texts; /* what the pointers above lead to, as far as it is not another's */
	size_t text_count, text_capacity;
	bool failed; /* memory ran out */
};

void mh_cases_release(struct mh_export_cases *cases); /* safe on a zeroed struct */

/* At the end of its list; NULL when memory ran out. Pointers last until the next is added. */
struct mh_export_case *mh_cases_add(struct mh_export_cases *cases, const struct mh_export_case *one);
struct mh_export_suite *mh_cases_add_suite(struct mh_export_cases *cases, const char *name);
void mh_cases_add_property(struct mh_export_suite *suite, const char *name, const char *value);
/* A text that lives as long as @cases; "" when memory ran out. */
const char *mh_cases_text(struct mh_export_cases *cases, const char *format, ...) __attribute__((format(printf, 2, 3)));

size_t mh_cases_count(const struct mh_export_cases *cases, const char *suite, enum mh_case_outcome outcome);

/* All cases of the runs: how each ended, what was checked, the thresholds. Refers to texts of @export. */
void mh_cases_of_runs(const struct mh_export *export, struct mh_export_cases *cases);

struct mh_export_gate_options {
	const char *scenario;
	bool undecided_fails; /* INCONCLUSIVE and UNDERPOWERED are failures, not skipped */
};

/* One case a line of the gate; one that says so where it has none. Refers to texts of @report. */
void mh_cases_of_gate(const struct mh_gate_report *report, const struct mh_gate_rule *rule,
		      const struct mh_export_gate_options *options, struct mh_export_cases *cases);

#endif
