/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bitmap that is emptied when another operation pins for the first time. */
#include "faults/pins.h"

#include "core/machine.h"

int mh_pins_init(struct mh_pins *pins, uint64_t unit_count)
{
	*pins = (struct mh_pins){.any = false};
	return mh_bitmap_init(&pins->units, unit_count);
}

void mh_pins_release(struct mh_pins *pins)
{
	mh_bitmap_release(&pins->units);
}

static uint32_t unit_of(const struct mh_hook_site *site)
{
	return (uint32_t)site->number;
}

static bool are_of(const struct mh_pins *pins, const struct mh_hook_site *site)
{
	const struct mh_identity *identity = &site->operation->identity;

	return pins->any && pins->index == identity->index && pins->attempt == identity->attempt &&
	       pins->block == site->block;
}

static void forget(struct mh_pins *pins)
{
	for (size_t unit; (unit = mh_bitmap_first(&pins->units)) != MH_BITMAP_NONE;)
		mh_bitmap_clear(&pins->units, unit);
}

void mh_pins_add(struct mh_pins *pins, const struct mh_hook_site *site, uint64_t until_ticks)
{
	const struct mh_identity *identity = &site->operation->identity;

	if (!are_of(pins, site)) {
		forget(pins);
		pins->index = identity->index;
		pins->attempt = identity->attempt;
		pins->block = site->block;
		pins->until_ticks = until_ticks;
		pins->any = true;
	}
	mh_bitmap_set(&pins->units, unit_of(site));
}

bool mh_pins_has(const struct mh_pins *pins, const struct mh_hook_site *site)
{
	return are_of(pins, site) && mh_bitmap_test(&pins->units, unit_of(site));
}
