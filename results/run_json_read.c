/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads run.json. What is read is not believed: lists and memory are bounded, and a histogram must agree with the
 * numbers that stand beside it (run_json_read_series.c).
 */
#include "results/run_json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/units.h"
#include "results/run_json_reading.h"

const char *mh_reading_text(struct mh_reading *reading, const json_t *object, const char *key)
{
	return mh_result_text(reading->result, mh_json_get_text(&reading->get, object, key));
}

const char *mh_reading_optional(struct mh_reading *reading, const json_t *object, const char *key)
{
	return mh_result_text(reading->result, mh_json_get_optional_text(&reading->get, object, key));
}

/* A text into a fixed place of @size bytes; absent is "". */
static void copy_into(struct mh_reading *reading, const json_t *object, const char *key, char *buffer, size_t size)
{
	const char *text = mh_json_get_optional_text(&reading->get, object, key);

	if (text && strlen(text) >= size)
		mh_json_get_fail(&reading->get, "'%s' has more than %zu bytes", key, size - 1);
	snprintf(buffer, size, "%s", text ? text : "");
}

static void read_identity(struct mh_reading *reading, const json_t *root)
{
	struct mh_result *result = reading->result;
	const json_t *cell = mh_json_get_object(&reading->get, root, "cell");
	json_t *parameters = mh_json_get_object(&reading->get, cell, "params"), *value;
	const char *name;

	copy_into(reading, root, "run_id", result->run_id, sizeof(result->run_id));
	result->suite = mh_reading_text(reading, root, "suite");
	result->cell = mh_reading_text(reading, cell, "id");
	if (json_object_size(parameters) > reading->get.list_max)
		mh_json_get_fail(&reading->get, "'params' has more than %zu items", reading->get.list_max);
	json_object_foreach(parameters, name, value)
	{
		if (reading->get.ret < 0)
			return;
		mh_result_add_parameter(result, name, mh_json_get_text(&reading->get, parameters, name));
	}
}

static void read_pair(struct mh_reading *reading, const json_t *root)
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
	pair->treatment = mh_reading_optional(reading, object, "treatment");
	memcpy(pair->order, orders[order], 3);
	pair->side = sides[side][0];
	pair->present = true;
}

static void read_program(struct mh_reading *reading, const json_t *root)
{
	struct mh_result *result = reading->result;
	struct mh_result_binary *binary = &result->binary;
	const json_t *object = mh_json_get_object(&reading->get, root, "binary");
	const char *seed = mh_json_get_text(&reading->get, root, "seed");

	copy_into(reading, root, "scenario_sha256", result->scenario_sha256, MH_SHA256_TEXT);
	copy_into(reading, root, "scenario_resolved_sha256", result->scenario_resolved_sha256, MH_SHA256_TEXT);
	binary->build_id = mh_reading_optional(reading, object, "build_id");
	binary->version = mh_reading_optional(reading, object, "version");
	binary->git = mh_reading_optional(reading, object, "git");
	binary->dirty = mh_json_get_optional_bool(&reading->get, object, "dirty", false);
	binary->compiler = mh_reading_optional(reading, object, "compiler");
	binary->cflags = mh_reading_optional(reading, object, "cflags");
	binary->sanitizer = mh_reading_optional(reading, object, "sanitizer");
	binary->hooks = mh_json_get_optional_bool(&reading->get, object, "hooks", true);
	if (reading->get.ret == 0 && mh_parse_unsigned(seed, &result->seed, NULL) < 0)
		mh_json_get_fail(&reading->get, "'seed' is '%.40s', no whole number", seed);
	result->mode = mh_reading_text(reading, root, "mode");
	result->emulated = mh_json_get_optional_bool(&reading->get, root, "emulated", false);
	result->times = mh_reading_text(reading, root, "times");
	result->time_scale = mh_json_get_optional_double(&reading->get, root, "time_scale", 1);
}

static void read_status(struct mh_reading *reading, const json_t *root)
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

static void read_load(const json_t *loads, const char *key, double load[3])
{
	const json_t *list = json_object_get(loads, key);

	for (unsigned i = 0; i < 3; i++) {
		const json_t *value = json_array_get(list, i);

		load[i] = json_is_number(value) ? json_number_value(value) : MH_LOAD_NOT_AVAILABLE;
	}
}

