/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A count that changed, as a sentence: who does what how much more often, in which event.
 *
 * Names: PHASE/calls/LISTENER/EVENT, PHASE/KIND/LISTENER/EVENT/SYMBOL; all else is told by its name.
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

/* Names of listeners may hold a '/', so that the others are cut off from both ends. */
static bool split_name(const char *name, struct count_parts *parts)
{
	char rest[512];

	*parts = (struct count_parts){0};
	if (snprintf(rest, sizeof(rest), "%s", name) >= (int)sizeof(rest) || !cut_front(rest, parts->phase) ||
	    !cut_front(rest, parts->kind))
		return false;
	if (strcmp(parts->kind, "calls") != 0 && strcmp(parts->kind, "kapi") != 0)
		return false;
	if (strcmp(parts->kind, "kapi") == 0 && !cut_back(rest, parts->symbol))
		return false;
	if (!cut_back(rest, parts->event))
		return false;
	snprintf(parts->listener, sizeof(parts->listener), "%.*s", PART_MAX - 1, rest);
	return true;
}

bool mh_gate_count_calls(const char *name, char *buffer, size_t size)
{
	struct count_parts parts;

	if (!split_name(name, &parts) || !parts.symbol[0])
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

static bool counts_bytes(const char *symbol)
{
	size_t length = strlen(symbol);

	return length > 5 && strcmp(symbol + length - 5, "bytes") == 0;
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

	mh_text_add(text, "%s %s %s in ", mh_show_exact(number, amount),
		    bytes ? plural(amount, "byte", "bytes") : plural(amount, "time", "times"), rises ? "more" : "less");
	if (each)
		mh_text_add(text, "each %s", event);
	else if (count->calls)
		mh_text_add(text, "%s %s", mh_show_exact(number, count->calls), event);
	else
		mh_text_add(text, "%s", event);
}

void mh_gate_count_words(const struct mh_gate_count *count, struct mh_text *text)
{
	bool rises = count->candidate > count->base;
	uint64_t change = rises ? count->candidate - count->base : count->base - count->candidate;
	struct count_parts parts;
	char event[MH_SHOW_CELL], number[MH_SHOW_CELL];

	if (!split_name(count->name, &parts)) {
		mh_text_add(text, "%s %s", mh_show_exact(number, change), rises ? "more" : "fewer");
	} else if (!parts.symbol[0]) {
		mh_text_add(text, "%s is called %s %s %s for %s", parts.listener, mh_show_exact(number, change),
			    plural(change, "time", "times"), rises ? "more" : "less", kernel_event(parts.event, event));
	} else {
		bool bytes = counts_bytes(parts.symbol);

		mh_text_add(text, "%s %s %s ", parts.listener, bytes ? "counts in" : "calls", parts.symbol);
		add_amount(count, kernel_event(parts.event, event), bytes, text);
	}
	mh_text_add(text, ": %s before, ", mh_show_exact(number, count->base));
	mh_text_add(text, "%s now", mh_show_exact(number, count->candidate));
}
