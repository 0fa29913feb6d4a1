/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One phase in the terminal report: what was reached, and the table of its series. */
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "results/limit.h"
#include "results/show_private.h"

#define NAME_WIDTH_MIN  12
#define NAME_WIDTH_MAX  26
#define COUNT_WIDTH     9
#define TIME_WIDTH      9
#define TIME_COLUMNS    5
#define KINDS_WIDTH_MIN 95 /* columns of the table of workloads with their kinds */
#define SPECTRUM_MAX    40
#define AXIS_WIDTH      18 /* columns of "1.00 ns .. 39.3 us" */
#define LISTENERS_SHOWN 12 /* cb.* rows before the rest is folded, unless --verbose */

static void show_rate(const struct mh_show *show, double rate, unsigned width)
{
	char number[MH_SHOW_CELL], cell[MH_SHOW_CELL];

	snprintf(cell, sizeof(cell), "%s/s", mh_show_count(number, 32, rate));
	mh_text_add(show->text, "%*s", (int)width, cell);
}

/* A narrow report leaves the kinds out: the names tell enough. */
static bool kinds_fit(const struct mh_show *show)
{
	return show->options.width >= KINDS_WIDTH_MIN;
}

static void show_workload(const struct mh_show *show, const struct mh_result_workload *workload)
{
	char cell[MH_SHOW_CELL];

	mh_text_add(show->text, "  ");
	mh_show_name(show, workload->name, 14);
	if (kinds_fit(show)) {
		mh_text_add(show->text, " ");
		mh_show_name(show, workload->kind, 14);
	}
	show_rate(show, workload->achieved_rate, 10);
	if (workload->target_rate > 0)
		show_rate(show, workload->target_rate, 10);
	else
		mh_text_add(show->text, "%10s", "closed");
	mh_text_add(show->text, "%13s", mh_show_exact(cell, workload->ops.ok));
	mh_text_add(show->text, "%10s", mh_show_exact(cell, workload->ops.expected_fail));
	mh_text_add(show->text, "%10s", mh_show_exact(cell, workload->ops.fail));
	mh_text_add(show->text, " ");
	mh_show_toned(show, workload->ops.unexpected ? MH_TONE_BAD : MH_TONE_PLAIN, "%10s",
		      mh_show_exact(cell, workload->ops.unexpected));
	mh_text_add(show->text, "\n");
}

/* How well an open workload kept its schedule. */
static void show_pace(const struct mh_show *show, const struct mh_result_workload *workload)
{
	char dropped[MH_SHOW_CELL], share[MH_SHOW_CELL], lag[MH_SHOW_CELL];

	if (workload->target_rate <= 0)
		return;
	mh_text_add(show->text, "  ");
	mh_show_name(show, workload->name, 14);
	mh_text_add(show->text, " dropped %s (%s), generator late by %s at p99\n",
		    mh_show_exact(dropped, workload->dropped),
		    mh_show_share(share, workload->dropped, workload->dropped + mh_result_ops_total(&workload->ops)),
		    mh_show_duration(lag, 32, workload->lag_p99_ns));
}

static void show_workloads(const struct mh_show *show, const struct mh_result_phase *phase)
{
	if (phase->workload_count == 0)
		return;
	mh_text_add(show->text, "  %-14s%s%10s%10s%13s%10s%10s %10s\n", "workload",
		    kinds_fit(show) ? " kind          " : "", "reached", "wanted", "ok", "expected", "fail",
		    "unexpected");
	for (size_t i = 0; i < phase->workload_count; i++)
		show_workload(show, &phase->workloads[i]);
	for (size_t i = 0; i < phase->workload_count; i++)
		show_pace(show, &phase->workloads[i]);
}

static void format_time(char cell[MH_SHOW_CELL], uint64_t ns)
{
	if (ns == 0)
		snprintf(cell, MH_SHOW_CELL, "0");
	else
		mh_show_duration(cell, 32, (double)ns);
}

/* A value at a quantile, or "-" where too few lie beyond it to say (statistics 3.1), or "> 1h" beyond the histogram. */
static void show_quantile(const struct mh_show *show, const struct mh_histogram *histogram, double q)
{
	char number[MH_SHOW_CELL], cell[MH_SHOW_CELL];
	uint64_t value = mh_histogram_percentile(histogram, q * 100);

	if ((1 - q) * (double)histogram->count < MH_SHOW_BEYOND_MIN - 1e-6)
		snprintf(cell, sizeof(cell), "-");
	else if (!mh_histogram_quantile_in_range(histogram, q))
		snprintf(cell, sizeof(cell), "> %s", mh_format_duration(number, 32, histogram->highest));
	else
		format_time(cell, value < histogram->max ? value : histogram->max);
	mh_text_add(show->text, "%*s", TIME_WIDTH, cell);
}

