/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/zoneinfo.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SIZE_MAX_BYTES (8u << 20) /* a machine of 512 zones and as many CPUs shows half of it */

/* "Node 0, zone    DMA32" begins a zone, what follows is of it. */
static void parse_line(const char *line, struct mh_kernel_zones *zones)
{
	struct mh_kernel_zone begun = {.nid = 0};
	struct mh_kernel_zone *zone;

	if (sscanf(line, "Node %d, zone %15s", &begun.nid, begun.name) == 2) {
		if (zones->count < MH_KERNEL_ZONES_MAX)
			zones->items[zones->count++] = begun;
		return;
	}
	if (!zones->count)
		return;
	zone = &zones->items[zones->count - 1];
	(void)(sscanf(line, " spanned %" SCNu64, &zone->spanned) == 1 ||
	       sscanf(line, " present %" SCNu64, &zone->present) == 1 ||
	       sscanf(line, " start_pfn: %" SCNu64, &zone->start_pfn) == 1);
}

void mh_kernel_zones_parse(const char *text, struct mh_kernel_zones *ret_zones)
{
	ret_zones->count = 0;
	while (*text) {
		const size_t length = strcspn(text, "\n");
		char line[128];

		snprintf(line, sizeof(line), "%.*s", (int)(length < sizeof(line) ? length : sizeof(line) - 1), text);
		parse_line(line, ret_zones);
		text += length + (text[length] == '\n');
	}
}

int mh_kernel_zones_read(const struct mh_kernel_tree *tree, struct mh_kernel_zones *ret_zones, struct mh_error *reterr)
{
	char path[MH_KERNEL_PATH_SIZE];
	struct mh_text text = MH_TEXT_INIT;
	int ret =
		mh_kernel_read_text(tree, mh_kernel_path(tree, path, "/proc/zoneinfo"), SIZE_MAX_BYTES, &text, reterr);

	if (ret == 0)
		mh_kernel_zones_parse(text.data, ret_zones);
	mh_text_release(&text);
	return ret;
}
