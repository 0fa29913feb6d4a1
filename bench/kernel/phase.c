/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One phase on a kernel: blocks at home, then one operation after the other until its time or its operations are over.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/rng.h"
#include "bench/kernel/injector.h"
#include "bench/kernel/run_private.h"

/* A phase while it goes. */
struct phase {
	struct mh_kernel_run *run;
	size_t index;
	const struct mh_scenario_phase *scenario;
	size_t workload; /* in the scenario */
	struct mh_kernel_driver driver;
	uint64_t stream, begin_ns, end_ns;
	bool recorded, cut;
	struct mh_result_ops ops;
};

static void found(void *data, const char *invariant, const char *detail)
{
	struct mh_kernel_run *run = data;
	struct mh_result_violation *violation;

	run->result->verify.violation_count++;
	if (run->result->verify.violation_kept == MH_KERNEL_VIOLATIONS_KEPT)
		return;
	violation = mh_result_add_violation(run->result);
	if (!violation)
		return;
	violation->invariant = invariant;
	violation->seq = run->sequence;
	violation->detail = mh_result_text(run->result, detail);
}

/* Why a run that goes on is not to be trusted: once for each reason. */
static void distrust(struct mh_kernel_run *run, const char *reason)
{
	mh_result_raise_status(run->result, MH_RUN_INVALID);
	for (size_t i = 0; i < run->result->status_reason_count; i++)
		if (strcmp(run->result->status_reasons[i], reason) == 0)
			return;
	(void)mh_result_add_status_reason(run->result, "%s", reason);
}

/* The walks of the operation that has just ended; those of other threads mean that it was not alone. */
static void see_walks(struct mh_kernel_run *run, struct mh_kernel_operation *operation)
{
	struct mh_kernel_walk_log *log = &run->watch.log;
	const uint64_t others = log->others, lost = log->lost, cut = log->cut;
	struct mh_error error;

	if (!run->watches)
		return;
	operation->walks_known = mh_kernel_watch_take(&run->watch, &error) == 0;
	if (!operation->walks_known) {
		distrust(run, error.text);
		/* What is left of this operation must not be taken for the next one's. */
		(void)mh_kernel_watch_take(&run->watch, NULL);
	}
	operation->walks_known = operation->walks_known && log->lost == lost && log->cut == cut;
	operation->alone = log->others == others;
	operation->walks = log->walks;
	operation->walk_count = log->count;
	run->walks += log->count;
	run->other_walks = log->others;
}

static int arm(struct phase *phase, bool online, int error)
{
	struct mh_kernel_run *run = phase->run;
	struct mh_error why;
	int ret = mh_kernel_injector_set(run->tree, online ? MH_GOING_ONLINE : MH_GOING_OFFLINE, error, &why);

	if (ret < 0)
		distrust(run, why.text);
	return ret;
}

static void operate(struct phase *phase, const struct mh_kernel_turn *turn, struct mh_kernel_operation *operation)
{
	struct mh_kernel_run *run = phase->run;

	operation->masks_before = mh_kernel_masks_read(run->tree, turn->block->node);
	mh_kernel_deadline_arm(&run->deadline, run->scenario->verify.deadline_ns);
	mh_kernel_block_write(run->tree, turn->block, turn->word, &operation->write);
	run->deadlines += mh_kernel_deadline_disarm(&run->deadline);
	operation->masks_after = mh_kernel_masks_read(run->tree, turn->block->node);
	see_walks(run, operation);
}

static void count(struct phase *phase, enum mh_kernel_outcome outcome)
{
	switch (outcome) {
	case MH_KERNEL_DONE:
		phase->ops.ok++;
		break;
	case MH_KERNEL_FAILED:
		phase->ops.fail++;
		break;
	case MH_KERNEL_INJECTED:
		phase->ops.expected_fail++;
		break;
	case MH_KERNEL_UNEXPECTED:
		phase->ops.unexpected++;
		break;
	}
}

