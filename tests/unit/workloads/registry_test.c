/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of kinds, and the kind that does nothing.
 */
#include <criterion/criterion.h>

#include "tests/unit/workloads/workload_fixture.h"

Test(registry, finds_each_by_its_name)
{
	for (unsigned i = 0; i < mh_workload_kind_count(); i++) {
		const struct mh_workload_kind *kind = mh_workload_kind_at(i);

		cr_expect_eq(mh_workload_kind_find(kind->name), kind, "%s", kind->name);
		cr_expect_not_null(kind->help, "%s", kind->name);
		cr_expect_not_null(kind->parameters, "%s", kind->name);
		cr_expect_not_null(kind->step, "%s", kind->name);
	}
	cr_expect_eq(mh_workload_kind_count(), 4);
}

Test(registry, knows_no_other)
{
	cr_expect_null(mh_workload_kind_find("hotplug"));
	cr_expect_null(mh_workload_kind_find(""));
}

Test(registry, only_hotplug_cycle_drives_blocks)
{
	cr_expect(mh_workload_kind_find("hotplug-cycle")->hotplug);
	cr_expect_not(mh_workload_kind_find("alloc-churn")->hotplug);
	cr_expect_not(mh_workload_kind_find("chain-churn")->hotplug);
	cr_expect_not(mh_workload_kind_find("null")->hotplug);
}

Test(null, step_succeeds_and_touches_nothing)
{
	struct fixture fixture;
	struct mh_machine_counts before, after;

	fixture_init(&fixture, 1, 500000000, 500000000);
	fixture_begin(&fixture, "null", NULL, 1);
	mh_machine_counts(fixture.machine, &before);
	cr_expect_eq(fixture_step(&fixture, 0, 0), 0);
	mh_machine_counts(fixture.machine, &after);
	cr_expect_eq(before.present_pages, after.present_pages);
	cr_expect_eq(fixture.workers[0].trace.count, 0);
	fixture_end(&fixture);
	fixture_release(&fixture);
}
