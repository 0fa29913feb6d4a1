/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The extent of each zone, as /proc/zoneinfo shows it.
 */
#ifndef BENCH_KERNEL_ZONEINFO_H
#define BENCH_KERNEL_ZONEINFO_H

#include <stddef.h>
#include <stdint.h>

#include "bench/kernel/tree.h"

#define MH_KERNEL_ZONES_MAX 512

struct mh_kernel_zone {
	int nid;
	char name[16];                        /* "Normal" */
	uint64_t spanned, present, start_pfn; /* pages; start: 0 where the kernel shows none, as of an empty zone */
};

struct mh_kernel_zones {
	struct mh_kernel_zone items[MH_KERNEL_ZONES_MAX]; /* in the order of the file, empty ones, too */
	size_t count;
};

/* What of @text is a zone's; lines that say other things are passed over. */
void mh_kernel_zones_parse(const char *text, struct mh_kernel_zones *ret_zones);
/* 0, or -errno with a sentence. */
int mh_kernel_zones_read(const struct mh_kernel_tree *tree, struct mh_kernel_zones *ret_zones, struct mh_error *reterr);

#endif