/* What a run cannot go on without is told as it is; the others are the kernel's answer and counted. */
static void look_at_errno(struct phase *phase, const struct mh_kernel_operation *operation)
{
	const bool heard = mh_kernel_was_heard(operation->walks, operation->walk_count);
	const int error = -operation->write.error;
	char reason[256];

	if (error != ENODEV && error != EACCES && error != EROFS)
		return;
	snprintf(reason, sizeof(reason), "%s of block %u failed (%s): %s", operation->online ? "online" : "offline",
		 operation->block->index, strerror(error), mh_kernel_block_refusal(error, !operation->online, heard));
	distrust(phase->run, reason);
	if (error != ENODEV)
		phase->run->end = MH_RUN_ENDED_BY_LIMIT;
}

static void judge(struct phase *phase, const struct mh_kernel_operation *operation,
		  struct mh_kernel_injected_fault *fault)
{
	struct mh_kernel_run *run = phase->run;
	struct mh_kernel_judgement judgement = mh_kernel_judge(operation, found, run);

	run->checked += judgement.checked;
	run->unchecked += judgement.unchecked;
	if (fault && judgement.outcome == MH_KERNEL_INJECTED)
		fault->fired++;
	if (judgement.outcome == MH_KERNEL_FAILED)
		mh_kernel_refusals_add(&run->refusals, operation);
	count(phase, judgement.outcome);
	if (phase->recorded)
		mh_kernel_recording_add(&run->recording, operation);
	look_at_errno(phase, operation);
}

static struct mh_kernel_injected_fault *ask(struct phase *phase, const struct mh_kernel_turn *turn)
{
	const struct mh_kernel_question question = {
		.phase = phase->index,
		.workload = phase->workload,
		.turn = turn,
		.stream = phase->stream,
		.index = phase->run->sequence,
		.time_ns = mh_clock_monotonic_ns() - phase->begin_ns,
		.block_bytes = phase->run->blocks.block_bytes,
	};

	return mh_kernel_injection_ask(&phase->run->injection, &question);
}

/* One operation. False: no block is left, or the injector cannot be disarmed. */
static bool step(struct phase *phase)
{
	struct mh_kernel_run *run = phase->run;
	struct mh_kernel_operation operation = {.protocol = run->release.protocol};
	struct mh_kernel_injected_fault *fault;
	struct mh_kernel_turn turn;
	bool armed;

	if (!mh_kernel_driver_next(&phase->driver, run->sequence, &turn))
		return false;
	operation.block = turn.block;
	operation.block_pages = run->blocks.block_bytes / (uint64_t)sysconf(_SC_PAGESIZE);
	operation.online = turn.online;
	operation.before = turn.online ? MH_BLOCK_OFFLINE : MH_BLOCK_ONLINE;
	fault = ask(phase, &turn);
	armed = fault && arm(phase, turn.online, fault->plan->error) == 0;
	operation.armed = armed ? fault->plan->error : 0;
	operate(phase, &turn, &operation);
	if (armed && arm(phase, turn.online, 0) < 0)
		run->end = MH_RUN_ENDED_BY_LIMIT;
	if (run->scenario->verify.level == MH_VERIFY_OFF)
		operation.write.after_known = false; /* then nothing is held against it */
	judge(phase, &operation, fault);
	mh_kernel_driver_done(&phase->driver, operation.write.error);
	run->sequence++;
	return run->end == MH_RUN_ENDED;
}

static void look_at_limits(struct phase *phase, uint64_t now_ns)
{
	struct mh_kernel_run *run = phase->run;

	if (run->request->run->signal && *run->request->run->signal) {
		run->end = MH_RUN_ENDED_BY_SIGNAL;
		mh_result_raise_status(run->result, MH_RUN_ABORTED);
		(void)mh_result_add_status_reason(run->result, "ended by signal %d in phase '%s'",
						  (int)*run->request->run->signal, phase->scenario->name);
	} else if (now_ns - run->begin_ns > run->limit_ns) {
		run->end = MH_RUN_ENDED_BY_LIMIT;
		mh_result_raise_status(run->result, MH_RUN_ABORTED);
		(void)mh_result_add_status_reason(run->result, "limits.max_duration ended it in phase '%s'",
						  phase->scenario->name);
	}
}

static bool is_over(struct phase *phase)
{
	const struct mh_scenario_phase *scenario = phase->scenario;
	const uint64_t now_ns = mh_clock_monotonic_ns(), spent_ns = now_ns - phase->begin_ns;

	look_at_limits(phase, now_ns);
	if (phase->run->end != MH_RUN_ENDED)
		return true;
	if (scenario->for_ns)
		return spent_ns >= scenario->for_ns;
	if (phase->run->sequence == scenario->ops)
		return true;
	phase->cut = scenario->max_ns && spent_ns >= scenario->max_ns;
	return phase->cut;
}

