/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of recordings: what is read out of a good one, and that each kind of bad one is refused with a sentence.
 */
#include "bench/engine/conform_case.h"

#include <errno.h>
#include <string.h>

#include <memhp/kernel.h>

#include <criterion/criterion.h>

#define RESULTS                                                                                                        \
	"\"errno\": 0, \"errname\": \"0\", \"ret\": 6, \"trace\": [], \"full_trace\": [], \"uevents\": [], "           \
	"\"before\": {}, \"final\": {}"
#define HEAD     "\"name\": \"n\", \"world\": \"A\", "
#define OP       "\"op\": {\"kind\": \"state\", \"block\": 32, \"value\": \"online\"}, " RESULTS
#define CHAIN    "\"chain\": [{\"cb\": 0, \"prio\": 5, \"returns\": {\"GOING_ONLINE\": \"BAD\"}}], "
#define SETUP(x) "{" HEAD CHAIN "\"setup\": [" x "], " OP "}"

#define WATCHED(op, states) SETUP("{\"op\": " op ", " RESULTS ", \"watched_states\": " states "}")

static int load(const char *line, struct mh_conform_case *recorded, struct mh_error *error)
{
	json_t *root = json_loads(line, JSON_ALLOW_NUL, NULL);

	cr_assert_not_null(root, "the test's own line is no JSON: %s", line);
	int ret = mh_conform_case_load(recorded, root, error);

	json_decref(root);
	return ret;
}

Test(conform_case, a_step_is_read)
{
	struct mh_conform_case recorded;
	struct mh_error error = {0};

	cr_assert_eq(load(SETUP("{\"ctl\": \"ret 0 NODE_ADDING_FIRST_MEMORY errno:-12 2 1\", \"err\": 0}"), &recorded,
			  &error),
		     0, "%s", error.text);
	const struct mh_conform_control *control = &recorded.steps[0].control;

	cr_expect_eq(recorded.step_count, 2);
	cr_expect_eq(recorded.steps[0].kind, MH_CONFORM_CONTROL);
	cr_expect_eq(control->word, MH_CONFORM_RET);
	cr_expect_eq(control->event, MH_NODE_ADDING_FIRST_MEMORY);
	cr_expect_eq(control->answer.value, notifier_from_errno(-ENOMEM));
	cr_expect_eq(control->answer.skip, 2);
	cr_expect_eq(control->answer.times, 1);
	cr_expect_eq(recorded.steps[1].operation.block, 32);
	mh_conform_case_release(&recorded);
}

Test(conform_case, a_callback_may_be_on_one_chain_only)
{
	struct mh_conform_case recorded;
	struct mh_error error = {0};

	cr_assert_eq(load("{" HEAD "\"kernel\": \"7.3.4+deb13-amd64\", \"chain\": [{\"cb\": 3, \"prio\": null, "
			  "\"node_prio\": -7, \"returns\": {}}], \"setup\": [], " OP "}",
			  &recorded, &error),
		     0, "%s", error.text);
	cr_expect_eq(recorded.compat, MH_COMPAT_V7_3);
	cr_expect(!recorded.callbacks[0].on_memory);
	cr_expect(recorded.callbacks[0].on_nodes);
	cr_expect_eq(recorded.callbacks[0].node_priority, -7);
	mh_conform_case_release(&recorded);
}

Test(conform_case, what_is_written_may_hold_a_nul)
{
	struct mh_conform_case recorded;
	struct mh_error error = {0};

	cr_assert_eq(load("{" HEAD CHAIN "\"setup\": [], \"op\": {\"kind\": \"state\", \"block\": 1, \"value\": "
			  "\"online\\u0000x\"}, " RESULTS "}",
			  &recorded, &error),
		     0, "%s", error.text);
	cr_expect_eq(recorded.steps[0].operation.length, 8, "%zu bytes", recorded.steps[0].operation.length);
	mh_conform_case_release(&recorded);
}

