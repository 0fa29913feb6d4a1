/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What should follow when a fault fires, judged after the operation has ended, firing by firing.
 *
 *   rollback  the operation failed with the injected errno, the block is as it was before, and it was told as the
 *             machine's kernel tells it: CANCEL on each chain that was asked or, after a veto in PREPARE_ONLINE or when
 *             the block could not be isolated, nothing; FINISH_OFFLINE where PREPARE_ONLINE was. Pages that stay behind
 *             inject -EINTR, by which alone their offline can fail. An allocation only fails
 *   ignored   the firing did not decide the operation's result
 *   slower    the operation succeeded, or found its block in the wanted state, and took no less than the injected
 *             delay; where the phase's end cut it short, nothing
 *   retried   the same block succeeds within verify.converge_within
 *   detected  an invariant that the fault's kind names was found broken in the operation; it is then counted as
 *             expected, and is no violation
 */
#ifndef FAULTS_EXPECT_H
#define FAULTS_EXPECT_H

#include <stdint.h>

#include "base/error.h"
#include "faults/firing.h"

enum mh_expect {
	MH_EXPECT_NONE,
	MH_EXPECT_ROLLBACK,
	MH_EXPECT_IGNORED,
	MH_EXPECT_SLOWER,
	MH_EXPECT_RETRIED,
	MH_EXPECT_DETECTED,
};

/* For the row of `expect` in a fault's schema; "none" is the default. */
#define MH_EXPECT_VALUES "none|rollback|ignored|slower|retried|detected"

extern const char *const mh_expect_names[];

#define MH_EXPECT_BIT(expect) (1u << (expect))

#define MH_UNMET_TEXT_SIZE   256 /* the sentence */
#define MH_UNMET_DETAIL_SIZE 2048

struct mh_unmet {
	unsigned fault;                  /* index in the set */
	uint64_t sequence;               /* index of the operation in its phase */
	char text[MH_UNMET_DETAIL_SIZE]; /* one sentence: what was expected, what was there, where; then the operation
					  * and its events, a line each */
};

struct mh_operation;
struct mh_machine;

/* One operation with the faults that fired in it. */
struct mh_expect_case {
	struct mh_machine *machine;
	const struct mh_operation *operation;
	const struct mh_firing *firings; /* of this operation */
	unsigned firing_count;
	uint64_t service_ns;
	uint64_t detects; /* what the fault of the firing breaks: a set of invariants */
};

/**
 * mh_expect_judge - does the operation meet what firing @index expects?
 * @expect: rollback, ignored, slower or detected
 * @ret_text: MH_UNMET_TEXT_SIZE bytes; written when it does not
 *
 * Return: 0 met, or not to be judged because another firing decided the operation; 1 unmet.
 */
int mh_expect_judge(enum mh_expect expect, const struct mh_expect_case *judged, unsigned index, char *ret_text);

#endif
