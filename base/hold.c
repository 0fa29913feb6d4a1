/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A signal to the one thread; its handler notes the stack, says so and waits. The handler calls only what a handler
 * may: backtrace() has been called once before, which loads what it needs.
 */
#include "base/hold.h"

#include <errno.h>
#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

/* Of the handler itself and the frame by which it was entered. */
#define HANDLER_FRAMES 2
#define TURN_NS        1000000
/* Until a thread that does not answer is left alone. */
#define ANSWER_TURNS_MAX 1000u
/* A held thread goes on by itself when nobody lets it go. */
#define HELD_TURNS_MAX 60000u

enum { ASKED, HELD, LET_GO, GIVEN_UP };

static int hold_signal(void)
{
	return SIGRTMIN + 4;
}

static void stand_still(const struct mh_hold *hold)
{
	const struct timespec turn = {.tv_nsec = TURN_NS};

	/* Acquire: what the holder wrote meanwhile comes before what this thread does next. */
	for (unsigned i = 0; i < HELD_TURNS_MAX; i++) {
		if (atomic_load_explicit(&hold->state, memory_order_acquire) != HELD)
			return;
		(void)nanosleep(&turn, NULL);
	}
}

static void on_signal(int number, siginfo_t *info, void *context)
{
	struct mh_hold *hold = info->si_value.sival_ptr;
	int saved = errno, expected = ASKED;

	(void)number;
	(void)context;
	if (info->si_code != SI_QUEUE || !hold)
		return;
	if (atomic_load(&hold->state) == ASKED) {
		hold->depth = backtrace(hold->frames, MH_HOLD_FRAMES);
		hold->awaited = mh_mutex_awaited;
		hold->thread_id = gettid();
	}
	/* Release: all that this thread wrote, and its stack, comes before the holder's reading. */
	if (atomic_compare_exchange_strong_explicit(&hold->state, &expected, HELD, memory_order_release,
						    memory_order_relaxed))
		stand_still(hold);
	errno = saved;
}

int mh_hold_prepare(void)
{
	struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART};
	void *frame;

	(void)backtrace(&frame, 1); /* allocates the first time */
	sigemptyset(&action.sa_mask);
	return sigaction(hold_signal(), &action, NULL) < 0 ? -errno : 0;
}

void mh_hold_accept(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, hold_signal());
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

bool mh_hold_begin(struct mh_hold *hold, const struct mh_thread *thread)
{
	int asked = ASKED;

	atomic_store(&hold->state, ASKED);
	if (pthread_sigqueue(thread->thread, hold_signal(), (union sigval){.sival_ptr = hold}) != 0)
		return false;
	/* Acquire: pairs with the release of on_signal(). */
	for (unsigned i = 0; i < ANSWER_TURNS_MAX; i++) {
		if (atomic_load_explicit(&hold->state, memory_order_acquire) == HELD)
			return true;
		mh_sleep_ns(TURN_NS);
	}
	return !atomic_compare_exchange_strong(&hold->state, &asked, GIVEN_UP);
}

void mh_hold_end(struct mh_hold *hold)
{
	/* Release: our reading and writing of what is the thread's comes before it goes on. */
	atomic_store_explicit(&hold->state, LET_GO, memory_order_release);
}

void mh_hold_print(const struct mh_hold *hold, int fd)
{
	int skipped = hold->depth > HANDLER_FRAMES ? HANDLER_FRAMES : 0;

	backtrace_symbols_fd(hold->frames + skipped, hold->depth - skipped, fd);
}
