/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One step of a case: done, and what it showed held against what was recorded. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/engine/conform_compare.h"
#include "bench/engine/conform_replay.h"
#include "bench/engine/conform_snapshot.h"
#include "bench/engine/conform_value.h"
#include "core/block_device.h"
#include "core/memory_add.h"

/* No recorded operation lasts so long: what loops here would loop there, too, for whoever recorded it. */
#define DEADLINE_NS UINT64_C(2000000000)
#define MIB         (UINT64_C(1) << 20)

/* How an operation ended. */
struct outcome {
	int64_t result;      /* of write(2); of a plug or unplug 0 or -errno */
	const char *missing; /* what the simulator has not: the case is skipped */
	const char *refused; /* why the host had no such operation: nothing was done */
};

void mh_conform_operation_begin(const struct mh_conform_replay *replay, struct mh_operation *operation,
				struct mh_trace *trace)
{
	mh_trace_reset(trace);
	*operation = (struct mh_operation){
		.trace = trace,
		.deadline_ticks = mh_clock_ticks(replay->clock) + mh_clock_ticks_of_ns(replay->clock, DEADLINE_NS),
		.signal = &replay->signal,
	};
}

int mh_conform_control_do(struct mh_conform_replay *replay, const struct mh_conform_control *control)
{
	int node;

	switch (control->word) {
	case MH_CONFORM_RET:
	case MH_CONFORM_DELAY:
	case MH_CONFORM_BALLOON:
	case MH_CONFORM_TRYALLOC:
		return mh_conform_listeners_tell(&replay->listeners, control);
	case MH_CONFORM_ALLOC:
		node = mh_conform_world_node(replay->world, control->nid);
		return node < 0 ? EINVAL
				: mh_conform_pages_alloc(&replay->pages, (unsigned)node, control->kind, control->count);
	case MH_CONFORM_FREE:
		mh_conform_pages_free(&replay->pages);
		return 0;
	case MH_CONFORM_PROBE: /* these two only time the kernel's own listeners */
	case MH_CONFORM_UNPROBE:
		return 0;
	default:
		return mh_conform_listeners_change(&replay->listeners, control);
	}
}

int64_t mh_conform_write_state(struct mh_conform_replay *replay, struct mh_operation *operation, uint32_t block,
			       const char *value, size_t length)
{
	if (!mh_conform_block_is_there(replay->machine, block))
		return -ENOENT; /* of open(2) */
	return mh_block_write_state(replay->machine, operation, block, value, length);
}

static struct mh_conform_dimm *dimm_find(struct mh_conform_replay *replay, const char *name)
{
	for (unsigned i = 0; i < replay->dimm_count; i++)
		if (strcmp(replay->dimms[i].name, name) == 0 && replay->dimms[i].count)
			return &replay->dimms[i];
	return NULL;
}

/* An entry that is free: one whose DIMM was unplugged, or the next; NULL: none is. */
static struct mh_conform_dimm *dimm_free(struct mh_conform_replay *replay)
{
	for (unsigned i = 0; i < replay->dimm_count; i++)
		if (!replay->dimms[i].count)
			return &replay->dimms[i];
	return replay->dimm_count < MH_CONFORM_DIMMS_MAX ? &replay->dimms[replay->dimm_count++] : NULL;
}

/* Why the host refuses to plug it; NULL: it does not. */
static const char *plug_refusal(struct mh_conform_replay *replay, const struct mh_conform_operation *recorded)
{
	if (mh_conform_world_node(replay->world, recorded->nid) < 0)
		return "the world has no such node";
	if (dimm_find(replay, recorded->dimm))
		return "there is a DIMM of that name already";
	return recorded->mib % (replay->world->block_size_bytes / MIB) ? "the DIMM is not whole blocks large" : NULL;
}

