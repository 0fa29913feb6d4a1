/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where it ran and under which conditions, a column a side, with what differs marked in words; warnings; what the times
 * mean; and the commands that repeat it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/units.h"
#include "results/report/section.h"
#include "results/show_private.h"

#define HEADS_MAX    (MH_REPORT_SIDES_MAX + 2)
#define COMMANDS_MAX 50 /* a page shows; the others differ in their seed or run */

/* One fact of a run as text; "" is not available. */
typedef void fact(const struct mh_result *result, struct mh_text *text);

static void add_number(struct mh_text *text, int64_t value)
{
	if (value != MH_NOT_AVAILABLE)
		mh_text_add(text, "%" PRId64, value);
}

static void add_word(struct mh_text *text, const char *word)
{
	mh_text_add(text, "%s", word ? word : "");
}

static void add_load(struct mh_text *text, const double load[3])
{
	if (load[0] >= 0)
		mh_text_add(text, "%.2f %.2f %.2f", load[0], load[1], load[2]);
}

#define ENVIRONMENT_TEXT(field)                                                                                        \
	static void fact_##field(const struct mh_result *result, struct mh_text *text)                                 \
	{                                                                                                              \
		add_word(text, result->environment.field);                                                             \
	}
#define ENVIRONMENT_NUMBER(field)                                                                                      \
	static void fact_##field(const struct mh_result *result, struct mh_text *text)                                 \
	{                                                                                                              \
		add_number(text, result->environment.field);                                                           \
	}

ENVIRONMENT_TEXT(host)
ENVIRONMENT_TEXT(kernel)
ENVIRONMENT_TEXT(cpu_model)
ENVIRONMENT_NUMBER(nproc)
ENVIRONMENT_TEXT(smt)
ENVIRONMENT_TEXT(governor)
ENVIRONMENT_TEXT(turbo)
ENVIRONMENT_NUMBER(aslr)
ENVIRONMENT_TEXT(container)
ENVIRONMENT_TEXT(cgroup_cpu_max)
ENVIRONMENT_NUMBER(numa_nodes)
ENVIRONMENT_TEXT(clocksource)
ENVIRONMENT_TEXT(hugepages)
ENVIRONMENT_NUMBER(ctx_switches_vol)
ENVIRONMENT_NUMBER(ctx_switches_invol)
ENVIRONMENT_NUMBER(migrations)
ENVIRONMENT_NUMBER(throttle_count)

static void fact_memory(const struct mh_result *result, struct mh_text *text)
{
	char shown[MH_SHOW_CELL];

	if (result->environment.memory_bytes != MH_NOT_AVAILABLE)
		add_word(text, mh_show_size(shown, sizeof(shown), (uint64_t)result->environment.memory_bytes));
}

static void fact_steal(const struct mh_result *result, struct mh_text *text)
{
	char shown[MH_SHOW_CELL];

	if (result->environment.steal_ns == 0)
		add_word(text, "0");
	else if (result->environment.steal_ns != MH_NOT_AVAILABLE)
		add_word(text, mh_show_duration(shown, sizeof(shown), (double)result->environment.steal_ns));
}

static void fact_load_before(const struct mh_result *result, struct mh_text *text)
{
	add_load(text, result->environment.load_avg_before);
}

static void fact_load_after(const struct mh_result *result, struct mh_text *text)
{
	add_load(text, result->environment.load_avg_after);
}

static void fact_version(const struct mh_result *result, struct mh_text *text)
{
	add_word(text, result->binary.version);
	if (result->binary.git)
		mh_text_add(text, " (%s%s)", result->binary.git, result->binary.dirty ? ", changed" : "");
}

static void fact_build_id(const struct mh_result *result, struct mh_text *text)
{
	add_word(text, result->binary.build_id);
}

static void fact_compiler(const struct mh_result *result, struct mh_text *text)
{
	add_word(text, result->binary.compiler);
}

