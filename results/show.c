/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal report of one run: its head and the order of its parts. */
#include "results/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/units.h"
#include "results/show_private.h"

struct mh_show mh_show_begin(const struct mh_show_options *options, struct mh_text *text)
{
	struct mh_show show = {.text = text, .options = *options};

	if (show.options.width == 0)
		show.options.width = MH_SHOW_WIDTH_DEFAULT;
	if (show.options.width < MH_SHOW_WIDTH_MIN)
		show.options.width = MH_SHOW_WIDTH_MIN;
	return show;
}

static uint64_t count_ops(const struct mh_result *result)
{
	uint64_t count = 0;

	for (size_t i = 0; i < result->phase_count; i++)
		for (size_t j = 0; j < result->phases[i].workload_count; j++)
			count += mh_result_ops_total(&result->phases[i].workloads[j].ops);
	return count;
}

static size_t count_fired(const struct mh_result *result)
{
	size_t count = 0;

	for (size_t i = 0; i < result->fault_count; i++)
		count += result->faults[i].fired > 0;
	return count;
}

static size_t count_breaches(const struct mh_result *result)
{
	size_t count = 0;

	for (size_t i = 0; i < result->slo_count; i++)
		count += !result->slos[i].ok;
	return count;
}

static const char *verdict_word(const struct mh_result *result)
{
	static const char *const words[MH_RUN_STATUSES] = {"CORRECT", "ABORTED", "INVALID", "INCORRECT"};

	if (result->status == MH_RUN_OK && result->verify.level && strcmp(result->verify.level, "off") == 0)
		return "UNCHECKED";
	return words[result->status];
}

/* What stands behind the word. */
static void add_verdict(const struct mh_show *show, const struct mh_result *result)
{
	char ops[MH_SHOW_CELL], checks[MH_SHOW_CELL], violations[MH_SHOW_CELL];

	mh_text_add(show->text, ": %s operations, %s checks, ", mh_show_count(ops, 32, (double)count_ops(result)),
		    mh_show_count(checks, 32, (double)result->verify.checked));
	if (result->verify.violation_count)
		mh_text_add(show->text, "%s violation%s", mh_show_exact(violations, result->verify.violation_count),
			    result->verify.violation_count == 1 ? "" : "s");
	else
		mh_text_add(show->text, "no violation");
	if (result->fault_count)
		mh_text_add(show->text, ", %zu of %zu fault%s fired", count_fired(result), result->fault_count,
			    result->fault_count == 1 ? "" : "s");
	if (count_breaches(result))
		mh_text_add(show->text, ", %zu of %zu thresholds breached", count_breaches(result), result->slo_count);
}

void mh_show_verdict(const struct mh_result *result, struct mh_text *text)
{
	struct mh_show show = {.text = text};

	mh_text_add(text, "%s", verdict_word(result));
	add_verdict(&show, result);
}

static enum mh_show_tone verdict_tone(const struct mh_result *result)
{
	if (result->status == MH_RUN_INCORRECT || count_breaches(result))
		return MH_TONE_BAD;
	return result->status == MH_RUN_OK ? MH_TONE_GOOD : MH_TONE_DOUBT;
}

/* "first-run · main · seed 0x5eed · 5.5 s · 2026-01-01 00:00:00 UTC" */
static void show_title(const struct mh_show *show, const struct mh_result *result)
{
	const char *dot = show->options.ascii ? "|" : "·";
	time_t seconds = (time_t)(result->start_unix_ns / 1000000000u);
	char stamp[64] = "", lasted[MH_SHOW_CELL];
	struct tm utc;

	if (gmtime_r(&seconds, &utc))
		strftime(stamp, sizeof(stamp), "%Y-%m-%d %H:%M:%S UTC", &utc);
	mh_show_toned(show, MH_TONE_HEAD, "%.200s", result->suite ? result->suite : "?");
	mh_text_add(show->text, " %s ", dot);
	mh_show_clean(show, result->cell ? result->cell : "main");
	mh_text_add(show->text, " %s seed 0x%" PRIx64 " %s %s %s %s\n", dot, result->seed, dot,
		    mh_show_duration(lasted, 32, (double)result->duration_ns), dot, stamp);
}

void mh_show_run(const struct mh_result *result, const struct mh_show_options *options, struct mh_text *text)
{
	struct mh_show show = mh_show_begin(options, text);

	show_title(&show, result);
	mh_show_toned(&show, verdict_tone(result), "%s", verdict_word(result));
	add_verdict(&show, result);
	mh_text_add(text, "\n");
	for (size_t i = 0; i < result->status_reason_count; i++)
		mh_show_paragraph(&show, result->status_reasons[i], 2);
	for (size_t i = 0; i < result->phase_count; i++)
		mh_show_phase(&show, result, &result->phases[i]);
	mh_show_checks(&show, result);
	if (options->verbose)
		mh_show_counts(&show, result);
	mh_show_conditions(&show, result);
}
