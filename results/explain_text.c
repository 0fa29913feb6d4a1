/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Operations taken apart, in a terminal: a sentence that names the longest part, where the operation stands, what fired
 * in it and what its thread went through, then the table of its parts.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/units.h"
#include "results/explain.h"
#include "results/show_private.h"

#define NAME_WIDTH      38
#define TIME_WIDTH      10
#define SHARE_WIDTH     9
#define BAR_WIDTH       24
#define LISTENERS_SHOWN 6    /* of a walk, the longest, unless --verbose */
#define SHARE_SHOWN     0.01 /* of a listener, unless --verbose */

/* "going_online" as the kernel spells it: MEM_GOING_ONLINE. */
static const char *kernel_event(const char *event, char buffer[MH_SHOW_CELL])
{
	size_t length =
		(size_t)snprintf(buffer, MH_SHOW_CELL, "%s%.40s", strncmp(event, "node_", 5) ? "MEM_" : "", event);

	for (size_t i = 0; i < length; i++)
		buffer[i] = (char)toupper((unsigned char)buffer[i]);
	return buffer;
}

static const char *duration(char buffer[MH_SHOW_CELL], uint64_t ns)
{
	if (!ns)
		return strcpy(buffer, "0");
	return mh_show_duration(buffer, MH_SHOW_CELL, (double)ns);
}

static void tell_longest_part(const struct mh_part *part, struct mh_text *line)
{
	static const char *const words[MH_PART_KINDS] = {
		[MH_PART_WAIT] = "waiting to begin, behind operations that were late",
		[MH_PART_LOCK] = "waiting for the hotplug lock",
		[MH_PART_DRAIN] = "draining the lists of free pages",
		[MH_PART_MIGRATE] = "moving pages away",
		[MH_PART_GRACE] = "waiting for a grace period",
		[MH_PART_REST] = "in no step of its own",
	};
	char event[MH_SHOW_CELL];

	if (part->kind == MH_PART_LISTENER)
		mh_text_add(line, "in listener '%s' on %s", part->listener, kernel_event(part->event, event));
	else if (part->kind == MH_PART_WALK)
		mh_text_add(line, "in the walk of %s, between its listeners", kernel_event(part->event, event));
	else
		mh_text_add(line, "%s", words[part->kind]);
}

void mh_explain_sentence(const struct mh_result_exemplar *exemplar, const struct mh_parts *parts, struct mh_text *text)
{
	const struct mh_part *longest = &parts->items[parts->longest];
	char cell[MH_SHOW_CELL];

	mh_text_add(text, "%s", exemplar->operation ? exemplar->operation : "operation");
	if (exemplar->block != UINT64_MAX)
		mh_text_add(text, " of block %" PRIu64, exemplar->block);
	mh_text_add(text, " took %s", duration(cell, exemplar->response_ns));
	if (exemplar->step_count) {
		mh_text_add(text, ", %.0f %% of it ", mh_part_share(exemplar, longest) * 100);
		tell_longest_part(longest, text);
	}
}

static void tell_verdict(const struct mh_show *show, const struct mh_result_exemplar *exemplar,
			 const struct mh_parts *parts, unsigned number)
{
	struct mh_text line = MH_TEXT_INIT;

	mh_text_add(&line, "%u. ", number);
	mh_explain_sentence(exemplar, parts, &line);
	mh_text_add(show->text, "\n");
	mh_show_paragraph(show, line.data, 0);
	show->text->failed |= line.failed;
	mh_text_release(&line);
}

static void tell_series(const struct mh_result_exemplar *exemplar, struct mh_text *line)
{
	char cell[MH_SHOW_CELL];

	for (size_t i = 0; i < exemplar->longest_count; i++)
		mh_text_add(line, "%s%s %s", i ? ", " : "the longest of: ", exemplar->longest[i].series,
			    duration(cell, exemplar->longest[i].value_ns));
	if (exemplar->longest_count)
		mh_text_add(line, "\n");
}