static void fact_sanitizer(const struct mh_result *result, struct mh_text *text)
{
	add_word(text, result->binary.sanitizer);
}

static void fact_clock(const struct mh_result *result, struct mh_text *text)
{
	char cost[MH_SHOW_CELL], resolution[MH_SHOW_CELL];

	mh_text_add(text, "%s, resolution %s, an empty pair of readings takes %s",
		    result->overheads.clock ? result->overheads.clock : "unknown",
		    mh_show_duration(resolution, sizeof(resolution), (double)result->overheads.clock_resolution_ns),
		    mh_show_duration(cost, sizeof(cost), result->overheads.clock_ns));
}

static void fact_stamps(const struct mh_result *result, struct mh_text *text)
{
	if (result->overheads.stamps)
		mh_stamps_tell(&result->overheads, text);
}

static void fact_seed(const struct mh_result *result, struct mh_text *text)
{
	mh_text_add(text, "0x%" PRIx64, result->seed);
}

static void fact_begun(const struct mh_result *result, struct mh_text *text)
{
	time_t seconds = (time_t)(result->start_unix_ns / 1000000000u);
	char stamp[MH_SHOW_CELL] = "";
	struct tm utc;

	if (gmtime_r(&seconds, &utc))
		strftime(stamp, sizeof(stamp), "%Y-%m-%d %H:%M:%S UTC", &utc);
	add_word(text, stamp);
}

static const struct {
	const char *name;
	fact *tell;
} facts[] = {
	{"Begun", fact_begun},
	{"Seed", fact_seed},
	{"Version", fact_version},
	{"Build", fact_build_id},
	{"Compiler", fact_compiler},
	{"Sanitizer", fact_sanitizer},
	{"Clock", fact_clock},
	{"Stamps", fact_stamps},
	{"Host", fact_host},
	{"Kernel", fact_kernel},
	{"CPU", fact_cpu_model},
	{"CPUs", fact_nproc},
	{"SMT", fact_smt},
	{"Governor", fact_governor},
	{"Turbo", fact_turbo},
	{"ASLR", fact_aslr},
	{"Container", fact_container},
	{"cgroup cpu.max", fact_cgroup_cpu_max},
	{"NUMA nodes", fact_numa_nodes},
	{"Memory", fact_memory},
	{"Clock source", fact_clocksource},
	{"Huge pages", fact_hugepages},
	{"Load before", fact_load_before},
	{"Load after", fact_load_after},
	{"CPU time stolen", fact_steal},
	{"Switches, voluntary", fact_ctx_switches_vol},
	{"Switches, forced", fact_ctx_switches_invol},
	{"Migrations", fact_migrations},
	{"Throttled periods", fact_throttle_count},
};

#define FACT_COUNT (sizeof(facts) / sizeof(facts[0]))

static void add_fact(struct mh_report *report, size_t index)
{
	const struct mh_report_source *source = report->source;
	struct mh_text first = MH_TEXT_INIT;
	bool differs = false;

	mh_html_row_open(&report->html, facts[index].name);
	for (size_t i = 0; i < source->side_count; i++) {
		struct mh_text text = MH_TEXT_INIT;

		facts[index].tell(&source->sides[i].runs[0].result, &text);
		if (i == 0)
			mh_text_add(&first, "%s", text.data);
		differs |= strcmp(first.data, text.data) != 0;
		mh_html_cell_text(&report->html, text.length ? text.data : "not available");
		report->html.failed |= text.failed;
		mh_text_release(&text);
	}
	if (source->side_count > 1)
		mh_html_cell_text(&report->html, differs ? "differs" : "same");
	mh_html_row_close(&report->html);
	report->html.failed |= first.failed;
	mh_text_release(&first);
}

