/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a module sees of the machine while blocks come and go: tests/fixtures/modules/kapi_node.c logs it. */
#include <criterion/criterion.h>

#include <memhp/kapi_node.h>

#include "base/text.h"
#include "core/kapi.h"
#include "core/module.h"
#include "module_fixture.h"

static void expect_log(const char *expected)
{
	struct mh_text log = MH_TEXT_INIT;

	mh_kapi_take_log(&log);
	cr_expect_str_eq(log.data, expected, "expected\n%sbut was\n%s", expected, log.data);
	mh_text_release(&log);
}

/* Sections and masks change where the kernel changes them: before MEM_ONLINE and before MEM_OFFLINE. */
Test(kapi_node, shows_the_machine_as_it_is_at_each_event)
{
	struct mh_machine_config config = fixture_config();
	struct mh_text log = MH_TEXT_INIT;
	struct mh_module *module;
	struct mh_error error;
	struct fixture fixture;
	char path[MODULE_PATH_SIZE];

	fixture_begin(&fixture, TWO_NODES, &config);
	mh_kapi_bind(fixture.machine);
	module_fixture_path("kapi_node", path);
	if (mh_module_load(fixture.machine, path, &module, &error) < 0) {
		mh_kapi_take_log(&log);
		cr_assert_fail("%s: %s", error.text, log.data);
	}
	cr_expect_eq(fixture_online(&fixture, 4, MH_ONLINE_MOVABLE), 0);
	expect_log("8: page 0 section 0 zone Movable of 1 4+1 present 0 ram 0 node 0 memory  normal \n"
		   "1: page 1 section 1 zone Movable of 1 4+1 present 1 ram 1 node 1 memory 1 normal \n");
	cr_expect_eq(fixture_online(&fixture, 0, MH_ONLINE_KERNEL), 0);
	expect_log("8: page 0 section 0 zone Normal of 0 0+1 present 0 ram 1 node 0 memory 1 normal \n"
		   "1: page 1 section 1 zone Normal of 0 0+1 present 1 ram 2 node 1 memory 0-1 normal 0\n");
	cr_expect_eq(fixture_offline(&fixture, 4), 0);
	expect_log("2: page 1 section 1 zone Movable of 1 4+1 present 1 ram 2 node 1 memory 0-1 normal 0\n"
		   "4: page 0 section 0 zone Movable of 1 4+1 present 0 ram 1 node 0 memory 0 normal 0\n");
	cr_expect_eq(mh_module_unload(module, &error), 0, "%s", error.text);
	mh_kapi_bind(NULL);
	fixture_end(&fixture);
}

Test(kapi_node, is_empty_without_a_machine)
{
	mh_kapi_bind(NULL);
	cr_expect_eq(memhp_node_ids(), 0);
	cr_expect_eq(memhp_node_sets[MEMHP_NODE_ONLINE][0], 0);
	cr_expect_null(memhp_node_data(0));
	cr_expect_null(memhp_pfn_zone(0));
	cr_expect_eq(memhp_pfn_state(0), MEMHP_BLOCK_ABSENT);
	cr_expect_eq(memhp_pfn_nid(0), -1);
	cr_expect_eq(memhp_block_pages(), 0);
	cr_expect_eq(memhp_managed_pages(), 0);
}
