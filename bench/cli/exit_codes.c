/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The order of precedence of the exit codes.
 */
#include "bench/cli/exit_codes.h"

#include <stddef.h>

static int exit_rank(int code)
{
	static const int rising[] = {
		MH_EXIT_DONE,  MH_EXIT_INCONCLUSIVE, MH_EXIT_REGRESSED, MH_EXIT_ENVIRONMENT, MH_EXIT_NOT_COMPARABLE,
		MH_EXIT_USAGE, MH_EXIT_ABORTED,      MH_EXIT_INCORRECT, MH_EXIT_INTERRUPTED, MH_EXIT_INTERNAL,
	};
	const size_t count = sizeof(rising) / sizeof(rising[0]);

	if (code == MH_EXIT_TERMINATED)
		code = MH_EXIT_INTERRUPTED;
	for (size_t i = 0; i < count; i++)
		if (rising[i] == code)
			return (int)i;
	return (int)count;
}

int mh_exit_combine(int first, int second)
{
	int winner = exit_rank(second) > exit_rank(first) ? second : first;
	const int internal = exit_rank(MH_EXIT_INTERNAL);

	return exit_rank(winner) > internal ? MH_EXIT_INTERNAL : winner;
}
