/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/cost_log.h"

#include <stdio.h>
#include <string.h>

/* "Functions" that are walks. */
#define WALK      -1
#define NODE_WALK -2

void mh_kernel_cost_log_init(struct mh_kernel_cost_log *log, const struct mh_kernel_cost_functions *functions,
			     const struct mh_protocol *protocol)
{
	*log = (struct mh_kernel_cost_log){.functions = functions, .protocol = protocol};
}

void mh_kernel_cost_log_clear(struct mh_kernel_cost_log *log)
{
	log->depth = 0;
	log->count = 0;
	log->node = log->torn = false;
}

/* The walk that is going on; NULL: none. */
static const struct mh_kernel_cost_call *current_walk(const struct mh_kernel_cost_log *log)
{
	for (unsigned i = log->depth; i > 0; i--)
		if (log->calls[i - 1].function < 0)
			return &log->calls[i - 1];
	return NULL;
}

static void name_walk(struct mh_kernel_cost_log *log, const struct mh_kernel_line *line,
		      struct mh_kernel_cost_call *call)
{
	const int event = mh_protocol_event(log->protocol, line->node, line->action);

	call->function = line->node ? NODE_WALK : WALK;
	call->key.kind = MH_COST_WALK;
	snprintf(call->key.name, sizeof(call->key.name), "walk");
	if (event < 0)
		log->torn = true;
	else
		snprintf(call->key.event, sizeof(call->key.event), "%s", mh_event_names[event]);
	/* From 6.17 on the chain of nodes is walked only then; before, the argument says so, but in two events. */
	if (line->node || (line->nid >= 0 && event != MH_PREPARE_ONLINE && event != MH_FINISH_OFFLINE))
		log->node = true;
}

static void name_function(struct mh_kernel_cost_log *log, const struct mh_kernel_line *line,
			  struct mh_kernel_cost_call *call)
{
	const char *step = log->functions->steps[line->function];
	const struct mh_kernel_cost_call *walk = current_walk(log);

	call->function = (int)line->function;
	call->key.kind = step ? MH_COST_STEP : MH_COST_LISTENER;
	snprintf(call->key.name, sizeof(call->key.name), "%s", step ? step : log->functions->names[line->function]);
	if (!step && walk)
		snprintf(call->key.event, sizeof(call->key.event), "%s", walk->key.event);
	call->counts = step || walk;
}

static void begin(struct mh_kernel_cost_log *log, const struct mh_kernel_line *line)
{
	struct mh_kernel_cost_call call = {.counts = true, .begin_ns = line->time_ns};

	if (log->depth == MH_KERNEL_COST_DEPTH_MAX) {
		log->torn = true;
		return;
	}
	if (line->kind == MH_KERNEL_LINE_BEGIN)
		name_walk(log, line, &call);
	else
		name_function(log, line, &call);
	log->calls[log->depth++] = call;
}

static struct mh_cost_part *part_of(struct mh_kernel_cost_log *log, const struct mh_cost_key *key)
{
	for (size_t i = 0; i < log->count; i++)
		if (mh_cost_key_equal(&log->parts[i].key, key))
			return &log->parts[i];
	if (log->count == MH_KERNEL_COST_PARTS_MAX)
		return NULL;
	log->parts[log->count] = (struct mh_cost_part){.key = *key};
	return &log->parts[log->count++];
}

/* Of two functions of one step one may call the other: its time is in that of the outer one already. */
static bool is_within_itself(const struct mh_kernel_cost_log *log, const struct mh_cost_key *key)
{
	for (unsigned i = 0; i < log->depth; i++)
		if (mh_cost_key_equal(&log->calls[i].key, key))
			return true;
	return false;
}

static void count(struct mh_kernel_cost_log *log, const struct mh_kernel_cost_call *call, uint64_t whole_ns)
{
	struct mh_cost_part *part = part_of(log, &call->key);

	if (!part) {
		log->torn = true;
		return;
	}
	/* Stamps are whole us: what is within may seem longer than the whole. */
	part->own_ns += whole_ns > call->inner_ns ? whole_ns - call->inner_ns : 0;
	if (!is_within_itself(log, &call->key))
		part->whole_ns += whole_ns;
	if (log->depth)
		log->calls[log->depth - 1].inner_ns += whole_ns;
}

static void end(struct mh_kernel_cost_log *log, const struct mh_kernel_line *line)
{
	const int function = line->kind == MH_KERNEL_LINE_CALLED ? (int)line->function : line->node ? NODE_WALK : WALK;
	const struct mh_kernel_cost_call *call;

	if (!log->depth || log->calls[log->depth - 1].function != function) {
		log->torn = true;
		return;
	}
	call = &log->calls[--log->depth];
	if (line->time_ns < call->begin_ns)
		log->torn = true;
	else if (call->counts)
		count(log, call, line->time_ns - call->begin_ns);
	else if (log->depth)
		log->calls[log->depth - 1].inner_ns += call->inner_ns;
}

void mh_kernel_cost_log_see(void *data, const struct mh_kernel_line *line)
{
	struct mh_kernel_cost_log *log = data;

	switch (line->kind) {
	case MH_KERNEL_LINE_CALL:
		if (line->function >= log->functions->count)
			log->torn = true;
		else
			begin(log, line);
		break;
	case MH_KERNEL_LINE_BEGIN:
		begin(log, line);
		break;
	case MH_KERNEL_LINE_CALLED:
	case MH_KERNEL_LINE_END:
		end(log, line);
		break;
	case MH_KERNEL_LINE_LOST:
		log->torn = true;
		break;
	case MH_KERNEL_LINE_OTHER:
		break;
	}
}

bool mh_kernel_cost_log_is_whole(const struct mh_kernel_cost_log *log)
{
	return !log->torn && !log->depth && log->count;
}
