/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of a page, in its order. Each appends its HTML, readable by itself, and the data of its charts, which the
 * page's script draws. What fails is kept (html.failed, put.failed) and told once, by mh_report_make().
 */
#ifndef RESULTS_REPORT_SECTION_H
#define RESULTS_REPORT_SECTION_H

#include <jansson.h>

#include "results/gate.h"
#include "results/json_put.h"
#include "results/report/html.h"
#include "results/report/source.h"

struct mh_report {
	const struct mh_report_source *source;
	const struct mh_gate_report *gate; /* of two sides; else NULL */
	bool gate_recorded;                /* by `gate`: it can be called again */
	const char *gate_unread;           /* why the verdict that lay beside them was passed over; else NULL */
	struct mh_text html;
	struct mh_json_put put;
	json_t *charts;
	size_t chart_count;
	unsigned level; /* of a part's heading */
};

/* A heading, and the place that the page's contents lead to. */
void mh_report_heading(struct mh_report *report, unsigned level, const char *id, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* A sentence or several, escaped. */
void mh_report_note(struct mh_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The place of a chart; the object that describes it to the script, with "kind" set. @caption: escaped. */
json_t *mh_report_chart(struct mh_report *report, const char *kind, const char *caption);

/* A text of a chart: what is no UTF-8, as a folder's name may be, becomes '?'. */
void mh_report_put_name(struct mh_report *report, json_t *object, const char *key, const char *name);
/* A number of a chart, which is drawn and not read: what a script cannot hold exactly is cut to 2^53. */
void mh_report_add_number(struct mh_report *report, json_t *list, uint64_t number);

/* Any run of @cell, of the first side that has one: it says which phases and series there are. */
const struct mh_result *mh_report_model(const struct mh_report *report, const char *cell);
/* The series that a phase is judged by: its response, or else its first; NULL: it has none. */
const char *mh_report_primary(const struct mh_result *model, const char *phase);

/* Cells of a table: Values, p50, p90, p99, p99.9, p99.99, Max, Mean. */
void mh_report_quantile_cells(struct mh_text *html, const struct mh_histogram *histogram);
/* The chart of a phase that has series. */
void mh_report_spectrum(struct mh_report *report, const char *cell, const char *phase);

void mh_report_verdicts(struct mh_report *report);
void mh_report_comparison(struct mh_report *report); /* within the verdicts; only with report->gate */
void mh_report_cells(struct mh_report *report);      /* of a sweep */
void mh_report_percentiles(struct mh_report *report, const char *cell);
void mh_report_shifts(struct mh_report *report, const char *cell);
void mh_report_timelines(struct mh_report *report, const char *cell);
void mh_report_listeners(struct mh_report *report, const char *cell);
void mh_report_counts(struct mh_report *report, const char *cell);
void mh_report_operations(struct mh_report *report, const char *cell);
void mh_report_conditions(struct mh_report *report);

#endif
