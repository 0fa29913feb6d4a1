/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the items of chain.notifiers to listeners: names, counts, priorities, presets.
 */
#ifndef BENCH_ENGINE_LISTENERS_H
#define BENCH_ENGINE_LISTENERS_H

#include "bench/engine/scenario.h"
#include "bench/engine/value.h"

/* Tells a name that cannot be a listener's, or that an item before has; @index: of the item in @list. */
int mh_listener_check_name(struct mh_binder *binder, const struct mh_node *list, size_t index);

/* Tells events in `on` that a chain gets on which the listener is not; @map: its item. */
int mh_listener_check_events(struct mh_binder *binder, const struct mh_node *map,
			     const struct mh_scenario_notifier *notifier);

/**
 * mh_listeners_expand - fill chain.listeners from chain.notifiers
 *
 * `name: N, count: K` gives N.0 to N.(K-1), K = 1 gives N. A spread goes evenly from its first to its last priority in
 * the order of index, rounded toward the first; a random one is drawn from the stream ("priority/N", index) of the
 * scenario's seed ("node_priority/N" on the chain of nodes), both ends included. Return: 0; -EINVAL two listeners of
 * one name, or too many; -ENOMEM.
 */
int mh_listeners_expand(struct mh_binder *binder, const struct mh_node *list);

#endif
