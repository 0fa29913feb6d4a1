/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cases as the workflow commands of GitHub's actions. */
#ifndef RESULTS_EXPORT_GITHUB_H
#define RESULTS_EXPORT_GITHUB_H

#include "results/export/cases.h"

#define MH_GITHUB_ANNOTATIONS_MAX  10     /* of a kind that a step shows */
#define MH_GITHUB_SUMMARY_SIZE_MAX 900000 /* bytes a step; above 1 MiB all of it is lost */

/* Appends a line an annotation, the worst first; of a kind beyond the maximum the last says how many more there are. */
void mh_github_annotate(const struct mh_export_cases *cases, struct mh_text *text);

/* Cuts Markdown to @size_max bytes at the end of a line, and says so in its last line. */
void mh_github_cut(struct mh_text *text, size_t size_max);

/* What a later step reads from $GITHUB_OUTPUT: the verdict and the exit code. */
void mh_github_outputs(struct mh_text *text, const char *verdict, int exit_code);

#endif
