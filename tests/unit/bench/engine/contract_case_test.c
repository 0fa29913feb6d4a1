/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of cases of a contract check: every combination once, each found again by its name. */
#include "bench/engine/contract_case.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include <criterion/criterion.h>

#include "bench/engine/contract.h"

static const struct mh_contract_listener middle = {.name = "drv", .priority = 5};
static const struct mh_contract_listener highest = {.name = "drv", .priority = INT_MAX};
static const struct mh_contract_listener of_nodes = {.name = "drv", .node = true};

static struct mh_contract_plan plan_of(const struct mh_contract_listener *listener, enum mh_compat compat)
{
	return (struct mh_contract_plan){listener, 1, mh_protocol_of(compat)};
}

static unsigned count(const struct mh_contract_plan *plan)
{
	struct mh_contract_case of;
	unsigned cases = 0;

	for (uint64_t index = 0; index < mh_contract_case_count(plan); index++)
		cases += mh_contract_case_at(plan, index, &of);
	return cases;
}

/* {alone, preset} x (no answer + events x {stop, bad, errno, raw} x {above, below}) x positions x zones x registrations
 */
Test(contract_case, every_combination_is_there_once)
{
	struct mh_contract_plan plan = plan_of(&middle, MH_COMPAT_V6_1);

	cr_expect_eq(count(&plan), 2 * (1 + 6 * 4 * 2) * 3 * 2 * 3, "%u", count(&plan));
	plan = plan_of(&middle, MH_COMPAT_V6_12);
	cr_expect_eq(count(&plan), 2 * (1 + 8 * 4 * 2) * 3 * 2 * 3, "%u", count(&plan));
}

Test(contract_case, nobody_stands_above_the_highest)
{
	struct mh_contract_plan plan = plan_of(&highest, MH_COMPAT_V6_1);

	cr_expect_eq(count(&plan), 2 * (1 + 6 * 4) * 3 * 2 * 3, "%u", count(&plan));
}

/* An event of nodes comes with the first block (or the last) only. */
Test(contract_case, of_nodes_has_events_of_nodes)
{
	struct mh_contract_plan plan = plan_of(&of_nodes, MH_COMPAT_V7_3);

	cr_expect_eq(count(&plan), 2 * (3 + 6 * 4 * 2) * 2 * 3, "%u", count(&plan));
}

Test(contract_case, is_found_by_its_name)
{
	struct mh_contract_plan plan = plan_of(&middle, MH_COMPAT_V6_1);
	struct mh_contract_case of;
	char name[MH_CONTRACT_CASE_SIZE];
	uint64_t found, alloc;

	for (uint64_t index = 0; index < mh_contract_case_count(&plan); index += 7) {
		if (!mh_contract_case_at(&plan, index, &of))
			continue;
		of.alloc = 3;
		mh_contract_case_name(&plan, &of, name, sizeof(name));
		cr_assert_eq(mh_contract_case_find(&plan, name, &found, &alloc), 0, "%s", name);
		cr_expect_eq(found, index, "%s: %llu", name, (unsigned long long)found);
		cr_expect_eq(alloc, 3);
	}
}

Test(contract_case, the_first_is_the_plainest)
{
	struct mh_contract_plan plan = plan_of(&middle, MH_COMPAT_V6_1);
	struct mh_contract_case of;
	char name[MH_CONTRACT_CASE_SIZE];
	uint64_t index = 0;

	while (!mh_contract_case_at(&plan, index, &of))
		index++;
	mh_contract_case_name(&plan, &of, name, sizeof(name));
	cr_expect_str_eq(name, "drv/alone/none/none/first/normal/stays/alloc-0");
}

Test(contract_case, a_name_that_is_none_is_refused)
{
	struct mh_contract_plan plan = plan_of(&middle, MH_COMPAT_V6_1);
	static const char *const names[] = {
		"",
		"drv",
		"drv/alone/none/none/first/normal/stays",
		"drv/alone/none/none/first/normal/stays/alloc-",
		"drv/alone/none/none/first/normal/stays/alloc-1x",
		"drv/alone/none/stop-above/first/normal/stays/alloc-0",
		"other/alone/none/none/first/normal/stays/alloc-0",
	};
	uint64_t index, alloc;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		cr_expect_eq(mh_contract_case_find(&plan, names[i], &index, &alloc), -EINVAL, "'%s'", names[i]);
}
