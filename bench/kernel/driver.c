/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/driver.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

struct mh_kernel_driver_block {
	bool away, gone;
	uint32_t failures; /* in a row */
};

/* The word of an enum parameter, by the row that describes it; "" where the workload has none. */
static void parameter_word(const struct mh_scenario_workload *workload, const char *key, char *ret_word, size_t size)
{
	const struct mh_schema *schema = workload->kind->parameters;

	ret_word[0] = '\0';
	for (size_t i = 0; i < schema->count; i++) {
		const struct mh_schema_row *row = &schema->rows[i];
		const char *word = row->values;
		int skipped;

		if (strcmp(row->key, key) != 0)
			continue;
		memcpy(&skipped, (const char *)workload->parameters + row->offset, sizeof(skipped));
		for (; skipped > 0; skipped--)
			word = strchr(word, '|') + 1;
		snprintf(ret_word, size, "%.*s", (int)strcspn(word, "|"), word);
	}
}

static const char *word_of_zone(const char *zone)
{
	if (strcmp(zone, "kernel") == 0)
		return "online_kernel";
	if (strcmp(zone, "movable") == 0)
		return "online_movable";
	return strcmp(zone, "default") == 0 ? "online" : NULL;
}

int mh_kernel_driver_begin(struct mh_kernel_driver *driver, const char *order, const char *zone,
			   const struct mh_kernel_blocks *blocks, uint64_t stream)
{
	*driver = (struct mh_kernel_driver){.blocks = blocks, .stream = stream};
	snprintf(driver->order, sizeof(driver->order), "%s", order);
	driver->online_word = word_of_zone(zone);
	driver->states = calloc(blocks->count, sizeof(driver->states[0]));
	return driver->states ? 0 : -ENOMEM;
}

int mh_kernel_driver_init(struct mh_kernel_driver *driver, const struct mh_scenario_workload *workload,
			  const struct mh_kernel_blocks *blocks, uint64_t stream)
{
	char order[sizeof(driver->order)], zone[16];

	parameter_word(workload, "order", order, sizeof(order));
	parameter_word(workload, "zone", zone, sizeof(zone));
	return mh_kernel_driver_begin(driver, order, zone, blocks, stream);
}

int mh_kernel_driver_look(struct mh_kernel_driver *driver, const struct mh_kernel_tree *tree, struct mh_error *reterr)
{
	for (size_t i = 0; i < driver->blocks->count; i++) {
		const struct mh_kernel_block *block = &driver->blocks->items[i];
		enum mh_block_state state;
		int ret = mh_kernel_block_state(tree, block, &state, reterr);

		if (ret < 0)
			return ret;
		driver->states[i].away = state != block->home;
	}
	return 0;
}

void mh_kernel_driver_release(struct mh_kernel_driver *driver)
{
	free(driver->states);
	driver->states = NULL;
}

/* Zipf with exponent 1: place k from 1 has the probability ln((k + 1) / k) / ln(count + 1). */
static size_t zipf(size_t count, uint64_t draw)
{
	const double unit = ((double)(draw >> 12) + 0.5) * 0x1p-52;
	const size_t rank = (size_t)exp(unit * log((double)count + 1));

	return (rank > count ? count : rank) - 1;
}

static size_t choose(struct mh_kernel_driver *driver, uint64_t index)
{
	const size_t count = driver->blocks->count;
	const uint64_t draw = mh_rng_mix(driver->stream, index);

	if (strcmp(driver->order, "random") == 0)
		return (size_t)(((draw >> 32) * count) >> 32);
	if (strcmp(driver->order, "zipf") == 0)
		return zipf(count, draw);
	if (strcmp(driver->order, "one") == 0)
		return 0;
	driver->next = driver->next % count;
	return driver->next++;
}

/* The chosen block, or the one after it that is still there. */
static size_t present_from(const struct mh_kernel_driver *driver, size_t chosen)
{
	while (driver->states[chosen].gone)
		chosen = (chosen + 1) % driver->blocks->count;
	return chosen;
}

static const char *word_of(const struct mh_kernel_driver *driver, const struct mh_kernel_block *block, bool online)
{
	if (!online)
		return "offline";
	if (driver->online_word)
		return driver->online_word;
	return block->home == MH_BLOCK_ONLINE ? mh_kernel_block_home_word(block) : "online";
}

bool mh_kernel_driver_next(struct mh_kernel_driver *driver, uint64_t index, struct mh_kernel_turn *ret_turn)
{
	const struct mh_kernel_driver_block *state;
	const struct mh_kernel_block *block;
	bool online;

	if (driver->gone == driver->blocks->count)
		return false;
	if (!driver->returning)
		driver->visited = present_from(driver, choose(driver, index));
	block = &driver->blocks->items[driver->visited];
	state = &driver->states[driver->visited];
	online = (block->home == MH_BLOCK_OFFLINE) != state->away;
	*ret_turn = (struct mh_kernel_turn){
		.block = block,
		.online = online,
		.word = word_of(driver, block, online),
		.attempt = state->failures,
	};
	return true;
}

void mh_kernel_driver_done(struct mh_kernel_driver *driver, int error)
{
	struct mh_kernel_driver_block *state = &driver->states[driver->visited];

	driver->returning = error == 0 && !state->away;
	if (error == -ENODEV) {
		state->gone = true;
		driver->gone++;
	} else if (error) {
		state->failures++;
	} else {
		state->failures = 0;
		state->away = !state->away;
	}
}
