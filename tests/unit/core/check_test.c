/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each invariant that can be listed is broken here on purpose and must be named: a row of check_break_*.c for each row
 * of mh_invariants.
 */
#include "core/check.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "check_breakers.h"
#include "core/invariant.h"
#include "core/machine_private.h"
#include "core/operation_check.h"

static size_t breaker_count(void)
{
	return inline_breaker_count + full_breaker_count;
}

static const struct breaker *breaker_at(size_t i)
{
	return i < inline_breaker_count ? &inline_breakers[i] : &full_breakers[i - inline_breaker_count];
}

static const struct mh_violation *violation_of(struct fixture *fixture, const char *invariant)
{
	const struct mh_check *check = mh_machine_check(fixture->machine);

	for (unsigned i = 0; i < check->kept; i++)
		if (strcmp(check->violations[i].invariant, invariant) == 0)
			return &check->violations[i];
	return NULL;
}

ParameterizedTestParameters(check, names_what_is_broken)
{
	static int indices[128];

	for (int i = 0; i < (int)breaker_count(); i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, breaker_count());
}

ParameterizedTest(int *index, check, names_what_is_broken)
{
	const struct breaker *row = breaker_at((size_t)*index);
	struct mh_machine_config config = fixture_config();
	const struct mh_violation *violation;
	struct fixture fixture;

	if ((size_t)*index >= inline_breaker_count)
		config.verify = MH_VERIFY_FULL;
	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	fixture_expect_sound(&fixture, "before");
	row->run(&fixture);
	violation = violation_of(&fixture, row->invariant);
	cr_assert_not_null(violation, "row %d: %s was not named; the first is: %s", *index, row->invariant,
			   fixture_first_violation(&fixture));
	cr_expect_not_null(strstr(violation->detail, row->told), "row %d: '%s' does not tell '%s'", *index,
			   violation->detail, row->told);
	fixture_end(&fixture);
}

Test(check, every_listed_invariant_has_a_breaker)
{
	for (unsigned i = 0; i < mh_invariant_count; i++) {
		/* What only a module can break is broken by modules: kapi_report_test.c. */
		bool found = strncmp(mh_invariants[i].name, "module-", 7) == 0;

		for (size_t row = 0; row < breaker_count(); row++)
			found |= strcmp(breaker_at(row)->invariant, mh_invariants[i].name) == 0;
		cr_expect(found, "nothing breaks %s", mh_invariants[i].name);
		cr_expect_gt(strlen(mh_invariants[i].help), 10, "%s", mh_invariants[i].name);
	}
}

Test(check, tells_the_events_that_led_to_a_raw_errno)
{
	struct mh_machine_config config = fixture_config();
	const struct mh_violation *violation;
	struct fixture fixture;

	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	fixture.operation.identity.index = 4711;
	break_return_encoding(&fixture);
	cr_expect_eq(fixture_violation_count(&fixture), 1, "%llu",
		     (unsigned long long)fixture_violation_count(&fixture));
	violation = violation_of(&fixture, "return-encoding");
	cr_assert_not_null(violation);
	cr_expect_eq(violation->sequence, 4712, "%llu", (unsigned long long)violation->sequence);
	cr_expect_not_null(strstr(violation->detail, "Linux takes for success"), "%s", violation->detail);
	cr_expect_not_null(strstr(violation->detail, "MEM_GOING_ONLINE: A OK, B raw -12\n"), "%s", violation->detail);
	cr_expect_not_null(strstr(violation->detail, "MEM_ONLINE: A OK, B OK, C OK"), "%s", violation->detail);
	fixture_end(&fixture);
}

/* The border of what is well formed. */
Test(check, knows_the_answers_that_the_kernel_knows)
{
	static const int right[] = {0, 1, 0x8001, 0x8002, 0x8003, 0x9000};
	static const int wrong[] = {2, 0x7FFF, 0x8000, 0x9001, -1, -12, -4095, 0x10001};

	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		cr_expect(mh_answer_is_well_formed(right[i]), "%#x", (unsigned)right[i]);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_expect_not(mh_answer_is_well_formed(wrong[i]), "%#x", (unsigned)wrong[i]);
}

Test(check, keeps_the_first_and_counts_all)
{
	struct mh_machine_config config = fixture_config();
	const struct mh_check *check;
	struct fixture fixture;

	fixture_begin(&fixture, THREE_BLOCKS, &config);
	check = mh_machine_check(fixture.machine);
	for (int i = 0; i < MH_VIOLATIONS_KEPT + 10; i++)
		mh_check_violated(fixture.machine, NULL, "I01", "number %d", i);
	cr_expect_eq(fixture_violation_count(&fixture), MH_VIOLATIONS_KEPT + 10);
	cr_expect_eq(check->kept, (unsigned)MH_VIOLATIONS_KEPT);
	cr_expect_str_eq(check->violations[0].detail, "number 0");
	cr_expect_str_eq(check->violations[MH_VIOLATIONS_KEPT - 1].detail, "number 63");
	fixture_end(&fixture);
}

Test(check, cuts_a_text_that_is_too_long)
{
	static char text[MH_VIOLATION_TEXT_SIZE * 2];
	struct mh_machine_config config = fixture_config();
	struct fixture fixture;

	memset(text, 'x', sizeof(text) - 1);
	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	(void)fixture_online(&fixture, 0, MH_ONLINE_DEFAULT);
	mh_check_violated(fixture.machine, &fixture.operation, "I01", "%s", text);
	cr_expect_eq(strlen(fixture_first_violation(&fixture)), MH_VIOLATION_TEXT_SIZE - 1u);
	fixture_end(&fixture);
}

Test(check, off_finds_nothing_at_the_end_of_an_operation)
{
	struct mh_machine_config config = fixture_config();
	struct fixture fixture;

	config.verify = MH_VERIFY_OFF;
	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	break_i17(&fixture);
	cr_expect_eq(fixture_violations(&fixture, "I17"), 0);
	fixture_end(&fixture);
}

Test(check, counts_the_checks_made)
{
	struct mh_machine_config config = fixture_config();
	struct fixture fixture;

	fixture_begin(&fixture, THREE_BLOCKS, &config);
	fixture_listen(&fixture);
	(void)fixture_online(&fixture, 0, MH_ONLINE_DEFAULT);
	cr_expect_eq(fixture.operation.check.checked, 2 * (3 + 4 * 3) + 2 + 8, "%llu",
		     (unsigned long long)fixture.operation.check.checked);
	cr_expect_eq(mh_check_machine(fixture.machine), 0);
	cr_expect_gt(mh_machine_check(fixture.machine)->checked, 0);
	fixture_end(&fixture);
}
