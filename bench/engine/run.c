/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is around the phases: made in order, judged, unmade in the opposite order.
 */
#include "bench/engine/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crash.h"
#include "bench/engine/build.h"
#include "bench/engine/count_list.h"
#include "bench/engine/placing.h"
#include "bench/engine/probe.h"
#include "bench/engine/run_private.h"
#include "bench/engine/stamp_cost.h"
#include "core/kapi.h"
#include "core/kapi_number.h"
#include "results/slo.h"

/* Values recorded to learn what one costs. */
#define RECORDER_PROBE_COUNT 100000u

static int open_clock(struct mh_run *run)
{
	struct mh_result_overheads *overheads = &run->result->overheads;

	mh_clock_init(&run->clock,
		      run->scenario->record.clock == MH_RECORD_CLOCK_TSC ? MH_CLOCK_TSC : MH_CLOCK_MONOTONIC);
	overheads->clock_ns = run->clock.cost_ns;
	overheads->clock_resolution_ns = run->clock.resolution_ns;
	overheads->clock = run->clock.tsc ? "tsc"
			   : run->clock.fell_back
				   ? mh_result_format(run->result, "monotonic (%s)", run->clock.fallback_reason)
				   : "monotonic";
	if (run->clock.fell_back)
		(void)mh_result_add_warning(run->result, "the clock fell back to CLOCK_MONOTONIC_RAW: %s",
					    run->clock.fallback_reason);
	run->start_ticks = mh_clock_ticks(&run->clock);
	run->limit_ticks = UINT64_MAX;
	if (run->scenario->limits.max_duration_ns)
		run->limit_ticks =
			run->start_ticks + mh_clock_ticks_of_ns(&run->clock, run->scenario->limits.max_duration_ns);
	return 0;
}

/* What recording one value costs, told beside the times it is part of. */
static void measure_recorder(struct mh_run *run)
{
	struct mh_histogram histogram;
	struct mh_histogram_layout layout = {1, MH_HISTOGRAM_HOUR_NS, (unsigned)run->scenario->record.digits};
	uint64_t begin;

	run->result->overheads.recorder_ns = -1;
	if (mh_histogram_init(&histogram, &layout) < 0)
		return;
	begin = mh_clock_ticks(&run->clock);
	for (uint32_t i = 0; i < RECORDER_PROBE_COUNT; i++)
		mh_histogram_record(&histogram, 200 + (i & 1023));
	run->result->overheads.recorder_ns =
		(double)mh_clock_ns(&run->clock, mh_clock_ticks(&run->clock) - begin) / RECORDER_PROBE_COUNT;
	mh_histogram_release(&histogram);
}

static void measure_stamps(struct mh_run *run)
{
	static const char *const names[] = {[MH_STAMPS_NONE] = "none",
					    [MH_STAMPS_OP] = "op",
					    [MH_STAMPS_EVENT] = "event",
					    [MH_STAMPS_PAIR] = "pair"};
	struct mh_result_overheads *overheads = &run->result->overheads;

	overheads->stamps = names[run->scenario->record.stamps];
	overheads->sample = run->scenario->record.sample;
	overheads->stamps_ns = mh_stamp_cost(run->scenario, run->machine, &run->series, &run->clock);
}

static int open_topology(struct mh_run *run)
{
	const struct mh_scenario_machine *machine = &run->scenario->machine;
	struct mh_error ignored;
	int ret = mh_topology_load(machine->topology, machine->node_memory_bytes, &run->topology, run->reterr);

	if (ret < 0) {
		run->end = ret == -ENOMEM ? MH_RUN_REFUSED_ENVIRONMENT : MH_RUN_REFUSED_INPUT;
		return ret;
	}
	for (size_t i = 0; i < run->topology->warning_count; i++)
		(void)mh_result_add_warning(run->result, "topology: %s", run->topology->warnings[i]);
	if (mh_thread_cpus(&run->cpus_allowed, &run->cpu_count) < 0)
		run->cpu_count = 0;
	/* Where to put threads is a matter of this host, whatever machine is simulated. Without it they stay unbound.
	 */
	run->host = run->topology;
	if (!run->topology->is_host && mh_topology_load("host", machine->node_memory_bytes, &run->host, &ignored) < 0)
		run->host = NULL;
	return 0;
}

static int check_placement(struct mh_run *run, const struct mh_scenario_phase *phase)
{
	const struct mh_placing placing = {run->host, run->cpus_allowed, run->cpu_count};
	int *cpus = calloc(mh_placing_threads(run->scenario, phase) + 1, sizeof(*cpus));
	bool is_shared = false;
	int ret;

	if (!cpus)
		return mh_error_set(run->reterr, -ENOMEM, "no memory to place threads");
	ret = mh_placing_cpus(&placing, run->scenario, phase, cpus, &is_shared, run->reterr);
	free(cpus);
	if (ret == 0 && is_shared) {
		run->result->oversubscribed = true;
		(void)mh_result_add_warning(run->result,
					    "oversubscribed: phase '%s': threads share CPUs of their cpuset; times are "
					    "of the scheduler, too, and never gated",
					    phase->name);
	}
	return ret;
}

