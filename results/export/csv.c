/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A row a run and series, RFC 4180 but for the line ends. Times are ns; a cell is empty where there is no value. */
#include <inttypes.h>
#include <string.h>

#include "results/export/escape.h"
#include "results/export/export.h"

static const double percents[] = {50, 90, 99, 99.9, 99.99};

#define PERCENT_COUNT (sizeof(percents) / sizeof(percents[0]))

static const char header[] = "scenario,cell,run,run_id,status,seed,start_unix_ns,phase,series,count,overflow,min_ns,"
			     "mean_ns,stddev_ns,p50_ns,p90_ns,p99_ns,p999_ns,p9999_ns,max_ns\n";

static void add_cell(struct mh_text *text, const char *cell)
{
	mh_escape_csv(text, cell);
	mh_text_append(text, ",", 1);
}

static void add_run(struct mh_text *text, const struct mh_export *export, const struct mh_export_run *run)
{
	add_cell(text, export->scenario);
	add_cell(text, run->cell);
	add_cell(text, run->name);
	if (!run->read) {
		mh_text_add(text, ",%s,,", mh_run_status_names[MH_RUN_ABORTED]);
		return;
	}
	add_cell(text, run->result.run_id);
	mh_text_add(text, "%s,0x%" PRIx64 ",%" PRIu64, mh_run_status_names[run->result.status], run->result.seed,
		    run->result.start_unix_ns);
}

/* "PHASE/SERIES/CLASS" in two cells. */
static void add_tag(struct mh_text *text, struct mh_text *phase, const char *tag)
{
	const char *slash = strchr(tag, '/');

	mh_text_clear(phase);
	mh_text_append(phase, tag, slash ? (size_t)(slash - tag) : 0);
	mh_text_append(text, ",", 1);
	add_cell(text, phase->data);
	mh_escape_csv(text, slash ? slash + 1 : tag);
}

static void add_values(struct mh_text *text, const struct mh_histogram *histogram)
{
	mh_text_add(text, ",%" PRIu64 ",%" PRIu64, histogram->count, histogram->overflow);
	if (!histogram->count) {
		mh_text_add(text, ",,,,,,,,,\n");
		return;
	}
	mh_text_add(text, ",%" PRIu64 ",%.17g,%.17g", histogram->min, mh_histogram_mean(histogram),
		    mh_histogram_stddev(histogram));
	for (size_t i = 0; i < PERCENT_COUNT; i++) {
		uint64_t value = mh_histogram_percentile(histogram, percents[i]);

		mh_text_add(text, ",%" PRIu64, value < histogram->max ? value : histogram->max);
	}
	mh_text_add(text, ",%" PRIu64 "\n", histogram->max);
}

static void add_rows(struct mh_text *text, const struct mh_export *export, const struct mh_export_run *run)
{
	struct mh_text phase = MH_TEXT_INIT;

	for (size_t i = 0; i < run->result.series_count; i++) {
		const struct mh_result_series *series = &run->result.series[i];

		if (!mh_export_wants(export, series->tag))
			continue;
		add_run(text, export, run);
		add_tag(text, &phase, series->tag);
		add_values(text, &series->histogram);
	}
	text->failed |= phase.failed;
	mh_text_release(&phase);
}

static int write(const struct mh_export *export, struct mh_text *text, struct mh_error *reterr)
{
	(void)reterr;
	mh_text_add(text, header);
	for (size_t i = 0; i < export->run_count; i++) {
		const struct mh_export_run *run = &export->runs[i];

		if (run->read) {
			add_rows(text, export, run);
		} else {
			add_run(text, export, run);
			mh_text_add(text, ",,,,,,,,,,,,,\n");
			mh_export_note(export, "%s/%s has no values: %s", run->cell, run->name, run->why);
		}
	}
	return 0;
}

const struct mh_export_format mh_export_csv = {
	.name = "csv",
	.help = "a row a run and series, in ns",
	.series = MH_SERIES_GLOB,
	.write = write,
};
