/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of a file of recordings: from JSON to steps, everything checked before anything is done. */
#include "bench/engine/conform_case.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/engine/conform_value.h"
#include "results/json_get.h"

#define LIST_MAX       100000 /* items in any list: traces are the longest */
#define MEMORY_MIB_MAX (1u << 20)

static const char *const use_names[MH_CONFORM_USES] = {"anon", "mlock", "tmpfs", "hugetlb"};

static int int_of(struct mh_json_get *get, const json_t *object, const char *key, int64_t low, int64_t high)
{
	int64_t number = mh_json_get_optional_i64(get, object, key, INT64_MIN);

	if (get->ret == 0 && (number < low || number > high))
		mh_json_get_fail(get, "'%s' must be a whole number from %lld to %lld", key, (long long)low,
				 (long long)high);
	return get->ret < 0 ? 0 : (int)number;
}

/* Which kernel's protocol: by the beginning of its release. */
static enum mh_compat compat_of(struct mh_json_get *get, const char *kernel)
{
	static const struct {
		const char *release;
		enum mh_compat compat;
	} known[] = {{"6.1.", MH_COMPAT_V6_1}, {"6.12.", MH_COMPAT_V6_12}, {"7.3.", MH_COMPAT_V7_3}};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strncmp(known[i].release, kernel, strlen(known[i].release)) == 0)
			return known[i].compat;
	mh_json_get_fail(get, "'kernel' is '%.60s': 6.1, 6.12 and 7.3 are known", kernel);
	return MH_COMPAT_V6_1;
}

static void answers_load(struct mh_json_get *get, const json_t *returns, struct mh_conform_callback *callback)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)returns, key, value)
	{
		int event = mh_event_parse(key), answer = 0;

		if (event < 0)
			mh_json_get_fail(get, "'returns': '%.60s' is no event", key);
		else if (!json_is_string(value) || mh_conform_value_parse(json_string_value(value), &answer) < 0)
			mh_json_get_fail(get, "'returns': the answer to %s is none that is known", key);
		else
			callback->answers[event].value = answer;
	}
}

static bool is_on_chain(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return value && !json_is_null(value);
}

static void callback_load(struct mh_json_get *get, const json_t *object, struct mh_conform_callback *callback)
{
	callback->id = (unsigned)int_of(get, object, "cb", 0, MH_CONFORM_CALLBACKS_MAX - 1);
	callback->on_memory = is_on_chain(object, "prio");
	callback->on_nodes = is_on_chain(object, "node_prio");
	if (callback->on_memory)
		callback->priority = int_of(get, object, "prio", INT_MIN, INT_MAX);
	if (callback->on_nodes)
		callback->node_priority = int_of(get, object, "node_prio", INT_MIN, INT_MAX);
	answers_load(get, mh_json_get_object(get, object, "returns"), callback);
}

static void no_callback_twice(struct mh_json_get *get, const struct mh_conform_case *recorded, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (recorded->callbacks[i].id == recorded->callbacks[index].id)
			mh_json_get_fail(get, "there are two callbacks %u", recorded->callbacks[index].id);
}

static void chain_load(struct mh_json_get *get, struct mh_conform_case *recorded)
{
	json_t *list = mh_json_get_list(get, recorded->root, "chain");
	size_t count = json_array_size(list);

	if (count > MH_CONFORM_CALLBACKS_MAX) {
		mh_json_get_fail(get, "'chain' has %zu callbacks, more than %d", count, MH_CONFORM_CALLBACKS_MAX);
		return;
	}
	recorded->callbacks = calloc(count ? count : 1, sizeof(*recorded->callbacks));
	if (!recorded->callbacks) {
		get->ret = -ENOMEM;
		return;
	}
	recorded->callback_count = count;
	for (size_t i = 0; i < count && get->ret == 0; i++) {
		mh_json_get_place(get, "chain", i);
		callback_load(get, json_array_get(list, i), &recorded->callbacks[i]);
		no_callback_twice(get, recorded, i);
	}
	get->place[0] = '\0';
}

/* Texts that may hold NULs: what was written to a file. */
static void written_load(struct mh_json_get *get, const json_t *object, struct mh_conform_operation *operation)
{
	const json_t *value = json_object_get(object, "value");

	if (!json_is_string(value)) {
		mh_json_get_fail(get, "'value' is no text");
		return;
	}
	operation->value = json_string_value(value);
	operation->length = json_string_length(value);
}

