/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/engine/contract_play.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bench/engine/conform_value.h"
#include "bench/engine/contract_world.h"

/* A play while it goes on. */
struct stage {
	const struct mh_player *player;
	const struct mh_contract_case *of;
	struct mh_play *play;
	bool online[MH_CONTRACT_BLOCKS];
	struct mh_error *reterr;
};

/* One operation more. Return: whether the play goes on; *ret_done: whether the operation succeeded. */
static int operate(struct stage *stage, unsigned block, bool online, bool forced, bool *ret_done)
{
	struct mh_play_operation *operation;
	int ret;

	if (stage->play->count == MH_PLAY_OPERATIONS_MAX)
		return mh_error_set(stage->reterr, -E2BIG, "the play has more than %d operations",
				    MH_PLAY_OPERATIONS_MAX);
	operation = &stage->play->operations[stage->play->count];
	*operation = (struct mh_play_operation){.block = block, .online = online, .movable = stage->of->movable};
	ret = stage->player->operate(stage->player->data, stage->of, forced, operation, stage->reterr);
	if (ret < 0)
		return ret;
	stage->play->count++;
	stage->online[block] = operation->is_online;
	*ret_done = operation->error == 0;
	return 0;
}

/* The blocks as they are before the case's operation. *ret_done: nobody refused. */
static int set_stage(struct stage *stage, const struct mh_contract_stage *blocks, bool *ret_done)
{
	unsigned wanted = blocks->others;
	int ret = 0;

	if (!mh_contract_case_is_online(stage->of))
		wanted |= 1u << blocks->target;
	*ret_done = true;
	for (unsigned i = 0; ret == 0 && *ret_done && i < MH_CONTRACT_BLOCKS; i++)
		if (wanted >> i & 1)
			ret = operate(stage, i, true, false, ret_done);
	return ret;
}

/* The case's operation, and if it succeeds back again. *ret_back: the block is as it was. */
static int repeat(struct stage *stage, unsigned block, bool *ret_failed, bool *ret_back)
{
	const bool online = mh_contract_case_is_online(stage->of);
	bool done = false;
	int ret = operate(stage, block, online, true, &done);

	*ret_failed = !done;
	*ret_back = true;
	return ret < 0 || !done ? ret : operate(stage, block, !online, false, ret_back);
}

static int act(struct stage *stage)
{
	const struct mh_contract_stage *blocks = mh_contract_case_stage(stage->of);
	bool failed = false, goes_on;
	int ret = set_stage(stage, blocks, &goes_on);

	for (int i = 0; ret == 0 && goes_on && i < 2; i++)
		ret = repeat(stage, blocks->target, &failed, &goes_on);
	if (ret == 0 && goes_on && failed && blocks->spare >= 0)
		ret = repeat(stage, (unsigned)blocks->spare, &failed, &goes_on);
	for (unsigned i = 0; ret == 0 && i < MH_CONTRACT_BLOCKS; i++)
		if (stage->online[i])
			ret = operate(stage, i, false, false, &goes_on);
	return ret;
}

int mh_contract_play(const struct mh_player *player, const struct mh_contract_case *of, struct mh_play *ret_play,
		     struct mh_error *reterr)
{
	struct stage stage = {.player = player, .of = of, .play = ret_play, .reterr = reterr};
	struct mh_error error;
	int ret, end;

	ret_play->count = 0;
	ret = player->begin(player->data, of, reterr);
	if (ret == 0)
		ret = act(&stage);
	end = player->end(player->data, ret == 0 ? reterr : &error);
	return ret ? ret : end;
}

void mh_play_operation_name(const struct mh_play_operation *operation, char *ret_name, size_t size)
{
	snprintf(ret_name, size, "%s block %u%s", operation->online ? "online" : "offline", operation->block,
		 !operation->online   ? ""
		 : operation->movable ? " in Movable"
				      : " in Normal");
}

static const char *nid_word(int nid)
{
	return nid == MH_PLAY_NID_NONE ? "none" : nid == 0 ? "the node" : "another node";
}

static json_t *call_json(const struct mh_play_call *call)
{
	char value[MH_CONFORM_WORD_SIZE];

	return json_pack("[s, I, I, s, s, s]", mh_conform_event_name(call->event), (json_int_t)call->first_page,
			 (json_int_t)call->nr_pages, nid_word(call->nid_normal), nid_word(call->nid),
			 mh_conform_value_name(call->value, value));
}

json_t *mh_play_operation_json(const struct mh_play_operation *operation)
{
	char error[MH_CONFORM_WORD_SIZE];
	json_t *calls = json_array();

	for (unsigned i = 0; i < operation->call_count; i++)
		(void)json_array_append_new(calls, call_json(&operation->calls[i]));
	return json_pack("{s:s, s:s, s:o}", "errno", mh_conform_errname(operation->error, error), "state",
			 operation->is_online ? "online" : "offline", "calls", calls);
}
