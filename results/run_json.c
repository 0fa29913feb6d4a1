/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes run.json. One function a part of the document, in the order in which the parts stand in it. */
#include "results/run_json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/io.h"
#include "results/encode.h"
#include "results/exemplars_json.h"
#include "results/json_put.h"
#include "results/limit.h"

static void put_identity(struct mh_json_put *put, json_t *root, const struct mh_result *result)
{
	mh_json_put_text(put, root, "schema", "memhp-bench/run");
	mh_json_put_u64(put, root, "schema_version", 1);
	mh_json_put_text(put, root, "run_id", result->run_id);
	mh_json_put_text(put, root, "suite", result->suite);
	json_t *cell = mh_json_put_object(put, root, "cell");

	mh_json_put_text(put, cell, "id", result->cell);
	json_t *parameters = mh_json_put_object(put, cell, "params");

	for (size_t i = 0; i < result->parameter_count; i++)
		mh_json_put_text(put, parameters, result->parameters[i].name, result->parameters[i].value);
}

static void put_pair(struct mh_json_put *put, json_t *root, const struct mh_result_pair *pair)
{
	if (!pair->present) {
		mh_json_put_null(put, root, "pair");
		return;
	}
	json_t *object = mh_json_put_object(put, root, "pair");

	mh_json_put_u64(put, object, "index", pair->index);
	mh_json_put_text(put, object, "order", pair->order);
	mh_json_put_text(put, object, "side", (char[]){pair->side, '\0'});
	mh_json_put_text(put, object, "treatment", pair->treatment);
}

/* NULL for a sum that was not taken. */
static const char *sum_or_null(const char *hex)
{
	return hex[0] ? hex : NULL;
}

static void put_program(struct mh_json_put *put, json_t *root, const struct mh_result *result)
{
	const struct mh_result_binary *binary = &result->binary;
	char seed[32];

	mh_json_put_text(put, root, "scenario_sha256", sum_or_null(result->scenario_sha256));
	mh_json_put_text(put, root, "scenario_resolved_sha256", sum_or_null(result->scenario_resolved_sha256));
	json_t *object = mh_json_put_object(put, root, "binary");

	mh_json_put_text(put, object, "build_id", binary->build_id);
	mh_json_put_text(put, object, "version", binary->version);
	mh_json_put_text(put, object, "git", binary->git);
	mh_json_put_bool(put, object, "dirty", binary->dirty);
	mh_json_put_text(put, object, "compiler", binary->compiler);
	mh_json_put_text(put, object, "cflags", binary->cflags);
	mh_json_put_text(put, object, "sanitizer", binary->sanitizer);
	mh_json_put_bool(put, object, "hooks", binary->hooks);
	snprintf(seed, sizeof(seed), "0x%" PRIx64, result->seed);
	mh_json_put_text(put, root, "seed", seed);
	mh_json_put_text(put, root, "mode", result->mode);
	mh_json_put_bool(put, root, "emulated", result->emulated);
	mh_json_put_text(put, root, "times", result->times);
	mh_json_put_double(put, root, "time_scale", result->time_scale);
}

static void put_texts(struct mh_json_put *put, json_t *root, const char *key, const char *const *texts, size_t count)
{
	json_t *list = mh_json_put_list(put, root, key);

	for (size_t i = 0; i < count; i++)
		mh_json_add_text(put, list, texts[i]);
}

static void put_status(struct mh_json_put *put, json_t *root, const struct mh_result *result)
{
	mh_json_put_text(put, root, "status", mh_run_status_names[result->status]);
	put_texts(put, root, "status_reasons", result->status_reasons, result->status_reason_count);
	put_texts(put, root, "warnings", result->warnings, result->warning_count);
	mh_json_put_bool(put, root, "oversubscribed", result->oversubscribed);
	mh_json_put_u64(put, root, "start_unix_ns", result->start_unix_ns);
	mh_json_put_u64(put, root, "duration_ns", result->duration_ns);
}

static void put_available(struct mh_json_put *put, json_t *object, const char *key, int64_t value)
{
	if (value == MH_NOT_AVAILABLE)
		mh_json_put_null(put, object, key);
	else
		mh_json_put_i64(put, object, key, value);
}

