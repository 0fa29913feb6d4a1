/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/module_player.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/engine/contract_world.h"
#include "bench/kernel/injector.h"
#include "bench/kernel/masks.h"
#include "bench/kernel/module.h"

#define INJECTOR      "memory_notifier_error_inject"
#define INJECTOR_BASE "notifier_error_inject"
#define WRITE_NS      UINT64_C(5000000000) /* for each; then a signal ends it */

/* What the injector answers: notifier_from_errno(-EPERM) is NOTIFY_BAD. */
static int errno_of(enum mh_contract_answer answer)
{
	return answer == MH_ANSWER_BAD ? EPERM : answer == MH_ANSWER_ERRNO ? EBUSY : 0;
}

bool mh_kernel_module_plays(const struct mh_contract_plan *plan, const struct mh_contract_case *of)
{
	if (plan->listeners[of->listener].node || !of->preset || of->registration != MH_REGISTRATION_STAYS || of->alloc)
		return false;
	return !of->has_event || (mh_kernel_injector_knows(of->event) && errno_of(of->answer));
}

static bool is_row_of_one_node(const struct mh_kernel_blocks *blocks)
{
	const struct mh_kernel_block *first = &blocks->items[0];

	for (size_t i = 0; i < blocks->count; i++) {
		const struct mh_kernel_block *block = &blocks->items[i];

		if (block->index != first->index + i || block->node != first->node || block->node < 0 ||
		    block->home != MH_BLOCK_OFFLINE)
			return false;
	}
	return true;
}

int mh_kernel_module_stage(const struct mh_kernel_tree *tree, const struct mh_kernel_blocks *blocks,
			   struct mh_error *reterr)
{
	if (blocks->count == MH_CONTRACT_BLOCKS && is_row_of_one_node(blocks)) {
		const struct mh_kernel_masks masks = mh_kernel_masks_read(tree, blocks->items[0].node);

		if (masks.known && !masks.memory)
			return 0;
	}
	return mh_error_set(reterr, -EINVAL,
			    "a module is tried on %d blocks in a row of one node that has no other memory online, all "
			    "of them offline, such as 32-35 in scripts/kernel-vm: these are not",
			    MH_CONTRACT_BLOCKS);
}

static int note_and_watch(struct mh_kernel_module_player *player, const char *function, struct mh_error *reterr)
{
	struct mh_kernel_journal *journal = player->changes.journal;
	char callback[160];
	int ret;

	snprintf(callback, sizeof(callback), "%s:%s", player->name, function);
	ret = mh_kernel_watch_open_callback(player->tree, player->release, (int)getpid(), callback, journal,
					    &player->watch, reterr);
	if (ret < 0)
		return ret;
	for (size_t i = 0; ret == 0 && i < player->blocks->count; i++)
		ret = mh_kernel_journal_note_block(journal, &player->blocks->items[i], reterr);
	if (ret == 0)
		ret = mh_kernel_journal_note(journal, MH_KERNEL_UNDO_MODULE, INJECTOR_BASE, "", reterr);
	if (ret == 0)
		ret = mh_kernel_journal_note(journal, MH_KERNEL_UNDO_MODULE, INJECTOR, "", reterr);
	if (ret == 0)
		ret = mh_kernel_journal_note(journal, MH_KERNEL_UNDO_MODULE, player->name, "", reterr);
	if (ret == 0)
		ret = mh_kernel_module_load(player->tree, player->release->text, INJECTOR_BASE, "", reterr);
	if (ret < 0)
		mh_kernel_watch_close(&player->watch);
	return ret;
}

/* Whoever loaded them may need them. */
static int refuse_loaded(const struct mh_kernel_module_player *player, struct mh_error *reterr)
{
	const char *const names[] = {player->name, INJECTOR, INJECTOR_BASE};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (mh_kernel_module_is_loaded(player->tree, names[i]))
			return mh_error_set(reterr, -EBUSY,
					    "module %s is loaded already, and has to be loaded anew for each case: "
					    "rmmod %s before",
					    names[i], names[i]);
	return 0;
}

int mh_kernel_module_player_open(struct mh_kernel_module_player *player, const char *function, struct mh_error *reterr)
{
	struct mh_text ignored = MH_TEXT_INIT;
	int ret = mh_kernel_module_name(player->file, player->name, sizeof(player->name), reterr);

	if (ret == 0)
		ret = refuse_loaded(player, reterr);
	if (ret == 0)
		ret = mh_kernel_deadline_init(&player->deadline, reterr);
	if (ret < 0)
		return ret;
	ret = mh_kernel_changes_begin(&player->changes, player->tree, reterr);
	if (ret == 0) {
		ret = note_and_watch(player, function, reterr);
		if (ret < 0)
			(void)mh_kernel_changes_end(&player->changes, &ignored);
	}
	if (ret < 0)
		mh_kernel_deadline_release(&player->deadline);
	mh_text_release(&ignored);
	return ret;
}

