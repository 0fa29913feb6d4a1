/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One phase: state restored, faults armed, workers made, let go and joined, machine checked, numbers handed in.
 *
 * What is made is unmade in the opposite order. When threads hang nothing is unmade: the process is about to end.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/engine/exactness.h"
#include "bench/engine/placing.h"
#include "bench/engine/run_private.h"

/* A restore walks through ordinary operations; one that listeners refuse is told, not repeated. */
#define RESTORE_STAMPS 4096

static int restore_state(struct mh_phase *phase, struct mh_error *reterr)
{
	struct mh_run *run = phase->run;
	struct mh_rcu_domain *domain = &mh_machine_chain(run->machine)->rcu;
	struct mh_operation operation = {.cpu = NULL};
	struct mh_trace trace;
	uint32_t left;

	/* A phase that waits for the state to converge begins from what the phase before it left. */
	if (phase->scenario->keep_state || phase->scenario->until == MH_UNTIL_CONVERGED || phase->shared.phase == 0)
		return 0;
	if (mh_trace_init(&trace, RESTORE_STAMPS, MH_STAMPS_NONE, &run->clock) < 0)
		return mh_error_set(reterr, -ENOMEM, "no memory to restore the machine");
	operation.trace = &trace;
	mh_rcu_thread_enter(domain);
	(void)mh_machine_restore(run->machine, &operation, &left);
	mh_scars_forget_restored(&run->scars, run->machine);
	mh_rcu_thread_leave(domain);
	mh_trace_release(&trace);
	if (left == 0)
		run->drifted = NULL;
	else
		(void)mh_result_add_warning(run->result,
					    "phase '%s' began with %u blocks that listeners did not let go back to "
					    "their initial state",
					    phase->scenario->name, left);
	return 0;
}

static bool phase_has(const struct mh_scenario_phase *phase, size_t workload)
{
	for (size_t i = 0; i < phase->workloads.count; i++)
		if (phase->workloads.items[i] == workload)
			return true;
	return false;
}

static unsigned count_threads(const struct mh_phase *phase, bool headline_only)
{
	const struct mh_scenario *scenario = phase->run->scenario;
	unsigned count = 0;

	for (size_t i = 0; i < scenario->workload_count; i++)
		if (phase_has(phase->scenario, i) && (!headline_only || mh_workload_is_headline(scenario, i)))
			count += (unsigned)scenario->workloads[i].threads;
	return count;
}

static int begin_workloads(struct mh_phase *phase, struct mh_error *reterr)
{
	const struct mh_scenario *scenario = phase->run->scenario;

	phase->workloads = calloc(scenario->workload_count, sizeof(phase->workloads[0]));
	phase->begun = calloc(scenario->workload_count, sizeof(phase->begun[0]));
	if (!phase->workloads || !phase->begun)
		return mh_error_set(reterr, -ENOMEM, "no memory for %zu workloads", scenario->workload_count);
	for (size_t i = 0; i < scenario->workload_count; i++) {
		struct mh_workload *workload = &phase->workloads[i];
		int ret = 0;

		if (!phase_has(phase->scenario, i))
			continue;
		*workload = (struct mh_workload){
			.kind = scenario->workloads[i].kind,
			.name = scenario->workloads[i].name,
			.parameters = scenario->workloads[i].parameters,
			.machine = phase->run->machine,
			.clock = &phase->run->clock,
			.workers = (unsigned)scenario->workloads[i].threads,
		};
		if (workload->kind->begin)
			ret = workload->kind->begin(workload, reterr);
		if (ret < 0)
			return ret;
		phase->begun[i] = true;
	}
	return 0;
}

static void end_workloads(struct mh_phase *phase)
{
	for (size_t i = 0; phase->begun && i < phase->run->scenario->workload_count; i++)
		if (phase->begun[i] && phase->workloads[i].kind->end)
			phase->workloads[i].kind->end(&phase->workloads[i]);
	free(phase->workloads);
	free(phase->begun);
}

/* `ops` are dealt out. */
static uint64_t quota_of(const struct mh_phase *phase, size_t workload, unsigned headline_worker)
{
	uint64_t ops = phase->scenario->ops;
	unsigned threads = count_threads(phase, true);

	if (!ops || !threads || !mh_workload_is_headline(phase->run->scenario, workload))
		return MH_QUOTA_NONE;
	return mh_pace_share(ops, threads, headline_worker);
}

static double rate_of(const struct mh_phase *phase, const struct mh_scenario_workload *workload)
{
	double rate = phase->scenario->rate > 0 ? phase->scenario->rate : workload->rate;

	return rate / (double)workload->threads;
}

