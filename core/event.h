/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happened: the events by index, and the trace of one operation.
 *
 * A trace belongs to one worker thread. Core appends to it during an operation; the engine reads it after the operation
 * and resets it before the next. Calls are always traced (a violation must be able to tell its events); times only as
 * far as the trace's level asks for.
 */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/assert.h"
#include "base/clock.h"

/* Every event that a kernel has or had; which of them a machine sends, and their numbers, says core/protocol.h. */
enum mh_event {
	MH_GOING_ONLINE,
	MH_CANCEL_ONLINE,
	MH_ONLINE,
	MH_GOING_OFFLINE,
	MH_CANCEL_OFFLINE,
	MH_OFFLINE,
	MH_PREPARE_ONLINE, /* Linux 6.9 … 6.18 */
	MH_FINISH_OFFLINE,
	MH_NODE_ADDING_FIRST_MEMORY, /* Linux 6.17 on, on the chain of nodes */
	MH_NODE_ADDED_FIRST_MEMORY,
	MH_NODE_CANCEL_ADDING_FIRST_MEMORY,
	MH_NODE_REMOVING_LAST_MEMORY,
	MH_NODE_REMOVED_LAST_MEMORY,
	MH_NODE_CANCEL_REMOVING_LAST_MEMORY,
	MH_EVENT_COUNT,
};

/* The six events that every kernel has. */
#define MH_EVENTS_BASIC ((1u << (MH_OFFLINE + 1)) - 1)

#define MH_EVENTS_NODE (((1u << MH_EVENT_COUNT) - 1) & ~((1u << MH_NODE_ADDING_FIRST_MEMORY) - 1))

/* "going_online" …; as in scenario files and series names. */
extern const char *const mh_event_names[MH_EVENT_COUNT];
/* "MEM_GOING_ONLINE" …; as in messages. */
extern const char *const mh_event_kernel_names[MH_EVENT_COUNT];

/* The event that a word names: "going_online" or "MEM_GOING_ONLINE" in any case; -1 if none. */
int mh_event_parse(const char *word);

/* True for an event of the chain of nodes. */
static inline bool mh_event_is_node(enum mh_event event)
{
	return event >= MH_NODE_ADDING_FIRST_MEMORY;
}

/* True for an event whose answer counts: what a listener refuses, it refuses here. */
static inline bool mh_event_can_veto(enum mh_event event)
{
	return event == MH_GOING_ONLINE || event == MH_GOING_OFFLINE || event == MH_PREPARE_ONLINE ||
	       event == MH_NODE_ADDING_FIRST_MEMORY || event == MH_NODE_REMOVING_LAST_MEMORY;
}

/* What record.stamps asks for. */
enum mh_stamp_level {
	MH_STAMPS_NONE,  /* no times */
	MH_STAMPS_OP,    /* the operation only (taken by the engine) */
	MH_STAMPS_EVENT, /* chained: one stamp ends a step and begins the next */
	MH_STAMPS_PAIR,  /* two stamps around every listener */
};

enum mh_stamp_kind {
	MH_STAMP_LOCKED,      /* has the hotplug lock; the wait for it began with the operation */
	MH_STAMP_WALK_BEGIN,  /* of @event */
	MH_STAMP_CALL_BEGIN,  /* PAIR only: @listener is about to be called */
	MH_STAMP_CALLED,      /* @listener returned @value */
	MH_STAMP_WALK_END,    /* @value: the walk's result; @listener: number of calls; time of the last call's end */
	MH_STAMP_DRAIN_BEGIN, /* per-CPU lists of pages */
	MH_STAMP_DRAINED,
	MH_STAMP_MIGRATE_BEGIN,
	MH_STAMP_MIGRATED, /* @value: pages moved */
	MH_STAMP_GRACE_BEGIN,
	MH_STAMP_GRACE_END,
};