/* Before anything runs: a placement that the last phase cannot have is told now. */
static int check_placements(struct mh_run *run)
{
	for (size_t i = 0; i < run->scenario->phase_count; i++) {
		int ret = check_placement(run, &run->scenario->phases[i]);

		if (ret < 0)
			return ret;
	}
	return 0;
}

static int open_machine(struct mh_run *run)
{
	const struct mh_scenario *scenario = run->scenario;
	struct mh_machine_config config = {
		.topology = run->topology,
		.compat = (enum mh_compat)scenario->machine.compat,
		.online_policy = (enum mh_online_policy)scenario->machine.online_policy,
		.auto_movable_ratio = (unsigned)scenario->machine.auto_movable_ratio,
		.auto_movable_numa_aware = scenario->machine.auto_movable_numa_aware,
		.movable_node = scenario->machine.movable_node,
		.block_size_bytes = scenario->machine.block_size_bytes,
		.initial_online_ppb = scenario->machine.initial_online_ppb,
		.movable_ppb = scenario->machine.movable_ppb,
		.hotplug_lock = (enum mh_hotplug_lock)scenario->machine.hotplug_lock,
		.lock_wait = (enum mh_lock_wait)scenario->machine.lock_wait,
		.page_unit = (enum mh_page_unit)scenario->machine.page_unit,
		.cancel = (enum mh_cancel)scenario->chain.cancel,
		.verify = (enum mh_verify)scenario->verify.level,
		.backing = (enum mh_backing)scenario->machine.backing,
		.chain = {(enum mh_chain_type)scenario->chain.type, (enum mh_rcu_flavour)scenario->chain.rcu},
		.clock = &run->clock,
	};
	int ret = mh_machine_new(&config, &run->machine, run->reterr);

	if (ret == 0 && mh_machine_backing_note(run->machine))
		(void)mh_result_add_warning(run->result, "%s", mh_machine_backing_note(run->machine));
	if (ret < 0)
		run->end = ret == -E2BIG || ret == -EINVAL ? MH_RUN_REFUSED_INPUT : MH_RUN_REFUSED_ENVIRONMENT;
	return ret;
}

static int load_module(struct mh_run *run, const struct mh_scenario_module *module)
{
	const struct mh_module_request request = {
		.path = module->path,
		.arguments = (const char *const *)module->arguments.items,
		.argument_count = module->arguments.count,
	};
	struct mh_kapi_counts before = {.row_count = 0};
	int ret;

	(void)mh_kapi_counts_take(&before);
	ret = mh_module_load_with(run->machine, &request, &run->modules[run->module_count], run->reterr);
	if (ret == 0)
		mh_run_report_module(run, module->path, MH_KAPI_INIT, &before);
	else
		run->end = ret == -ECANCELED || ret == -ENOMEM ? MH_RUN_REFUSED_ENVIRONMENT : MH_RUN_REFUSED_INPUT;
	mh_kapi_counts_release(&before);
	return ret;
}

static int load_modules(struct mh_run *run)
{
	const struct mh_scenario *scenario = run->scenario;

	run->modules = calloc(scenario->module_count + 1, sizeof(run->modules[0]));
	if (!run->modules)
		return mh_error_set(run->reterr, -ENOMEM, "no memory for modules");
	mh_kapi_bind(run->machine);
	mh_kapi_random_begin(run->seed);
	for (; run->module_count < scenario->module_count; run->module_count++) {
		int ret = load_module(run, &scenario->modules[run->module_count]);

		if (ret < 0)
			return ret;
	}
	return 0;
}

/* Behind the listeners: some of them take over what they took on the kernel. */
static int open_costs(struct mh_run *run)
{
	int ret;

	if (!run->scenario->costs)
		return 0;
	ret = mh_costing_new(run->scenario, run->machine, &run->clock, run->seed, &run->costing, run->reterr);
	if (ret < 0) {
		run->end = ret == -EOPNOTSUPP || ret == -ENOMEM ? MH_RUN_REFUSED_ENVIRONMENT : MH_RUN_REFUSED_INPUT;
		return ret;
	}
	mh_stand_ins_cost(run->stand_ins, run->costing);
	mh_costing_report(run->costing, run->result);
	return 0;
}

