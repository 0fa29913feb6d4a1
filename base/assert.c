/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a program that has contradicted itself: the place and the condition on stderr, then abort() for the core
 * file. The one place in the library that prints, because nobody is left to hand a sentence to.
 */
#include "base/assert.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

void mh_assert_failed(const char *file, int line, const char *condition)
{
	fprintf(stderr, "memhp-bench: internal error: %s:%d: '%s' does not hold\n", file, line, condition);
	/* Ours is the mistake, not a listener's: whoever catches crashes (base/crash.h) does not get this one. */
	(void)signal(SIGABRT, SIG_DFL);
	abort();
}