/* 1, 5 and 15 minutes. */
static void put_load(struct mh_json_put *put, json_t *object, const char *key, const double load[3])
{
	if (load[0] < 0) {
		mh_json_put_null(put, object, key);
		return;
	}
	json_t *loads = mh_json_put_list(put, object, key);

	for (unsigned i = 0; i < 3; i++)
		mh_json_add_double(put, loads, load[i]);
}

/* 0 is not taken. */
static void put_probe(struct mh_json_put *put, json_t *object, const char *key, const struct mh_probes *probes)
{
	if (!(probes->loop_ns > 0)) {
		mh_json_put_null(put, object, key);
		return;
	}
	json_t *map = mh_json_put_object(put, object, key);

	mh_json_put_double(put, map, "loop_ns", probes->loop_ns);
	mh_json_put_double(put, map, "add_ns", probes->add_ns);
	mh_json_put_double(put, map, "chase_ns", probes->chase_ns);
}

static void put_environment(struct mh_json_put *put, json_t *root, const struct mh_environment *environment)
{
	json_t *env = mh_json_put_object(put, root, "env");
	char fingerprint[MH_SHA256_TEXT];

	mh_json_put_text(put, env, "host", sum_or_null(environment->host));
	mh_json_put_text(put, env, "kernel", sum_or_null(environment->kernel));
	mh_json_put_text(put, env, "cpu_model", sum_or_null(environment->cpu_model));
	put_available(put, env, "nproc", environment->nproc);
	mh_json_put_text(put, env, "smt", sum_or_null(environment->smt));
	mh_json_put_text(put, env, "governor", sum_or_null(environment->governor));
	mh_json_put_text(put, env, "turbo", sum_or_null(environment->turbo));
	put_available(put, env, "aslr", environment->aslr);
	mh_json_put_text(put, env, "container", sum_or_null(environment->container));
	mh_json_put_text(put, env, "cgroup_cpu_max", sum_or_null(environment->cgroup_cpu_max));
	put_available(put, env, "numa_nodes", environment->numa_nodes);
	put_available(put, env, "memory_bytes", environment->memory_bytes);
	mh_json_put_text(put, env, "clocksource", sum_or_null(environment->clocksource));
	mh_json_put_text(put, env, "hugepages", sum_or_null(environment->hugepages));
	json_t *loads = mh_json_put_object(put, env, "load_avg");

	put_load(put, loads, "before", environment->load_avg_before);
	put_load(put, loads, "after", environment->load_avg_after);
	put_available(put, env, "steal_ns", environment->steal_ns);
	json_t *switches = mh_json_put_object(put, env, "ctx_switches");

	put_available(put, switches, "vol", environment->ctx_switches_vol);
	put_available(put, switches, "invol", environment->ctx_switches_invol);
	put_available(put, env, "migrations", environment->migrations);
	put_available(put, env, "throttle_count", environment->throttle_count);
	json_t *probes = mh_json_put_object(put, env, "probes");

	put_probe(put, probes, "before", &environment->probes_before);
	put_probe(put, probes, "after", &environment->probes_after);
	mh_environment_fingerprint(environment, fingerprint);
	mh_json_put_text(put, root, "env_fingerprint", sum_or_null(fingerprint));
}

/* A negative one was not. */
static void put_measured(struct mh_json_put *put, json_t *object, const char *key, double ns)
{
	if (ns < 0)
		mh_json_put_null(put, object, key);
	else
		mh_json_put_double(put, object, key, ns);
}

static void put_overheads(struct mh_json_put *put, json_t *root, const struct mh_result_overheads *overheads)
{
	json_t *object = mh_json_put_object(put, root, "overheads");

	mh_json_put_text(put, object, "clock", overheads->clock);
	mh_json_put_double(put, object, "clock_ns", overheads->clock_ns);
	put_measured(put, object, "recorder_ns", overheads->recorder_ns);
	mh_json_put_u64(put, object, "clock_resolution_ns", overheads->clock_resolution_ns);
	if (!overheads->stamps)
		return;
	mh_json_put_text(put, object, "stamps", overheads->stamps);
	mh_json_put_u64(put, object, "sample", overheads->sample);
	put_measured(put, object, "stamps_ns", overheads->stamps_ns);
}

