/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the steps of an exemplar to its parts. Steps stand in the order in which they ended, so that a walk comes after
 * its listeners; here it comes before them.
 */
#include "results/explain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *const mh_part_kind_names[MH_PART_KINDS] = {
	"wait", "lock", "walk", "listener", "drain", "migrate", "grace", "rest",
};

static struct mh_part *add(struct mh_parts *parts, enum mh_part_kind kind)
{
	struct mh_part *part = &parts->items[parts->count++];

	*part = (struct mh_part){.kind = kind, .begin_ns = MH_PART_NOWHERE};
	return part;
}

/* A gap that is as long as this share of the response is a part of its own. */
#define GAP_SHARE 0.01

static void add_step(struct mh_parts *parts, enum mh_part_kind kind, const struct mh_result_step *step)
{
	struct mh_part *part = add(parts, kind);

	part->begin_ns = step->begin_ns;
	part->took_ns = step->end_ns > step->begin_ns ? step->end_ns - step->begin_ns : 0;
}

/* "going_online/slab": the event's name without what stands behind it, in memory of the parts. */
static const char *event_of(char **room, const struct mh_result_step *step)
{
	const char *event = *room;
	size_t length = strcspn(step->name, "/");

	memcpy(*room, step->name, length);
	(*room)[length] = '\0';
	*room += length + 1;
	return event;
}

static void add_listener(struct mh_parts *parts, char **room, const struct mh_result_step *step)
{
	const char *slash = strchr(step->name, '/');

	add_step(parts, MH_PART_LISTENER, step);
	parts->items[parts->count - 1].event = event_of(room, step);
	parts->items[parts->count - 1].listener = slash ? slash + 1 : step->name;
}

/* The walk of the listeners [first, first + count); @walk: its own step, NULL where that was cut off. */
static void add_walk(struct mh_parts *parts, char **room, const struct mh_result_step *first, size_t count,
		     const struct mh_result_step *walk)
{
	struct mh_result_step whole = walk ? *walk : *first;

	if (!walk)
		whole.end_ns = first[count - 1].end_ns;
	add_step(parts, MH_PART_WALK, &whole);
	parts->items[parts->count - 1].event = event_of(room, &whole);
	for (size_t i = 0; i < count; i++)
		add_listener(parts, room, &first[i]);
}

static enum mh_part_kind kind_of(enum mh_step_kind kind)
{
	static const enum mh_part_kind kinds[MH_STEP_KINDS] = {
		[MH_STEP_LOCK] = MH_PART_LOCK,         [MH_STEP_WALK] = MH_PART_WALK,
		[MH_STEP_LISTENER] = MH_PART_LISTENER, [MH_STEP_DRAIN] = MH_PART_DRAIN,
		[MH_STEP_MIGRATE] = MH_PART_MIGRATE,   [MH_STEP_GRACE] = MH_PART_GRACE,
	};

	return kinds[kind];
}

/* What lies between two steps, or before the end. */
static void add_gap(struct mh_parts *parts, const struct mh_result_exemplar *exemplar, uint64_t from, uint64_t to)
{
	struct mh_part *gap;

	if (to <= from || (double)(to - from) < GAP_SHARE * (double)exemplar->response_ns)
		return;
	gap = add(parts, MH_PART_REST);
	gap->begin_ns = from;
	gap->took_ns = to - from;
}

/* Listeners are gathered until the step that ends their walk, or the last step of all. */
static void add_steps(struct mh_parts *parts, char *room, const struct mh_result_exemplar *exemplar)
{
	const struct mh_result_step *steps = exemplar->steps;
	uint64_t end_ns = 0;
	size_t first = 0;

	for (size_t i = 0; i < exemplar->step_count; i++) {
		if (steps[i].kind == MH_STEP_LISTENER)
			continue;
		add_gap(parts, exemplar, end_ns, steps[i].begin_ns);
		end_ns = steps[i].end_ns;
		if (steps[i].kind == MH_STEP_WALK)
			add_walk(parts, &room, &steps[first], i - first, &steps[i]);
		else
			add_step(parts, kind_of(steps[i].kind), &steps[i]);
		first = i + 1;
	}
	if (first < exemplar->step_count) {
		add_gap(parts, exemplar, end_ns, steps[first].begin_ns);
		add_walk(parts, &room, &steps[first], exemplar->step_count - first, NULL);
		end_ns = steps[exemplar->step_count - 1].end_ns;
	}
	if (exemplar->step_count)
		add_gap(parts, exemplar, end_ns, exemplar->service_ns);
}

static void add_rest(struct mh_parts *parts, const struct mh_result_exemplar *exemplar)
{
	uint64_t told = 0;

	for (size_t i = 0; i < parts->count; i++)
		if (parts->items[i].kind != MH_PART_LISTENER)
			told += parts->items[i].took_ns;
	add(parts, MH_PART_REST)->took_ns = exemplar->response_ns > told ? exemplar->response_ns - told : 0;
}

/* What a walk took besides its listeners. */
static uint64_t own_ns(const struct mh_parts *parts, size_t index)
{
	uint64_t own = parts->items[index].took_ns;

	for (size_t i = index + 1; i < parts->count && parts->items[i].kind == MH_PART_LISTENER; i++)
		own -= own < parts->items[i].took_ns ? own : parts->items[i].took_ns;
	return own;
}

static void find_longest(struct mh_parts *parts)
{
	uint64_t longest = 0;

	parts->longest = parts->count - 1;
	for (size_t i = 0; i < parts->count; i++) {
		const struct mh_part *part = &parts->items[i];
		uint64_t took = part->kind == MH_PART_WALK ? own_ns(parts, i) : part->took_ns;

		if (took > longest) {
			longest = took;
			parts->longest = i;
		}
	}
}

static size_t names_size(const struct mh_result_exemplar *exemplar)
{
	size_t size = 1;

	for (size_t i = 0; i < exemplar->step_count; i++)
		size += 2 * (strlen(exemplar->steps[i].name) + 1); /* a listener's may stand for a walk, too */
	return size;
}

int mh_parts_make(const struct mh_result_exemplar *exemplar, struct mh_parts *ret_parts)
{
	/* Every step and a gap before it, a walk that lacks its own and the gap after it, wait and rest. */
	struct mh_parts parts = {.items = calloc(2 * exemplar->step_count + 5, sizeof(parts.items[0])),
				 .event_text = malloc(names_size(exemplar))};

	if (!parts.items || !parts.event_text) {
		mh_parts_release(&parts);
		return -ENOMEM;
	}
	if (exemplar->wait_ns)
		add(&parts, MH_PART_WAIT)->took_ns = exemplar->wait_ns;
	add_steps(&parts, parts.event_text, exemplar);
	add_rest(&parts, exemplar);
	find_longest(&parts);
	*ret_parts = parts;
	return 0;
}

void mh_parts_release(struct mh_parts *parts)
{
	free(parts->items);
	free(parts->event_text);
	*parts = (struct mh_parts){.items = NULL};
}

double mh_part_share(const struct mh_result_exemplar *exemplar, const struct mh_part *part)
{
	if (!exemplar->response_ns)
		return 0;
	return part->took_ns < exemplar->response_ns ? (double)part->took_ns / (double)exemplar->response_ns : 1;
}

bool mh_explain_selects(const struct mh_explain_options *options, const struct mh_result_exemplar *exemplar)
{
	for (size_t i = 0; options->series && i < exemplar->longest_count; i++)
		if (mh_glob_match(options->series, exemplar->longest[i].series))
			return true;
	return !options->series && (options->show.verbose || exemplar->longest_count);
}
