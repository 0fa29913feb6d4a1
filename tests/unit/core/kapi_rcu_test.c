/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RCU and SRCU of modules: right uses are silent, misuse is named and does not hang, and a callback that waits for
 * grace periods goes on whatever keeps the chain.
 */
#include "core/kapi_rcu.h"

#include <errno.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "core/kapi_report.h"
#include "core/kapi_work.h"
#include "kapi_fixture.h"

#define MISDEEDS "rcu_misdeeds"
#define WAITS    "waits_in_callback"

Test(kapi_rcu, every_kind_works_and_is_silent)
{
	kapi_expect_sound("rcu_family");
}

Test(kapi_rcu, lists_work_and_a_walk_outside_of_a_section_is_named)
{
	kapi_expect_sound("rculist_family");
	kapi_expect_misdeed("rculist_family", &(struct kapi_misdeed){"walks_unprotected", MH_KAPI_RULE_USE,
								     "list_for_each_entry_rcu of &items at "});
}

static const struct kapi_misdeed misdeeds[] = {
	{"unlocks_without_lock", MH_KAPI_RULE_USE, "rcu_read_unlock() at "},
	{"synchronizes_in_section", MH_KAPI_RULE_USE, "synchronize_rcu() at "},
	{"synchronizes_in_section", MH_KAPI_RULE_USE, "inside of the read section that began at "},
	{"barrier_in_section", MH_KAPI_RULE_USE, "rcu_barrier() at "},
	{"barrier_in_callback", MH_KAPI_RULE_USE, "in a callback of call_rcu()"},
	{"sleeps_in_section", MH_KAPI_RULE_SLEEP, "with a read section of RCU open: rcu_read_lock() at "},
	{"callback_sleeps", MH_KAPI_RULE_SLEEP, "with the thread in the callback of call_rcu(), set at "},
	{"leaves_section_open", MH_KAPI_RULE_USE, "is unloaded with a read section of RCU open"},
	{"thread_leaves_section_open", MH_KAPI_RULE_USE, "'opener' ends with a read section of RCU open"},
	{"dereferences_unprotected", MH_KAPI_RULE_USE, "rcu_dereference of pointer at "},
	{"protected_by_nothing", MH_KAPI_RULE_USE, "rcu_dereference_protected of pointer at "},
	{"leaves_callback", MH_KAPI_RULE_USE, "callbacks of call_rcu() pending, one from "},
	{"leaves_running_callback", MH_KAPI_RULE_USE, "with the thread in the callback of call_rcu(), set at "},
	{"calls_twice", MH_KAPI_RULE_USE, "of a head that waits for its callback already"},
	{"srcu_unlocks_without_lock", MH_KAPI_RULE_USE, "srcu_read_unlock() at "},
	{"srcu_wrong_index", MH_KAPI_RULE_USE, "or with an index that it did not give"},
	{"srcu_synchronizes_in_section", MH_KAPI_RULE_USE, "synchronize_srcu() at "},
	{"srcu_used_before_init", MH_KAPI_RULE_USE, "srcu_struct '&zeroed' is used at "},
	{"srcu_used_after_cleanup", MH_KAPI_RULE_USE, "before its init or after its cleanup"},
	{"srcu_never_cleaned_up", MH_KAPI_RULE_USE, "without cleanup_srcu_struct() of 'srcu', from "},
	{"srcu_cleaned_up_while_read", MH_KAPI_RULE_USE, "with a read section open, begun at "},
	{"srcu_leaves_section_open", MH_KAPI_RULE_USE, "with the read section of SRCU '&drv_srcu' open"},
};

#define MISDEED_COUNT (sizeof(misdeeds) / sizeof(misdeeds[0]))

ParameterizedTestParameters(kapi_rcu, misuse_is_named)
{
	static int indices[MISDEED_COUNT];

	for (int i = 0; i < (int)MISDEED_COUNT; i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, MISDEED_COUNT);
}