static void tell_place(const struct mh_result_exemplar *exemplar, struct mh_text *line)
{
	char cell[MH_SHOW_CELL];

	mh_text_add(line, "operation %" PRIu64 " of worker %" PRIu64 " of '%s', begun %s into the run, %s",
		    exemplar->seq, exemplar->worker, exemplar->workload ? exemplar->workload : "?",
		    duration(cell, exemplar->start_ns), exemplar->result ? "failed" : "succeeded");
	if (exemplar->result)
		mh_text_add(line, " with %" PRId64 " (%s)", exemplar->result,
			    exemplar->outcome ? exemplar->outcome : "?");
	mh_text_add(line, "%s%s\n", exemplar->class ? ", " : "", exemplar->class ? exemplar->class : "");
}

/* A notifier's answer in the kernel's encoding (Linux include/linux/notifier.h). */
static void tell_answer(int64_t value, struct mh_text *line)
{
	if (value == 0 || value == 1)
		mh_text_add(line, "%s", value ? "OK" : "DONE");
	else if (value == 0x8000 || value == 0x8001)
		mh_text_add(line, "STOP");
	else if (value == 0x8002)
		mh_text_add(line, "BAD");
	else if (value > 0x8002 && value <= 0x8001 + 4095)
		mh_text_add(line, "errno %" PRId64, 0x8001 - value);
	else
		mh_text_add(line, "raw %" PRId64, value);
}

/* "fault 'late' fired in 'slow' on MEM_OFFLINE: held it up for 300 ns, answer OK"; less where it was in no listener. */
static void tell_fault(const struct mh_result_firing *firing, struct mh_text *line)
{
	char event[MH_SHOW_CELL], cell[MH_SHOW_CELL];

	mh_text_add(line, "fault '%s' fired", firing->fault);
	if (firing->listener)
		mh_text_add(line, " in '%s'", firing->listener);
	if (firing->event)
		mh_text_add(line, " on %s", kernel_event(firing->event, event));
	mh_text_add(line, ":");
	if (firing->delay_ns)
		mh_text_add(line, " held it up for %s,", duration(cell, firing->delay_ns));
	mh_text_add(line, " answer ");
	if (firing->listener)
		tell_answer(firing->value, line);
	else
		mh_text_add(line, "%" PRId64, firing->value);
	mh_text_add(line, "\n");
}

static void tell_faults(const struct mh_result_exemplar *exemplar, struct mh_text *line)
{
	for (size_t i = 0; i < exemplar->firing_count; i++)
		tell_fault(&exemplar->firings[i], line);
	if (exemplar->fired > exemplar->firing_count)
		mh_text_add(line, "and %" PRIu64 " more firings\n", exemplar->fired - exemplar->firing_count);
	if (!exemplar->fired)
		mh_text_add(line, "no fault fired in it\n");
}

static void tell_scheduler(const struct mh_result_exemplar *exemplar, struct mh_text *line)
{
	if (exemplar->switched == MH_NOT_AVAILABLE)
		mh_text_add(line, "scheduler: not available");
	else if (exemplar->switched)
		mh_text_add(line, "scheduler: its thread lost the CPU meanwhile, to others or to wait");
	else
		mh_text_add(line, "scheduler: its thread kept the CPU");
}

void mh_explain_circumstances(const struct mh_result_exemplar *exemplar, struct mh_text *text)
{
	tell_series(exemplar, text);
	tell_place(exemplar, text);
	tell_faults(exemplar, text);
	tell_scheduler(exemplar, text);
}

static void tell_circumstances(const struct mh_show *show, const struct mh_result_exemplar *exemplar)
{
	struct mh_text line = MH_TEXT_INIT;

	mh_explain_circumstances(exemplar, &line);
	mh_show_paragraph(show, line.data, 3);
	show->text->failed |= line.failed;
	mh_text_release(&line);
}

