/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Refuse what cannot be, tell what will be touched, note it, replay case after case, put everything back.
 *
 * Order of what is noted, which is undone from its end: probes and instance, blocks, policies, the injector's modules.
 * Loaded and armed, the injector would refuse the blocks their way home.
 */
#include "bench/kernel/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/kernel/replay_private.h"
#include "bench/kernel/replay_world.h"

static bool is_stopped(const struct mh_kernel_replay *replay)
{
	const volatile sig_atomic_t *stop = replay->request->conform.stop;

	return stop && *stop;
}

static enum mh_conform_verdict steps_do(struct mh_kernel_replay *replay)
{
	enum mh_conform_verdict verdict = MH_CONFORM_PASSED;

	for (size_t i = 0; verdict == MH_CONFORM_PASSED && i < replay->recorded->step_count; i++) {
		if (is_stopped(replay)) {
			mh_text_add(replay->text, "a signal ended it before its end");
			return MH_CONFORM_SKIPPED;
		}
		verdict = mh_kernel_replay_step(replay, &replay->recorded->steps[i]);
	}
	return verdict;
}

/* A file has few worlds, and its cases come in their order. */
static bool is_here(struct mh_kernel_replay *replay, const struct mh_conform_world *world)
{
	if (replay->world != world) {
		mh_text_clear(&replay->difference);
		replay->is_world = mh_kernel_is_world(replay->tree, &replay->release, world, &replay->difference);
		replay->world = world;
	}
	return replay->is_world;
}

static enum mh_conform_verdict replay_case(void *replayer, const struct mh_conform_world *world,
					   const struct mh_conform_case *recorded, struct mh_text *text)
{
	struct mh_kernel_replay *replay = replayer;
	const uint64_t others = replay->watch.log.others;
	enum mh_conform_verdict verdict;
	struct mh_error error;

	replay->recorded = recorded;
	replay->text = text;
	if (!is_here(replay, world)) {
		mh_text_add(text, "this machine is not world %s: %s", world->name, replay->difference.data);
		return MH_CONFORM_SKIPPED;
	}
	if (!mh_kernel_replay_reaches(replay))
		return MH_CONFORM_SKIPPED;
	replay->replayed++;
	if (mh_kernel_replay_start(replay, &error) < 0) {
		mh_text_add(text, "where it began cannot be reached: %s\n", error.text);
		return MH_CONFORM_FAILED;
	}
	verdict = steps_do(replay);
	if (verdict == MH_CONFORM_FAILED && replay->watch.log.others != others)
		mh_text_add(text, "  others changed memory meanwhile: take udev's and the like from these blocks\n");
	return verdict;
}

static enum mh_run_end refuse(const struct mh_kernel_replay_request *request, struct mh_error *reterr)
{
	if (!request->blocks) {
		(void)mh_error_set(reterr, -EINVAL,
				   "--kernel acts on the memory of this machine: name the blocks that it may touch, "
				   "such as --blocks 32-40");
		return MH_RUN_REFUSED_INPUT;
	}
	if (mh_kernel_tree_is_real(request->tree) && geteuid() != 0) {
		(void)mh_error_set(reterr, -EPERM,
				   "--kernel needs root, to write to the blocks of this machine's memory");
		return MH_RUN_REFUSED_ENVIRONMENT;
	}
	return MH_RUN_ENDED;
}

/* Only looks; nothing is changed. */
static enum mh_run_end look(struct mh_kernel_replay *replay, struct mh_error *reterr)
{
	int ret = mh_kernel_release_read(replay->tree, &replay->release, reterr);

	if (ret < 0)
		return MH_RUN_REFUSED_ENVIRONMENT;
	ret = mh_kernel_blocks_open(replay->tree, replay->request->blocks, &replay->blocks, reterr);
	if (ret < 0)
		return ret == -EINVAL ? MH_RUN_REFUSED_INPUT : MH_RUN_REFUSED_ENVIRONMENT;
	replay->remembers = calloc(replay->blocks.count + 1, sizeof(replay->remembers[0]));
	if (replay->remembers)
		return MH_RUN_ENDED;
	(void)mh_error_set(reterr, -ENOMEM, "no memory for the blocks");
	return MH_RUN_REFUSED_ENVIRONMENT;
}

static void announce(const struct mh_kernel_replay *replay)
{
	struct mh_text text = MH_TEXT_INIT;

	mh_text_add(&text, "Linux %s (protocol %s): to be taken offline and online, and put back:\n",
		    replay->release.text, replay->release.protocol->name);
	mh_kernel_blocks_show(&replay->blocks, &text);
	mh_text_add(&text,
		    "probes in group %s, traced in an instance %s; policies of onlining; the kernel's error "
		    "injector, loaded and unloaded\n",
		    MH_KERNEL_PROBE_GROUP, MH_KERNEL_INSTANCE);
	replay->request->announce(replay->request->data, text.data);
	mh_text_release(&text);
}