static void put_cpus(struct mh_json_put *put, json_t *object, const struct mh_result_workload *workload)
{
	json_t *cpus = mh_json_put_list(put, object, "cpus");

	for (size_t i = 0; i < workload->cpu_count; i++)
		mh_json_add_i64(put, cpus, workload->cpus[i]);
}

/* Only where they were asked for. */
static void put_hw(struct mh_json_put *put, json_t *object, const struct mh_result_workload *workload)
{
	json_t *map = workload->hw_asked ? mh_json_put_object(put, object, "hw") : NULL;

	for (int i = 0; map && i < MH_HW_COUNTERS; i++)
		put_available(put, map, mh_hw_names[i], workload->hw[i]);
}

static void put_workload(struct mh_json_put *put, json_t *object, const struct mh_result_workload *workload)
{
	mh_json_put_text(put, object, "name", workload->name);
	mh_json_put_text(put, object, "kind", workload->kind);
	mh_json_put_u64(put, object, "threads", workload->threads);
	put_available(put, object, "threads_ns", workload->threads_ns);
	put_cpus(put, object, workload);
	if (workload->target_rate > 0)
		mh_json_put_double(put, object, "target_rate", workload->target_rate);
	else
		mh_json_put_null(put, object, "target_rate");
	mh_json_put_double(put, object, "achieved_rate", workload->achieved_rate);
	mh_json_put_u64(put, object, "dropped", workload->dropped);
	mh_json_put_double(put, object, "lag_p99_ns", workload->lag_p99_ns);
	if (workload->already)
		mh_json_put_u64(put, object, "already", workload->already);
	put_hw(put, object, workload);
	json_t *ops = mh_json_put_object(put, object, "ops");

	mh_json_put_u64(put, ops, "ok", workload->ops.ok);
	mh_json_put_u64(put, ops, "fail", workload->ops.fail);
	mh_json_put_u64(put, ops, "expected_fail", workload->ops.expected_fail);
	mh_json_put_u64(put, ops, "unexpected", workload->ops.unexpected);
}

static void put_limits(struct mh_json_put *put, json_t *phase, const struct mh_limits *limits)
{
	json_t *object = mh_json_put_object(put, phase, "limits");
	json_t *shares, *unknown;

	mh_json_put_text(put, object, "most", limits->most < MH_LIMITS ? mh_limit_names[limits->most] : NULL);
	mh_json_put_double(put, object, "workers_ns", limits->workers_ns);
	shares = mh_json_put_object(put, object, "shares");
	unknown = mh_json_put_object(put, object, "unknown");
	for (int i = 0; i < MH_LIMITS; i++) {
		if (limits->shares[i] < 0)
			mh_json_put_null(put, shares, mh_limit_names[i]);
		else
			mh_json_put_double(put, shares, mh_limit_names[i], limits->shares[i]);
		if (limits->whys[i])
			mh_json_put_text(put, unknown, mh_limit_names[i], limits->whys[i]);
	}
}

static void put_phases(struct mh_json_put *put, json_t *root, const struct mh_result *result)
{
	json_t *list = mh_json_put_list(put, root, "phases");

	for (size_t i = 0; i < result->phase_count; i++) {
		const struct mh_result_phase *phase = &result->phases[i];
		json_t *object = mh_json_add_object(put, list);
		struct mh_limits limits;

		mh_json_put_text(put, object, "name", phase->name);
		mh_json_put_text(put, object, "role", phase->role);
		mh_json_put_u64(put, object, "t0_ns", phase->t0_ns);
		mh_json_put_u64(put, object, "t1_ns", phase->t1_ns);
		put_available(put, object, "recovery_ns", phase->recovery_ns);
		json_t *workloads = mh_json_put_list(put, object, "workloads");

		for (size_t j = 0; j < phase->workload_count; j++)
			put_workload(put, mh_json_add_object(put, workloads), &phase->workloads[j]);
		if (mh_limits_of(result, phase, &limits))
			put_limits(put, object, &limits);
	}
}

/* The sum may need more than 64 bits: its digits are always there in full. */
static void put_sum(struct mh_json_put *put, json_t *object, mh_uint128 sum)
{
	char digits[48], *at = digits + sizeof(digits) - 1;

	if (sum <= UINT64_MAX) {
		mh_json_put_u64(put, object, "sum", (uint64_t)sum);
		return;
	}
	mh_json_put_double(put, object, "sum", (double)sum);
	*at = '\0';
	for (; sum; sum /= 10)
		*--at = (char)('0' + (int)(sum % 10));
	mh_json_put_text(put, object, "sum_s", at);
}

