/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of a page share. */
#include "results/report/section.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SENTENCE_MAX 4096                /* bytes; what is longer is cut */
#define EXACT_MAX    (UINT64_C(1) << 53) /* of a number in a script */

static void add_escaped(struct mh_text *html, const char *format, va_list arguments)
{
	char sentence[SENTENCE_MAX];

	vsnprintf(sentence, sizeof(sentence), format, arguments);
	mh_html_text(html, sentence);
}

void mh_report_heading(struct mh_report *report, unsigned level, const char *id, const char *format, ...)
{
	va_list arguments;

	mh_text_add(&report->html, "<h%u", level);
	if (id)
		mh_text_add(&report->html, " id=\"%s\"", id);
	mh_text_add(&report->html, ">");
	va_start(arguments, format);
	add_escaped(&report->html, format, arguments);
	va_end(arguments);
	mh_text_add(&report->html, "</h%u>\n", level);
}

void mh_report_note(struct mh_report *report, const char *format, ...)
{
	va_list arguments;

	mh_text_add(&report->html, "<p>");
	va_start(arguments, format);
	add_escaped(&report->html, format, arguments);
	va_end(arguments);
	mh_text_add(&report->html, "</p>\n");
}

void mh_report_put_name(struct mh_report *report, json_t *object, const char *key, const char *name)
{
	struct mh_text clean = MH_TEXT_INIT;

	while (*name) {
		size_t valid = mh_utf8_valid_prefix(name, strlen(name));

		mh_text_append(&clean, name, valid);
		name += valid;
		if (!*name)
			break;
		mh_text_append(&clean, "?", 1);
		name++;
	}
	mh_json_put_text(&report->put, object, key, clean.data);
	report->put.failed |= clean.failed;
	mh_text_release(&clean);
}

void mh_report_add_number(struct mh_report *report, json_t *list, uint64_t number)
{
	mh_json_add_i64(&report->put, list, (int64_t)(number < EXACT_MAX ? number : EXACT_MAX));
}

json_t *mh_report_chart(struct mh_report *report, const char *kind, const char *caption)
{
	json_t *chart = mh_json_add_object(&report->put, report->charts);
	char id[32];

	snprintf(id, sizeof(id), "chart-%zu", ++report->chart_count);
	mh_json_put_text(&report->put, chart, "id", id);
	mh_json_put_text(&report->put, chart, "kind", kind);
	mh_report_put_name(report, chart, "name", caption);
	mh_text_add(&report->html, "<figure class=\"chart %s\" id=\"%s\"><figcaption>", kind, id);
	mh_html_text(&report->html, caption);
	mh_text_add(&report->html, "</figcaption></figure>\n");
	return chart;
}

const struct mh_result *mh_report_model(const struct mh_report *report, const char *cell)
{
	const struct mh_report_run *any = NULL;

	for (size_t i = 0; i < report->source->side_count; i++) {
		const struct mh_report_side *side = &report->source->sides[i];

		for (size_t j = 0; j < side->run_count; j++) {
			const struct mh_report_run *run = mh_report_next_run(side, cell, j);

			if (run && run->result.status == MH_RUN_OK)
				return &run->result;
			any = any ? any : run;
		}
	}
	return any ? &any->result : NULL;
}

const char *mh_report_primary(const struct mh_result *model, const char *phase)
{
	size_t length = strlen(phase);
	const char *first = NULL;

	for (size_t i = 0; i < model->series_count; i++) {
		const char *tag = model->series[i].tag;

		if (strncmp(tag, phase, length) != 0 || tag[length] != '/')
			continue;
		if (strcmp(tag + length, "/response") == 0)
			return tag;
		first = first ? first : tag;
	}
	return first;
}
