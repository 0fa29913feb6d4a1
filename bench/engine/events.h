/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events that a scenario names: words of the language, and whether the machine's kernel sends them.
 */
#ifndef BENCH_ENGINE_EVENTS_H
#define BENCH_ENGINE_EVENTS_H

#include "bench/engine/scenario.h"
#include "bench/engine/value.h"

/* What the scenario's machine speaks; machine.compat has been read. */
static inline const struct mh_protocol *mh_scenario_protocol(const struct mh_scenario *scenario)
{
	return mh_protocol_of((enum mh_compat)scenario->machine.compat);
}

/* Tells that a word is no event at all; @key: for the message. */
void mh_event_refuse(struct mh_binder *binder, struct mh_place place, const char *key, const char *word);

/* True if the machine's kernel sends @event; else it is told, with the kernel that does. */
bool mh_event_check(struct mh_binder *binder, struct mh_place place, const char *key, enum mh_event event);

#endif
