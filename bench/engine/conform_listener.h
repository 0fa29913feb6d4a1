/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who listens in a case: the kernel's own listeners, which answer OK to everything, and the case's callbacks, which
 * answer what they are told. All log what they hear.
 *
 * Set up and told by the case's thread between operations, or beside one by the thread that does it; called under the
 * hotplug lock.
 */
#ifndef BENCH_ENGINE_CONFORM_LISTENER_H
#define BENCH_ENGINE_CONFORM_LISTENER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "bench/engine/conform_case.h"
#include "bench/engine/conform_log.h"
#include "bench/engine/conform_pages.h"
#include "bench/engine/conform_world.h"

struct mh_conform_listeners;

/* A notifier_block on one of the two chains. */
struct mh_conform_listener {
	struct notifier_block nb;
	struct mh_conform_listeners *all;
	struct mh_conform_actor *actor; /* the callback that it belongs to, or NULL: one of the kernel's own */
	const char *builtin;
	bool on_nodes;
	bool registered;
};

/* One callback of the case, on one chain or both. */
struct mh_conform_actor {
	unsigned id;
	struct mh_conform_listener memory, nodes;
	/* Under the log's lock: told beside the walk that reads them. */
	struct mh_conform_answer answers[MH_EVENT_COUNT];
	uint64_t calls[MH_EVENT_COUNT]; /* since the answer was set */
	uint64_t delay_ms[MH_EVENT_COUNT];
	bool balloon, tries_allocation;
};

struct mh_conform_listeners {
	struct mh_machine *machine;
	struct mh_conform_log *log;
	struct mh_conform_pages *pages;
	struct mh_conform_actor
		*actors[MH_CONFORM_CALLBACKS_MAX]; /* by number, up to the highest that the case names */
	struct mh_conform_listener *builtins;
	size_t builtin_count;
	void (*pause)(void *data, uint64_t delay_ms); /* a callback is delayed */
	void *pause_data;
};

/* Registers the world's listeners, then the case's. Return: 0; -errno of a registration. */
int mh_conform_listeners_init(struct mh_conform_listeners *listeners, const struct mh_conform_world *world,
			      const struct mh_conform_case *recorded);
/* Unregisters all; no operation may run. */
void mh_conform_listeners_release(struct mh_conform_listeners *listeners);

/* ret, delay, balloon and tryalloc: what a callback will do. 0. Any thread. */
int mh_conform_listeners_tell(struct mh_conform_listeners *listeners, const struct mh_conform_control *control);
/* add, del, dup and the same of the chain of nodes: 0, or a positive errno as recorded. Any registered thread. */
int mh_conform_listeners_change(struct mh_conform_listeners *listeners, const struct mh_conform_control *control);

/* What a callback gets: into @call's event, argument and node's masks. */
void mh_conform_listeners_read(const struct mh_conform_listeners *listeners, bool on_nodes, unsigned long action,
			       const void *data, struct mh_conform_call *ret_call);

#endif