static int open_worker(struct mh_phase *phase, size_t workload, unsigned worker, unsigned *headline,
		       struct mh_error *reterr)
{
	const struct mh_scenario_workload *of = &phase->run->scenario->workloads[workload];
	struct mh_worker_config config = {
		.shared = &phase->shared,
		.workload = &phase->workloads[workload],
		.workload_index = (unsigned)workload,
		.worker_index = worker,
		.quota = quota_of(phase, workload, *headline),
		.rate = rate_of(phase, of),
		.rate_from = of->rate_from / (double)of->threads,
		.cpu = phase->cpus[phase->worker_opened],
	};
	int ret = mh_worker_open(&phase->workers[phase->worker_opened], &config, reterr);

	if (ret < 0)
		return ret;
	phase->worker_opened++;
	*headline += config.quota != MH_QUOTA_NONE;
	return 0;
}

static int place_workers(struct mh_phase *phase, struct mh_error *reterr)
{
	const struct mh_run *run = phase->run;
	const struct mh_placing placing = {run->host, run->cpus_allowed, run->cpu_count};
	bool is_shared; /* told when the run began */

	phase->cpus = calloc(phase->worker_count, sizeof(phase->cpus[0]));
	if (!phase->cpus)
		return mh_error_set(reterr, -ENOMEM, "no memory to place %u workers", phase->worker_count);
	return mh_placing_cpus(&placing, run->scenario, phase->scenario, phase->cpus, &is_shared, reterr);
}

static int open_workers(struct mh_phase *phase, struct mh_error *reterr)
{
	const struct mh_scenario *scenario = phase->run->scenario;
	size_t size;
	unsigned headline = 0;
	int ret;

	phase->worker_count = count_threads(phase, false);
	size = phase->worker_count * sizeof(phase->workers[0]);
	phase->workers = aligned_alloc(_Alignof(struct mh_worker_run), size);
	if (!phase->workers)
		return mh_error_set(reterr, -ENOMEM, "no memory for %u workers", phase->worker_count);
	memset(phase->workers, 0, size);
	ret = place_workers(phase, reterr);
	if (ret < 0)
		return ret;
	for (size_t i = 0; i < scenario->workload_count; i++)
		for (unsigned worker = 0; phase_has(phase->scenario, i) && worker < scenario->workloads[i].threads;
		     worker++) {
			ret = open_worker(phase, i, worker, &headline, reterr);
			if (ret < 0)
				return ret;
		}
	return 0;
}

static void close_workers(struct mh_phase *phase)
{
	for (unsigned i = 0; i < phase->worker_opened; i++)
		mh_worker_close(&phase->workers[i]);
	free(phase->workers);
	free(phase->cpus);
}

static void join_workers(struct mh_phase *phase)
{
	for (unsigned i = 0; i < phase->worker_opened; i++)
		mh_worker_join(&phase->workers[i]);
}

/* Those that were started wait at the gate for the rest that will never come: let them go, and end. */
static void dismiss_workers(struct mh_phase *phase)
{
	mh_mutex_lock(&phase->shared.gate);
	atomic_store(&phase->shared.stop, true);
	phase->shared.open = true;
	mh_condition_broadcast(&phase->shared.opened);
	mh_mutex_unlock(&phase->shared.gate);
	join_workers(phase);
}

static int start_workers(struct mh_phase *phase, struct mh_error *reterr)
{
	for (unsigned i = 0; i < phase->worker_count; i++) {
		int ret = mh_worker_start(&phase->workers[i], reterr);

		if (ret < 0) {
			dismiss_workers(phase);
			return ret;
		}
	}
	return 0;
}

static int worker_error(const struct mh_worker_run *worker, struct mh_error *reterr)
{
	if (worker->error == -EXDEV)
		return mh_error_set(reterr, -EXDEV,
				    "worker %u of '%s' was bound to CPU %d but ran on CPU %d: something else binds "
				    "the threads of this process; end that, or write 'placement: spread'",
				    worker->worker.index, worker->workload->name, worker->cpu, worker->ran_on);
	return mh_error_set(reterr, worker->error, "worker %u of '%s' could not begin: %s", worker->worker.index,
			    worker->workload->name, strerror(-worker->error));
}

static int worker_errors(const struct mh_phase *phase, struct mh_error *reterr)
{
	for (unsigned i = 0; i < phase->worker_count; i++)
		if (phase->workers[i].error < 0)
			return worker_error(&phase->workers[i], reterr);
	return 0;
}

