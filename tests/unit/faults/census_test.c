/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each place at which a fault is asked is one site, with how often it was. */
#include "faults/census.h"

#include <criterion/criterion.h>
#include <errno.h>

#include "core/notifier.h"

static void ask(struct mh_census *census, unsigned fault, enum mh_event event, uint16_t listener)
{
	const struct mh_listener asked = {.id = listener};
	const struct mh_hook_site site = {.event = event, .listener = &asked};

	mh_census_count(census, fault, &site);
}

struct seen {
	struct mh_site sites[8];
	unsigned count;
};

static int see(void *data, const struct mh_site *site)
{
	struct seen *seen = data;

	seen->sites[seen->count++] = *site;
	return seen->count == 8 ? -ENOSPC : 0;
}

Test(census, tells_the_sites_of_a_fault_by_event_and_listener)
{
	struct mh_census census;
	struct seen seen = {.count = 0};

	cr_assert_eq(mh_census_init(&census, 2), 0);
	ask(&census, 1, MH_ONLINE, 3);
	ask(&census, 1, MH_GOING_ONLINE, 7);
	ask(&census, 1, MH_ONLINE, 3);
	ask(&census, 0, MH_OFFLINE, 3);
	cr_assert_eq(mh_census_sites(&census, 1, see, &seen), 0);
	cr_assert_eq(seen.count, 2, "%u sites", seen.count);
	cr_expect_eq(seen.sites[0].event, MH_GOING_ONLINE);
	cr_expect_eq(seen.sites[0].listener, 7);
	cr_expect_eq(seen.sites[0].evaluated, 1);
	cr_expect_eq(seen.sites[1].event, MH_ONLINE);
	cr_expect_eq(seen.sites[1].evaluated, 2);
	mh_census_release(&census);
}

Test(census, that_was_not_taken_has_no_site)
{
	struct mh_census census = {.counts = NULL};
	struct seen seen = {.count = 0};

	cr_assert_eq(mh_census_sites(&census, 0, see, &seen), 0);
	cr_expect_eq(seen.count, 0);
}