/* Eighths of a column; an ASCII terminal has whole ones only. */
static void add_bar(const struct mh_show *show, double share)
{
	static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
	unsigned units = (unsigned)(share * BAR_WIDTH * 8 + 0.5);

	for (unsigned i = 0; i < units / 8; i++)
		mh_text_add(show->text, "%s", show->options.ascii ? "#" : "█");
	if (units % 8)
		mh_text_add(show->text, "%s", !show->options.ascii ? eighths[units % 8] : units < 8 ? "." : "");
}

static void add_row(const struct mh_show *show, const struct mh_result_exemplar *exemplar, const char *name,
		    const struct mh_part *part)
{
	double share = mh_part_share(exemplar, part);
	char cell[MH_SHOW_CELL];

	mh_text_add(show->text, "   ");
	mh_show_name(show, name, NAME_WIDTH);
	mh_text_add(show->text, "%*s", TIME_WIDTH,
		    part->begin_ns == MH_PART_NOWHERE ? "-" : duration(cell, part->begin_ns));
	mh_text_add(show->text, "%*s", TIME_WIDTH, duration(cell, part->took_ns));
	mh_text_add(show->text, "%*.1f %%", SHARE_WIDTH - 2, share * 100);
	if (share * BAR_WIDTH * 8 >= 0.5) {
		mh_text_add(show->text, "  ");
		add_bar(show, share);
	}
	mh_text_add(show->text, "\n");
}

static const char *part_name(const struct mh_part *part, char name[2 * MH_SHOW_CELL])
{
	static const char *const words[MH_PART_KINDS] = {
		[MH_PART_WAIT] = "wait before it began",
		[MH_PART_LOCK] = "hotplug lock",
		[MH_PART_DRAIN] = "drain",
		[MH_PART_MIGRATE] = "migrate",
		[MH_PART_GRACE] = "grace period",
		[MH_PART_REST] = "in no step",
	};
	char event[MH_SHOW_CELL];

	if (part->kind == MH_PART_WALK)
		snprintf(name, 2 * MH_SHOW_CELL, "%s", kernel_event(part->event, event));
	else if (part->kind == MH_PART_LISTENER)
		snprintf(name, 2 * MH_SHOW_CELL, "  %.*s", MH_SHOW_CELL, part->listener);
	else if (part->kind == MH_PART_REST && part->begin_ns == MH_PART_NOWHERE)
		return "short gaps, together";
	else
		return words[part->kind];
	return name;
}

/* How many of the walk's listeners took longer than the one at @index; of equals the first is the longer. */
static unsigned rank_of(const struct mh_parts *parts, size_t walk, size_t index)
{
	unsigned rank = 0;

	for (size_t i = walk + 1; i < parts->count && parts->items[i].kind == MH_PART_LISTENER; i++)
		rank += parts->items[i].took_ns > parts->items[index].took_ns ||
			(parts->items[i].took_ns == parts->items[index].took_ns && i < index);
	return rank;
}

/* The listeners that a walk is shown without, as one row. */
static void add_folded(const struct mh_show *show, const struct mh_result_exemplar *exemplar, unsigned count,
		       uint64_t took_ns, bool all)
{
	struct mh_part rest = {.kind = MH_PART_LISTENER, .begin_ns = MH_PART_NOWHERE, .took_ns = took_ns};
	char name[MH_SHOW_CELL];

	if (!count)
		return;
	snprintf(name, sizeof(name), "  %u %slistener%s (-v shows them)", count, all ? "" : "more ",
		 count == 1 ? "" : "s");
	add_row(show, exemplar, name, &rest);
}

