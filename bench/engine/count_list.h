/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of counts of a run while it grows: as long as a reader takes it, and in the end one a name. */
#ifndef BENCH_ENGINE_COUNT_LIST_H
#define BENCH_ENGINE_COUNT_LIST_H

#include "results/result.h"

/* @inexact: NULL, or a sentence that belongs to the result. The rest: printf of the name. */
void mh_count_list_add(struct mh_result *result, const char *inexact, uint64_t value, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* In the order of their names; those of one name, such as of two listeners that share it, are summed up. */
void mh_count_list_settle(struct mh_result *result);

#endif