static void plug(struct mh_conform_replay *replay, const struct mh_conform_operation *recorded, struct outcome *outcome)
{
	const uint32_t count = (uint32_t)(recorded->mib / (replay->world->block_size_bytes / MIB));
	struct mh_conform_dimm *dimm;

	outcome->refused = plug_refusal(replay, recorded);
	if (outcome->refused)
		return;
	dimm = dimm_free(replay);
	if (!dimm) {
		outcome->missing = "so many DIMMs";
		return;
	}
	memcpy(dimm->name, recorded->dimm, sizeof(dimm->name));
	outcome->result =
		mh_dimm_plug(replay->machine, &replay->operation,
			     (unsigned)mh_conform_world_node(replay->world, recorded->nid), count, &dimm->first);
	dimm->count = outcome->result == 0 ? count : 0;
}

static void unplug(struct mh_conform_replay *replay, const struct mh_conform_operation *recorded,
		   struct outcome *outcome)
{
	struct mh_conform_dimm *dimm = dimm_find(replay, recorded->dimm);

	if (!dimm) {
		outcome->refused = "there is no DIMM of that name";
		return;
	}
	outcome->result = mh_dimm_unplug(replay->machine, &replay->operation, dimm->first, dimm->count);
	if (outcome->result == 0)
		dimm->count = 0;
}

static void block_write(struct mh_conform_replay *replay, const struct mh_conform_operation *recorded,
			struct outcome *outcome)
{
	struct mh_operation *operation = &replay->operation;

	if (recorded->target == MH_CONFORM_STATE)
		outcome->result =
			mh_conform_write_state(replay, operation, recorded->block, recorded->value, recorded->length);
	else if (!mh_conform_block_is_there(replay->machine, recorded->block))
		outcome->result = -ENOENT;
	else
		outcome->result = mh_block_write_online(replay->machine, operation, recorded->block, recorded->value,
							recorded->length);
}

/* What is absent outside of the machine's folders was absent only if it was recorded so. */
static bool lacks_file(const char *path, int64_t result, bool recorded_absent)
{
	return result == MH_CONFORM_NO_FILE ||
	       (result == -ENOENT && !recorded_absent && !mh_conform_file_is_modelled(path));
}

static void path_write(struct mh_conform_replay *replay, const struct mh_conform_step *step, struct outcome *outcome)
{
	const struct mh_conform_operation *recorded = &step->operation;
	const char *errname = json_string_value(json_object_get(step->object, "errname"));

	outcome->result = mh_conform_file_write(replay, recorded->path, recorded->value, recorded->length);
	if (lacks_file(recorded->path, outcome->result, errname && strcmp(errname, "ENOENT") == 0))
		outcome->missing = recorded->path;
}

static void operate(struct mh_conform_replay *replay, const struct mh_conform_step *step, struct outcome *outcome)
{
	const struct mh_conform_operation *recorded = &step->operation;

	switch (recorded->target) {
	case MH_CONFORM_STATE:
	case MH_CONFORM_ONLINE:
		block_write(replay, recorded, outcome);
		return;
	case MH_CONFORM_PATH:
		path_write(replay, step, outcome);
		return;
	case MH_CONFORM_PLUG:
		plug(replay, recorded, outcome);
		return;
	case MH_CONFORM_UNPLUG:
		unplug(replay, recorded, outcome);
		return;
	}
}

static bool is_host(const struct mh_conform_operation *recorded)
{
	return recorded->target == MH_CONFORM_PLUG || recorded->target == MH_CONFORM_UNPLUG;
}

static bool is_refusal(const char *answer)
{
	return answer && strncmp(answer, "refused", strlen("refused")) == 0;
}

/* What the host's program said; how it words what it refuses by itself is its own. */
static const char *host_answer(const struct mh_conform_step *step, const struct outcome *outcome)
{
	const struct mh_conform_operation *recorded = &step->operation;
	const int64_t result = outcome->result;

	if (outcome->refused)
		return json_string_value(json_object_get(step->object, "answer"));
	if (recorded->target == MH_CONFORM_PLUG)
		return result == 0 ? "ok ost status=0" : "refused";
	return result == 0 ? "deleted" : "refused ost status=130";
}

