/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of the zones, as /proc/zoneinfo and valid_zones show them.
 */
#include "core/zone_kind.h"

#include <string.h>

const char *const mh_zone_names[MH_ZONE_KINDS] = {"DMA", "DMA32", "Normal", "Movable"};

enum mh_zone_kind mh_zone_parse(const char *name)
{
	for (int kind = 0; kind < MH_ZONE_KINDS; kind++)
		if (strcmp(name, mh_zone_names[kind]) == 0)
			return (enum mh_zone_kind)kind;
	return MH_ZONE_NONE;
}
