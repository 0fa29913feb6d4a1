/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Before each case the machine is what it was when the case was recorded: the injector gone, policies and blocks as the
 * world has them, and no block that remembers how it was last asked to go online.
 */
#include <errno.h>
#include <string.h>

#include "bench/kernel/replay_private.h"
#include "bench/kernel/replay_world.h"

/* What a refused online left behind is forgotten when an online succeeds. */
static int forget(struct mh_kernel_replay *replay, size_t place, const struct mh_kernel_home *home,
		  struct mh_error *reterr)
{
	const struct mh_kernel_block *block = &replay->blocks.items[place];
	struct mh_kernel_write_result result;

	if (!replay->remembers[place] || home->state != MH_BLOCK_OFFLINE)
		return 0;
	mh_kernel_deadline_arm(&replay->deadline, MH_KERNEL_HOME_NS);
	mh_kernel_block_write(replay->tree, block, "online_movable", &result);
	(void)mh_kernel_deadline_disarm(&replay->deadline);
	if (result.error < 0)
		return mh_error_set(reterr, result.error, "block %u cannot be made to forget its last online: %s",
				    block->index, strerror(-result.error));
	replay->remembers[place] = false;
	return mh_kernel_home_return(replay->tree, home, &replay->deadline, reterr);
}

/* By the file that is open: all blocks are looked at before each case, and few are away. What is online may be in
 * another zone, which takes a closer look. */
static bool is_offline_at_home(const struct mh_kernel_replay *replay, size_t place, const struct mh_kernel_home *home)
{
	enum mh_block_state state;

	return home->state == MH_BLOCK_OFFLINE &&
	       mh_kernel_block_state(replay->tree, &replay->blocks.items[place], &state, NULL) == 0 &&
	       state == MH_BLOCK_OFFLINE;
}

static int return_block(struct mh_kernel_replay *replay, size_t place, struct mh_error *reterr)
{
	const struct mh_map_block *block = mh_kernel_world_block(replay->world, replay->blocks.items[place].index);
	struct mh_kernel_home home;
	int ret = 0;

	if (!block)
		return 0;
	home = mh_kernel_world_home(block);
	if (!is_offline_at_home(replay, place, &home))
		ret = mh_kernel_home_return(replay->tree, &home, &replay->deadline, reterr);
	return ret == 0 ? forget(replay, place, &home, reterr) : ret;
}

static int return_blocks(struct mh_kernel_replay *replay, struct mh_error *reterr)
{
	int ret = 0;

	/* From the last to the first, as zones that were filled by rising blocks shrink. */
	for (size_t i = replay->blocks.count; ret == 0 && i > 0; i--)
		ret = return_block(replay, i - 1, reterr);
	return ret;
}

/* Those that may not be touched decide which zone is whose, too. */
static int check_other(const struct mh_kernel_replay *replay, const struct mh_map_block *block, struct mh_error *reterr)
{
	const char *wanted = block->online ? "online" : "offline";
	char path[MH_KERNEL_PATH_SIZE], state[MH_KERNEL_VALUE_SIZE];
	int ret;

	if (mh_kernel_replay_place(replay, block->block) >= 0)
		return 0;
	mh_kernel_path(replay->tree, path, MH_KERNEL_MEMORY "/memory%u/state", block->block);
	ret = mh_kernel_read(replay->tree, path, state, reterr);
	if (ret < 0 || strcmp(state, wanted) == 0)
		return ret;
	return mh_error_set(reterr, -EBUSY, "block %u is %s, and was %s: it is not among the --blocks", block->block,
			    state, wanted);
}

int mh_kernel_replay_start(struct mh_kernel_replay *replay, struct mh_error *reterr)
{
	int ret = mh_kernel_replay_injector_reset(&replay->injector, reterr);

	if (ret == 0)
		ret = mh_kernel_replay_policies_set(&replay->policies, replay->tree, replay->world, reterr);
	if (ret == 0)
		ret = return_blocks(replay, reterr);
	for (size_t i = 0; ret == 0 && i < replay->world->map.block_count; i++)
		ret = check_other(replay, &replay->world->blocks[i], reterr);
	if (ret == 0 && replay->answers.refuses)
		ret = mh_kernel_replay_injector_load(&replay->injector, reterr);
	/* What going home has left in the trace is no walk of the case. */
	return ret == 0 ? mh_kernel_watch_take(&replay->watch, reterr) : ret;
}
