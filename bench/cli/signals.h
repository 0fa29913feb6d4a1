/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SIGINT and SIGTERM end a run early, a second one ends at once; SIGUSR1 asks for a line of progress; SIGALRM is
 * --timeout.
 */
#ifndef BENCH_CLI_SIGNALS_H
#define BENCH_CLI_SIGNALS_H

#include <signal.h>

/* The first of SIGINT, SIGTERM, SIGALRM that came; 0: none. */
extern volatile sig_atomic_t mh_signal_number;
/* SIGUSR1 came; whoever answers sets it back to 0. */
extern volatile sig_atomic_t mh_signal_progress;

/* A child that runs for us, in a process group of its own: ended with us when a second signal ends us. 0: none. */
extern volatile sig_atomic_t mh_signal_child;

void mh_signals_catch(unsigned timeout_s);

#endif