static int64_t read_available(struct mh_reading *reading, const json_t *object, const char *key)
{
	return mh_json_get_optional_i64(&reading->get, object, key, MH_NOT_AVAILABLE);
}

static void read_probe(struct mh_reading *reading, const json_t *probes, const char *key, struct mh_probes *ret_probes)
{
	const json_t *object = json_object_get(probes, key);

	if (!json_is_object(object))
		return;
	ret_probes->loop_ns = mh_json_get_optional_double(&reading->get, object, "loop_ns", 0);
	ret_probes->add_ns = mh_json_get_optional_double(&reading->get, object, "add_ns", 0);
	ret_probes->chase_ns = mh_json_get_optional_double(&reading->get, object, "chase_ns", 0);
}

static void read_environment(struct mh_reading *reading, const json_t *root)
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
	read_load(json_object_get(env, "load_avg"), "before", environment->load_avg_before);
	read_load(json_object_get(env, "load_avg"), "after", environment->load_avg_after);
	environment->steal_ns = read_available(reading, env, "steal_ns");
	environment->ctx_switches_vol = read_available(reading, switches, "vol");
	environment->ctx_switches_invol = read_available(reading, switches, "invol");
	environment->migrations = read_available(reading, env, "migrations");
	environment->throttle_count = read_available(reading, env, "throttle_count");
	read_probe(reading, json_object_get(env, "probes"), "before", &environment->probes_before);
	read_probe(reading, json_object_get(env, "probes"), "after", &environment->probes_after);
}

static void read_overheads(struct mh_reading *reading, const json_t *root)
{
	struct mh_result_overheads *overheads = &reading->result->overheads;
	const json_t *object = mh_json_get_object(&reading->get, root, "overheads");

	overheads->clock = mh_reading_optional(reading, object, "clock");
	overheads->clock_ns = mh_json_get_optional_double(&reading->get, object, "clock_ns", 0);
	overheads->recorder_ns = mh_json_get_optional_double(&reading->get, object, "recorder_ns", -1);
	overheads->clock_resolution_ns = mh_json_get_u64(&reading->get, object, "clock_resolution_ns");
	overheads->stamps = mh_reading_optional(reading, object, "stamps");
	overheads->sample = mh_json_get_optional_u64(&reading->get, object, "sample", 0);
	overheads->stamps_ns = mh_json_get_optional_double(&reading->get, object, "stamps_ns", -1);
}

/* A run.json without them is read, too. */
static void read_cpus(struct mh_reading *reading, const json_t *object, struct mh_result_workload *workload)
{
	json_t *cpus = json_object_get(object, "cpus"), *cpu;
	size_t i;

	json_array_foreach(cpus, i, cpu)(void) mh_result_add_cpu(
		reading->result, workload, json_is_integer(cpu) ? json_integer_value(cpu) : MH_NOT_AVAILABLE);
}

static void read_hw(struct mh_reading *reading, const json_t *object, struct mh_result_workload *workload)
{
	const json_t *map = json_object_get(object, "hw");

	workload->hw_asked = json_is_object(map);
	for (int i = 0; workload->hw_asked && i < MH_HW_COUNTERS; i++)
		workload->hw[i] = read_available(reading, map, mh_hw_names[i]);
}

static void read_workload(struct mh_reading *reading, const json_t *object, struct mh_result_phase *phase)
{
	struct mh_result_workload *workload = mh_result_add_workload(reading->result, phase);
	const json_t *ops = mh_json_get_object(&reading->get, object, "ops");

	if (!workload)
		return;
	workload->name = mh_reading_text(reading, object, "name");
	workload->kind = mh_reading_text(reading, object, "kind");
	workload->threads = mh_json_get_optional_u64(&reading->get, object, "threads", 0);
	workload->threads_ns = read_available(reading, object, "threads_ns");
	read_cpus(reading, object, workload);
	read_hw(reading, object, workload);
	workload->target_rate = mh_json_get_optional_double(&reading->get, object, "target_rate", 0);
	workload->achieved_rate = mh_json_get_optional_double(&reading->get, object, "achieved_rate", 0);
	workload->dropped = mh_json_get_u64(&reading->get, object, "dropped");
	workload->lag_p99_ns = mh_json_get_optional_double(&reading->get, object, "lag_p99_ns", 0);
	workload->already = mh_json_get_optional_u64(&reading->get, object, "already", 0);
	workload->ops = (struct mh_result_ops){
		.ok = mh_json_get_u64(&reading->get, ops, "ok"),
		.fail = mh_json_get_u64(&reading->get, ops, "fail"),
		.expected_fail = mh_json_get_u64(&reading->get, ops, "expected_fail"),
		.unexpected = mh_json_get_u64(&reading->get, ops, "unexpected"),
	};
}

