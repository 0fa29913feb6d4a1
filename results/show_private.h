/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the terminal report share: where text goes, and how single things are written. */
#ifndef RESULTS_SHOW_PRIVATE_H
#define RESULTS_SHOW_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

#include "results/show.h"

#define MH_SHOW_CELL 64 /* bytes of a number as text */

enum mh_show_tone { MH_TONE_PLAIN, MH_TONE_GOOD, MH_TONE_BAD, MH_TONE_DOUBT, MH_TONE_HEAD };

struct mh_show {
	struct mh_text *text;
	struct mh_show_options options; /* width filled in */
};

/* A report into @text; the width that is not given is the default, the one that is too small the least. */
struct mh_show mh_show_begin(const struct mh_show_options *options, struct mh_text *text);

/* Text in a tone, where colours are wanted. */
void mh_show_toned(const struct mh_show *show, enum mh_show_tone tone, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A text from a file or a scenario: control characters, which could drive the terminal, become '?'. */
void mh_show_clean(const struct mh_show *show, const char *text);
/* The same on one line, filled up or cut to @width columns; a cut one ends in "..". */
void mh_show_name(const struct mh_show *show, const char *text, unsigned width);
/* The same in paragraphs: broken at blanks to the report's width, each line behind @indent blanks. */
void mh_show_paragraph(const struct mh_show *show, const char *text, unsigned indent);

/* "8,431,922"; "0.12 %". */
char *mh_show_exact(char buffer[MH_SHOW_CELL], uint64_t value);
char *mh_show_share(char buffer[MH_SHOW_CELL], uint64_t part, uint64_t whole);

/* "event, of one operation in 8, about 12 ns an operation"; its stamps are known. */
void mh_stamps_tell(const struct mh_result_overheads *overheads, struct mh_text *text);

/* "instructions 812.4, cycles 301.2, cache misses not available, branch misses 0.02": of an operation. */
void mh_hw_tell(const struct mh_result_workload *workload, struct mh_text *text);

/* The parts of a report, in its order. */
void mh_show_phase(const struct mh_show *show, const struct mh_result *result, const struct mh_result_phase *phase);
void mh_show_violation(const struct mh_show *show, const struct mh_result_violation *violation);
void mh_show_checks(const struct mh_show *show, const struct mh_result *result);
void mh_show_counts(const struct mh_show *show, const struct mh_result *result);
void mh_show_conditions(const struct mh_show *show, const struct mh_result *result);

/* How a span of time is cut into columns, each the same factor wide. */
struct mh_spectrum {
	double low, high; /* ns, >= 1 */
	unsigned columns;
};

/* The span that holds all values of the series of @phase. */
struct mh_spectrum mh_spectrum_of_phase(const struct mh_result *result, const char *phase, unsigned columns);
/* Appends up to @spectrum->columns columns: how high the values of each column stand, the fullest being the highest. */
void mh_spectrum_add(const struct mh_show *show, const struct mh_spectrum *spectrum,
		     const struct mh_histogram *histogram);

/* "PHASE/" in front of a tag: what stands behind it, or NULL when the tag is of another phase. */
const char *mh_show_series_name(const char *tag, const char *phase);

#endif
