/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decisions: no bias, exact at the ends, the same from the same seed whatever the threads' timing, and the counting and
 * logging of what fired.
 */
#include "faults/arm.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "base/units.h"
#include "faults/fault_set.h"
#include "tests/unit/faults/fault_fixture.h"

static struct fixture fixture;

static void setup(void)
{
	fixture_init(&fixture);
}

static void teardown(void)
{
	fixture_release(&fixture);
}

TestSuite(decision, .init = setup, .fini = teardown);

/* Asks the hook itself, as a walk of worker @worker would, at listener @id in operation @index. */
static void ask(struct mh_fault_set *set, unsigned worker, uint64_t index, uint16_t id, enum mh_event event)
{
	struct mh_operation operation = {
		.identity = {.stream = mh_rng_key(1, "w", worker), .index = index, .worker = (uint16_t)worker},
	};
	struct memory_notify arg = {.nr_pages = 32768};
	const struct mh_hook_site site = {
		.operation = &operation,
		.event = event,
		.event_number = 1,
		.listener = mh_chain_listener(mh_machine_chain(fixture.machine), id),
		.arg = &arg,
		.pages = (uint32_t)arg.nr_pages,
	};

	(void)mh_fault_set_ask(set, &site, NOTIFY_OK);
}

/* Firings of @calls calls of one worker, spread over the four listeners. */
static uint64_t fired_of(uint64_t ppb, uint64_t calls, uint64_t seed)
{
	struct mh_fault fault = fixture_fault("f", "notifier-veto", NULL);
	struct mh_fault_set *set;
	struct mh_fault_counts counts;

	fault.trigger.probability_ppb = ppb;
	set = fixture_arm(&fixture, &fault, 1, 1, seed);
	for (uint64_t i = 0; i < calls; i++)
		ask(set, 0, i / FIXTURE_LISTENERS, i % FIXTURE_LISTENERS, MH_GOING_ONLINE);
	counts = fixture_counts(&fixture, set, 0);
	cr_expect_eq(counts.evaluated, calls);
	mh_fault_set_free(set);
	return counts.fired;
}

/* Within five standard deviations for each of three seeds: a false alarm once in 600,000. */
static void has_no_bias(uint64_t ppb, uint64_t calls)
{
	double p = (double)ppb / MH_PPB_ONE, mean = p * (double)calls;
	double sigma = sqrt(mean * (1 - p));

	for (uint64_t seed = 1; seed <= 3; seed++) {
		uint64_t fired = fired_of(ppb, calls, seed);

		cr_expect(fabs((double)fired - mean) < 5 * sigma, "seed %lu: %lu fired, expected %.0f +- %.0f", seed,
			  fired, mean, sigma);
	}
}

Test(decision, has_no_bias_at_a_thousandth)
{
	has_no_bias(MH_PPB_ONE / 1000, 1000000);
}

Test(decision, has_no_bias_at_a_hundredth)
{
	has_no_bias(MH_PPB_ONE / 100, 300000);
}

Test(decision, has_no_bias_at_thirty_percent)
{
	has_no_bias(MH_PPB_ONE / 10 * 3, 100000);
}

Test(decision, never_fires_at_zero_and_always_at_one)
{
	cr_expect_eq(fired_of(0, 100000, 1), 0);
	cr_expect_eq(fired_of(MH_PPB_ONE, 100000, 1), 100000);
}

Test(decision, differs_between_listeners_and_events_of_an_operation)
{
	struct mh_fault fault = fixture_fault("f", "notifier-stop", NULL);
	struct mh_fault_set *set;
	unsigned pairs[4] = {0};

	fault.trigger.probability_ppb = MH_PPB_ONE / 2;
	set = fixture_arm(&fixture, &fault, 1, 1, 1);
	for (uint64_t i = 0; i < 4000; i++) {
		struct mh_fault_state *state = &set->workers[0][0]->states[0];
		uint64_t before = state->fired, first, second;

		ask(set, 0, i, 0, MH_GOING_ONLINE);
		first = state->fired - before;
		ask(set, 0, i, i % 2 ? 1 : 0, i % 2 ? MH_GOING_ONLINE : MH_ONLINE);
		second = state->fired - before - first;
		pairs[first * 2 + second]++;
	}
	for (unsigned i = 0; i < 4; i++)
		cr_expect(pairs[i] > 850 && pairs[i] < 1150, "pair %u: %u of 4000, not about 1000", i, pairs[i]);
	mh_fault_set_disarm(set, 0);
	mh_fault_set_free(set);
}

#define WORKERS    3
#define OPERATIONS 400

