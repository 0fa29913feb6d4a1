/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A result in a format that other tools read. A format is a pure function from the runs of a folder to a text; where it
 * goes is the caller's.
 *
 * Order: mh_export_load() reads the runs of a folder, mh_export_write() writes them, mh_export_release().
 */
#ifndef RESULTS_EXPORT_EXPORT_H
#define RESULTS_EXPORT_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "results/folder.h"
#include "results/result.h"

struct mh_export_run {
	const char *cell, *name; /* "main", "run-001"; the folder's */
	struct mh_result result; /* only where @read */
	bool read;
	char *why; /* the sentence why it was not read; NULL when it was */
	char *log; /* path of its run.hlog, which need not be there */
};

/* The runs that a format is to write. */
struct mh_export {
	const char *scenario, *version; /* its name; the program's version */
	struct mh_export_run *runs;
	size_t run_count;
	const char *series; /* asked for: a tag, or a glob over tags where the format has many; NULL: not asked for */
	uint64_t unit_ns;   /* of the values, where the format leaves it open; 0: not asked for */
	struct mh_text *notes; /* a line a sentence: what was left out, and why; NULL: nobody reads them */
};

/* How a format takes --series. */
enum mh_export_series { MH_SERIES_NONE, MH_SERIES_ONE, MH_SERIES_GLOB };

struct mh_export_format {
	const char *name, *help;
	enum mh_export_series series;
	bool unit;     /* takes --unit */
	bool one_cell; /* it adds runs up, which runs of several cells must not be */
	/* Appends to @text. 0; -ENODATA the runs lack what it needs; -ENOMEM and others; with a sentence. */
	int (*write)(const struct mh_export *export, struct mh_text *text, struct mh_error *reterr);
};

/* All of them, NULL at the end. */
extern const struct mh_export_format *const mh_export_formats[];

/* -EINVAL: an unknown name; the sentence suggests one. */
int mh_export_find(const char *name, const struct mh_export_format **ret_format, struct mh_error *reterr);

/**
 * mh_export_load - read the runs of a folder
 * @cells: a glob over the names of cells; NULL: all
 * @ret_export: refers to texts of @folder, which must outlive it; series, unit_ns and notes are not set
 *
 * A run that cannot be read is kept without its result. Return: 0; -ENOENT no such cell; -ENODATA no run at all;
 * -ENOMEM; with a sentence.
 */
int mh_export_load(const struct mh_result_folder *folder, const char *cells, struct mh_export *ret_export,
		   struct mh_error *reterr);
void mh_export_release(struct mh_export *export); /* safe on a zeroed struct */

/* Checks what @format needs, writes, and refuses a text that is not whole. */
int mh_export_write(const struct mh_export_format *format, const struct mh_export *export, struct mh_text *text,
		    struct mh_error *reterr);

/* Adds a sentence to the notes. */
void mh_export_note(const struct mh_export *export, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* True for a run whose numbers may be used: it ended, and no check failed. Notes why not, and that an invalid one is.
 */
bool mh_export_use(const struct mh_export *export, const struct mh_export_run *run);
/* -ENODATA with a sentence. */
int mh_export_nothing_used(struct mh_error *reterr);

/* "PHASE/response" of the first measure phase that has one; NULL: none has. */
const char *mh_export_headline(const struct mh_result *result);
/* True for a tag that --series names, or all where it was not given. */
bool mh_export_wants(const struct mh_export *export, const char *tag);
/* True when the cell of @run has other runs, too. */
bool mh_export_is_repeated(const struct mh_export *export, const struct mh_export_run *run);

#endif
