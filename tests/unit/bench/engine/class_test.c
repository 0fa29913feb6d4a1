/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which class an operation belongs to: by what fired in it, and by what was left of its block before.
 */
#include "bench/engine/class.h"

#include <criterion/criterion.h>
#include <errno.h>

#define BLOCKS 4

static enum mh_class judge(struct mh_scars *scars, uint32_t block, unsigned fault_count, int result)
{
	const struct mh_operation operation = {.block = block, .fault_count = fault_count, .result = result};

	return mh_class_judge(scars, &operation);
}

Test(class, is_clean_where_no_fault_fired)
{
	struct mh_scars scars;

	cr_assert_eq(mh_scars_init(&scars, BLOCKS), 0);
	cr_expect_eq(judge(&scars, 0, 0, 0), MH_OPERATION_CLEAN);
	cr_expect_eq(judge(&scars, 0, 0, -EBUSY), MH_OPERATION_CLEAN);
	cr_expect_eq(judge(&scars, 0, 0, 0), MH_OPERATION_CLEAN, "the kernel's own refusal leaves no scar");
	cr_expect_not(mh_scars_any(&scars));
	mh_scars_release(&scars);
}

Test(class, recovers_until_the_block_succeeds)
{
	struct mh_scars scars;

	cr_assert_eq(mh_scars_init(&scars, BLOCKS), 0);
	cr_expect_eq(judge(&scars, 1, 1, -EPERM), MH_OPERATION_FAULTED);
	cr_expect(mh_scars_any(&scars));
	cr_expect_eq(judge(&scars, 2, 0, 0), MH_OPERATION_CLEAN, "another block");
	cr_expect_eq(judge(&scars, 1, 0, -EBUSY), MH_OPERATION_RECOVERING);
	cr_expect_eq(judge(&scars, 1, 2, -EPERM), MH_OPERATION_FAULTED, "a retry that is faulted again");
	cr_expect_eq(judge(&scars, 1, 0, 0), MH_OPERATION_RECOVERING);
	cr_expect_eq(judge(&scars, 1, 0, 0), MH_OPERATION_CLEAN);
	cr_expect_not(mh_scars_any(&scars));
	mh_scars_release(&scars);
}

Test(class, a_fault_that_lets_the_operation_succeed_leaves_nothing_to_recover)
{
	struct mh_scars scars;

	cr_assert_eq(mh_scars_init(&scars, BLOCKS), 0);
	cr_expect_eq(judge(&scars, 3, 1, 0), MH_OPERATION_FAULTED);
	cr_expect_eq(judge(&scars, 3, 0, 0), MH_OPERATION_CLEAN);
	cr_expect_eq(judge(&scars, 3, 1, -EPERM), MH_OPERATION_FAULTED);
	cr_expect_eq(judge(&scars, 3, 1, 0), MH_OPERATION_FAULTED);
	cr_expect_eq(judge(&scars, 3, 0, 0), MH_OPERATION_CLEAN);
	mh_scars_release(&scars);
}

Test(class, is_named_as_metrics_name_it)
{
	cr_expect_str_eq(mh_class_name(MH_OPERATION_CLEAN), "clean");
	cr_expect_str_eq(mh_class_name(MH_OPERATION_FAULTED), "faulted");
	cr_expect_str_eq(mh_class_name(MH_OPERATION_RECOVERING), "recovering");
}
