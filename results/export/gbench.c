/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Google Benchmark's JSON: a row a run and measured series, runs of one name being repetitions. real_time is the mean
 * of the series, cpu_time that of the service within it, both in ns.
 *
 * Source: the reporter of Google Benchmark 1.7, and its tools/compare.py, which wants json_schema_version 1.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "results/export/export.h"
#include "results/json_put.h"
#include "results/metric.h"

static void put_date(struct mh_json_put *put, json_t *context, uint64_t unix_ns)
{
	time_t seconds = (time_t)(unix_ns / 1000000000u);
	char stamp[40] = "";
	struct tm utc;

	if (gmtime_r(&seconds, &utc))
		strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S+00:00", &utc);
	mh_json_put_text(put, context, "date", stamp);
}

static uint64_t or_zero(int64_t value)
{
	return value < 0 ? 0 : (uint64_t)value;
}

static void put_load(struct mh_json_put *put, json_t *context, const struct mh_environment *environment)
{
	json_t *loads = mh_json_put_list(put, context, "load_avg");

	for (unsigned i = 0; i < 3 && environment->load_avg_before[0] >= 0; i++)
		mh_json_add_double(put, loads, environment->load_avg_before[i]);
}

/* Readers insist on mhz_per_cpu and caches; what we do not know is 0 and an empty list there, as upstream has it. */
static void put_context(struct mh_json_put *put, json_t *root, const struct mh_export *export,
			const struct mh_result *first)
{
	const struct mh_environment *environment = &first->environment;
	const char *sanitizer = first->binary.sanitizer;
	json_t *context = mh_json_put_object(put, root, "context");

	put_date(put, context, first->start_unix_ns);
	mh_json_put_text(put, context, "host_name", environment->host);
	mh_json_put_text(put, context, "executable", "memhp-bench");
	mh_json_put_u64(put, context, "num_cpus", or_zero(environment->nproc));
	mh_json_put_u64(put, context, "mhz_per_cpu", 0);
	if (environment->governor[0])
		mh_json_put_bool(put, context, "cpu_scaling_enabled",
				 strcmp(environment->governor, "performance") != 0);
	if (environment->aslr != MH_NOT_AVAILABLE)
		mh_json_put_bool(put, context, "aslr_enabled", environment->aslr != 0);
	(void)mh_json_put_list(put, context, "caches");
	put_load(put, context, environment);
	mh_json_put_text(put, context, "library_version", export->version);
	mh_json_put_text(put, context, "library_build_type",
			 !sanitizer || strcmp(sanitizer, "none") == 0 ? "release" : "debug");
	mh_json_put_u64(put, context, "json_schema_version", 1);
	mh_json_put_text(put, context, "scenario", export->scenario);
	mh_json_put_text(put, context, "times", first->times);
}

/* A row while it is made. */
struct row {
	const struct mh_export *export;
	const struct mh_export_run *run;
	const struct mh_result_series *series;
	const struct mh_result_phase *phase; /* NULL: the tag names none */
};

static const struct mh_result_phase *phase_of(const struct mh_result *result, const char *tag)
{
	size_t length = strcspn(tag, "/");

	for (size_t i = 0; i < result->phase_count; i++)
		if (strncmp(result->phases[i].name, tag, length) == 0 && !result->phases[i].name[length])
			return &result->phases[i];
	return NULL;
}

/* All runs of the cell that are used, and which of them this is. */
static size_t count_repetitions(const struct row *row, size_t *ret_index)
{
	size_t count = 0;

	for (size_t i = 0; i < row->export->run_count; i++) {
		const struct mh_export_run *run = &row->export->runs[i];

		if (run == row->run)
			*ret_index = count;
		if (run->read && (run->result.status == MH_RUN_OK || run->result.status == MH_RUN_INVALID) &&
		    strcmp(run->cell, row->run->cell) == 0)
			count++;
	}
	return count;
}

/* The mean of the service within a response: what a processor was needed for. */
static double service_mean(const struct row *row)
{
	const char *tag = row->series->tag, *slash = strrchr(tag, '/');
	char service[MH_ERROR_SIZE];

	if (!slash || strcmp(slash, "/response") != 0)
		return mh_histogram_mean(&row->series->histogram);
	snprintf(service, sizeof(service), "%.*s/service", (int)(slash - tag), tag);
	const struct mh_result_series *found = mh_result_find_series(&row->run->result, service);

	return mh_histogram_mean(found && found->histogram.count ? &found->histogram : &row->series->histogram);
}

static void put_quantile(struct mh_json_put *put, json_t *object, const char *key, const struct mh_histogram *histogram,
			 double q)
{
	if (mh_histogram_quantile_in_range(histogram, q)) /* a number that is not one is left out */
		mh_json_put_double(put, object, key, mh_histogram_quantile(histogram, q));
}

static void put_phase(struct mh_json_put *put, json_t *object, const struct mh_result_phase *phase)
{
	uint64_t errors = 0;

	for (size_t i = 0; i < phase->workload_count; i++)
		errors += phase->workloads[i].ops.fail + phase->workloads[i].ops.expected_fail +
			  phase->workloads[i].ops.unexpected;
	mh_json_put_double(put, object, "throughput", mh_result_throughput(phase));
	mh_json_put_double(put, object, "errors", (double)errors);
}

