/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text that nobody vouches for (names of a scenario, details of a violation, a file that was edited) within the syntax
 * of a format. Control characters and what is not UTF-8 are left out everywhere; blanks and line ends stay where the
 * format has a way to write them.
 */
#ifndef RESULTS_EXPORT_ESCAPE_H
#define RESULTS_EXPORT_ESCAPE_H

#include "base/text.h"

/* Between tags, and within a quoted attribute. */
void mh_escape_xml(struct mh_text *text, const char *raw);
void mh_escape_xml_attribute(struct mh_text *text, const char *raw);
/* A cell of a CSV table by RFC 4180: in quotes where it needs them. */
void mh_escape_csv(struct mh_text *text, const char *raw);
/* Plain words within Markdown and its tables: a line end becomes a blank. */
void mh_escape_markdown(struct mh_text *text, const char *raw);
/* The message of a workflow command, and one of its properties. */
void mh_escape_github(struct mh_text *text, const char *raw);
void mh_escape_github_property(struct mh_text *text, const char *raw);
/* A JSON string with its quotes. */
void mh_escape_json(struct mh_text *text, const char *raw);

#endif
