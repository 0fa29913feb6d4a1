/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every recorded write of real kernels passes the judge. The recordings lie beside the checkout, or where MEMHP_ORACLE
 * says; without them there is nothing to be held against, and the test is skipped.
 */
#include "bench/kernel/judge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <jansson.h>

#include <memhp/kernel.h>

#define LINE_MAX_BYTES (4u << 20)
#define WALKS_MAX      16

/* The files of a kernel, and the least number of writes to a state that they hold. */
static const struct {
	const char *cases, *worlds;
	enum mh_compat compat;
	unsigned least;
} kernels[] = {
	{"cases.jsonl", "worlds.json", MH_COMPAT_V6_1, 690},
	{"cases-6.12.jsonl", "worlds-6.12.json", MH_COMPAT_V6_12, 410},
	{"cases-7.3.jsonl", "worlds-7.3.json", MH_COMPAT_V7_3, 400},
};

/* One file of cases while it is read. */
struct reading {
	enum mh_compat compat;
	json_t *worlds;
	const char *name; /* of the case */
	const char *world;
	unsigned judged, broken;
};

static bool find(const char *file, char ret_path[512])
{
	const char *folder = getenv("MEMHP_ORACLE");
	const char *end = strstr(__FILE__, "tests/unit/");

	if (folder)
		snprintf(ret_path, 512, "%s/%s", folder, file);
	else
		snprintf(ret_path, 512, "%.*s../../shared/oracle/%s", end ? (int)(end - __FILE__) : 0, __FILE__, file);
	if (!folder && access(ret_path, R_OK) < 0)
		snprintf(ret_path, 512, "%.*s../shared/oracle/%s", end ? (int)(end - __FILE__) : 0, __FILE__, file);
	return access(ret_path, R_OK) == 0;
}

static int node_of(const struct reading *reading, json_int_t index)
{
	const json_t *blocks = json_object_get(json_object_get(reading->worlds, reading->world), "blocks");
	const json_t *block;
	size_t i;

	json_array_foreach(blocks, i, block) if (json_integer_value(json_object_get(block, "block")) ==
						 index) return (int)json_integer_value(json_object_get(block, "node"));
	return -1;
}

static int value_of(const char *word)
{
	if (strcmp(word, "OK") == 0)
		return NOTIFY_OK;
	if (strcmp(word, "STOP") == 0)
		return NOTIFY_STOP;
	if (strcmp(word, "BAD") == 0)
		return NOTIFY_BAD;
	if (strncmp(word, "errno:", 6) == 0)
		return notifier_from_errno(atoi(word + 6));
	return strncmp(word, "raw:", 4) == 0 ? atoi(word + 4) : NOTIFY_DONE;
}

static bool has(const json_t *list, int number)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item) if (json_integer_value(item) == number) return true;
	return false;
}

static struct mh_kernel_masks masks_of(const json_t *state, int node)
{
	return (struct mh_kernel_masks){.known = node >= 0 && json_object_get(state, "has_memory"),
					.memory = has(json_object_get(state, "has_memory"), node),
					.normal = has(json_object_get(state, "has_normal_memory"), node)};
}

/* A call of the case's own in a walk of @event, or in any walk of that chain: they say what the argument was. */
static const json_t *call_of(const json_t *trace, enum mh_event event)
{
	const json_t *call, *other = NULL;
	size_t i;

	json_array_foreach(trace, i, call)
	{
		int its = mh_event_parse(json_string_value(json_array_get(call, 1)));

		if (its == (int)event)
			return call;
		if (mh_event_is_node((enum mh_event)its) == mh_event_is_node(event))
			other = call;
	}
	return other;
}

/* False: nobody of the case heard a walk of that chain, so that its argument is not known. */
static bool fill_argument(struct mh_kernel_walk *walk, const json_t *trace, bool has_nids)
{
	const json_t *call = call_of(trace, walk->event);

	walk->nid = walk->nid_normal = INT32_MIN;
	if (!call)
		return false;
	if (mh_event_is_node(walk->event)) {
		walk->nid = (int)json_integer_value(json_array_get(call, 2));
		return true;
	}
	walk->start_pfn = (uint64_t)json_integer_value(json_array_get(call, 2));
	walk->nr_pages = (uint64_t)json_integer_value(json_array_get(call, 3));
	if (has_nids && json_is_integer(json_array_get(call, 5))) {
		walk->nid_normal = (int)json_integer_value(json_array_get(call, 4));
		walk->nid = (int)json_integer_value(json_array_get(call, 5));
	}
	return true;
}

/* Calls one after the other of one event are a walk; its answer is the last one's. False: an argument is not known. */
static bool walks_of(const json_t *step, bool has_nids, struct mh_kernel_walk *walks, unsigned *ret_count)
{
	const json_t *call;
	unsigned count = 0;
	size_t i;

	json_array_foreach(json_object_get(step, "full_trace"), i, call)
	{
		int event = mh_event_parse(json_string_value(json_array_get(call, 2)));

		if (!count || walks[count - 1].event != (enum mh_event)event) {
			cr_assert(event >= 0 && count < WALKS_MAX);
			walks[count] = (struct mh_kernel_walk){.event = (enum mh_event)event, .returned = true};
			if (!fill_argument(&walks[count], json_object_get(step, "trace"),
					   has_nids && event != MH_PREPARE_ONLINE && event != MH_FINISH_OFFLINE))
				return false;
			count++;
		}
		walks[count - 1].value = value_of(json_string_value(json_array_get(call, 3)));
	}
	*ret_count = count;
	return true;
}

