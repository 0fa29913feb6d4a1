/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The zones of a node, in the kernel's order. "Normal" in semantics.md means every kernel zone: up to MH_ZONE_NORMAL.
 */
#ifndef CORE_ZONE_KIND_H
#define CORE_ZONE_KIND_H

#include <stdbool.h>

enum mh_zone_kind {
	MH_ZONE_DMA,   /* below 16 MiB; machines made from a topology have neither this nor the next */
	MH_ZONE_DMA32, /* below 4 GiB */
	MH_ZONE_NORMAL,
	MH_ZONE_MOVABLE,
	MH_ZONE_KINDS,
	MH_ZONE_NONE = 255
};

extern const char *const mh_zone_names[MH_ZONE_KINDS]; /* "DMA", "DMA32", "Normal", "Movable" */

/* The kind of that name, or MH_ZONE_NONE. */
enum mh_zone_kind mh_zone_parse(const char *name);

static inline bool mh_zone_is_kernel(enum mh_zone_kind kind)
{
	return kind <= MH_ZONE_NORMAL;
}

#endif
