/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making, installing and reading a set of armed faults. All that the hot path touches is allocated here.
 */
#include "faults/arm.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "core/invariant.h"
#include "core/notifier.h"
#include "faults/fault_set.h"
#include "faults/lone.h"

#define FAULT_STREAM_SIZE 128 /* "fault/" and a name; longer ones are cut, which is the same in every run */

static int no_memory(struct mh_error *reterr)
{
	return mh_error_set(reterr, -ENOMEM, "no memory to arm the faults");
}

static uint64_t fault_key(uint64_t seed, const char *name, uint64_t cell)
{
	char stream[FAULT_STREAM_SIZE];

	(void)snprintf(stream, sizeof(stream), "fault/%s", name);
	return mh_rng_key(seed, stream, cell);
}

/* "I05 I06" as a set. */
static uint64_t invariants_of(const char *names)
{
	uint64_t invariants = 0;

	while (*names) {
		size_t length = strcspn(names, " ");

		for (unsigned i = 0; i < mh_invariant_count; i++)
			if (strlen(mh_invariants[i].name) == length &&
			    strncmp(mh_invariants[i].name, names, length) == 0)
				invariants |= UINT64_C(1) << i;
		names += length;
		names += strspn(names, " ");
	}
	MH_ASSERT(__builtin_popcountll(invariants) <= MH_DETECTS_MAX);
	return invariants;
}

static uint64_t detects_of(const struct mh_armed_fault *armed)
{
	const struct mh_fault_kind *kind = armed->fault->kind;

	if (armed->fault->expect != MH_EXPECT_DETECTED)
		return 0;
	return invariants_of(armed->action.detects ? armed->action.detects : kind->detects);
}

static int arm_fault(struct mh_armed_fault *armed, const struct mh_fault *fault,
		     const struct mh_fault_set_config *config, const struct mh_where_scope *scope,
		     struct mh_error *reterr)
{
	struct mh_where_scope own = *scope;
	const char *key;
	int ret = mh_fault_check(fault, &key, reterr);

	if (ret < 0)
		return ret;
	own.default_events = fault->kind->default_events;
	armed->fault = fault;
	armed->key = fault_key(config->seed, fault->name, config->cell);
	ret = fault->kind->prepare(fault->parameters, &armed->action, reterr);
	if (ret < 0)
		return ret;
	armed->detects = detects_of(armed);
	ret = mh_trigger_compile(&fault->trigger, config->time_scale, armed->key, &armed->plan, &key, reterr);
	if (ret < 0)
		return ret;
	ret = mh_where_compile(&fault->where, &own, &armed->match, reterr);
	if (ret < 0 || !fault->kind->begin)
		return ret;
	return fault->kind->begin(&armed->action, config->machine, &armed->state, reterr);
}

static int arm_faults(struct mh_fault_set *set, const struct mh_fault_set_config *config, struct mh_error *reterr)
{
	const char **names = calloc(config->workload_count + 1, sizeof(*names));
	struct mh_where_scope scope = {
		.machine = config->machine,
		.workloads = names,
		.workload_count = config->workload_count,
	};
	int ret = 0;

	if (!names)
		return no_memory(reterr);
	for (unsigned i = 0; i < config->workload_count; i++)
		names[i] = config->workloads[i].name;
	for (unsigned i = 0; !ret && i < config->fault_count; i++)
		ret = arm_fault(&set->faults[i], config->faults[i], config, &scope, reterr);
	free(names);
	return ret;
}

static size_t round_up(size_t size)
{
	return (size + MH_FAULT_LINE_SIZE - 1) / MH_FAULT_LINE_SIZE * MH_FAULT_LINE_SIZE;
}

bool mh_fault_workload_comes_by(const struct mh_fault_workload *workload, enum mh_hook_point point)
{
	switch (point) {
	case MH_HOOK_ALLOC:
		return workload->allocates;
	case MH_HOOK_GRACE:
		return workload->unregisters;
	default:
		return workload->hotplug;
	}
}

