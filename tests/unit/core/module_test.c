/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Loading of modules: what is taken, what is refused before its code runs, and what stays when it must.
 */
#include "core/module.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "core/kapi.h"
#include "machine_fixture.h"
#include "module_fixture.h"

static void expect_refused(const char *name, int expected, const char *told)
{
	struct mh_module *module = NULL;
	struct mh_error error = {.code = 0};
	struct fixture fixture;
	char path[MODULE_PATH_SIZE];
	int ret;

	module_fixture_begin(&fixture);
	module_fixture_path(name, path);
	ret = mh_module_load(fixture.machine, path, &module, &error);
	cr_expect_eq(ret, expected, "%s: %d, expected %d", name, ret, expected);
	cr_expect_eq(error.code, expected, "%s: code %d, expected %d", name, error.code, expected);
	cr_expect_not_null(strstr(error.text, told), "%s: '%s' does not tell '%s'", name, error.text, told);
	cr_expect_null(module, "%s", name);
	module_fixture_end(&fixture);
}

Test(module, is_loaded_called_and_unloaded)
{
	struct mh_module *module;
	struct mh_error error;
	struct fixture fixture;
	char path[MODULE_PATH_SIZE];

	module_fixture_begin(&fixture);
	fixture_listen(&fixture);
	module_fixture_path("good", path);
	cr_assert_eq(mh_module_load(fixture.machine, path, &module, &error), 0, "%s", error.text);
	cr_expect_eq(mh_chain_count(mh_machine_chain(fixture.machine)), 4);
	cr_expect_str_eq(mh_chain_listener(mh_machine_chain(fixture.machine), 3)->name, "good");
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), 0);
	cr_expect_str_eq(fixture.heard, "", "it stops every walk, yet A heard '%s'", fixture.heard);
	cr_expect_eq(mh_module_unload(module, &error), 0, "%s", error.text);
	cr_expect_eq(mh_chain_count(mh_machine_chain(fixture.machine)), 3);
	cr_expect_eq(fixture_offline(&fixture, 0), 0);
	cr_expect_str_eq(fixture.heard, "GF:ABC{0,0} OF:ABC{0,0}", "heard '%s'", fixture.heard);
	fixture_expect_sound(&fixture, "good");
	module_fixture_end(&fixture);
}

Test(module, can_be_loaded_again)
{
	struct mh_module *module;
	struct mh_error error;
	struct fixture fixture;
	char path[MODULE_PATH_SIZE];

	module_fixture_begin(&fixture);
	module_fixture_path("good", path);
	for (int i = 0; i < 3; i++) {
		cr_assert_eq(mh_module_load(fixture.machine, path, &module, &error), 0, "%s", error.text);
		cr_assert_eq(mh_module_unload(module, &error), 0, "%s", error.text);
	}
	module_fixture_end(&fixture);
}

Test(module, without_init_is_refused)
{
	expect_refused("no_init", -EINVAL, "no module_init()");
}

Test(module, of_another_abi_is_refused_before_its_code_runs)
{
	expect_refused("foreign_abi", -EPROTO, "compile it again");
}

Test(module, of_another_kernels_protocol_is_refused_before_its_code_runs)
{
	expect_refused("foreign_compat", -EPROTO, "protocol of kernel");
}

Test(module, whose_init_fails_is_refused_with_its_errno)
{
	expect_refused("init_fails", -ECANCELED, "returned -19");
}

Test(module, with_an_unknown_symbol_is_refused_by_name)
{
	expect_refused("unknown_symbol", -ENOEXEC, "memhp_test_no_such_function");
}

Test(module, with_its_own_copy_of_the_library_is_refused)
{
	expect_refused("own_copy", -EINVAL, "links nothing");
}

Test(module, that_is_not_there_is_refused)
{
	expect_refused("no_such_module", -ENOENT, "cannot read the module");
}

Test(module, that_is_no_shared_object_is_refused)
{
	struct mh_module *module = NULL;
	struct mh_error error = {.code = 0};
	struct fixture fixture;
	int ret;

	module_fixture_begin(&fixture);
	ret = mh_module_load(fixture.machine, "/etc/passwd", &module, &error);
	cr_expect_eq(ret, -ENOEXEC, "%d", ret);
	cr_expect_eq(error.code, -ENOEXEC);
	module_fixture_end(&fixture);
}

/* Its code must not vanish under the chain: the next event still calls it. */
Test(module, whose_init_fails_with_a_listener_registered_stays_mapped)
{
	struct fixture fixture;
	struct mh_module *module = NULL;
	struct mh_error error;
	char path[MODULE_PATH_SIZE];

	module_fixture_begin(&fixture);
	module_fixture_path("init_fails_registered", path);
	cr_expect_eq(mh_module_load(fixture.machine, path, &module, &error), -ECANCELED);
	cr_expect_eq(error.code, -ECANCELED, "%d", error.code);
	cr_expect_not_null(strstr(error.text, "'init_fails_registered'"), "%s", error.text);
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), 0);
	cr_expect_eq(fixture.operation.heard_count, 1, "%d", fixture.operation.heard_count);
	module_fixture_end(&fixture);
}

