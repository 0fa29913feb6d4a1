/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arming the faults of a phase, and what they did: counts, unmet expectations, faults.ndjson.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/engine/fault_reach.h"
#include "bench/engine/run_private.h"
#include "faults/point.h"

static bool fault_has_phase(const struct mh_scenario_fault *fault, unsigned phase)
{
	for (size_t i = 0; i < fault->phases.count; i++)
		if (fault->phases.items[i] == phase)
			return true;
	return false;
}

static int select_faults(struct mh_phase *phase)
{
	const struct mh_scenario *scenario = phase->run->scenario;

	phase->armed = calloc(scenario->fault_count + 1, sizeof(phase->armed[0]));
	phase->armed_index = calloc(scenario->fault_count + 1, sizeof(phase->armed_index[0]));
	if (!phase->armed || !phase->armed_index)
		return -ENOMEM;
	for (size_t i = 0; i < scenario->fault_count; i++) {
		if (!fault_has_phase(&scenario->faults[i], phase->shared.phase))
			continue;
		phase->armed_index[phase->armed_count] = i;
		phase->armed[phase->armed_count++] = &scenario->faults[i].fault;
	}
	return 0;
}

static int arm(struct mh_phase *phase, const struct mh_fault_workload *workloads, struct mh_error *reterr)
{
	const struct mh_run *run = phase->run;

	return mh_fault_set_arm(
		&(struct mh_fault_set_config){
			.machine = run->machine,
			.faults = phase->armed,
			.fault_count = phase->armed_count,
			.workloads = workloads,
			.workload_count = (unsigned)run->scenario->workload_count,
			.seed = run->seed,
			.cell = mh_rng_key(run->request->plan->seed, run->request->cell->id, 0),
			.time_scale = run->scenario->time_scale,
			.converge_within_ns = run->scenario->verify.converge_within_ns,
			.census = run->request->census,
		},
		&phase->fault_set, reterr);
}

int mh_phase_arm(struct mh_phase *phase, struct mh_error *reterr)
{
	const struct mh_scenario *scenario = phase->run->scenario;
	struct mh_fault_workload *workloads;
	int ret;

	if (select_faults(phase) < 0)
		return mh_error_set(reterr, -ENOMEM, "no memory for the faults of phase '%s'", phase->scenario->name);
	if (!phase->armed_count)
		return 0;
	workloads = calloc(scenario->workload_count, sizeof(workloads[0]));
	if (!workloads)
		return mh_error_set(reterr, -ENOMEM, "no memory for the faults of phase '%s'", phase->scenario->name);
	for (size_t i = 0; i < scenario->workload_count; i++)
		workloads[i] = mh_fault_reach_workload(&scenario->workloads[i]);
	ret = arm(phase, workloads, reterr);
	free(workloads);
	if (ret < 0)
		return ret;
	phase->shared.faults = phase->fault_set;
	phase->shared.follows_blocks = mh_fault_set_follows_blocks(phase->fault_set);
	return 0;
}

/* Where in the operation: null is what its point does not have. */
static void write_place(struct mh_stream *out, const struct mh_machine *machine, const struct mh_firing *firing)
{
	if (mh_point_has_event((enum mh_hook_point)firing->point))
		mh_stream_print(out, "\"event\":\"%s\",", mh_event_names[firing->event]);
	else
		mh_stream_print(out, "\"event\":null,");
	if (firing->point == MH_HOOK_LISTENER)
		mh_stream_print(out, "\"listener\":\"%s\",",
				mh_machine_listener(machine, firing->event, firing->listener)->name);
	else
		mh_stream_print(out, "\"listener\":null,");
	if (mh_point_has_block((enum mh_hook_point)firing->point))
		mh_stream_print(out, "\"block\":%u,", firing->block);
	else
		mh_stream_print(out, "\"block\":null,");
}

static int write_firing(void *data, const struct mh_firing *firing)
{
	struct mh_phase *phase = data;
	struct mh_run *run = phase->run;
	const struct mh_scenario *scenario = run->scenario;

	mh_stream_print(&run->firings,
			"{\"fault\":\"%s\",\"phase\":\"%s\",\"workload\":\"%s\",\"worker\":%u,\"index\":%llu,",
			phase->armed[firing->fault]->name, phase->scenario->name,
			scenario->workloads[firing->workload].name, firing->worker, (unsigned long long)firing->index);
	write_place(&run->firings, run->machine, firing);
	mh_stream_print(&run->firings, "\"attempt\":%u,\"value\":%d,\"delay_ns\":%llu,\"point\":\"%s\",\"times\":%u}\n",
			firing->attempt, firing->value, (unsigned long long)firing->delay_ns,
			mh_point_names[firing->point], firing->times);
	return 0;
}