static void show_series(const struct mh_show *show, const char *name, const struct mh_histogram *histogram,
			const struct mh_spectrum *spectrum, unsigned name_width)
{
	char cell[MH_SHOW_CELL];

	mh_text_add(show->text, "  ");
	mh_show_name(show, name, name_width);
	mh_text_add(show->text, "%*s", COUNT_WIDTH, mh_show_count(cell, 32, (double)histogram->count));
	if (histogram->count == 0) {
		mh_text_add(show->text, "%*s\n", TIME_WIDTH, "-");
		return;
	}
	show_quantile(show, histogram, 0.5);
	show_quantile(show, histogram, 0.9);
	show_quantile(show, histogram, 0.99);
	show_quantile(show, histogram, 0.999);
	format_time(cell, histogram->max);
	mh_text_add(show->text, "%*s  ", TIME_WIDTH, cell);
	mh_spectrum_add(show, spectrum, histogram);
	mh_text_add(show->text, "\n");
}

/* The series of @phase named PREFIX and @word, or NULL. @name: one with the same prefix and another word. */
static const struct mh_histogram *sibling(const struct mh_result *result, const char *phase, const char *name,
					  size_t prefix, const char *word)
{
	size_t length = strlen(word);

	for (size_t i = 0; i < result->series_count; i++) {
		const char *other = mh_show_series_name(result->series[i].tag, phase);

		if (other && strncmp(other, name, prefix) == 0 && strncmp(other + prefix, word, length) == 0 &&
		    !other[prefix + length])
			return &result->series[i].histogram;
	}
	return NULL;
}

/* In a closed loop nobody waits: `wait` is all 0 and `response` repeats `service`. Such rows say nothing. */
static bool row_is_idle(const struct mh_result *result, const char *phase, const char *name,
			const struct mh_histogram *histogram)
{
	const char *dot = strrchr(name, '.');
	size_t prefix = dot ? (size_t)(dot - name) + 1 : 0;

	if (strcmp(name + prefix, "wait") == 0)
		return histogram->max == 0;
	if (strcmp(name + prefix, "response") != 0)
		return false;
	const struct mh_histogram *service = sibling(result, phase, name, prefix, "service");
	const struct mh_histogram *wait = sibling(result, phase, name, prefix, "wait");

	return service && wait && wait->max == 0 && mh_histogram_equal(service, histogram);
}

struct table {
	unsigned name_width;
	struct mh_spectrum spectrum;
	bool axis_fits;
	size_t idle, folded; /* rows left out */
	bool parted;         /* rows of the last whole's classes are shown, too */
	bool parts_folded;   /* those of another were left out */
	size_t listeners;    /* cb.* rows so far */
};

/* Columns of a name in the table; a part of a series is shown as "  /faulted" below it. */
static unsigned name_columns(const char *name)
{
	const char *class = strchr(name, '/');

	return (unsigned)(class ? 2 + strlen(class) : strlen(name));
}

static unsigned name_width(const struct mh_result *result, const char *phase)
{
	unsigned width = NAME_WIDTH_MIN;

	for (size_t i = 0; i < result->series_count; i++) {
		const char *name = mh_show_series_name(result->series[i].tag, phase);

		if (name && name_columns(name) > width)
			width = name_columns(name);
	}
	return width > NAME_WIDTH_MAX ? NAME_WIDTH_MAX : width;
}

/* "2 ns .. 39 us": from where to where the spectra go. */
static void format_axis(const struct mh_spectrum *spectrum, char axis[2 * MH_SHOW_CELL])
{
	char low[32], high[32];

	snprintf(axis, 2 * MH_SHOW_CELL, "%s .. %s", mh_show_duration(low, sizeof(low), spectrum->low),
		 mh_show_duration(high, sizeof(high), spectrum->high));
}

static void show_head(const struct mh_show *show, const struct table *table)
{
	char axis[2 * MH_SHOW_CELL];

	format_axis(&table->spectrum, axis);
	mh_text_add(show->text, "\n  %-*s%*s%*s%*s%*s%*s%*s", (int)table->name_width, "series", COUNT_WIDTH, "count",
		    TIME_WIDTH, "p50", TIME_WIDTH, "p90", TIME_WIDTH, "p99", TIME_WIDTH, "p99.9", TIME_WIDTH, "max");
	/* Where it does not fit, show_notes() says it. */
	mh_text_add(show->text, "%s%s\n", table->axis_fits ? "  " : "", table->axis_fits ? axis : "");
}

/* "/faulted", indented below the whole. */
static void show_part(const struct mh_show *show, const char *class, const struct mh_histogram *histogram,
		      struct table *table)
{
	char name[MH_SHOW_CELL];

	if (!table->parted) {
		table->parts_folded = true;
		return;
	}
	snprintf(name, sizeof(name), "  %s", class);
	show_series(show, name, histogram, &table->spectrum, table->name_width);
}

static bool shows_parts(const struct mh_show *show, const char *name)
{
	return show->options.verbose || strcmp(name, "service") == 0 || strcmp(name, "response") == 0;
}

