/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * costs.json, schema memhp-bench/costs: recorded costs as a JSON document and back.
 *
 * Unlike other documents of ours an unknown key is refused: what a replay leaves out it cannot tell, and its times
 * would then be wrong without a word.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "results/costs.h"
#include "results/encode.h"
#include "results/json_get.h"
#include "results/json_put.h"

#define SCHEMA "memhp-bench/costs"

static const char *const directions[] = {"offline", "online"};

static void put_histogram(struct mh_json_put *put, json_t *object, const char *key,
			  const struct mh_histogram *histogram)
{
	struct mh_text encoded = MH_TEXT_INIT;

	if (mh_histogram_encode(histogram, &encoded, NULL) < 0)
		put->failed = true;
	else
		mh_json_put_text(put, object, key, encoded.data);
	mh_text_release(&encoded);
}

static void put_class(struct mh_json_put *put, json_t *object, unsigned class)
{
	mh_json_put_text(put, object, "direction", directions[class & MH_COST_ONLINE]);
	mh_json_put_bool(put, object, "node", class & MH_COST_NODE);
}

static void put_operations(struct mh_json_put *put, json_t *list, const struct mh_costs *costs, unsigned class)
{
	json_t *object;

	if (!costs->fitted[class].count && !costs->held_out[class].count)
		return;
	object = mh_json_add_object(put, list);
	put_class(put, object, class);
	mh_json_put_text(put, object, "unit", "ns");
	mh_json_put_u64(put, object, "fitted_count", costs->fitted[class].count);
	mh_json_put_u64(put, object, "held_out_count", costs->held_out[class].count);
	put_histogram(put, object, "fitted", &costs->fitted[class]);
	put_histogram(put, object, "held_out", &costs->held_out[class]);
}

static void put_series(struct mh_json_put *put, json_t *list, const struct mh_cost_series *series)
{
	json_t *object = mh_json_add_object(put, list);

	mh_json_put_text(put, object, "kind", mh_cost_kind_names[series->key.kind]);
	mh_json_put_text(put, object, "name", series->key.name);
	mh_json_put_text(put, object, "event", series->key.event);
	put_class(put, object, series->class);
	mh_json_put_text(put, object, "unit", "ns");
	mh_json_put_u64(put, object, "count", series->own.count);
	put_histogram(put, object, "whole", &series->whole);
	put_histogram(put, object, "own", &series->own);
}

static void put_header(struct mh_json_put *put, json_t *root, const struct mh_costs *costs)
{
	char date[16];

	mh_costs_date(costs, date);
	mh_json_put_text(put, root, "schema", SCHEMA);
	mh_json_put_u64(put, root, "schema_version", 1);
	mh_json_put_text(put, root, "kernel", costs->kernel);
	mh_json_put_text(put, root, "machine", costs->machine);
	mh_json_put_bool(put, root, "emulated", costs->emulated);
	mh_json_put_u64(put, root, "start_unix_ns", costs->start_unix_ns);
	mh_json_put_text(put, root, "date", date);
	mh_json_put_text(put, root, "blocks", costs->blocks);
	mh_json_put_u64(put, root, "block_size_bytes", costs->block_size_bytes);
	mh_json_put_u64(put, root, "resolution_ns", costs->resolution_ns);
	mh_json_put_u64(put, root, "samples", mh_costs_operations(costs));
	mh_json_put_u64(put, root, "failed", costs->failed);
}

int mh_costs_write(const struct mh_costs *costs, struct mh_text *text, struct mh_error *reterr)
{
	struct mh_json_put put = {0};
	json_t *root = json_object(), *list;

	put_header(&put, root, costs);
	list = mh_json_put_list(&put, root, "unseen");
	for (size_t i = 0; i < costs->unseen_count; i++)
		mh_json_add_text(&put, list, costs->unseen[i]);
	list = mh_json_put_list(&put, root, "operations");
	for (unsigned i = 0; i < MH_COST_CLASSES; i++)
		put_operations(&put, list, costs, i);
	list = mh_json_put_list(&put, root, "series");
	for (size_t i = 0; i < costs->series_count; i++)
		put_series(&put, list, &costs->series[i]);
	return mh_json_finish(&put, root, text, reterr);
}

int mh_costs_save(const struct mh_costs *costs, const char *path, struct mh_error *reterr)
{
	struct mh_text text = MH_TEXT_INIT;
	int ret = mh_costs_write(costs, &text, reterr);

	if (ret == 0)
		ret = mh_file_write(path, text.data, text.length, reterr);
	mh_text_release(&text);
	return ret;
}

/* @known: NULL-terminated. Keys of the user's own begin with "x-", as in a scenario. */
static void refuse_unknown(struct mh_json_get *get, json_t *object, const char *const *known)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		size_t i = 0;

		while (known[i] && strcmp(known[i], key) != 0)
			i++;
		if (!known[i] && strncmp(key, "x-", 2) != 0)
			mh_json_get_fail(get, "unknown key '%.100s'", key);
	}
}

