/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The worst operations are the ones that stay.
 */
#include "bench/engine/exemplar.h"

#include <criterion/criterion.h>

static void offer_queued(struct mh_exemplars *exemplars, uint64_t index, uint64_t wait, uint64_t service)
{
	const struct mh_times times = {.intended = 1000, .start = 1000 + wait, .done = 1000 + wait + service};
	struct mh_trace trace = {.count = 0};
	struct mh_operation operation = {.trace = &trace, .identity = {.index = index}};

	if (mh_exemplars_want(exemplars, &times))
		mh_exemplars_keep(exemplars, &operation, &(struct mh_exemplar_note){.times = times});
}

static void offer(struct mh_exemplars *exemplars, uint64_t index, uint64_t service)
{
	offer_queued(exemplars, index, 0, service);
}

Test(exemplar, keeps_the_longest)
{
	struct mh_exemplars exemplars;
	uint64_t sum = 0;

	cr_assert_eq(mh_exemplars_init(&exemplars, 3, 0), 0);
	for (uint64_t i = 0; i < 100; i++)
		offer(&exemplars, i, (i * 37) % 101);
	cr_assert_eq(exemplars.count, 3);
	for (unsigned i = 0; i < 3; i++)
		sum += mh_times_service(&exemplars.items[i].times);
	cr_assert_eq(sum, 100 + 99 + 98, "the three longest sum to 297, got %lu", (unsigned long)sum);
	mh_exemplars_release(&exemplars);
}

Test(exemplar, a_short_operation_that_waited_long_stays_before_a_longer_one)
{
	struct mh_exemplars exemplars;

	cr_assert_eq(mh_exemplars_init(&exemplars, 1, 0), 0);
	offer_queued(&exemplars, 1, 0, 500);
	offer_queued(&exemplars, 2, 900, 10);
	offer_queued(&exemplars, 3, 0, 600);
	cr_assert_eq(exemplars.items[0].index, 2, "kept operation %lu", (unsigned long)exemplars.items[0].index);
	cr_expect_eq(mh_times_wait(&exemplars.items[0].times), 900);
	cr_expect_eq(mh_times_service(&exemplars.items[0].times), 10);
	cr_expect_eq(mh_times_response(&exemplars.items[0].times), 910);
	mh_exemplars_release(&exemplars);
}

Test(exemplar, keeps_none_when_none_are_asked_for)
{
	struct mh_exemplars exemplars;

	cr_assert_eq(mh_exemplars_init(&exemplars, 0, 0), 0);
	offer(&exemplars, 1, 1000000);
	cr_assert_eq(exemplars.count, 0);
	mh_exemplars_release(&exemplars);
}

Test(exemplar, tells_how_many_stamps_were_cut)
{
	struct mh_exemplars exemplars;
	struct mh_stamp stamps[MH_EXEMPLAR_STAMPS + 5] = {{0}};
	struct mh_trace trace = {.stamps = stamps, .count = MH_EXEMPLAR_STAMPS + 5};
	struct mh_operation operation = {.trace = &trace};

	cr_assert_eq(mh_exemplars_init(&exemplars, 1, 0), 0);
	mh_exemplars_keep(&exemplars, &operation, &(struct mh_exemplar_note){.times = {.done = 10}});
	cr_assert_eq(exemplars.items[0].stamp_count, MH_EXEMPLAR_STAMPS);
	cr_assert_eq(exemplars.items[0].cut, 5, "cut %u", exemplars.items[0].cut);
	mh_exemplars_release(&exemplars);
}

Test(exemplar, keeps_the_longest_of_a_series_beside_them)
{
	struct mh_exemplars exemplars;

	cr_assert_eq(mh_exemplars_init(&exemplars, 1, 3), 0);
	offer(&exemplars, 1, 500);
	mh_peaks_note(&exemplars.peaks, 2, 40);
	mh_peaks_note(&exemplars.peaks, 2, 70); /* its second value in the same operation */
	cr_expect_eq(exemplars.peaks.note_count, 1);
	offer(&exemplars, 2, 100);
	cr_expect_eq(exemplars.items[0].index, 1);
	cr_expect_eq(exemplars.of_series[2].index, 2);
	cr_expect_eq(exemplars.peaks.longest_ns[2], 70);
	mh_peaks_note(&exemplars.peaks, 2, 60);
	cr_expect_eq(exemplars.peaks.note_count, 0, "an interval's longest that is not the phase's");
	mh_exemplars_release(&exemplars);
}

Test(exemplar, a_copy_has_all_and_stands_alone)
{
	struct mh_exemplars exemplars, copy;

	cr_assert_eq(mh_exemplars_init(&exemplars, 2, 2), 0);
	mh_peaks_note(&exemplars.peaks, 1, 40);
	offer(&exemplars, 7, 100);
	cr_assert_eq(mh_exemplars_init_like(&copy, &exemplars), 0);
	mh_exemplars_copy(&copy, &exemplars);
	mh_exemplars_clear(&exemplars);
	cr_expect_eq(copy.count, 1);
	cr_expect_eq(copy.of_series[1].index, 7);
	cr_expect_eq(copy.peaks.longest_ns[1], 40);
	mh_exemplars_release(&exemplars);
	mh_exemplars_release(&copy);
}

Test(exemplar, keeps_what_fired_in_it)
{
	const struct mh_firing firings[MH_EXEMPLAR_FIRINGS + 1] = {{.fault = 3, .delay_ns = 12}};
	struct mh_trace trace = {.count = 0};
	struct mh_operation operation = {.trace = &trace, .fault_count = MH_EXEMPLAR_FIRINGS + 1};
	struct mh_exemplars exemplars;

	cr_assert_eq(mh_exemplars_init(&exemplars, 1, 0), 0);
	mh_exemplars_keep(&exemplars, &operation,
			  &(struct mh_exemplar_note){.times = {.done = 10},
						     .class = MH_OPERATION_FAULTED,
						     .switched = MH_SWITCHED_YES,
						     .firings = firings,
						     .firing_count = MH_EXEMPLAR_FIRINGS + 1});
	cr_expect_eq(exemplars.items[0].firing_count, MH_EXEMPLAR_FIRINGS);
	cr_expect_eq(exemplars.items[0].fault_count, MH_EXEMPLAR_FIRINGS + 1);
	cr_expect_eq(exemplars.items[0].firings[0].delay_ns, 12);
	cr_expect_eq(exemplars.items[0].class, MH_OPERATION_FAULTED);
	cr_expect_eq(exemplars.items[0].switched, MH_SWITCHED_YES);
	mh_exemplars_release(&exemplars);
}
