/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A percentile file (.hgrm) as a distribution to draw from.
 */
#ifndef BENCH_ENGINE_HGRM_H
#define BENCH_ENGINE_HGRM_H

#include "base/distribution.h"
#include "base/error.h"

#define MH_HGRM_SIZE_MAX  (1024 * 1024) /* bytes */
#define MH_HGRM_QUANTILES 1025          /* values at equal steps from 0 to 1 */

/**
 * mh_hgrm_read - read the rows "Value Percentile TotalCount 1/(1-Percentile)"
 * @unit: what a Value is multiplied by: 1e6 for durations in ms, as HdrHistogram's tools write them
 * @ret_distribution: MH_DISTRIBUTION_EMPIRICAL, linear between the file's rows; released by mh_distribution_release
 *
 * Return: 0; -EINVAL the file has no or falling rows, with a sentence that names the line; mh_file_read's errnos;
 * -ENOMEM. Source: Java HdrHistogram, outputPercentileDistribution.
 */
int mh_hgrm_read(const char *path, double unit, struct mh_distribution *ret_distribution, struct mh_error *reterr);

#endif
