/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modules of each kernel's protocol on machines of each: taken where they belong, refused with a sentence elsewhere. */
#include "core/module.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/text.h"
#include "core/kapi.h"
#include "machine_fixture.h"

#define PATH_SIZE 4096

static void fixture_path(const char *name, char *path)
{
	char program[PATH_SIZE - 64];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	cr_assert_gt(length, 0);
	program[length] = 0;
	*strrchr(program, '/') = 0;
	snprintf(path, PATH_SIZE, "%s/../fixtures/%s.so", program, name);
}

static void begin(struct fixture *fixture, enum mh_compat compat)
{
	struct mh_machine_config config = fixture_config();

	config.compat = compat;
	fixture_begin(fixture, THREE_BLOCKS, &config);
	mh_kapi_bind(fixture->machine);
}

static void end(struct fixture *fixture)
{
	mh_kapi_bind(NULL);
	fixture_end(fixture);
}

/* What the module logs while block 0 goes online and offline. */
static void expect_log(const char *name, enum mh_compat compat, const char *expected)
{
	struct mh_text log = MH_TEXT_INIT;
	struct mh_module *module;
	struct mh_error error;
	struct fixture fixture;
	char path[PATH_SIZE];

	begin(&fixture, compat);
	fixture_path(name, path);
	cr_assert_eq(mh_module_load(fixture.machine, path, &module, &error), 0, "%s", error.text);
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_MOVABLE), 0);
	cr_expect_eq(fixture_offline(&fixture, 0), 0);
	cr_expect_eq(mh_module_unload(module, &error), 0, "%s", error.text);
	mh_kapi_take_log(&log);
	cr_expect_str_eq(log.data, expected, "%s logged '%s', expected '%s'", name, log.data, expected);
	mh_text_release(&log);
	fixture_expect_sound(&fixture, name);
	end(&fixture);
}

Test(module_compat, of_7_3_hears_both_chains)
{
	expect_log("both_73", MH_COMPAT_V7_3,
		   "adding 0\ngoing 0+32768\nadded 0\nonline 0+32768\n"
		   "other 0\nother 0+32768\nother 0\nother 0+32768\n");
}

Test(module_compat, of_6_12_hears_prepare_and_finish)
{
	expect_log("prepare_612", MH_COMPAT_V6_12, "prepare 0+0\nonline 0\nfinish 32768\n");
}

static void expect_refused(const char *name, enum mh_compat compat)
{
	struct mh_module *module = NULL;
	struct mh_error error = {.code = 0};
	struct fixture fixture;
	char path[PATH_SIZE];

	begin(&fixture, compat);
	fixture_path(name, path);
	cr_expect_eq(mh_module_load(fixture.machine, path, &module, &error), -EPROTO, "%s on %s", name,
		     mh_compat_names[compat]);
	cr_expect_not_null(strstr(error.text, "built for the protocol of kernel"), "%s", error.text);
	cr_expect_eq(mh_chain_count(mh_machine_chain(fixture.machine)), 0);
	end(&fixture);
}

Test(module_compat, is_refused_on_a_machine_of_another_kernel)
{
	static const struct {
		const char *name;
		enum mh_compat own;
	} modules[] = {{"good", MH_COMPAT_V6_1}, {"prepare_612", MH_COMPAT_V6_12}, {"both_73", MH_COMPAT_V7_3}};

	for (unsigned i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		for (int compat = MH_COMPAT_V6_1; compat <= MH_COMPAT_V7_3; compat++)
			if (compat != (int)modules[i].own)
				expect_refused(modules[i].name, (enum mh_compat)compat);
}

Test(module_compat, doc5x_takes_modules_of_6_1)
{
	struct mh_module *module;
	struct mh_error error;
	struct fixture fixture;
	char path[PATH_SIZE];

	begin(&fixture, MH_COMPAT_DOC5X);
	fixture_path("good", path);
	cr_assert_eq(mh_module_load(fixture.machine, path, &module, &error), 0, "%s", error.text);
	cr_expect_eq(mh_module_unload(module, &error), 0, "%s", error.text);
	end(&fixture);
}
