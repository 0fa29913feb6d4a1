/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs and gates that the tests of this layer share. */
#ifndef TESTS_UNIT_RESULTS_EXPORT_FIXTURE_H
#define TESTS_UNIT_RESULTS_EXPORT_FIXTURE_H

#include "results/export/export.h"
#include "results/gate.h"

#define FIXTURE_RUNS_MAX 4

/* Names that mean something to every format: quotes, tags, commands, a bell, a broken UTF-8 byte, a line end. */
#define FIXTURE_NASTY "<a href=\"x\">&|`%:,\a\xff\n::error::b</a>"

struct fixture {
	struct mh_export export;
	struct mh_export_run runs[FIXTURE_RUNS_MAX];
	struct mh_text text, notes;
};

/* @count runs of cell "main", each with a measure phase of 1,000 values from 1,000 ns up; all correct. */
void fixture_init(struct fixture *fixture, size_t count);
void fixture_release(struct fixture *fixture);

/* Appends to fixture->text; returns what the format did. */
int fixture_write(struct fixture *fixture, const char *format, struct mh_error *reterr);

/* What @text has of @part. */
size_t fixture_count(const struct mh_text *text, const char *part);
void fixture_has(const struct mh_text *text, const char *part);

/* A gate with a line of each verdict, all of them gated but the last. Released by nobody: its texts are constants. */
#define FIXTURE_LINES 9
void fixture_gate(struct mh_gate_report *ret_report, struct mh_gate_line lines[FIXTURE_LINES],
		  struct mh_gate_rule *ret_rule);

#endif