/* Three workers, each through its operations; in one order or interleaved in another. */
static struct mh_fault_counts run_workers(const struct mh_fault *fault, uint64_t seed, bool interleaved)
{
	struct mh_fault_set *set = fixture_arm(&fixture, fault, 1, WORKERS, seed);
	struct mh_fault_counts counts;
	uint64_t next[WORKERS] = {0};

	for (unsigned i = 0; i < WORKERS * OPERATIONS; i++) {
		unsigned worker = interleaved ? (unsigned)(mh_rng_mix(i, 17) % WORKERS) : i / OPERATIONS;

		while (next[worker] == OPERATIONS)
			worker = (worker + 1) % WORKERS;
		for (uint16_t id = 0; id < FIXTURE_LISTENERS; id++)
			ask(set, worker, next[worker], id, MH_GOING_OFFLINE);
		next[worker]++;
	}
	counts = fixture_counts(&fixture, set, 0);
	mh_fault_set_free(set);
	return counts;
}

static void same_in_any_interleaving(const struct mh_fault *fault)
{
	struct mh_fault_counts one = run_workers(fault, 5, false), other = run_workers(fault, 5, true);

	cr_expect_gt(one.fired, 0);
	cr_expect_eq(one.fired, other.fired, "%lu and %lu", one.fired, other.fired);
	cr_expect_eq(one.digest, other.digest, "%lx and %lx", one.digest, other.digest);
}

Test(decision, is_the_same_in_any_interleaving_of_threads)
{
	struct mh_fault fault = fixture_fault("f", "notifier-veto", NULL);

	fault.trigger.probability_ppb = MH_PPB_ONE / 10;
	same_in_any_interleaving(&fault);
}

Test(decision, counters_are_the_same_in_any_interleaving_of_threads)
{
	struct mh_fault fault = fixture_fault("f", "notifier-veto", NULL);

	fault.trigger.after = 5;
	fault.trigger.every = 3;
	fault.trigger.times = 100;
	fault.trigger.probability_ppb = MH_PPB_ONE / 2;
	same_in_any_interleaving(&fault);
}

Test(decision, bursts_by_events_are_the_same_in_any_interleaving_of_threads)
{
	struct mh_fault fault = fixture_fault("f", "notifier-veto", NULL);

	fault.trigger.burst = (struct mh_burst){
		.given = true,
		.bad_ppb = MH_PPB_ONE / 2,
		.mean_good = (char *)"20",
		.mean_bad = (char *)"5",
		.domain = MH_BURST_EVENTS,
	};
	same_in_any_interleaving(&fault);
}

Test(decision, depends_on_seed_and_name)
{
	struct mh_fault fault = fixture_fault("f", "notifier-veto", NULL), other;
	uint64_t digest;

	fault.trigger.probability_ppb = MH_PPB_ONE / 10;
	other = fault;
	other.name = (char *)"g";
	digest = run_workers(&fault, 5, false).digest;
	cr_expect_eq(digest, run_workers(&fault, 5, false).digest, "the same seed gives the same set");
	cr_expect_neq(digest, run_workers(&fault, 6, false).digest);
	cr_expect_neq(digest, run_workers(&other, 5, false).digest);
}

Test(decision, times_is_dealt_out_over_the_workers_that_can_match)
{
	struct mh_fault fault = fixture_fault("f", "notifier-veto", NULL);
	struct mh_fault_set *set;
	struct mh_range range = {1, 2};

	fault.trigger.times = 5;
	fault.where.thread = (struct mh_range_list){&range, 1};
	set = fixture_arm(&fixture, &fault, 1, WORKERS, 1);
	for (unsigned worker = 0; worker < WORKERS; worker++) {
		static const uint64_t shares[WORKERS] = {0, 3, 2};
		uint64_t fired;

		for (uint64_t i = 0; i < 50; i++)
			ask(set, worker, i, 0, MH_GOING_ONLINE);
		fired = set->workers[0][worker]->states[0].fired;
		cr_expect_eq(fired, shares[worker], "worker %u: %lu, not %lu", worker, fired, shares[worker]);
	}
	cr_expect_eq(fixture_counts(&fixture, set, 0).fired, 5);
	mh_fault_set_free(set);
}

static int sum_firings(void *data, const struct mh_firing *firing)
{
	uint64_t *sums = data;

	sums[0]++;
	sums[1] += firing->index;
	return 0;
}

