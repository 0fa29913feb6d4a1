/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One step of a case, done to the kernel; what it showed is held against what was recorded. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "bench/engine/conform_compare.h"
#include "bench/engine/conform_value.h"
#include "bench/kernel/module.h"
#include "bench/kernel/replay_private.h"
#include "bench/kernel/replay_snapshot.h"
#include "bench/kernel/replay_walks.h"

#define DEADLINE_NS UINT64_C(10000000000) /* of a write; no recorded one took a tenth of it */

static enum mh_conform_verdict differ(struct mh_kernel_replay *replay, const struct mh_conform_step *step,
				      json_t *expected, json_t *got)
{
	struct mh_text table = MH_TEXT_INIT;
	unsigned count = mh_conform_compare(expected, got, &table);

	if (count)
		mh_text_add(replay->text, "%s: %u %s\n%s", step->place, count,
			    count == 1 ? "result differs" : "results differ", table.data);
	mh_text_release(&table);
	json_decref(expected);
	json_decref(got);
	return count ? MH_CONFORM_FAILED : MH_CONFORM_PASSED;
}

/* A step that could not be done as a case's steps are. */
static enum mh_conform_verdict fail(struct mh_kernel_replay *replay, const struct mh_conform_step *step,
				    const struct mh_error *error)
{
	mh_text_add(replay->text, "%s: %s\n", step->place, error->text);
	return MH_CONFORM_FAILED;
}

/* These bytes in one call, as the recorder wrote them. Return: of write(2), or -errno, also of open(2). */
static int64_t write_bytes(struct mh_kernel_replay *replay, const char *path, const char *bytes, size_t length)
{
	const struct mh_kernel_calls *calls = replay->tree->calls;
	int fd = calls->open(calls->data, path, O_WRONLY);
	int64_t result;

	if (fd < 0)
		return fd;
	mh_kernel_deadline_arm(&replay->deadline, DEADLINE_NS);
	result = calls->write(calls->data, fd, bytes, length);
	(void)mh_kernel_deadline_disarm(&replay->deadline);
	calls->close(calls->data, fd);
	return result;
}

static int64_t operate(struct mh_kernel_replay *replay, const struct mh_conform_operation *recorded)
{
	char path[MH_KERNEL_PATH_SIZE];

	if (recorded->target == MH_CONFORM_PATH)
		mh_kernel_path(replay->tree, path, "%s", recorded->path);
	else
		mh_kernel_path(replay->tree, path, MH_KERNEL_MEMORY "/memory%u/%s", recorded->block,
			       recorded->target == MH_CONFORM_STATE ? "state" : "online");
	return write_bytes(replay, path, recorded->value, recorded->length);
}

/* The injector in the callbacks' place, for the operation that comes. */
static int arm(struct mh_kernel_replay *replay, struct mh_error *reterr)
{
	static const enum mh_event events[] = {MH_GOING_ONLINE, MH_GOING_OFFLINE};
	int ret = 0;

	for (size_t i = 0; ret == 0 && replay->answers.refuses && i < sizeof(events) / sizeof(events[0]); i++)
		ret = mh_kernel_injector_set(replay->tree, events[i],
					     mh_kernel_replay_answers_next(&replay->answers, events[i]), reterr);
	return ret;
}

/* A word that brings a block online, where it is online: the kernel keeps it all the same. */
static void note_remembered(struct mh_kernel_replay *replay, const struct mh_conform_operation *recorded,
			    int64_t result)
{
	int place = recorded->target == MH_CONFORM_STATE ? mh_kernel_replay_place(replay, recorded->block) : -1;

	if (place >= 0 && strncmp(recorded->value, "online", strlen("online")) == 0)
		replay->remembers[place] = result == -EINVAL;
}

/* The walks of the operation that has ended. 0, or -errno with a sentence. */
static int see_walks(struct mh_kernel_replay *replay, struct mh_error *reterr)
{
	struct mh_kernel_walk_log *log = &replay->watch.log;
	const uint64_t lost = log->lost, cut = log->cut;
	int ret = mh_kernel_watch_take(&replay->watch, reterr);

	if (ret == 0 && (log->lost != lost || log->cut != cut))
		ret = mh_error_set(reterr, -EOVERFLOW, "the trace lost events: what happened is not known");
	for (unsigned i = 0; ret == 0 && i < log->count; i++)
		mh_kernel_replay_answers_called(&replay->answers, log->walks[i].event);
	return ret;
}

static void result_tell(json_t *got, int64_t result)
{
	char word[MH_CONFORM_WORD_SIZE];

	json_object_set_new(got, "errno", json_integer(mh_conform_errno(result)));
	json_object_set_new(got, "errname", json_string(mh_conform_errname(result, word)));
	json_object_set_new(got, "ret", json_integer(result));
}