static void add_rows(const struct mh_show *show, const struct mh_result_exemplar *exemplar,
		     const struct mh_parts *parts)
{
	char name[2 * MH_SHOW_CELL];
	unsigned folded = 0;
	uint64_t folded_ns = 0;
	size_t walk = 0;

	for (size_t i = 0; i < parts->count; i++) {
		const struct mh_part *part = &parts->items[i];

		if (part->kind == MH_PART_LISTENER && !show->options.verbose &&
		    (mh_part_share(exemplar, part) < SHARE_SHOWN || rank_of(parts, walk, i) >= LISTENERS_SHOWN)) {
			folded++;
			folded_ns += part->took_ns;
			continue;
		}
		if (part->kind != MH_PART_LISTENER) {
			add_folded(show, exemplar, folded, folded_ns, folded == i - walk - 1);
			folded = 0;
			folded_ns = 0;
			walk = i;
		}
		add_row(show, exemplar, part_name(part, name), part);
	}
}

static void add_table(const struct mh_show *show, const struct mh_result_exemplar *exemplar,
		      const struct mh_parts *parts)
{
	if (!exemplar->step_count) {
		mh_text_add(show->text, "   It was recorded without steps: `record.stamps: event` takes it apart.\n");
		return;
	}
	mh_text_add(show->text, "\n   %-*s%*s%*s%*s\n", NAME_WIDTH, "part", TIME_WIDTH, "begins", TIME_WIDTH, "took",
		    SHARE_WIDTH, "share");
	add_rows(show, exemplar, parts);
	if (exemplar->steps_cut)
		mh_text_add(show->text, "   %" PRIu64 " stamps found no room: what came later is in the rest\n",
			    exemplar->steps_cut);
}

static int explain_one(const struct mh_show *show, const struct mh_result_exemplar *exemplar, unsigned number)
{
	struct mh_parts parts;

	if (mh_parts_make(exemplar, &parts) < 0)
		return -ENOMEM;
	tell_verdict(show, exemplar, &parts, number);
	tell_circumstances(show, exemplar);
	add_table(show, exemplar, &parts);
	mh_parts_release(&parts);
	return 0;
}

static size_t count_selected(const struct mh_result *result, const struct mh_explain_options *options)
{
	size_t count = 0;

	for (size_t i = 0; i < result->exemplar_count; i++)
		count += mh_explain_selects(options, &result->exemplars[i]);
	return count;
}

static void tell_head(const struct mh_show *show, const struct mh_result *result,
		      const struct mh_explain_options *options)
{
	const size_t shown = count_selected(result, options);

	mh_show_verdict(result, show->text);
	mh_text_add(show->text, "\n");
	if (!result->exemplar_count)
		mh_text_add(show->text,
			    "The run kept no operation: `record.exemplars` is 0, or no hotplug workload ran in "
			    "a recorded phase.\n");
	else if (!shown)
		mh_text_add(show->text, "None of the %zu operations kept is the longest of a series '%s'.\n",
			    result->exemplar_count, options->series ? options->series : "*");
	else if (shown < result->exemplar_count)
		mh_text_add(show->text, "%zu of %zu operations kept: the longest of each series%s\n", shown,
			    result->exemplar_count, options->series ? " that was asked for" : "; -v shows all");
}

static void tell_phase(const struct mh_show *show, const char *phase)
{
	mh_text_add(show->text, "\n");
	mh_show_toned(show, MH_TONE_HEAD, "%.200s", phase);
	mh_text_add(show->text, "\n");
}

int mh_explain_run(const struct mh_result *result, const struct mh_explain_options *options, struct mh_text *text)
{
	struct mh_show show = {.text = text, .options = options->show};
	const char *phase = "";
	unsigned number = 0;

	if (!show.options.width)
		show.options.width = MH_SHOW_WIDTH_DEFAULT;
	tell_head(&show, result, options);
	for (size_t i = 0; i < result->exemplar_count; i++) {
		const struct mh_result_exemplar *exemplar = &result->exemplars[i];
		const char *own = exemplar->phase ? exemplar->phase : "?";

		if (!mh_explain_selects(options, exemplar))
			continue;
		if (strcmp(own, phase) != 0)
			tell_phase(&show, phase = own);
		if (explain_one(&show, exemplar, ++number) < 0)
			return -ENOMEM;
	}
	return text->failed ? -ENOMEM : 0;
}
