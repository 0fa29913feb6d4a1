/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots of a module, and their comparison. One thread; the module's own threads are quiet. */
#include "bench/engine/contract_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/rcu.h"
#include "core/kapi_alloc.h"
#include "core/module_data.h"

/* The upper half of an address tells memory from numbers: there are few such halves. */
static void note_region(struct mh_contract_state *state, uint32_t region)
{
	for (unsigned i = 0; i < state->region_count; i++)
		if (state->regions[i] == region)
			return;
	if (state->region_count < MH_STATE_REGIONS_MAX)
		state->regions[state->region_count++] = region;
}

/* Whether the word is half of an address in memory that the module has; the first half comes first. */
static bool is_pointer(const struct mh_contract_state *state, size_t word)
{
	for (unsigned i = 0; i < state->region_count; i++)
		if (state->words[word] == state->regions[i] ||
		    (word + 1 < state->word_count && state->words[word + 1] == state->regions[i]))
			return true;
	return false;
}

static int count_allocation(void *data, const struct mh_kapi_allocation *allocation)
{
	struct mh_contract_state *state = data;
	unsigned i = 0;

	state->live++;
	note_region(state, (uint32_t)((uintptr_t)allocation->pointer >> 32));
	while (i < state->place_count && strcmp(state->places[i].where, allocation->where) != 0)
		i++;
	if (i == MH_STATE_PLACES_MAX)
		return 0;
	if (i == state->place_count)
		state->places[state->place_count++] = (struct mh_contract_place){.where = allocation->where};
	state->places[i].count++;
	state->places[i].bytes += allocation->size;
	return 0;
}

/* The part of @area that still fits. */
static size_t fitting(const struct mh_module_area *area, size_t bytes_so_far)
{
	size_t room = MH_STATE_BYTES_MAX - bytes_so_far;

	return (area->size < room ? area->size : room) / sizeof(uint32_t) * sizeof(uint32_t);
}

/* Under the thread sanitizer variables are not read: a thread of the module may write them, and may do so. */
static unsigned areas_of(const struct mh_module *module, struct mh_module_area *areas)
{
	return module && !MH_RCU_TSAN ? mh_module_areas(module, areas) : 0;
}

#if MH_RCU_ASAN
/* Word by word: the bytes between a sanitizer's variables are poisoned, and memcpy() is watched. */
__attribute__((no_sanitize("address"))) static void copy_words(uint32_t *to, const unsigned char *from, size_t size)
{
	for (size_t i = 0; i < size / sizeof(*to); i++)
		to[i] = ((const volatile uint32_t *)(const void *)from)[i];
}
#else
static void copy_words(uint32_t *to, const unsigned char *from, size_t size)
{
	memcpy(to, from, size);
}
#endif

/* The room of an earlier snapshot is used again: to map it anew would cost more than to fill it. */
static int make_room(struct mh_contract_state *state, size_t word_count)
{
	uint32_t *words;

	if (word_count <= state->word_capacity)
		return 0;
	words = realloc(state->words, word_count * sizeof(*words));
	if (!words)
		return -ENOMEM;
	state->words = words;
	state->word_capacity = word_count;
	return 0;
}

int mh_contract_state_take(struct mh_contract_state *state, const struct mh_module *module)
{
	struct mh_module_area areas[MH_MODULE_AREAS_MAX];
	unsigned count = areas_of(module, areas);
	size_t bytes = 0;

	state->place_count = 0;
	state->live = 0;
	state->region_count = 0;
	state->word_count = 0;
	(void)mh_kapi_alloc_each(count_allocation, state);
	for (unsigned i = 0; i < count; i++)
		bytes += fitting(&areas[i], bytes);
	if (make_room(state, bytes / sizeof(uint32_t)) < 0)
		return -ENOMEM;
	for (unsigned i = 0; i < count; i++) {
		size_t size = fitting(&areas[i], state->word_count * sizeof(uint32_t));

		copy_words(state->words + state->word_count, areas[i].data, size);
		state->word_count += size / sizeof(uint32_t);
	}
	return 0;
}

void mh_contract_state_release(struct mh_contract_state *state)
{
	free(state->words);
	memset(state, 0, sizeof(*state));
}

const void *mh_contract_word_address(const struct mh_module *module, size_t word)
{
	struct mh_module_area areas[MH_MODULE_AREAS_MAX];
	unsigned count = areas_of(module, areas);
	size_t bytes = word * sizeof(uint32_t);

	for (unsigned i = 0; i < count; i++) {
		size_t size = areas[i].size / sizeof(uint32_t) * sizeof(uint32_t);

		if (bytes < size)
			return areas[i].data + bytes;
		bytes -= size;
	}
	return NULL;
}

static const struct mh_contract_place *place_of(const struct mh_contract_state *state, const char *where)
{
	for (unsigned i = 0; i < state->place_count; i++)
		if (strcmp(state->places[i].where, where) == 0)
			return &state->places[i];
	return NULL;
}

const struct mh_contract_place *mh_contract_state_grown(const struct mh_contract_state *before,
							const struct mh_contract_state *after, uint64_t *ret_more)
{
	for (unsigned i = 0; i < after->place_count; i++) {
		const struct mh_contract_place *now = &after->places[i], *then = place_of(before, now->where);
		uint64_t count = then ? then->count : 0;

		if (now->count > count) {
			*ret_more = now->count - count;
			return now;
		}
	}
	return NULL;
}

void mh_contract_habit_release(struct mh_contract_habit *habit)
{
	free(habit->changed);
	free(habit->odd);
	memset(habit, 0, sizeof(*habit));
}

static int habit_prepare(struct mh_contract_habit *habit, size_t word_count)
{
	if (habit->changed || !word_count)
		return 0;
	habit->changed = calloc(word_count, 1);
	habit->odd = calloc(word_count, 1);
	habit->word_count = word_count;
	return habit->changed && habit->odd ? 0 : -ENOMEM;
}

int mh_contract_habit_learn(struct mh_contract_habit *habit, const struct mh_contract_state *before,
			    const struct mh_contract_state *middle, const struct mh_contract_state *after)
{
	if (habit_prepare(habit, before->word_count) < 0)
		return -ENOMEM;
	if (before->word_count != habit->word_count || middle->word_count != habit->word_count ||
	    after->word_count != habit->word_count)
		return 0;
	for (size_t i = 0; i < habit->word_count; i++) {
		habit->changed[i] |= middle->words[i] != before->words[i];
		habit->odd[i] |= after->words[i] != before->words[i];
	}
	return 0;
}

bool mh_contract_habit_pairs(const struct mh_contract_habit *habit)
{
	for (size_t i = 0; i < habit->word_count; i++)
		if (habit->changed[i] && !habit->odd[i])
			return true;
	return false;
}

size_t mh_contract_habit_broken(const struct mh_contract_habit *habit, const struct mh_contract_state *before,
				const struct mh_contract_state *after)
{
	if (before->word_count != habit->word_count || after->word_count != habit->word_count)
		return SIZE_MAX;
	for (size_t i = 0; i < habit->word_count; i++)
		if (habit->changed[i] && !habit->odd[i] && before->words[i] != after->words[i] &&
		    !(is_pointer(before, i) && is_pointer(after, i)))
			return i;
	return SIZE_MAX;
}
