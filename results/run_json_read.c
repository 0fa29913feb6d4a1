/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads run.json. What is read is not believed: lists and memory are bounded, and a histogram must agree with the
 * numbers that stand beside it. min, max and sum come from those numbers, because the encoding rounds them to buckets.
 */
#include "results/run_json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/units.h"
#include "results/encode.h"
#include "results/json_get.h"
#include "results/tag.h"

/* What a part reads from and into. */
struct reading {
	struct mh_json_get get;
	struct mh_result *result;
	size_t counts_bytes; /* of all histograms so far */
};

static const char *copy_text(struct reading *reading, const json_t *object, const char *key)
{
	return mh_result_text(reading->result, mh_json_get_text(&reading->get, object, key));
}

static const char *copy_optional(struct reading *reading, const json_t *object, const char *key)
{
	return mh_result_text(reading->result, mh_json_get_optional_text(&reading->get, object, key));
}

/* A text into a fixed place of @size bytes; absent is "". */
static void copy_into(struct reading *reading, const json_t *object, const char *key, char *buffer, size_t size)
{
	const char *text = mh_json_get_optional_text(&reading->get, object, key);

	if (text && strlen(text) >= size)
		mh_json_get_fail(&reading->get, "'%s' has more than %zu bytes", key, size - 1);
	snprintf(buffer, size, "%s", text ? text : "");
}

static void read_identity(struct reading *reading, const json_t *root)
{
	struct mh_result *result = reading->result;
	const json_t *cell = mh_json_get_object(&reading->get, root, "cell");
	json_t *parameters = mh_json_get_object(&reading->get, cell, "params"), *value;
	const char *name;

	copy_into(reading, root, "run_id", result->run_id, sizeof(result->run_id));
	result->suite = copy_text(reading, root, "suite");
	result->cell = copy_text(reading, cell, "id");
	if (json_object_size(parameters) > reading->get.list_max)
		mh_json_get_fail(&reading->get, "'params' has more than %zu items", reading->get.list_max);
	json_object_foreach(parameters, name, value)
	{
		if (reading->get.ret < 0)
			return;
		mh_result_add_parameter(result, name, mh_json_get_text(&reading->get, parameters, name));
	}
}

static void read_pair(struct reading *reading, const json_t *root)
{
	static const char *const orders[] = {"AB", "BA"}, *const sides[] = {"A", "B"};
	struct mh_result_pair *pair = &reading->result->pair;
	const json_t *object = json_object_get(root, "pair");

	if (!object || json_is_null(object) || reading->get.ret < 0)
		return;
	pair->index = mh_json_get_u64(&reading->get, object, "index");
	int order = mh_json_get_word(&reading->get, object, "order", orders, 2);
	int side = mh_json_get_word(&reading->get, object, "side", sides, 2);

	if (reading->get.ret < 0)
		return;
	memcpy(pair->order, orders[order], 3);
	pair->side = sides[side][0];
	pair->present = true;
}

static void read_program(struct reading *reading, const json_t *root)
{
	struct mh_result *result = reading->result;
	struct mh_result_binary *binary = &result->binary;
	const json_t *object = mh_json_get_object(&reading->get, root, "binary");
	const char *seed = mh_json_get_text(&reading->get, root, "seed");

	copy_into(reading, root, "scenario_sha256", result->scenario_sha256, MH_SHA256_TEXT);
	copy_into(reading, root, "scenario_resolved_sha256", result->scenario_resolved_sha256, MH_SHA256_TEXT);
	binary->build_id = copy_optional(reading, object, "build_id");
	binary->version = copy_optional(reading, object, "version");
	binary->git = copy_optional(reading, object, "git");
	binary->dirty = mh_json_get_optional_bool(&reading->get, object, "dirty", false);
	binary->compiler = copy_optional(reading, object, "compiler");
	binary->cflags = copy_optional(reading, object, "cflags");
	binary->sanitizer = copy_optional(reading, object, "sanitizer");
	if (reading->get.ret == 0 && mh_parse_unsigned(seed, &result->seed, NULL) < 0)
		mh_json_get_fail(&reading->get, "'seed' is '%.40s', no whole number", seed);
	result->mode = copy_text(reading, root, "mode");
	result->emulated = mh_json_get_optional_bool(&reading->get, root, "emulated", false);
	result->times = copy_text(reading, root, "times");
	result->time_scale = mh_json_get_optional_double(&reading->get, root, "time_scale", 1);
}

