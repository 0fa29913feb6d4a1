/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows are points of the quantile function; between two of them it is taken as linear and sampled at equal steps.
 */
#include "bench/engine/hgrm.h"

#include "base/io.h"
#include "bench/engine/value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct point {
	double quantile, value;
};

struct points {
	struct point *items;
	size_t count, capacity;
};

static int points_add(struct points *points, struct point point)
{
	if (points->count == points->capacity) {
		size_t capacity = points->capacity ? 2 * points->capacity : 64;
		struct point *items = reallocarray(points->items, capacity, sizeof(*items));

		if (!items)
			return -ENOMEM;
		points->items = items;
		points->capacity = capacity;
	}
	points->items[points->count++] = point;
	return 0;
}

/* True for a row of the table; comments, the header and empty lines are not. @line is cut up. */
static bool row_parse(char *line, struct point *ret_point)
{
	char *rest = NULL;
	const char *value = strtok_r(line, " \t\r", &rest);
	const char *quantile = value ? strtok_r(NULL, " \t\r", &rest) : NULL;

	return quantile && mh_parse_number(value, &ret_point->value, NULL) == 0 &&
	       mh_parse_number(quantile, &ret_point->quantile, NULL) == 0;
}

static bool line_is_row(const char *line)
{
	return line[strspn(line, " \t\r")] >= '0' && line[strspn(line, " \t\r")] <= '9';
}

static int points_parse(const char *path, char *data, struct points *points, struct mh_error *reterr)
{
	unsigned number = 0;
	int ret = 0;

	for (char *line = strsep(&data, "\n"); line && ret == 0; line = strsep(&data, "\n")) {
		const struct point *last = points->count ? &points->items[points->count - 1] : NULL;
		struct point point;

		number++;
		if (!line_is_row(line))
			continue;
		if (!row_parse(line, &point) || point.quantile > 1)
			return mh_error_set(reterr, -EINVAL, "%s:%u: no row of a percentile file", path, number);
		if (last && (point.quantile < last->quantile || point.value < last->value))
			return mh_error_set(reterr, -EINVAL, "%s:%u: the value or the percentile falls", path, number);
		ret = points_add(points, point);
	}
	if (ret == 0 && !points->count)
		ret = mh_error_set(reterr, -EINVAL, "%s: holds no row of a percentile file", path);
	return ret;
}

static double points_value(const struct points *points, double quantile, size_t *at)
{
	const struct point *items = points->items;

	while (*at + 1 < points->count && items[*at + 1].quantile < quantile)
		(*at)++;
	if (*at + 1 == points->count || quantile <= items[*at].quantile)
		return items[*at].value;

	const struct point *low = &items[*at], *high = low + 1;

	return low->value + (high->value - low->value) * (quantile - low->quantile) / (high->quantile - low->quantile);
}

static int distribution_fill(const struct points *points, double unit, struct mh_distribution *ret_distribution)
{
	double *quantiles = calloc(MH_HGRM_QUANTILES, sizeof(*quantiles));
	size_t at = 0;

	if (!quantiles)
		return -ENOMEM;
	for (size_t i = 0; i < MH_HGRM_QUANTILES; i++)
		quantiles[i] = unit * points_value(points, (double)i / (MH_HGRM_QUANTILES - 1), &at);
	*ret_distribution = (struct mh_distribution){
		.kind = MH_DISTRIBUTION_EMPIRICAL, .quantiles = quantiles, .quantile_count = MH_HGRM_QUANTILES};
	return 0;
}

int mh_hgrm_read(const char *path, double unit, struct mh_distribution *ret_distribution, struct mh_error *reterr)
{
	struct points points = {0};
	char *data;
	size_t size;
	int ret = mh_file_read(path, MH_HGRM_SIZE_MAX, &data, &size, reterr);

	if (ret < 0)
		return ret;
	ret = points_parse(path, data, &points, reterr);
	if (ret == 0)
		ret = distribution_fill(&points, unit, ret_distribution);
	free(points.items);
	free(data);
	return ret;
}
