/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Verdicts: their names, their order, their exit codes. */
#include "results/gate.h"

const char *const mh_verdict_names[MH_VERDICTS] = {
	[MH_VERDICT_PASS] = "PASS",
	[MH_VERDICT_IMPROVED] = "IMPROVED",
	[MH_VERDICT_REGRESSED] = "REGRESSED",
	[MH_VERDICT_INCONCLUSIVE] = "INCONCLUSIVE",
	[MH_VERDICT_UNDERPOWERED] = "UNDERPOWERED",
	[MH_VERDICT_INVALID] = "INVALID",
	[MH_VERDICT_INCORRECT] = "INCORRECT",
	[MH_VERDICT_NONE] = "NONE",
};

/* Exit 3 before 1 before 4 before 0. Among those of 4: what more pairs cure comes last. */
enum mh_verdict mh_verdict_worse(enum mh_verdict a, enum mh_verdict b)
{
	static const int ranks[MH_VERDICTS] = {
		[MH_VERDICT_NONE] = 0,         [MH_VERDICT_PASS] = 1,         [MH_VERDICT_IMPROVED] = 2,
		[MH_VERDICT_INCONCLUSIVE] = 3, [MH_VERDICT_UNDERPOWERED] = 4, [MH_VERDICT_INVALID] = 5,
		[MH_VERDICT_REGRESSED] = 6,    [MH_VERDICT_INCORRECT] = 7,
	};

	return ranks[a] >= ranks[b] ? a : b;
}

int mh_verdict_exit(enum mh_verdict verdict, bool undecided_warns)
{
	switch (verdict) {
	case MH_VERDICT_REGRESSED:
		return 1;
	case MH_VERDICT_INCORRECT:
		return 3;
	case MH_VERDICT_INVALID:
		return 4;
	case MH_VERDICT_INCONCLUSIVE:
	case MH_VERDICT_UNDERPOWERED:
		return undecided_warns ? 0 : 4;
	default:
		return 0;
	}
}
