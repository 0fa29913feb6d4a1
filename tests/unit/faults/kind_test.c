/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each kind of fault, driven through its table on a whole machine.
 */
#include "faults/fault.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/distribution.h"
#include "tests/unit/faults/fault_fixture.h"

/* As notifier_errno.c and notifier_delay.c lay them out; their schemas are asserted against it below. */
struct errno_parameters {
	char *name, *raw;
};
struct delay_parameters {
	struct mh_distribution delay;
	int wait;
};

static struct fixture fixture;

static void setup(void)
{
	fixture_init(&fixture);
}

static void teardown(void)
{
	fixture_release(&fixture);
}

TestSuite(kind, .init = setup, .fini = teardown);

/* The offset of a parameter in the struct that the kind's schema describes. */
static size_t offset_of(const struct mh_fault_kind *kind, const char *key)
{
	for (size_t i = 0; i < kind->parameters->count; i++)
		if (!strcmp(kind->parameters->rows[i].key, key))
			return kind->parameters->rows[i].offset;
	cr_assert_fail("'%s' has no parameter '%s'", kind->name, key);
	return 0;
}

/* Arms one fault, toggles @block (0 is online at first) and disarms. */
static int toggle_with(struct mh_fault *fault, uint32_t block, struct mh_fault_counts *ret_counts)
{
	struct mh_fault_set *set = fixture_arm(&fixture, fault, 1, 1, 1);
	int ret = fixture_toggle(&fixture, set, 0, 0, block);

	*ret_counts = fixture_counts(&fixture, set, 0);
	mh_fault_set_free(set);
	return ret;
}

Test(kind, table_finds_each_by_its_name)
{
	for (unsigned i = 0; i < mh_fault_kind_count(); i++) {
		const struct mh_fault_kind *kind = mh_fault_kind_at(i);

		cr_expect_eq(mh_fault_kind_find(kind->name), kind, "%s", kind->name);
		cr_expect_not_null(kind->help);
		cr_expect_not_null(kind->parameters);
		cr_expect(kind->default_events, "%s", kind->name);
	}
	cr_expect_null(mh_fault_kind_find("notifier-vetoo"));
}

Test(kind, veto_fails_the_operation_with_eperm)
{
	struct mh_fault fault = fixture_fault("v", "notifier-veto", NULL);
	struct mh_fault_counts counts;
	int ret;

	fault.where.callback = (char *)"mid.0";
	ret = toggle_with(&fault, 0, &counts);
	cr_expect_eq(ret, -EPERM, "%d", ret);
	cr_expect_eq(fixture.operation.outcome, MH_OUTCOME_VETOED);
	cr_expect_eq(fixture.operation.fault_count, 1, "%u", fixture.operation.fault_count);
	cr_expect_eq(counts.fired, 1);
	cr_expect_eq(fixture.listeners[MID_0].calls[MH_GOING_OFFLINE], 1, "the listener itself runs");
	cr_expect_eq(fixture.listeners[LOW].calls[MH_GOING_OFFLINE], 0, "the walk stops");
	cr_expect_eq(fixture.listeners[LOW].calls[MH_CANCEL_OFFLINE], 1);
}

Test(kind, veto_acts_in_the_going_events_only_by_default)
{
	struct mh_fault fault = fixture_fault("v", "notifier-veto", NULL);
	struct mh_fault_counts counts;

	(void)toggle_with(&fault, 0, &counts);
	cr_expect_eq(counts.evaluated, 1, "%lu: the CANCEL calls must not be asked", counts.evaluated);
	cr_expect_eq(counts.armed, 1, "%lu", counts.armed);
}

Test(kind, armed_counts_what_event_and_name_match_evaluated_the_rest)
{
	struct mh_fault fault = fixture_fault("s", "notifier-stop", NULL);
	struct mh_range first = {1, 1};
	struct mh_fault_counts counts;

	fault.where.callback = (char *)"low";
	fault.where.nth_event = (struct mh_range_list){&first, 1};
	(void)toggle_with(&fault, 0, &counts);
	cr_expect_eq(counts.armed, 2, "%lu: both events of the operation", counts.armed);
	cr_expect_eq(counts.evaluated, 1, "%lu: the first", counts.evaluated);
	cr_expect_eq(counts.fired, 1, "%lu", counts.fired);
}

Test(kind, stop_succeeds_and_hides_the_event_below)
{
	struct mh_fault fault = fixture_fault("s", "notifier-stop", NULL);
	struct mh_fault_counts counts;
	int ret;

	fault.where.callback = (char *)"top";
	ret = toggle_with(&fault, 0, &counts);
	cr_expect_eq(ret, 0, "%d", ret);
	cr_expect_eq(counts.fired, 2, "%lu: GOING and OFFLINE", counts.fired);
	cr_expect_eq(fixture.listeners[TOP].calls[MH_GOING_OFFLINE], 1);
	cr_expect_eq(fixture.listeners[LOW].calls[MH_GOING_OFFLINE], 0);
}

Test(kind, errno_by_name_is_what_the_operation_returns)
{
	struct errno_parameters parameters = {.name = (char *)"ENOMEM"};
	struct mh_fault fault = fixture_fault("e", "notifier-errno", &parameters);
	struct mh_fault_counts counts;
	int ret = toggle_with(&fault, 0, &counts);

	cr_expect_eq(offset_of(fault.kind, "errno"), offsetof(struct errno_parameters, name));
	cr_expect_eq(ret, -ENOMEM, "%d", ret);
}

