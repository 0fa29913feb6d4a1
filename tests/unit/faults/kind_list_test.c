/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What each row of the table of kinds must say of itself.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "core/invariant.h"
#include "faults/arm.h"

Test(kind_list, each_is_whole)
{
	for (unsigned i = 0; i < mh_fault_kind_count(); i++) {
		const struct mh_fault_kind *kind = mh_fault_kind_at(i);

		cr_expect_eq(mh_fault_kind_find(kind->name), kind, "%s", kind->name);
		cr_expect_not_null(kind->prepare, "%s", kind->name);
		cr_expect_not_null(kind->fire, "%s", kind->name);
		cr_expect(kind->help && !strchr(kind->help, '\n'), "%s", kind->name);
		cr_expect(kind->help[strlen(kind->help) - 1] != '.', "%s", kind->name);
		cr_expect_eq(!!(kind->expects & MH_EXPECT_BIT(MH_EXPECT_DETECTED)), !!kind->detects, "%s", kind->name);
	}
}

/* What a kind detects are names of invariants. */
Test(kind_list, detects_what_there_is)
{
	for (unsigned i = 0; i < mh_fault_kind_count(); i++) {
		const struct mh_fault_kind *kind = mh_fault_kind_at(i);
		char list[128], *rest = list, *name;

		if (!kind->detects)
			continue;
		strncpy(list, kind->detects, sizeof(list) - 1);
		list[sizeof(list) - 1] = '\0';
		while ((name = strsep(&rest, " ")))
			cr_expect_lt(mh_invariant_index(name), mh_invariant_count, "%s: '%s'", kind->name, name);
	}
}
