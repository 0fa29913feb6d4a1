/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults, checks, thresholds and the conditions of a run in the terminal report. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "results/show_private.h"

#define VIOLATIONS_SHOWN 5 /* with their details, unless --verbose */

static void show_faults(const struct mh_show *show, const struct mh_result *result)
{
	char cell[MH_SHOW_CELL];

	if (result->fault_count == 0)
		return;
	mh_text_add(show->text, "\n  %-18s %-16s%7s%14s%13s%9s\n", "fault", "kind", "armed", "evaluated", "fired",
		    "share");
	for (size_t i = 0; i < result->fault_count; i++) {
		const struct mh_result_fault *fault = &result->faults[i];

		mh_text_add(show->text, "  ");
		mh_show_name(show, fault->id, 18);
		mh_text_add(show->text, " ");
		mh_show_name(show, fault->kind ? fault->kind : "-", 16);
		mh_text_add(show->text, "%7s", mh_show_exact(cell, fault->armed));
		mh_text_add(show->text, "%14s", mh_show_exact(cell, fault->evaluated));
		mh_show_toned(show, fault->fired ? MH_TONE_PLAIN : MH_TONE_DOUBT, "%13s",
			      fault->fired ? mh_show_exact(cell, fault->fired) : "never");
		mh_text_add(show->text, "%9s\n", mh_show_share(cell, fault->fired, fault->evaluated));
	}
}

void mh_show_violation(const struct mh_show *show, const struct mh_result_violation *violation)
{
	mh_text_add(show->text, "  ");
	mh_show_toned(show, MH_TONE_BAD, "%.100s", violation->invariant);
	mh_text_add(show->text, " at operation %" PRIu64 ":\n", violation->seq);
	mh_show_paragraph(show, violation->detail, 4);
}

static void show_verify(const struct mh_show *show, const struct mh_result_verify *verify)
{
	size_t shown = show->options.verbose || verify->violation_kept < VIOLATIONS_SHOWN ? verify->violation_kept
											  : VIOLATIONS_SHOWN;
	char checked[MH_SHOW_CELL], violations[MH_SHOW_CELL];

	mh_text_add(show->text, "\nchecks: %s made", mh_show_exact(checked, verify->checked));
	if (verify->level) {
		mh_text_add(show->text, " (");
		mh_show_clean(show, verify->level);
		mh_text_add(show->text, ")");
	}
	mh_text_add(show->text, ", ");
	mh_show_toned(show, verify->violation_count ? MH_TONE_BAD : MH_TONE_PLAIN, "%s violation%s\n",
		      mh_show_exact(violations, verify->violation_count), verify->violation_count == 1 ? "" : "s");
	for (size_t i = 0; i < shown; i++)
		mh_show_violation(show, &verify->violations[i]);
	if (verify->violation_count > shown)
		mh_text_add(show->text, "  and %s more%s\n", mh_show_exact(violations, verify->violation_count - shown),
			    shown < verify->violation_kept ? ": shown with -v" : ", of which only the number is kept");
	for (size_t i = 0; i < verify->expected_count; i++) {
		const struct mh_result_expected *expected = &verify->expected[i];

		mh_text_add(show->text, "  detected as expected: ");
		mh_show_clean(show, expected->invariant);
		mh_text_add(show->text, ", caused by fault ");
		mh_show_clean(show, expected->fault);
		mh_text_add(show->text, ", %s times\n", mh_show_exact(checked, expected->count));
	}
}

/* A value in the unit of its metric. */
static void show_value(const struct mh_show *show, const char *unit, double value)
{
	char cell[MH_SHOW_CELL];

	if (unit && strcmp(unit, "ns") == 0)
		mh_text_add(show->text, "%s", mh_show_duration(cell, 32, value));
	else if (unit && strcmp(unit, "ppb") == 0)
		mh_text_add(show->text, "%.3g %%", value / 1e7);
	else if (unit && strcmp(unit, "1/s") == 0)
		mh_text_add(show->text, "%s/s", mh_show_count(cell, 32, value));
	else
		mh_text_add(show->text, "%.10g", value);
}

static void show_slo(const struct mh_show *show, const struct mh_result_slo *slo)
{
	mh_text_add(show->text, "  ");
	mh_show_toned(show, slo->ok ? MH_TONE_GOOD : MH_TONE_BAD, "%s", slo->ok ? "held    " : "breached");
	mh_text_add(show->text, "  ");
	mh_show_clean(show, slo->expr);
	if (slo->has_value) {
		mh_text_add(show->text, "   is ");
		show_value(show, slo->unit, slo->value);
	} else {
		mh_text_add(show->text, "   has no value: ");
		mh_show_clean(show, slo->reason ? slo->reason : "?");
	}
	mh_text_add(show->text, "%s\n", slo->ok || slo->require ? "" : "   (reported only)");
}

static void show_slos(const struct mh_show *show, const struct mh_result *result)
{
	if (result->slo_count == 0)
		return;
	mh_text_add(show->text, "\nthresholds (one run: point values, without a band of noise)\n");
	for (size_t i = 0; i < result->slo_count; i++)
		show_slo(show, &result->slos[i]);
}

void mh_show_checks(const struct mh_show *show, const struct mh_result *result)
{
	show_faults(show, result);
	show_verify(show, &result->verify);
	show_slos(show, result);
}

static void show_counters(const struct mh_show *show, const struct mh_result *result)
{
	char cell[MH_SHOW_CELL];

	if (!show->options.verbose || result->counter_count == 0)
		return;
	mh_text_add(show->text, "\ncounters\n");
	for (size_t i = 0; i < result->counter_count; i++) {
		mh_text_add(show->text, "  ");
		mh_show_name(show, result->counters[i].name, 50);
		mh_text_add(show->text, "%20s\n", mh_show_exact(cell, result->counters[i].value));
	}
}