static bool comes_by_any(const struct mh_fault_workload *workload, const struct mh_fault_set_config *config)
{
	for (unsigned i = 0; i < config->fault_count; i++)
		if (mh_fault_workload_comes_by(workload, config->faults[i]->kind->point))
			return true;
	return false;
}

/* Only a worker that faults can fire for needs a log; it is touched here, so that no firing pays for it. */
static struct mh_fault_worker *worker_new(unsigned fault_count, bool logs)
{
	size_t size = round_up(sizeof(struct mh_fault_worker) + fault_count * sizeof(struct mh_fault_state));
	struct mh_fault_worker *worker = aligned_alloc(MH_FAULT_LINE_SIZE, size);

	if (!worker)
		return NULL;
	memset(worker, 0, size);
	if (!logs)
		return worker;
	worker->firings = malloc(MH_FIRINGS_KEPT_MAX * sizeof(*worker->firings));
	if (!worker->firings) {
		free(worker);
		return NULL;
	}
	memset(worker->firings, 0, MH_FIRINGS_KEPT_MAX * sizeof(*worker->firings));
	worker->kept_size = MH_FIRINGS_KEPT_MAX;
	return worker;
}

static int pins_new(uint64_t unit_count, struct mh_pins **ret_pins)
{
	struct mh_pins *pins = malloc(sizeof(*pins));
	int ret = pins ? mh_pins_init(pins, unit_count) : -ENOMEM;

	if (ret < 0)
		free(pins);
	else
		*ret_pins = pins;
	return ret;
}

static void pins_free(struct mh_pins *pins)
{
	if (pins)
		mh_pins_release(pins);
	free(pins);
}

static void worker_free(struct mh_fault_worker *worker, unsigned fault_count)
{
	if (!worker)
		return;
	for (unsigned i = 0; i < fault_count; i++) {
		mh_trigger_state_release(&worker->states[i].trigger);
		pins_free(worker->states[i].pins);
	}
	free(worker->firings);
	free(worker);
}

/* The workers of each workload, with nothing in their states yet. */
static int make_workers(struct mh_fault_set *set, const struct mh_fault_set_config *config)
{
	for (unsigned i = 0; i < config->workload_count; i++) {
		unsigned count = config->workloads[i].workers;

		set->workers[i] = calloc(count + 1, sizeof(**set->workers));
		if (!set->workers[i])
			return -ENOMEM;
		set->worker_counts[i] = count;
		for (unsigned j = 0; j < count; j++) {
			set->workers[i][j] = worker_new(set->fault_count, comes_by_any(&config->workloads[i], config));
			if (!set->workers[i][j])
				return -ENOMEM;
			set->workers[i][j]->hotplug = config->workloads[i].hotplug;
		}
	}
	return 0;
}

/* How many workers could make this fault fire. */
static unsigned matching_workers(const struct mh_armed_fault *armed, const struct mh_fault_set_config *config)
{
	unsigned count = 0;

	for (unsigned i = 0; i < config->workload_count; i++)
		for (unsigned j = 0; j < config->workloads[i].workers; j++)
			count += mh_fault_workload_comes_by(&config->workloads[i], armed->fault->kind->point) &&
				 mh_where_worker(&armed->match, i, j);
	return count;
}

/* Worker k of the n that can match may fire times / n times, and once more if k < times % n. */
static uint64_t times_share(uint64_t times, unsigned rank, unsigned count)
{
	return times / count + (rank < times % count);
}