static void add_detected(struct mh_phase *phase, unsigned armed, struct mh_run_fault *sum)
{
	struct mh_fault_detected detected[MH_DETECTS_MAX];
	unsigned count = mh_fault_set_detected(phase->fault_set, armed, detected);

	for (unsigned i = 0; i < count; i++) {
		sum->detected[i].invariant = detected[i].invariant;
		sum->detected[i].count += detected[i].count;
	}
}

/* Where the sites of a fault go. */
struct site_sum {
	struct mh_run *run;
	struct mh_result_fault *to;
};

static struct mh_result_site *find_site(const struct mh_result_fault *fault, const char *event, const char *listener)
{
	for (size_t i = 0; i < fault->site_count; i++)
		if (strcmp(fault->sites[i].event, event) == 0 && strcmp(fault->sites[i].listener, listener) == 0)
			return &fault->sites[i];
	return NULL;
}

/* The same place in two phases is one site. */
static int add_site(void *data, const struct mh_site *site)
{
	const struct site_sum *sum = data;
	const char *event = mh_event_names[site->event];
	const char *listener =
		site->listener < 0
			? "" /* a point that knows none */
			: mh_machine_listener(sum->run->machine, site->event, (uint32_t)site->listener)->name;
	struct mh_result_site *to = find_site(sum->to, event, listener);

	if (!to) {
		to = mh_result_add_site(sum->run->result, sum->to);
		if (!to)
			return -ENOMEM;
		to->event = event;
		to->listener = mh_result_text(sum->run->result, listener);
	}
	to->evaluated += site->evaluated;
	return 0;
}

static void add_counts(struct mh_phase *phase)
{
	for (unsigned i = 0; i < phase->armed_count; i++) {
		struct mh_run_fault *sum = &phase->run->faults[phase->armed_index[i]];
		struct mh_fault_counts counts;

		mh_fault_set_counts(phase->fault_set, i, &counts);
		sum->armed += counts.armed;
		sum->evaluated += counts.evaluated;
		sum->fired += counts.fired;
		sum->judged += counts.judged;
		sum->unmet += counts.unmet;
		sum->unjudged += counts.unjudged;
		sum->late_unjudged += counts.late_unjudged;
		sum->digest += counts.digest;
		add_detected(phase, i, sum);
		(void)mh_census_sites(mh_fault_set_census(phase->fault_set), i, add_site,
				      &(struct site_sum){phase->run, &sum->sites});
	}
}

static void tell_unmet(struct mh_phase *phase)
{
	struct mh_result *result = phase->run->result;
	const struct mh_unmet *unmet;
	unsigned count = mh_fault_set_unmet(phase->fault_set, &unmet);

	for (unsigned i = 0; i < count; i++) {
		struct mh_result_violation *violation = mh_result_add_violation(result);

		if (!violation)
			return;
		violation->invariant = mh_result_format(result, "expect/%s", phase->armed[unmet[i].fault]->name);
		violation->seq = unmet[i].sequence;
		violation->detail = mh_result_text(result, unmet[i].text);
	}
}

static void tell_dropped(struct mh_phase *phase)
{
	uint64_t dropped = mh_fault_set_dropped(phase->fault_set);

	if (dropped)
		(void)mh_result_add_warning(
			phase->run->result,
			"phase '%s': %llu firings of faults found no room in faults.ndjson; all are "
			"counted and in the digest",
			phase->scenario->name, (unsigned long long)dropped);
}

static void write_taken_firings(struct mh_phase *phase)
{
	for (unsigned i = 0; phase->run->firings.file && i < phase->worker_count; i++)
		(void)mh_fault_set_firings_of(phase->fault_set, phase->workers[i].workload_index,
					      phase->workers[i].worker.index, phase->firings_taken[i], write_firing,
					      phase);
}

/* A worker's counts are its own, each a word; those of one that hangs inside of a listener do not move. */
void mh_phase_count_faults(struct mh_phase *phase)
{
	if (!phase->fault_set)
		return;
	add_counts(phase);
	tell_unmet(phase);
	tell_dropped(phase);
	write_taken_firings(phase);
	(void)mh_result_add_warning(phase->run->result,
				    "phase '%s': retries were not judged, and faults.ndjson lacks the firings of "
				    "threads that gave no answer",
				    phase->scenario->name);
}

void mh_phase_disarm(struct mh_phase *phase)
{
	if (phase->fault_set) {
		mh_fault_set_disarm(phase->fault_set, mh_clock_ticks(&phase->run->clock));
		add_counts(phase);
		tell_unmet(phase);
		tell_dropped(phase);
		if (phase->run->firings.file)
			(void)mh_fault_set_firings(phase->fault_set, write_firing, phase);
	}
	mh_fault_set_free(phase->fault_set);
	phase->fault_set = NULL;
}

void mh_phase_free_faults(struct mh_phase *phase)
{
	free(phase->armed);
	free(phase->armed_index);
	phase->armed = NULL;
	phase->armed_index = NULL;
}