Test(kind, errno_raw_negative_is_taken_for_success)
{
	struct errno_parameters parameters = {.raw = (char *)"-12"};
	struct mh_fault fault = fixture_fault("e", "notifier-errno", &parameters);
	struct mh_fault_counts counts;
	int ret = toggle_with(&fault, 0, &counts);

	cr_expect_eq(offset_of(fault.kind, "raw"), offsetof(struct errno_parameters, raw));
	cr_expect_eq(ret, 0, "%d", ret);
	cr_expect_eq(counts.fired, 1, "%lu", counts.fired);
}

Test(kind, errno_wants_exactly_one_of_name_and_raw)
{
	struct errno_parameters parameters[] = {{NULL, NULL}, {(char *)"EIO", (char *)"2"}};

	for (unsigned i = 0; i < 2; i++) {
		struct mh_fault fault = fixture_fault("e", "notifier-errno", &parameters[i]);
		struct mh_error error = {0};
		const char *key;
		int ret = mh_fault_check(&fault, &key, &error);

		cr_expect_eq(ret, -EINVAL, "%d", ret);
		cr_expect_str_eq(error.text, "give exactly one of 'errno' and 'raw'");
	}
}

Test(kind, errno_suggests_the_nearest_name)
{
	struct errno_parameters parameters = {.name = (char *)"ENOMEN"};
	struct mh_fault fault = fixture_fault("e", "notifier-errno", &parameters);
	struct mh_error error = {0};
	const char *key;

	cr_expect_eq(mh_fault_check(&fault, &key, &error), -EINVAL);
	cr_expect_str_eq(error.text, "unknown errno 'ENOMEN' (did you mean 'ENOMEM'?)");
}

Test(kind, errno_raw_fits_an_int)
{
	static const struct {
		const char *raw;
		int ret;
	} rows[] = {{"2147483647", 0}, {"2147483648", -EINVAL}, {"-2147483648", 0}, {"-2147483649", -EINVAL},
		    {"0x8000", 0},     {"", -EINVAL},           {"12x", -EINVAL}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct errno_parameters parameters = {.raw = (char *)rows[i].raw};
		struct mh_fault fault = fixture_fault("e", "notifier-errno", &parameters);
		struct mh_error error = {0};
		const char *key;
		int ret = mh_fault_check(&fault, &key, &error);

		cr_expect_eq(ret, rows[i].ret, "raw '%s': %d, not %d (%s)", rows[i].raw, ret, rows[i].ret, error.text);
	}
}

static int check_delay(void *data, const struct mh_firing *firing)
{
	cr_expect_eq(firing->delay_ns, 200000, "%lu", firing->delay_ns);
	cr_expect_eq(firing->value, NOTIFY_OK, "the answer stays the listener's");
	cr_expect_not(firing->replaced);
	++*(unsigned *)data;
	return 0;
}

static void delay_takes_its_time(int wait)
{
	unsigned logged = 0;
	struct delay_parameters parameters = {.delay = {.kind = MH_DISTRIBUTION_CONSTANT, .a = 200000}, .wait = wait};
	struct mh_fault fault = fixture_fault("d", "notifier-delay", &parameters);
	struct mh_fault_set *set;
	uint64_t begin, taken;
	int ret;

	cr_expect_eq(offset_of(fault.kind, "delay"), offsetof(struct delay_parameters, delay));
	cr_expect_eq(offset_of(fault.kind, "wait"), offsetof(struct delay_parameters, wait));
	cr_expect_eq(mh_fault_sleeps(&fault), wait == 1);
	fault.where.callback = (char *)"top";
	set = fixture_arm(&fixture, &fault, 1, 1, 1);
	begin = mh_clock_monotonic_ns();
	ret = fixture_toggle(&fixture, set, 0, 0, 0);
	taken = mh_clock_monotonic_ns() - begin;
	cr_expect_eq(ret, 0, "%d", ret);
	cr_expect_eq(fixture_counts(&fixture, set, 0).fired, 2);
	cr_expect_geq(taken, 400000, "two delays of 200 us took %lu ns", taken);
	(void)mh_fault_set_firings(set, check_delay, &logged);
	cr_expect_eq(logged, 2, "%u", logged);
	mh_fault_set_free(set);
}

Test(kind, delay_spins_at_least_its_time)
{
	delay_takes_its_time(0);
}

Test(kind, delay_sleeps_at_least_its_time)
{
	delay_takes_its_time(1);
}

Test(kind, first_that_replaces_wins_and_delays_add_up)
{
	struct errno_parameters enomem = {.name = (char *)"ENOMEM"};
	struct delay_parameters delay = {.delay = {.kind = MH_DISTRIBUTION_CONSTANT, .a = 100000}};
	struct mh_fault faults[] = {
		fixture_fault("d1", "notifier-delay", &delay),
		fixture_fault("e", "notifier-errno", &enomem),
		fixture_fault("v", "notifier-veto", NULL),
		fixture_fault("d2", "notifier-delay", &delay),
	};
	struct mh_range first = {1, 1};
	struct mh_fault_set *set;
	struct mh_fault_counts counts;
	uint64_t begin, taken;
	int ret;

	for (unsigned i = 0; i < 4; i++)
		faults[i].where.nth_event = (struct mh_range_list){.items = &first, .count = 1};
	set = fixture_arm(&fixture, faults, 4, 1, 1);
	begin = mh_clock_monotonic_ns();
	ret = fixture_toggle(&fixture, set, 0, 0, 0);
	taken = mh_clock_monotonic_ns() - begin;
	cr_expect_eq(ret, -ENOMEM, "%d", ret);
	cr_expect_geq(taken, 200000, "%lu ns", taken);
	cr_expect_eq(fixture.operation.fault_count, 3, "%u", fixture.operation.fault_count);
	counts = fixture_counts(&fixture, set, 2);
	cr_expect_eq(counts.evaluated, 0, "%lu: the veto behind the errno is not asked", counts.evaluated);
	mh_fault_set_free(set);
}
