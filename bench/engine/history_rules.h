/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one stored operation must keep to, by itself: the order of its events and of the listeners in each, the stop
 * rule, and that its result is what was answered. Written apart from core's own checks, which it checks.
 */
#ifndef BENCH_ENGINE_HISTORY_RULES_H
#define BENCH_ENGINE_HISTORY_RULES_H

#include "bench/engine/history_line.h"

struct mh_history_rules {
	bool chain_changes; /* listeners come and go while operations run: who hears what is not said by what was heard
			     */
	/* @invariant: a row's name of core/invariant.h; @detail: one clause. */
	void (*found)(void *data, const char *invariant, const char *detail);
	void *data;
};

/* Return: checks made. */
uint64_t mh_history_rules_check(const struct mh_history_rules *rules, const struct mh_history_line *line);

#endif
