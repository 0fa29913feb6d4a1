/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ratios of instances by rounds: exact where the clock is, and what is said of those that cannot run. */
#include "bench/micro/ratio.h"

#include <criterion/criterion.h>
#include <errno.h>

#include "fake_timer.h"

static void spend(struct memhp_bench_state *state)
{
	const uint64_t cost_ns = (uint64_t)memhp_bench_arg(state, 0);

	MEMHP_BENCH_LOOP(state)
	fake_now_ns += cost_ns;
}

static void refuse(struct memhp_bench_state *state)
{
	memhp_bench_skip(state, "not on this machine");
}

static const struct memhp_bench table[] = {
	{.name = "spend", .run = spend, .args = {MEMHP_BENCH_VALUES("ns", 100, 300)}},
	{.name = "refused", .run = spend, .set_up = refuse},
	{.name = "five", .run = spend, .args = {MEMHP_BENCH_VALUES("ns", 100)}, .iterations = 5},
	{0},
};

static int run(const char *const *names, size_t count, unsigned rounds, struct mh_ratio_rounds *result,
	       struct mh_error *error)
{
	static struct mh_instances instances;
	const struct mh_ratio_request request = {
		.instances = &instances,
		.names = names,
		.name_count = count,
		.round_count = rounds,
		.sample_ns = 100000,
		.seed = 1,
		.timer = &fake_timer,
	};

	if (!instances.count)
		cr_assert_eq(mh_instances_add(&instances, table, "t", error), 0, "%s", error->text);
	return mh_ratio_run(&request, result, error);
}

Test(ratio, of_two_instances_is_that_of_their_times)
{
	static const char *const names[] = {"spend/ns:300", "spend/ns:100"};
	struct mh_ratio_rounds rounds;
	struct mh_error error = {0};
	struct mh_interval interval;

	cr_assert_eq(run(names, 2, 21, &rounds, &error), 0, "%s", error.text);
	cr_expect_null(rounds.subjects[0].skipped);
	cr_expect_float_eq(mh_ratio_ns(&rounds, 0).median, 300, 1e-3);
	cr_expect_float_eq(mh_ratio_ns(&rounds, 1).low, 100, 1e-3);
	cr_expect_float_eq(mh_ratio_of(&rounds, 0, 1).median, 3, 1e-6);
	cr_expect_float_eq(mh_ratio_of(&rounds, 1, 0).high, 1 / 3.0, 1e-6);
	cr_expect_eq(rounds.subjects[1].iterations, 1000u, "%lu", rounds.subjects[1].iterations);
	interval = mh_ratio_interval(&rounds, 0, 1, 0.95);
	cr_expect(interval.attained);
	cr_expect_float_eq(interval.lower, 3, 1e-6);
	cr_expect_gt(rounds.ghz_max, 0);
	mh_ratio_release(&rounds);
}

Test(ratio, of_few_rounds_has_no_interval)
{
	static const char *const names[] = {"spend/ns:300", "spend/ns:100"};
	struct mh_ratio_rounds rounds;
	struct mh_error error = {0};

	cr_assert_eq(run(names, 2, 3, &rounds, &error), 0, "%s", error.text);
	cr_expect_not(mh_ratio_interval(&rounds, 0, 1, 0.95).attained);
	mh_ratio_release(&rounds);
}

Test(ratio, leaves_out_what_cannot_run_and_says_why)
{
	static const char *const names[] = {"spend/ns:300", "refused", "five/ns:100/iterations:5"};
	struct mh_ratio_rounds rounds;
	struct mh_error error = {0};

	cr_assert_eq(run(names, 3, 5, &rounds, &error), 0, "%s", error.text);
	cr_expect_null(rounds.subjects[0].skipped);
	cr_assert_not_null(rounds.subjects[1].skipped);
	cr_expect_str_eq(rounds.subjects[1].skipped, "not on this machine");
	cr_expect_eq(rounds.subjects[2].iterations, 5u);
	cr_expect_float_eq(mh_ratio_of(&rounds, 0, 2).median, 3, 1e-6);
	mh_ratio_release(&rounds);
}

Test(ratio, tells_which_samples_were_preempted_and_kept_all_the_same)
{
	static const char *const names[] = {"spend/ns:300", "spend/ns:100"};
	struct mh_ratio_rounds rounds;
	struct mh_error error = {0};

	fake_preemptions_step = 1;
	cr_assert_eq(run(names, 2, 5, &rounds, &error), 0, "%s", error.text);
	cr_expect_geq(rounds.subjects[0].preempted, 5u, "%u", rounds.subjects[0].preempted);
	cr_expect_geq(rounds.retaken, 2u * 5 * MH_ROUND_RETRIES_MAX, "%u", rounds.retaken);
	mh_ratio_release(&rounds);
}

Test(ratio, takes_a_sample_again_in_which_the_clock_stepped_back_and_says_so)
{
	static const char *const names[] = {"spend/ns:300", "spend/ns:100"};
	struct mh_ratio_rounds rounds;
	struct mh_error error = {0};

	fake_read_back = fake_reads + 7 * 5 + 4; /* five readings a sample, of which the fourth ends the loop */
	cr_assert_eq(run(names, 2, 21, &rounds, &error), 0, "%s", error.text);
	cr_expect_eq(rounds.stepped_back, 1u, "%u", rounds.stepped_back);
	cr_expect_float_eq(mh_ratio_of(&rounds, 0, 1).median, 3, 1e-6);
	mh_ratio_release(&rounds);
}

Test(ratio, of_what_there_is_not_is_refused)
{
	static const char *const names[] = {"spend/ns:300", "spend"};
	struct mh_ratio_rounds rounds;
	struct mh_error error = {0};

	cr_expect_eq(run(names, 2, 5, &rounds, &error), -ENOENT);
	cr_expect_str_eq(error.text, "there is no benchmark 'spend'");
	cr_expect_eq(run(names, 0, 5, &rounds, &error), -EINVAL);
	cr_expect_eq(run(names, 1, 2, &rounds, &error), -EINVAL);
	cr_expect_eq(run(names, 1, MH_ROUND_COUNT_MAX + 1, &rounds, &error), -EINVAL);
}
