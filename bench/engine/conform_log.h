/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one step showed: who was called with what and answered what, and the uevents. Written by the threads of
 * operations, read when none runs.
 */
#ifndef BENCH_ENGINE_CONFORM_LOG_H
#define BENCH_ENGINE_CONFORM_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/sync.h"
#include "core/machine.h"

/* One call of one listener. */
struct mh_conform_call {
	const char *builtin; /* the kernel's own listener; NULL: callback @callback of the case */
	unsigned callback;
	int priority;
	enum mh_event event;
	int value;
	int has_memory, has_normal; /* masks of the operation's node when it was called; -1 where no nid is given */
	int allocated;              /* whether it could allocate a page; -1 it did not try */
	struct memory_notify memory;
	int nid; /* node events */
};

struct mh_conform_told {
	enum mh_uevent uevent;
	uint32_t block;
};

struct mh_conform_log {
	struct mh_mutex lock; /* guards all below */
	struct mh_conform_call *calls;
	size_t call_count, call_capacity;
	struct mh_conform_told *uevents;
	size_t uevent_count, uevent_capacity;
	bool failed; /* memory ran out: what is here is not all */
};

void mh_conform_log_init(struct mh_conform_log *log);
void mh_conform_log_release(struct mh_conform_log *log);
/* Between steps. */
void mh_conform_log_clear(struct mh_conform_log *log);

void mh_conform_log_call(struct mh_conform_log *log, const struct mh_conform_call *call);
/* A struct mh_uevent_sink's; @log is a struct mh_conform_log. */
void mh_conform_log_uevent(void *log, enum mh_uevent uevent, uint32_t block);
/* Calls so far; any thread. */
size_t mh_conform_log_count(struct mh_conform_log *log);

/* As recorded: the case's own callbacks with their arguments; all with their answers; the uevents. New objects. */
json_t *mh_conform_log_trace(const struct mh_conform_log *log, const struct mh_protocol *protocol);
json_t *mh_conform_log_full_trace(const struct mh_conform_log *log);
json_t *mh_conform_log_uevents(const struct mh_conform_log *log);

#endif
