/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sections of a resolved scenario as text: two scenarios say the same exactly where these are equal. */
#ifndef BENCH_CLI_RESOLVED_SECTION_H
#define BENCH_CLI_RESOLVED_SECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* From "KEY:" at the beginning of a line to the next line that is not indented; NULL: there is none. */
const char *mh_resolved_section(const char *resolved, const char *key, size_t *ret_length);

/* Equal texts, or none in both. */
bool mh_resolved_equal(const char *first, const char *second, const char *key);

/* "chain, machine": the keys whose sections differ, but for `name`, `description`, `seed`, `runs`, `slo`, `gate`. */
void mh_resolved_differences(const char *first, const char *second, struct mh_text *text);

#endif
