/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one step showed, kept and then told in the words of the recordings. */
#include "bench/engine/conform_log.h"

#include <stdio.h>
#include <stdlib.h>

#include "bench/engine/conform_value.h"

void mh_conform_log_init(struct mh_conform_log *log)
{
	*log = (struct mh_conform_log){.calls = NULL};
	mh_mutex_init(&log->lock);
}

void mh_conform_log_release(struct mh_conform_log *log)
{
	mh_mutex_release(&log->lock);
	free(log->calls);
	free(log->uevents);
}

void mh_conform_log_clear(struct mh_conform_log *log)
{
	log->call_count = 0;
	log->uevent_count = 0;
}

/* Room for one more item of @size bytes, or NULL and log->failed. */
static void *room_for_one(struct mh_conform_log *log, void *items, size_t count, size_t *capacity, size_t size)
{
	size_t wanted = *capacity ? 2 * *capacity : 64;
	void *larger;

	if (count < *capacity)
		return items;
	larger = realloc(items, wanted * size);
	if (larger)
		*capacity = wanted;
	else
		log->failed = true;
	return larger;
}

void mh_conform_log_call(struct mh_conform_log *log, const struct mh_conform_call *call)
{
	struct mh_conform_call *calls;

	mh_mutex_lock(&log->lock);
	calls = room_for_one(log, log->calls, log->call_count, &log->call_capacity, sizeof(*calls));
	if (calls) {
		log->calls = calls;
		calls[log->call_count++] = *call;
	}
	mh_mutex_unlock(&log->lock);
}

void mh_conform_log_uevent(void *data, enum mh_uevent uevent, uint32_t block)
{
	struct mh_conform_log *log = data;
	struct mh_conform_told *uevents;

	mh_mutex_lock(&log->lock);
	uevents = room_for_one(log, log->uevents, log->uevent_count, &log->uevent_capacity, sizeof(*uevents));
	if (uevents) {
		log->uevents = uevents;
		uevents[log->uevent_count++] = (struct mh_conform_told){uevent, block};
	}
	mh_mutex_unlock(&log->lock);
}

size_t mh_conform_log_count(struct mh_conform_log *log)
{
	size_t count;

	mh_mutex_lock(&log->lock);
	count = log->call_count;
	mh_mutex_unlock(&log->lock);
	return count;
}

static bool has_altmap(enum mh_event event)
{
	return event == MH_PREPARE_ONLINE || event == MH_FINISH_OFFLINE;
}

static void nids_append(json_t *item, const struct mh_conform_call *call)
{
	/* The kernel leaves them unset there, the recorder wrote null. */
	if (has_altmap(call->event)) {
		json_array_append_new(item, json_null());
		json_array_append_new(item, json_null());
		json_array_append_new(item, json_integer((json_int_t)call->memory.altmap_start_pfn));
		json_array_append_new(item, json_integer((json_int_t)call->memory.altmap_nr_pages));
		return;
	}
	json_array_append_new(item, json_integer(call->memory.status_change_nid_normal));
	json_array_append_new(item, json_integer(call->memory.status_change_nid));
}

static json_t *trace_item(const struct mh_conform_call *call, const struct mh_protocol *protocol)
{
	json_t *item = json_pack("[i, s]", (int)call->callback, mh_conform_event_name(call->event));

	if (mh_event_is_node(call->event)) {
		json_array_append_new(item, json_integer(call->nid));
		return item;
	}
	json_array_append_new(item, json_integer((json_int_t)call->memory.start_pfn));
	json_array_append_new(item, json_integer((json_int_t)call->memory.nr_pages));
	if (protocol->status_change)
		nids_append(item, call);
	return item;
}

json_t *mh_conform_log_trace(const struct mh_conform_log *log, const struct mh_protocol *protocol)
{
	json_t *list = json_array();

	for (size_t i = 0; i < log->call_count; i++)
		if (!log->calls[i].builtin)
			json_array_append_new(list, trace_item(&log->calls[i], protocol));
	return list;
}

static json_t *full_trace_item(const struct mh_conform_call *call)
{
	char value[MH_CONFORM_WORD_SIZE];
	json_t *item = json_array();

	json_array_append_new(item, call->builtin ? json_string(call->builtin) : json_integer(call->callback));
	json_array_append_new(item, json_integer(call->priority));
	json_array_append_new(item, json_string(mh_conform_event_name(call->event)));
	json_array_append_new(item, json_string(mh_conform_value_name(call->value, value)));
	json_array_append_new(item, json_integer(call->has_memory));
	json_array_append_new(item, json_integer(call->has_normal));
	if (call->allocated >= 0)
		json_array_append_new(item, json_integer(call->allocated));
	return item;
}

json_t *mh_conform_log_full_trace(const struct mh_conform_log *log)
{
	json_t *list = json_array();

	for (size_t i = 0; i < log->call_count; i++)
		json_array_append_new(list, full_trace_item(&log->calls[i]));
	return list;
}

json_t *mh_conform_log_uevents(const struct mh_conform_log *log)
{
	json_t *list = json_array();
	char text[48];

	for (size_t i = 0; i < log->uevent_count; i++) {
		snprintf(text, sizeof(text), "%s memory%u", mh_uevent_names[log->uevents[i].uevent],
			 log->uevents[i].block);
		json_array_append_new(list, json_string(text));
	}
	return list;
}
