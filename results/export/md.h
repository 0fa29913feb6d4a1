/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Markdown that more than one format needs: people read it, and so does the summary of a job. */
#ifndef RESULTS_EXPORT_MD_H
#define RESULTS_EXPORT_MD_H

#include "results/export/cases.h"

/* How many passed, and a row for each that did not, the worst first. */
void mh_md_cases(const struct mh_export_cases *cases, struct mh_text *text);
/* The whole page of a folder's runs. */
void mh_md_runs(const struct mh_export *export, struct mh_text *text);

#endif
