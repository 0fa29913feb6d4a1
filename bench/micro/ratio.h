/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Instances against each other: in each round every one of them is measured once, for a few ms, in shuffled order, and
 * two are compared by their ratios round by round. What disturbs a host disturbs both sides of a round alike.
 *
 *	struct mh_instances instances = {0};
 *	mh_instances_add_built_in(&instances, &error);
 *	struct mh_ratio_request request = {.instances = &instances, .names = names, .name_count = 2, .timer = &timer,
 *					   .round_count = 61, .sample_ns = 3000000, .seed = 1};
 *	mh_ratio_run(&request, &rounds, &error);
 *	if (!rounds.subjects[0].skipped && !rounds.subjects[1].skipped)
 *		quartiles = mh_ratio_of(&rounds, 1, 0);
 *	mh_ratio_release(&rounds);
 */
#ifndef BENCH_MICRO_RATIO_H
#define BENCH_MICRO_RATIO_H

#include <signal.h>

#include "base/error.h"
#include "bench/micro/instance.h"
#include "bench/micro/round.h"
#include "bench/micro/timer.h"
#include "results/statistics/interval.h"

struct mh_ratio_request {
	const struct mh_instances *instances; /* among which the names are found */
	const char *const *names;             /* whole names of instances; each is measured, also one named twice */
	size_t name_count;                    /* 1 … MH_ROUND_VARIANTS_MAX */
	unsigned round_count;                 /* 3 … MH_ROUND_COUNT_MAX */
	uint64_t sample_ns;                   /* of a round and instance; 2 to 5 ms survive preemption best */
	uint64_t iterations;                  /* of a thread and sample; 0: the row's, or what @sample_ns asks for */
	uint64_t seed;                        /* of the rounds' order */
	const struct mh_timer *timer;
	const volatile sig_atomic_t *stop; /* not 0: end after this sample; may be NULL */
};

struct mh_ratio_subject {
	const struct mh_instance *instance;
	const char *skipped; /* why it has no times; NULL: it has */
	uint64_t iterations; /* of a thread in a sample */
	const double *ns;    /* an iteration and thread, one a round */
	unsigned preempted;  /* samples kept although preempted: they would have been taken again too often */
};

struct mh_ratio_rounds {
	struct mh_ratio_subject *subjects; /* in the order of the names */
	size_t subject_count;
	unsigned round_count;
	unsigned retaken;           /* samples taken again after preemption */
	unsigned shared_again;      /* rounds taken again because somebody else used the core */
	unsigned shared;            /* rounds kept although somebody did */
	unsigned frequency_changes; /* rounds at another core frequency than the first */
	unsigned stepped_back;      /* samples taken again because the clock went back */
	double ghz_min, ghz_max;    /* of the core, round by round */
	void *owned;                /* what the rest points into */
};

/**
 * mh_ratio_run - set all instances up, calibrate, measure in rounds, tear down
 *
 * From the main thread; instances with more threads start their own. An instance that cannot run is no failure: it is
 * left out of the rounds and says why.
 *
 * Return: 0; -ENOENT no instance has that name; -EINVAL a count out of range; -EINTR stopped; -ENOMEM, -EAGAIN.
 */
int mh_ratio_run(const struct mh_ratio_request *request, struct mh_ratio_rounds *ret_rounds, struct mh_error *reterr);
void mh_ratio_release(struct mh_ratio_rounds *rounds);

/* Of ns an iteration and thread. */
struct mh_round_quartiles mh_ratio_ns(const struct mh_ratio_rounds *rounds, size_t index);
/* Of @index / @base, round by round. */
struct mh_round_quartiles mh_ratio_of(const struct mh_ratio_rounds *rounds, size_t index, size_t base);
/* Of the median of the same ratios, covered with at least @confidence, whatever their distribution. */
struct mh_interval mh_ratio_interval(const struct mh_ratio_rounds *rounds, size_t index, size_t base,
				     double confidence);

#endif
