/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the faults of a set were asked: the sites, for a sweep that makes each of them fire alone. Counted by all
 * threads together, and only when the set was armed with a census: it costs an addition to a shared word.
 */
#ifndef FAULTS_CENSUS_H
#define FAULTS_CENSUS_H

#include <stdatomic.h>
#include <stdint.h>

#include "core/hook.h"

/* One place at which a fault was asked. */
struct mh_site {
	enum mh_event event;
	int listener; /* id, on the event's chain; -1: the point knows none */
	uint64_t evaluated;
};

struct mh_census {
	unsigned fault_count;
	_Atomic unsigned listener_end; /* above every column that was counted */
	_Atomic uint64_t *counts;      /* by fault, event, listener id + 1 */
};

/* 0 or -ENOMEM. */
int mh_census_init(struct mh_census *census, unsigned fault_count);
void mh_census_release(struct mh_census *census); /* safe on a zeroed struct */
void mh_census_count(struct mh_census *census, unsigned fault, const struct mh_hook_site *site);
/* Sites of a fault by event, then listener; stops when @each returns non-zero, and returns that. */
int mh_census_sites(const struct mh_census *census, unsigned fault, int (*each)(void *data, const struct mh_site *site),
		    void *data);

#endif