static int note_and_change(struct mh_kernel_replay *replay, struct mh_error *reterr)
{
	struct mh_kernel_journal *journal = replay->changes.journal;
	int ret = mh_kernel_watch_open(replay->tree, &replay->release, (int)getpid(), journal, &replay->watch, reterr);

	for (size_t i = 0; ret == 0 && i < replay->blocks.count; i++)
		ret = mh_kernel_journal_note_block(journal, &replay->blocks.items[i], reterr);
	if (ret == 0)
		ret = mh_kernel_replay_policies_open(&replay->policies, replay->tree, journal, reterr);
	if (ret == 0)
		ret = mh_kernel_replay_injector_open(&replay->injector, replay->tree, replay->release.text, journal,
						     reterr);
	return ret;
}

/* A run in which nothing was held against the kernel is no pass. */
static int something_replayed(const struct mh_kernel_replay *replay, const struct mh_conform_counts *counts,
			      struct mh_error *reterr)
{
	if (replay->replayed || is_stopped(replay) || counts->of[MH_CONFORM_MALFORMED])
		return 0;
	return mh_error_set(reterr, -ENODEV, "no case was replayed: %s",
			    replay->difference.length ? replay->difference.data : "-v says why each was skipped");
}

static enum mh_run_end replay_all(struct mh_kernel_replay *replay, struct mh_conform_counts *counts,
				  struct mh_error *reterr)
{
	struct mh_conform_request conform = replay->request->conform;
	int ret;

	conform.replay = replay_case;
	conform.replayer = replay;
	ret = mh_conform_run(&conform, counts, reterr);
	if (ret < 0)
		return ret == -ENOMEM ? MH_RUN_REFUSED_ENVIRONMENT : MH_RUN_REFUSED_INPUT;
	if (something_replayed(replay, counts, reterr) < 0)
		return MH_RUN_REFUSED_ENVIRONMENT;
	return is_stopped(replay) ? MH_RUN_ENDED_BY_SIGNAL : MH_RUN_ENDED;
}

/* What is left, as commands for whoever is root. */
static enum mh_run_end put_back(struct mh_kernel_replay *replay, enum mh_run_end end, struct mh_text *failures)
{
	struct mh_text script = MH_TEXT_INIT;

	mh_kernel_journal_script(replay->changes.journal, replay->tree, &script);
	if (mh_kernel_changes_end(&replay->changes, failures)) {
		/* Without its first line, which is for whoever finds it as a file. */
		mh_text_add(failures, "not everything was put back; as root:\n%s",
			    script.data + strcspn(script.data, "\n") + 1);
		end = end == MH_RUN_ENDED_BY_SIGNAL ? end : MH_RUN_ENDED_BY_LIMIT;
	}
	mh_text_release(&script);
	return end;
}

/* With a guard from the first change to the last. */
static enum mh_run_end replay_guarded(struct mh_kernel_replay *replay, struct mh_conform_counts *counts,
				      struct mh_text *failures, struct mh_error *reterr)
{
	enum mh_run_end end = MH_RUN_REFUSED_ENVIRONMENT;

	if (mh_kernel_changes_begin(&replay->changes, replay->tree, reterr) < 0)
		return end;
	if (note_and_change(replay, reterr) == 0)
		end = replay_all(replay, counts, reterr);
	mh_kernel_watch_close(&replay->watch);
	return put_back(replay, end, failures);
}

static enum mh_run_end execute(struct mh_kernel_replay *replay, struct mh_conform_counts *counts,
			       struct mh_text *failures, struct mh_error *reterr)
{
	enum mh_run_end end = look(replay, reterr);

	if (end != MH_RUN_ENDED)
		return end;
	announce(replay);
	if (mh_kernel_deadline_init(&replay->deadline, reterr) < 0)
		return MH_RUN_REFUSED_ENVIRONMENT;
	end = replay_guarded(replay, counts, failures, reterr);
	mh_kernel_deadline_release(&replay->deadline);
	return end;
}

enum mh_run_end mh_kernel_replay_run(const struct mh_kernel_replay_request *request,
				     struct mh_conform_counts *ret_counts, struct mh_text *failures,
				     struct mh_error *reterr)
{
	struct mh_kernel_replay replay = {
		.request = request, .tree = request->tree, .watch = {.pipe_fd = -1}, .difference = MH_TEXT_INIT};
	enum mh_run_end end = refuse(request, reterr);

	*ret_counts = (struct mh_conform_counts){.of = {0}};
	if (end == MH_RUN_ENDED)
		end = execute(&replay, ret_counts, failures, reterr);
	mh_kernel_blocks_close(replay.tree, &replay.blocks);
	mh_text_release(&replay.difference);
	free(replay.remembers);
	return end;
}
