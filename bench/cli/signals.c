/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handlers only store a number.
 */
#include "bench/cli/signals.h"

#include <stddef.h>
#include <sys/types.h>
#include <unistd.h>

volatile sig_atomic_t mh_signal_number;
volatile sig_atomic_t mh_signal_progress;
volatile sig_atomic_t mh_signal_child;

static void end_early(int number)
{
	static volatile sig_atomic_t asked; /* by a person: the time-out is no first Ctrl-C */

	if (asked && number != SIGALRM) {
		if (mh_signal_child > 0)
			kill((pid_t)mh_signal_child, SIGKILL);
		_exit(128 + number);
	}
	asked |= number != SIGALRM;
	if (!mh_signal_number)
		mh_signal_number = number;
}

static void ask_progress(int number)
{
	(void)number;
	mh_signal_progress = 1;
}

static void catch_signal(int number, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};

	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

void mh_signals_catch(unsigned timeout_s)
{
	catch_signal(SIGINT, end_early);
	catch_signal(SIGTERM, end_early);
	catch_signal(SIGALRM, end_early);
	catch_signal(SIGUSR1, ask_progress);
	if (timeout_s)
		alarm(timeout_s);
}
