/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/replay_walks.h"

#include <stdlib.h>

#include <criterion/criterion.h>
#include <memhp/kernel.h>

/* Callback 0 refuses before the kernel's own are asked; callback 1 hears of the cancelling only. */
#define REFUSED                                                                                                        \
	"{\"trace\": [[0, \"GOING_ONLINE\", 1048576, 32768, -1, 3], [0, \"CANCEL_ONLINE\", 1048576, 32768, -1, 3],"    \
	" [1, \"CANCEL_ONLINE\", 1048576, 32768, -1, 3]],"                                                             \
	" \"full_trace\": [[0, 200, \"GOING_ONLINE\", \"errno:-1\", 0, 0], [0, 200, \"CANCEL_ONLINE\", \"DONE\", 0, "  \
	"0],"                                                                                                          \
	" [\"ksm\", 100, \"CANCEL_ONLINE\", \"OK\", 0, 0], [1, -10, \"CANCEL_ONLINE\", \"DONE\", 0, 0]]}"

static void expect(json_t *got, const char *wanted)
{
	char *text = json_dumps(got, JSON_COMPACT);

	cr_expect_str_eq(text, wanted);
	free(text);
	json_decref(got);
}

static void expect_recorded(const char *step, const char *wanted)
{
	json_t *object = json_loads(step, 0, NULL);

	cr_assert_not_null(object, "%s", step);
	expect(mh_kernel_replay_walks_recorded(object), wanted);
	json_decref(object);
}

Test(kernel_replay_walks, are_the_calls_of_one_event_with_what_they_were_refused_by)
{
	expect_recorded(REFUSED, "[[\"GOING_ONLINE\",1048576,32768,-1,3,\"BAD\"],"
				 "[\"CANCEL_ONLINE\",1048576,32768,-1,3,null]]");
}

Test(kernel_replay_walks, have_no_argument_where_no_callback_of_the_case_was_asked)
{
	expect_recorded("{\"trace\": [], \"full_trace\": [[\"ksm\", 100, \"GOING_OFFLINE\", \"OK\", 1, 0],"
			" [\"slab\", 1, \"GOING_OFFLINE\", \"errno:-12\", 1, 0], [\"ksm\", 100, \"CANCEL_OFFLINE\","
			" \"OK\", 1, 0]]}",
			"[[\"GOING_OFFLINE\",\"errno:-12\"],[\"CANCEL_OFFLINE\",null]]");
	expect_recorded("{\"trace\": [], \"full_trace\": []}", "[]");
}

Test(kernel_replay_walks, of_newer_kernels_have_what_their_arguments_have)
{
	expect_recorded(
		"{\"trace\": [[0, \"PREPARE_ONLINE\", 1, 2, null, null, 0, 512], [0, \"NODE_ADDED_FIRST_MEMORY\","
		" 3]], \"full_trace\": [[0, 1, \"PREPARE_ONLINE\", \"OK\", -1, -1],"
		" [0, 1, \"NODE_ADDED_FIRST_MEMORY\", \"OK\", 1, 1]]}",
		"[[\"PREPARE_ONLINE\",1,2,null,null,null],[\"NODE_ADDED_FIRST_MEMORY\",3,null]]");
}

static const struct mh_kernel_walk seen[] = {
	{.event = MH_GOING_ONLINE,
	 .start_pfn = 1048576,
	 .nr_pages = 32768,
	 .nid_normal = -1,
	 .nid = 3,
	 .returned = true,
	 .value = 0x800d},
	{.event = MH_CANCEL_ONLINE, .start_pfn = 1048576, .nr_pages = 32768, .nid_normal = -1, .nid = 3},
};

Test(kernel_replay_walks, that_were_seen_have_the_same_form)
{
	expect(mh_kernel_replay_walks_seen(seen, 2, mh_protocol_of(MH_COMPAT_V6_1), NULL),
	       "[[\"GOING_ONLINE\",1048576,32768,-1,3,\"errno:-12\"],"
	       "[\"CANCEL_ONLINE\",1048576,32768,-1,3,\"not returned\"]]");
	expect(mh_kernel_replay_walks_seen(seen, 1, mh_protocol_of(MH_COMPAT_V7_3), NULL),
	       "[[\"GOING_ONLINE\",1048576,32768,\"errno:-12\"]]");
}

Test(kernel_replay_walks, that_were_seen_leave_out_what_the_recording_does_not_know)
{
	json_t *recorded = json_loads("[[\"GOING_ONLINE\", null]]", 0, NULL);

	expect(mh_kernel_replay_walks_seen(seen, 2, mh_protocol_of(MH_COMPAT_V6_1), recorded),
	       "[[\"GOING_ONLINE\",\"errno:-12\"],[\"CANCEL_ONLINE\",1048576,32768,-1,3,\"not returned\"]]");
	json_decref(recorded);
}