/* What the kernel's log said of an offline that failed. */
static const char *reason_of(const struct mh_conform_replay *replay, const struct mh_conform_operation *recorded,
			     int64_t result)
{
	const struct mh_operation *operation = &replay->operation;
	/* After a refusal, what went offline is online again, but the outcome is the refusal's. */
	const bool offline = recorded->target == MH_CONFORM_UNPLUG || !operation->online;

	return result < 0 && offline ? mh_outcome_reasons[operation->outcome] : NULL;
}

static uint32_t block_of(const struct mh_conform_operation *recorded)
{
	return recorded->target <= MH_CONFORM_ONLINE ? recorded->block : MH_CONFORM_NO_BLOCK;
}

/* A process that was killed cannot tell what its write returned: the recorder put -1. */
static void result_tell(json_t *got, int64_t result, bool killed)
{
	char word[MH_CONFORM_WORD_SIZE];

	json_object_set_new(got, "errno", json_integer(killed ? -1 : mh_conform_errno(result)));
	json_object_set_new(got, "errname", json_string(killed ? "KILLED" : mh_conform_errname(result, word)));
	json_object_set_new(got, "ret", json_integer(killed ? -1 : result));
}

/* The results that were recorded, without what only says how. */
static json_t *expected_of(const struct mh_conform_step *step)
{
	static const char *const keys[] = {"trace",  "errno",      "errname", "ret",     "answer",
					   "before", "full_trace", "final",   "uevents", "watched_states"};
	json_t *expected = json_object();

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		json_t *value = json_object_get(step->object, keys[i]);

		if (value)
			json_object_set(expected, keys[i], value);
	}
	json_t *reason = json_object_get(step->object, "reason");

	json_object_set(expected, "reason", reason ? reason : json_null());
	return expected;
}

/* "zone" of the operation: where the block ended. */
static void zone_expect(const struct mh_conform_step *step, json_t *expected, const json_t *got)
{
	json_t *zone = json_object_get(json_object_get(step->object, "op"), "zone");

	if (zone && json_object_get(json_object_get(got, "final"), "zone")) {
		json_object_set(expected, "zone", zone);
		json_object_set((json_t *)got, "zone", json_object_get(json_object_get(got, "final"), "zone"));
	}
}

static void beside_expect(const struct mh_conform_step *step, json_t *expected)
{
	const json_t *entries = json_object_get(json_object_get(step->object, "op"), "meanwhile");
	json_t *list = json_array();

	for (size_t i = 0; i < step->operation.beside_count; i++)
		if (step->operation.beside[i].fired) {
			json_t *error = json_object_get(json_array_get(entries, i), "errno");

			json_array_append(list, error ? error : json_null());
		}
	json_object_set_new(expected, "meanwhile", list);
}

static enum mh_conform_verdict differ(struct mh_conform_replay *replay, const struct mh_conform_step *step,
				      const json_t *expected, const json_t *got)
{
	struct mh_text table = MH_TEXT_INIT;
	unsigned count = mh_conform_compare(expected, got, &table);

	if (count)
		mh_text_add(replay->text, "%s: %u %s\n%s", step->place, count,
			    count == 1 ? "result differs" : "results differ", table.data);
	mh_text_release(&table);
	return count ? MH_CONFORM_FAILED : MH_CONFORM_PASSED;
}

static void pause_callback(void *data, uint64_t delay_ms)
{
	struct mh_conform_replay *replay = data;

	if (replay->watch)
		mh_conform_watch_sampled(replay->watch);
	if (replay->besides)
		mh_conform_besides_pause(replay->besides, delay_ms);
}

/* The operation, watched and with what is done beside it. */
static int operate_in_company(struct mh_conform_replay *replay, const struct mh_conform_step *step, json_t *got,
			      struct outcome *outcome)
{
	const json_t *watched = json_object_get(step->object, "watched_states");
	struct mh_conform_besides besides = {.killed = false};
	struct mh_conform_watch watch;
	struct mh_error error;
	int ret = 0;