static void read_status(struct reading *reading, const json_t *root)
{
	struct mh_result *result = reading->result;
	struct mh_json_get *get = &reading->get;
	int status = mh_json_get_word(get, root, "status", mh_run_status_names, MH_RUN_STATUSES);
	json_t *reasons = mh_json_get_list(get, root, "status_reasons");
	json_t *warnings = json_object_get(root, "warnings");
	json_t *text;
	size_t i;

	result->status = status < 0 ? MH_RUN_ABORTED : (enum mh_run_status)status;
	json_array_foreach(reasons, i, text) if (json_is_string(text))
		mh_result_add_status_reason(result, "%s", json_string_value(text));
	if (json_array_size(warnings) > get->list_max)
		mh_json_get_fail(get, "'warnings' has more than %zu items", get->list_max);
	else
		json_array_foreach(warnings, i, text) if (json_is_string(text))
			mh_result_add_warning(result, "%s", json_string_value(text));
	result->oversubscribed = mh_json_get_optional_bool(get, root, "oversubscribed", false);
	result->start_unix_ns = mh_json_get_u64(get, root, "start_unix_ns");
	result->duration_ns = mh_json_get_u64(get, root, "duration_ns");
}

static void read_load(struct reading *reading, const json_t *env, const char *key, double load[3])
{
	static const char *const minutes[] = {"1", "5", "15"};
	const json_t *loads = json_object_get(env, key);

	for (unsigned i = 0; i < 3; i++)
		load[i] = mh_json_get_optional_double(&reading->get, loads, minutes[i], MH_LOAD_NOT_AVAILABLE);
}

static int64_t read_available(struct reading *reading, const json_t *object, const char *key)
{
	return mh_json_get_optional_i64(&reading->get, object, key, MH_NOT_AVAILABLE);
}

static void read_environment(struct reading *reading, const json_t *root)
{
	struct mh_environment *environment = &reading->result->environment;
	const json_t *env = mh_json_get_object(&reading->get, root, "env");
	const json_t *switches = json_object_get(env, "ctx_switches");
	const size_t size = MH_ENVIRONMENT_TEXT;

	copy_into(reading, env, "host", environment->host, size);
	copy_into(reading, env, "kernel", environment->kernel, size);
	copy_into(reading, env, "cpu_model", environment->cpu_model, size);
	environment->nproc = read_available(reading, env, "nproc");
	copy_into(reading, env, "smt", environment->smt, size);
	copy_into(reading, env, "governor", environment->governor, size);
	copy_into(reading, env, "turbo", environment->turbo, size);
	environment->aslr = read_available(reading, env, "aslr");
	copy_into(reading, env, "container", environment->container, size);
	copy_into(reading, env, "cgroup_cpu_max", environment->cgroup_cpu_max, size);
	environment->numa_nodes = read_available(reading, env, "numa_nodes");
	environment->memory_bytes = read_available(reading, env, "memory_bytes");
	copy_into(reading, env, "clocksource", environment->clocksource, size);
	copy_into(reading, env, "hugepages", environment->hugepages, size);
	read_load(reading, env, "load_avg_before", environment->load_avg_before);
	read_load(reading, env, "load_avg_after", environment->load_avg_after);
	environment->steal_ns = read_available(reading, env, "steal_ns");
	environment->ctx_switches_vol = read_available(reading, switches, "vol");
	environment->ctx_switches_invol = read_available(reading, switches, "invol");
	environment->migrations = read_available(reading, env, "migrations");
	environment->throttle_count = read_available(reading, env, "throttle_count");
}

static void read_overheads(struct reading *reading, const json_t *root)
{
	struct mh_result_overheads *overheads = &reading->result->overheads;
	const json_t *object = mh_json_get_object(&reading->get, root, "overheads");

	overheads->clock = copy_optional(reading, object, "clock");
	overheads->clock_ns = mh_json_get_optional_double(&reading->get, object, "clock_ns", 0);
	overheads->recorder_ns = mh_json_get_optional_double(&reading->get, object, "recorder_ns", -1);
	overheads->clock_resolution_ns = mh_json_get_u64(&reading->get, object, "clock_resolution_ns");
}

