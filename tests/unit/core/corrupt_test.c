/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is broken on purpose is found by the check that watches it, and mended behind it. */
#include "core/corrupt.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "machine_fixture.h"

static const struct {
	enum mh_corruption corruption;
	const char *invariant; /* the first that finds it */
} rows[] = {
	{MH_CORRUPT_COUNTER, "I17"}, {MH_CORRUPT_PRESENT, "I15"}, {MH_CORRUPT_MASK, "I11"},
	{MH_CORRUPT_STATE, "I40"},   {MH_CORRUPT_SPAN, "I38"},    {MH_CORRUPT_ISOLATION, "I36"},
	{MH_CORRUPT_DAEMON, "I35"},
};

ParameterizedTestParameters(corrupt, each_is_found_and_mended)
{
	static int indices[MH_CORRUPTIONS];

	for (int i = 0; i < MH_CORRUPTIONS; i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, MH_CORRUPTIONS);
}

ParameterizedTest(int *index, corrupt, each_is_found_and_mended)
{
	struct mh_machine_config config = fixture_config();
	struct fixture fixture;

	fixture_begin(&fixture, THREE_BLOCKS, &config);
	cr_assert_eq(fixture_online(&fixture, 0, MH_ONLINE_KERNEL), 0);
	cr_assert_eq(fixture_online(&fixture, 1, MH_ONLINE_KERNEL), 0);
	fixture.operation.corrupt = MH_CORRUPT_BIT(rows[*index].corruption);
	cr_expect_eq(fixture_offline(&fixture, 0), 0);
	cr_expect_eq(fixture_violations(&fixture, rows[*index].invariant), 1, "%s: %s", rows[*index].invariant,
		     fixture_first_violation(&fixture));
	cr_expect_eq(fixture.operation.corrupt, 0);
	cr_expect_eq(mh_check_machine(fixture.machine), 0, "it was not mended");
	fixture_end(&fixture);
}
