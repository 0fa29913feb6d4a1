/* SPDX-License-Identifier: GPL-2.0-or-later */
/* calibration.json, schema memhp-bench/calibration: a calibration as a JSON document and back. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "results/calibration.h"
#include "results/json_get.h"
#include "results/json_put.h"

#define SCHEMA "memhp-bench/calibration"

static void put_metric(struct mh_json_put *put, json_t *list, const struct mh_calibration_metric *metric)
{
	json_t *object = mh_json_add_object(put, list);

	mh_json_put_text(put, object, "cell", metric->cell);
	mh_json_put_text(put, object, "metric", metric->metric);
	mh_json_put_double(put, object, "deviation", metric->deviation);
	mh_json_put_double(put, object, "reference", metric->reference);
	mh_json_put_double(put, object, "tolerance", metric->tolerance);
	mh_json_put_double(put, object, "detectable", metric->detectable);
	mh_json_put_u64(put, object, "pairs_recommended", metric->pairs_recommended);
}

static void put_probe(struct mh_json_put *put, json_t *list, const struct mh_calibration_probe *probe)
{
	json_t *object = mh_json_add_object(put, list);

	mh_json_put_text(put, object, "name", probe->name);
	mh_json_put_double(put, object, "centre", probe->centre);
	mh_json_put_double(put, object, "low", probe->low);
	mh_json_put_double(put, object, "high", probe->high);
}

int mh_calibration_write(const struct mh_calibration *calibration, struct mh_text *text, struct mh_error *reterr)
{
	struct mh_json_put put = {0};
	json_t *root = json_object(), *list;

	mh_json_put_text(&put, root, "schema", SCHEMA);
	mh_json_put_u64(&put, root, "schema_version", 1);
	mh_json_put_text(&put, root, "scenario", calibration->scenario);
	mh_json_put_text(&put, root, "scenario_resolved_sha256", calibration->scenario_sha256);
	mh_json_put_text(&put, root, "env_fingerprint", calibration->fingerprint);
	mh_json_put_u64(&put, root, "start_unix_ns", calibration->start_unix_ns);
	mh_json_put_u64(&put, root, "pairs_measured", calibration->pairs_measured);
	mh_json_put_u64(&put, root, "pairs", calibration->pairs);
	mh_json_put_u64(&put, root, "decisions", calibration->decisions);
	mh_json_put_double(&put, root, "failure_chance", calibration->failure_chance);
	list = mh_json_put_list(&put, root, "metrics");
	for (size_t i = 0; i < calibration->metric_count; i++)
		put_metric(&put, list, &calibration->metrics[i]);
	list = mh_json_put_list(&put, root, "probes");
	for (size_t i = 0; i < calibration->probe_count; i++)
		put_probe(&put, list, &calibration->probes[i]);
	return mh_json_finish(&put, root, text, reterr);
}

int mh_calibration_save(const struct mh_calibration *calibration, const char *path, struct mh_error *reterr)
{
	struct mh_text text = MH_TEXT_INIT;
	int ret = mh_calibration_write(calibration, &text, reterr);

	if (ret == 0)
		ret = mh_file_write(path, text.data, text.length, reterr);
	mh_text_release(&text);
	return ret;
}

/* A text of the document that has room in a struct. */
static void get_name(struct mh_json_get *get, const json_t *object, const char *key, char *ret_name, size_t size)
{
	const char *text = mh_json_get_text(get, object, key);

	if (strlen(text) >= size)
		mh_json_get_fail(get, "'%s' has %zu bytes, more than %zu", key, strlen(text), size - 1);
	else
		snprintf(ret_name, size, "%s", text);
}

/* Hexadecimal digits, or none. */
static void get_sha256(struct mh_json_get *get, const json_t *object, const char *key, char ret_hex[MH_SHA256_TEXT])
{
	get_name(get, object, key, ret_hex, MH_SHA256_TEXT);
	size_t length = strlen(ret_hex);

	if (get->ret == 0 &&
	    ((length != 0 && length != MH_SHA256_TEXT - 1) || strspn(ret_hex, "0123456789abcdef") != length))
		mh_json_get_fail(get, "'%s' is no SHA-256 in hexadecimal digits", key);
}

/* A number from 0 on, or NAN where there is none. */
static double get_positive(struct mh_json_get *get, const json_t *object, const char *key)
{
	double value = mh_json_get_optional_double(get, object, key, NAN);

	if (value < 0)
		mh_json_get_fail(get, "'%s' is %g, and cannot be negative", key, value);
	return value;
}

