/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is read is not believed: every word must be one of ours, every number in its range. */
#include "bench/engine/history_line.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "results/json_get.h"

static const char *const directions[] = {"offline", "online"};

static enum mh_event read_event(struct mh_json_get *get, const char *word)
{
	for (int event = 0; word && event < MH_EVENT_COUNT; event++)
		if (strcmp(mh_event_names[event], word) == 0)
			return (enum mh_event)event;
	mh_json_get_fail(get, "'calls': '%.100s' is no event", word ? word : "what stands first");
	return MH_GOING_ONLINE;
}

static bool is_answer(const json_t *value)
{
	return json_is_integer(value) && json_integer_value(value) >= INT_MIN && json_integer_value(value) <= INT_MAX;
}

/* [EVENT, LISTENER, ANSWER, PRIORITY]. */
static void read_call(struct mh_json_get *get, const json_t *item, struct mh_history_line_call *call)
{
	const json_t *listener = json_array_get(item, 1), *answer = json_array_get(item, 2),
		     *priority = json_array_get(item, 3);

	*call = (struct mh_history_line_call){.event = read_event(get, json_string_value(json_array_get(item, 0)))};
	if (!json_is_string(listener) || !is_answer(answer) || (priority && !is_answer(priority)))
		mh_json_get_fail(get, "a call is no [event, listener, answer, priority]");
	if (get->ret < 0)
		return;
	call->listener = json_string_value(listener);
	call->value = (int)json_integer_value(answer);
	call->has_priority = priority != NULL;
	call->priority = priority ? json_integer_value(priority) : 0;
}

static int make_room(struct mh_history_line *line, size_t count)
{
	struct mh_history_line_call *calls;

	if (count <= line->call_capacity)
		return 0;
	calls = reallocarray(line->calls, count, sizeof(calls[0]));
	if (!calls)
		return -ENOMEM;
	line->calls = calls;
	line->call_capacity = count;
	return 0;
}

static int read_calls(struct mh_json_get *get, struct mh_history_line *line)
{
	const json_t *list = mh_json_get_list(get, line->root, "calls"), *item;
	size_t i;

	line->call_count = json_array_size(list);
	if (make_room(line, line->call_count) < 0)
		return -ENOMEM;
	json_array_foreach(list, i, item) read_call(get, item, &line->calls[i]);
	return 0;
}

static void read_operation(struct mh_json_get *get, struct mh_history_line *line)
{
	int direction = mh_json_get_word(get, line->root, "op", directions, 2);
	int outcome = mh_json_get_word(get, line->root, "outcome", mh_outcome_names, MH_OUTCOME_COUNT);

	line->phase = mh_json_get_text(get, line->root, "phase");
	line->workload = mh_json_get_text(get, line->root, "workload");
	line->worker = mh_json_get_u64(get, line->root, "worker");
	line->index = mh_json_get_u64(get, line->root, "index");
	line->begin_ns = mh_json_get_u64(get, line->root, "t_ns");
	line->service_ns = mh_json_get_u64(get, line->root, "service_ns");
	line->block = mh_json_get_u64(get, line->root, "block");
	line->faults = mh_json_get_u64(get, line->root, "faults");
	line->result = mh_json_get_optional_i64(get, line->root, "result", INT64_MAX);
	line->has_first_memory = json_object_get(line->root, "first_memory") != NULL;
	line->first_memory = mh_json_get_optional_bool(get, line->root, "first_memory", false);
	line->online = direction == 1;
	line->outcome = outcome < 0 ? MH_OUTCOME_DONE : (enum mh_outcome)outcome;
	if (line->result > 0 || line->result < -4095)
		mh_json_get_fail(get, "'result' is neither 0 nor an errno");
	if (line->begin_ns > INT64_MAX || line->service_ns > INT64_MAX - line->begin_ns)
		mh_json_get_fail(get, "'t_ns' and 'service_ns' are beyond all times");
}

int mh_history_line_parse(const char *text, size_t length, const char *name, struct mh_history_line *line,
			  struct mh_error *reterr)
{
	struct mh_json_get get = {.name = name, .list_max = MH_HISTORY_LINE_MAX, .reterr = reterr};
	json_error_t error;
	int ret;

	line->root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	if (!line->root || !json_is_object(line->root)) {
		mh_history_line_reset(line);
		return mh_error_set(reterr, -EINVAL, "'%s' is no operation: %s", name,
				    error.text[0] ? error.text : "no JSON object");
	}
	read_operation(&get, line);
	ret = read_calls(&get, line);
	if (ret < 0)
		ret = mh_error_set(reterr, ret, "no memory for '%s'", name);
	else
		ret = get.ret;
	if (ret < 0)
		mh_history_line_reset(line);
	return ret;
}

void mh_history_line_reset(struct mh_history_line *line)
{
	json_decref(line->root);
	*line = (struct mh_history_line){.calls = line->calls, .call_capacity = line->call_capacity};
}

void mh_history_line_release(struct mh_history_line *line)
{
	mh_history_line_reset(line);
	free(line->calls);
	*line = (struct mh_history_line){.call_count = 0};
}
