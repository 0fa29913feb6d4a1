/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The headers for modules, by modules that check themselves: tests/fixtures/modules/kapi_*.c. */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "base/text.h"
#include "core/kapi.h"
#include "core/kapi_report.h"
#include "core/module.h"
#include "module_fixture.h"

static const char *const checked_modules[] = {"kapi_bits", "kapi_list", "kapi_rbtree", "kapi_count", "kapi_tree"};

ParameterizedTestParameters(kapi_headers, are_what_a_module_expects)
{
	static int indices[sizeof(checked_modules) / sizeof(checked_modules[0])];

	for (size_t i = 0; i < sizeof(indices) / sizeof(indices[0]); i++)
		indices[i] = (int)i;
	return cr_make_param_array(int, indices, sizeof(indices) / sizeof(indices[0]));
}

ParameterizedTest(int *index, kapi_headers, are_what_a_module_expects)
{
	struct mh_text log = MH_TEXT_INIT;
	struct mh_module *module = NULL;
	struct mh_error error = {.code = 0};
	struct fixture fixture;
	char path[MODULE_PATH_SIZE];
	int ret;

	module_fixture_begin(&fixture);
	module_fixture_path(checked_modules[*index], path);
	ret = mh_module_load(fixture.machine, path, &module, &error);
	mh_kapi_take_log(&log);
	cr_assert_eq(ret, 0, "%s: %s", error.text, log.data);
	cr_expect_eq(mh_module_unload(module, &error), 0, "%s", error.text);
	cr_expect_eq(fixture_violation_count(&fixture), 0, "%s: %s", checked_modules[*index],
		     fixture_first_violation(&fixture));
	mh_text_release(&log);
	module_fixture_end(&fixture);
}

Test(kapi_headers, format_and_log_as_the_kernel)
{
	static const char expected[] = "one line\n"
				       "limited 0\nonce\nlimited 1\nlimited 2\nlimited 3\nlimited 4\nlimited 5\n"
				       "limited 6\nlimited 7\nlimited 8\nlimited 9\n"
				       "through: 5 five\n"
				       "> 00000000: 68 65 78 61 64 65 63 69 6d 61 6c 20 64 75 6d 70  hexadecimal dump\n"
				       "> 00000010: 21  !\n";
	struct mh_text log = MH_TEXT_INIT;
	struct mh_module *module = NULL;
	struct mh_error error = {.code = 0};
	struct fixture fixture;
	char path[MODULE_PATH_SIZE];
	int ret;

	module_fixture_begin(&fixture);
	module_fixture_path("kapi_text", path);
	ret = mh_module_load(fixture.machine, path, &module, &error);
	mh_kapi_take_log(&log);
	cr_assert_eq(ret, 0, "%s: %s", error.text, log.data);
	cr_expect_str_eq(log.data, expected, "%s", log.data);
	cr_expect_eq(mh_module_unload(module, &error), 0, "%s", error.text);
	mh_text_release(&log);
	module_fixture_end(&fixture);
}

static void keep_report(void *data, const char *rule, const char *text)
{
	mh_text_add(data, "%s: %s\n", rule, text);
}

/* Loads and unloads @name, and expects of its reports the @count texts in that order and no more. */
static void expect_reports(const char *name, const char *const *texts, size_t count)
{
	struct mh_text told = MH_TEXT_INIT;
	struct mh_kapi_sink sink = {keep_report, &told};
	struct mh_module *module;
	struct mh_error error;
	struct fixture fixture;
	char path[MODULE_PATH_SIZE];
	const char *at;

	module_fixture_begin(&fixture);
	mh_kapi_report_to(&sink);
	module_fixture_path(name, path);
	cr_assert_eq(mh_module_load(fixture.machine, path, &module, &error), 0, "%s", error.text);
	cr_assert_eq(mh_module_unload(module, &error), 0, "%s", error.text);
	at = told.data;
	for (size_t i = 0; i < count; i++) {
		const char *line = at, *found = strstr(line, texts[i]);

		at = strchr(line, '\n') ? strchr(line, '\n') + 1 : line;
		cr_expect(found && found < at, "'%s' is not line %zu of:\n%s", texts[i], i + 1, told.data);
	}
	cr_expect_str_eq(at, "", "more was told: %s", at);
	mh_kapi_report_to(NULL);
	mh_text_release(&told);
	module_fixture_end(&fixture);
}

Test(kapi_headers, tell_misuse_by_its_place)
{
	static const char *const expected[] = {
		"module-use: a list entry was added to the list that it is in, at use_misdeeds.c:",
		"a list entry was deleted twice",
		"a list entry was deleted that was never in a list",
		"a list entry was added beside one that is in no list",
		"a list entry was deleted from a list that does not hold it",
		"a hash list's node was deleted twice",
		"a node was erased that is in no tree, at use_misdeeds.c:",
		"a refcount was raised from 0",
		"refcount_dec() took the last reference",
		"a refcount was raised until it saturated",
		"a refcount was lowered below 0, at use_misdeeds.c:",
		"an entry was stored in an xarray that is neither a pointer nor a value, at use_misdeeds.c:",
		"a number was allocated from an xarray that is not of XA_FLAGS_ALLOC",
		"ida_free() of 7, which is not allocated",
		"idr_alloc() from -1: a number is not negative",
		"module_put() of a module that nobody holds",
	};

	expect_reports("use_misdeeds", expected, sizeof(expected) / sizeof(expected[0]));
}
