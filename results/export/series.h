/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One series of several runs. */
#ifndef RESULTS_EXPORT_SERIES_H
#define RESULTS_EXPORT_SERIES_H

#include "results/export/export.h"

/**
 * mh_export_add_up - the series that was asked for, or the headline's, of all runs that can be used, bucket by bucket
 * @ret_sum: to be released
 *
 * Return: 0; -ENODATA a run without it, runs of different precision, or no run that can be used; -EOVERFLOW; -ENOMEM;
 * with a sentence.
 */
int mh_export_add_up(const struct mh_export *export, struct mh_histogram *ret_sum, struct mh_error *reterr);

#endif
