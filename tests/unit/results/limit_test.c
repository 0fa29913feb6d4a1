/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What limited a phase, by made-up results whose shares are plain to see. */
#include "results/limit.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "base/assert.h"
#include "sample.h"

#define PHASE_NS 1000000u /* each phase here lasts 1 ms, so that a sum of 620,000 ns is 62 % of a thread */

static struct mh_result result;

static struct mh_result_workload *begin(const char *kind, uint64_t threads, uint64_t operations)
{
	struct mh_result_phase *phase;
	struct mh_result_workload *workload;

	mh_result_init(&result);
	phase = mh_result_add_phase(&result);
	phase->name = "steady";
	phase->role = "measure";
	phase->t1_ns = PHASE_NS;
	workload = mh_result_add_workload(&result, phase);
	workload->name = "toggle";
	workload->kind = kind;
	workload->threads = threads;
	workload->ops.ok = operations;
	return workload;
}

/* @count values that add up to @sum_ns, exactly so as long as each is below 2,048. */
static void add(const char *tag, uint64_t count, uint64_t sum_ns)
{
	struct mh_histogram histogram = sample_histogram();

	cr_assert_eq(sum_ns % count, 0u);
	cr_assert_eq(mh_histogram_record_many(&histogram, sum_ns / count, count), 0);
	cr_assert_eq(mh_result_add_series(&result, tag, &histogram), 0);
	mh_histogram_release(&histogram);
}

static void count(const char *name, uint64_t value)
{
	cr_assert_eq(mh_result_add_count(&result, name, value, NULL), 0);
}

static struct mh_limits limits_of(void)
{
	struct mh_limits limits;

	cr_assert(mh_limits_of(&result, &result.phases[0], &limits));
	return limits;
}

static void expect_share(const struct mh_limits *limits, enum mh_limit limit, double share)
{
	cr_expect_float_eq(limits->shares[limit], share, 1e-9, "%s is %g, expected %g", mh_limit_names[limit],
			   limits->shares[limit], share);
}

static void expect_text(const struct mh_limits *limits, const char *expected)
{
	struct mh_text text = MH_TEXT_INIT;

	mh_limits_tell(limits, &text);
	cr_expect_str_eq(text.data, expected);
	mh_text_release(&text);
	mh_result_release(&result);
}

Test(limit, a_kernels_operations_are_not_taken_apart)
{
	struct mh_limits limits;

	begin("hotplug-cycle", 1, 1000);
	add("steady/service", 1000, 620000);
	cr_expect(mh_limits_of(&result, &result.phases[0], &limits));
	result.mode = "kernel";
	cr_expect_not(mh_limits_of(&result, &result.phases[0], &limits));
	mh_result_release(&result);
}

Test(limit, cuts_the_workers_time_into_disjoint_parts)
{
	struct mh_limits limits;

	begin("hotplug-cycle", 1, 1000);
	add("steady/service", 1000, 900000);
	add("steady/lock", 1000, 120000);
	add("steady/walk", 2000, 620000);
	add("steady/drain", 100, 20000);
	add("steady/migrate", 100, 50000);
	limits = limits_of();
	cr_expect_eq(limits.workers_ns, (double)PHASE_NS);
	expect_share(&limits, MH_LIMIT_LOCK, 0.12);
	expect_share(&limits, MH_LIMIT_GRACE, 0);
	expect_share(&limits, MH_LIMIT_LISTENERS, 0.62);
	expect_share(&limits, MH_LIMIT_ALLOCATOR, 0.07);
	expect_share(&limits, MH_LIMIT_GENERATOR, 0.1);
	expect_share(&limits, MH_LIMIT_REST, 0.09);
	expect_text(&limits, "listeners (62 % of the workers' time), lock 12 %, generator 10 %, rest 9 %, "
			     "allocator 7 %");
}

