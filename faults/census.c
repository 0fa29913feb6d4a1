/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table of counts, touched only where something is counted. */
#include "faults/census.h"

#include <errno.h>
#include <stdlib.h>

#include "core/notifier.h"

/* Listeners from 1; 0 is for points that know none. */
#define LISTENERS (MH_LISTENER_COUNT_MAX + 1)

static size_t place_of(unsigned fault, unsigned event, unsigned listener)
{
	return ((size_t)fault * MH_EVENT_COUNT + event) * LISTENERS + listener;
}

int mh_census_init(struct mh_census *census, unsigned fault_count)
{
	census->fault_count = fault_count;
	census->counts = calloc(place_of(fault_count, 0, 0) + 1, sizeof(census->counts[0]));
	return census->counts ? 0 : -ENOMEM;
}

void mh_census_release(struct mh_census *census)
{
	free(census->counts);
	*census = (struct mh_census){.counts = NULL};
}

void mh_census_count(struct mh_census *census, unsigned fault, const struct mh_hook_site *site)
{
	unsigned end = atomic_load_explicit(&census->listener_end, memory_order_relaxed);
	unsigned listener = site->listener ? site->listener->id + 1u : 0;

	while (end <= listener && !atomic_compare_exchange_weak(&census->listener_end, &end, listener + 1u))
		continue;
	atomic_fetch_add_explicit(&census->counts[place_of(fault, site->event, listener)], 1, memory_order_relaxed);
}

int mh_census_sites(const struct mh_census *census, unsigned fault, int (*each)(void *data, const struct mh_site *site),
		    void *data)
{
	for (unsigned event = 0; census->counts && event < MH_EVENT_COUNT; event++) {
		for (unsigned listener = 0; listener < census->listener_end; listener++) {
			struct mh_site site = {
				.event = (enum mh_event)event,
				.listener = (int)listener - 1,
				.evaluated = atomic_load_explicit(&census->counts[place_of(fault, event, listener)],
								  memory_order_relaxed),
			};
			int ret = site.evaluated ? each(data, &site) : 0;

			if (ret)
				return ret;
		}
	}
	return 0;
}
