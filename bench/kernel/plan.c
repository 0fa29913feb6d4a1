/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/plan.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <memhp/kernel.h>

#include "bench/kernel/injector.h"
#include "faults/fault.h"

static void __attribute__((format(printf, 2, 3))) skip(struct mh_kernel_plan *plan, const char *format, ...)
{
	char line[512];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	mh_text_add(&plan->skipped, "%s\n", line);
	plan->skipped_count++;
}

static bool is_driver(const struct mh_scenario_workload *workload)
{
	return strcmp(workload->kind->name, "hotplug-cycle") == 0;
}

static const char *why_not_driven(const struct mh_scenario_workload *workload)
{
	return workload->kind->hotplug ? "only hotplug-cycle drives a kernel's blocks"
				       : "it works on the simulated machine's pages and chain";
}

static void plan_workloads(const struct mh_scenario *scenario, struct mh_kernel_plan *plan)
{
	for (size_t i = 0; i < scenario->workload_count; i++) {
		const struct mh_scenario_workload *workload = &scenario->workloads[i];

		if (!is_driver(workload)) {
			skip(plan, "workload '%s' (%s): %s", workload->name, workload->kind->name,
			     why_not_driven(workload));
			continue;
		}
		if (workload->threads > 1)
			skip(plan, "workload '%s': %llu of its %llu threads: a kernel does one operation at a time",
			     workload->name, (unsigned long long)workload->threads - 1,
			     (unsigned long long)workload->threads);
		if (workload->arrival != MH_ARRIVAL_CLOSED)
			skip(plan, "workload '%s': its arrivals: a kernel's blocks are driven one after the other",
			     workload->name);
	}
}

static size_t driver_of(const struct mh_scenario *scenario, const struct mh_scenario_phase *phase)
{
	for (size_t i = 0; i < phase->workloads.count; i++)
		if (is_driver(&scenario->workloads[phase->workloads.items[i]]))
			return phase->workloads.items[i];
	return SIZE_MAX;
}

static void note_second_driver(const struct mh_scenario *scenario, const struct mh_scenario_phase *phase,
			       struct mh_kernel_plan *plan, size_t driver)
{
	for (size_t i = 0; i < phase->workloads.count; i++) {
		const size_t other = phase->workloads.items[i];

		if (other != driver && is_driver(&scenario->workloads[other]))
			skip(plan, "phase '%s': workload '%s': '%s' drives the blocks, one after the other",
			     phase->name, scenario->workloads[other].name, scenario->workloads[driver].name);
	}
}

static int plan_phases(const struct mh_scenario *scenario, struct mh_kernel_plan *plan)
{
	plan->drivers = calloc(scenario->phase_count + 1, sizeof(plan->drivers[0]));
	if (!plan->drivers)
		return -ENOMEM;
	for (size_t i = 0; i < scenario->phase_count; i++) {
		const struct mh_scenario_phase *phase = &scenario->phases[i];

		plan->drivers[i] = driver_of(scenario, phase);
		if (plan->drivers[i] == SIZE_MAX) {
			skip(plan, "phase '%s': none of its workloads drives a kernel's blocks", phase->name);
		} else if (phase->until != MH_UNTIL_NEVER) {
			skip(plan, "phase '%s': whether it converged is not told of a kernel", phase->name);
			plan->drivers[i] = SIZE_MAX;
		} else {
			note_second_driver(scenario, phase, plan, plan->drivers[i]);
			plan->drives = true;
		}
	}
	return 0;
}

static bool is_injector(const char *glob)
{
	return mh_glob_match(glob, MH_KERNEL_INJECTOR_NAME) || mh_glob_match(glob, MH_KERNEL_INJECTOR_CALLBACK);
}

/* A preset stands for listeners that a kernel has anyhow. */
static void plan_chain(const struct mh_scenario *scenario, struct mh_kernel_plan *plan)
{
	for (size_t i = 0; i < scenario->chain.notifier_count; i++) {
		const struct mh_scenario_notifier *notifier = &scenario->chain.notifiers[i];

		if (!notifier->preset && strcmp(notifier->name, MH_KERNEL_INJECTOR_NAME) != 0)
			skip(plan, "listener '%s': a kernel has its own, and none of ours", notifier->name);
	}
	for (size_t i = 0; i < scenario->module_count; i++)
		skip(plan, "module '%s': built for the simulated machine, a kernel cannot load it",
		     scenario->modules[i].path);
}