static void put_quantiles(struct mh_json_put *put, json_t *object, const struct mh_histogram *histogram)
{
	static const struct {
		const char *key;
		double percent;
	} quantiles[] = {{"0.5", 50}, {"0.9", 90}, {"0.99", 99}, {"0.999", 99.9}, {"0.9999", 99.99}};
	json_t *map = mh_json_put_object(put, object, "quantiles");

	for (size_t i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++) {
		uint64_t value = mh_histogram_percentile(histogram, quantiles[i].percent);

		if (histogram->count == 0)
			mh_json_put_null(put, map, quantiles[i].key);
		else /* the edge of the last bucket may lie beyond what was seen */
			mh_json_put_u64(put, map, quantiles[i].key, value < histogram->max ? value : histogram->max);
	}
}

static void put_values(struct mh_json_put *put, json_t *object, const struct mh_histogram *histogram)
{
	mh_json_put_u64(put, object, "count", histogram->count);
	if (histogram->count) {
		mh_json_put_u64(put, object, "min", histogram->min);
		mh_json_put_u64(put, object, "max", histogram->max);
		put_sum(put, object, mh_histogram_sum(histogram));
		mh_json_put_double(put, object, "mean", mh_histogram_mean(histogram));
		mh_json_put_double(put, object, "stddev", mh_histogram_stddev(histogram));
	} else {
		mh_json_put_null(put, object, "min");
		mh_json_put_null(put, object, "max");
		mh_json_put_u64(put, object, "sum", 0);
		mh_json_put_null(put, object, "mean");
		mh_json_put_null(put, object, "stddev");
	}
	mh_json_put_u64(put, object, "overflow", histogram->overflow);
	mh_json_put_u64(put, object, "digits", histogram->digits);
	mh_json_put_u64(put, object, "lowest", histogram->lowest);
	mh_json_put_u64(put, object, "highest", histogram->highest);
	put_quantiles(put, object, histogram);
}

static int put_series(struct mh_json_put *put, json_t *root, const struct mh_result *result, struct mh_error *reterr)
{
	json_t *list = mh_json_put_list(put, root, "series");
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < result->series_count; i++) {
		const struct mh_result_series *series = &result->series[i];
		json_t *object = mh_json_add_object(put, list);
		struct mh_text encoded = MH_TEXT_INIT;

		mh_json_put_text(put, object, "tag", series->tag);
		mh_json_put_text(put, object, "unit", "ns");
		put_values(put, object, &series->histogram);
		if (series->effective_count > 0)
			mh_json_put_double(put, object, "effective_count", series->effective_count);
		ret = mh_histogram_encode(&series->histogram, &encoded, reterr);
		if (ret == 0)
			mh_json_put_text(put, object, "hist", encoded.data);
		mh_text_release(&encoded);
	}
	return ret;
}

static void put_sites(struct mh_json_put *put, json_t *object, const struct mh_result_fault *fault)
{
	json_t *sites = mh_json_put_list(put, object, "sites");

	for (size_t i = 0; i < fault->site_count; i++) {
		json_t *site = mh_json_add_object(put, sites);

		mh_json_put_text(put, site, "event", fault->sites[i].event);
		mh_json_put_text(put, site, "listener", fault->sites[i].listener);
		mh_json_put_u64(put, site, "evaluated", fault->sites[i].evaluated);
	}
}

static void put_count_list(struct mh_json_put *put, json_t *root, const struct mh_result *result)
{
	json_t *list = mh_json_put_list(put, root, "counts");

	for (size_t i = 0; i < result->count_count; i++) {
		json_t *item = mh_json_add_object(put, list);

		mh_json_put_text(put, item, "name", result->counts[i].name);
		mh_json_put_u64(put, item, "value", result->counts[i].value);
		mh_json_put_text(put, item, "inexact", result->counts[i].inexact);
	}
}

