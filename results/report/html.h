/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * HTML, piece by piece. Markup of ours goes straight to mh_text_add(); whatever comes from a file or a scenario goes
 * through mh_html_text() or mh_html_name(), and so stays text.
 */
#ifndef RESULTS_REPORT_HTML_H
#define RESULTS_REPORT_HTML_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* Escaped for content and for quoted attributes alike. Controls and what is not UTF-8 become U+FFFD. */
void mh_html_text(struct mh_text *html, const char *text);
/* The same, kept apart from its surroundings: a name written from right to left turns nothing else around. */
void mh_html_name(struct mh_text *html, const char *text);

/*
 * A table that scrolls by itself where the page is narrow, by keyboard, too.
 * @caption, @heads: escaped; a head of numbers begins with a tab, which is not shown
 */
void mh_html_table_open(struct mh_text *html, const char *caption, const char *const *heads, size_t head_count);
void mh_html_table_close(struct mh_text *html);

void mh_html_row_open(struct mh_text *html, const char *name); /* NULL: without a head of the row */
void mh_html_row_close(struct mh_text *html);
void mh_html_cell_text(struct mh_text *html, const char *text);      /* NULL: a dash */
void mh_html_cell_count(struct mh_text *html, uint64_t count);       /* exact, grouped by thousands */
void mh_html_cell_time(struct mh_text *html, double ns);             /* exact value beside what is shown; NAN: a dash */
void mh_html_cell_rate(struct mh_text *html, double per_second);     /* NAN: a dash */
void mh_html_cell_share(struct mh_text *html, double share);         /* with a bar; NAN: a dash */
void mh_html_cell_change(struct mh_text *html, double ratio);        /* "+3.1 %"; NAN: a dash */
void mh_html_cell_bar(struct mh_text *html, double from, double to); /* a stretch of 0 … 1 */

/* A value in a sentence: "<data value=…>1.23 us</data>". */
void mh_html_time(struct mh_text *html, double ns);

#endif