static void put_counters(struct mh_json_put *put, json_t *object, const struct row *row)
{
	const struct mh_histogram *histogram = &row->series->histogram;

	put_quantile(put, object, "p50", histogram, 0.5);
	put_quantile(put, object, "p90", histogram, 0.9);
	put_quantile(put, object, "p99", histogram, 0.99);
	put_quantile(put, object, "p999", histogram, 0.999);
	mh_json_put_double(put, object, "max", (double)histogram->max);
	if (row->phase)
		put_phase(put, object, row->phase);
}

static uint64_t count_threads(const struct mh_result_phase *phase)
{
	uint64_t threads = 0;

	for (size_t i = 0; phase && i < phase->workload_count; i++)
		threads += phase->workloads[i].threads;
	return threads ? threads : 1;
}

static void put_label(struct mh_json_put *put, json_t *object, const struct mh_result *result)
{
	if (result->status == MH_RUN_INVALID)
		mh_json_put_text(put, object, "label", "invalid");
	else if (result->oversubscribed)
		mh_json_put_text(put, object, "label", "oversubscribed");
}

/* The same for all repetitions of a name, and no other's. */
static size_t family_of(const struct row *row)
{
	size_t first = 0;

	while (strcmp(row->export->runs[first].cell, row->run->cell) != 0)
		first++;
	return first * row->run->result.series_count + (size_t)(row->series - row->run->result.series);
}

static void put_row(struct mh_json_put *put, json_t *list, const struct row *row)
{
	const struct mh_histogram *histogram = &row->series->histogram;
	json_t *object = mh_json_add_object(put, list);
	struct mh_text name = MH_TEXT_INIT;
	size_t index = 0, repetitions = count_repetitions(row, &index);

	mh_text_add(&name, "%s/%s/%s", row->export->scenario, row->run->cell, row->series->tag);
	put->failed |= name.failed;
	mh_json_put_text(put, object, "name", name.data);
	mh_json_put_u64(put, object, "family_index", family_of(row));
	mh_json_put_u64(put, object, "per_family_instance_index", 0);
	mh_json_put_text(put, object, "run_name", name.data);
	mh_json_put_text(put, object, "run_type", "iteration");
	mh_json_put_u64(put, object, "repetitions", repetitions);
	mh_json_put_u64(put, object, "repetition_index", index);
	mh_json_put_u64(put, object, "threads", count_threads(row->phase));
	mh_json_put_u64(put, object, "iterations", histogram->count);
	mh_json_put_double(put, object, "real_time", mh_histogram_mean(histogram));
	mh_json_put_double(put, object, "cpu_time", service_mean(row));
	mh_json_put_text(put, object, "time_unit", "ns");
	put_counters(put, object, row);
	put_label(put, object, &row->run->result);
	mh_text_release(&name);
}

/* Without --series: the response of each measure phase. */
static bool wants(const struct row *row)
{
	const char *slash = strchr(row->series->tag, '/');

	if (!row->series->histogram.count)
		return false;
	if (row->export->series)
		return mh_export_wants(row->export, row->series->tag);
	return row->phase && strcmp(row->phase->role, "measure") == 0 && slash && strcmp(slash, "/response") == 0;
}

static size_t put_run(struct mh_json_put *put, json_t *list, const struct mh_export *export,
		      const struct mh_export_run *run)
{
	size_t rows = 0;

	for (size_t i = 0; i < run->result.series_count; i++) {
		struct row row = {.export = export, .run = run, .series = &run->result.series[i]};

		row.phase = phase_of(&run->result, row.series->tag);
		if (wants(&row)) {
			put_row(put, list, &row);
			rows++;
		}
	}
	return rows;
}

static int no_rows(const struct mh_export *export, bool used, struct mh_error *reterr)
{
	if (!used)
		return mh_export_nothing_used(reterr);
	if (export->series)
		return mh_error_set(reterr, -ENODATA, "no series with values is named '%s'", export->series);
	return mh_error_set(reterr, -ENODATA, "there is no response of a measure phase: name a series with --series");
}

static int write(const struct mh_export *export, struct mh_text *text, struct mh_error *reterr)
{
	struct mh_json_put put = {0};
	json_t *root = json_object(), *list = NULL;
	size_t rows = 0;

	for (size_t i = 0; i < export->run_count; i++) {
		const struct mh_export_run *run = &export->runs[i];

		if (!mh_export_use(export, run))
			continue;
		if (!list) {
			put_context(&put, root, export, &run->result);
			list = mh_json_put_list(&put, root, "benchmarks");
		}
		rows += put_run(&put, list, export, run);
	}
	if (rows == 0 && !put.failed) {
		json_decref(root);
		return no_rows(export, list, reterr);
	}
	return mh_json_finish(&put, root, text, reterr);
}

const struct mh_export_format mh_export_gbench = {
	.name = "gbench",
	.help = "Google Benchmark's JSON, a row a run",
	.series = MH_SERIES_GLOB,
	.write = write,
};