static void put_counts(struct mh_json_put *put, json_t *root, const struct mh_result *result)
{
	json_t *counters = mh_json_put_object(put, root, "counters");

	for (size_t i = 0; i < result->counter_count; i++)
		mh_json_put_u64(put, counters, result->counters[i].name, result->counters[i].value);
	json_t *faults = mh_json_put_list(put, root, "faults");

	for (size_t i = 0; i < result->fault_count; i++) {
		const struct mh_result_fault *fault = &result->faults[i];
		json_t *object = mh_json_add_object(put, faults);

		mh_json_put_text(put, object, "id", fault->id);
		mh_json_put_text(put, object, "kind", fault->kind);
		mh_json_put_u64(put, object, "armed", fault->armed);
		mh_json_put_u64(put, object, "evaluated", fault->evaluated);
		mh_json_put_u64(put, object, "fired", fault->fired);
		put_sites(put, object, fault);
	}
}

static void put_verify(struct mh_json_put *put, json_t *root, const struct mh_result_verify *verify)
{
	json_t *object = mh_json_put_object(put, root, "verify");

	mh_json_put_text(put, object, "level", verify->level);
	mh_json_put_u64(put, object, "checked", verify->checked);
	mh_json_put_u64(put, object, "violation_count", verify->violation_count);
	json_t *expected = mh_json_put_list(put, object, "expected");

	for (size_t i = 0; i < verify->expected_count; i++) {
		json_t *item = mh_json_add_object(put, expected);

		mh_json_put_text(put, item, "invariant", verify->expected[i].invariant);
		mh_json_put_text(put, item, "fault", verify->expected[i].fault);
		mh_json_put_u64(put, item, "count", verify->expected[i].count);
	}
	json_t *violations = mh_json_put_list(put, object, "violations");

	for (size_t i = 0; i < verify->violation_kept; i++) {
		json_t *item = mh_json_add_object(put, violations);

		mh_json_put_text(put, item, "invariant", verify->violations[i].invariant);
		mh_json_put_u64(put, item, "seq", verify->violations[i].seq);
		mh_json_put_text(put, item, "detail", verify->violations[i].detail);
	}
}

static void put_slos(struct mh_json_put *put, json_t *root, const struct mh_result *result)
{
	json_t *list = mh_json_put_list(put, root, "slo");

	for (size_t i = 0; i < result->slo_count; i++) {
		const struct mh_result_slo *slo = &result->slos[i];
		json_t *object = mh_json_add_object(put, list);

		mh_json_put_text(put, object, "expr", slo->expr);
		if (slo->has_value)
			mh_json_put_double(put, object, "value", slo->value);
		else
			mh_json_put_null(put, object, "value");
		mh_json_put_double(put, object, "limit", slo->limit);
		mh_json_put_text(put, object, "unit", slo->unit);
		mh_json_put_bool(put, object, "ok", slo->ok);
		mh_json_put_bool(put, object, "require", slo->require);
		mh_json_put_text(put, object, "reason", slo->reason);
	}
}

int mh_run_json_write(const struct mh_result *result, struct mh_text *text, struct mh_error *reterr)
{
	struct mh_json_put put = {0};
	json_t *root = json_object();

	if (result->failed) {
		json_decref(root);
		return mh_error_set(reterr, -ENOMEM, "the result is incomplete: memory ran out while it was made");
	}
	put_identity(&put, root, result);
	put_pair(&put, root, &result->pair);
	put_program(&put, root, result);
	put_status(&put, root, result);
	put_environment(&put, root, &result->environment);
	put_overheads(&put, root, &result->overheads);
	put_phases(&put, root, result);
	int ret = put_series(&put, root, result, reterr);

	if (ret < 0) {
		json_decref(root);
		return ret;
	}
	put_count_list(&put, root, result);
	put_counts(&put, root, result);
	put_verify(&put, root, &result->verify);
	put_slos(&put, root, result);
	mh_exemplars_put(&put, root, result);
	return mh_json_finish(&put, root, text, reterr);
}

int mh_run_json_save(const struct mh_result *result, const char *path, struct mh_error *reterr)
{
	struct mh_text text = MH_TEXT_INIT;
	int ret = mh_run_json_write(result, &text, reterr);

	if (ret == 0)
		ret = mh_file_write(path, text.data, text.length, reterr);
	mh_text_release(&text);
	return ret;
}
