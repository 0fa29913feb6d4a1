/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All draws of few runs against their enumeration, and random draws of more against what must be so. */
#include "results/statistics/cluster_bootstrap.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>

#include "base/rng.h"
#include "table.h"

#define BUCKETS 100
#define RUNS    20

static void check_runs(struct table_row *row)
{
	struct mh_clusters clusters = {0};
	struct mh_interval interval;
	uint64_t counts[TABLE_NUMBERS_MAX];
	double q, confidence;
	size_t count;
	const double *list;

	clusters.lows = table_list(row, &clusters.bucket_count);
	clusters.widths = table_list(row, &clusters.bucket_count);
	list = table_list(row, &count);
	for (size_t i = 0; i < count; i++)
		counts[i] = (uint64_t)list[i];
	clusters.counts = counts;
	clusters.run_count = count / clusters.bucket_count;
	q = table_number(row);
	confidence = table_number(row);
	cr_assert_eq(mh_cluster_quantiles(&clusters, &q, 1, confidence, &interval), 0);
	table_expect_interval(row, &interval);
}

Test(cluster_bootstrap, equals_the_enumeration)
{
	table_check("cluster.txt", "runs", 60, check_runs);
}

static double lows[BUCKETS], widths[BUCKETS];
static uint64_t counts[RUNS * BUCKETS];
static const struct mh_clusters many = {RUNS, BUCKETS, lows, widths, counts};

/* 1,000 values a run, uniform over half the buckets; the runs begin up to @apart buckets apart. */
static void fill(struct mh_rng *rng, uint64_t apart)
{
	memset(counts, 0, sizeof(counts));
	for (size_t i = 0; i < BUCKETS; i++) {
		lows[i] = (double)i;
		widths[i] = 1;
	}
	for (size_t run = 0; run < RUNS; run++) {
		const size_t first = (size_t)mh_rng_below(rng, apart + 1);

		for (int i = 0; i < 1000; i++)
			counts[run * BUCKETS + first + mh_rng_below(rng, BUCKETS / 2)]++;
	}
}

/* The median of all such runs is (50 + apart) / 2. At 95 %, 100 draws: 87 and more but once in 10,000. */
Test(cluster_bootstrap, covers_what_is_true)
{
	const double q = 0.5;
	unsigned covered = 0;

	for (uint64_t i = 0; i < 100; i++) {
		struct mh_interval interval;
		struct mh_rng rng;

		mh_rng_init(&rng, 7, "clusters", i);
		fill(&rng, 40);
		cr_assert_eq(mh_cluster_quantiles(&many, &q, 1, 0.95, &interval), 0);
		cr_assert(interval.attained && interval.lower <= interval.estimate);
		covered += interval.lower <= 45 && 45 <= interval.upper;
	}
	cr_expect_geq(covered, 87u);
	cr_expect_lt(covered, 100u, "an interval that is always right is too wide");
}

/* Values drawn one by one would tell of 20,000; there are 20 runs. */
Test(cluster_bootstrap, is_as_wide_as_the_runs_differ)
{
	const double quantiles[] = {0.5, 0.9};
	struct mh_interval near[2], apart[2];
	struct mh_rng rng;

	mh_rng_init(&rng, 1, "clusters", 0);
	fill(&rng, 0);
	cr_assert_eq(mh_cluster_quantiles(&many, quantiles, 2, 0.95, near), 0);
	fill(&rng, 40);
	cr_assert_eq(mh_cluster_quantiles(&many, quantiles, 2, 0.95, apart), 0);
	cr_expect_gt(apart[0].upper - apart[0].lower, 5 * (near[0].upper - near[0].lower));
	cr_expect_lt(apart[0].upper, apart[1].estimate);
}

Test(cluster_bootstrap, refuses_what_says_nothing)
{
	const double q = 0.5;
	struct mh_clusters clusters = many;
	struct mh_interval interval;

	cr_expect_eq(mh_cluster_quantiles(&clusters, &q, 1, 0.95, &interval), -EINVAL, "runs without values");
	counts[3] = 10;
	widths[3] = 1;
	clusters.run_count = 1;
	cr_expect_eq(mh_cluster_quantiles(&clusters, &q, 1, 0.95, &interval), 0);
	cr_expect_not(interval.attained);
	cr_expect_float_eq(interval.estimate, 0.5, 1e-9);
	clusters.run_count = MH_CLUSTER_RUNS_MAX + 1;
	cr_expect_eq(mh_cluster_quantiles(&clusters, &q, 1, 0.95, &interval), -EINVAL);
}
