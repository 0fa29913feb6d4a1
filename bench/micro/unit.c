/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/micro/unit.h"

#include <stddef.h>
#include <string.h>

static const struct mh_time_unit units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {NULL, 0}};

const struct mh_time_unit *mh_time_unit_find(const char *name)
{
	for (const struct mh_time_unit *unit = units; unit->name; unit++)
		if (strcmp(unit->name, name) == 0)
			return unit;
	return NULL;
}
