/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ledger of modules' memory: what is told of misuse, what fails on demand, and that right use is not told. */
#include "core/kapi_alloc.h"

#include <string.h>

#include <criterion/criterion.h>

#include <memhp/kapi.h>

#include "base/rcu.h"
#include "base/text.h"
#include "core/kapi_report.h"
#include "core/module.h"
#include "module_fixture.h"

static void keep_report(void *data, const char *rule, const char *text)
{
	mh_text_add(data, "%s: %s\n", rule, text);
}

Test(kapi_alloc, tells_each_misdeed_by_its_places)
{
	struct mh_text told = MH_TEXT_INIT;
	struct mh_kapi_sink sink = {keep_report, &told};
	static const char *const expected[] = {
		"module-free: 100 bytes allocated at ",
		"freed again at ",
		"and was never allocated",
		"module-leak: cache 'items' is destroyed at ",
		"with 1 objects out",
		"module-leak: 3 allocations, 3000 bytes, made at ",
		"module-leak: 1 allocation, 24 bytes, made at ",
		"made at alloc_misdeeds.c:7",
	};
	static const char *const expected_plain[] = {"written to beyond their end", "written to after that"};
	struct mh_module *module;
	struct mh_error error;
	struct fixture fixture;
	char path[MODULE_PATH_SIZE];

	module_fixture_begin(&fixture);
	mh_kapi_report_to(&sink);
	module_fixture_path("alloc_misdeeds", path);
	cr_assert_eq(mh_module_load(fixture.machine, path, &module, &error), 0, "%s", error.text);
	cr_assert_eq(mh_module_unload(module, &error), 0, "%s", error.text);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		cr_expect_not_null(strstr(told.data, expected[i]), "'%s' is not in:\n%s", expected[i], told.data);
	for (size_t i = 0; !MH_RCU_ASAN && i < sizeof(expected_plain) / sizeof(expected_plain[0]); i++)
		cr_expect_not_null(strstr(told.data, expected_plain[i]), "'%s' is not in:\n%s", expected_plain[i],
				   told.data);
	mh_kapi_report_to(NULL);
	mh_text_release(&told);
	module_fixture_end(&fixture);
}

Test(kapi_alloc, a_misdeed_is_a_violation_of_the_machine)
{
	struct fixture fixture;

	module_fixture_begin(&fixture);
	memhp_free(&fixture, "here.c:1");
	cr_expect_eq(fixture_violation_count(&fixture), 1);
	cr_expect_not_null(strstr(fixture_first_violation(&fixture), "was never allocated"), "%s",
			   fixture_first_violation(&fixture));
	module_fixture_end(&fixture);
}

Test(kapi_alloc, the_nth_allocation_fails)
{
	void *first, *third;
	uint64_t asked = mh_kapi_alloc_asked();

	mh_kapi_alloc_fail(2);
	first = memhp_alloc(8, 0, 0, "a.c:1");
	cr_expect_not_null(first);
	cr_expect_null(mh_kapi_alloc_failed_at());
	third = memhp_alloc(8, 0, MEMHP_GFP_NOFAIL, "a.c:2");
	cr_expect_not_null(third, "one that must not fail has failed");
	cr_expect_null(memhp_alloc(8, 0, 0, "a.c:3"));
	cr_expect_str_eq(mh_kapi_alloc_failed_at(), "a.c:3");
	memhp_free(first, "a.c:4");
	first = memhp_alloc(8, 0, 0, "a.c:5");
	cr_expect_not_null(first, "more than one has failed");
	cr_expect_eq(mh_kapi_alloc_asked() - asked, 4);
	memhp_free(first, "a.c:6");
	memhp_free(third, "a.c:7");
}

/* Sums up what is live at places of this file. */
static int add_size(void *data, const struct mh_kapi_allocation *allocation)
{
	if (strncmp(allocation->where, "sum.c:", 6) == 0)
		*(size_t *)data += allocation->size;
	return 0;
}

Test(kapi_alloc, lists_what_is_live)
{
	void *pointers[1000];
	size_t sum = 0;

	for (size_t i = 0; i < 1000; i++)
		pointers[i] = memhp_alloc(i + 1, 0, 0, "sum.c:1");
	for (size_t i = 0; i < 1000; i += 2)
		memhp_free(pointers[i], "sum.c:2");
	(void)mh_kapi_alloc_each(add_size, &sum);
	cr_expect_eq(sum, 250500, "%zu", sum);
	for (size_t i = 1; i < 1000; i += 2)
		memhp_free(pointers[i], "sum.c:3");
	sum = 0;
	(void)mh_kapi_alloc_each(add_size, &sum);
	cr_expect_eq(sum, 0, "%zu", sum);
}

Test(kapi_alloc, aligns_a_power_of_two_to_its_size)
{
	for (size_t size = 16; size <= 8192; size *= 2) {
		void *memory = memhp_alloc(size, 0, 0, "align.c:1");
		size_t align = size > 4096 ? 4096 : size;

		cr_expect_eq((uintptr_t)memory % align, 0, "%zu: %p", size, memory);
		memhp_free(memory, "align.c:2");
	}
}