static void read_workload(struct reading *reading, const json_t *object, struct mh_result_phase *phase)
{
	struct mh_result_workload *workload = mh_result_add_workload(reading->result, phase);
	const json_t *ops = mh_json_get_object(&reading->get, object, "ops");

	if (!workload)
		return;
	workload->name = copy_text(reading, object, "name");
	workload->kind = copy_text(reading, object, "kind");
	workload->threads = mh_json_get_optional_u64(&reading->get, object, "threads", 0);
	workload->target_rate = mh_json_get_optional_double(&reading->get, object, "target_rate", 0);
	workload->achieved_rate = mh_json_get_optional_double(&reading->get, object, "achieved_rate", 0);
	workload->dropped = mh_json_get_u64(&reading->get, object, "dropped");
	workload->lag_p99_ns = mh_json_get_optional_double(&reading->get, object, "lag_p99_ns", 0);
	workload->ops = (struct mh_result_ops){
		.ok = mh_json_get_u64(&reading->get, ops, "ok"),
		.fail = mh_json_get_u64(&reading->get, ops, "fail"),
		.expected_fail = mh_json_get_u64(&reading->get, ops, "expected_fail"),
		.unexpected = mh_json_get_u64(&reading->get, ops, "unexpected"),
	};
}

static void read_phases(struct reading *reading, const json_t *root)
{
	json_t *list = mh_json_get_list(&reading->get, root, "phases"), *object, *item;
	size_t i, j;

	json_array_foreach(list, i, object)
	{
		mh_json_get_place(&reading->get, "phases", i);
		struct mh_result_phase *phase = mh_result_add_phase(reading->result);
		json_t *workloads = mh_json_get_list(&reading->get, object, "workloads");

		if (!phase || reading->get.ret < 0)
			return;
		phase->name = copy_text(reading, object, "name");
		phase->role = copy_text(reading, object, "role");
		phase->t0_ns = mh_json_get_u64(&reading->get, object, "t0_ns");
		phase->t1_ns = mh_json_get_u64(&reading->get, object, "t1_ns");
		phase->recovery_ns = read_available(reading, object, "recovery_ns");
		json_array_foreach(workloads, j, item) read_workload(reading, item, phase);
	}
	reading->get.place[0] = '\0';
}

/* A sum of up to 128 bits in decimal digits. */
static int parse_sum(const char *digits, mh_uint128 *ret_sum)
{
	mh_uint128 sum = 0;

	if (!*digits)
		return -EINVAL;
	for (; *digits; digits++) {
		unsigned digit = (unsigned)(*digits - '0');

		if (digit > 9 || __builtin_mul_overflow(sum, (mh_uint128)10, &sum) ||
		    __builtin_add_overflow(sum, (mh_uint128)digit, &sum))
			return -EINVAL;
	}
	*ret_sum = sum;
	return 0;
}

static mh_uint128 read_sum(struct reading *reading, const json_t *object)
{
	const char *digits = mh_json_get_optional_text(&reading->get, object, "sum_s");
	mh_uint128 sum = 0;

	if (!digits)
		return mh_json_get_u64(&reading->get, object, "sum");
	if (parse_sum(digits, &sum) < 0)
		mh_json_get_fail(&reading->get, "'sum_s' is '%.50s', no whole number", digits);
	return sum;
}

/* Puts the exact numbers of the document in the place of what the encoding has rounded. */
static void refine(struct reading *reading, const json_t *object, struct mh_histogram *histogram)
{
	struct mh_json_get *get = &reading->get;
	uint64_t count = mh_json_get_u64(get, object, "count");
	uint64_t overflow = mh_json_get_u64(get, object, "overflow");
	uint64_t min = mh_json_get_optional_u64(get, object, "min", UINT64_MAX);
	uint64_t max = mh_json_get_optional_u64(get, object, "max", 0);
	uint64_t encoded = histogram->count;
	mh_uint128 sum = read_sum(reading, object);

	if (get->ret < 0)
		return;
	if (histogram->overflow || count < overflow || count - overflow != encoded) {
		mh_json_get_fail(
			get, "'count' %" PRIu64 " without 'overflow' %" PRIu64 " is not what 'hist' holds: %" PRIu64,
			count, overflow, encoded);
		return;
	}
	/* Within the bucket that was read, so that no bucket with values falls out of min … max. */
	if ((count && min > max) ||
	    (encoded && (min > histogram->highest ||
			 mh_histogram_index(histogram, min) != mh_histogram_index(histogram, histogram->min))) ||
	    (overflow ? max <= histogram->highest
		      : encoded &&
				(max > histogram->highest || mh_histogram_index(histogram, max) !=
								     mh_histogram_index(histogram, histogram->max)))) {
		mh_json_get_fail(get, "'min' and 'max' are not where 'hist' has its first and last value");
		return;
	}
	histogram->count = count;
	histogram->overflow = overflow;
	histogram->min = min;
	histogram->max = max;
	histogram->sum_low = (uint64_t)sum;
	histogram->sum_high = (uint64_t)(sum >> 64);
}

