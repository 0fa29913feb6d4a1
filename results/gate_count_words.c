/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A count that changed, as a sentence: who does what how much more often, in which event.
 *
 * Names: PHASE/calls/LISTENER/EVENT, PHASE/kapi/LISTENER/EVENT/SYMBOL, init|exit/kapi/MODULE/SYMBOL,
 * PHASE/operations/DIRECTION/OUTCOME; all else is told by the last part of its name. SYMBOL.bytes counts bytes.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "results/gate_private.h"
#include "results/show_private.h"

#define PART_MAX 128

struct count_parts {
	char phase[PART_MAX], kind[PART_MAX], listener[PART_MAX], event[PART_MAX], symbol[PART_MAX];
};

/* Moves the text in front of the first '/' to @part; false: there is no '/'. */
static bool cut_front(char *text, char part[PART_MAX])
{
	char *slash = strchr(text, '/');

	if (!slash)
		return false;
	snprintf(part, PART_MAX, "%.*s", (int)(slash - text), text);
	memmove(text, slash + 1, strlen(slash + 1) + 1);
	return true;
}

static bool cut_back(char *text, char part[PART_MAX])
{
	char *slash = strrchr(text, '/');

	if (!slash)
		return false;
	snprintf(part, PART_MAX, "%s", slash + 1);
	*slash = '\0';
	return true;
}

/*
 * Names of listeners may hold a '/', so that the others are cut off from both ends. @parts->event stays empty for what
 * belongs to no event: a module's init and exit.
 */
static bool split_name(const char *name, struct count_parts *parts)
{
	char rest[512];

	*parts = (struct count_parts){0};
	if (snprintf(rest, sizeof(rest), "%s", name) >= (int)sizeof(rest) || !cut_front(rest, parts->phase) ||
	    !cut_front(rest, parts->kind))
		return false;
	if (strcmp(parts->kind, "kapi") == 0) {
		if (!cut_back(rest, parts->symbol))
			return false;
		(void)cut_back(rest, parts->event);
	} else if (strcmp(parts->kind, "calls") != 0 || !cut_back(rest, parts->event)) {
		return false;
	}
	snprintf(parts->listener, sizeof(parts->listener), "%.*s", PART_MAX - 1, rest);
	return true;
}

bool mh_gate_count_calls(const char *name, char *buffer, size_t size)
{
	struct count_parts parts;

	if (!split_name(name, &parts) || !parts.symbol[0] || !parts.event[0])
		return false;
	int length = snprintf(buffer, size, "%s/calls/%s/%s", parts.phase, parts.listener, parts.event);

	return length > 0 && (size_t)length < size;
}

/* "going_online" as the kernel spells it: MEM_GOING_ONLINE. */
static const char *kernel_event(const char *event, char buffer[MH_SHOW_CELL])
{
	bool whole = strncasecmp(event, "mem_", 4) == 0 || strncasecmp(event, "node_", 5) == 0;
	size_t length = (size_t)snprintf(buffer, MH_SHOW_CELL, "%s%.40s", whole ? "" : "MEM_", event);

	for (size_t i = 0; i < length; i++)
		buffer[i] = (char)toupper((unsigned char)buffer[i]);
	return buffer;
}

/* "kmalloc.bytes" counts bytes of kmalloc: the ending is cut off. */
static bool cut_bytes(char *symbol)
{
	size_t length = strlen(symbol), ending = strlen(".bytes");

	if (length <= ending || strcmp(symbol + length - ending, ".bytes") != 0)
		return false;
	symbol[length - ending] = '\0';
	return true;
}

static const char *plural(uint64_t count, const char *one, const char *many)
{
	return count == 1 ? one : many;
}

/* "1 time more in each MEM_OFFLINE"; "7 times more in 2,000 MEM_OFFLINE" where it is not the same in each. */
static void add_amount(const struct mh_gate_count *count, const char *event, bool bytes, struct mh_text *text)
{
	bool rises = count->candidate > count->base;
	uint64_t change = rises ? count->candidate - count->base : count->base - count->candidate;
	bool each = count->calls && change % count->calls == 0;
	uint64_t amount = each ? change / count->calls : change;
	char number[MH_SHOW_CELL];

	mh_text_add(text, "%s %s %s", mh_show_exact(number, amount),
		    bytes ? plural(amount, "byte", "bytes") : plural(amount, "time", "times"), rises ? "more" : "less");
	if (each)
		mh_text_add(text, " in each %s", event);
	else if (count->calls)
		mh_text_add(text, " in %s %s", mh_show_exact(number, count->calls), event);
	else if (*event)
		mh_text_add(text, " in %s", event);
}

/* "drv calls synchronize_rcu …", "drv asks kmalloc for …"; of a module's init and exit: "drv's init calls …". */
static void add_symbol(const struct mh_gate_count *count, struct count_parts *parts, struct mh_text *text)
{
	bool bytes = cut_bytes(parts->symbol);
	char event[MH_SHOW_CELL] = "";

	if (parts->event[0])
		mh_text_add(text, "%s", parts->listener);
	else
		mh_text_add(text, "%s's %s", parts->listener, parts->phase);
	if (bytes)
		mh_text_add(text, " asks %s for ", parts->symbol);
	else
		mh_text_add(text, " calls %s ", parts->symbol);
	add_amount(count, parts->event[0] ? kernel_event(parts->event, event) : event, bytes, text);
}

/* "17 more grace periods", from the last part of the name; "5 more online operations vetoed". */
static void add_plain(const struct mh_gate_count *count, struct mh_text *text)
{
	bool rises = count->candidate > count->base;
	uint64_t change = rises ? count->candidate - count->base : count->base - count->candidate;
	char number[MH_SHOW_CELL], rest[512], phase[PART_MAX], kind[PART_MAX], last[PART_MAX];

	mh_text_add(text, "%s %s ", mh_show_exact(number, change), rises ? "more" : "fewer");
	snprintf(rest, sizeof(rest), "%s", count->name);
	if (cut_front(rest, phase) && cut_front(rest, kind) && strcmp(kind, "operations") == 0 &&
	    cut_back(rest, last)) {
		mh_text_add(text, "%s operations %s", rest, last);
		return;
	}
	const char *slash = strrchr(count->name, '/');

	snprintf(rest, sizeof(rest), "%s", slash ? slash + 1 : count->name);
	for (char *at = rest; *at; at++)
		if (*at == '_')
			*at = ' ';
	mh_text_add(text, "%s", rest);
}

void mh_gate_count_words(const struct mh_gate_count *count, struct mh_text *text)
{
	bool rises = count->candidate > count->base;
	uint64_t change = rises ? count->candidate - count->base : count->base - count->candidate;
	struct count_parts parts;
	char event[MH_SHOW_CELL], number[MH_SHOW_CELL];

	if (!split_name(count->name, &parts))
		add_plain(count, text);
	else if (parts.symbol[0])
		add_symbol(count, &parts, text);
	else
		mh_text_add(text, "%s is called %s %s %s for %s", parts.listener, mh_show_exact(number, change),
			    plural(change, "time", "times"), rises ? "more" : "less", kernel_event(parts.event, event));
	mh_text_add(text, ": %s before, ", mh_show_exact(number, count->base));
	mh_text_add(text, "%s now", mh_show_exact(number, count->candidate));
}