static void show_row(const struct mh_show *show, const struct mh_result *result, const char *phase, const char *name,
		     const struct mh_histogram *histogram, struct table *table)
{
	if (strchr(name, '/')) {
		show_part(show, strchr(name, '/'), histogram, table);
		return;
	}
	table->parted = false;
	if (!show->options.verbose && row_is_idle(result, phase, name, histogram)) {
		table->idle++;
		return;
	}
	if (strncmp(name, "cb.", 3) == 0 && ++table->listeners > LISTENERS_SHOWN && !show->options.verbose) {
		table->folded++;
		return;
	}
	table->parted = shows_parts(show, name);
	show_series(show, name, histogram, &table->spectrum, table->name_width);
}

static void show_notes(const struct mh_show *show, const struct table *table, uint64_t overflow)
{
	char cell[MH_SHOW_CELL], axis[2 * MH_SHOW_CELL];

	format_axis(&table->spectrum, axis);
	if (!table->axis_fits)
		mh_text_add(show->text, "  spectra: %s\n", axis);
	if (table->folded)
		mh_text_add(show->text, "  and %zu more listeners: shown with -v\n", table->folded);
	if (table->parts_folded)
		mh_text_add(show->text, "  the classes of the other series: shown with -v\n");
	if (table->idle)
		mh_text_add(show->text, "  closed loop: wait is 0 and response equals service\n");
	if (overflow)
		mh_text_add(show->text, "  %s values lie above the histograms' range; count and max include them\n",
			    mh_show_exact(cell, overflow));
}

static void show_table(const struct mh_show *show, const struct mh_result *result, const char *phase)
{
	struct table table = {.name_width = name_width(result, phase)};
	unsigned used = 2 + table.name_width + COUNT_WIDTH + TIME_COLUMNS * TIME_WIDTH + 2;
	unsigned left = show->options.width > used + 8 ? show->options.width - used : 8;
	uint64_t overflow = 0;
	bool any = false;

	table.spectrum = mh_spectrum_of_phase(result, phase, left < SPECTRUM_MAX ? left : SPECTRUM_MAX);
	table.axis_fits = table.spectrum.columns >= AXIS_WIDTH;
	for (size_t i = 0; i < result->series_count; i++) {
		const struct mh_histogram *histogram = &result->series[i].histogram;
		const char *name = mh_show_series_name(result->series[i].tag, phase);

		if (!name)
			continue;
		if (!any)
			show_head(show, &table);
		any = true;
		overflow += histogram->overflow;
		show_row(show, result, phase, name, histogram, &table);
	}
	if (any)
		show_notes(show, &table, overflow);
}

void mh_hw_tell(const struct mh_result_workload *workload, struct mh_text *text)
{
	static const char *const words[MH_HW_COUNTERS] = {"instructions", "cycles", "cache misses", "branch misses"};
	uint64_t operations = mh_result_ops_total(&workload->ops);

	for (int i = 0; i < MH_HW_COUNTERS; i++) {
		mh_text_add(text, "%s%s ", i ? ", " : "", words[i]);
		if (workload->hw[i] == MH_NOT_AVAILABLE || !operations)
			mh_text_add(text, "not available");
		else
			mh_text_add(text, "%.4g", (double)workload->hw[i] / (double)operations);
	}
}

/* A line a workload whose threads' counters were to be read. */
static void show_hw(const struct mh_show *show, const struct mh_result_phase *phase)
{
	for (size_t i = 0; i < phase->workload_count; i++) {
		struct mh_text line = MH_TEXT_INIT;

		if (!phase->workloads[i].hw_asked)
			continue;
		mh_text_add(&line, "%s, an operation: ", phase->workloads[i].name);
		mh_hw_tell(&phase->workloads[i], &line);
		mh_show_paragraph(show, line.data, 2);
		show->text->failed |= line.failed;
		mh_text_release(&line);
	}
}

static void show_limits(const struct mh_show *show, const struct mh_result *result, const struct mh_result_phase *phase)
{
	struct mh_text line = MH_TEXT_INIT;
	struct mh_limits limits;

	if (!mh_limits_of(result, phase, &limits))
		return;
	mh_text_add(&line, "limited by: ");
	mh_limits_tell(&limits, &line);
	mh_show_paragraph(show, line.data, 2);
	show->text->failed |= line.failed;
	mh_text_release(&line);
}

void mh_show_phase(const struct mh_show *show, const struct mh_result *result, const struct mh_result_phase *phase)
{
	char lasted[MH_SHOW_CELL], recovery[MH_SHOW_CELL];

	mh_text_add(show->text, "\n");
	mh_show_toned(show, MH_TONE_HEAD, "%.200s", phase->name);
	mh_text_add(show->text, " (");
	mh_show_clean(show, phase->role);
	mh_text_add(show->text, ", %s", mh_show_duration(lasted, 32, (double)(phase->t1_ns - phase->t0_ns)));
	if (phase->recovery_ns != MH_NOT_AVAILABLE)
		mh_text_add(show->text, ", converged after %s",
			    mh_show_duration(recovery, 32, (double)phase->recovery_ns));
	mh_text_add(show->text, ")");
	if (result->oversubscribed)
		mh_show_toned(show, MH_TONE_DOUBT, "  oversubscribed");
	mh_text_add(show->text, "\n");
	show_workloads(show, phase);
	show_limits(show, result, phase);
	show_hw(show, phase);
	show_table(show, result, phase->name);
}