static void add_facts(struct mh_report *report)
{
	const struct mh_report_source *source = report->source;
	const char *heads[HEADS_MAX] = {"Of the first run"};
	size_t head_count = 1;

	for (size_t i = 0; i < source->side_count; i++)
		heads[head_count++] = source->side_count > 1 ? source->sides[i].label : "Value";
	if (source->side_count > 1)
		heads[head_count++] = "Between the sides";
	mh_html_table_open(&report->html, "Environment", heads, head_count);
	for (size_t i = 0; i < FACT_COUNT; i++)
		add_fact(report, i);
	mh_html_table_close(&report->html);
}

/* The same warning of many runs is said once, with how many said it. */
static size_t count_warning(const struct mh_report_source *source, const char *warning, bool *ret_first,
			    const struct mh_result *of)
{
	const struct mh_result *first = NULL;
	size_t count = 0;

	for (size_t i = 0; i < source->side_count; i++)
		for (size_t j = 0; j < source->sides[i].run_count; j++) {
			const struct mh_result *result = &source->sides[i].runs[j].result;

			for (size_t k = 0; k < result->warning_count; k++)
				if (strcmp(result->warnings[k], warning) == 0) {
					first = first ? first : result;
					count++;
					break;
				}
		}
	*ret_first = first == of;
	return count;
}

static void add_warnings_of(struct mh_report *report, const struct mh_result *result, bool *any)
{
	for (size_t i = 0; i < result->warning_count; i++) {
		bool first;
		size_t count = count_warning(report->source, result->warnings[i], &first, result);

		if (!first)
			continue;
		mh_report_note(report, "Warning%s: %s", count > 1 ? " of several runs" : "", result->warnings[i]);
		*any = true;
	}
}

static void add_warnings(struct mh_report *report)
{
	bool any = false;

	for (size_t i = 0; i < report->source->side_count; i++)
		for (size_t j = 0; j < report->source->sides[i].run_count; j++)
			add_warnings_of(report, &report->source->sides[i].runs[j].result, &any);
	if (!any)
		mh_report_note(report, "No warnings.");
}

/* What the times mean: the run's own line, and never more. */
static void add_meaning(struct mh_report *report)
{
	const char *last = NULL;

	mh_report_heading(report, 2, "times", "What the times mean");
	for (size_t i = 0; i < report->source->side_count; i++)
		for (size_t j = 0; j < report->source->sides[i].run_count; j++) {
			const char *times = report->source->sides[i].runs[j].result.times;

			if (times && (!last || strcmp(times, last) != 0))
				mh_report_note(report, "times: %s", times);
			last = times;
		}
}

static void add_command(struct mh_report *report, const char *name, const char *command)
{
	mh_text_add(&report->html, "<dt>");
	mh_html_name(&report->html, name);
	mh_text_add(&report->html, "</dt><dd><pre tabindex=\"0\"><code>");
	mh_html_text(&report->html, command);
	mh_text_add(&report->html, "</code></pre></dd>\n");
}

static void add_commands(struct mh_report *report)
{
	size_t shown = 0, known = 0;

	mh_report_heading(report, 2, "repeat", "Repeat it");
	mh_text_add(&report->html, "<dl>\n");
	for (size_t i = 0; i < report->source->side_count; i++) {
		const struct mh_report_side *side = &report->source->sides[i];

		for (size_t j = 0; j < side->run_count; j++) {
			struct mh_text name = MH_TEXT_INIT;

			if (!side->runs[j].result.repro || known++ >= COMMANDS_MAX)
				continue;
			mh_report_name_run(report->source, side, &side->runs[j], &name);
			add_command(report, name.data, side->runs[j].result.repro);
			mh_text_release(&name);
			shown++;
		}
	}
	mh_text_add(&report->html, "</dl>\n");
	if (!known)
		mh_report_note(report, "The results do not hold the command that made them.");
	if (known > shown)
		mh_report_note(report, "Those of %zu more runs stand in their run.json, as repro.", known - shown);
}

void mh_report_conditions(struct mh_report *report)
{
	mh_report_heading(report, 2, "environment", "Environment and warnings");
	add_warnings(report);
	add_facts(report);
	add_meaning(report);
	add_commands(report);
}