static void host_load(struct mh_json_get *get, const json_t *object, struct mh_conform_operation *operation)
{
	const char *command = mh_json_get_text(get, object, "cmd");
	char rest;

	if (get->ret < 0)
		return;
	operation->target = MH_CONFORM_PLUG;
	if (sscanf(command, "add %31s %u %d%c", operation->dimm, &operation->mib, &operation->nid, &rest) == 3 &&
	    operation->mib > 0 && operation->mib <= MEMORY_MIB_MAX)
		return;
	operation->target = MH_CONFORM_UNPLUG;
	if (sscanf(command, "del %31s%c", operation->dimm, &rest) != 1)
		mh_json_get_fail(get, "'cmd' is '%.60s', neither 'add NAME MB NODE' nor 'del NAME'", command);
}

static void beside_load(struct mh_json_get *get, const json_t *object, struct mh_conform_beside *beside)
{
	const char *text = mh_json_get_text(get, object, "do");

	beside->after_ms = mh_json_get_u64(get, object, "after_ms");
	beside->fired = mh_json_get_optional_bool(get, object, "fired", true);
	if (get->ret == 0)
		mh_conform_control_parse(get, text, &beside->control);
}

static void beside_list_load(struct mh_json_get *get, const json_t *object, struct mh_conform_operation *operation)
{
	if (!json_object_get(object, "meanwhile"))
		return;
	json_t *list = mh_json_get_list(get, object, "meanwhile");
	size_t count = json_array_size(list);

	if (count > MH_CONFORM_BESIDE_MAX) {
		mh_json_get_fail(get, "'meanwhile' has %zu entries, more than %d", count, MH_CONFORM_BESIDE_MAX);
		return;
	}
	operation->beside = calloc(count ? count : 1, sizeof(*operation->beside));
	if (!operation->beside) {
		get->ret = -ENOMEM;
		return;
	}
	operation->beside_count = count;
	for (size_t i = 0; i < count && get->ret == 0; i++) {
		beside_load(get, json_array_get(list, i), &operation->beside[i]);
		if (i && operation->beside[i].after_ms < operation->beside[i - 1].after_ms)
			mh_json_get_fail(get, "'meanwhile' is not in the order of 'after_ms'");
	}
}

static void operation_load(struct mh_json_get *get, const json_t *object, struct mh_conform_operation *operation)
{
	static const char *const kinds[] = {"state", "attr_online", "path", "host"};
	int kind = mh_json_get_word(get, object, "kind", kinds, 4);

	if (kind == 3) {
		host_load(get, object, operation);
	} else if (kind >= 0) {
		operation->target = (enum mh_conform_target)kind;
		written_load(get, object, operation);
		if (operation->target == MH_CONFORM_PATH)
			operation->path = mh_json_get_text(get, object, "path");
		else
			operation->block = (uint32_t)int_of(get, object, "block", 0, INT_MAX);
	}
	beside_list_load(get, object, operation);
}

/* Who reads a state again and again needs a block to read. */
static void watched_check(struct mh_json_get *get, const struct mh_conform_step *step)
{
	const json_t *watched = json_object_get(step->object, "watched_states");
	const json_t *state;
	size_t index;

	if (!watched)
		return;
	if (step->operation.target != MH_CONFORM_STATE && step->operation.target != MH_CONFORM_ONLINE)
		mh_json_get_fail(get, "'watched_states' beside an operation that is no block's");
	if (!json_is_array(watched))
		mh_json_get_fail(get, "'watched_states' is no list");
	json_array_foreach(watched, index, state) if (!json_is_string(state))
		mh_json_get_fail(get, "'watched_states' holds what is no text");
}

/* What a step that is an operation must have been recorded with. */
static void results_check(struct mh_json_get *get, const struct mh_conform_step *step)
{
	const enum mh_conform_target target = step->operation.target;

	mh_json_get_list(get, step->object, "trace");
	mh_json_get_list(get, step->object, "full_trace");
	mh_json_get_list(get, step->object, "uevents");
	mh_json_get_object(get, step->object, "final");
	watched_check(get, step);
	if (target == MH_CONFORM_PLUG || target == MH_CONFORM_UNPLUG) {
		mh_json_get_text(get, step->object, "answer");
		return;
	}
	mh_json_get_object(get, step->object, "before");
	mh_json_get_text(get, step->object, "errname");
	int_of(get, step->object, "errno", INT_MIN, INT_MAX);
	int_of(get, step->object, "ret", INT_MIN, INT_MAX);
}

static void control_load(struct mh_json_get *get, struct mh_conform_step *step)
{
	const char *text = mh_json_get_text(get, step->object, "ctl");

	if (get->ret == 0)
		mh_conform_control_parse(get, text, &step->control);
	if (get->ret == 0 && (step->control.word == MH_CONFORM_SIG || step->control.word == MH_CONFORM_OP))
		mh_json_get_fail(get, "'%.60s' can only be done beside an operation", text);
}

