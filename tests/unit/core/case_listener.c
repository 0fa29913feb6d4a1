/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The callback, what it writes down, and what it answers.
 */
#include "case_listener.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "core/machine_private.h"

static const char *const names[MH_EVENT_COUNT] = {
	[MH_GOING_ONLINE] = "GO",
	[MH_CANCEL_ONLINE] = "CO",
	[MH_ONLINE] = "ON",
	[MH_GOING_OFFLINE] = "GF",
	[MH_CANCEL_OFFLINE] = "CF",
	[MH_OFFLINE] = "OF",
	[MH_PREPARE_ONLINE] = "PREPARE",
	[MH_FINISH_OFFLINE] = "FINISH",
	[MH_NODE_ADDING_FIRST_MEMORY] = "ADDING",
	[MH_NODE_ADDED_FIRST_MEMORY] = "ADDED",
	[MH_NODE_CANCEL_ADDING_FIRST_MEMORY] = "CANCEL_ADDING",
	[MH_NODE_REMOVING_LAST_MEMORY] = "REMOVING",
	[MH_NODE_REMOVED_LAST_MEMORY] = "REMOVED",
	[MH_NODE_CANCEL_REMOVING_LAST_MEMORY] = "CANCEL_REMOVING",
};

/* A growing part of a suffix. */
struct suffix {
	char text[CASE_SUFFIX_SIZE];
	size_t length;
};

static void suffix_add(struct suffix *suffix, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void suffix_add(struct suffix *suffix, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	suffix->length += (size_t)vsnprintf(suffix->text + suffix->length, sizeof(suffix->text) - suffix->length,
					    format, arguments);
	va_end(arguments);
	cr_assert_lt(suffix->length, sizeof(suffix->text));
}

/* The parts of the argument of an event on the memory chain that are as a row expects without saying so are left out.
 */
static uint32_t describe_arg(const struct case_log *log, enum mh_event event, const struct memory_notify *arg,
			     struct suffix *suffix)
{
	uint32_t block = mh_block_of_pfn(log->machine, arg->start_pfn);
	unsigned long start = arg->start_pfn - ((unsigned long)block << log->machine->block_shift);
	unsigned long missing = log->machine->pages_per_block - arg->nr_pages;

	if (log->machine->protocol->status_change && event <= MH_OFFLINE)
		suffix_add(suffix, " {%d,%d}", arg->status_change_nid, arg->status_change_nid_normal);
	if (block != log->named_block)
		suffix_add(suffix, " b%u", block);
	if (start || missing)
		suffix_add(suffix, " start+%lu nr-%lu", start, missing);
	return block;
}

static void describe_sights(const struct case_log *log, uint32_t block, struct suffix *suffix)
{
	const struct mh_node *node = &log->machine->nodes[0];

	if (log->sights & CASE_SEE_PRESENT)
		suffix_add(
			suffix, " present %llu",
			(unsigned long long)(mh_node_normal_pages(node) + node->zones[MH_ZONE_MOVABLE].present_pages));
	if (log->sights & CASE_SEE_DAEMONS)
		suffix_add(suffix, " kswapd %s",
			   node->kswapd && node->kcompactd     ? "on"
			   : !node->kswapd && !node->kcompactd ? "off"
							       : "not as kcompactd");
	if (log->sights & CASE_SEE_ISOLATION)
		suffix_add(suffix, " %s", mh_block_zone(log->machine, block)->isolated_blocks ? "isolated" : "open");
}

static void end_group(struct case_log *log)
{
	if (log->last_event >= 0)
		mh_text_add(&log->text, "%s", log->last_suffix);
}

static void write_down(struct case_log *log, char letter, enum mh_event event, const char *suffix)
{
	bool same_event = log->last_event == (int)event;

	if (!same_event || strcmp(suffix, log->last_suffix) != 0)
		end_group(log);
	if (same_event)
		mh_text_add(&log->text, ",%c", letter);
	else
		mh_text_add(&log->text, "%s%s:%c", log->text.length ? "; " : "", names[event], letter);
	log->last_event = (int)event;
	snprintf(log->last_suffix, sizeof(log->last_suffix), "%s", suffix);
}

void case_log_begin(struct case_log *log)
{
	mh_text_clear(&log->text);
	log->last_event = -1;
}

void case_log_end(struct case_log *log)
{
	end_group(log);
	log->last_event = -1;
}

static int answer(struct case_listener *listener, enum mh_event event, uint32_t block)
{
	struct case_answer *answer = &listener->answers[event];
	int value = answer->value;

	if (answer->block != CASE_NO_BLOCK && answer->block != block)
		return NOTIFY_OK;
	if (answer->once)
		answer->value = NOTIFY_OK;
	return value;
}

static int hear(struct notifier_block *nb, unsigned long action, void *data)
{
	struct case_listener *listener =
		(struct case_listener *)(void *)((char *)nb - offsetof(struct case_listener, nb));
	struct case_log *log = listener->log;
	int event = mh_protocol_event(log->machine->protocol, listener->node, action);
	struct suffix suffix = {.text = ""};
	uint32_t block = CASE_NO_BLOCK;

	cr_assert_geq(event, 0, "an action that is no event: %lu", action);
	if (listener->node) {
		suffix_add(&suffix, " {%d}", ((const struct node_notify *)data)->nid);
	} else {
		block = describe_arg(log, (enum mh_event)event, data, &suffix);
		describe_sights(log, block, &suffix);
	}
	write_down(log, listener->letter, (enum mh_event)event, suffix.text);
	if (listener->inside)
		listener->inside(listener, (enum mh_event)event, data);
	return answer(listener, (enum mh_event)event, block);
}

void case_listener_init(struct case_listener *listener, struct case_log *log, char letter, int priority, bool node)
{
	*listener = (struct case_listener){
		.nb = {.notifier_call = hear, .priority = priority},
		.letter = letter,
		.node = node,
		.log = log,
	};
	case_listener_answer(listener, "*=OK");
}

enum mh_event case_event(const char *name)
{
	for (int event = 0; event < MH_EVENT_COUNT; event++)
		if (strcmp(names[event], name) == 0)
			return (enum mh_event)event;
	cr_assert_fail("no event: '%s'", name);
	return MH_EVENT_COUNT;
}

static int parse_value(const char *word, const char *number)
{
	int value = (int)strtol(number, NULL, 0);

	if (strcmp(word, "errno") == 0)
		return notifier_from_errno(value);
	if (strcmp(word, "raw") == 0)
		return value;
	if (strcmp(word, "BAD") == 0)
		return NOTIFY_BAD;
	if (strcmp(word, "STOP") == 0)
		return NOTIFY_STOP;
	if (strcmp(word, "DONE") == 0)
		return NOTIFY_DONE;
	cr_assert_str_eq(word, "OK", "no answer: '%s'", word);
	return NOTIFY_OK;
}

void case_listener_answer(struct case_listener *listener, const char *text)
{
	struct case_answer answer = {.once = strstr(text, " once") != NULL, .block = CASE_NO_BLOCK};
	const char *block = strstr(text, " for b");
	char name[24], word[8], number[16] = "";

	cr_assert_geq(sscanf(text, "%23[^=]=%7s %15s", name, word, number), 2, "no answer: '%s'", text);
	answer.value = parse_value(word, number);
	if (block)
		answer.block = (uint32_t)strtoul(block + strlen(" for b"), NULL, 10);
	for (int event = 0; event < MH_EVENT_COUNT; event++)
		if (strcmp(name, "*") == 0 || event == (int)case_event(name))
			listener->answers[event] = answer;
}
