/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of history.ndjson: an operation and the calls of listeners that it made. */
#ifndef BENCH_ENGINE_HISTORY_LINE_H
#define BENCH_ENGINE_HISTORY_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/error.h"
#include "core/event.h"
#include "core/machine.h"

#define MH_HISTORY_LINE_MAX (16u << 20) /* bytes: two walks of as many listeners as a scenario may have */

struct mh_history_line_call {
	enum mh_event event;
	const char *listener;
	int value;
	bool has_priority; /* files of before it was kept lack it */
	int64_t priority;
};

/* Texts live as long as the line. */
struct mh_history_line {
	const char *phase, *workload;
	uint64_t worker, index, begin_ns, service_ns, faults;
	uint64_t block;
	bool online, first_memory, has_first_memory;
	int64_t result;
	enum mh_outcome outcome;
	struct mh_history_line_call *calls;
	size_t call_count, call_capacity; /* the array is used again by the next line */
	json_t *root;
};

/**
 * mh_history_line_parse - from its text
 * @name: "history.ndjson:12", for messages
 * @line: zeroed, or one that was parsed and reset
 *
 * Return: 0, to be reset; -EINVAL with a sentence; -ENOMEM.
 */
int mh_history_line_parse(const char *text, size_t length, const char *name, struct mh_history_line *line,
			  struct mh_error *reterr);
/* Frees its texts, and keeps the array. */
void mh_history_line_reset(struct mh_history_line *line);
void mh_history_line_release(struct mh_history_line *line);

#endif
