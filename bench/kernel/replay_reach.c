/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of a case a stock kernel can be made to do, and nothing else: the reason for which all other cases are skipped.
 */
#include <stdio.h>
#include <string.h>

#include "bench/kernel/replay_private.h"
#include "bench/kernel/replay_world.h"

#define ACTIONS "/sys/kernel/debug/notifier-error-inject/memory/actions/"

int mh_kernel_replay_place(const struct mh_kernel_replay *replay, uint32_t index)
{
	for (size_t i = 0; i < replay->blocks.count; i++)
		if (replay->blocks.items[i].index == index)
			return (int)i;
	return -1;
}

static bool is_injector_file(const char *path)
{
	return strcmp(path, ACTIONS "MEM_GOING_ONLINE/error") == 0 ||
	       strcmp(path, ACTIONS "MEM_GOING_OFFLINE/error") == 0;
}

static bool reaches_file(struct mh_kernel_replay *replay, const char *path)
{
	if (mh_kernel_is_policy(path) || is_injector_file(path))
		return true;
	mh_text_add(replay->text, "it writes to '%.200s', which is neither a block's nor a policy of onlining", path);
	return false;
}

/* One that the machine does not have is nothing that could be touched. */
static bool reaches_block(struct mh_kernel_replay *replay, uint32_t index)
{
	if (mh_kernel_replay_place(replay, index) >= 0 || !mh_kernel_world_block(replay->world, index))
		return true;
	mh_text_add(replay->text, "block %u is not among the --blocks", index);
	return false;
}

static bool reaches_operation(struct mh_kernel_replay *replay, const struct mh_conform_operation *operation)
{
	if (operation->beside_count) {
		mh_text_add(replay->text, "something is done beside the operation");
		return false;
	}
	switch (operation->target) {
	case MH_CONFORM_STATE:
	case MH_CONFORM_ONLINE:
		return reaches_block(replay, operation->block);
	case MH_CONFORM_PATH:
		return reaches_file(replay, operation->path);
	default:
		mh_text_add(replay->text, "the host plugs or unplugs memory");
		return false;
	}
}

/* `probe` and `unprobe` concern the recorder only. */
static bool reaches_control(struct mh_kernel_replay *replay, const struct mh_conform_control *control)
{
	if (control->word == MH_CONFORM_RET || control->word == MH_CONFORM_PROBE || control->word == MH_CONFORM_UNPROBE)
		return true;
	mh_text_add(replay->text, "a callback of ours in the kernel would have to register, wait or allocate");
	return false;
}

/* Reading is harmless, but not everywhere: a device may wait for ever. */
static bool reaches_query(struct mh_kernel_replay *replay, const char *path)
{
	if ((strncmp(path, "/sys/", 5) == 0 || strncmp(path, "/proc/", 6) == 0) && !strstr(path, "/.."))
		return true;
	mh_text_add(replay->text, "it reads '%.200s', which is outside of /sys and /proc", path);
	return false;
}

static bool is_parameter(const char *text)
{
	int priority, end = 0;

	return !text || !*text || (sscanf(text, "priority=%d%n", &priority, &end) == 1 && !text[end]);
}

static bool reaches_module(struct mh_kernel_replay *replay, const struct mh_conform_step *step)
{
	const struct mh_kernel_replay_injector *injector = &replay->injector;

	if (!mh_kernel_replay_injector_module(step->path) || !is_parameter(step->value))
		mh_text_add(replay->text, "module '%.100s' with '%.100s' is not the injector's", step->path,
			    step->value ? step->value : "");
	else if (injector->base_found || injector->found)
		mh_text_add(replay->text, "it loads the injector, which is loaded already: rmmod %s %s",
			    MH_KERNEL_INJECTOR_MODULE, MH_KERNEL_INJECTOR_BASE);
	else if (replay->answers.refuses)
		mh_text_add(replay->text, "it needs the injector twice: for itself, and in a callback's place");
	else
		return true;
	return false;
}

static bool reaches_step(struct mh_kernel_replay *replay, const struct mh_conform_step *step)
{
	switch (step->kind) {
	case MH_CONFORM_OPERATION:
		return reaches_operation(replay, &step->operation);
	case MH_CONFORM_CONTROL:
		return reaches_control(replay, &step->control);
	case MH_CONFORM_WRITE:
		return reaches_file(replay, step->path);
	case MH_CONFORM_QUERY:
		return reaches_query(replay, step->path);
	case MH_CONFORM_INSMOD:
	case MH_CONFORM_RMMOD:
		return reaches_module(replay, step);
	case MH_CONFORM_USE:
		mh_text_add(replay->text, "a process would have to use memory");
		return false;
	}
	return false;
}

static bool needs_injector(const struct mh_kernel_replay *replay)
{
	for (size_t i = 0; i < replay->recorded->step_count; i++)
		if (replay->recorded->steps[i].kind == MH_CONFORM_INSMOD)
			return true;
	return replay->answers.refuses;
}

bool mh_kernel_replay_reaches(struct mh_kernel_replay *replay)
{
	if (!mh_kernel_replay_answers_init(&replay->answers, replay->recorded, replay->text))
		return false;
	for (size_t i = 0; i < replay->recorded->step_count; i++)
		if (!reaches_step(replay, &replay->recorded->steps[i]))
			return false;
	if (!needs_injector(replay) || replay->injector.possible)
		return true;
	mh_text_add(replay->text, "it needs the kernel's error injector, and there is no module %s to load",
		    MH_KERNEL_INJECTOR_MODULE);
	return false;
}