/* Each limiter in turn has the most: by the sum of its series, in ns. */
static const struct {
	const char *kind;
	uint64_t service, lock, walk, drain, grace;
	enum mh_limit most;
} most_rows[] = {
	{"hotplug-cycle", 900000, 600000, 100000, 10000, 0, MH_LIMIT_LOCK},
	{"hotplug-cycle", 900000, 100000, 600000, 10000, 0, MH_LIMIT_LISTENERS},
	{"hotplug-cycle", 900000, 100000, 10000, 600000, 0, MH_LIMIT_ALLOCATOR},
	{"hotplug-cycle", 900000, 10000, 10000, 10000, 0, MH_LIMIT_REST},
	{"hotplug-storm", 100000, 10000, 10000, 10000, 0, MH_LIMIT_GENERATOR},
	{"chain-churn", 900000, 0, 0, 0, 800000, MH_LIMIT_GRACE},
	{"alloc-churn", 900000, 0, 0, 0, 0, MH_LIMIT_ALLOCATOR},
	{"chain-call", 900000, 0, 0, 0, 0, MH_LIMIT_LISTENERS},
	{"null", 10000, 0, 0, 0, 0, MH_LIMIT_GENERATOR},
};

TestSuite(limit_most);

static void check_most(size_t row)
{
	struct mh_limits limits;

	begin(most_rows[row].kind, 1, 1000);
	add("steady/service", 1000, most_rows[row].service);
	if (most_rows[row].lock)
		add("steady/lock", 1000, most_rows[row].lock);
	if (most_rows[row].walk)
		add("steady/walk", 1000, most_rows[row].walk);
	if (most_rows[row].drain)
		add("steady/drain", 1000, most_rows[row].drain);
	if (most_rows[row].grace)
		add("steady/grace", 1000, most_rows[row].grace);
	count("steady/pages_migrated", 0);
	limits = limits_of();
	cr_expect_eq(limits.most, most_rows[row].most, "row %zu, %s: %d, expected %d", row, most_rows[row].kind,
		     (int)limits.most, (int)most_rows[row].most);
	mh_result_release(&result);
}

Test(limit_most, is_what_took_the_most_time)
{
	for (size_t row = 0; row < sizeof(most_rows) / sizeof(most_rows[0]); row++)
		check_most(row);
}

Test(limit, scales_a_sample_to_all_operations)
{
	struct mh_limits limits;

	begin("hotplug-cycle", 1, 1000);
	add("steady/service", 10, 9000); /* record.sample: 100 */
	add("steady/lock", 10, 1000);
	add("steady/walk", 20, 6200);
	count("steady/drains", 0);
	count("steady/pages_migrated", 0);
	limits = limits_of();
	expect_share(&limits, MH_LIMIT_LISTENERS, 0.62);
	expect_share(&limits, MH_LIMIT_LOCK, 0.1);
	cr_expect(limits.sampled);
	expect_text(&limits,
		    "listeners (62 % of the workers' time), rest 18 %, lock 10 %, generator 10 %; by a sample of "
		    "the operations, which rare long ones may be missing from");
}

Test(limit, takes_each_threads_own_time_where_it_is_known)
{
	struct mh_result_workload *workload = begin("hotplug-cycle", 2, 1000);
	struct mh_limits limits;

	workload->threads_ns = 500000; /* the phase was seen to end long after them */
	add("steady/service", 1000, 450000);
	add("steady/lock", 1000, 300000);
	add("steady/walk", 1000, 0);
	limits = limits_of();
	expect_share(&limits, MH_LIMIT_LOCK, 0.6);
	expect_share(&limits, MH_LIMIT_GENERATOR, 0.1);
	mh_result_release(&result);
}

Test(limit, says_unknown_of_what_was_not_recorded)
{
	struct mh_limits limits;

	begin("hotplug-cycle", 1, 1000);
	add("steady/service", 1000, 900000);
	count("steady/hotplug_locks", 1000);
	count("steady/read_sections", 2000);
	count("steady/drains", 0);
	count("steady/pages_migrated", 0);
	limits = limits_of();
	expect_share(&limits, MH_LIMIT_LOCK, MH_LIMIT_UNKNOWN);
	expect_share(&limits, MH_LIMIT_LISTENERS, MH_LIMIT_UNKNOWN);
	expect_share(&limits, MH_LIMIT_ALLOCATOR, 0); /* nothing was drained or migrated: the counts tell */
	expect_share(&limits, MH_LIMIT_REST, 0.9);
	expect_text(&limits,
		    "rest (90 % of the workers' time), generator 10 %; unknown, and within the rest: lock (the "
		    "series 'lock' was not recorded), listeners (neither 'walk' nor 'cb.*' was recorded)");
}

