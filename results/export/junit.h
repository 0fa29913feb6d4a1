/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cases as JUnit's XML. */
#ifndef RESULTS_EXPORT_JUNIT_H
#define RESULTS_EXPORT_JUNIT_H

#include "results/export/cases.h"

/* Appends the document. @title: of all suites together. */
void mh_junit_write(const struct mh_export_cases *cases, const char *title, struct mh_text *text);

#endif