	replay->listeners.pause = pause_callback;
	replay->listeners.pause_data = replay;
	if (watched)
		ret = mh_conform_watch_begin(&watch, replay->machine, step->operation.block, &error);
	if (ret < 0)
		return ret;
	replay->watch = watched ? &watch : NULL;
	if (step->operation.beside_count)
		ret = mh_conform_besides_begin(&besides, replay, &step->operation, &error);
	if (ret < 0)
		goto end_watch;
	replay->besides = step->operation.beside_count ? &besides : NULL;
	operate(replay, step, outcome);
	if (replay->besides) {
		mh_conform_besides_end(&besides);
		json_object_set_new(got, "meanwhile", mh_conform_besides_results(&besides));
		mh_conform_besides_release(&besides);
	}
	if (!is_host(&step->operation))
		result_tell(got, outcome->result, besides.killed);
	replay->besides = NULL;
end_watch:
	if (watched) {
		mh_conform_watch_end(&watch);
		json_object_set_new(got, "watched_states", mh_conform_watch_states(&watch, watched));
	}
	replay->watch = NULL;
	return ret;
}

static void showed(struct mh_conform_replay *replay, const struct mh_conform_step *step, json_t *got,
		   const struct outcome *outcome)
{
	const char *reason = reason_of(replay, &step->operation, outcome->result);

	if (is_host(&step->operation))
		json_object_set_new(got, "answer", json_string(host_answer(step, outcome)));
	json_object_set_new(got, "trace", mh_conform_log_trace(&replay->log, mh_machine_protocol(replay->machine)));
	json_object_set_new(got, "full_trace", mh_conform_log_full_trace(&replay->log));
	json_object_set_new(got, "uevents", mh_conform_log_uevents(&replay->log));
	json_object_set_new(got, "reason", reason ? json_string(reason) : json_null());
	json_object_set_new(got, "final",
			    mh_conform_snapshot_final(replay->machine, replay->world, block_of(&step->operation),
						      json_object_get(step->object, "final")));
}

/* A block that is absent is a mistake of the case, unless it is what the case is about; it has no state to watch. */
static bool names_absent_block(const struct mh_conform_replay *replay, const struct mh_conform_step *step)
{
	const char *errname = json_string_value(json_object_get(step->object, "errname"));
	uint32_t block = block_of(&step->operation);

	return block != MH_CONFORM_NO_BLOCK && !mh_conform_block_is_there(replay->machine, block) &&
	       (!errname || strcmp(errname, "ENOENT") != 0 || json_object_get(step->object, "watched_states"));
}

static enum mh_conform_verdict judge(struct mh_conform_replay *replay, const struct mh_conform_step *step, json_t *got)
{
	json_t *expected = expected_of(step);
	enum mh_conform_verdict verdict;

	zone_expect(step, expected, got);
	if (step->operation.beside_count)
		beside_expect(step, expected);
	verdict = differ(replay, step, expected, got);
	json_decref(expected);
	return verdict;
}

static enum mh_conform_verdict operation_do(struct mh_conform_replay *replay, const struct mh_conform_step *step,
					    json_t *got)
{
	struct outcome outcome = {.result = 0};

	mh_conform_log_clear(&replay->log);
	atomic_store_explicit(&replay->signal, false, memory_order_relaxed);
	mh_conform_operation_begin(replay, &replay->operation, &replay->trace);
	if (!is_host(&step->operation))
		json_object_set_new(got, "before",
				    mh_conform_snapshot_before(replay->machine, block_of(&step->operation)));
	if (operate_in_company(replay, step, got, &outcome) < 0)
		outcome.missing = "a thread for it";
	if (outcome.refused && !is_refusal(json_string_value(json_object_get(step->object, "answer")))) {
		mh_text_add(replay->text, "%s: %s", step->place, outcome.refused);
		return MH_CONFORM_SKIPPED;
	}
	if (outcome.missing) {
		mh_text_add(replay->text, "%s: the simulator has not %s", step->place, outcome.missing);
		return MH_CONFORM_SKIPPED;
	}
	showed(replay, step, got, &outcome);
	return judge(replay, step, got);
}

static enum mh_conform_verdict operation_step(struct mh_conform_replay *replay, const struct mh_conform_step *step)
{
	enum mh_conform_verdict verdict;
	json_t *got;