static void get_text(struct mh_json_get *get, const json_t *object, const char *key, char *ret_text, size_t size)
{
	const char *text = mh_json_get_text(get, object, key);

	if (strlen(text) >= size)
		mh_json_get_fail(get, "'%s' has %zu bytes, more than %zu", key, strlen(text), size - 1);
	else
		snprintf(ret_text, size, "%s", text);
}

static void check_unit(struct mh_json_get *get, const json_t *object)
{
	const char *unit = mh_json_get_text(get, object, "unit");

	if (get->ret == 0 && strcmp(unit, "ns") != 0)
		mh_json_get_fail(get, "'unit' is '%.20s', and only 'ns' is known", unit);
}

static unsigned get_class(struct mh_json_get *get, const json_t *object)
{
	const int online = mh_json_get_word(get, object, "direction", directions, 2);
	const json_t *node = json_object_get(object, "node");

	if (!json_is_boolean(node))
		mh_json_get_fail(get, "'node' is neither true nor false");
	if (get->ret < 0)
		return 0;
	return (online ? MH_COST_ONLINE : 0) | (json_is_true(node) ? MH_COST_NODE : 0);
}

/* Into an empty one; its count has to be @count. */
static void get_histogram(struct mh_json_get *get, const json_t *object, const char *key, uint64_t count,
			  struct mh_histogram *histogram)
{
	const char *text = mh_json_get_text(get, object, key);
	struct mh_histogram decoded;
	struct mh_error error = {.text = ""};
	int ret;

	if (get->ret < 0)
		return;
	ret = mh_histogram_decode(text, strlen(text), &decoded, &error);
	if (ret < 0) {
		mh_json_get_fail(get, "'%s': %s", key, error.text);
		get->ret = ret == -ENOMEM ? ret : get->ret;
		return;
	}
	if (mh_histogram_merge(histogram, &decoded) < 0)
		mh_json_get_fail(get, "'%s' is of another layout than 1 ns to 1 h with 3 digits", key);
	else if (histogram->count != count)
		mh_json_get_fail(get, "'%s' holds %llu values, and is said to hold %llu", key,
				 (unsigned long long)histogram->count, (unsigned long long)count);
	mh_histogram_release(&decoded);
}

static void read_operations(struct mh_json_get *get, json_t *object, struct mh_costs *costs)
{
	static const char *const known[] = {"direction",      "node",   "unit",     "fitted_count",
					    "held_out_count", "fitted", "held_out", NULL};
	unsigned class;

	refuse_unknown(get, object, known);
	check_unit(get, object);
	class = get_class(get, object);
	if (get->ret == 0 && costs->fitted[class].count)
		mh_json_get_fail(get, "'%s' stands twice", mh_cost_class_names[class]);
	get_histogram(get, object, "fitted", mh_json_get_u64(get, object, "fitted_count"), &costs->fitted[class]);
	get_histogram(get, object, "held_out", mh_json_get_u64(get, object, "held_out_count"), &costs->held_out[class]);
	if (get->ret == 0 && !costs->fitted[class].count)
		mh_json_get_fail(get, "'%s' has no fitted operation", mh_cost_class_names[class]);
}

static void get_key(struct mh_json_get *get, const json_t *object, struct mh_cost_key *ret_key)
{
	const int kind = mh_json_get_word(get, object, "kind", mh_cost_kind_names, MH_COST_KINDS);

	*ret_key = (struct mh_cost_key){.kind = kind < 0 ? MH_COST_STEP : (enum mh_cost_kind)kind};
	get_text(get, object, "name", ret_key->name, sizeof(ret_key->name));
	get_text(get, object, "event", ret_key->event, sizeof(ret_key->event));
	if (get->ret == 0 && !ret_key->name[0])
		mh_json_get_fail(get, "'name' is empty");
	if (get->ret == 0 && (ret_key->kind == MH_COST_STEP) != !ret_key->event[0])
		mh_json_get_fail(get, "'event' is '%s', and walks and listeners have one, steps none", ret_key->event);
}

static void read_series(struct mh_json_get *get, json_t *object, struct mh_costs *costs)
{
	static const char *const known[] = {"kind", "name",  "event", "direction", "node",
					    "unit", "count", "whole", "own",       NULL};
	struct mh_cost_series *series;
	struct mh_cost_key key;
	unsigned class;
	uint64_t count;

	refuse_unknown(get, object, known);
	check_unit(get, object);
	get_key(get, object, &key);
	class = get_class(get, object);
	count = mh_json_get_u64(get, object, "count");
	if (get->ret == 0 && mh_costs_find(costs, class, &key))
		mh_json_get_fail(get, "%s '%s' of %s stands twice", mh_cost_kind_names[key.kind], key.name,
				 mh_cost_class_names[class]);
	if (get->ret == 0 && count != costs->fitted[class].count)
		mh_json_get_fail(get, "'count' is %llu, and %llu operations '%s' are fitted", (unsigned long long)count,
				 (unsigned long long)costs->fitted[class].count, mh_cost_class_names[class]);
	if (get->ret < 0)
		return;
	series = mh_costs_add(costs, class, &key);
	if (!series) {
		get->ret = mh_error_set(get->reterr, -ENOMEM, "'%s': out of memory", get->name);
		return;
	}
	get_histogram(get, object, "whole", count, &series->whole);
	get_histogram(get, object, "own", count, &series->own);
}

