/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The runs' buckets are brought over one list of all that occur, which is what the bootstrap draws over. */
#include "results/show_clusters.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "results/histogram.h"
#include "results/statistics/cluster_bootstrap.h"

#define CONFIDENCE 0.95

static const struct {
	const char *name;
	double q;
} shown[] = {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}};

#define SHOWN (sizeof(shown) / sizeof(shown[0]))

/* A list of @size an item with room for one more; NULL: no memory. */
static void *grow(void *items, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return items;
	items = realloc(items, (*capacity ? 2 * *capacity : 8) * size);
	if (items)
		*capacity = *capacity ? 2 * *capacity : 8;
	return items;
}

static struct mh_kept_series *find_series(struct mh_kept *kept, const char *tag)
{
	struct mh_kept_series *series;
	char *copy;

	for (size_t i = 0; i < kept->count; i++)
		if (strcmp(kept->series[i].tag, tag) == 0)
			return &kept->series[i];
	series = grow(kept->series, kept->count, &kept->capacity, sizeof(*series));
	copy = strdup(tag);
	if (series)
		kept->series = series;
	if (!series || !copy) {
		free(copy);
		return NULL;
	}
	kept->series[kept->count] = (struct mh_kept_series){.tag = copy};
	return &kept->series[kept->count++];
}

static size_t count_buckets(const struct mh_histogram *histogram)
{
	struct mh_histogram_iterator iterator;
	size_t count = 0;

	mh_histogram_iterate(&iterator, histogram);
	while (mh_histogram_next(&iterator))
		count++;
	return count;
}

static int keep(struct mh_kept_series *series, const struct mh_histogram *histogram)
{
	struct mh_kept_run *runs = grow(series->runs, series->run_count, &series->run_capacity, sizeof(*runs)), *run;
	struct mh_histogram_iterator iterator;

	if (!runs)
		return -ENOMEM;
	series->runs = runs;
	run = &runs[series->run_count];
	*run = (struct mh_kept_run){.buckets = calloc(count_buckets(histogram) + 1, sizeof(*run->buckets))};
	if (!run->buckets)
		return -ENOMEM;
	series->run_count++;
	mh_histogram_iterate(&iterator, histogram);
	while (mh_histogram_next(&iterator))
		run->buckets[run->count++] = (struct mh_kept_bucket){iterator.lowest, iterator.highest, iterator.count};
	return 0;
}

static bool is_wanted(const struct mh_result_series *series)
{
	const char *name = strchr(series->tag, '/');

	return name && strcmp(name, "/response") == 0 && series->histogram.count && !series->histogram.overflow;
}