Test(limit, knows_nothing_without_times)
{
	struct mh_limits limits;

	begin("hotplug-cycle", 1, 1000);
	limits = limits_of();
	cr_expect_eq(limits.most, MH_LIMITS);
	expect_text(&limits, "unknown: no times of operations were recorded");
}

Test(limit, a_drain_that_has_no_series_makes_the_allocator_unknown)
{
	struct mh_limits limits;

	begin("hotplug-cycle", 1, 1000);
	add("steady/service", 1000, 900000);
	add("steady/lock", 1000, 100000);
	add("steady/walk", 1000, 100000);
	add("steady/migrate", 1000, 100000);
	count("steady/drains", 7);
	limits = limits_of();
	expect_share(&limits, MH_LIMIT_ALLOCATOR, MH_LIMIT_UNKNOWN);
	expect_share(&limits, MH_LIMIT_REST, 0.7);
	mh_result_release(&result);
}

Test(limit, listeners_stand_for_walks_that_were_not_recorded)
{
	struct mh_limits limits;

	begin("hotplug-cycle", 1, 1000);
	add("steady/service", 1000, 900000);
	add("steady/cb.a", 1000, 100000);
	add("steady/cb.a/faulted", 1000, 100000); /* a part of the one above */
	add("steady/cb.b", 1000, 200000);
	limits = limits_of();
	expect_share(&limits, MH_LIMIT_LISTENERS, 0.3);
	mh_result_release(&result);
}

Test(limit, counts_no_grace_period_of_another_workload)
{
	struct mh_limits limits;
	struct mh_result_workload *churn;

	begin("hotplug-cycle", 1, 1000);
	churn = mh_result_add_workload(&result, &result.phases[0]);
	churn->name = "churn";
	churn->kind = "chain-churn";
	churn->threads = 3;
	add("steady/service", 1000, 900000);
	add("steady/grace", 1000, 900000);
	limits = limits_of();
	cr_expect_eq(limits.workers_ns, (double)PHASE_NS);
	expect_share(&limits, MH_LIMIT_GRACE, 0);
	mh_result_release(&result);
}

Test(limit, says_when_the_generator_waits_for_arrivals)
{
	struct mh_limits limits;
	struct mh_result_workload *workload = begin("hotplug-cycle", 1, 100);

	workload->target_rate = 100000;
	add("steady/service", 100, 100000);
	add("steady/lock", 100, 10000);
	add("steady/walk", 100, 10000);
	count("steady/drains", 0);
	count("steady/pages_migrated", 0);
	limits = limits_of();
	expect_text(&limits, "generator (90 % of the workers' time, which waits for arrivals), rest 8 %, lock 1 %, "
			     "listeners 1 %");
}

Test(limit, finds_the_service_of_a_workload_with_its_name_in_front)
{
	struct mh_limits limits;

	begin("alloc-churn", 1, 1000);
	add("steady/toggle.service", 1000, 800000);
	limits = limits_of();
	expect_share(&limits, MH_LIMIT_ALLOCATOR, 0.8);
	expect_share(&limits, MH_LIMIT_REST, 0);
	mh_result_release(&result);
}

Test(limit, marks_an_oversubscribed_run)
{
	struct mh_limits limits;
	struct mh_text text = MH_TEXT_INIT;

	begin("hotplug-cycle", 1, 1000);
	result.oversubscribed = true;
	add("steady/service", 1000, 900000);
	limits = limits_of();
	mh_limits_tell(&limits, &text);
	cr_expect(strstr(text.data, "oversubscribed"), "%s", text.data);
	mh_text_release(&text);
	mh_result_release(&result);
}

Test(limit, tells_nothing_of_a_phase_that_is_not_recorded)
{
	struct mh_limits limits;

	begin("hotplug-cycle", 1, 1000);
	result.phases[0].role = "warmup";
	cr_expect_not(mh_limits_of(&result, &result.phases[0], &limits));
	mh_result_release(&result);
}
