/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The headers for modules, by modules that check themselves: tests/fixtures/modules/kapi_*.c. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "base/text.h"
#include "core/kapi.h"
#include "core/module.h"
#include "module_fixture.h"

static const char *const checked_modules[] = {"kapi_bits"};

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
