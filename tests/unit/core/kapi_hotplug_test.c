/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modules that keep memory and CPUs from coming and going. */
#include <criterion/criterion.h>

#include "core/kapi_report.h"
#include "kapi_fixture.h"

#define MODULE "hotplug_locks"

Test(kapi_hotplug, locks_work_for_one_lock_and_for_one_a_node)
{
	struct mh_machine_config config = fixture_config();
	struct kapi_fixture fixture;

	kapi_expect_sound(MODULE);
	config.hotplug_lock = MH_HOTPLUG_LOCK_NODE;
	kapi_begin_with(&fixture, &config);
	cr_expect_eq(mh_module_unload(kapi_load(&fixture, MODULE), NULL), 0);
	kapi_expect_silence(&fixture);
	kapi_end(&fixture);
}

Test(kapi_hotplug, in_a_callback_is_named_and_not_waited_for)
{
	struct kapi_fixture fixture;
	struct mh_module *module;

	kapi_begin(&fixture);
	module = kapi_load(&fixture, MODULE);
	cr_expect_eq(fixture_online(&fixture.machine, 0, MH_ONLINE_DEFAULT), 0);
	kapi_expect_report(&fixture, MH_KAPI_RULE_LOCK,
			   "inside of a memory operation, which holds the lock for writing");
	cr_expect_eq(fixture.report_count, 1, "%u", fixture.report_count);
	kapi_forget_reports(&fixture);
	cr_expect_eq(fixture_offline(&fixture.machine, 0), 0);
	cr_expect_eq(mh_module_unload(module, NULL), 0);
	kapi_expect_silence(&fixture);
	kapi_end(&fixture);
}

Test(kapi_hotplug, misuse_is_named)
{
	kapi_expect_misdeed(MODULE,
			    &(struct kapi_misdeed){"put_without_get", MH_KAPI_RULE_LOCK, "put_online_mems() at "});
	kapi_expect_misdeed(MODULE, &(struct kapi_misdeed){"leaves_cpus_locked", MH_KAPI_RULE_LOCK,
							   "with the rw_semaphore 'cpu_hotplug_lock' held"});
}