static int open_listeners(struct mh_run *run)
{
	int ret = mh_stand_ins_register(run->machine, &run->scenario->chain, &run->clock, run->seed, &run->stand_ins,
					run->reterr);

	if (ret == 0)
		ret = open_costs(run);
	if (ret == 0)
		ret = load_modules(run);
	if (ret == 0)
		ret = mh_series_init(&run->series, run->scenario, run->machine, run->reterr);
	if (ret == 0)
		ret = mh_collection_init(&run->collection, &run->series.table, run->reterr);
	if (ret == 0 && mh_batches_init(&run->batches, run->series.table.count) < 0)
		ret = mh_error_set(run->reterr, -ENOMEM, "no memory for the means of intervals");
	if (ret == 0 && run->series.split && mh_scars_init(&run->scars, mh_machine_block_count(run->machine)) < 0)
		ret = mh_error_set(run->reterr, -ENOMEM, "no memory for the classes of operations");
	if (ret == 0) {
		run->faults = calloc(run->scenario->fault_count + 1, sizeof(run->faults[0]));
		if (!run->faults)
			ret = mh_error_set(run->reterr, -ENOMEM, "no memory for faults");
	}
	return ret;
}

static int open_stream(struct mh_run *run, struct mh_stream *stream, const char *name)
{
	char *path;
	int ret;

	if (asprintf(&path, "%s/%s", run->request->folder, name) < 0)
		return mh_error_set(run->reterr, -ENOMEM, "no memory for a path");
	ret = mh_stream_open(stream, path, run->reterr);
	free(path);
	return ret;
}

static int open_files(struct mh_run *run)
{
	char *path;
	int ret;

	if (!run->request->folder)
		return 0;
	if (asprintf(&path, "%s/run.hlog", run->request->folder) < 0)
		return mh_error_set(run->reterr, -ENOMEM, "no memory for a path");
	ret = mh_hlog_open(&run->hlog, path, MH_BUILD_VERSION, run->result->start_unix_ns, run->reterr);
	free(path);
	if (ret == 0 && run->scenario->verify.history.kind != MH_HISTORY_OFF)
		ret = open_stream(run, &run->history, "history.ndjson");
	if (ret == 0 && run->scenario->verify.history.kind == MH_HISTORY_FILE) {
		mh_mutex_init(&run->history_file.lock);
		run->history_file.stream = &run->history;
	}
	if (ret == 0)
		ret = open_stream(run, &run->firings, "faults.ndjson");
	return ret;
}

static int open_run(struct mh_run *run)
{
	int ret = mh_fault_check_build(run->scenario->fault_count, run->reterr);

	if (ret == 0) {
		ret = open_clock(run);
		measure_recorder(run);
	}
	if (ret == 0)
		ret = open_topology(run);
	if (ret == 0)
		ret = check_placements(run);
	if (ret == 0)
		ret = open_machine(run);
	if (ret == 0)
		ret = open_listeners(run);
	if (ret == 0) {
		measure_stamps(run);
		ret = open_files(run);
	}
	if (ret < 0 && run->end == MH_RUN_ENDED)
		run->end = MH_RUN_REFUSED_ENVIRONMENT;
	return ret;
}

static void unload_modules(struct mh_run *run)
{
	while (run->module_count > 0) {
		struct mh_kapi_counts before = {.row_count = 0};
		struct mh_error error;

		(void)mh_kapi_counts_take(&before);
		if (mh_module_unload(run->modules[--run->module_count], &error) < 0)
			mh_run_add_violation(run, "module-unload", 0, error.text);
		mh_run_report_module(run, run->scenario->modules[run->module_count].path, MH_KAPI_EXIT, &before);
		mh_kapi_counts_release(&before);
	}
	free(run->modules);
	run->modules = NULL;
}

static void close_stream(struct mh_run *run, struct mh_stream *stream)
{
	struct mh_error error;

	if (mh_stream_close(stream, &error) == 0)
		return;
	mh_result_raise_status(run->result, MH_RUN_ABORTED);
	(void)mh_result_add_status_reason(run->result, "%s", error.text);
	if (run->end == MH_RUN_ENDED)
		run->end = MH_RUN_ENDED_BY_LIMIT;
}

static void close_files(struct mh_run *run)
{
	struct mh_error error;

	close_stream(run, &run->history);
	close_stream(run, &run->firings);
	if (mh_hlog_close(&run->hlog, &error) < 0 && run->end == MH_RUN_ENDED) {
		mh_result_raise_status(run->result, MH_RUN_ABORTED);
		(void)mh_result_add_status_reason(run->result, "%s", error.text);
		run->end = MH_RUN_ENDED_BY_LIMIT;
	}
}

static void close_run(struct mh_run *run)
{
	unload_modules(run);
	mh_stand_ins_free(run->stand_ins);
	mh_costing_free(run->costing);
	mh_kapi_bind(NULL);
	mh_collection_release(&run->collection);
	mh_batches_release(&run->batches);
	mh_scars_release(&run->scars);
	mh_series_release(&run->series);
	mh_machine_free(run->machine);
	free(run->faults);
	if (run->host != run->topology)
		mh_topology_free(run->host);
	mh_topology_free(run->topology);
	free(run->cpus_allowed);
}