static int init_states(struct mh_fault_set *set, unsigned fault, const struct mh_fault_set_config *config)
{
	const struct mh_armed_fault *armed = &set->faults[fault];
	unsigned count = matching_workers(armed, config), rank = 0;
	unsigned nodes = mh_machine_node_count(config->machine);

	for (unsigned i = 0; i < config->workload_count; i++) {
		for (unsigned j = 0; j < config->workloads[i].workers; j++) {
			struct mh_fault_state *state = &set->workers[i][j]->states[fault];
			bool matches = mh_fault_workload_comes_by(&config->workloads[i], armed->fault->kind->point) &&
				       mh_where_worker(&armed->match, i, j);
			uint64_t share = matches ? times_share(armed->plan.times, rank++, count) : 0;
			int ret = mh_trigger_state_init(&state->trigger, &armed->plan, share, nodes);

			if (ret == 0 && armed->action.pins)
				ret = pins_new(mh_machine_pages_per_block(config->machine), &state->pins);
			if (ret < 0)
				return ret;
			state->sieve.base = mh_rng_mix(armed->key, 0);
		}
	}
	return 0;
}

static bool expects_retry(const struct mh_fault_set_config *config)
{
	for (unsigned i = 0; i < config->fault_count; i++)
		if (config->faults[i]->expect == MH_EXPECT_RETRIED)
			return true;
	return false;
}

static int allocate(struct mh_fault_set *set, const struct mh_fault_set_config *config)
{
	set->faults = calloc(config->fault_count + 1, sizeof(*set->faults));
	set->met = calloc(MH_LISTENER_SLOTS, sizeof(*set->met));
	if (config->census && mh_census_init(&set->census, config->fault_count) < 0)
		return -ENOMEM;
	set->worker_counts = calloc(config->workload_count + 1, sizeof(*set->worker_counts));
	set->workers = calloc(config->workload_count + 1, sizeof(*set->workers));
	if (expects_retry(config)) {
		set->pending = calloc(set->block_count, sizeof(*set->pending));
		if (!set->pending)
			return -ENOMEM;
	}
	return set->faults && set->met && set->worker_counts && set->workers ? 0 : -ENOMEM;
}

static void sort_by_point(struct mh_fault_set *set)
{
	for (unsigned i = 0; i < set->fault_count; i++) {
		struct mh_fault_point *point = &set->points[set->faults[i].fault->kind->point];

		point->faults[point->count++] = (uint8_t)i;
	}
}

static int fill(struct mh_fault_set *set, const struct mh_fault_set_config *config, struct mh_error *reterr)
{
	int ret;

	if (allocate(set, config) < 0)
		return no_memory(reterr);
	ret = arm_faults(set, config, reterr);
	if (ret < 0)
		return ret;
	sort_by_point(set);
	if (make_workers(set, config) < 0 || mh_fault_lone_find(set) < 0)
		return no_memory(reterr);
	for (unsigned i = 0; i < config->fault_count; i++)
		if (init_states(set, i, config) < 0)
			return no_memory(reterr);
	return 0;
}

/* All events but those that a fault acts in. */
static unsigned deaf_events(const struct mh_fault_set *set, const struct mh_fault_point *point)
{
	unsigned events = 0;

	for (unsigned i = 0; i < point->count; i++)
		events |= set->faults[point->faults[i]].match.events;
	return ~events;
}

/* Has those points ask that any fault acts at. */
static void install(struct mh_fault_set *set)
{
	struct mh_fault_point *listener = &set->points[MH_HOOK_LISTENER];

	for (unsigned i = 0; i < MH_HOOK_POINTS; i++)
		set->points[i].hook = (struct mh_hook){.run = mh_fault_set_ask_point, .data = set};
	listener->hook.run = mh_fault_set_ask;
	listener->hook.deaf_events = deaf_events(set, listener);
	listener->hook.sieves = set->sieves.workloads ? &set->sieves : NULL;
	for (unsigned i = 0; i < MH_HOOK_POINTS; i++)
		if (set->points[i].count)
			mh_machine_hook(set->machine, (enum mh_hook_point)i, &set->points[i].hook);
}

int mh_fault_check_build(size_t count, struct mh_error *reterr)
{
	if (!count || mh_machine_has_hooks())
		return 0;
	return mh_error_set(reterr, -EOPNOTSUPP,
			    "%zu faults cannot be armed: this program was built without hooks; build it with "
			    "-DMEMHP_HOOKS=ON",
			    count);
}