struct mh_stamp {
	uint64_t ticks; /* 0 where the level asks for no time */
	int32_t value;
	uint16_t listener; /* mh_listener.id */
	uint8_t kind;      /* enum mh_stamp_kind */
	uint8_t event;     /* enum mh_event */
};

#define MH_STAMP_REST offsetof(struct mh_stamp, value) /* all but the time */

MH_STATIC_ASSERT(offsetof(struct mh_stamp, listener) == MH_STAMP_REST + 4 &&
			 offsetof(struct mh_stamp, kind) == MH_STAMP_REST + 6 &&
			 offsetof(struct mh_stamp, event) == MH_STAMP_REST + 7,
		 "what is stored as one word lies side by side");

/* The rest as one word, whose parts can be made one by one and beforehand: what is left out is 0. */
static inline uint64_t mh_stamp_word(enum mh_stamp_kind kind, enum mh_event event, uint16_t listener, int32_t value)
{
	return ((uint64_t)kind << 48 | (uint64_t)event << 56) | (uint64_t)listener << 32 | (uint32_t)value;
}

static inline void mh_stamp_set_word(struct mh_stamp *stamp, uint64_t word, uint64_t ticks)
{
	stamp->ticks = ticks;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	/* In one store: an operation has eleven stamps, and field by field they are a tenth of its instructions. */
	memcpy((char *)stamp + MH_STAMP_REST, &word, sizeof(word));
#else
	stamp->value = (int32_t)(uint32_t)word;
	stamp->listener = (uint16_t)(word >> 32);
	stamp->kind = (uint8_t)(word >> 48);
	stamp->event = (uint8_t)(word >> 56);
#endif
}

struct mh_trace {
	struct mh_stamp *stamps;
	uint32_t count, capacity;
	uint64_t dropped; /* stamps that found no room: told in the result, never silent */
	enum mh_stamp_level level;
	const struct mh_clock *clock;
};

int mh_trace_init(struct mh_trace *trace, uint32_t capacity, enum mh_stamp_level level, const struct mh_clock *clock);
void mh_trace_release(struct mh_trace *trace);

static inline void mh_trace_reset(struct mh_trace *trace)
{
	trace->count = 0;
}

/* The time of the last stamp, for one that ends with it: saves a reading of the clock. */
static inline uint64_t mh_trace_last_ticks(const struct mh_trace *trace)
{
	return trace->count ? trace->stamps[trace->count - 1].ticks : 0;
}

static inline void mh_trace_add_at(struct mh_trace *trace, enum mh_stamp_kind kind, enum mh_event event,
				   uint16_t listener, int32_t value, uint64_t ticks)
{
	if (__builtin_expect(trace->count == trace->capacity, 0)) {
		trace->dropped++;
		return;
	}
	mh_stamp_set_word(&trace->stamps[trace->count++], mh_stamp_word(kind, event, listener, value), ticks);
}

/* For who adds several without a time, and knows that nobody else adds to the trace meanwhile: asks once whether they
 * all fit, and keeps where the next one goes, which saves loading what was just stored. */
static inline bool mh_trace_has_room(const struct mh_trace *trace, uint32_t count)
{
	return (uint64_t)trace->count + count <= trace->capacity;
}

static inline struct mh_stamp *mh_trace_next(const struct mh_trace *trace)
{
	return trace->stamps + trace->count;
}

/* @next: there is room. The trace is told at once all the same: a listener that reports something tells its operation's
 * calls. */
static inline void mh_trace_put(struct mh_trace *trace, struct mh_stamp **next, uint64_t word)
{
	mh_stamp_set_word((*next)++, word, 0);
	trace->count++;
}

static inline void mh_trace_add(struct mh_trace *trace, enum mh_stamp_kind kind, enum mh_event event, uint16_t listener,
				int32_t value)
{
	mh_trace_add_at(trace, kind, event, listener, value,
			trace->level >= MH_STAMPS_EVENT ? mh_clock_ticks(trace->clock) : 0);
}

#endif
