/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the race programs share: how long to run, and "ok N - name" lines. Header only: each program is one file.
 */
#ifndef TESTS_RACE_RACE_H
#define TESTS_RACE_RACE_H

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

static unsigned race_number;
static atomic_uint race_failures;

/* How long one of @parts may run: a share of MEMHP_PROOF_SECONDS, or 0.5 s. */
static inline uint64_t race_share_ns(unsigned parts)
{
	const char *seconds = getenv("MEMHP_PROOF_SECONDS");
	double share = seconds ? strtod(seconds, NULL) / parts : 0.5;

	return (uint64_t)((share > 0.1 ? share : 0.1) * 1e9);
}

static inline uint64_t race_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

static inline void race_report(bool ok, const char *format, ...) __attribute__((format(printf, 2, 3)));
static inline void race_report(bool ok, const char *format, ...)
{
	va_list arguments;

	printf("%s %u - ", ok ? "ok" : "not ok", ++race_number);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	printf("\n");
	fflush(stdout);
	if (!ok)
		race_failures++;
}

static inline int race_end(void)
{
	printf("1..%u\n", race_number);
	return race_failures ? 1 : 0;
}

#endif
