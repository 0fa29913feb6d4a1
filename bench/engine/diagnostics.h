/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Places in a source and what is wrong there: all errors of a scenario are collected in one pass and told together.
 *
 * A source is a file, or a label such as "-D machine.block_size=2GiB" for text that has no lines worth showing.
 */
#ifndef BENCH_ENGINE_DIAGNOSTICS_H
#define BENCH_ENGINE_DIAGNOSTICS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

#define MH_DIAGNOSTICS_MAX 100 /* kept and shown; the rest is counted */

struct mh_source {
	const char *name;   /* path as given, or the label */
	const char *folder; /* what relative paths in it begin from; "" is the current folder */
	const char *text;   /* NULL for a label; NUL-terminated */
	size_t size;
	unsigned order; /* errors of an earlier source are shown first */
};

struct mh_place {
	const struct mh_source *source;
	unsigned line, column; /* from 1, columns in characters; line 0: the source as a whole */
};

struct mh_diagnostic {
	struct mh_place place;
	char *text;
	bool warning;
	unsigned sequence;
};

struct mh_diagnostics {
	struct mh_diagnostic *items;
	size_t count, capacity;
	size_t errors;  /* errors told, also those not kept */
	size_t omitted; /* not kept */
	bool failed;    /* memory ran out: the list is incomplete */
};

/* Tells an error; the same sentence at the same place is kept once. No capital, no full stop, no place in the text. */
void mh_diagnose(struct mh_diagnostics *diagnostics, struct mh_place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void mh_diagnose_warning(struct mh_diagnostics *diagnostics, struct mh_place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/**
 * mh_diagnostics_write - all of them, in the order of sources, lines and columns
 *
 * "NAME:LINE:COLUMN: error: TEXT", the source line, and a caret below the column. Control characters and bytes that are
 * no UTF-8 are shown as '?', so that a hostile file cannot write to the terminal.
 */
void mh_diagnostics_write(struct mh_diagnostics *diagnostics, struct mh_text *out);
void mh_diagnostics_release(struct mh_diagnostics *diagnostics);

/* "FILE:LINE:COLUMN" or the label, for a sentence that names a second place. */
void mh_place_print(struct mh_place place, struct mh_text *out);

#endif
