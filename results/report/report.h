/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One HTML page that holds all of it: a result, a sweep, or several results laid over each other, two of them compared.
 * The page needs nothing else and asks nobody for anything; without a script its tables say everything.
 */
#ifndef RESULTS_REPORT_REPORT_H
#define RESULTS_REPORT_REPORT_H

#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

/**
 * mh_report_make - appends the page of one or several result folders
 * @paths: result folders; or one that holds two, a/ and b/, as `ab` and `gate` leave it
 *
 * Return: 0; what mh_report_source_open() returns; -ENOMEM; each with a sentence.
 */
int mh_report_make(const char *const *paths, size_t path_count, struct mh_text *page, struct mh_error *reterr);

#endif
