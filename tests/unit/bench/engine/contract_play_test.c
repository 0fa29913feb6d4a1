/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a case is played as, by somebody who only writes it down, and by the simulated machine. */
#include "bench/engine/contract_play.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "base/rcu.h"
#include "base/text.h"
#include "bench/engine/contract_simulated.h"

/* Writes down what it is asked for. */
struct scribe {
	struct mh_text text;
	int forced_error; /* of the case's operation */
	unsigned breaks;  /* its so manieth operation cannot be done, from 1; 0: all can */
	bool ended;
};

static int scribe_begin(void *data, const struct mh_contract_case *of, struct mh_error *reterr)
{
	(void)data;
	(void)of;
	(void)reterr;
	return 0;
}

static int scribe_operate(void *data, const struct mh_contract_case *of, bool forced,
			  struct mh_play_operation *operation, struct mh_error *reterr)
{
	struct scribe *scribe = data;

	(void)of;
	mh_text_add(&scribe->text, "%s%c%u", forced ? " !" : " ", operation->online ? '+' : '-', operation->block);
	if (scribe->breaks && --scribe->breaks == 0)
		return mh_error_set(reterr, -EIO, "it broke");
	operation->error = forced ? scribe->forced_error : 0;
	operation->is_online = operation->online == !operation->error;
	return 0;
}

static int scribe_end(void *data, struct mh_error *reterr)
{
	(void)reterr;
	((struct scribe *)data)->ended = true;
	return 0;
}

static void expect_play(const struct mh_contract_case *of, int forced_error, const char *expected)
{
	struct scribe scribe = {.text = MH_TEXT_INIT, .forced_error = forced_error};
	const struct mh_player player = {scribe_begin, scribe_operate, scribe_end, &scribe};
	struct mh_play play;
	struct mh_error error;

	cr_assert_eq(mh_contract_play(&player, of, &play, &error), 0, "%s", error.text);
	cr_expect_str_eq(scribe.text.data, expected);
	cr_expect(scribe.ended);
	mh_text_release(&scribe.text);
}

Test(contract_play, goes_there_and_back_twice_and_ends_offline)
{
	struct mh_contract_case of = {.position = MH_POSITION_FIRST};

	expect_play(&of, 0, " !+0 -0 !+0 -0");
	of.position = MH_POSITION_MIDDLE;
	expect_play(&of, 0, " +0 +2 !+1 -1 !+1 -1 -0 -2");
	of = (struct mh_contract_case){.has_event = true, .event = MH_GOING_OFFLINE, .position = MH_POSITION_LAST};
	expect_play(&of, 0, " +3 !-3 +3 !-3 +3 -3");
}

Test(contract_play, tries_another_block_where_the_first_was_refused)
{
	struct mh_contract_case of = {.position = MH_POSITION_FIRST};

	expect_play(&of, -EBUSY, " !+0 !+0 !+1");
	of.position = MH_POSITION_LAST;
	expect_play(&of, -EBUSY, " +0 +1 +2 !+3 !+3 -0 -1 -2");
}

Test(contract_play, ends_with_the_player_who_cannot_go_on)
{
	struct scribe scribe = {.text = MH_TEXT_INIT, .breaks = 2};
	const struct mh_player player = {scribe_begin, scribe_operate, scribe_end, &scribe};
	const struct mh_contract_case of = {.position = MH_POSITION_FIRST};
	struct mh_play play;
	struct mh_error error;

	cr_expect_eq(mh_contract_play(&player, &of, &play, &error), -EIO);
	cr_expect_str_eq(error.text, "it broke");
	cr_expect_eq(play.count, 1u);
	cr_expect(scribe.ended);
	mh_text_release(&scribe.text);
}

static void fixture_path(const char *name, char path[4096])
{
	ssize_t length = readlink("/proc/self/exe", path, 4000);

	cr_assert_gt(length, 0);
	path[length] = '\0';
	sprintf(strrchr(path, '/'), "/../fixtures/%s.so", name);
}

/* A machine with a module, and what was listed of it. */
struct stage {
	char path[4096];
	struct mh_contract_request request;
	struct mh_contract_result *listed;
	struct mh_contract_plan plan;
	struct mh_contract_simulated simulated;
};

static void stage_begin(struct stage *stage, const char *name)
{
	struct mh_error error;

	if (!mh_rcu_thread_registered)
		mh_rcu_thread_register();
	fixture_path(name, stage->path);
	stage->request = (struct mh_contract_request){.module = stage->path};
	cr_assert_eq(mh_contract_list(&stage->request, &stage->listed, &error), 0, "%s", error.text);
	stage->plan = (struct mh_contract_plan){stage->listed->listeners, stage->listed->listener_count,
						mh_protocol_of(MH_COMPAT_V6_1)};
	cr_assert_eq(
		mh_contract_simulated_open(&stage->simulated, &stage->plan, MH_COMPAT_V6_1, &stage->request, &error), 0,
		"%s", error.text);
}

static void stage_end(struct stage *stage)
{
	mh_contract_simulated_close(&stage->simulated);
	mh_contract_result_free(stage->listed);
}

static void expect_operation(const struct mh_play_operation *operation, const char *expected)
{
	json_t *object = mh_play_operation_json(operation);
	char *text = json_dumps(object, JSON_COMPACT | JSON_ENCODE_ANY);

	cr_expect_str_eq(text, expected);
	free(text);
	json_decref(object);
}

Test(contract_play, on_the_simulated_machine_tells_calls_arguments_and_answers)
{
	const struct mh_contract_case of = {.preset = true,
					    .has_event = true,
					    .event = MH_GOING_ONLINE,
					    .answer = MH_ANSWER_ERRNO,
					    .position = MH_POSITION_MIDDLE};
	static struct stage stage;
	struct mh_player player;
	struct mh_play play;
	struct mh_error error;

	if (!mh_machine_has_hooks())
		cr_skip_test("this build has no hooks");
	stage_begin(&stage, "answers_ok");
	player = mh_contract_simulated_player(&stage.simulated);
	for (int i = 0; i < 2; i++) { /* the second finds nothing of the first */
		cr_assert_eq(mh_contract_play(&player, &of, &play, &error), 0, "%s", error.text);
		cr_assert_eq(play.count, 7u);
		expect_operation(&play.operations[0], "{\"errno\":\"0\",\"state\":\"online\",\"calls\":["
						      "[\"GOING_ONLINE\",0,32768,\"the node\",\"the node\",\"OK\"],"
						      "[\"ONLINE\",0,32768,\"the node\",\"the node\",\"OK\"]]}");
		/* Below it refuses the neighbour, and it hears of both. */
		expect_operation(&play.operations[2], "{\"errno\":\"EBUSY\",\"state\":\"offline\",\"calls\":["
						      "[\"GOING_ONLINE\",32768,32768,\"none\",\"none\",\"OK\"],"
						      "[\"CANCEL_ONLINE\",32768,32768,\"none\",\"none\",\"OK\"]]}");
		cr_expect_eq(play.operations[6].online, false);
	}
	stage_end(&stage);
}