static void note(void *data, const char *invariant, const char *detail)
{
	struct reading *reading = data;

	reading->broken++;
	cr_expect(false, "%s: %s: %s", reading->name, invariant, detail);
}

/* Another writer's walks would stand among this one's; the trace of a run is of its own thread alone. */
static bool has_other_writer(const json_t *op)
{
	const json_t *meanwhile;
	size_t i;

	json_array_foreach(json_object_get(op, "meanwhile"), i,
			   meanwhile) if (strncmp(json_string_value(json_object_get(meanwhile, "do")), "op ", 3) ==
					  0) return true;
	return false;
}

static void judge_step(struct reading *reading, const json_t *op, const json_t *step)
{
	const json_t *before = json_object_get(step, "before"), *final = json_object_get(step, "final");
	const char *word = json_string_value(json_object_get(op, "value"));
	const json_int_t ret = json_integer_value(json_object_get(step, "ret"));
	const struct mh_protocol *protocol = mh_protocol_of(reading->compat);
	struct mh_kernel_walk walks[WALKS_MAX];
	struct mh_kernel_block block = {.index = (uint32_t)json_integer_value(json_object_get(op, "block"))};
	struct mh_kernel_operation operation = {
		.protocol = protocol,
		.block = &block,
		.block_pages = 32768,
		.walks = walks,
		.walks_known = true,
		/* Who is meanwhile doing something may be doing it to the masks. */
		.alone = !json_object_get(op, "meanwhile"),
	};

	if (strcmp(json_string_value(json_object_get(op, "kind")), "state") != 0 || !*word || !before || !final)
		return;
	if (!json_string_value(json_object_get(before, "state")) ||
	    !json_string_value(json_object_get(final, "state")) ||
	    !walks_of(step, protocol->status_change, walks, &operation.walk_count))
		return;
	/* A writer that was killed has told nobody its errno. */
	if (has_other_writer(op) || json_integer_value(json_object_get(step, "errno")) < 0)
		return;
	block.node = node_of(reading, block.index);
	operation.online = strncmp(word, "online", 6) == 0;
	operation.before = strcmp(json_string_value(json_object_get(before, "state")), "online") == 0
				   ? MH_BLOCK_ONLINE
				   : MH_BLOCK_OFFLINE;
	operation.write = (struct mh_kernel_write_result){
		.error = ret >= 0    ? 0
			 : ret == -1 ? -(int)json_integer_value(json_object_get(step, "errno"))
				     : (int)ret,
		.after = strcmp(json_string_value(json_object_get(final, "state")), "online") == 0 ? MH_BLOCK_ONLINE
												   : MH_BLOCK_OFFLINE,
		.after_known = true,
	};
	operation.masks_before = masks_of(before, block.node);
	operation.masks_after = masks_of(final, block.node);
	reading->judged++;
	(void)mh_kernel_judge(&operation, note, reading);
}

static void judge_case(struct reading *reading, const json_t *root)
{
	const json_t *step;
	size_t i;

	reading->name = json_string_value(json_object_get(root, "name"));
	reading->world = json_string_value(json_object_get(root, "world"));
	json_array_foreach(json_object_get(root, "setup"), i, step) if (json_object_get(step, "op"))
		judge_step(reading, json_object_get(step, "op"), step);
	judge_step(reading, json_object_get(root, "op"), root);
	json_array_foreach(json_object_get(root, "post"), i, step) if (json_object_get(step, "op"))
		judge_step(reading, json_object_get(step, "op"), step);
}

static void judge_file(struct reading *reading, const char *path)
{
	char *line = malloc(LINE_MAX_BYTES);
	FILE *file = fopen(path, "re");

	cr_assert(line && file, "%s", path);
	while (fgets(line, LINE_MAX_BYTES, file)) {
		json_t *root = json_loads(line, JSON_ALLOW_NUL, NULL);

		cr_assert_not_null(root);
		judge_case(reading, root);
		json_decref(root);
	}
	fclose(file);
	free(line);
}

ParameterizedTestParameters(kernel_judge_oracle, every_recorded_write_passes)
{
	static int rows[] = {0, 1, 2};

	return cr_make_param_array(int, rows, 3);
}

ParameterizedTest(const int *row, kernel_judge_oracle, every_recorded_write_passes)
{
	struct reading reading = {.compat = kernels[*row].compat};
	char cases[512], worlds[512];

	if (!find(kernels[*row].cases, cases) || !find(kernels[*row].worlds, worlds))
		cr_skip_test("no recordings beside the checkout (MEMHP_ORACLE says where)");
	reading.worlds = json_load_file(worlds, 0, NULL);
	cr_assert_not_null(reading.worlds);
	judge_file(&reading, cases);
	cr_expect_geq(reading.judged, kernels[*row].least, "%u writes were judged", reading.judged);
	json_decref(reading.worlds);
}