static void report(struct phase *phase)
{
	struct mh_kernel_run *run = phase->run;
	const struct mh_scenario_workload *scenario = &run->scenario->workloads[phase->workload];
	const double seconds = (double)(phase->end_ns - phase->begin_ns) / 1e9;
	struct mh_result_phase *of = mh_result_add_phase(run->result);
	struct mh_result_workload *workload;

	if (!of)
		return;
	of->name = mh_result_text(run->result, phase->scenario->name);
	of->role = mh_scenario_role_names[phase->scenario->role];
	of->t0_ns = phase->begin_ns - run->begin_ns;
	of->t1_ns = phase->end_ns - run->begin_ns;
	of->recovery_ns = MH_NOT_AVAILABLE;
	workload = mh_result_add_workload(run->result, of);
	if (!workload)
		return;
	workload->name = mh_result_text(run->result, scenario->name);
	workload->kind = scenario->kind->name;
	workload->threads = 1;
	workload->threads_ns = (int64_t)(phase->end_ns - phase->begin_ns);
	workload->ops = phase->ops;
	workload->achieved_rate = seconds > 0 ? (double)mh_result_ops_total(&phase->ops) / seconds : 0;
	(void)mh_result_add_cpu(run->result, workload, MH_NOT_AVAILABLE);
	if (phase->cut) {
		mh_result_raise_status(run->result, MH_RUN_INVALID);
		(void)mh_result_add_status_reason(
			run->result, "phase '%s' ended by its `max` before its `ops` were done", phase->scenario->name);
	}
	if (phase->recorded)
		mh_kernel_recording_report(&run->recording, phase->scenario->name, of->t0_ns, of->t1_ns, run->result,
					   &run->hlog);
}

/* A phase begins at home, but for one that keeps what the phase before has left. */
static int go_home(struct mh_kernel_run *run)
{
	for (size_t i = 0; i < run->blocks.count; i++) {
		const struct mh_kernel_home home = mh_kernel_home_of(&run->blocks.items[i]);
		int ret = mh_kernel_home_return(run->tree, &home, &run->deadline, run->reterr);

		if (ret < 0)
			return ret;
	}
	return 0;
}

static int begin(struct phase *phase)
{
	struct mh_kernel_run *run = phase->run;
	char stream[192];
	int ret = phase->scenario->keep_state ? 0 : go_home(run);

	if (ret < 0)
		return ret;
	snprintf(stream, sizeof(stream), "kernel/%s/%s", phase->scenario->name,
		 run->scenario->workloads[phase->workload].name);
	phase->stream = mh_rng_key(run->seed, stream, phase->index);
	ret = mh_kernel_driver_init(&phase->driver, &run->scenario->workloads[phase->workload], &run->blocks,
				    phase->stream);
	if (ret == 0)
		ret = mh_kernel_injection_begin(&run->injection);
	if (ret < 0)
		return mh_error_set(run->reterr, ret, "no memory for phase '%s'", phase->scenario->name);
	return mh_kernel_driver_look(&phase->driver, run->tree, run->reterr);
}

int mh_kernel_phase_execute(struct mh_kernel_run *run, size_t index)
{
	struct phase phase = {
		.run = run,
		.index = index,
		.scenario = &run->scenario->phases[index],
		.workload = run->plan.drivers[index],
		.recorded = mh_scenario_phase_is_recorded(&run->scenario->phases[index]),
	};
	int ret = begin(&phase);

	run->sequence = 0;
	if (run->watches && ret == 0)
		(void)mh_kernel_watch_take(&run->watch, NULL); /* what going home has left */
	mh_kernel_recording_clear(&run->recording);
	phase.begin_ns = mh_clock_monotonic_ns();
	while (ret == 0 && !is_over(&phase) && step(&phase))
		;
	phase.end_ns = mh_clock_monotonic_ns();
	if (ret == 0)
		report(&phase);
	mh_kernel_driver_release(&phase.driver);
	return ret;
}
