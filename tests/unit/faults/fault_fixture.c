/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine that the tests of faults run on.
 */
#include "tests/unit/faults/fault_fixture.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/rng.h"
#include "base/units.h"
#include "core/topology/topology.h"

static const struct {
	const char *name;
	int priority;
} facts[FIXTURE_LISTENERS] = {{"top", 100}, {"mid.0", 0}, {"mid.1", 0}, {"low", -1}};

static int answers[FIXTURE_LISTENERS];
static bool refuses_online;
static enum mh_compat compat;

static int count_call(struct notifier_block *nb, unsigned long action, void *data)
{
	struct fixture_listener *listener = (struct fixture_listener *)nb;
	unsigned which = 0;
	int event = mh_protocol_event(mh_protocol_of(compat), false, action);

	(void)data;
	if (event >= 0)
		listener->calls[event]++;
	while (which < FIXTURE_LISTENERS && facts[which].priority != nb->priority)
		which++;
	if (refuses_online && which == LOW && event == MH_GOING_ONLINE)
		return NOTIFY_BAD;
	return answers[which];
}

void fixture_refuse_online(struct fixture *fixture, bool refuse)
{
	(void)fixture;
	refuses_online = refuse;
}

void fixture_answer(struct fixture *fixture, unsigned listener, int value)
{
	(void)fixture;
	answers[listener] = value;
}

#define PARAMETERS_SIZE 128

/* Of the faults of one test. */
static _Alignas(16) unsigned char pool[8][PARAMETERS_SIZE];
static unsigned pool_used;

static void make_machine(struct fixture *fixture, const struct fixture_options *options)
{
	struct mh_error error = {0};
	struct mh_machine_config config = {
		.block_size_bytes = UINT64_C(128) << 20,
		.initial_online_ppb = MH_PPB_ONE / 2,
		.movable_ppb = MH_PPB_ONE / 2,
		.clock = &fixture->clock,
		.chain = options->chain,
		.verify = options->verify,
		.compat = options->compat,
	};

	cr_assert_eq(mh_topology_load("pack:2 [numa(memory=1GiB)] core:1 pu:1", 0, &fixture->topology, &error), 0, "%s",
		     error.text);
	config.topology = fixture->topology;
	cr_assert_eq(mh_machine_new(&config, &fixture->machine, &error), 0, "%s", error.text);
}

void fixture_init(struct fixture *fixture)
{
	fixture_init_with(fixture, &(struct fixture_options){.compat = MH_COMPAT_V6_1});
}

void fixture_init_with(struct fixture *fixture, const struct fixture_options *options)
{
	memset(fixture, 0, sizeof(*fixture));
	pool_used = 0;
	compat = options->compat;
	refuses_online = false;
	mh_clock_init(&fixture->clock, MH_CLOCK_MONOTONIC);
	make_machine(fixture, options);
	for (unsigned i = 0; i < FIXTURE_LISTENERS; i++) {
		answers[i] = NOTIFY_OK;
		fixture->listeners[i].nb.notifier_call = count_call;
		fixture->listeners[i].nb.priority = facts[i].priority;
		cr_assert_eq(
			mh_chain_register(mh_machine_chain(fixture->machine), &fixture->listeners[i].nb, facts[i].name),
			0);
	}
	cr_assert_eq(mh_trace_init(&fixture->trace, FIXTURE_CALLS, MH_STAMPS_NONE, &fixture->clock), 0);
	fixture->operation.trace = &fixture->trace;
	fixture->operation.identity.workers = 1;
}

void fixture_release(struct fixture *fixture)
{
	for (unsigned i = 0; i < FIXTURE_LISTENERS; i++)
		(void)mh_chain_unregister(mh_machine_chain(fixture->machine), &fixture->listeners[i].nb);
	mh_trace_release(&fixture->trace);
	mh_machine_free(fixture->machine);
	mh_topology_free(fixture->topology);
}

struct mh_fault fixture_fault(const char *name, const char *kind, void *parameters)
{
	struct mh_fault fault = {
		.name = (char *)name,
		.kind = mh_fault_kind_find(kind),
		.parameters = parameters,
		.trigger.probability_ppb = MH_PPB_ONE,
	};

	cr_assert_not_null(fault.kind, "no kind '%s'", kind);
	return fault;
}

