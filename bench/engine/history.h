/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a worker's operations did, in their order: a ring of the last events, or a file of all. One worker's own while
 * it runs; read when it has been joined.
 */
#ifndef BENCH_ENGINE_HISTORY_H
#define BENCH_ENGINE_HISTORY_H

#include <stdint.h>

#include "base/error.h"
#include "base/io.h"
#include "base/sync.h"
#include "bench/engine/scenario.h"
#include "core/machine.h"

struct mh_history_operation {
	uint64_t index, start_ticks, service_ticks;
	uint64_t first_call; /* running number of its first call */
	uint32_t call_count;
	uint32_t block;
	int32_t result;
	uint16_t fault_count;
	uint16_t node; /* index */
	uint8_t online, outcome, zone, first_memory;
};

/* A stamp without its time, so that it is copied as one word. */
struct mh_history_call {
	int32_t value;
	uint16_t listener;
	uint8_t kind, event;
};

MH_STATIC_ASSERT(sizeof(struct mh_history_call) == sizeof(struct mh_stamp) - MH_STAMP_REST &&
			 offsetof(struct mh_history_call, listener) ==
				 offsetof(struct mh_stamp, listener) - MH_STAMP_REST &&
			 offsetof(struct mh_history_call, event) == offsetof(struct mh_stamp, event) - MH_STAMP_REST,
		 "a call is the rest of a stamp");

/* Who and when, for the lines. */
struct mh_history_label {
	const char *phase, *workload;
	unsigned worker;
	uint64_t origin_ticks; /* times are told from here */
	struct mh_machine *machine;
};

/* A file that several workers append to. */
struct mh_history_file {
	struct mh_mutex lock; /* guards stream */
	struct mh_stream *stream;
};

struct mh_history {
	struct mh_history_operation *operations; /* ring, a power of two of them; NULL: off */
	struct mh_history_call *calls;           /* ring, likewise */
	uint64_t operation_size, call_size;
	uint64_t operation_count, call_count; /* since the phase began, or since the ring was written out */
	struct mh_history_file *file;         /* NULL: the ring keeps the last ones */
	struct mh_history_label label;
};

#define MH_HISTORY_CALLS_MIN 4096u

/* @calls: kept, rounded up to a power of two; 0: no history. 0 or -ENOMEM. */
int mh_history_init(struct mh_history *history, uint64_t calls);
void mh_history_release(struct mh_history *history);
void mh_history_add(struct mh_history *history, const struct mh_operation *operation, uint64_t start_ticks,
		    uint64_t service_ticks);

/**
 * mh_history_bytes_most - how much the rings of a phase take at most
 * @threads: hotplug threads, which share @history's events; not 0
 * @operations: of all of them; @calls_each: listeners called in one
 *
 * A ring is touched as far as it is filled.
 */
uint64_t mh_history_bytes_most(const struct mh_scenario_history *history, uint64_t threads, uint64_t operations,
			       uint64_t calls_each);
/* Calls that the ring of one of @threads keeps. */
uint64_t mh_history_calls(const struct mh_scenario_history *history, uint64_t threads);

/* With a file: writes out what is left in the ring. */
void mh_history_write_out(struct mh_history *history);

/* Rings of the same size for a copy of @of; 0 or -ENOMEM. */
int mh_history_init_like(struct mh_history *history, const struct mh_history *of);
/* All but the rings' addresses, into one made by mh_history_init_like(). The worker of @from stands still. */
void mh_history_copy(struct mh_history *to, const struct mh_history *from);

/* When the operation began that is @back places before the newest, in ticks; 0: none is kept there. */
uint64_t mh_history_start(const struct mh_history *history, uint64_t back);
/* Its line. */
void mh_history_write_one(const struct mh_history *history, uint64_t back, struct mh_stream *stream);

/* One line of JSON an operation, oldest first, of those whose calls are all still there. */
void mh_history_write(const struct mh_history *history, const struct mh_history_label *label, struct mh_stream *stream);

#endif
