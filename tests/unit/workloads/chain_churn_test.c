/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chain-churn: who is registered between steps, in what order they go, and that all are gone at the end.
 */
#include <criterion/criterion.h>

#include "tests/unit/workloads/workload_fixture.h"

/* As chain_churn.c lays them out. */
struct churn_parameters {
	int64_t priority;
	uint64_t listeners;
};

static struct fixture fixture;

static void setup(void)
{
	fixture_init(&fixture, 1, 500000000, 0);
}

static void teardown(void)
{
	fixture_release(&fixture);
}

TestSuite(chain_churn, .init = setup, .fini = teardown);

static uint32_t registered(void)
{
	return mh_chain_count(mh_machine_chain(fixture.machine));
}

Test(chain_churn, parameters_are_laid_out_as_here)
{
	const struct mh_schema *schema = mh_workload_kind_find("chain-churn")->parameters;

	cr_expect_eq(schema->size, sizeof(struct churn_parameters));
	cr_expect_eq(schema->rows[1].offset, offsetof(struct churn_parameters, listeners));
}

static void keeps_all_but_one(uint64_t listeners, unsigned workers)
{
	struct churn_parameters parameters = {.priority = 5, .listeners = listeners};
	uint32_t between = (uint32_t)(listeners - 1) * workers;

	fixture_begin(&fixture, "chain-churn", &parameters, workers);
	cr_expect_eq(registered(), between, "%u, not %u", registered(), between);
	for (unsigned i = 0; i < 3 * listeners; i++) {
		for (unsigned worker = 0; worker < workers; worker++)
			cr_expect_eq(fixture_step(&fixture, worker, 0), 0);
		cr_expect_eq(registered(), between, "step %u: %u, not %u", i, registered(), between);
	}
	fixture_end(&fixture);
	cr_expect_eq(registered(), 0, "%u left", registered());
}

Test(chain_churn, leaves_none_between_steps_with_one_listener)
{
	keeps_all_but_one(1, 1);
}

Test(chain_churn, keeps_all_but_one_registered)
{
	keeps_all_but_one(4, 1);
}

Test(chain_churn, keeps_those_of_each_thread)
{
	keeps_all_but_one(3, 2);
}

Test(chain_churn, stamps_the_grace_period_of_each_step)
{
	struct churn_parameters parameters = {.listeners = 1};
	unsigned begun = 0, ended = 0;

	fixture_begin(&fixture, "chain-churn", &parameters, 1);
	cr_expect_eq(fixture_step(&fixture, 0, 0), 0);
	for (uint32_t i = 0; i < fixture.workers[0].trace.count; i++) {
		begun += fixture.workers[0].trace.stamps[i].kind == MH_STAMP_GRACE_BEGIN;
		ended += fixture.workers[0].trace.stamps[i].kind == MH_STAMP_GRACE_END;
	}
	cr_expect_eq(begun, 1, "%u", begun);
	cr_expect_eq(ended, 1, "%u", ended);
	fixture_end(&fixture);
}

Test(chain_churn, listeners_stand_where_their_priority_says)
{
	struct churn_parameters parameters = {.priority = -7, .listeners = 3};
	const struct mh_listener *listener;

	fixture_begin(&fixture, "chain-churn", &parameters, 1);
	listener = mh_chain_listener(mh_machine_chain(fixture.machine), 0);
	cr_assert_not_null(listener);
	cr_expect_eq(listener->priority, -7, "%d", listener->priority);
	cr_expect_str_eq(listener->name, "w.0.1");
	fixture_end(&fixture);
}