static void read_metric(struct mh_json_get *get, const json_t *object, struct mh_calibration *calibration)
{
	char cell[MH_CALIBRATION_NAME] = "", name[MH_CALIBRATION_NAME] = "";

	get_name(get, object, "cell", cell, sizeof(cell));
	get_name(get, object, "metric", name, sizeof(name));
	if (get->ret < 0)
		return;
	if (mh_calibration_find_metric(calibration, cell, name)) {
		mh_json_get_fail(get, "'%.100s' of cell '%.100s' stands twice", name, cell);
		return;
	}
	struct mh_calibration_metric *metric = mh_calibration_add_metric(calibration, cell, name);

	if (!metric) {
		get->ret = mh_error_set(get->reterr, -ENOMEM, "'%s': out of memory", get->name);
		return;
	}
	metric->deviation = get_positive(get, object, "deviation");
	metric->reference = get_positive(get, object, "reference");
	metric->tolerance = get_positive(get, object, "tolerance");
	metric->detectable = get_positive(get, object, "detectable");
	metric->pairs_recommended = mh_json_get_optional_u64(get, object, "pairs_recommended", 0);
}

static void read_probe(struct mh_json_get *get, const json_t *object, struct mh_calibration *calibration)
{
	char name[MH_CALIBRATION_NAME] = "";

	get_name(get, object, "name", name, sizeof(name));
	if (get->ret < 0)
		return;
	if (mh_calibration_find_probe(calibration, name)) {
		mh_json_get_fail(get, "probe '%.100s' stands twice", name);
		return;
	}
	struct mh_calibration_probe *probe = mh_calibration_add_probe(calibration, name);

	if (!probe) {
		get->ret = mh_error_set(get->reterr, -ENOMEM, "'%s': out of memory", get->name);
		return;
	}
	probe->centre = get_positive(get, object, "centre");
	probe->low = get_positive(get, object, "low");
	probe->high = get_positive(get, object, "high");
	/* A band of which an end is missing would hold nothing, or everything. */
	if (get->ret == 0 && !(probe->low <= probe->centre && probe->centre <= probe->high))
		mh_json_get_fail(get, "the band of '%.100s' does not hold its centre", name);
}

static void read_list(struct mh_json_get *get, const json_t *root, const char *key, struct mh_calibration *calibration,
		      void (*read)(struct mh_json_get *get, const json_t *object, struct mh_calibration *calibration))
{
	json_t *list = mh_json_get_list(get, root, key), *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		if (get->ret < 0)
			break;
		mh_json_get_place(get, key, i);
		read(get, item, calibration);
	}
	get->place[0] = '\0';
}

static void read_root(struct mh_json_get *get, const json_t *root, struct mh_calibration *calibration)
{
	get_name(get, root, "scenario", calibration->scenario, sizeof(calibration->scenario));
	get_sha256(get, root, "scenario_resolved_sha256", calibration->scenario_sha256);
	get_sha256(get, root, "env_fingerprint", calibration->fingerprint);
	calibration->start_unix_ns = mh_json_get_optional_u64(get, root, "start_unix_ns", 0);
	calibration->pairs_measured = mh_json_get_u64(get, root, "pairs_measured");
	calibration->pairs = mh_json_get_u64(get, root, "pairs");
	calibration->decisions = mh_json_get_optional_u64(get, root, "decisions", 0);
	calibration->failure_chance = get_positive(get, root, "failure_chance");
	if (calibration->failure_chance > 1)
		mh_json_get_fail(get, "'failure_chance' is %g, more than 1", calibration->failure_chance);
	get->list_max = MH_CALIBRATION_METRICS_MAX;
	read_list(get, root, "metrics", calibration, read_metric);
	get->list_max = MH_CALIBRATION_PROBES_MAX;
	read_list(get, root, "probes", calibration, read_probe);
}

int mh_calibration_read(const char *text, size_t length, const char *name, struct mh_calibration *ret_calibration,
			struct mh_error *reterr)
{
	struct mh_json_get get = {.name = name, .list_max = MH_CALIBRATION_METRICS_MAX, .reterr = reterr};
	struct mh_calibration calibration = {0};
	json_t *root;

	if (length > MH_CALIBRATION_SIZE_MAX)
		return mh_error_set(reterr, -EFBIG, "'%s' has %zu bytes, more than %u", name, length,
				    MH_CALIBRATION_SIZE_MAX);
	root = mh_json_get_begin(&get, text, length, SCHEMA);
	if (root)
		read_root(&get, root, &calibration);
	json_decref(root);
	if (get.ret < 0) {
		mh_calibration_release(&calibration);
		return get.ret;
	}
	*ret_calibration = calibration;
	return 0;
}

int mh_calibration_load(const char *path, struct mh_calibration *ret_calibration, struct mh_error *reterr)
{
	char *text;
	size_t length;
	int ret = mh_file_read(path, MH_CALIBRATION_SIZE_MAX, &text, &length, reterr);

	if (ret < 0)
		return ret;
	ret = mh_calibration_read(text, length, path, ret_calibration, reterr);
	free(text);
	return ret;
}
