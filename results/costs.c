/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lists of recorded costs. */
#include "results/costs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DIGITS 3

const char *const mh_cost_kind_names[MH_COST_KINDS] = {"step", "walk", "listener"};

const char *const mh_cost_class_names[MH_COST_CLASSES] = {
	[0] = "offline",
	[MH_COST_ONLINE] = "online",
	[MH_COST_NODE] = "offline of a node's last",
	[MH_COST_NODE | MH_COST_ONLINE] = "online of a node's first",
};

static const struct mh_histogram_layout layout = {1, MH_HISTOGRAM_HOUR_NS, DIGITS};

bool mh_cost_key_equal(const struct mh_cost_key *a, const struct mh_cost_key *b)
{
	return a->kind == b->kind && strcmp(a->name, b->name) == 0 && strcmp(a->event, b->event) == 0;
}

int mh_costs_init(struct mh_costs *costs)
{
	int ret = 0;

	*costs = (struct mh_costs){.resolution_ns = 1};
	for (unsigned i = 0; ret == 0 && i < MH_COST_CLASSES; i++) {
		ret = mh_histogram_init(&costs->fitted[i], &layout);
		if (ret == 0)
			ret = mh_histogram_init(&costs->held_out[i], &layout);
	}
	return ret;
}

void mh_costs_release(struct mh_costs *costs)
{
	for (unsigned i = 0; i < MH_COST_CLASSES; i++) {
		mh_histogram_release(&costs->fitted[i]);
		mh_histogram_release(&costs->held_out[i]);
	}
	for (size_t i = 0; i < costs->series_count; i++) {
		mh_histogram_release(&costs->series[i].whole);
		mh_histogram_release(&costs->series[i].own);
	}
	for (size_t i = 0; i < costs->unseen_count; i++)
		free(costs->unseen[i]);
	free(costs->series);
	free(costs->unseen);
	*costs = (struct mh_costs){.series = NULL};
}

const struct mh_cost_series *mh_costs_find(const struct mh_costs *costs, unsigned class, const struct mh_cost_key *key)
{
	for (size_t i = 0; i < costs->series_count; i++)
		if (costs->series[i].class == class && mh_cost_key_equal(&costs->series[i].key, key))
			return &costs->series[i];
	return NULL;
}

/* Room for one more; false: there is none. */
static bool make_room(struct mh_costs *costs)
{
	size_t larger = costs->series_capacity ? 2 * costs->series_capacity : 16;
	struct mh_cost_series *moved;

	if (costs->series_count == MH_COSTS_SERIES_MAX)
		return false;
	if (costs->series_count < costs->series_capacity)
		return true;
	moved = realloc(costs->series, larger * sizeof(*moved));
	if (!moved)
		return false;
	costs->series = moved;
	costs->series_capacity = larger;
	return true;
}

struct mh_cost_series *mh_costs_add(struct mh_costs *costs, unsigned class, const struct mh_cost_key *key)
{
	struct mh_cost_series *series;

	if (!make_room(costs))
		return NULL;
	series = &costs->series[costs->series_count];
	*series = (struct mh_cost_series){.key = *key, .class = class};
	if (mh_histogram_init(&series->whole, &layout) < 0)
		return NULL;
	if (mh_histogram_init(&series->own, &layout) < 0) {
		mh_histogram_release(&series->whole);
		return NULL;
	}
	costs->series_count++;
	return series;
}

int mh_costs_add_unseen(struct mh_costs *costs, const char *sentence)
{
	char **moved;

	if (costs->unseen_count == MH_COSTS_UNSEEN_MAX)
		return -E2BIG;
	moved = realloc(costs->unseen, (costs->unseen_count + 1) * sizeof(*moved));
	if (!moved)
		return -ENOMEM;
	costs->unseen = moved;
	moved[costs->unseen_count] = strdup(sentence);
	if (!moved[costs->unseen_count])
		return -ENOMEM;
	costs->unseen_count++;
	return 0;
}

uint64_t mh_costs_operations(const struct mh_costs *costs)
{
	uint64_t count = 0;

	for (unsigned i = 0; i < MH_COST_CLASSES; i++)
		count += costs->fitted[i].count + costs->held_out[i].count;
	return count;
}

double mh_costs_mean_ns(const struct mh_costs *costs)
{
	double sum_ns = 0, count = 0;

	for (unsigned i = 0; i < MH_COST_CLASSES; i++) {
		sum_ns += mh_histogram_mean(&costs->fitted[i]) * (double)costs->fitted[i].count;
		count += (double)costs->fitted[i].count;
	}
	return count > 0 ? sum_ns / count : 0;
}

void mh_costs_date(const struct mh_costs *costs, char ret_date[16])
{
	time_t seconds = (time_t)(costs->start_unix_ns / UINT64_C(1000000000));
	struct tm utc;

	if (!gmtime_r(&seconds, &utc) || !strftime(ret_date, 16, "%Y-%m-%d", &utc))
		snprintf(ret_date, 16, "date unknown");
}