Test(decision, logs_each_firing_with_its_identity)
{
	struct mh_fault fault = fixture_fault("f", "notifier-veto", NULL);
	struct mh_fault_set *set = fixture_arm(&fixture, &fault, 1, 1, 1);
	uint64_t sums[2] = {0};

	for (uint64_t i = 10; i < 20; i++)
		ask(set, 0, i, 0, MH_GOING_ONLINE);
	cr_expect_eq(mh_fault_set_firings(set, sum_firings, sums), 0);
	cr_expect_eq(sums[0], 10, "%lu", sums[0]);
	cr_expect_eq(sums[1], 145, "%lu", sums[1]);
	cr_expect_eq(mh_fault_set_dropped(set), 0);
	mh_fault_set_disarm(set, 0);
	mh_fault_set_free(set);
}

Test(decision, counts_the_firings_that_the_log_has_no_room_for)
{
	struct mh_fault fault = fixture_fault("f", "notifier-veto", NULL);
	struct mh_fault_set *set = fixture_arm(&fixture, &fault, 1, 1, 1);
	uint64_t sums[2] = {0};

	for (uint64_t i = 0; i < MH_FIRINGS_KEPT_MAX + 3; i++)
		ask(set, 0, i, 0, MH_GOING_ONLINE);
	(void)mh_fault_set_firings(set, sum_firings, sums);
	cr_expect_eq(sums[0], MH_FIRINGS_KEPT_MAX, "%lu", sums[0]);
	cr_expect_eq(mh_fault_set_dropped(set), 3, "%lu", mh_fault_set_dropped(set));
	cr_expect_eq(fixture_counts(&fixture, set, 0).fired, MH_FIRINGS_KEPT_MAX + 3);
	mh_fault_set_free(set);
}

Test(decision, disarmed_faults_do_not_act)
{
	struct mh_fault fault = fixture_fault("f", "notifier-veto", NULL);
	struct mh_fault_set *set = fixture_arm(&fixture, &fault, 1, 1, 1);

	cr_expect_eq(fixture_toggle(&fixture, set, 0, 0, 0), -EPERM);
	mh_fault_set_disarm(set, 0);
	cr_expect_eq(fixture_toggle(&fixture, NULL, 0, 1, 0), 0);
	mh_fault_set_free(set);
}

Test(decision, refuses_too_many_faults)
{
	struct mh_fault_set_config config = {
		.machine = fixture.machine, .fault_count = MH_FAULTS_MAX + 1, .time_scale = 1};
	struct mh_error error = {0};
	struct mh_fault_set *set = NULL;

	cr_expect_eq(mh_fault_set_arm(&config, &set, &error), -E2BIG);
	cr_expect_neq(error.text[0], '\0');
	cr_expect_null(set);
}

/* Stamps in pairs take the walk that asks the hook at every listener; the other one draws itself (core/sieve.h). */
static struct mh_fault_counts toggles_with(const struct mh_fault *fault, enum mh_stamp_level level)
{
	struct mh_fault_set *set = fixture_arm(&fixture, fault, 1, 1, 11);
	struct mh_fault_counts counts;

	fixture.trace.level = level;
	for (uint64_t index = 0; index < 400; index++)
		(void)fixture_toggle(&fixture, set, 0, index, 1);
	fixture.trace.level = MH_STAMPS_NONE;
	counts = fixture_counts(&fixture, set, 0);
	mh_fault_set_free(set);
	if (mh_machine_block_state(fixture.machine, 1) == MH_BLOCK_OFFLINE)
		(void)fixture_toggle(&fixture, NULL, 0, 0, 1);
	return counts;
}

Test(decision, is_the_same_whether_the_walk_draws_or_the_hook)
{
	static const char *const callbacks[] = {NULL, "mid.*", "low"};

	for (unsigned i = 0; i < 3; i++) {
		struct mh_fault fault = fixture_fault("f", "notifier-veto", NULL);
		struct mh_fault_counts hook, walk;

		fault.trigger.probability_ppb = MH_PPB_ONE / 50;
		fault.where.callback = (char *)callbacks[i];
		hook = toggles_with(&fault, MH_STAMPS_PAIR);
		walk = toggles_with(&fault, MH_STAMPS_NONE);
		cr_expect_gt(hook.fired, 0);
		cr_expect_eq(walk.fired, hook.fired, "fired %lu, not %lu", walk.fired, hook.fired);
		cr_expect_eq(walk.digest, hook.digest);
		cr_expect_eq(walk.armed, hook.armed, "armed %lu, not %lu", walk.armed, hook.armed);
		cr_expect_eq(walk.evaluated, hook.evaluated, "evaluated %lu, not %lu", walk.evaluated, hook.evaluated);
	}
}
