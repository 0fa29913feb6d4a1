/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pages of one operation's block that page-pin holds. One worker's own: an operation has one thread.
 */
#ifndef FAULTS_PINS_H
#define FAULTS_PINS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bitmap.h"
#include "core/hook.h"

struct mh_pins {
	struct mh_bitmap units; /* of the block */
	uint64_t index;         /* the operation whose pins they are */
	uint32_t attempt, block;
	bool any;
	uint64_t until_ticks; /* UINT64_MAX: as long as the operation */
};

/* @unit_count: of a block, at most. 0 or -ENOMEM. */
int mh_pins_init(struct mh_pins *pins, uint64_t unit_count);
void mh_pins_release(struct mh_pins *pins);

/* Pins the page that @site, of MH_HOOK_MIGRATE, asks about. The first of an operation says until when they all are. */
void mh_pins_add(struct mh_pins *pins, const struct mh_hook_site *site, uint64_t until_ticks);
/* Was the page that @site asks about pinned by this operation? Whether it still is says until_ticks. */
bool mh_pins_has(const struct mh_pins *pins, const struct mh_hook_site *site);

#endif
