/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the exit code of memhp-bench says, and which one wins where several apply.
 */
#ifndef BENCH_CLI_EXIT_CODES_H
#define BENCH_CLI_EXIT_CODES_H

enum mh_exit {
	MH_EXIT_DONE = 0,           /* done; gate: all PASS or IMPROVED */
	MH_EXIT_REGRESSED = 1,      /* a gate regressed, or an SLO was breached */
	MH_EXIT_USAGE = 2,          /* usage or scenario error: nothing ran */
	MH_EXIT_INCORRECT = 3,      /* an invariant, the protocol or an `expect` was violated */
	MH_EXIT_INCONCLUSIVE = 4,   /* undecided, or the data are invalid */
	MH_EXIT_NOT_COMPARABLE = 5, /* two results that cannot be compared */
	MH_EXIT_ENVIRONMENT = 6,    /* this environment cannot run it */
	MH_EXIT_ABORTED = 7,        /* aborted by a limit, the watchdog or a full disk */
	MH_EXIT_INTERNAL = 8,       /* internal error */
	MH_EXIT_INTERRUPTED = 130,  /* SIGINT */
	MH_EXIT_TERMINATED = 143,   /* SIGTERM */
};

/**
 * mh_exit_combine - the code that two outcomes end in together
 *
 * 8 > 130/143 > 3 > 7 > 2 > 5 > 6 > 1 > 4 > 0. Associative, so that any number can be folded; of 130 and 143 the one
 * that came first (@first) stays. A code that is none of these counts as 8.
 */
int mh_exit_combine(int first, int second);

#endif
