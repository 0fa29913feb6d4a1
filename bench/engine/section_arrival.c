/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The keys of a workload that say when its operations are to start: which belong to which arrival.
 */
#include "bench/engine/section.h"

#include "base/units.h"
#include "bench/engine/bind.h"

#include <errno.h>

/* Keys of one arrival alone, each needed there. */
static const struct {
	const char *key;
	int arrival;
	const char *arrival_name;
	const char *example;
} own_keys[] = {
	{"rate_from", MH_ARRIVAL_RAMP, "ramp", "the rate at which a phase begins, such as 100/s"},
	{"burst_on", MH_ARRIVAL_BURST, "burst", "how long arrivals come, such as 100ms"},
	{"burst_off", MH_ARRIVAL_BURST, "burst", "how long none comes then, such as 400ms"},
};

static int own_keys_check(struct mh_diagnostics *diagnostics, const struct mh_node *map, int arrival)
{
	int ret = 0;

	for (size_t i = 0; i < sizeof(own_keys) / sizeof(own_keys[0]); i++) {
		const struct mh_pair *pair = mh_node_find_pair(map, own_keys[i].key);

		if (!pair == (arrival != own_keys[i].arrival))
			continue;
		if (pair)
			mh_diagnose(diagnostics, pair->place, "'%s' has no effect without 'arrival: %s'",
				    own_keys[i].key, own_keys[i].arrival_name);
		else
			mh_diagnose(diagnostics, mh_node_find(map, "arrival")->place, "'arrival: %s' needs '%s', %s",
				    own_keys[i].arrival_name, own_keys[i].key, own_keys[i].example);
		ret = -EINVAL;
	}
	return ret;
}

/* It is dealt out over the threads, and a thread with none could not serve any arrival. */
static int outstanding_check(struct mh_diagnostics *diagnostics, const struct mh_pair *outstanding,
			     const struct mh_scenario_workload *workload)
{
	if (workload->max_outstanding >= workload->threads)
		return 0;
	mh_diagnose(diagnostics, outstanding->place,
		    "'max_outstanding: %llu' is less than one for each of %llu threads: raise it, or lower 'threads'",
		    (unsigned long long)workload->max_outstanding, (unsigned long long)workload->threads);
	return -EINVAL;
}

static int open_check(struct mh_binder *binder, const struct mh_node *map, struct mh_scenario_workload *workload,
		      struct mh_node *resolved)
{
	struct mh_diagnostics *diagnostics = &binder->reader->diagnostics;
	const struct mh_pair *outstanding = mh_node_find_pair(map, "max_outstanding");
	struct mh_node *value;

	if (!mh_node_find_pair(map, "rate")) {
		mh_diagnose(diagnostics, mh_node_find(map, "arrival")->place,
			    "'arrival: %s' needs a 'rate', such as 2000/s", mh_node_find_text(map, "arrival"));
		return -EINVAL;
	}
	if (outstanding)
		return outstanding_check(diagnostics, outstanding, workload);
	if (mh_parse_unsigned(MH_MAX_OUTSTANDING_DEFAULT, &workload->max_outstanding, NULL) < 0)
		return -EINVAL;
	value = mh_node_scalar(&binder->reader->arena, map->place, MH_MAX_OUTSTANDING_DEFAULT);
	return mh_bind_fill(binder, &mh_workload_schema, resolved, "max_outstanding", value);
}

static int closed_check(struct mh_diagnostics *diagnostics, const struct mh_node *map)
{
	const struct mh_pair *rate = mh_node_find_pair(map, "rate");
	const struct mh_pair *outstanding = mh_node_find_pair(map, "max_outstanding");
	int ret = 0;

	if (rate) {
		mh_diagnose(diagnostics, rate->place,
			    "'rate' contradicts 'arrival: closed': write 'arrival: constant' or 'poisson'");
		ret = -EINVAL;
	}
	if (outstanding) {
		mh_diagnose(diagnostics, outstanding->place,
			    "'max_outstanding' contradicts 'arrival: closed', where each thread has one operation");
		ret = -EINVAL;
	}
	return ret;
}

int mh_arrival_check(struct mh_binder *binder, const struct mh_node *map, struct mh_scenario_workload *workload,
		     struct mh_node *resolved)
{
	int ret = own_keys_check(&binder->reader->diagnostics, map, workload->arrival);

	if (ret < 0)
		return ret;
	return workload->arrival == MH_ARRIVAL_CLOSED ? closed_check(&binder->reader->diagnostics, map)
						      : open_check(binder, map, workload, resolved);
}