static void read_phases(struct mh_reading *reading, const json_t *root)
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
		phase->name = mh_reading_text(reading, object, "name");
		phase->role = mh_reading_text(reading, object, "role");
		phase->t0_ns = mh_json_get_u64(&reading->get, object, "t0_ns");
		phase->t1_ns = mh_json_get_u64(&reading->get, object, "t1_ns");
		phase->recovery_ns = read_available(reading, object, "recovery_ns");
		json_array_foreach(workloads, j, item) read_workload(reading, item, phase);
	}
	reading->get.place[0] = '\0';
}

/* Only a run that counted them has any. */
static void read_sites(struct mh_reading *reading, const json_t *object, struct mh_result_fault *fault)
{
	json_t *sites = json_object_get(object, "sites"), *item;
	size_t i;

	json_array_foreach(sites, i, item)
	{
		struct mh_result_site *site = mh_result_add_site(reading->result, fault);

		if (!site)
			return;
		site->event = mh_reading_text(reading, item, "event");
		site->listener = mh_reading_text(reading, item, "listener");
		site->evaluated = mh_json_get_u64(&reading->get, item, "evaluated");
	}
}

static void read_counts(struct mh_reading *reading, const json_t *root)
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
		fault->id = mh_reading_text(reading, object, "id");
		fault->kind = mh_reading_optional(reading, object, "kind");
		fault->armed = mh_json_get_u64(&reading->get, object, "armed");
		fault->evaluated = mh_json_get_u64(&reading->get, object, "evaluated");
		fault->fired = mh_json_get_u64(&reading->get, object, "fired");
		read_sites(reading, object, fault);
	}
	reading->get.place[0] = '\0';
}

static void read_verify(struct mh_reading *reading, const json_t *root)
{
	struct mh_result_verify *verify = &reading->result->verify;
	const json_t *object = mh_json_get_object(&reading->get, root, "verify");
	json_t *expected = mh_json_get_list(&reading->get, object, "expected");
	json_t *violations = mh_json_get_list(&reading->get, object, "violations"), *item;
	size_t i;

	verify->level = mh_reading_optional(reading, object, "level");
	verify->checked = mh_json_get_u64(&reading->get, object, "checked");
	verify->violation_count =
		mh_json_get_optional_u64(&reading->get, object, "violation_count", json_array_size(violations));
	json_array_foreach(expected, i, item)
	{
		struct mh_result_expected *one = mh_result_add_expected(reading->result);

		if (!one)
			return;
		one->invariant = mh_reading_text(reading, item, "invariant");
		one->fault = mh_reading_text(reading, item, "fault");
		one->count = mh_json_get_u64(&reading->get, item, "count");
	}
	json_array_foreach(violations, i, item)
	{
		struct mh_result_violation *one = mh_result_add_violation(reading->result);

		if (!one)
			return;
		one->invariant = mh_reading_text(reading, item, "invariant");
		one->seq = mh_json_get_u64(&reading->get, item, "seq");
		one->detail = mh_reading_text(reading, item, "detail");
	}
}

static void read_all(struct mh_reading *reading, const json_t *root)
{
	read_identity(reading, root);
	read_pair(reading, root);
	read_program(reading, root);
	read_status(reading, root);
	read_environment(reading, root);
	read_overheads(reading, root);
	read_phases(reading, root);
	mh_run_json_read_series(reading, root);
	mh_run_json_read_counts(reading, root);
	read_counts(reading, root);
	read_verify(reading, root);
	mh_run_json_read_slos(reading, root);
	mh_run_json_read_exemplars(reading, root);
}

int mh_run_json_read(const char *text, size_t length, const char *name, struct mh_result *ret_result,
		     struct mh_error *reterr)
{
	struct mh_result result;
	struct mh_reading reading = {
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
