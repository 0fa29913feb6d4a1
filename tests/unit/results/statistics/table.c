/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See table.h. */
#include "table.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAILURES_SHOWN 5

static FILE *open_table(const char *file)
{
	char path[4096];
	const char *folder = strstr(__FILE__, "unit/results/statistics/table.c");
	FILE *stream;

	snprintf(path, sizeof(path), "%.*sfixtures/statistics/%s", (int)(folder - __FILE__), __FILE__, file);
	stream = fopen(path, "re");
	cr_assert_not_null(stream, "'%s' cannot be read", path);
	return stream;
}

static void parse_numbers(const char *text, struct table_row *row)
{
	char *end;

	row->count = row->next = 0;
	for (double number = strtod(text, &end); end != text; number = strtod(text, &end)) {
		cr_assert_lt(row->count, TABLE_NUMBERS_MAX, "line %zu is too long", row->line);
		row->numbers[row->count++] = number;
		text = end;
	}
}

void table_check(const char *file, const char *word, size_t rows_min, void (*check)(struct table_row *row))
{
	static char line[32768];
	FILE *stream = open_table(file);
	size_t rows = 0, failures = 0, length = strlen(word);
	struct table_row row = {.failures = &failures};

	while (fgets(line, sizeof(line), stream)) {
		row.line++;
		if (strncmp(line, word, length) != 0 || line[length] != ' ')
			continue;
		rows++;
		parse_numbers(line + length, &row);
		check(&row);
		cr_assert_eq(row.next, row.count, "%s:%zu: %zu of %zu numbers read", file, row.line, row.next,
			     row.count);
	}
	fclose(stream);
	cr_expect_geq(rows, rows_min, "%s: %zu rows of '%s', not %zu", file, rows, word, rows_min);
	cr_expect_eq(failures, 0u, "%s: %zu numbers of %zu rows differ", file, failures, rows);
}

double table_number(struct table_row *row)
{
	cr_assert_lt(row->next, row->count, "line %zu is too short", row->line);
	return row->numbers[row->next++];
}

const double *table_list(struct table_row *row, size_t *ret_count)
{
	const double *list;

	*ret_count = (size_t)table_number(row);
	list = &row->numbers[row->next];
	cr_assert_leq(row->next + *ret_count, row->count, "line %zu is too short", row->line);
	row->next += *ret_count;
	return list;
}

void table_expect(struct table_row *row, const char *what, double actual)
{
	double expected = table_number(row);
	bool equal = isinf(expected) ? actual == expected
				     : fabs(actual - expected) <= TABLE_TOLERANCE * fmax(fabs(expected), 1e-6);

	if (!equal && (*row->failures)++ < FAILURES_SHOWN)
		cr_expect(equal, "line %zu: %s is %.17g, not %.17g", row->line, what, actual, expected);
}

void table_expect_interval(struct table_row *row, const struct mh_interval *interval)
{
	table_expect(row, "estimate", interval->estimate);
	table_expect(row, "lower", interval->lower);
	table_expect(row, "upper", interval->upper);
	cr_expect_eq(interval->attained, isfinite(interval->lower), "line %zu", row->line);
}
