/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Results and histograms that the tests of this layer share. */
#ifndef TESTS_UNIT_RESULTS_SAMPLE_H
#define TESTS_UNIT_RESULTS_SAMPLE_H

#include "results/histogram.h"
#include "results/result.h"

/* 3 digits up to an hour, empty; aborts without memory. */
struct mh_histogram sample_histogram(void);
/* The seven values of the golden vector: 1, 1, 1, 1000, 1500, 1000000, 123456789. */
struct mh_histogram sample_golden(void);

/* A run of two phases with series, faults, thresholds, a violation detected as expected and every list filled. */
void sample_result(struct mh_result *ret_result);

/* A new, empty folder under /tmp; sample_folder_remove() removes it with all that is in it and frees the name. */
char *sample_folder(void);
void sample_folder_remove(char *path);

#endif
