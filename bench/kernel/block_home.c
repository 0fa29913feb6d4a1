/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/block_home.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/sync.h"

#define PAUSE_NS 20000000u /* between two tries */

struct mh_kernel_home mh_kernel_home_of(const struct mh_kernel_block *block)
{
	struct mh_kernel_home home = {.index = block->index, .state = block->home};

	snprintf(home.word, sizeof(home.word), "%s", mh_kernel_block_home_word(block));
	snprintf(home.zone, sizeof(home.zone), "%s", block->home_zone);
	return home;
}

/* Of what it shows now: the zones of one that is offline are what it could become, and differ with its neighbours. */
static bool is_home(const struct mh_kernel_home *home, const struct mh_kernel_block *block)
{
	if (block->home != home->state)
		return false;
	return home->state == MH_BLOCK_OFFLINE || strcmp(block->home_zone, home->zone) == 0;
}

static int write_word(const struct mh_kernel_tree *tree, const struct mh_kernel_block *block, const char *word,
		      struct mh_kernel_deadline *deadline, struct mh_error *reterr)
{
	struct mh_kernel_write_result result;

	mh_kernel_deadline_arm(deadline, MH_KERNEL_HOME_NS);
	mh_kernel_block_write(tree, block, word, &result);
	(void)mh_kernel_deadline_disarm(deadline);
	if (result.error == 0)
		return 0;
	return mh_error_set(reterr, result.error, "block %u cannot be put back ('%s': %s): %s", block->index, word,
			    strerror(-result.error),
			    mh_kernel_block_refusal(-result.error, strcmp(word, "offline") == 0, false));
}

static int go_home(const struct mh_kernel_tree *tree, const struct mh_kernel_home *home,
		   const struct mh_kernel_block *block, struct mh_kernel_deadline *deadline, struct mh_error *reterr)
{
	int ret = 0;

	if (block->home == MH_BLOCK_ONLINE)
		ret = write_word(tree, block, "offline", deadline, reterr);
	if (ret == 0 && home->state == MH_BLOCK_ONLINE)
		ret = write_word(tree, block, home->word, deadline, reterr);
	return ret;
}

static int try_once(const struct mh_kernel_tree *tree, const struct mh_kernel_home *home,
		    struct mh_kernel_deadline *deadline, bool *ret_home, struct mh_error *reterr)
{
	struct mh_kernel_block block;
	int ret = mh_kernel_block_open(tree, home->index, &block, reterr);

	if (ret < 0)
		return ret;
	*ret_home = is_home(home, &block);
	if (!*ret_home)
		ret = go_home(tree, home, &block, deadline, reterr);
	mh_kernel_block_close(tree, &block);
	return ret;
}

/* The last turn only looks: what was written may have led elsewhere. */
int mh_kernel_home_return(const struct mh_kernel_tree *tree, const struct mh_kernel_home *home,
			  struct mh_kernel_deadline *deadline, struct mh_error *reterr)
{
	bool is_there = false;
	int ret = 0;

	for (unsigned turn = 0; turn <= MH_KERNEL_HOME_TRIES; turn++) {
		ret = try_once(tree, home, deadline, &is_there, reterr);
		if (is_there || ret == -ENOENT || ret == -ENODEV || ret == -EACCES)
			break;
		if (ret < 0)
			mh_sleep_ns(PAUSE_NS);
	}
	if (ret == 0 && !is_there)
		return mh_error_set(reterr, -EXDEV, "block %u cannot be put back: it was %s in zone %s", home->index,
				    mh_block_state_names[home->state], home->zone);
	return ret;
}
