/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of tests/fixtures/statistics: rows of a word and numbers, a list being its length and its values.
 */
#ifndef TESTS_UNIT_RESULTS_STATISTICS_TABLE_H
#define TESTS_UNIT_RESULTS_STATISTICS_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "results/statistics/interval.h"

#define TABLE_NUMBERS_MAX 512
#define TABLE_TOLERANCE   1e-10 /* of what is expected, or of 1e-6 when that is less */

struct table_row {
	size_t line, count, next;
	double numbers[TABLE_NUMBERS_MAX];
	size_t *failures; /* of the whole table */
};

/* Calls @check for each row that begins with @word; fails unless there are @rows_min and none of them failed. */
void table_check(const char *file, const char *word, size_t rows_min, void (*check)(struct table_row *row));

double table_number(struct table_row *row);
const double *table_list(struct table_row *row, size_t *ret_count);

/* Holds @actual against the next number of the row. */
void table_expect(struct table_row *row, const char *what, double actual);
/* Estimate, lower and upper, and that it is attained when they are finite. */
void table_expect_interval(struct table_row *row, const struct mh_interval *interval);

#endif