static void read_unseen(struct mh_json_get *get, json_t *item, struct mh_costs *costs)
{
	if (!json_is_string(item))
		mh_json_get_fail(get, "is no text");
	else if (mh_costs_add_unseen(costs, json_string_value(item)) < 0)
		get->ret = mh_error_set(get->reterr, -ENOMEM, "'%s': out of memory", get->name);
}

static void read_list(struct mh_json_get *get, const json_t *root, const char *key, struct mh_costs *costs,
		      void (*read)(struct mh_json_get *get, json_t *item, struct mh_costs *costs))
{
	json_t *list = mh_json_get_list(get, root, key), *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		if (get->ret < 0)
			break;
		mh_json_get_place(get, key, i);
		read(get, item, costs);
	}
	get->place[0] = '\0';
}

static void read_header(struct mh_json_get *get, const json_t *root, struct mh_costs *costs)
{
	const json_t *emulated = json_object_get(root, "emulated");

	get_text(get, root, "kernel", costs->kernel, sizeof(costs->kernel));
	get_text(get, root, "machine", costs->machine, sizeof(costs->machine));
	get_text(get, root, "blocks", costs->blocks, sizeof(costs->blocks));
	if (!json_is_boolean(emulated))
		mh_json_get_fail(get, "'emulated' is neither true nor false");
	costs->emulated = json_is_true(emulated);
	costs->start_unix_ns = mh_json_get_u64(get, root, "start_unix_ns");
	costs->block_size_bytes = mh_json_get_u64(get, root, "block_size_bytes");
	costs->resolution_ns = mh_json_get_u64(get, root, "resolution_ns");
	costs->failed = mh_json_get_u64(get, root, "failed");
}

static void read_root(struct mh_json_get *get, json_t *root, struct mh_costs *costs)
{
	static const char *const known[] = {"schema",   "schema_version",   "kernel",          "machine",
					    "emulated", "start_unix_ns",    "start_unix_ns_s", "date",
					    "blocks",   "block_size_bytes", "resolution_ns",   "samples",
					    "failed",   "unseen",           "operations",      "series",
					    NULL};

	refuse_unknown(get, root, known);
	read_header(get, root, costs);
	get->list_max = MH_COSTS_UNSEEN_MAX;
	read_list(get, root, "unseen", costs, read_unseen);
	get->list_max = MH_COST_CLASSES;
	read_list(get, root, "operations", costs, read_operations);
	get->list_max = MH_COSTS_SERIES_MAX;
	read_list(get, root, "series", costs, read_series);
	if (get->ret == 0 && mh_costs_operations(costs) != mh_json_get_u64(get, root, "samples"))
		mh_json_get_fail(get, "'samples' is not the number of its operations, %llu",
				 (unsigned long long)mh_costs_operations(costs));
	if (get->ret == 0 && !costs->series_count)
		mh_json_get_fail(get, "no part of any operation is recorded in it");
}

int mh_costs_read(const char *text, size_t length, const char *name, struct mh_costs *ret_costs,
		  struct mh_error *reterr)
{
	struct mh_json_get get = {.name = name, .list_max = MH_COSTS_SERIES_MAX, .reterr = reterr};
	struct mh_costs costs;
	json_t *root;

	if (length > MH_COSTS_SIZE_MAX)
		return mh_error_set(reterr, -EFBIG, "'%s' has %zu bytes, more than %u", name, length,
				    MH_COSTS_SIZE_MAX);
	if (mh_costs_init(&costs) < 0)
		get.ret = mh_error_set(reterr, -ENOMEM, "'%s': out of memory", name);
	root = get.ret < 0 ? NULL : mh_json_get_begin(&get, text, length, SCHEMA);
	if (root)
		read_root(&get, root, &costs);
	json_decref(root);
	if (get.ret < 0) {
		mh_costs_release(&costs);
		return get.ret;
	}
	*ret_costs = costs;
	return 0;
}

int mh_costs_load(const char *path, struct mh_costs *ret_costs, struct mh_error *reterr)
{
	char *text;
	size_t length;
	int ret = mh_file_read(path, MH_COSTS_SIZE_MAX, &text, &length, reterr);

	if (ret < 0)
		return ret;
	ret = mh_costs_read(text, length, path, ret_costs, reterr);
	free(text);
	return ret;
}
