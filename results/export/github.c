/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Annotations: errors first, and of these what is incorrect before what is slow. GitHub shows ten of a kind and drops
 * the rest without a word, so that the tenth is ours to say that there are more.
 */
#include "results/export/github.h"

#include <string.h>

#include "results/export/escape.h"
#include "results/export/gate_export.h"

static const char *const commands[] = {
	[MH_SEVERITY_NOTICE] = "notice", [MH_SEVERITY_WARNING] = "warning", [MH_SEVERITY_ERROR] = "error"};

static void add_annotation(struct mh_text *text, const struct mh_export_case *one)
{
	mh_text_add(text, "::%s title=", commands[one->severity]);
	mh_escape_github_property(text, one->suite);
	mh_escape_github_property(text, ": ");
	mh_escape_github_property(text, one->name);
	mh_text_add(text, "::");
	mh_escape_github(text, one->message);
	if (one->detail) {
		mh_escape_github(text, "\n");
		mh_escape_github(text, one->detail);
	}
	mh_text_add(text, "\n");
}

static size_t count(const struct mh_export_cases *cases, enum mh_case_severity severity)
{
	size_t found = 0;

	for (size_t i = 0; i < cases->count; i++)
		found += cases->items[i].severity == severity;
	return found;
}

/* All of a kind, the worst outcome first. */
static void annotate_kind(const struct mh_export_cases *cases, enum mh_case_severity severity, struct mh_text *text)
{
	size_t all = count(cases, severity), shown = 0;
	size_t shown_max = all > MH_GITHUB_ANNOTATIONS_MAX ? MH_GITHUB_ANNOTATIONS_MAX - 1 : all;

	for (int outcome = MH_CASE_BROKEN; outcome >= MH_CASE_PASSED; outcome--)
		for (size_t i = 0; i < cases->count && shown < shown_max; i++)
			if (cases->items[i].severity == severity && (int)cases->items[i].outcome == outcome) {
				add_annotation(text, &cases->items[i]);
				shown++;
			}
	if (shown < all)
		mh_text_add(text, "::%s title=memhp-bench::%zu more; the summary of this step has all\n",
			    commands[severity], all - shown);
}

void mh_github_annotate(const struct mh_export_cases *cases, struct mh_text *text)
{
	for (int severity = MH_SEVERITY_ERROR; severity > MH_SEVERITY_NONE; severity--)
		annotate_kind(cases, (enum mh_case_severity)severity, text);
	text->failed |= cases->failed;
}

void mh_github_cut(struct mh_text *text, size_t size_max)
{
	static const char note[] = "\nThe rest is left out: a step may write only so much.\n";
	size_t kept;

	if (text->length <= size_max)
		return;
	kept = size_max > sizeof(note) ? size_max - sizeof(note) : 0;
	while (kept > 0 && text->data[kept - 1] != '\n')
		kept--;
	text->length = kept;
	text->data[kept] = '\0';
	if (size_max > sizeof(note))
		mh_text_append(text, note, sizeof(note) - 1);
}

void mh_github_outputs(struct mh_text *text, const char *verdict, int exit_code)
{
	mh_text_add(text, "verdict=%s\nexit=%d\n", verdict, exit_code);
}

static int write(const struct mh_export *export, struct mh_text *text, struct mh_error *reterr)
{
	struct mh_export_cases cases = {0};

	(void)reterr;
	mh_cases_of_runs(export, &cases);
	mh_github_annotate(&cases, text);
	mh_cases_release(&cases);
	return 0;
}

void mh_export_gate_github(const struct mh_gate_report *report, const struct mh_gate_rule *rule,
			   const struct mh_export_gate_options *options, struct mh_text *text)
{
	struct mh_export_cases cases = {0};

	mh_cases_of_gate(report, rule, options, &cases);
	mh_github_annotate(&cases, text);
	mh_cases_release(&cases);
}

const struct mh_export_format mh_export_github = {
	.name = "github",
	.help = "annotations of GitHub's actions, its summary and outputs",
	.write = write,
};
