/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Source: docs/methodology.md, batch means. */
#include "bench/engine/batches.h"

#include <errno.h>
#include <stdlib.h>

#include "results/statistics/order_interval.h"

int mh_batches_init(struct mh_batches *batches, size_t series_count)
{
	*batches = (struct mh_batches){.series = calloc(series_count + 1, sizeof(*batches->series))};
	if (!batches->series)
		return -ENOMEM;
	batches->series_count = series_count;
	return 0;
}

void mh_batches_release(struct mh_batches *batches)
{
	for (size_t i = 0; i < batches->series_count; i++) {
		free(batches->series[i].means);
		free(batches->series[i].counts);
	}
	free(batches->series);
	*batches = (struct mh_batches){0};
}

void mh_batches_clear(struct mh_batches *batches)
{
	for (size_t i = 0; i < batches->series_count; i++) {
		batches->series[i].count = 0;
		batches->series[i].lost = false;
	}
}

static int grow(struct mh_batch_list *list)
{
	const size_t capacity = list->capacity ? 2 * list->capacity : 16;
	double *means = realloc(list->means, capacity * sizeof(*means));
	uint64_t *counts;

	if (!means)
		return -ENOMEM;
	list->means = means;
	counts = realloc(list->counts, capacity * sizeof(*counts));
	if (!counts)
		return -ENOMEM;
	list->counts = counts;
	list->capacity = capacity;
	return 0;
}

static void add(struct mh_batch_list *list, const struct mh_histogram *interval)
{
	if (!interval->count || list->lost)
		return;
	if (list->count == list->capacity && grow(list) < 0) {
		list->lost = true;
		return;
	}
	list->means[list->count] = mh_histogram_mean(interval);
	list->counts[list->count++] = interval->count;
}

void mh_batches_add(struct mh_batches *batches, const struct mh_histogram *interval)
{
	for (size_t i = 0; i < batches->series_count; i++)
		add(&batches->series[i], &interval[i]);
}

double mh_batches_effective(const struct mh_batches *batches, size_t series, const struct mh_histogram *total)
{
	const struct mh_batch_list *list = &batches->series[series];
	const double deviation = mh_histogram_stddev(total);
	double effective;

	if (list->lost || list->count < MH_BATCHES_MIN || !(deviation > 0))
		return 0;
	if (mh_effective_count(list->means, list->counts, list->count, deviation * deviation, &effective) < 0)
		return 0;
	return effective;
}
