/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the report of a gate in a terminal share. */
#ifndef RESULTS_GATE_SHOW_PRIVATE_H
#define RESULTS_GATE_SHOW_PRIVATE_H

#include "results/gate.h"
#include "results/show_private.h"

#define MH_GATE_VERDICT_WIDTH 13 /* "INCONCLUSIVE " */

struct mh_gate_shown {
	struct mh_show show;
	const struct mh_gate_report *report;
	const struct mh_gate_rule *rule;
	bool cells; /* there is more than one: each line names its own */
};

/* "  REGRESSED    ": two blanks, the word, up to where names begin. */
void mh_gate_show_verdict(const struct mh_gate_shown *shown, enum mh_verdict verdict);
/* The sentence of a line and its note, below it. */
void mh_gate_show_words(const struct mh_gate_shown *shown, const struct mh_gate_line *line);

/* A table of the lines of one kind: value, interval, limit and number of values side by side. */
void mh_gate_show_times(const struct mh_gate_shown *shown, enum mh_gate_line_kind kind, const char *title);

#endif
