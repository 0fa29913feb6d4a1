/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The handler notes the number and waits for the end of the process; its frames stand below those of the crash, where
 * base/hold.h finds them. It masks nothing, so that the thread can still be held.
 */
#include "base/crash.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>

/* Somebody ends the process before; if they wait for a lock that this thread holds, it does so itself. */
#define TURN_S             1
#define STANDING_TURNS_MAX 120u

static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

static _Thread_local mh_crash *place;

static void stand_still(int number)
{
	const struct timespec turn = {.tv_sec = TURN_S};

	/* Release: pairs with mh_crash_number(); what the thread wrote before its crash comes before the number. */
	atomic_store_explicit(place, number, memory_order_release);
	for (unsigned i = 0; i < STANDING_TURNS_MAX; i++)
		(void)nanosleep(&turn, NULL);
}

static void on_crash(int number)
{
	if (place)
		stand_still(number);
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

static bool is_sanitized(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
	return true;
#endif
#endif
	return false;
}

bool mh_crash_catch(void)
{
	struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_NODEFER};

	if (is_sanitized())
		return false;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		(void)sigaction(deadly[i], &action, NULL);
	return true;
}

void mh_crash_accept(mh_crash *crash)
{
	place = crash;
}

int mh_crash_number(const mh_crash *crash)
{
	/* Acquire: pairs with the release in stand_still(). */
	return atomic_load_explicit(crash, memory_order_acquire);
}
