/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line of a source as it is shown below an error, with a caret under the right column.
 */
#ifndef BENCH_ENGINE_SOURCE_LINE_H
#define BENCH_ENGINE_SOURCE_LINE_H

#include <stddef.h>

#include "base/text.h"
#include "bench/engine/diagnostics.h"

#define MH_SOURCE_LINE_SHOWN 120 /* characters of a longer line that are shown, around the column */

/**
 * mh_source_line_show - "    LINE\n    CARET\n"
 * @place: line and column from 1; the line breaks are YAML 1.1's, as libyaml counts them
 *
 * Tabs stay tabs in front of the caret, wide characters take two columns and combining ones none, so that the caret
 * stands right in a terminal and in an editor.
 */
void mh_source_line_show(const struct mh_place *place, struct mh_text *out);

/* Appends @bytes with control characters (but tabs) and bytes that are no UTF-8 shown as '?'. */
void mh_source_clean(const char *bytes, size_t length, struct mh_text *out);

/* The line and column, from 1, of the byte at @offset. */
void mh_source_position(const char *text, size_t size, size_t offset, unsigned *ret_line, unsigned *ret_column);

#endif