int mh_fault_set_arm(const struct mh_fault_set_config *config, struct mh_fault_set **ret_set, struct mh_error *reterr)
{
	struct mh_fault_set *set;
	int ret = mh_fault_check_build(config->fault_count, reterr);

	MH_ASSERT(config->time_scale > 0);
	if (ret < 0)
		return ret;
	if (config->fault_count > MH_FAULTS_MAX)
		return mh_error_set(reterr, -E2BIG, "%u faults are armed at once: at most %u can be",
				    config->fault_count, MH_FAULTS_MAX);
	set = calloc(1, sizeof(*set));
	if (!set)
		return no_memory(reterr);
	set->machine = config->machine;
	set->clock = mh_machine_clock(config->machine);
	set->block_count = mh_machine_block_count(config->machine);
	set->workload_count = config->workload_count;
	set->fault_count = config->fault_count;
	set->converge_ticks = mh_clock_ticks_of_ns(set->clock, config->converge_within_ns);
	ret = fill(set, config, reterr);
	if (ret < 0) {
		mh_fault_set_free(set);
		return ret;
	}
	install(set);
	*ret_set = set;
	return 0;
}

void mh_fault_set_start(struct mh_fault_set *set, uint64_t start_ticks)
{
	set->start_ticks = start_ticks;
}

bool mh_fault_set_follows_blocks(const struct mh_fault_set *set)
{
	return set->pending;
}

static void disarm_workers(struct mh_fault_set *set, unsigned fault)
{
	const struct mh_fault_kind *kind = set->faults[fault].fault->kind;

	for (unsigned i = 0; kind->disarm && i < set->workload_count; i++)
		for (unsigned j = 0; j < set->worker_counts[i]; j++)
			kind->disarm(set->machine, &set->workers[i][j]->states[fault].memory);
}

void mh_fault_set_disarm(struct mh_fault_set *set, uint64_t now_ticks)
{
	for (unsigned i = 0; i < MH_HOOK_POINTS; i++)
		if (set->points[i].count)
			mh_machine_hook(set->machine, (enum mh_hook_point)i, NULL);
	for (unsigned i = 0; i < set->fault_count; i++)
		disarm_workers(set, i);
	mh_fault_set_judge_pending(set, now_ticks);
}

static void free_workers(struct mh_fault_set *set)
{
	for (unsigned i = 0; set->workers && i < set->workload_count; i++) {
		for (unsigned j = 0; set->workers[i] && j < set->worker_counts[i]; j++)
			worker_free(set->workers[i][j], set->fault_count);
		free(set->workers[i]);
	}
	free(set->workers);
	free(set->worker_counts);
}

static void disarm_fault(struct mh_armed_fault *armed)
{
	if (armed->state)
		armed->fault->kind->end(armed->state);
	mh_where_match_release(&armed->match);
}

void mh_fault_set_free(struct mh_fault_set *set)
{
	if (!set)
		return;
	free_workers(set);
	for (unsigned i = 0; set->faults && i < set->fault_count; i++)
		disarm_fault(&set->faults[i]);
	free(set->faults);
	free(set->met);
	mh_fault_lone_release(set);
	free(set->pending);
	mh_census_release(&set->census);
	free(set);
}

/* Calls @each for every worker, by workload and worker. */
static int each_worker(const struct mh_fault_set *set, int (*each)(void *data, const struct mh_fault_worker *worker),
		       void *data)
{
	for (unsigned i = 0; i < set->workload_count; i++) {
		for (unsigned j = 0; j < set->worker_counts[i]; j++) {
			int ret = each(data, set->workers[i][j]);

			if (ret)
				return ret;
		}
	}
	return 0;
}

struct fault_sum {
	unsigned fault;
	struct mh_fault_counts counts;
};