/* What of `where` a kernel cannot be asked for, or NULL. */
static const char *why_not_there(const struct mh_where *where)
{
	if (where->callback && !is_injector(where->callback))
		return "where.callback: only the kernel's injector answers, by the name 'injector'";
	if (where->priority.count)
		return "where.priority: the injector's priority was fixed when it was loaded";
	if (where->zone != MH_WHERE_ZONE_ANY || where->status_change != MH_WHERE_STATUS_ANY)
		return "where.zone and where.status_change: the injector knows no zone and no first or last memory";
	if (where->nth_event.count)
		return "where.nth_event: the injector does not count walks";
	return NULL;
}

/* NULL, with @ret_error, where an injected errno does what the fault does. */
static const char *why_not_injected(const struct mh_fault *fault, const struct mh_fault_action *action, int *ret_error)
{
	const char *reason = why_not_there(&fault->where);
	const int error = action->replaces ? -notifier_to_errno(action->value) : 0;

	if (reason)
		return reason;
	if (fault->kind->point != MH_HOOK_LISTENER || !action->replaces)
		return "a kernel's injector only answers an event with an errno";
	if (action->delay)
		return "a kernel's injector does not wait";
	if (action->value == NOTIFY_STOP)
		return "a kernel's injector has no STOP";
	if (error < 1 || error > MH_KERNEL_ERRNO_MAX || action->value != notifier_from_errno(-error))
		return "a kernel's injector has no raw values";
	if (fault->trigger.correlate != MH_CORRELATE_NONE)
		return "trigger.correlate: not by nodes of a kernel";
	*ret_error = error;
	return NULL;
}

static void note_events(const struct mh_fault *fault, struct mh_kernel_plan *plan, unsigned events)
{
	for (int event = 0; event < MH_EVENT_COUNT; event++)
		if ((events >> event & 1) && !mh_kernel_injector_knows((enum mh_event)event))
			skip(plan, "fault '%s' in event %s: a kernel's injector knows going_online and going_offline",
			     fault->name, mh_event_names[event]);
}

/* That a refusal is rolled back every operation is held to; what comes later is not followed. */
static void note_expectation(const struct mh_fault *fault, struct mh_kernel_plan *plan)
{
	if (fault->expect != MH_EXPECT_NONE && fault->expect != MH_EXPECT_ROLLBACK)
		skip(plan, "fault '%s': 'expect: %s' is not judged of a kernel", fault->name,
		     mh_expect_names[fault->expect]);
}

static int plan_fault(const struct mh_fault *fault, size_t index, struct mh_kernel_plan *plan, struct mh_error *reterr)
{
	struct mh_kernel_fault_plan item = {.index = index};
	struct mh_fault_action action = {.value = 0};
	unsigned events;
	const char *reason;
	int ret = mh_where_events(&fault->where, fault->kind->default_events, &events, reterr);

	if (ret == 0)
		ret = fault->kind->prepare(fault->parameters, &action, reterr);
	if (ret < 0)
		return ret;
	reason = why_not_injected(fault, &action, &item.error);
	if (reason) {
		skip(plan, "fault '%s' (%s): %s", fault->name, fault->kind->name, reason);
		return 0;
	}
	note_events(fault, plan, events);
	note_expectation(fault, plan);
	item.events = events & MH_EVENTS_GOING;
	if (item.events)
		plan->faults[plan->fault_count++] = item;
	return 0;
}

static int plan_faults(const struct mh_scenario *scenario, struct mh_kernel_plan *plan, struct mh_error *reterr)
{
	plan->faults = calloc(scenario->fault_count + 1, sizeof(plan->faults[0]));
	if (!plan->faults)
		return mh_error_set(reterr, -ENOMEM, "no memory for faults");
	for (size_t i = 0; i < scenario->fault_count; i++) {
		int ret = plan_fault(&scenario->faults[i].fault, i, plan, reterr);

		if (ret < 0)
			return ret;
	}
	return 0;
}

int mh_kernel_plan_make(const struct mh_scenario *scenario, struct mh_kernel_plan *ret_plan, struct mh_error *reterr)
{
	struct mh_kernel_plan plan = {.skipped = MH_TEXT_INIT};
	int ret = plan_phases(scenario, &plan);

	if (ret < 0)
		(void)mh_error_set(reterr, ret, "no memory for phases");
	if (ret == 0) {
		plan_workloads(scenario, &plan);
		plan_chain(scenario, &plan);
		ret = plan_faults(scenario, &plan, reterr);
	}
	if (ret < 0)
		mh_kernel_plan_release(&plan);
	else
		*ret_plan = plan;
	return ret;
}

void mh_kernel_plan_release(struct mh_kernel_plan *plan)
{
	free(plan->faults);
	free(plan->drivers);
	mh_text_release(&plan->skipped);
	*plan = (struct mh_kernel_plan){.skipped = MH_TEXT_INIT};
}