void mh_run_describe(const struct mh_run_request *request, struct mh_result *result)
{
	const struct mh_plan_cell *cell = request->cell;
	const struct mh_scenario *scenario = cell->scenario;

	result->start_unix_ns = mh_clock_unix_ns();
	(void)mh_run_id(result->start_unix_ns, result->run_id);
	result->suite = mh_result_text(result, scenario->name);
	result->cell = mh_result_text(result, cell->id);
	for (size_t i = 0; i < cell->parameter_count; i++)
		(void)mh_result_add_parameter(result, cell->parameters[i].name, cell->parameters[i].value);
	mh_sha256_hex(request->plan->source, request->plan->source_size, result->scenario_sha256);
	mh_sha256_hex(scenario->resolved, strlen(scenario->resolved), result->scenario_resolved_sha256);
	mh_build_describe(result);
	result->seed = request->plan->seed;
	result->time_scale = scenario->time_scale;
	result->repro = mh_result_text(result, request->repro);
	if (request->pair) {
		result->pair = *request->pair;
		result->pair.treatment = mh_result_text(result, request->pair->treatment);
	}
	mh_environment_read(&result->environment);
	if (!result->binary.hooks)
		(void)mh_result_add_warning(result, "built without hooks (MEMHP_HOOKS=OFF): a reference for what hooks "
						    "cost, and never gated");
}

static bool slo_aborts(struct mh_run *run)
{
	for (size_t i = 0; i < run->scenario->slo_count; i++) {
		const struct mh_scenario_slo *slo = &run->scenario->slos[i];
		struct mh_error ignored;
		double value;

		if (!slo->abort || mh_metric_value(&slo->threshold.metric, run->result, &value, &ignored) < 0 ||
		    mh_threshold_holds(&slo->threshold, value))
			continue;
		mh_result_raise_status(run->result, MH_RUN_ABORTED);
		(void)mh_result_add_status_reason(run->result, "slo '%s' was breached and says abort",
						  slo->threshold.metric.text);
		run->end = MH_RUN_ENDED_BY_LIMIT;
		return true;
	}
	return false;
}

static int run_phases(struct mh_run *run)
{
	for (unsigned i = 0; i < run->scenario->phase_count && run->end == MH_RUN_ENDED; i++) {
		int ret = mh_phase_execute(run, i);

		if (ret < 0) {
			if (run->end == MH_RUN_ENDED)
				run->end = MH_RUN_REFUSED_ENVIRONMENT;
			return ret;
		}
		if (slo_aborts(run))
			break;
	}
	return 0;
}

static enum mh_run_end execute(struct mh_run *run, struct mh_text *module_log)
{
	struct mh_result *result = run->result;
	int ret;

	(void)mh_crash_catch();
	/* Before the counters of the environment begin: what the probe costs is none of the run's. */
	if (run->request->pair)
		mh_probe_host(&run->probes_before);
	mh_run_describe(run->request, result);
	if (run->request->pair)
		result->environment.probes_before = run->probes_before;
	ret = open_run(run);
	if (ret == 0)
		ret = run_phases(run);
	mh_kapi_take_log(module_log);
	if (ret == 0)
		mh_run_report(run);
	if (!mh_run_end_leaves_threads(run->end))
		close_run(run);
	close_files(run);
	mh_kapi_take_log(module_log);
	mh_count_list_settle(result);
	/* When no thread of ours is left that could slow it. */
	if (run->request->pair && !mh_run_end_leaves_threads(run->end))
		mh_probe_host(&result->environment.probes_after);
	if (result->verify.violation_count || result->verify.violation_kept)
		mh_result_raise_status(result, MH_RUN_INCORRECT);
	return run->end;
}

enum mh_run_end mh_run_execute(const struct mh_run_request *request, struct mh_result *result,
			       struct mh_text *module_log, struct mh_error *reterr)
{
	struct mh_run *run = calloc(1, sizeof(*run));
	enum mh_run_end end;

	if (!run) {
		(void)mh_error_set(reterr, -ENOMEM, "no memory for a run");
		return MH_RUN_REFUSED_ENVIRONMENT;
	}
	*run = (struct mh_run){
		.request = request,
		.scenario = request->cell->scenario,
		.result = result,
		.seed = mh_plan_seed(request->plan->seed, request->cell->id, request->run),
		.reterr = reterr,
	};
	end = execute(run, module_log);
	/* A thread that is left behind still uses the machine and the run: neither is unmade. */
	if (!mh_run_end_leaves_threads(end))
		free(run);
	return end;
}
