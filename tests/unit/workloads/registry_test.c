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
}

Test(registry, knows_no_other)
{
	cr_expect_null(mh_workload_kind_find("hotplug"));
	cr_expect_null(mh_workload_kind_find(""));
}

/* The kinds of the language, written out: a line lost from the table is found here. */
static const struct {
	const char *name;
	bool hotplug, uses_pages;
} expected[] = {
	{"hotplug-cycle", true, false}, {"hotplug-storm", true, false}, {"alloc-churn", false, true},
	{"alloc-burst", false, true},   {"alloc-fill", false, true},    {"page-pin", false, true},
	{"page-walk", false, false},    {"chain-call", false, false},   {"chain-churn", false, false},
	{"rcu-reader", false, false},   {"mem-reader", false, false},   {"null", false, false},
};

Test(registry, has_every_kind_of_the_language)
{
	unsigned count = sizeof(expected) / sizeof(expected[0]);

	for (unsigned i = 0; i < count; i++) {
		const struct mh_workload_kind *kind = mh_workload_kind_find(expected[i].name);

		cr_assert_not_null(kind, "%s", expected[i].name);
		cr_expect_eq(kind->hotplug, expected[i].hotplug, "%s", kind->name);
		cr_expect_eq(kind->uses_pages, expected[i].uses_pages, "%s", kind->name);
	}
	cr_expect_eq(mh_workload_kind_count(), count, "%u", mh_workload_kind_count());
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
