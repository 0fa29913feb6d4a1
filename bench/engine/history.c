/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two rings: operations, and the calls of listeners that they made. Both numbers run on; the place is the number modulo
 * the size.
 */
#include "bench/engine/history.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/line.h"

/* Calls per operation that the ring of operations is made for: two walks of a few listeners. */
#define CALLS_PER_OPERATION 4
#define FILE_CALLS          (1u << 16) /* gathered before they are written out */
#define FLUSH_EVERY         256u /* operations: what a full disk may take of a history besides what finds no room */

static uint64_t ring_size(uint64_t calls)
{
	uint64_t size = MH_HISTORY_CALLS_MIN;

	while (size < calls)
		size *= 2;
	return size;
}

uint64_t mh_history_calls(const struct mh_scenario_history *history, uint64_t threads)
{
	switch (history->kind) {
	case MH_HISTORY_FILE:
		return FILE_CALLS;
	case MH_HISTORY_RING:
		return history->events / threads + 1;
	case MH_HISTORY_OFF:
		break;
	}
	return 0;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t mh_history_bytes_most(const struct mh_scenario_history *history, uint64_t threads, uint64_t operations,
			       uint64_t calls_each)
{
	uint64_t calls = mh_history_calls(history, threads), size = ring_size(calls);
	uint64_t each = operations / threads + 1; /* a thread may do more than its share, but then others do less */

	if (!calls)
		return 0;
	return threads *
	       (least(size / CALLS_PER_OPERATION, each) * sizeof(struct mh_history_operation) +
		(calls_each ? least(size / calls_each + 1, each) : 0) * calls_each * sizeof(struct mh_history_call));
}

int mh_history_init(struct mh_history *history, uint64_t calls)
{
	*history = (struct mh_history){.call_size = 0};
	if (!calls)
		return 0;
	history->call_size = ring_size(calls);
	history->operation_size = history->call_size / CALLS_PER_OPERATION;
	history->calls = mh_line_calloc(history->call_size, sizeof(history->calls[0]));
	history->operations = mh_line_calloc(history->operation_size, sizeof(history->operations[0]));
	if (history->calls && history->operations)
		return 0;
	mh_history_release(history);
	return -ENOMEM;
}

void mh_history_release(struct mh_history *history)
{
	free(history->calls);
	free(history->operations);
	*history = (struct mh_history){.call_size = 0};
}

int mh_history_init_like(struct mh_history *history, const struct mh_history *of)
{
	return mh_history_init(history, of->call_size);
}

void mh_history_copy(struct mh_history *to, const struct mh_history *from)
{
	struct mh_history_operation *operations = to->operations;
	struct mh_history_call *calls = to->calls;

	*to = *from;
	to->operations = operations;
	to->calls = calls;
	if (!operations)
		return;
	memcpy(operations, from->operations, from->operation_size * sizeof(operations[0]));
	memcpy(calls, from->calls, from->call_size * sizeof(calls[0]));
}

static void add_calls(struct mh_history *history, const struct mh_trace *trace)
{
	const struct mh_stamp *end = trace->stamps + trace->count;
	struct mh_history_call *calls = history->calls;
	const uint64_t mask = history->call_size - 1;
	uint64_t count = history->call_count;

	for (const struct mh_stamp *stamp = trace->stamps; stamp < end; stamp++)
		if (stamp->kind == MH_STAMP_CALLED)
			memcpy(&calls[count++ & mask], (const char *)stamp + MH_STAMP_REST, sizeof(calls[0]));
	history->call_count = count;
}

/* The next operation may not find room for all of its calls. */
static bool is_nearly_full(const struct mh_history *history, const struct mh_trace *trace)
{
	return history->operation_count == history->operation_size ||
	       history->call_count + trace->capacity > history->call_size;
}

void mh_history_write_out(struct mh_history *history)
{
	if (!history->file || !history->operation_count)
		return;
	mh_mutex_lock(&history->file->lock);
	mh_history_write(history, &history->label, history->file->stream);
	mh_mutex_unlock(&history->file->lock);
	history->operation_count = 0;
	history->call_count = 0;
}

void mh_history_add(struct mh_history *history, const struct mh_operation *operation, uint64_t start_ticks,
		    uint64_t service_ticks)
{
	uint64_t first_call;

	if (!history->operations)
		return;
	if (history->file && is_nearly_full(history, operation->trace))
		mh_history_write_out(history);
	first_call = history->call_count;
	add_calls(history, operation->trace);
	history->operations[history->operation_count++ & (history->operation_size - 1)] = (struct mh_history_operation){
		.index = operation->identity.index,
		.start_ticks = start_ticks,
		.service_ticks = service_ticks,
		.first_call = first_call,
		.call_count = (uint32_t)(history->call_count - first_call),
		.block = operation->block,
		.result = operation->result,
		.fault_count = (uint16_t)operation->fault_count,
		.online = operation->online,
		.outcome = (uint8_t)operation->outcome,
		.zone = (uint8_t)operation->zone,
		.node = (uint16_t)operation->node,
		.first_memory = operation->first_memory,
	};
}

static void write_calls(const struct mh_history *history, const struct mh_history_operation *operation,
			const struct mh_history_label *label, struct mh_stream *stream)
{
	for (uint32_t i = 0; i < operation->call_count; i++) {
		uint64_t at = (operation->first_call + i) & (history->call_size - 1);
		const struct mh_history_call *call = &history->calls[at];
		const struct mh_listener *listener = mh_machine_listener(label->machine, call->event, call->listener);

		mh_stream_print(stream, "%s[\"%s\",\"%s\",%d,%d]", i ? "," : "", mh_event_names[call->event],
				listener->name, call->value, listener->priority);
	}
}

static void write_operation(const struct mh_history *history, const struct mh_history_operation *operation,
			    const struct mh_history_label *label, struct mh_stream *stream)
{
	const struct mh_clock *clock = mh_machine_clock(label->machine);

	mh_stream_print(
		stream,
		"{\"phase\":\"%s\",\"workload\":\"%s\",\"worker\":%u,\"index\":%llu,\"t_ns\":%llu,\"service_ns\":%llu,"
		"\"op\":\"%s\",\"block\":%u,\"nid\":%d,\"first_memory\":%s,\"zone\":\"%s\",\"result\":%d,\"outcome\":"
		"\"%s\",\"faults\":%u,\"calls\":[",
		label->phase, label->workload, label->worker, (unsigned long long)operation->index,
		(unsigned long long)mh_clock_ns(clock, operation->start_ticks - label->origin_ticks),
		(unsigned long long)mh_clock_ns(clock, operation->service_ticks),
		operation->online ? "online" : "offline", operation->block,
		mh_machine_nid(label->machine, operation->node), operation->first_memory ? "true" : "false",
		mh_zone_names[operation->zone], operation->result, mh_outcome_names[operation->outcome],
		operation->fault_count);
	write_calls(history, operation, label, stream);
	mh_stream_print(stream, "]}\n");
}

static uint64_t oldest_call_of(const struct mh_history *history)
{
	return history->call_count > history->call_size ? history->call_count - history->call_size : 0;
}

/* NULL when it is not there, or not with all of its calls. */
static const struct mh_history_operation *find_operation(const struct mh_history *history, uint64_t back)
{
	const struct mh_history_operation *operation;

	if (!history->operations || back >= history->operation_count || back >= history->operation_size)
		return NULL;
	operation = &history->operations[(history->operation_count - 1 - back) & (history->operation_size - 1)];
	return operation->first_call >= oldest_call_of(history) ? operation : NULL;
}

uint64_t mh_history_start(const struct mh_history *history, uint64_t back)
{
	const struct mh_history_operation *operation = find_operation(history, back);

	return operation ? operation->start_ticks : 0;
}

void mh_history_write_one(const struct mh_history *history, uint64_t back, struct mh_stream *stream)
{
	const struct mh_history_operation *operation = find_operation(history, back);

	if (operation)
		write_operation(history, operation, &history->label, stream);
}

void mh_history_write(const struct mh_history *history, const struct mh_history_label *label, struct mh_stream *stream)
{
	uint64_t count = history->operation_count;
	uint64_t oldest_call = oldest_call_of(history);
	struct mh_error ignored;

	if (!history->operations)
		return;
	for (uint64_t n = count > history->operation_size ? count - history->operation_size : 0; n < count; n++) {
		const struct mh_history_operation *operation = &history->operations[n & (history->operation_size - 1)];

		if (operation->first_call >= oldest_call)
			write_operation(history, operation, label, stream);
		/* A failure cuts the file back to here, and no further. It stays in the stream for the limits. */
		if (n % FLUSH_EVERY == FLUSH_EVERY - 1 || n == count - 1)
			(void)mh_stream_flush(stream, &ignored);
	}
}
