/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Words of the language that are documented but not in this version: refused with that reason instead of "unknown".
 * (Values of an enum are marked by a '-' in their row; no key is absent.)
 */
#ifndef BENCH_ENGINE_ABSENT_H
#define BENCH_ENGINE_ABSENT_H

#include <stdbool.h>
#include <stddef.h>

/* The kinds of faults to come; NULL-terminated. */
extern const char *const mh_absent_faults[];

bool mh_absent_kind(const char *const *kinds, const char *name);

#endif
