/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In doubt a count is no function of the scenario: a gate that cries wolf is believed no more. */
#include "bench/engine/exactness.h"

static unsigned hotplug_threads(const struct mh_phase *phase)
{
	unsigned count = 0;

	for (unsigned i = 0; i < phase->worker_count; i++)
		count += phase->workers[i].workload->kind->hotplug;
	return count;
}

static const char *by_its_end(const struct mh_phase *phase)
{
	if (phase->cut || phase->run->end != MH_RUN_ENDED)
		return "its phase was cut short";
	if (!phase->scenario->ops)
		return "its phase ends by time, not by `ops`";
	return NULL;
}

static const char *by_its_threads(const struct mh_phase *phase)
{
	unsigned count = hotplug_threads(phase);

	if (count == 1)
		return NULL;
	if (count == 0)
		return "no hotplug thread decides it, and what other workloads do goes by time";
	return mh_result_format(phase->run->result,
				"%u hotplug threads come in the order that the scheduler gives them", count);
}

static const char *by_workload(const struct mh_phase *phase, const struct mh_scenario_workload *workload)
{
	if (workload->kind->uses_pages)
		return mh_result_format(phase->run->result,
					"workload '%s' takes and gives back pages beside it: what is migrated and what "
					"is refused depends on how threads interleave",
					workload->name);
	if (workload->kind->unregisters)
		return mh_result_format(phase->run->result,
					"workload '%s' registers and unregisters listeners beside it, as threads "
					"interleave",
					workload->name);
	return NULL;
}

static const char *by_its_workloads(const struct mh_phase *phase)
{
	const char *why = NULL;

	for (unsigned i = 0; !why && i < phase->worker_count; i++)
		why = by_workload(phase, phase->workers[i].workload);
	return why;
}

static const char *by_fault(const struct mh_phase *phase, const struct mh_fault *fault)
{
	const struct mh_trigger *trigger = &fault->trigger;

	if (trigger->window.from_ns || trigger->window.to_ns)
		return mh_result_format(phase->run->result, "fault '%s' acts in a window of time (trigger.window)",
					fault->name);
	if (trigger->burst.given && trigger->burst.domain == MH_BURST_TIME)
		return mh_result_format(phase->run->result,
					"fault '%s' comes in bursts of time; `domain: events` makes them countable",
					fault->name);
	return NULL;
}

static const char *by_its_faults(const struct mh_phase *phase)
{
	const char *why = NULL;

	for (unsigned i = 0; !why && i < phase->armed_count; i++)
		why = by_fault(phase, phase->armed[i]);
	return why;
}

static const char *by_what_happened(const struct mh_phase *phase)
{
	uint64_t interrupted = 0, dropped = 0;

	for (unsigned i = 0; i < phase->worker_count; i++) {
		interrupted += phase->workers[i].tally.interrupted;
		dropped += phase->workers[i].workload->kind->hotplug ? phase->workers[i].trace.dropped : 0;
	}
	if (interrupted)
		return mh_result_format(phase->run->result, "a deadline, not a fault, ended %llu of its operations",
					(unsigned long long)interrupted);
	if (dropped)
		return mh_result_format(phase->run->result, "%llu stamps found no room in their operation's trace",
					(unsigned long long)dropped);
	return NULL;
}

static const char *by_what_was_before(const struct mh_phase *phase)
{
	const char *name = phase->run->drifted;

	return name ? mh_result_format(phase->run->result,
				       "it begins from what phase '%s' left, which is no function of the scenario",
				       name)
		    : NULL;
}

const char *mh_phase_inexact(const struct mh_phase *phase)
{
	const char *(*const reasons[])(const struct mh_phase *) = {
		by_its_end, by_its_threads, by_its_workloads, by_its_faults, by_what_happened, by_what_was_before,
	};
	const char *why = NULL;

	for (size_t i = 0; !why && i < sizeof(reasons) / sizeof(reasons[0]); i++)
		why = reasons[i](phase);
	return why;
}

void mh_phase_note_drift(struct mh_phase *phase)
{
	struct mh_run *run = phase->run;

	if (!run->drifted && mh_phase_inexact(phase))
		run->drifted = phase->scenario->name;
	if (!run->first_drift)
		run->first_drift = run->drifted;
}