static void read_one_series(struct reading *reading, const json_t *object)
{
	struct mh_json_get *get = &reading->get;
	const char *tag = mh_json_get_text(get, object, "tag"), *hist = mh_json_get_text(get, object, "hist");
	struct mh_histogram histogram;
	struct mh_error why;

	if (get->ret < 0)
		return;
	if (mh_histogram_decode(hist, strlen(hist), &histogram, &why) < 0) {
		mh_json_get_fail(get, "%s", why.text);
		return;
	}
	reading->counts_bytes += histogram.counts_length * sizeof(uint64_t);
	if (reading->counts_bytes > MH_RUN_JSON_COUNTS_MAX)
		mh_json_get_fail(get, "all histograms together need more than %u bytes", MH_RUN_JSON_COUNTS_MAX);
	refine(reading, object, &histogram);
	if (get->ret == 0) {
		int ret = mh_result_add_series(reading->result, tag, &histogram);

		if (ret == -EINVAL || ret == -EEXIST)
			mh_json_get_fail(get, "'tag' is '%.200s', which is %s", tag,
					 ret == -EEXIST ? "there twice" : "no name of a series");
	}
	mh_histogram_release(&histogram);
}

static void read_series(struct reading *reading, const json_t *root)
{
	json_t *list = mh_json_get_list(&reading->get, root, "series"), *object;
	size_t i;

	json_array_foreach(list, i, object)
	{
		mh_json_get_place(&reading->get, "series", i);
		read_one_series(reading, object);
	}
	reading->get.place[0] = '\0';
}

static void read_counts(struct reading *reading, const json_t *root)
{
	json_t *counters = mh_json_get_object(&reading->get, root, "counters");
	json_t *list = mh_json_get_list(&reading->get, root, "faults"), *object, *value;
	const char *name;
	size_t i;

	if (json_object_size(counters) > reading->get.list_max)
		mh_json_get_fail(&reading->get, "'counters' has more than %zu items", reading->get.list_max);
	json_object_foreach(counters, name, value)
	{
		size_t length = strlen(name);

		if (reading->get.ret == 0 && json_is_integer(value) &&
		    !(length > 2 && strcmp(name + length - 2, "_s") == 0))
			mh_result_add_counter(reading->result, name, mh_json_get_u64(&reading->get, counters, name));
	}
	json_array_foreach(list, i, object)
	{
		struct mh_result_fault *fault = mh_result_add_fault(reading->result);

		mh_json_get_place(&reading->get, "faults", i);
		if (!fault)
			return;
		fault->id = copy_text(reading, object, "id");
		fault->kind = copy_optional(reading, object, "kind");
		fault->armed = mh_json_get_u64(&reading->get, object, "armed");
		fault->evaluated = mh_json_get_u64(&reading->get, object, "evaluated");
		fault->fired = mh_json_get_u64(&reading->get, object, "fired");
	}
	reading->get.place[0] = '\0';
}

static void read_verify(struct reading *reading, const json_t *root)
{
	struct mh_result_verify *verify = &reading->result->verify;
	const json_t *object = mh_json_get_object(&reading->get, root, "verify");
	json_t *expected = mh_json_get_list(&reading->get, object, "expected");
	json_t *violations = mh_json_get_list(&reading->get, object, "violations"), *item;
	size_t i;

	verify->level = copy_optional(reading, object, "level");
	verify->checked = mh_json_get_u64(&reading->get, object, "checked");
	verify->violation_count =
		mh_json_get_optional_u64(&reading->get, object, "violation_count", json_array_size(violations));
	json_array_foreach(expected, i, item)
	{
		struct mh_result_expected *one = mh_result_add_expected(reading->result);

		if (!one)
			return;
		one->invariant = copy_text(reading, item, "invariant");
		one->fault = copy_text(reading, item, "fault");
		one->count = mh_json_get_u64(&reading->get, item, "count");
	}
	json_array_foreach(violations, i, item)
	{
		struct mh_result_violation *one = mh_result_add_violation(reading->result);

		if (!one)
			return;
		one->invariant = copy_text(reading, item, "invariant");
		one->seq = mh_json_get_u64(&reading->get, item, "seq");
		one->detail = copy_text(reading, item, "detail");
	}
}

