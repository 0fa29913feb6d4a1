/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Markdown for people: the cases that did not pass first, then a table of the series of each run. */
#include "results/export/md.h"

#include <inttypes.h>

#include "base/units.h"
#include "results/export/escape.h"

#define SERIES_SHOWN 24 /* rows of a run, unless --series names them */

static const char *const outcome_words[MH_CASE_OUTCOMES] = {"passed", "not decided", "FAILED", "BROKEN"};

static void add_case(struct mh_text *text, const struct mh_export_case *one)
{
	mh_text_add(text, "| %s | ", outcome_words[one->outcome]);
	mh_escape_markdown(text, one->suite);
	mh_text_add(text, " | ");
	mh_escape_markdown(text, one->name);
	mh_text_add(text, " | ");
	mh_escape_markdown(text, one->message);
	mh_text_add(text, " |\n");
}

void mh_md_cases(const struct mh_export_cases *cases, struct mh_text *text)
{
	size_t passed = mh_cases_count(cases, NULL, MH_CASE_PASSED);

	mh_text_add(text, "%zu of %zu cases passed.\n", passed, cases->count);
	text->failed |= cases->failed;
	if (passed == cases->count)
		return;
	mh_text_add(text, "\n| outcome | cell | case | why |\n|---|---|---|---|\n");
	for (int outcome = MH_CASE_BROKEN; outcome > MH_CASE_PASSED; outcome--)
		for (size_t i = 0; i < cases->count; i++)
			if ((int)cases->items[i].outcome == outcome)
				add_case(text, &cases->items[i]);
}

static void add_time(struct mh_text *text, uint64_t ns)
{
	char buffer[64];

	mh_text_add(text, " %s |", ns ? mh_show_duration(buffer, sizeof(buffer), (double)ns) : "0");
}

static void add_quantile(struct mh_text *text, const struct mh_histogram *histogram, double percent)
{
	uint64_t value = mh_histogram_percentile(histogram, percent);

	add_time(text, value < histogram->max ? value : histogram->max);
}

static void add_series(struct mh_text *text, const struct mh_result_series *series)
{
	static const double percents[] = {50, 90, 99, 99.9};
	const struct mh_histogram *histogram = &series->histogram;

	mh_text_add(text, "| ");
	mh_escape_markdown(text, series->tag);
	mh_text_add(text, " | %" PRIu64 " |", histogram->count);
	if (!histogram->count) {
		mh_text_add(text, " | | | | |\n");
		return;
	}
	for (size_t i = 0; i < sizeof(percents) / sizeof(percents[0]); i++)
		add_quantile(text, histogram, percents[i]);
	add_time(text, histogram->max);
	mh_text_append(text, "\n", 1);
}

static void add_table(struct mh_text *text, const struct mh_export *export, const struct mh_result *result)
{
	size_t wanted = 0, shown = 0;

	mh_text_add(text,
		    "\n| series | count | p50 | p90 | p99 | p99.9 | max |\n|---|---:|---:|---:|---:|---:|---:|\n");
	for (size_t i = 0; i < result->series_count; i++) {
		if (!mh_export_wants(export, result->series[i].tag))
			continue;
		wanted++;
		if (export->series || shown < SERIES_SHOWN) {
			add_series(text, &result->series[i]);
			shown++;
		}
	}
	if (wanted > shown)
		mh_text_add(text, "\n%zu more series; `--series '*'` shows all.\n", wanted - shown);
}

static void add_conditions(struct mh_text *text, const struct mh_result *result)
{
	mh_text_add(text, "\nTimes: ");
	mh_escape_markdown(text, result->times ? result->times : "harness only");
	mh_text_add(text, ".");
	for (size_t i = 0; i < result->warning_count; i++) {
		mh_text_add(text, "\n\nWarning: ");
		mh_escape_markdown(text, result->warnings[i]);
	}
	if (result->repro) {
		mh_text_add(text, "\n\nRepeat: ");
		mh_escape_markdown(text, result->repro);
	}
	mh_text_add(text, "\n");
}

static void add_run(struct mh_text *text, const struct mh_export *export, const struct mh_export_run *run)
{
	mh_text_add(text, "\n### ");
	mh_escape_markdown(text, run->cell);
	mh_text_add(text, "/");
	mh_escape_markdown(text, run->name);
	if (!run->read) {
		mh_text_add(text, ": aborted\n\n");
		mh_escape_markdown(text, run->why);
		mh_text_add(text, "\n");
		return;
	}
	mh_text_add(text, ": %s\n", mh_run_status_names[run->result.status]);
	add_table(text, export, &run->result);
	add_conditions(text, &run->result);
}

void mh_md_runs(const struct mh_export *export, struct mh_text *text)
{
	struct mh_export_cases cases = {0};

	mh_cases_of_runs(export, &cases);
	mh_text_add(text, "## ");
	mh_escape_markdown(text, export->scenario);
	mh_text_add(text, "\n\n");
	mh_md_cases(&cases, text);
	mh_cases_release(&cases);
	for (size_t i = 0; i < export->run_count; i++)
		add_run(text, export, &export->runs[i]);
}

static int write(const struct mh_export *export, struct mh_text *text, struct mh_error *reterr)
{
	(void)reterr;
	mh_md_runs(export, text);
	return 0;
}

const struct mh_export_format mh_export_md = {
	.name = "md",
	.help = "tables in Markdown, for people",
	.series = MH_SERIES_GLOB,
	.write = write,
};