static const struct {
	const char *line, *sentence; /* a part of it */
} bad[] = {
	{"[]", "no JSON object"},
	{"{}", "'name' is missing"},
	{"{\"name\": \"n\"}", "'n': 'world' is missing"},
	{"{" HEAD CHAIN "\"setup\": []}", "'n': 'op' is missing"},
	{"{" HEAD "\"kernel\": \"5.4.0\", " CHAIN "\"setup\": [], " OP "}", "'kernel' is '5.4.0'"},
	{"{" HEAD "\"chain\": [{\"cb\": 0, \"prio\": 5, \"returns\": {\"GOING\": \"BAD\"}}], \"setup\": [], " OP "}",
	 "chain[0]: 'returns': 'GOING' is no event"},
	{"{" HEAD "\"chain\": [{\"cb\": 0, \"prio\": 5, \"returns\": {\"ONLINE\": \"NO\"}}], \"setup\": [], " OP "}",
	 "the answer to ONLINE"},
	{"{" HEAD "\"chain\": [{\"cb\": 999, \"prio\": 5, \"returns\": {}}], \"setup\": [], " OP "}", "'cb' must be"},
	{"{" HEAD "\"chain\": [{\"cb\": 0, \"prio\": 5, \"returns\": {}}, {\"cb\": 0, \"prio\": 6, \"returns\": {}}], "
	 "\"setup\": [], " OP "}",
	 "two callbacks 0"},
	{SETUP("{\"what\": 1}"), "setup[0]: no step that is known"},
	{SETUP("{\"ctl\": \"jump 0\", \"err\": 0}"), "'jump 0' is no control"},
	{SETUP("{\"ctl\": \"ret 0 GOING_ONLINE\", \"err\": 0}"), "'ret' needs more words"},
	{SETUP("{\"ctl\": \"del 0 1\", \"err\": 0}"), "'del' does not need '1'"},
	{SETUP("{\"ctl\": \"add 0 high\", \"err\": 0}"), "what does 'high' mean?"},
	{SETUP("{\"ctl\": \"alloc 3 99999999 pin\", \"err\": 0}"), "what does '99999999' mean?"},
	{SETUP("{\"ctl\": \"sig 9\", \"err\": 0}"), "beside an operation"},
	{SETUP("{\"ctl\": \"free\"}"), "'err' must be a whole number"},
	{SETUP("{\"use\": \"swap\", \"node\": 3, \"mb\": 1, \"err\": 0}"), "'use' is 'swap'"},
	{SETUP("{\"op\": {\"kind\": \"state\", \"block\": -1, \"value\": \"online\"}}"), "'block' must be"},
	{SETUP("{\"op\": {\"kind\": \"poke\"}}"), "'kind' is 'poke'"},
	{SETUP("{\"op\": {\"kind\": \"host\", \"cmd\": \"add x1 lots 3\"}}"), "'cmd' is 'add x1 lots 3'"},
	{SETUP("{\"op\": {\"kind\": \"state\", \"block\": 1, \"value\": \"online\", \"meanwhile\": [{\"after_ms\": 2, "
	       "\"do\": \"sig 9\"}, {\"after_ms\": 1, \"do\": \"free\"}]}}"),
	 "not in the order"},
	{WATCHED("{\"kind\": \"state\", \"block\": 1, \"value\": \"online\"}", "7"), "'watched_states' is no list"},
	{WATCHED("{\"kind\": \"attr_online\", \"block\": 1, \"value\": \"1\"}", "[7]"), "what is no text"},
	{WATCHED("{\"kind\": \"path\", \"path\": \"/x\", \"value\": \"1\"}", "[]"), "no block's"},
	{SETUP("{\"op\": {\"kind\": \"state\", \"block\": 1, \"value\": \"online\"}}"), "'trace' is missing"},
};

Test(conform_case, each_bad_line_is_refused_with_a_sentence)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct mh_conform_case recorded;
		struct mh_error error = {0};
		int ret = load(bad[i].line, &recorded, &error);

		cr_expect_eq(ret, -EINVAL, "%s: %d, expected -EINVAL", bad[i].line, ret);
		cr_expect(strstr(error.text, bad[i].sentence), "%s: '%s' lacks '%s'", bad[i].line, error.text,
			  bad[i].sentence);
		mh_conform_case_release(&recorded);
	}
}