static const struct mh_schema_row *find_row(const struct mh_fault_kind *kind, const char *key)
{
	for (size_t i = 0; i < kind->parameters->count; i++)
		if (!strcmp(kind->parameters->rows[i].key, key))
			return &kind->parameters->rows[i];
	cr_assert_fail("'%s' has no parameter '%s'", kind->name, key);
	return NULL;
}

void fixture_set(struct mh_fault *fault, const char *key, uint64_t value)
{
	const struct mh_schema_row *row = find_row(fault->kind, key);

	if (!fault->parameters) {
		cr_assert_lt(pool_used, 8);
		cr_assert_leq(fault->kind->parameters->size, PARAMETERS_SIZE);
		fault->parameters = memset(pool[pool_used++], 0, PARAMETERS_SIZE);
	}
	if (row->type == MH_VALUE_ENUM)
		*(int *)(void *)((char *)fault->parameters + row->offset) = (int)value;
	else
		*(uint64_t *)(void *)((char *)fault->parameters + row->offset) = value;
}

struct mh_fault_set *fixture_arm(struct fixture *fixture, const struct mh_fault *faults, unsigned count,
				 unsigned workers, uint64_t seed)
{
	const struct mh_fault *pointers[8];
	struct mh_fault_workload workloads[] = {
		{.name = "toggle", .workers = workers, .hotplug = true},
		{.name = "alloc", .workers = 1, .allocates = true},
		{.name = "churn", .workers = 1, .unregisters = true},
	};
	struct mh_fault_set_config config = {
		.machine = fixture->machine,
		.faults = pointers,
		.fault_count = count,
		.workloads = workloads,
		.workload_count = 3,
		.seed = seed,
		.time_scale = 1,
		.converge_within_ns = 1000000,
	};
	struct mh_error error = {0};
	struct mh_fault_set *set;

	cr_assert_leq(count, 8);
	for (unsigned i = 0; i < count; i++)
		pointers[i] = &faults[i];
	cr_assert_eq(mh_fault_set_arm(&config, &set, &error), 0, "%s", error.text);
	mh_fault_set_start(set, mh_clock_ticks(&fixture->clock));
	return set;
}

int fixture_toggle(struct fixture *fixture, struct mh_fault_set *set, unsigned worker, uint64_t index, uint32_t block)
{
	struct mh_operation *operation = &fixture->operation;
	uint64_t begin = mh_clock_ticks(&fixture->clock), end;
	int ret;

	mh_trace_reset(&fixture->trace);
	operation->identity.worker = (uint16_t)worker;
	operation->identity.stream = mh_rng_key(7, "toggle", worker);
	operation->identity.index = index;
	if (mh_machine_block_state(fixture->machine, block) == MH_BLOCK_OFFLINE)
		ret = mh_block_online(fixture->machine, operation, block, MH_ONLINE_DEFAULT);
	else
		ret = mh_block_offline(fixture->machine, operation, block);
	end = mh_clock_ticks(&fixture->clock);
	if (set)
		mh_fault_set_judge(set, mh_fault_set_follows_blocks(set), operation, end - begin, end);
	return ret;
}

struct mh_fault_counts fixture_counts(struct fixture *fixture, struct mh_fault_set *set, unsigned fault)
{
	struct mh_fault_counts counts;

	mh_fault_set_disarm(set, mh_clock_ticks(&fixture->clock));
	mh_fault_set_counts(set, fault, &counts);
	return counts;
}

struct fixture_outcome fixture_cycle_with(struct fixture *fixture, const struct mh_fault *fault, uint32_t block)
{
	struct mh_fault_set *set = fixture_arm(fixture, fault, 1, 1, 1);
	const struct mh_unmet *unmet;
	struct fixture_outcome outcome;

	for (uint64_t i = 0; i < 4; i++)
		(void)fixture_toggle(fixture, set, 0, i, block);
	outcome.counts = fixture_counts(fixture, set, 0);
	outcome.detects = mh_fault_set_detected(set, 0, outcome.detected);
	outcome.violations = mh_machine_check(fixture->machine)->violation_count;
	if (mh_fault_set_unmet(set, &unmet))
		cr_expect_fail("%s", unmet[0].text);
	mh_fault_set_free(set);
	cr_expect_eq(mh_check_machine(fixture->machine), 0, "the machine is not whole");
	return outcome;
}
