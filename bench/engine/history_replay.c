/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes by block and time; those that overlap are a group, of which only the sum is known. */
#include "bench/engine/history_replay.h"

#include <errno.h>
#include <stdlib.h>

enum state { UNKNOWN = -1, OFFLINE = 0, ONLINE = 1 };

int mh_history_replay_add(struct mh_history_replay *replay, const struct mh_history_change *change)
{
	if (replay->count == MH_HISTORY_REPLAY_MAX) {
		replay->cut = true;
		return 0;
	}
	if (replay->count == replay->capacity) {
		size_t capacity = replay->capacity ? 2 * replay->capacity : 1024;
		struct mh_history_change *changes = reallocarray(replay->changes, capacity, sizeof(*changes));

		if (!changes)
			return -ENOMEM;
		replay->changes = changes;
		replay->capacity = capacity;
	}
	replay->changes[replay->count++] = *change;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct mh_history_change *x = a, *y = b;

	if (x->block != y->block)
		return x->block < y->block ? -1 : 1;
	if (x->begin_ns != y->begin_ns)
		return x->begin_ns < y->begin_ns ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

/* The end of the group that begins at @first: the first change that begins when all of the group have ended. */
static size_t group_end(const struct mh_history_replay *replay, size_t first)
{
	uint64_t end_ns = replay->changes[first].end_ns;
	size_t i = first + 1;

	for (; i < replay->count && replay->changes[i].block == replay->changes[first].block; i++) {
		if (replay->changes[i].begin_ns >= end_ns)
			break;
		if (replay->changes[i].end_ns > end_ns)
			end_ns = replay->changes[i].end_ns;
	}
	return i;
}

/* Where the group leaves its block; -2: it cannot have begun in @before. */
static int play(const struct mh_history_replay *replay, size_t first, size_t end, enum state before)
{
	int sum = 0, after;

	for (size_t i = first; i < end; i++)
		sum += replay->changes[i].online ? 1 : -1;
	if (before == UNKNOWN)
		return sum == 0 ? UNKNOWN : sum == 1 ? ONLINE : sum == -1 ? OFFLINE : -2;
	after = (int)before + sum;
	return after == OFFLINE || after == ONLINE ? after : -2;
}

uint64_t mh_history_replay_check(struct mh_history_replay *replay,
				 void (*found)(void *data, const struct mh_history_change *change), void *data)
{
	enum state state = UNKNOWN;
	size_t kept = 0, end;

	for (size_t i = 0; i < replay->count; i++)
		if (replay->changes[i].begin_ns >= replay->from_ns)
			replay->changes[kept++] = replay->changes[i];
	replay->count = kept;
	if (kept)
		qsort(replay->changes, kept, sizeof(replay->changes[0]), compare);
	for (size_t i = 0; i < kept; i = end) {
		int after;

		if (i && replay->changes[i].block != replay->changes[i - 1].block)
			state = UNKNOWN;
		end = group_end(replay, i);
		after = play(replay, i, end, state);
		if (after == -2)
			found(data, &replay->changes[end - 1]);
		/* Told once: from here on it is as its last change says. */
		state = after == -2 ? (replay->changes[end - 1].online ? ONLINE : OFFLINE) : (enum state)after;
	}
	replay->count = 0;
	replay->from_ns = 0;
	return kept;
}

void mh_history_replay_release(struct mh_history_replay *replay)
{
	free(replay->changes);
	*replay = (struct mh_history_replay){.count = 0};
}
