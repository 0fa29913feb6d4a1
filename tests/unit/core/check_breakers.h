/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of an invariant, a function that breaks it, and what must be told then. Most are broken by reaching into the
 * machine from a callback, as only a bug of core's could.
 */
#ifndef TESTS_UNIT_CORE_CHECK_BREAKERS_H
#define TESTS_UNIT_CORE_CHECK_BREAKERS_H

#include <stddef.h>

#include "machine_fixture.h"

struct breaker {
	const char *invariant;
	void (*run)(struct fixture *fixture);
	const char *told; /* part of the sentence */
};

/* Of what is checked at verify: fast; and of what full adds. */
extern const struct breaker inline_breakers[], full_breakers[];
extern const size_t inline_breaker_count, full_breaker_count;

struct mh_listener *listener_of(struct fixture *fixture, uint32_t id);
struct mh_zone *normal_zone(struct fixture *fixture);
/* An operation that is begun by hand, since core itself never leaves the path. */
void begin_by_hand(struct fixture *fixture, bool online);
/* Answers MEM_GOING_ONLINE with a raw errno. */
void break_return_encoding(struct fixture *fixture);
/* Loses a page of the count of managed ones. */
void break_i17(struct fixture *fixture);

#endif
