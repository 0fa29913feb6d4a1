/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects the names from the tables that define them; only chains, events, metrics and counts have their sentence
 * here. */
#include "bench/cli/catalogue.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/rcu.h"
#include "bench/engine/custom.h"
#include "bench/engine/section.h"
#include "core/event.h"
#include "core/invariant.h"
#include "core/listeners.h"
#include "core/notifier.h"

static const char *const chain_help[MH_CHAIN_TYPES] = {
	[MH_CHAIN_RCU_ARRAY] =
		"an immutable sorted array, replaced whole; a walk sees the chain as it was when it began",
	[MH_CHAIN_RCU_LIST] = "links under RCU; a walk fetches the next link before each call, as the kernel's does",
	[MH_CHAIN_RWLOCK] = "links under a lock that prefers writers: the kernel's blocking chain",
	[MH_CHAIN_MUTEX] = "links under a mutex",
};

static const char *const rcu_help[MH_RCU_FLAVOURS] = {
	[MH_RCU_MEMB] = "liburcu with sys_membarrier: cheap reads",
	[MH_RCU_QSBR] = "liburcu with quiescent states: reads cost nothing; listeners must not sleep",
	[MH_RCU_BP] = "liburcu that registers threads by itself",
	[MH_RCU_MB] = "liburcu with memory barriers: slow reads, fast grace periods",
	[MH_RCU_SRCU] = "a domain of the chain's own: a sleeping listener delays nobody else's grace period",
};

static const char *const event_help[MH_EVENT_COUNT] = {
	[MH_GOING_ONLINE] = "before a block goes online; may be refused",
	[MH_CANCEL_ONLINE] = "an online was refused or failed",
	[MH_ONLINE] = "a block is online",
	[MH_GOING_OFFLINE] = "before a block goes offline; may be refused",
	[MH_CANCEL_OFFLINE] = "an offline was refused or failed",
	[MH_OFFLINE] = "a block is offline",
	[MH_PREPARE_ONLINE] = "v6.12: before all else of an online; may be refused, and then nobody hears of it again",
	[MH_FINISH_OFFLINE] = "v6.12: after an offline, and after an online that was refused in going_online",
	[MH_NODE_ADDING_FIRST_MEMORY] = "v7.3, chain of nodes: before a node's first memory; may be refused",
	[MH_NODE_ADDED_FIRST_MEMORY] = "v7.3, chain of nodes: a node has its first memory",
	[MH_NODE_CANCEL_ADDING_FIRST_MEMORY] = "v7.3, chain of nodes: a node's first memory was refused or failed",
	[MH_NODE_REMOVING_LAST_MEMORY] = "v7.3, chain of nodes: before a node's last memory goes; may be refused",
	[MH_NODE_REMOVED_LAST_MEMORY] = "v7.3, chain of nodes: a node has no memory left",
	[MH_NODE_CANCEL_REMOVING_LAST_MEMORY] =
		"v7.3, chain of nodes: the end of a node's memory was refused or failed",
};

static const struct {
	const char *name, *help;
} metrics[] = {
	{"service", "PHASE/service.STAT: time of an operation from its start to its end"},
	{"wait", "PHASE/wait.STAT: from the intended start to the start; 0 in a closed loop"},
	{"response", "PHASE/response.STAT: from the intended start to the end"},
	{"online", "PHASE/online.STAT: service time of onlines"},
	{"offline", "PHASE/offline.STAT: service time of offlines"},
	{"walk", "PHASE/walk.STAT: one call of the chain; walk.going_online and so on by event"},
	{"cb.NAME", "PHASE/cb.NAME.STAT: one call of one listener; on both chains; beyond 64 listeners cb.other"},
	{"lock", "PHASE/lock.STAT: wait for the hotplug lock"},
	{"grace", "PHASE/grace.STAT: wait for a grace period"},
	{"drain", "PHASE/drain.STAT: draining the per-CPU page lists, an operation"},
	{"migrate", "PHASE/migrate.STAT: migrating used pages, an operation"},
	{"clean", "PHASE/SERIES/clean.STAT: of operations that no fault touched, now or before"},
	{"faulted", "PHASE/SERIES/faulted.STAT: of operations in which a fault fired"},
	{"recovering",
	 "PHASE/SERIES/recovering.STAT: of those on a block that a faulted failure left, until it succeeds"},
	{"throughput", "PHASE/throughput: completed operations a second"},
	{"recovery", "PHASE/recovery: time until the machine had converged"},
	{"fired", "faults.NAME.fired: how often the fault fired"},
	{"armed", "faults.NAME.armed: calls of listeners while it was armed"},
	{"evaluated", "faults.NAME.evaluated: calls that its `where` matched"},
	{"pQ", "STAT of a series: p50, p99.9, or p(0.5): a quantile"},
	{"mean", "STAT of a series: the mean"},
	{"max", "STAT of a series: the largest value"},
	{"min", "STAT of a series: the smallest value"},
	{"count", "STAT of a series: how many values"},
	{"shape", "STAT of a series: p99 / p50"},
	{"share_over", "STAT of a series: share_over(1ms), the share of values above"},
};