static const char *or_not_available(const char *text)
{
	return text[0] ? text : "not available";
}

static void show_fact(const struct mh_show *show, const char *name, const char *value)
{
	mh_text_add(show->text, "  %-20s", name);
	mh_show_clean(show, or_not_available(value));
	mh_text_add(show->text, "\n");
}

static void show_number(const struct mh_show *show, const char *name, int64_t value)
{
	if (value == MH_NOT_AVAILABLE)
		show_fact(show, name, "");
	else
		mh_text_add(show->text, "  %-20s%" PRId64 "\n", name, value);
}

static void show_environment(const struct mh_show *show, const struct mh_environment *environment)
{
	mh_text_add(show->text, "\nenvironment\n");
	show_fact(show, "host", environment->host);
	show_fact(show, "governor", environment->governor);
	show_fact(show, "turbo", environment->turbo);
	show_fact(show, "smt", environment->smt);
	show_number(show, "aslr", environment->aslr);
	show_fact(show, "container", environment->container);
	show_fact(show, "cgroup cpu.max", environment->cgroup_cpu_max);
	show_number(show, "numa nodes", environment->numa_nodes);
	show_fact(show, "clocksource", environment->clocksource);
	show_fact(show, "hugepages", environment->hugepages);
	show_number(show, "steal ns", environment->steal_ns);
	show_number(show, "switches, voluntary", environment->ctx_switches_vol);
	show_number(show, "switches, forced", environment->ctx_switches_invol);
	show_number(show, "migrations", environment->migrations);
	show_number(show, "throttled periods", environment->throttle_count);
}

/* A paragraph that was put together, and is released. */
static void show_line(const struct mh_show *show, struct mh_text *line)
{
	mh_show_paragraph(show, line->data, 0);
	show->text->failed |= line->failed;
	mh_text_release(line);
}

static void show_clock(const struct mh_show *show, const struct mh_result_overheads *overheads)
{
	char resolution[MH_SHOW_CELL], cost[MH_SHOW_CELL], record[MH_SHOW_CELL];
	struct mh_text line = MH_TEXT_INIT;

	mh_text_add(&line, "clock: %s, resolution %s, an empty pair of readings takes %s",
		    overheads->clock ? overheads->clock : "unknown",
		    mh_show_duration(resolution, 32, (double)overheads->clock_resolution_ns),
		    mh_show_duration(cost, 32, overheads->clock_ns));
	if (overheads->recorder_ns >= 0)
		mh_text_add(&line, ", a value recorded %s", mh_show_duration(record, 32, overheads->recorder_ns));
	show_line(show, &line);
}

void mh_stamps_tell(const struct mh_result_overheads *overheads, struct mh_text *text)
{
	char cost[MH_SHOW_CELL];

	mh_text_add(text, "%s", overheads->stamps);
	if (strcmp(overheads->stamps, "none") == 0)
		return;
	if (overheads->sample > 1)
		mh_text_add(text, ", of one operation in %" PRIu64, overheads->sample);
	if (overheads->stamps_ns >= 0)
		mh_text_add(text, ", about %s an operation", mh_show_duration(cost, 32, overheads->stamps_ns));
	else
		mh_text_add(text, ", what they cost was not measured");
}

/* "stamps: event, about 95 ns an operation". */
static void show_stamps(const struct mh_show *show, const struct mh_result_overheads *overheads)
{
	struct mh_text line = MH_TEXT_INIT;

	if (!overheads->stamps)
		return;
	mh_text_add(&line, "stamps: ");
	mh_stamps_tell(overheads, &line);
	show_line(show, &line);
}

/* "host: MODEL, 2 CPUs, Linux 6.1.0 x86_64, 4.0 GiB". */
static void show_host(const struct mh_show *show, const struct mh_environment *environment)
{
	struct mh_text line = MH_TEXT_INIT;
	char cell[MH_SHOW_CELL];

	mh_text_add(&line, "host: %s", environment->cpu_model[0] ? environment->cpu_model : "CPU unknown");
	if (environment->nproc != MH_NOT_AVAILABLE)
		mh_text_add(&line, ", %" PRId64 " CPU%s", environment->nproc, environment->nproc == 1 ? "" : "s");
	mh_text_add(&line, ", %s", environment->kernel[0] ? environment->kernel : "kernel unknown");
	if (environment->memory_bytes > 0)
		mh_text_add(&line, ", %s", mh_show_size(cell, 32, (uint64_t)environment->memory_bytes));
	if (environment->steal_ns > 0)
		mh_text_add(&line, ", %s of CPU time stolen",
			    mh_show_duration(cell, 32, (double)environment->steal_ns));
	show_line(show, &line);
}

static void show_warning(const struct mh_show *show, const char *warning)
{
	struct mh_text line = MH_TEXT_INIT;

	mh_text_add(&line, "warning: %s", warning);
	show_line(show, &line);
}

void mh_show_conditions(const struct mh_show *show, const struct mh_result *result)
{
	show_counters(show, result);
	if (show->options.verbose)
		show_environment(show, &result->environment);
	mh_text_add(show->text, "\ntimes: ");
	mh_show_clean(show, result->times);
	mh_text_add(show->text, "\n");
	show_clock(show, &result->overheads);
	show_stamps(show, &result->overheads);
	show_host(show, &result->environment);
	for (size_t i = 0; i < result->warning_count; i++)
		show_warning(show, result->warnings[i]);
	if (result->repro) {
		mh_text_add(show->text, "repeat: ");
		mh_show_clean(show, result->repro);
		mh_text_add(show->text, "\n");
	}
}