static void use_load(struct mh_json_get *get, struct mh_conform_step *step)
{
	int use = mh_json_get_word(get, step->object, "use", use_names, MH_CONFORM_USES);

	step->use = use < 0 ? MH_CONFORM_ANON : (enum mh_conform_use)use;
	step->nid = int_of(get, step->object, "node", 0, INT_MAX);
	step->mib = (uint32_t)int_of(get, step->object, "mb", 0, MH_CONFORM_PAGES_MAX / 256);
}

static void step_fields_load(struct mh_json_get *get, struct mh_conform_step *step, const char *key)
{
	switch (step->kind) {
	case MH_CONFORM_OPERATION:
		operation_load(get, mh_json_get_object(get, step->object, "op"), &step->operation);
		results_check(get, step);
		break;
	case MH_CONFORM_CONTROL:
		control_load(get, step);
		break;
	case MH_CONFORM_USE:
		use_load(get, step);
		break;
	case MH_CONFORM_INSMOD:
		step->value = mh_json_get_optional_text(get, step->object, "params");
		step->path = mh_json_get_text(get, step->object, key);
		break;
	case MH_CONFORM_RMMOD:
		step->path = mh_json_get_text(get, step->object, key);
		break;
	case MH_CONFORM_WRITE:
	case MH_CONFORM_QUERY:
		step->path = mh_json_get_text(get, step->object, key);
		step->value = mh_json_get_text(get, step->object, "value");
		break;
	}
	if (step->kind != MH_CONFORM_OPERATION && step->kind != MH_CONFORM_QUERY)
		int_of(get, step->object, "err", 0, INT_MAX);
}

static void step_load(struct mh_json_get *get, const json_t *object, struct mh_conform_step *step)
{
	static const char *const keys[] = {"op", "ctl", "write", "query", "insmod", "rmmod", "use"};

	snprintf(step->place, sizeof(step->place), "%s", get->place);
	step->object = object;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!json_object_get(object, keys[i]))
			continue;
		step->kind = (enum mh_conform_step_kind)i;
		step_fields_load(get, step, keys[i]);
		return;
	}
	mh_json_get_fail(get, "no step that is known");
}

static void list_load(struct mh_json_get *get, struct mh_conform_case *recorded, const char *key, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list) && get->ret == 0; i++) {
		mh_json_get_place(get, key, i);
		step_load(get, json_array_get(list, i), &recorded->steps[recorded->step_count++]);
	}
	get->place[0] = '\0';
}

static void steps_load(struct mh_json_get *get, struct mh_conform_case *recorded)
{
	const json_t *setup = mh_json_get_list(get, recorded->root, "setup");
	const json_t *post =
		json_object_get(recorded->root, "post") ? mh_json_get_list(get, recorded->root, "post") : NULL;
	size_t count = json_array_size(setup) + json_array_size(post) + 1;

	if (count > MH_CONFORM_STEPS_MAX)
		mh_json_get_fail(get, "%zu steps are more than %d", count, MH_CONFORM_STEPS_MAX);
	if (get->ret < 0)
		return;
	recorded->steps = calloc(count, sizeof(*recorded->steps));
	if (!recorded->steps) {
		get->ret = -ENOMEM;
		return;
	}
	list_load(get, recorded, "setup", setup);
	mh_json_get_object(get, recorded->root, "op");
	if (get->ret == 0) {
		snprintf(get->place, sizeof(get->place), "op");
		step_load(get, recorded->root, &recorded->steps[recorded->step_count++]);
	}
	list_load(get, recorded, "post", post);
}

int mh_conform_case_load(struct mh_conform_case *recorded, json_t *root, struct mh_error *reterr)
{
	struct mh_json_get get = {.name = "", .list_max = LIST_MAX, .reterr = reterr};

	*recorded = (struct mh_conform_case){.root = json_incref(root)};
	if (!json_is_object(root))
		return mh_error_set(reterr, -EINVAL, "no JSON object");
	get.name = "the line";
	recorded->name = mh_json_get_text(&get, root, "name");
	get.name = recorded->name;
	recorded->world = mh_json_get_text(&get, root, "world");
	recorded->deterministic = mh_json_get_optional_bool(&get, root, "deterministic", true);
	recorded->kernel = mh_json_get_optional_text(&get, root, "kernel");
	if (recorded->kernel)
		recorded->compat = compat_of(&get, recorded->kernel);
	if (get.ret == 0)
		chain_load(&get, recorded);
	if (get.ret == 0)
		steps_load(&get, recorded);
	return get.ret;
}

void mh_conform_case_release(struct mh_conform_case *recorded)
{
	for (size_t i = 0; i < recorded->step_count; i++)
		free(recorded->steps[i].operation.beside);
	free(recorded->steps);
	free(recorded->callbacks);
	json_decref(recorded->root);
}
