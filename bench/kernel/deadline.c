/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/deadline.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SECOND_NS UINT64_C(1000000000)
#define REPEAT_NS 10000000 /* between two signals, once the first has come */

/* The C library's SIGRTMIN is a function; base/hold.c has the one before. */
static int deadline_signal(void)
{
	return SIGRTMIN + 5;
}

static void on_deadline(int number, siginfo_t *info, void *context)
{
	struct mh_kernel_deadline *deadline = info->si_value.sival_ptr;

	(void)number;
	(void)context;
	deadline->fired = 1;
}

int mh_kernel_deadline_init(struct mh_kernel_deadline *deadline, struct mh_error *reterr)
{
	/* Without SA_RESTART: the call that waits is to end, in a made-up tree as in the kernel. */
	struct sigaction action = {.sa_sigaction = on_deadline, .sa_flags = SA_SIGINFO};
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = deadline_signal()};

	deadline->fired = 0;
	sigemptyset(&action.sa_mask);
	event.sigev_value.sival_ptr = deadline;
	event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
	if (sigaction(deadline_signal(), &action, NULL) < 0 ||
	    timer_create(CLOCK_MONOTONIC, &event, &deadline->timer) < 0)
		return mh_error_set(reterr, -errno, "no timer for the deadline of a write: %s", strerror(errno));
	return 0;
}

void mh_kernel_deadline_release(struct mh_kernel_deadline *deadline)
{
	(void)timer_delete(deadline->timer);
}

/* Again and again: a signal that comes just before the write begins would interrupt nothing. */
void mh_kernel_deadline_arm(struct mh_kernel_deadline *deadline, uint64_t ns)
{
	const struct itimerspec when = {
		.it_value = {.tv_sec = (time_t)(ns / SECOND_NS), .tv_nsec = (long)(ns % SECOND_NS)},
		.it_interval = {.tv_nsec = REPEAT_NS},
	};

	deadline->fired = 0;
	(void)timer_settime(deadline->timer, 0, &when, NULL);
}

bool mh_kernel_deadline_disarm(struct mh_kernel_deadline *deadline)
{
	const struct itimerspec never = {.it_value = {.tv_sec = 0}};

	(void)timer_settime(deadline->timer, 0, &never, NULL);
	return deadline->fired;
}