static void open_shared(struct mh_phase *phase, unsigned index)
{
	struct mh_run *run = phase->run;
	struct mh_phase_shared *shared = &phase->shared;

	shared->machine = run->machine;
	shared->clock = &run->clock;
	shared->scenario = run->scenario;
	shared->series = &run->series;
	shared->recorded = mh_scenario_phase_is_recorded(phase->scenario);
	shared->phase = index;
	shared->seed = run->seed;
	shared->deadline_ticks = mh_clock_ticks_of_ns(&run->clock, run->scenario->verify.deadline_ns);
	if (run->history_file.stream)
		shared->history_file = &run->history_file;
	mh_mutex_init(&shared->gate);
	mh_condition_init(&shared->ready_changed);
	mh_condition_init(&shared->opened);
}

static void close_shared(struct mh_phase *phase)
{
	mh_condition_release(&phase->shared.opened);
	mh_condition_release(&phase->shared.ready_changed);
	mh_mutex_release(&phase->shared.gate);
}

/* What a fault's victims held goes back only now: the others have worked without it. */
static void bury_workers(struct mh_phase *phase)
{
	for (unsigned i = 0; i < phase->worker_opened; i++) {
		struct mh_worker_run *worker = &phase->workers[i];

		if (!worker->killed)
			continue;
		mh_worker_bury(worker);
		(void)mh_result_add_warning(
			phase->run->result,
			"phase '%s': worker %u of '%s' was killed by a fault after %llu operations; the phase went on "
			"without it",
			phase->scenario->name, worker->worker.index, worker->workload->name,
			(unsigned long long)atomic_load_explicit(&worker->done, memory_order_relaxed));
	}
}

/* Nothing is joined or disarmed: what the threads had done is told from copies. */
static void report_hung(struct mh_phase *phase)
{
	if (mh_phase_salvage(phase) < 0)
		return;
	mh_phase_count_faults(phase);
	mh_phase_report(phase);
}

/* Nothing but a fault of this phase, or what one before left behind, makes an operation other than clean. */
static void choose_split(struct mh_phase *phase)
{
	struct mh_run *run = phase->run;

	if (run->series.split && (phase->armed_count || mh_scars_any(&run->scars)))
		phase->shared.scars = &run->scars;
}

static int run_workers(struct mh_phase *phase, struct mh_error *reterr)
{
	int ret = start_workers(phase, reterr);

	if (ret < 0)
		return ret;
	mh_phase_control(phase);
	if (mh_run_end_leaves_threads(phase->run->end)) {
		report_hung(phase);
		return 0;
	}
	join_workers(phase);
	bury_workers(phase);
	ret = worker_errors(phase, reterr);
	mh_phase_disarm(phase);
	if (phase->run->scenario->verify.level != MH_VERIFY_OFF)
		(void)mh_check_machine(phase->run->machine);
	mh_phase_report(phase);
	return ret;
}

/* Only what the workers do takes the time that it took on a kernel. */
static int run_costed(struct mh_phase *phase, struct mh_error *reterr)
{
	int ret;

	mh_costing_arm(phase->run->costing);
	ret = run_workers(phase, reterr);
	/* A thread that is left behind may still be in one of the hooks. */
	if (!mh_run_end_leaves_threads(phase->run->end))
		mh_costing_disarm(phase->run->costing);
	return ret;
}

int mh_phase_execute(struct mh_run *run, unsigned index)
{
	struct mh_phase *phase = aligned_alloc(_Alignof(struct mh_phase), sizeof(*phase));
	int ret;

	if (!phase)
		return mh_error_set(run->reterr, -ENOMEM, "no memory for a phase");
	memset(phase, 0, sizeof(*phase));
	phase->run = run;
	phase->scenario = &run->scenario->phases[index];
	open_shared(phase, index);
	ret = restore_state(phase, run->reterr);
	if (ret == 0)
		ret = mh_phase_arm(phase, run->reterr);
	choose_split(phase);
	if (ret == 0)
		ret = begin_workloads(phase, run->reterr);
	if (ret == 0)
		ret = open_workers(phase, run->reterr);
	if (ret == 0)
		mh_phase_counts_begin(phase);
	if (ret == 0)
		ret = run_costed(phase, run->reterr);
	if (ret == 0)
		mh_phase_note_drift(phase);
	if (mh_run_end_leaves_threads(run->end))
		return ret; /* a thread still uses all of it */
	mh_kapi_counts_release(&phase->start.kapi);
	close_workers(phase);
	end_workloads(phase);
	mh_phase_disarm(phase);
	mh_phase_free_faults(phase);
	close_shared(phase);
	free(phase);
	return ret;
}
