/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JUnit's XML as Jenkins, GitLab and GitHub's actions read it: what a limit has caught is a failure, what is incorrect
 * or cannot be trusted an error, what nobody knows is skipped; one of them a case, and the counts add up.
 */
#include "results/export/junit.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "results/export/escape.h"
#include "results/export/gate_export.h"

static void add_attribute(struct mh_text *text, const char *name, const char *value)
{
	mh_text_add(text, " %s=\"", name);
	mh_escape_xml_attribute(text, value);
	mh_text_add(text, "\"");
}

/* Seconds with a point, whatever the locale. */
static void add_time(struct mh_text *text, uint64_t ns)
{
	mh_text_add(text, " time=\"%" PRIu64 ".%03" PRIu64 "\"", ns / 1000000000, ns / 1000000 % 1000);
}

/* @suite: NULL for all of them. */
static void add_counts(struct mh_text *text, const struct mh_export_cases *cases, const char *suite)
{
	size_t counts[MH_CASE_OUTCOMES], all = 0;

	for (int i = 0; i < MH_CASE_OUTCOMES; i++) {
		counts[i] = mh_cases_count(cases, suite, (enum mh_case_outcome)i);
		all += counts[i];
	}
	mh_text_add(text, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", all, counts[MH_CASE_FAILED],
		    counts[MH_CASE_BROKEN], counts[MH_CASE_SKIPPED]);
}

static void add_timestamp(struct mh_text *text, uint64_t unix_ns)
{
	time_t seconds = (time_t)(unix_ns / 1000000000u);
	char stamp[32];
	struct tm utc;

	if (unix_ns && gmtime_r(&seconds, &utc) && strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &utc))
		add_attribute(text, "timestamp", stamp);
}

static void add_properties(struct mh_text *text, const struct mh_export_suite *suite)
{
	if (!suite->property_count)
		return;
	mh_text_add(text, "    <properties>\n");
	for (size_t i = 0; i < suite->property_count; i++) {
		mh_text_add(text, "      <property");
		add_attribute(text, "name", suite->properties[i].name);
		add_attribute(text, "value", suite->properties[i].value);
		mh_text_add(text, "/>\n");
	}
	mh_text_add(text, "    </properties>\n");
}

/* Why a case did not pass. */
static void add_reason(struct mh_text *text, const struct mh_export_case *one)
{
	static const char *const elements[MH_CASE_OUTCOMES] = {
		[MH_CASE_SKIPPED] = "skipped", [MH_CASE_FAILED] = "failure", [MH_CASE_BROKEN] = "error"};
	const char *element = elements[one->outcome];

	mh_text_add(text, ">\n      <%s", element);
	if (one->outcome != MH_CASE_SKIPPED)
		add_attribute(text, "type", one->type);
	add_attribute(text, "message", one->message);
	mh_text_add(text, ">");
	mh_escape_xml(text, one->detail ? one->detail : one->message);
	mh_text_add(text, "</%s>\n    </testcase>\n", element);
}

/* "gate.chain-latency/nodes=2": a point would part the name where a scenario's has one, so only the first is ours. */
static void add_case(struct mh_text *text, const struct mh_export_case *one)
{
	mh_text_add(text, "    <testcase classname=\"%s.", one->area);
	mh_escape_xml_attribute(text, one->suite);
	mh_text_add(text, "\"");
	add_attribute(text, "name", one->name);
	add_time(text, 0);
	if (one->outcome == MH_CASE_PASSED)
		mh_text_add(text, "/>\n");
	else
		add_reason(text, one);
}

static void add_suite(struct mh_text *text, const struct mh_export_cases *cases, const struct mh_export_suite *suite)
{
	mh_text_add(text, "  <testsuite");
	add_attribute(text, "name", suite->name);
	add_counts(text, cases, suite->name);
	add_time(text, suite->duration_ns);
	add_timestamp(text, suite->start_unix_ns);
	if (suite->host)
		add_attribute(text, "hostname", suite->host);
	mh_text_add(text, ">\n");
	add_properties(text, suite);
	for (size_t i = 0; i < cases->count; i++)
		if (strcmp(cases->items[i].suite, suite->name) == 0)
			add_case(text, &cases->items[i]);
	mh_text_add(text, "  </testsuite>\n");
}

void mh_junit_write(const struct mh_export_cases *cases, const char *title, struct mh_text *text)
{
	uint64_t duration_ns = 0;

	for (size_t i = 0; i < cases->suite_count; i++)
		duration_ns += cases->suites[i].duration_ns;
	mh_text_add(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
	add_attribute(text, "name", title);
	add_counts(text, cases, NULL);
	add_time(text, duration_ns);
	mh_text_add(text, ">\n");
	for (size_t i = 0; i < cases->suite_count; i++)
		add_suite(text, cases, &cases->suites[i]);
	mh_text_add(text, "</testsuites>\n");
	text->failed |= cases->failed;
}

static int write(const struct mh_export *export, struct mh_text *text, struct mh_error *reterr)
{
	struct mh_export_cases cases = {0};

	(void)reterr;
	mh_cases_of_runs(export, &cases);
	mh_junit_write(&cases, "memhp-bench run", text);
	mh_cases_release(&cases);
	return 0;
}

void mh_export_gate_junit(const struct mh_gate_report *report, const struct mh_gate_rule *rule,
			  const struct mh_export_gate_options *options, struct mh_text *text)
{
	struct mh_export_cases cases = {0};

	mh_cases_of_gate(report, rule, options, &cases);
	mh_junit_write(&cases, "memhp-bench gate", text);
	mh_cases_release(&cases);
}

const struct mh_export_format mh_export_junit = {
	.name = "junit",
	.help = "checks and thresholds as JUnit's XML",
	.write = write,
};