Test(module, that_leaves_listeners_behind_is_not_unmapped)
{
	struct fixture fixture;
	struct mh_module *module;
	struct mh_error error;
	char path[MODULE_PATH_SIZE];
	int ret;

	module_fixture_begin(&fixture);
	module_fixture_path("keeps_listener", path);
	cr_assert_eq(mh_module_load(fixture.machine, path, &module, &error), 0, "%s", error.text);
	ret = mh_module_unload(module, &error);
	cr_expect_eq(ret, -EBUSY, "%d", ret);
	cr_expect_not_null(strstr(error.text, "'keeps_listener', 'keeps_listener.1'"), "%s", error.text);
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), 0);
	cr_expect_eq(fixture.operation.heard_count, 2, "%d", fixture.operation.heard_count);
	module_fixture_end(&fixture);
}

Test(module, is_reloaded_by_the_name_of_a_listener)
{
	struct fixture fixture;
	struct mh_module *module;
	struct mh_error error;
	char path[MODULE_PATH_SIZE];

	module_fixture_begin(&fixture);
	module_fixture_path("good", path);
	cr_assert_eq(mh_module_load(fixture.machine, path, &module, &error), 0, "%s", error.text);
	cr_expect_eq(mh_module_reload(fixture.machine, "goo", 0, &error), -ENOENT);
	cr_expect_eq(mh_module_reload(fixture.machine, "goods", 0, &error), -ENOENT);
	cr_expect_not_null(strstr(error.text, "no loaded module has a listener 'goods'"), "%s", error.text);
	for (int i = 0; i < 3; i++)
		cr_expect_eq(mh_module_reload(fixture.machine, i ? "good" : "good.7", 1000, &error), 0, "%s",
			     error.text);
	cr_expect_eq(mh_chain_count(mh_machine_chain(fixture.machine)), 1);
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), 0);
	cr_expect_eq(fixture.operation.heard_count, 1, "%d", fixture.operation.heard_count);
	cr_expect_eq(mh_module_unload(module, &error), 0, "%s", error.text);
	cr_expect_eq(mh_module_reload(fixture.machine, "good", 0, &error), -ENOENT);
	module_fixture_end(&fixture);
}

Test(module, that_leaves_listeners_behind_is_not_reloaded)
{
	struct fixture fixture;
	struct mh_module *module;
	struct mh_error error;
	char path[MODULE_PATH_SIZE];

	module_fixture_begin(&fixture);
	module_fixture_path("keeps_listener", path);
	cr_assert_eq(mh_module_load(fixture.machine, path, &module, &error), 0, "%s", error.text);
	cr_expect_eq(mh_module_reload(fixture.machine, "keeps_listener.1", 0, &error), -EBUSY);
	cr_expect_eq(mh_module_reload(fixture.machine, "keeps_listener.1", 0, &error), -ENOENT);
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_DEFAULT), 0);
	cr_expect_eq(fixture.operation.heard_count, 2, "%d", fixture.operation.heard_count);
	cr_expect_eq(mh_module_unload(module, &error), 0, "%s", error.text);
	module_fixture_end(&fixture);
}

Test(module, is_named_after_its_file)
{
	char name[8];

	mh_module_name("path/to/hello.so", name, sizeof(name));
	cr_expect_str_eq(name, "hello");
	mh_module_name("a_long_name.so", name, sizeof(name));
	cr_expect_str_eq(name, "a_long_");
	mh_module_name(".so", name, sizeof(name));
	cr_expect_str_eq(name, ".so");
}

Test(kapi, without_a_machine_refuses)
{
	struct notifier_block nb = {.priority = 1};

	mh_kapi_bind(NULL);
	cr_expect_eq(register_memory_notifier(&nb), -ENODEV);
	unregister_memory_notifier(&nb); /* void: must do nothing */
}

Test(kapi, keeps_the_log_until_it_is_taken_and_tells_what_was_dropped)
{
	struct mh_text text = MH_TEXT_INIT;

	memhp_printk("hello %d\n", 5);
	mh_kapi_take_log(&text);
	cr_expect_str_eq(text.data, "hello 5\n", "'%s'", text.data);
	mh_text_clear(&text);
	for (int i = 0; i < 70000; i++)
		memhp_printk("x\n");
	mh_kapi_take_log(&text);
	cr_expect_not_null(strstr(text.data, "more lines of modules were dropped"));
	mh_text_release(&text);
}
