/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often modules call what, and on whose behalf: a listener's, called with an event in an operation; a module's init
 * or exit; or that of a thread of their own.
 *
 * The walk tells nobody whom it is about to call. But it stamps each call's end: what a callback calls is kept aside
 * with the place that the trace had reached, and whose it is stands in the next stamp of a call behind that place. So
 * the measured walk pays nothing.
 *
 * Each thread counts for itself; a thread that ends leaves its counts to all.
 */
#ifndef CORE_KAPI_COUNT_H
#define CORE_KAPI_COUNT_H

#include <stddef.h>
#include <stdint.h>

#include "core/event.h"
#include "core/kapi_symbol.h"

/* On whose behalf. */
enum mh_kapi_caller { MH_KAPI_LISTENER, MH_KAPI_INIT, MH_KAPI_EXIT, MH_KAPI_THREAD };

struct mh_kapi_key {
	enum mh_kapi_caller caller;
	enum mh_event event; /* LISTENER; else 0, as the next */
	uint16_t listener;   /* its id on the event's chain */
};

/* One caller's counts, summed over the threads. */
struct mh_kapi_row {
	struct mh_kapi_key key;
	uint64_t counts[MH_KAPI_SYMBOLS];
};

/* All there are at one moment, in the order of their keys. */
struct mh_kapi_counts {
	struct mh_kapi_row *rows;
	size_t row_count;
};

struct mh_kapi_thread;

/* One call, of @symbol; or @count of its bytes. By what carries a kernel's name, in the module's thread. */
void mh_kapi_count_add(enum mh_kapi_symbol symbol, uint64_t count);

static inline void mh_kapi_count(enum mh_kapi_symbol symbol)
{
	mh_kapi_count_add(symbol, 1);
}

/* The operation of this thread ends: its trace will be written over. */
void mh_kapi_count_settle(struct mh_kapi_thread *self, const struct mh_trace *trace);
/* What this thread calls outside of operations is from here on @caller's. */
void mh_kapi_count_as(enum mh_kapi_caller caller);
/* The thread ends. */
void mh_kapi_count_leave(struct mh_kapi_thread *self);

/**
 * mh_kapi_counts_take - what has been counted since the program began
 * @ret_counts: to be released
 *
 * Threads go on meanwhile; what one calls just now may be missing. Ids of listeners are those of a chain that may be
 * gone: only differences of two takes of one machine tell something. 0 or -ENOMEM.
 */
int mh_kapi_counts_take(struct mh_kapi_counts *ret_counts);
void mh_kapi_counts_release(struct mh_kapi_counts *counts); /* safe on a zeroed struct */
/* What came since @before; NULL: it has no such row, nothing came. */
uint64_t mh_kapi_counts_since(const struct mh_kapi_counts *before, const struct mh_kapi_row *row,
			      enum mh_kapi_symbol symbol);

#endif