static int add_counts(void *data, const struct mh_fault_worker *worker)
{
	struct fault_sum *sum = data;
	const struct mh_fault_state *state = &worker->states[sum->fault];

	sum->counts.armed += state->armed + state->sieve.passed;
	sum->counts.evaluated += state->evaluated + state->sieve.passed;
	sum->counts.fired += state->fired;
	sum->counts.judged += state->judged;
	sum->counts.unmet += state->unmet;
	sum->counts.unjudged += state->unjudged;
	sum->counts.digest += state->digest;
	return 0;
}

void mh_fault_set_counts(const struct mh_fault_set *set, unsigned fault, struct mh_fault_counts *ret_counts)
{
	struct fault_sum sum = {.fault = fault};

	(void)each_worker(set, add_counts, &sum);
	*ret_counts = sum.counts;
	ret_counts->judged += set->faults[fault].late_unmet;
	ret_counts->unmet += set->faults[fault].late_unmet;
	ret_counts->late_unjudged = set->faults[fault].late_unjudged;
}

struct detected_sum {
	unsigned fault;
	struct mh_fault_detected *detected;
};

static int add_detected(void *data, const struct mh_fault_worker *worker)
{
	struct detected_sum *sum = data;

	for (unsigned i = 0; i < MH_DETECTS_MAX; i++)
		sum->detected[i].count += worker->states[sum->fault].detected[i];
	return 0;
}

unsigned mh_fault_set_detected(const struct mh_fault_set *set, unsigned fault, struct mh_fault_detected *ret_detected)
{
	uint64_t detects = set->faults[fault].detects;
	unsigned count = 0;

	memset(ret_detected, 0, MH_DETECTS_MAX * sizeof(*ret_detected));
	for (; detects; detects &= detects - 1)
		ret_detected[count++].invariant = mh_invariants[__builtin_ctzll(detects)].name;
	(void)each_worker(set, add_detected, &(struct detected_sum){.fault = fault, .detected = ret_detected});
	return count;
}

struct firing_reader {
	int (*each)(void *data, const struct mh_firing *firing);
	void *data;
};

static int read_first(const struct firing_reader *reader, const struct mh_fault_worker *worker, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		int ret = reader->each(reader->data, &worker->firings[i]);

		if (ret)
			return ret;
	}
	return 0;
}

static int read_firings(void *data, const struct mh_fault_worker *worker)
{
	return read_first(data, worker, worker->kept);
}

int mh_fault_set_firings(const struct mh_fault_set *set, int (*each)(void *data, const struct mh_firing *firing),
			 void *data)
{
	struct firing_reader reader = {.each = each, .data = data};

	return each_worker(set, read_firings, &reader);
}

uint32_t mh_fault_set_kept(const struct mh_fault_set *set, unsigned workload, unsigned worker)
{
	return set->workers[workload][worker]->kept;
}

int mh_fault_set_firings_of(const struct mh_fault_set *set, unsigned workload, unsigned worker, uint32_t count,
			    int (*each)(void *data, const struct mh_firing *firing), void *data)
{
	struct firing_reader reader = {.each = each, .data = data};

	return read_first(&reader, set->workers[workload][worker], count);
}

static int add_dropped(void *data, const struct mh_fault_worker *worker)
{
	*(uint64_t *)data += worker->dropped;
	return 0;
}

uint64_t mh_fault_set_dropped(const struct mh_fault_set *set)
{
	uint64_t dropped = 0;

	(void)each_worker(set, add_dropped, &dropped);
	return dropped;
}

const struct mh_census *mh_fault_set_census(const struct mh_fault_set *set)
{
	return &set->census;
}

unsigned mh_fault_set_unmet(const struct mh_fault_set *set, const struct mh_unmet **ret_unmet)
{
	unsigned count = atomic_load(&set->unmet_count);

	*ret_unmet = set->unmet;
	return count < MH_UNMET_KEPT ? count : MH_UNMET_KEPT;
}
