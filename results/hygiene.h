/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Was the host fit to be measured on while a pair of runs went? Decided by outside monitors and probes alone, never by
 * the times of what is tested: a rule that looked at those would throw away what it should find.
 *
 * The rule is fixed before the first run; a reference says what is usual for this cell on this host.
 */
#ifndef RESULTS_HYGIENE_H
#define RESULTS_HYGIENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "results/result.h"

#define MH_HYGIENE_LEARN_MAX  64
#define MH_HYGIENE_FIRST_RUNS 6 /* of both sides, that a reference is learned from where nothing was calibrated */

#define MH_HYGIENE_STEAL_SHARE        0.01 /* of the CPU time of a run that a hypervisor may give to others */
#define MH_HYGIENE_SWITCHES_FACTOR    5.0  /* times the reference */
#define MH_HYGIENE_PROBE_RATIO        1.25 /* of the reference, either way, where nothing was calibrated */
#define MH_HYGIENE_DISCARDED_SHARE_OF 4    /* at most one pair in so many may be discarded */

struct mh_hygiene_reference {
	double switches;                                /* involuntary ones a run; negative: not known */
	struct mh_probes probes;                        /* usual; 0: not known */
	struct mh_probes probes_lowest, probes_highest; /* the band that each has to stay in */
	char governor[MH_ENVIRONMENT_TEXT], turbo[MH_ENVIRONMENT_TEXT];
};

/* Of the scenario's limits: what makes a load generator too late. */
struct mh_hygiene_limits {
	uint64_t dropped_ppb_max;
	uint64_t lag_p99_ns_max; /* 0: none */
};

/* Medians over runs of one cell, both sides pooled, and bands of MH_HYGIENE_PROBE_RATIO around them. @count at least 1;
 * of more than MH_HYGIENE_LEARN_MAX the first. */
void mh_hygiene_learn(const struct mh_result *const *runs, size_t count, struct mh_hygiene_reference *ret_reference);

/**
 * mh_hygiene_holds - whether one run may count
 * @reference: NULL: nothing is known yet, and only what needs none is checked
 * @reason: the sentence why not is appended
 */
bool mh_hygiene_holds(const struct mh_hygiene_reference *reference, const struct mh_hygiene_limits *limits,
		      const struct mh_result *run, struct mh_text *reason);

/* The load generator was too late: by what the host did, and not for ever. */
bool mh_hygiene_is_late(const struct mh_hygiene_limits *limits, const struct mh_result *run);

/* How many pairs of @pairs may be discarded. */
size_t mh_hygiene_discards_max(size_t pairs);

#endif
