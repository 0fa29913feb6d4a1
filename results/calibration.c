/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lists of a calibration. */
#include "results/calibration.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mh_calibration_release(struct mh_calibration *calibration)
{
	free(calibration->metrics);
	free(calibration->probes);
	*calibration = (struct mh_calibration){0};
}

/* @items with room for one more than @count; NULL: memory ran out, and the old list stays. */
static void *make_room(void *items, size_t count, size_t *capacity, size_t size)
{
	size_t larger = *capacity ? 2 * *capacity : 8;

	if (count < *capacity)
		return items;
	void *moved = realloc(items, larger * size);

	if (moved)
		*capacity = larger;
	return moved;
}

struct mh_calibration_metric *mh_calibration_add_metric(struct mh_calibration *calibration, const char *cell,
							const char *metric)
{
	struct mh_calibration_metric *items = make_room(calibration->metrics, calibration->metric_count,
							&calibration->metric_capacity, sizeof(*items));

	if (!items)
		return NULL;
	calibration->metrics = items;
	struct mh_calibration_metric *item = &items[calibration->metric_count++];

	*item = (struct mh_calibration_metric){.deviation = NAN, .reference = NAN, .tolerance = NAN, .detectable = NAN};
	snprintf(item->cell, sizeof(item->cell), "%s", cell);
	snprintf(item->metric, sizeof(item->metric), "%s", metric);
	return item;
}

struct mh_calibration_probe *mh_calibration_add_probe(struct mh_calibration *calibration, const char *name)
{
	struct mh_calibration_probe *items =
		make_room(calibration->probes, calibration->probe_count, &calibration->probe_capacity, sizeof(*items));

	if (!items)
		return NULL;
	calibration->probes = items;
	struct mh_calibration_probe *item = &items[calibration->probe_count++];

	*item = (struct mh_calibration_probe){.centre = NAN, .low = NAN, .high = NAN};
	snprintf(item->name, sizeof(item->name), "%s", name);
	return item;
}

const struct mh_calibration_metric *mh_calibration_find_metric(const struct mh_calibration *calibration,
							       const char *cell, const char *metric)
{
	for (size_t i = 0; i < calibration->metric_count; i++)
		if (strcmp(calibration->metrics[i].cell, cell) == 0 &&
		    strcmp(calibration->metrics[i].metric, metric) == 0)
			return &calibration->metrics[i];
	return NULL;
}

const struct mh_calibration_probe *mh_calibration_find_probe(const struct mh_calibration *calibration, const char *name)
{
	for (size_t i = 0; i < calibration->probe_count; i++)
		if (strcmp(calibration->probes[i].name, name) == 0)
			return &calibration->probes[i];
	return NULL;
}

size_t mh_calibration_noises(const struct mh_calibration *calibration, struct mh_gate_noise *ret_noises)
{
	size_t count = 0;

	for (size_t i = 0; i < calibration->metric_count; i++) {
		const struct mh_calibration_metric *metric = &calibration->metrics[i];

		if (isfinite(metric->deviation))
			ret_noises[count++] = (struct mh_gate_noise){metric->cell, metric->metric, metric->deviation};
	}
	return count;
}