static void read_slos(struct reading *reading, const json_t *root)
{
	json_t *list = mh_json_get_list(&reading->get, root, "slo"), *object;
	size_t i;

	json_array_foreach(list, i, object)
	{
		struct mh_result_slo *slo = mh_result_add_slo(reading->result);

		mh_json_get_place(&reading->get, "slo", i);
		if (!slo)
			return;
		slo->expr = copy_text(reading, object, "expr");
		slo->has_value = json_is_number(json_object_get(object, "value"));
		slo->value = mh_json_get_optional_double(&reading->get, object, "value", 0);
		slo->limit = mh_json_get_optional_double(&reading->get, object, "limit", 0);
		slo->unit = copy_optional(reading, object, "unit");
		slo->ok = mh_json_get_optional_bool(&reading->get, object, "ok", false);
		slo->require = mh_json_get_optional_bool(&reading->get, object, "require", false);
		slo->reason = copy_optional(reading, object, "reason");
	}
	reading->get.place[0] = '\0';
}

static void read_exemplar(struct reading *reading, const json_t *object)
{
	struct mh_result_exemplar *exemplar = mh_result_add_exemplar(reading->result);
	json_t *steps = mh_json_get_list(&reading->get, object, "steps"), *item;
	size_t i;

	if (!exemplar)
		return;
	exemplar->phase = copy_optional(reading, object, "phase");
	exemplar->workload = copy_optional(reading, object, "workload");
	exemplar->operation = copy_optional(reading, object, "operation");
	exemplar->worker = mh_json_get_optional_u64(&reading->get, object, "worker", 0);
	exemplar->seq = mh_json_get_optional_u64(&reading->get, object, "seq", 0);
	exemplar->block = mh_json_get_optional_u64(&reading->get, object, "block", UINT64_MAX);
	exemplar->start_ns = mh_json_get_optional_u64(&reading->get, object, "start_ns", 0);
	exemplar->wait_ns = mh_json_get_optional_u64(&reading->get, object, "wait_ns", 0);
	exemplar->service_ns = mh_json_get_optional_u64(&reading->get, object, "service_ns", 0);
	exemplar->response_ns = mh_json_get_optional_u64(&reading->get, object, "response_ns", 0);
	exemplar->result = mh_json_get_optional_i64(&reading->get, object, "result", 0);
	json_array_foreach(steps, i, item)
	{
		struct mh_result_step *step = mh_result_add_step(reading->result, exemplar);

		if (!step)
			return;
		step->name = copy_text(reading, item, "name");
		step->begin_ns = mh_json_get_u64(&reading->get, item, "begin_ns");
		step->end_ns = mh_json_get_u64(&reading->get, item, "end_ns");
	}
}

static void read_exemplars(struct reading *reading, const json_t *root)
{
	json_t *list = mh_json_get_list(&reading->get, root, "exemplars"), *object;
	size_t i;

	json_array_foreach(list, i, object)
	{
		mh_json_get_place(&reading->get, "exemplars", i);
		read_exemplar(reading, object);
	}
	reading->get.place[0] = '\0';
	reading->result->repro = copy_optional(reading, root, "repro");
}

static void read_all(struct reading *reading, const json_t *root)
{
	read_identity(reading, root);
	read_pair(reading, root);
	read_program(reading, root);
	read_status(reading, root);
	read_environment(reading, root);
	read_overheads(reading, root);
	read_phases(reading, root);
	read_series(reading, root);
	read_counts(reading, root);
	read_verify(reading, root);
	read_slos(reading, root);
	read_exemplars(reading, root);
}

int mh_run_json_read(const char *text, size_t length, const char *name, struct mh_result *ret_result,
		     struct mh_error *reterr)
{
	struct mh_result result;
	struct reading reading = {
		.get = {.name = name, .list_max = MH_RUN_JSON_LIST_MAX, .reterr = reterr},
		.result = &result,
	};
	json_t *root = mh_json_get_begin(&reading.get, text, length, "memhp-bench/run");

	if (!root)
		return reading.get.ret;
	mh_result_init(&result);
	read_all(&reading, root);
	json_decref(root);
	if (result.failed && reading.get.ret == 0)
		reading.get.ret = mh_error_set(reterr, -ENOMEM, "no memory to read '%s'", name);
	if (reading.get.ret < 0)
		mh_result_release(&result);
	else
		*ret_result = result;
	return reading.get.ret;
}

int mh_run_json_load(const char *path, struct mh_result *ret_result, struct mh_error *reterr)
{
	char *text;
	size_t length;
	int ret = mh_file_read(path, MH_RUN_JSON_SIZE_MAX, &text, &length, reterr);

	if (ret < 0)
		return ret;
	ret = mh_run_json_read(text, length, path, ret_result, reterr);
	free(text);
	return ret;
}