int mh_kept_add(struct mh_kept *kept, const struct mh_result *run)
{
	for (size_t i = 0; i < run->series_count; i++) {
		struct mh_kept_series *series;

		if (!is_wanted(&run->series[i]))
			continue;
		series = find_series(kept, run->series[i].tag);
		if (!series || keep(series, &run->series[i].histogram) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int compare_buckets(const void *left, const void *right)
{
	const struct mh_kept_bucket *a = left, *b = right;

	return (a->low > b->low) - (a->low < b->low);
}

/* All buckets that occur, rising, each once; NULL: no memory. */
static struct mh_kept_bucket *collect_buckets(const struct mh_kept_series *series, size_t *ret_count)
{
	struct mh_kept_bucket *all;
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < series->run_count; i++)
		count += series->runs[i].count;
	all = calloc(count + 1, sizeof(*all));
	if (!all)
		return NULL;
	count = 0;
	for (size_t i = 0; i < series->run_count; i++) {
		memcpy(&all[count], series->runs[i].buckets, series->runs[i].count * sizeof(*all));
		count += series->runs[i].count;
	}
	qsort(all, count, sizeof(*all), compare_buckets);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || all[i].low != all[kept - 1].low)
			all[kept++] = all[i];
	*ret_count = kept;
	return all;
}

struct matrix {
	struct mh_clusters clusters;
	double *edges; /* lows, then widths */
	uint64_t *counts, total;
};

static void fill_run(struct matrix *matrix, const struct mh_kept_bucket *all, const struct mh_kept_run *run,
		     uint64_t *counts)
{
	for (size_t i = 0; i < run->count; i++) {
		const struct mh_kept_bucket *found =
			bsearch(&run->buckets[i], all, matrix->clusters.bucket_count, sizeof(*all), compare_buckets);

		counts[found - all] += run->buckets[i].count;
		matrix->total += run->buckets[i].count;
	}
}

static int matrix_make(struct matrix *matrix, const struct mh_kept_series *series)
{
	size_t count;
	struct mh_kept_bucket *all = collect_buckets(series, &count);

	if (!all)
		return -ENOMEM;
	*matrix = (struct matrix){.edges = calloc(2 * count + 1, sizeof(*matrix->edges)),
				  .counts = calloc(series->run_count * count + 1, sizeof(*matrix->counts))};
	if (matrix->edges && matrix->counts) {
		for (size_t i = 0; i < count; i++) {
			matrix->edges[i] = (double)all[i].low;
			matrix->edges[count + i] = (double)(all[i].high - all[i].low + 1);
		}
		matrix->clusters = (struct mh_clusters){series->run_count, count, matrix->edges, matrix->edges + count,
							matrix->counts};
		for (size_t i = 0; i < series->run_count; i++)
			fill_run(matrix, all, &series->runs[i], &matrix->counts[i * count]);
	}
	free(all);
	return matrix->edges && matrix->counts ? 0 : -ENOMEM;
}

static size_t count_shown(uint64_t total)
{
	size_t count = 0;

	while (count < SHOWN && (double)total * (1 - shown[count].q) >= MH_SHOW_BEYOND_MIN - 1e-6)
		count++;
	return count;
}

static void show_series(const struct mh_show *show, const struct mh_kept_series *series)
{
	struct matrix matrix = {0};
	struct mh_interval intervals[SHOWN];
	double quantiles[SHOWN];
	size_t count = 0;

	for (size_t i = 0; i < SHOWN; i++)
		quantiles[i] = shown[i].q;
	if (matrix_make(&matrix, series) == 0)
		count = count_shown(matrix.total);
	if (count && mh_cluster_quantiles(&matrix.clusters, quantiles, count, CONFIDENCE, intervals) < 0)
		count = 0;
	for (size_t i = 0; i < count && intervals[i].attained; i++) {
		char value[32], lower[32], upper[32];

		mh_text_add(show->text, "  ");
		mh_show_name(show, i ? "" : series->tag, 24);
		mh_text_add(show->text, " %-5s %9s  (%s to %s)\n", shown[i].name,
			    mh_show_duration(value, 32, intervals[i].estimate),
			    mh_show_duration(lower, 32, intervals[i].lower),
			    mh_show_duration(upper, 32, intervals[i].upper));
	}
	free(matrix.edges);
	free(matrix.counts);
}

void mh_kept_show(const struct mh_kept *kept, const struct mh_show *show)
{
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < kept->count; i++)
		least = kept->series[i].run_count < least ? kept->series[i].run_count : least;
	if (!kept->count || least < 2)
		return;
	mh_text_add(show->text, "\n  how far the runs leave these in doubt: 95 %% intervals, whole runs drawn%s\n",
		    least < MH_CLUSTER_RUNS_SOUND ? " (approximate: fewer than 10 runs)" : "");
	for (size_t i = 0; i < kept->count; i++)
		show_series(show, &kept->series[i]);
}

static void release_series(struct mh_kept_series *series)
{
	for (size_t i = 0; i < series->run_count; i++)
		free(series->runs[i].buckets);
	free(series->runs);
	free(series->tag);
}

void mh_kept_release(struct mh_kept *kept)
{
	for (size_t i = 0; i < kept->count; i++)
		release_series(&kept->series[i]);
	free(kept->series);
	*kept = (struct mh_kept){0};
}
