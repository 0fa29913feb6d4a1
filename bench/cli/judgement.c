/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The same text goes to the terminal, coloured if wanted, and to report.txt. */
#include "bench/cli/judgement.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "bench/cli/exit_codes.h"
#include "results/show.h"

static void compose(const struct mh_judgement *judgement, const struct mh_gate_report *report, bool colour,
		    struct mh_text *text)
{
	const struct mh_show_options show = {
		.ascii = mh_options_ascii(), .verbose = judgement->options->verbose, .colour = colour};

	mh_gate_show(report, judgement->rule, &show, text);
	if (judgement->head[0])
		mh_text_add(text, "\n%s", judgement->head);
}

static int keep(const struct mh_judgement *judgement, const char *name, const struct mh_text *text)
{
	struct mh_error error;
	char *path;
	int ret;

	if (!judgement->folder)
		return MH_EXIT_DONE;
	if (asprintf(&path, "%s/%s", judgement->folder, name) < 0)
		return MH_EXIT_ENVIRONMENT;
	ret = mh_file_write(path, text->data, text->length, &error);
	free(path);
	if (ret == 0)
		return MH_EXIT_DONE;
	fprintf(stderr, "memhp-bench %s: error: %s\n", judgement->command, error.text);
	return MH_EXIT_ABORTED;
}

/* -q leaves what went well unsaid. */
static bool is_silent(const struct mh_judgement *judgement, const struct mh_gate_report *report)
{
	return judgement->options->quiet && (judgement->rule->compare || mh_verdict_exit(report->verdict, true) == 0);
}

int mh_judgement_tell(const struct mh_judgement *judgement, const struct mh_gate_report *report)
{
	struct mh_text plain = MH_TEXT_INIT, shown = MH_TEXT_INIT, json = MH_TEXT_INIT;
	int code;

	compose(judgement, report, false, &plain);
	code = keep(judgement, "report.txt", &plain);
	if (mh_gate_json(report, judgement->rule, &json) < 0)
		code = mh_exit_combine(code, MH_EXIT_ENVIRONMENT);
	code = mh_exit_combine(code, keep(judgement, "gate.json", &json));
	if (judgement->options->format == MH_FORMAT_JSON) {
		fputs(json.data, stdout);
	} else if (!is_silent(judgement, report)) {
		compose(judgement, report, mh_options_colour(judgement->options, STDOUT_FILENO), &shown);
		fputs(shown.data, stdout);
	}
	fflush(stdout); /* before the last line on stderr, also where both go to one file */
	if (plain.failed || json.failed)
		code = mh_exit_combine(code, MH_EXIT_ENVIRONMENT);
	mh_text_release(&plain);
	mh_text_release(&shown);
	mh_text_release(&json);
	return code;
}
