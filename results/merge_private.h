/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What merge.c, merge_phases.c and merge_findings.c share. */
#ifndef RESULTS_MERGE_PRIVATE_H
#define RESULTS_MERGE_PRIVATE_H

#include "results/merge.h"

/* *to += from; -EOVERFLOW with a sentence that names it. */
int mh_merge_add(uint64_t *to, uint64_t from, const char *name, struct mh_error *reterr);

/* Phases, their workloads, and the exemplars, which stand in the time of their phase. */
int mh_merge_phases(struct mh_result *to, const struct mh_result *from, struct mh_error *reterr);
/* Faults, and what the checks have found. */
int mh_merge_findings(struct mh_result *to, const struct mh_result *from, struct mh_error *reterr);

#endif