/* The results that a kernel without a module of ours shows. */
static json_t *expected_of(const struct mh_conform_step *step)
{
	static const char *const keys[] = {"errno", "errname", "ret", "before", "final"};
	json_t *zone = json_object_get(json_object_get(step->object, "op"), "zone");
	json_t *expected = json_object();

	json_object_set_new(expected, "walks", mh_kernel_replay_walks_recorded(step->object));
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		json_t *value = json_object_get(step->object, keys[i]);

		if (value)
			json_object_set(expected, keys[i], value);
	}
	if (zone)
		json_object_set(expected, "zone", zone);
	return expected;
}

/* Of what the machine shows only what was recorded. */
static void keep_recorded(json_t *got, const json_t *recorded)
{
	const char *key;
	json_t *value;
	void *next;

	json_object_foreach_safe(got, next, key, value) if (!json_object_get(recorded, key)) json_object_del(got, key);
}

static void showed(struct mh_kernel_replay *replay, const struct mh_conform_step *step, uint32_t block,
		   const json_t *expected, json_t *got)
{
	const struct mh_kernel_walk_log *log = &replay->watch.log;
	json_t *recorded = json_object_get(expected, "final");
	json_t *final = mh_kernel_replay_final(replay->tree, replay->world, block, recorded);

	json_object_set_new(
		got, "walks",
		mh_kernel_replay_walks_seen(log->walks, log->count, log->protocol, json_object_get(expected, "walks")));
	if (json_object_get(json_object_get(step->object, "op"), "zone"))
		json_object_set(got, "zone", json_object_get(final, "zone"));
	keep_recorded(final, recorded);
	json_object_set_new(got, "final", final);
	keep_recorded(got, expected);
}

static uint32_t block_of(const struct mh_conform_operation *recorded)
{
	return recorded->target == MH_CONFORM_PATH ? MH_KERNEL_NO_BLOCK : recorded->block;
}

static enum mh_conform_verdict operation_step(struct mh_kernel_replay *replay, const struct mh_conform_step *step)
{
	const uint32_t block = block_of(&step->operation);
	json_t *expected, *got;
	struct mh_error error;
	int64_t result;

	if (arm(replay, &error) < 0)
		return fail(replay, step, &error);
	got = json_pack("{s:o}", "before", mh_kernel_replay_before(replay->tree, block));
	result = operate(replay, &step->operation);
	note_remembered(replay, &step->operation, result);
	if (see_walks(replay, &error) < 0) {
		json_decref(got);
		return fail(replay, step, &error);
	}
	expected = expected_of(step);
	result_tell(got, result);
	showed(replay, step, block, expected, got);
	return differ(replay, step, expected, got);
}

/* A step whose only result is an errno: 0, or -errno. */
static enum mh_conform_verdict error_judge(struct mh_kernel_replay *replay, const struct mh_conform_step *step,
					   int64_t result)
{
	return differ(replay, step, json_pack("{s:O}", "err", json_object_get(step->object, "err")),
		      json_pack("{s:i}", "err", result < 0 ? (int)-result : 0));
}

static enum mh_conform_verdict write_step(struct mh_kernel_replay *replay, const struct mh_conform_step *step)
{
	char path[MH_KERNEL_PATH_SIZE];

	mh_kernel_path(replay->tree, path, "%s", step->path);
	return error_judge(
		replay, step,
		write_bytes(replay, path, step->value, json_string_length(json_object_get(step->object, "value"))));
}

static enum mh_conform_verdict query_step(struct mh_kernel_replay *replay, const struct mh_conform_step *step)
{
	char path[MH_KERNEL_PATH_SIZE], value[MH_KERNEL_VALUE_SIZE];
	struct mh_error error;

	if (mh_kernel_read(replay->tree, mh_kernel_path(replay->tree, path, "%s", step->path), value, &error) < 0)
		return fail(replay, step, &error);
	if (strcmp(value, step->value) == 0)
		return MH_CONFORM_PASSED;
	mh_text_add(replay->text, "%s: %s: expected '%s', got '%s'\n", step->place, step->path, step->value, value);
	return MH_CONFORM_FAILED;
}

static int load_step(struct mh_kernel_replay *replay, const struct mh_conform_step *step)
{
	const char *module = mh_kernel_replay_injector_module(step->path);

	if (step->kind == MH_CONFORM_RMMOD)
		return mh_kernel_module_unload(replay->tree, module, NULL);
	return mh_kernel_module_load(replay->tree, replay->release.text, module, step->value ? step->value : "", NULL);
}

enum mh_conform_verdict mh_kernel_replay_step(struct mh_kernel_replay *replay, const struct mh_conform_step *step)
{
	switch (step->kind) {
	case MH_CONFORM_OPERATION:
		return operation_step(replay, step);
	case MH_CONFORM_WRITE:
		return write_step(replay, step);
	case MH_CONFORM_QUERY:
		return query_step(replay, step);
	case MH_CONFORM_INSMOD:
	case MH_CONFORM_RMMOD:
		return error_judge(replay, step, load_step(replay, step));
	case MH_CONFORM_CONTROL:
		mh_kernel_replay_answers_tell(&replay->answers, &step->control);
		return error_judge(replay, step, 0);
	case MH_CONFORM_USE:
		break;
	}
	return MH_CONFORM_MALFORMED;
}
