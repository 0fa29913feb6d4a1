/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A gate in the formats that make sense of it. Each appends to @text; text->failed tells that memory ran out. */
#ifndef RESULTS_EXPORT_GATE_EXPORT_H
#define RESULTS_EXPORT_GATE_EXPORT_H

#include "results/export/cases.h"

void mh_export_gate_junit(const struct mh_gate_report *report, const struct mh_gate_rule *rule,
			  const struct mh_export_gate_options *options, struct mh_text *text);
/* The annotations. */
void mh_export_gate_github(const struct mh_gate_report *report, const struct mh_gate_rule *rule,
			   const struct mh_export_gate_options *options, struct mh_text *text);
/* Words first, then a row a line: for the summary of a job, and for people. */
void mh_export_gate_md(const struct mh_gate_report *report, const struct mh_gate_rule *rule,
		       const struct mh_export_gate_options *options, struct mh_text *text);

#endif