int mh_kernel_module_player_close(struct mh_kernel_module_player *player, struct mh_error *reterr)
{
	struct mh_text failures = MH_TEXT_INIT;
	int ret = 0;

	mh_kernel_watch_close(&player->watch);
	if (mh_kernel_changes_end(&player->changes, &failures))
		ret = mh_error_set(reterr, -EIO, "not everything was put back: %s", failures.data);
	mh_kernel_deadline_release(&player->deadline);
	mh_text_release(&failures);
	return ret;
}

static int load_injector(struct mh_kernel_module_player *player, bool above, struct mh_error *reterr)
{
	const int priority = player->listener->priority + (above ? 1 : -1);
	char parameters[32];
	int ret;

	snprintf(parameters, sizeof(parameters), "priority=%d", priority);
	ret = mh_kernel_module_load(player->tree, player->release->text, INJECTOR, parameters, reterr);
	player->injector_loaded = ret == 0;
	return ret;
}

static int begin(void *data, const struct mh_contract_case *of, struct mh_error *reterr)
{
	struct mh_kernel_module_player *player = data;
	int ret = of->has_event ? load_injector(player, of->above, reterr) : 0;

	if (ret == 0)
		ret = mh_kernel_module_load_file(player->tree, player->file, player->parameters, reterr);
	player->module_loaded = ret == 0;
	return ret;
}

static int nid_of(const struct mh_kernel_module_player *player, int nid)
{
	if (nid < 0)
		return MH_PLAY_NID_NONE;
	return nid == player->blocks->items[0].node ? 0 : MH_PLAY_NID_OTHER;
}

static int take_calls(struct mh_kernel_module_player *player, struct mh_play_operation *operation,
		      struct mh_error *reterr)
{
	struct mh_kernel_walk_log *log = &player->watch.log;
	const uint64_t pages = player->blocks->block_bytes / (uint64_t)sysconf(_SC_PAGESIZE), lost = log->lost;
	int ret = mh_kernel_watch_take(&player->watch, reterr);

	if (ret == 0 && log->lost != lost)
		ret = mh_error_set(reterr, -EOVERFLOW, "the trace lost calls: its buffer was full");
	for (unsigned i = 0; ret == 0 && i < log->count && operation->call_count < MH_PLAY_CALLS_MAX; i++) {
		const struct mh_kernel_walk *call = &log->walks[i];

		operation->calls[operation->call_count++] = (struct mh_play_call){
			.event = call->event,
			.first_page = (int64_t)(call->start_pfn - player->blocks->items[0].index * pages),
			.nr_pages = call->nr_pages,
			.nid_normal = nid_of(player, call->nid_normal),
			.nid = nid_of(player, call->nid),
			.value = call->value,
		};
	}
	return ret;
}

static int arm(struct mh_kernel_module_player *player, const struct mh_contract_case *of, bool armed,
	       struct mh_error *reterr)
{
	if (!of->has_event)
		return 0;
	return mh_kernel_injector_set(player->tree, of->event, armed ? errno_of(of->answer) : 0, reterr);
}

static int operate(void *data, const struct mh_contract_case *of, bool forced, struct mh_play_operation *operation,
		   struct mh_error *reterr)
{
	struct mh_kernel_module_player *player = data;
	struct mh_kernel_write_result written;
	const char *word = !operation->online ? "offline" : operation->movable ? "online_movable" : "online_kernel";
	int ret = forced ? arm(player, of, true, reterr) : 0;

	if (ret < 0)
		return ret;
	mh_kernel_deadline_arm(&player->deadline, WRITE_NS);
	mh_kernel_block_write(player->tree, &player->blocks->items[operation->block], word, &written);
	(void)mh_kernel_deadline_disarm(&player->deadline);
	operation->error = written.error;
	operation->is_online = written.after_known && written.after == MH_BLOCK_ONLINE;
	if (forced)
		ret = arm(player, of, false, reterr);
	return ret == 0 ? take_calls(player, operation, reterr) : ret;
}

static int unload(struct mh_kernel_module_player *player, bool *loaded, const char *name, struct mh_error *reterr)
{
	int ret = *loaded ? mh_kernel_module_unload(player->tree, name, reterr) : 0;

	*loaded = ret < 0;
	return ret;
}

/* With nobody left who could refuse. */
static int go_home(struct mh_kernel_module_player *player, struct mh_error *reterr)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < player->blocks->count; i++) {
		const struct mh_kernel_home home = mh_kernel_home_of(&player->blocks->items[i]);

		ret = mh_kernel_home_return(player->tree, &home, &player->deadline, reterr);
	}
	return ret;
}

static int end(void *data, struct mh_error *reterr)
{
	struct mh_kernel_module_player *player = data;
	int ret = unload(player, &player->module_loaded, player->name, reterr);

	if (ret == 0)
		ret = unload(player, &player->injector_loaded, INJECTOR, reterr);
	return ret == 0 ? go_home(player, reterr) : ret;
}

struct mh_player mh_kernel_module_player_of(struct mh_kernel_module_player *player)
{
	return (struct mh_player){.begin = begin, .operate = operate, .end = end, .data = player};
}