ParameterizedTest(int *index, kapi_rcu, misuse_is_named)
{
	kapi_expect_misdeed(MISDEEDS, &misdeeds[*index]);
}

static const struct mh_chain_config chains[] = {
	{MH_CHAIN_RCU_ARRAY, MH_RCU_MEMB}, {MH_CHAIN_RCU_ARRAY, MH_RCU_QSBR}, {MH_CHAIN_RCU_ARRAY, MH_RCU_BP},
	{MH_CHAIN_RCU_ARRAY, MH_RCU_MB},   {MH_CHAIN_RCU_ARRAY, MH_RCU_SRCU}, {MH_CHAIN_RCU_LIST, MH_RCU_MEMB},
	{MH_CHAIN_RCU_LIST, MH_RCU_QSBR},  {MH_CHAIN_RCU_LIST, MH_RCU_BP},    {MH_CHAIN_RCU_LIST, MH_RCU_MB},
	{MH_CHAIN_RCU_LIST, MH_RCU_SRCU},  {MH_CHAIN_RWLOCK, MH_RCU_MEMB},    {MH_CHAIN_MUTEX, MH_RCU_MEMB},
};

#define CHAIN_COUNT (sizeof(chains) / sizeof(chains[0]))

ParameterizedTestParameters(kapi_rcu, a_callback_that_waits_goes_on_with_every_chain)
{
	static int indices[CHAIN_COUNT];

	for (int i = 0; i < (int)CHAIN_COUNT; i++)
		indices[i] = i;
	return cr_make_param_array(int, indices, CHAIN_COUNT);
}

/* Hangs, if a grace period of the module waits for the walk that calls it. */
ParameterizedTest(int *index, kapi_rcu, a_callback_that_waits_goes_on_with_every_chain)
{
	struct mh_machine_config config = fixture_config();
	struct kapi_fixture fixture;
	struct mh_module *module;

	config.chain = chains[*index];
	kapi_begin_with(&fixture, &config);
	module = kapi_load(&fixture, WAITS);
	cr_expect_eq(fixture_online(&fixture.machine, 0, MH_ONLINE_DEFAULT), 0);
	cr_expect_eq(fixture_offline(&fixture.machine, 0), 0);
	cr_expect_eq(*(int *)kapi_symbol(WAITS, "waits_done"), 4);
	/* Its work unregisters the other listener, which waits for the end of the walk that queued it. */
	mh_rcu_quiescent(&mh_machine_chain(fixture.machine.machine)->rcu);
	cr_expect(mh_kapi_quiesce());
	cr_expect_eq(mh_chain_count(mh_machine_chain(fixture.machine.machine)), 1);
	cr_expect_eq(*(int *)kapi_symbol(WAITS, "other_heard"), 4);
	cr_expect_eq(mh_module_unload(module, NULL), 0);
	kapi_expect_silence(&fixture);
	fixture_expect_sound(&fixture.machine, WAITS);
	kapi_end(&fixture);
}

Test(kapi_rcu, a_section_left_open_by_a_callback_is_named_and_closed)
{
	struct kapi_fixture fixture;
	struct mh_module *module;

	kapi_begin(&fixture);
	module = kapi_load(&fixture, WAITS);
	kapi_call(WAITS, "open_section_in_next_online");
	cr_expect_eq(fixture_online(&fixture.machine, 0, MH_ONLINE_DEFAULT), 0);
	kapi_expect_report(&fixture, MH_KAPI_RULE_USE, "an operation ends with a read section of RCU open");
	kapi_forget_reports(&fixture);
	cr_expect_eq(fixture_offline(&fixture.machine, 0), 0);
	cr_expect(mh_kapi_quiesce());
	cr_expect_eq(mh_module_unload(module, NULL), 0);
	kapi_expect_silence(&fixture);
	kapi_end(&fixture);
}
