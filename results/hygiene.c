/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One check a monitor, in the order in which they are told: the first that fails is the reason. */
#include "results/hygiene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Counters are coarse, and short runs small: fewer than these are no sign of anything. */
#define STEAL_TICKS_NS_MIN UINT64_C(20000000) /* two ticks of /proc/stat */
#define SWITCHES_MIN       20.0

static int compare(const void *a, const void *b)
{
	const double first = *(const double *)a, second = *(const double *)b;

	return (first > second) - (first < second);
}

static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(values[0]), compare);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

enum probe_kind { PROBE_LOOP, PROBE_ADD, PROBE_CHASE, PROBES };

static const char *const probe_names[PROBES] = {"an empty loop", "a chain of additions", "a pointer chase over 4 MiB"};

static double probe_of(const struct mh_probes *probes, int kind)
{
	return kind == PROBE_LOOP ? probes->loop_ns : kind == PROBE_ADD ? probes->add_ns : probes->chase_ns;
}

/* The median of a probe over the runs, before and after pooled; 0 where none took it. */
static double probe_median(const struct mh_result *const *runs, size_t count, int kind)
{
	double values[2 * MH_HYGIENE_LEARN_MAX];
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		const double before = probe_of(&runs[i]->environment.probes_before, kind);
		const double after = probe_of(&runs[i]->environment.probes_after, kind);

		if (before > 0)
			values[found++] = before;
		if (after > 0)
			values[found++] = after;
	}
	return found ? median(values, found) : 0;
}

static double switches_median(const struct mh_result *const *runs, size_t count)
{
	double values[MH_HYGIENE_LEARN_MAX];
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		if (runs[i]->environment.ctx_switches_invol != MH_NOT_AVAILABLE)
			values[found++] = (double)runs[i]->environment.ctx_switches_invol;
	return found ? median(values, found) : -1;
}

static struct mh_probes times(const struct mh_probes *probes, double factor)
{
	return (struct mh_probes){probes->loop_ns * factor, probes->add_ns * factor, probes->chase_ns * factor};
}

void mh_hygiene_learn(const struct mh_result *const *runs, size_t count, struct mh_hygiene_reference *ret_reference)
{
	if (count > MH_HYGIENE_LEARN_MAX)
		count = MH_HYGIENE_LEARN_MAX;
	*ret_reference = (struct mh_hygiene_reference){
		.switches = switches_median(runs, count),
		.probes = {probe_median(runs, count, PROBE_LOOP), probe_median(runs, count, PROBE_ADD),
			   probe_median(runs, count, PROBE_CHASE)},
	};
	ret_reference->probes_lowest = times(&ret_reference->probes, 1 / MH_HYGIENE_PROBE_RATIO);
	ret_reference->probes_highest = times(&ret_reference->probes, MH_HYGIENE_PROBE_RATIO);
	memcpy(ret_reference->governor, runs[0]->environment.governor, sizeof(ret_reference->governor));
	memcpy(ret_reference->turbo, runs[0]->environment.turbo, sizeof(ret_reference->turbo));
}

static bool workload_is_late(const struct mh_hygiene_limits *limits, const struct mh_result_workload *workload)
{
	const double arrivals = (double)(mh_result_ops_total(&workload->ops) + workload->dropped);

	if (workload->target_rate <= 0)
		return false;
	if ((double)workload->dropped * 1e9 > (double)limits->dropped_ppb_max * arrivals)
		return true;
	return limits->lag_p99_ns_max && workload->lag_p99_ns > (double)limits->lag_p99_ns_max;
}

bool mh_hygiene_is_late(const struct mh_hygiene_limits *limits, const struct mh_result *run)
{
	for (size_t i = 0; i < run->phase_count; i++)
		for (size_t j = 0; mh_result_phase_is_recorded(&run->phases[i]) && j < run->phases[i].workload_count;
		     j++)
			if (workload_is_late(limits, &run->phases[i].workloads[j]))
				return true;
	return false;
}

static bool steal_holds(const struct mh_result *run, struct mh_text *reason)
{
	const struct mh_environment *environment = &run->environment;
	const double cpus = environment->nproc > 0 ? (double)environment->nproc : 1;
	const double share = (double)environment->steal_ns / ((double)run->duration_ns * cpus);

	if (environment->steal_ns == MH_NOT_AVAILABLE || environment->steal_ns <= (int64_t)STEAL_TICKS_NS_MIN ||
	    !run->duration_ns || share <= MH_HYGIENE_STEAL_SHARE)
		return true;
	mh_text_add(reason, "steal was %.1f %% of the CPU time (at most %.0f %%)", share * 100,
		    MH_HYGIENE_STEAL_SHARE * 100);
	return false;
}

static bool switches_hold(const struct mh_hygiene_reference *reference, const struct mh_result *run,
			  struct mh_text *reason)
{
	const int64_t switches = run->environment.ctx_switches_invol;
	double limit = MH_HYGIENE_SWITCHES_FACTOR * reference->switches;

	if (reference->switches < 0 || switches == MH_NOT_AVAILABLE)
		return true;
	limit = limit > SWITCHES_MIN ? limit : SWITCHES_MIN;
	if ((double)switches <= limit)
		return true;
	mh_text_add(reason, "%lld involuntary context switches, of which %.0f are usual", (long long)switches,
		    reference->switches);
	return false;
}

static bool frequency_holds(const struct mh_hygiene_reference *reference, const struct mh_result *run,
			    struct mh_text *reason)
{
	const struct mh_environment *environment = &run->environment;

	if (strcmp(environment->governor, reference->governor) != 0) {
		mh_text_add(reason, "the CPU frequency governor changed from '%s' to '%s'", reference->governor,
			    environment->governor);
		return false;
	}
	if (strcmp(environment->turbo, reference->turbo) != 0) {
		mh_text_add(reason, "turbo changed from '%s' to '%s'", reference->turbo, environment->turbo);
		return false;
	}
	return true;
}

static bool probe_holds(const struct mh_hygiene_reference *reference, const struct mh_probes *probes, const char *when,
			struct mh_text *reason)
{
	for (int kind = 0; kind < PROBES; kind++) {
		const double usual = probe_of(&reference->probes, kind), now = probe_of(probes, kind);

		if (!(usual > 0 && now > 0) || (now >= probe_of(&reference->probes_lowest, kind) &&
						now <= probe_of(&reference->probes_highest, kind)))
			continue;
		mh_text_add(reason, "%s %s the run took %.2f times as long as usual", probe_names[kind], when,
			    now / usual);
		return false;
	}
	return true;
}

bool mh_hygiene_holds(const struct mh_hygiene_reference *reference, const struct mh_hygiene_limits *limits,
		      const struct mh_result *run, struct mh_text *reason)
{
	if (mh_hygiene_is_late(limits, run)) {
		mh_text_add(reason, "the load generator was late: %s",
			    run->status_reason_count ? run->status_reasons[0] : "arrivals were dropped");
		return false;
	}
	if (!steal_holds(run, reason))
		return false;
	if (!reference)
		return true;
	return switches_hold(reference, run, reason) && frequency_holds(reference, run, reason) &&
	       probe_holds(reference, &run->environment.probes_before, "before", reason) &&
	       probe_holds(reference, &run->environment.probes_after, "after", reason);
}

size_t mh_hygiene_discards_max(size_t pairs)
{
	return pairs / MH_HYGIENE_DISCARDED_SHARE_OF;
}