	if (names_absent_block(replay, step)) {
		mh_text_add(replay->text, "%s: block %u is absent", step->place, step->operation.block);
		return MH_CONFORM_MALFORMED;
	}
	got = json_object();
	verdict = operation_do(replay, step, got);
	json_decref(got);
	return verdict;
}

/* A step whose only result is an errno: @error, or MH_CONFORM_UNKNOWN for what is not modelled. */
static enum mh_conform_verdict error_judge(struct mh_conform_replay *replay, const struct mh_conform_step *step,
					   int error)
{
	json_t *expected, *got;
	enum mh_conform_verdict verdict;

	if (error == MH_CONFORM_UNKNOWN) {
		mh_text_add(replay->text, "%s: the simulator has not %s", step->place, step->path);
		return MH_CONFORM_SKIPPED;
	}
	expected = json_pack("{s:O}", "err", json_object_get(step->object, "err"));
	got = json_pack("{s:i}", "err", error);
	verdict = differ(replay, step, expected, got);
	json_decref(expected);
	json_decref(got);
	return verdict;
}

static enum mh_conform_verdict write_step(struct mh_conform_replay *replay, const struct mh_conform_step *step)
{
	int64_t ret;

	mh_conform_operation_begin(replay, &replay->operation, &replay->trace);
	ret = mh_conform_file_write(replay, step->path, step->value,
				    json_string_length(json_object_get(step->object, "value")));
	if (lacks_file(step->path, ret, json_integer_value(json_object_get(step->object, "err")) == ENOENT))
		return error_judge(replay, step, MH_CONFORM_UNKNOWN);
	return error_judge(replay, step, ret < 0 ? (int)-ret : 0);
}

static enum mh_conform_verdict query_step(struct mh_conform_replay *replay, const struct mh_conform_step *step)
{
	struct mh_text value = MH_TEXT_INIT;
	int64_t ret = mh_conform_file_read(replay, step->path, &value);
	enum mh_conform_verdict verdict = MH_CONFORM_PASSED;

	if (ret == MH_CONFORM_NO_FILE) {
		verdict = error_judge(replay, step, MH_CONFORM_UNKNOWN);
	} else if (ret < 0 || strcmp(value.data, step->value) != 0) {
		mh_text_add(replay->text, "%s: %s: expected '%s', got '%s'\n", step->place, step->path, step->value,
			    value.data);
		verdict = MH_CONFORM_FAILED;
	}
	mh_text_release(&value);
	return verdict;
}

static enum mh_conform_verdict use_step(struct mh_conform_replay *replay, const struct mh_conform_step *step)
{
	const uint64_t page_size = replay->world->block_size_bytes / replay->world->pages_per_block;
	int node = mh_conform_world_node(replay->world, step->nid), error = EINVAL;
	size_t count = (size_t)(step->mib * MIB / page_size);

	if (node >= 0)
		error = step->use == MH_CONFORM_HUGETLB
				? mh_conform_pages_use_huge(&replay->pages, (unsigned)node, step->mib / 2)
				: mh_conform_pages_use(&replay->pages, (unsigned)node, count);
	return error_judge(replay, step, error);
}

enum mh_conform_verdict mh_conform_step(struct mh_conform_replay *replay, const struct mh_conform_step *step)
{
	switch (step->kind) {
	case MH_CONFORM_OPERATION:
		return operation_step(replay, step);
	case MH_CONFORM_CONTROL:
		return error_judge(replay, step, mh_conform_control_do(replay, &step->control));
	case MH_CONFORM_WRITE:
		return write_step(replay, step);
	case MH_CONFORM_QUERY:
		return query_step(replay, step);
	case MH_CONFORM_INSMOD:
		return error_judge(replay, step, mh_conform_injector_load(&replay->injector, step->path, step->value));
	case MH_CONFORM_RMMOD:
		return error_judge(replay, step, mh_conform_injector_unload(&replay->injector, step->path));
	case MH_CONFORM_USE:
		return use_step(replay, step);
	}
	return MH_CONFORM_MALFORMED;
}
