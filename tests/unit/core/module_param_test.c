/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parameters of modules: every type set before init, and each sentence that refuses one. */
#include <errno.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "base/text.h"
#include "core/kapi.h"
#include "core/module.h"
#include "module_fixture.h"

#define ARGUMENTS_MAX 16

static int load(struct fixture *fixture, const char *const *arguments, struct mh_module **ret_module,
		struct mh_error *reterr)
{
	char path[MODULE_PATH_SIZE];
	struct mh_module_request request = {.path = path, .arguments = arguments};

	module_fixture_path("kapi_param", path);
	while (arguments[request.argument_count])
		request.argument_count++;
	return mh_module_load_with(fixture->machine, &request, ret_module, reterr);
}

static void expect_log(const char *expected)
{
	struct mh_text log = MH_TEXT_INIT;

	mh_kapi_take_log(&log);
	cr_expect_str_eq(log.data, expected, "%s", log.data);
	mh_text_release(&log);
}

static void expect_loaded(const char *const *arguments, const char *expected)
{
	struct mh_module *module;
	struct mh_error error;
	struct fixture fixture;

	module_fixture_begin(&fixture);
	cr_assert_eq(load(&fixture, arguments, &module, &error), 0, "%s", error.text);
	expect_log(expected);
	cr_expect_eq(mh_module_unload(module, &error), 0, "%s", error.text);
	expect_log("exit\n");
	module_fixture_end(&fixture);
}

Test(module_param, keep_their_defaults)
{
	expect_loaded((const char *const[]){NULL}, "kapi_param 1 -2 3 0 0 0 0 0 'none' '' 0:0,0,0,0\n");
}

Test(module_param, are_set_before_init)
{
	expect_loaded((const char *const[]){"small=255", "little=-32768", "number=-0x10", "how-many=010", "far=-5",
					    "huge=0xffffffffffffffff", "on", "off=n", "label=a b=c", "word=1234567",
					    "nids=4,-1,2", NULL},
		      "kapi_param 255 -32768 -16 8 -5 ffffffffffffffff 1 1 'a b=c' '1234567' 3:4,-1,2,0\n");
}

static const struct {
	const char *argument, *told;
} refusals[] = {
	{"nummer=1", "no parameter 'nummer' (did you mean 'number'?); it has '"},
	{"number", "parameter 'number' wants a value: number=…"},
	{"number=", "parameter 'number' is of type int and takes a whole number, not ''"},
	{"number=12x", "parameter 'number' is of type int and takes a whole number, not '12x'"},
	{"number=0x80000000", "parameter 'number': '0x80000000' does not fit its type, int"},
	{"small=256", "parameter 'small': '256' does not fit its type, byte"},
	{"little=32768", "parameter 'little': '32768' does not fit its type, short"},
	{"how_many=-1", "parameter 'how_many' is of type uint and takes a whole number, not '-1'"},
	{"huge=0x10000000000000000", "does not fit its type, ullong"},
	{"on=maybe", "parameter 'on' is of type bool and takes y or n, not 'maybe'"},
	{"word=12345678", "parameter 'word': '12345678' does not fit its type, string"},
	{"nids=1,2,3,4,5", "parameter 'nids' takes 4 values at most, not '1,2,3,4,5'"},
	{"nids=1,,3", "parameter 'nids' is of type int and takes a whole number, not '1,,3'"},
};

ParameterizedTestParameters(module_param, that_is_wrong_is_refused_by_a_sentence)
{
	static int indices[sizeof(refusals) / sizeof(refusals[0])];

	for (size_t i = 0; i < sizeof(indices) / sizeof(indices[0]); i++)
		indices[i] = (int)i;
	return cr_make_param_array(int, indices, sizeof(indices) / sizeof(indices[0]));
}

ParameterizedTest(int *index, module_param, that_is_wrong_is_refused_by_a_sentence)
{
	const char *const arguments[] = {refusals[*index].argument, NULL};
	struct mh_module *module = NULL;
	struct mh_error error = {.code = 0};
	struct fixture fixture;
	int ret;

	module_fixture_begin(&fixture);
	ret = load(&fixture, arguments, &module, &error);
	cr_expect_eq(ret, -EINVAL, "%s: %d", arguments[0], ret);
	cr_expect_not_null(strstr(error.text, refusals[*index].told), "%s: '%s'", arguments[0], error.text);
	cr_expect_null(module);
	expect_log("");
	module_fixture_end(&fixture);
}

Test(module_param, a_module_that_is_held_stays)
{
	struct mh_module *module;
	struct mh_error error;
	struct fixture fixture;
	int ret;

	module_fixture_begin(&fixture);
	cr_assert_eq(load(&fixture, (const char *const[]){"held=1", NULL}, &module, &error), 0, "%s", error.text);
	expect_log("kapi_param 1 -2 3 0 0 0 0 0 'none' '' 0:0,0,0,0\n");
	ret = mh_module_unload(module, &error);
	cr_expect_eq(ret, -EBUSY, "%d", ret);
	cr_expect_not_null(strstr(error.text, "still held 1 times"), "%s", error.text);
	expect_log("");
	module_fixture_end(&fixture);
}

Test(module_param, are_given_again_when_the_module_is_reloaded)
{
	struct mh_module *module;
	struct mh_error error;
	struct fixture fixture;

	module_fixture_begin(&fixture);
	cr_assert_eq(load(&fixture, (const char *const[]){"number=7", "nids=1,2", "label=x", NULL}, &module, &error), 0,
		     "%s", error.text);
	expect_log("kapi_param 1 -2 7 0 0 0 0 0 'x' '' 2:1,2,0,0\n");
	cr_expect_eq(mh_module_reload(fixture.machine, "kapi_param", 0, &error), 0, "%s", error.text);
	expect_log("exit\nkapi_param 1 -2 7 0 0 0 0 0 'x' '' 2:1,2,0,0\n");
	cr_expect_eq(mh_module_unload(module, &error), 0, "%s", error.text);
	expect_log("exit\n");
	module_fixture_end(&fixture);
}