/* Of what --counts holds the sides against each other; docs/results-format.md says which of them are exact. */
static const struct {
	const char *name, *help;
} counts[] = {
	{"calls", "PHASE/calls/LISTENER/EVENT: calls of a listener"},
	{"operations", "PHASE/operations/online/OUTCOME, …/offline/OUTCOME: done, vetoed and so on"},
	{"read_sections", "PHASE/read_sections: walks of the chain in operations"},
	{"hotplug_locks", "PHASE/hotplug_locks: acquisitions of the hotplug lock in operations"},
	{"grace_periods", "PHASE/grace_periods: of the whole machine"},
	{"drains", "PHASE/drains: of the per-CPU page lists, of the whole machine"},
	{"pages_migrated", "PHASE/pages_migrated: of the whole machine"},
	{"allocations_refused", "PHASE/allocations_refused: of the whole machine"},
	{"kapi", "PHASE/kapi/LISTENER/EVENT/SYMBOL: calls of a kernel function by a module's callback; kmalloc.bytes"},
};

static struct mh_catalogue_entry *entry_add(struct mh_catalogue *catalogue, const char *group, const char *name,
					    const char *help)
{
	struct mh_catalogue_entry *entry = &catalogue->entries[catalogue->count];

	MH_ASSERT(catalogue->count < MH_CATALOGUE_MAX);
	catalogue->count++;
	*entry = (struct mh_catalogue_entry){.group = group, .help = help};
	snprintf(entry->name, sizeof(entry->name), "%s", name);
	return entry;
}

static void add_kinds(struct mh_catalogue *catalogue)
{
	for (unsigned i = 0; i < mh_fault_kind_count(); i++) {
		const struct mh_fault_kind *kind = mh_fault_kind_at(i);
		struct mh_catalogue_entry *entry = entry_add(catalogue, "faults", kind->name, kind->help);

		entry->parameters = kind->parameters;
		entry->common = &mh_fault_schema;
	}
	for (unsigned i = 0; i < mh_workload_kind_count(); i++) {
		const struct mh_workload_kind *kind = mh_workload_kind_at(i);
		struct mh_catalogue_entry *entry = entry_add(catalogue, "workloads", kind->name, kind->help);

		entry->parameters = kind->parameters;
		entry->common = &mh_workload_schema;
	}
}

static void add_core(struct mh_catalogue *catalogue)
{
	size_t preset_count;
	const struct mh_listener_preset *presets = mh_listener_presets(&preset_count);

	for (unsigned i = 0; i < MH_CHAIN_TYPES; i++)
		entry_add(catalogue, "chains", mh_chain_type_names[i], chain_help[i]);
	for (unsigned i = 0; i < MH_RCU_FLAVOURS; i++)
		entry_add(catalogue, "rcu", mh_rcu_flavour_names[i], rcu_help[i]);
	for (size_t i = 0; i < preset_count; i++)
		entry_add(catalogue, "presets", presets[i].name, "stand-ins for the kernel's own listeners");
	for (unsigned i = 0; i < MH_EVENT_COUNT; i++)
		entry_add(catalogue, "events", mh_event_names[i], event_help[i]);
	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++)
		entry_add(catalogue, "metrics", metrics[i].name, metrics[i].help);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		entry_add(catalogue, "counts", counts[i].name, counts[i].help);
	for (unsigned i = 0; i < mh_invariant_count; i++)
		entry_add(catalogue, "invariants", mh_invariants[i].name, mh_invariants[i].help)->checked =
			mh_check_time_names[mh_invariants[i].time];
}

/* A section and the sections within it, in the order of the rows. */
static void add_section(struct mh_catalogue *catalogue, const struct mh_schema *schema, const char *path,
			const char *help)
{
	struct mh_catalogue_entry *entry = entry_add(catalogue, "sections", path, help);

	entry->parameters = schema;
	for (size_t i = 0; i < schema->count; i++) {
		const struct mh_schema_row *row = &schema->rows[i];
		const struct mh_custom *custom = row->type == MH_VALUE_CUSTOM ? mh_custom_find(schema, row) : NULL;
		char inner[MH_CATALOGUE_NAME_MAX];

		if (!custom || !custom->nested)
			continue;
		if (schema == &mh_scenario_schema)
			snprintf(inner, sizeof(inner), "%s", row->key);
		else
			snprintf(inner, sizeof(inner), "%.40s.%.20s", path, row->key);
		add_section(catalogue, custom->nested, inner, row->help);
	}
}

void mh_catalogue_fill(struct mh_catalogue *catalogue)
{
	catalogue->count = 0;
	add_kinds(catalogue);
	add_core(catalogue);
	add_section(catalogue, &mh_scenario_schema, "scenario", "the top of a scenario file");
}

const struct mh_catalogue_entry *mh_catalogue_find(const struct mh_catalogue *catalogue, const char *name)
{
	for (size_t i = 0; i < catalogue->count; i++)
		if (strcmp(catalogue->entries[i].name, name) == 0)
			return &catalogue->entries[i];
	for (size_t i = 0; i < catalogue->count; i++) {
		const char *dot = strrchr(catalogue->entries[i].name, '.');

		if (dot && strcmp(catalogue->entries[i].group, "sections") == 0 && strcmp(dot + 1, name) == 0)
			return &catalogue->entries[i];
	}
	return NULL;
}
