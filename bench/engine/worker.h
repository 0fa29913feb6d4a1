/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One thread of one workload in one phase, and the one loop that measures: intended start, start, step, done, record.
 *
 * Legal order, by the phase's controlling thread: mh_worker_open, mh_worker_start, (read published numbers), set the
 * phase's stop flag, mh_worker_join, mh_worker_close. What the worker writes while it runs stands on lines of its own.
 */
#ifndef BENCH_ENGINE_WORKER_H
#define BENCH_ENGINE_WORKER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/assert.h"
#include "base/crash.h"
#include "base/hw_count.h"
#include "base/line.h"
#include "base/sync.h"
#include "base/thread.h"
#include "bench/engine/class.h"
#include "bench/engine/exemplar.h"
#include "bench/engine/history.h"
#include "bench/engine/pace.h"
#include "bench/engine/scenario.h"
#include "bench/engine/series.h"
#include "bench/engine/tally.h"
#include "core/machine.h"
#include "faults/arm.h"
#include "results/recorder.h"
#include "workloads/workload.h"

#define MH_QUOTA_NONE UINT64_MAX

/* What all workers of a phase share and only read. */
struct mh_phase_shared {
	struct mh_machine *machine;
	const struct mh_clock *clock;
	const struct mh_scenario *scenario;
	const struct mh_series *series;
	struct mh_fault_set *faults; /* NULL: none armed */
	bool follows_blocks;         /* mh_fault_set_follows_blocks */
	struct mh_scars *scars;      /* NULL: all operations are clean, and recorded in the wholes */
	bool recorded;
	unsigned phase;                       /* index */
	uint64_t seed;                        /* of the run */
	uint64_t deadline_ticks;              /* verify.deadline; 0: none */
	struct mh_history_file *history_file; /* verify.history: file; NULL: a ring, or none */
	atomic_bool stop;                     /* no further operation is begun */
	atomic_bool cut_short;                /* the phase ended before its time: by a signal or a limit */
	atomic_bool signal;                   /* operations under way get a simulated signal */
	struct mh_mutex gate;                 /* guards ready and open */
	struct mh_condition ready_changed, opened;
	unsigned ready;        /* workers that have begun */
	bool open;             /* workers may start */
	uint64_t origin_ticks; /* when they were let go */
};

struct mh_worker_run {
	struct mh_phase_shared *shared;
	struct mh_worker worker;
	struct mh_operation operation;
	struct mh_trace trace;
	struct mh_pace pace;
	struct mh_recorder recorder;
	struct mh_history history;
	struct mh_tally tally;
	struct mh_exemplars exemplars;
	struct mh_workload_series series;
	const struct mh_scenario_workload *workload;
	unsigned workload_index;
	uint64_t quota;                    /* operations, or MH_QUOTA_NONE */
	uint64_t timed_left;               /* until the next operation that is timed; that one too */
	uint64_t strata;                   /* spans of record.sample operations of which the timed one was chosen */
	enum mh_stamp_level level;         /* of the trace of an operation that is timed */
	bool timed;                        /* the running operation: its times are recorded */
	uint64_t last_done;                /* ticks at which the last operation ended; 0: not read */
	bool needs_end;                    /* every operation's end is read, whether it is timed or not */
	uint64_t begun_ticks, ended_ticks; /* of its loop, once it was scheduled; 0: not yet */
	uint64_t pending;                  /* arrivals that were due at the end of a phase and not served */
	uint64_t ok, fail, expected_fail, unexpected;
	uint64_t already;      /* of ok: the block was in the wanted state */
	bool started;          /* the thread was made */
	bool marks;            /* base/switch_mark.h works in it, and is of use */
	int error;             /* of thread_begin */
	int cpu;               /* to be bound to, or -1 */
	int bound;             /* what the kernel says it is bound to alone, or -1; read back by the thread */
	int ran_on;            /* the CPU it found itself on then */
	struct mh_hw_count hw; /* over its loop; record.hw only */
	bool killed;           /* by a fault: its thread ended, and what it held is held until mh_worker_bury */
	mh_crash crash;
	struct mh_thread thread;

	_Alignas(MH_LINE_BYTES) _Atomic uint64_t done; /* operations completed */
	_Atomic uint64_t failed, fired;                /* for the progress line */
	_Atomic uint64_t busy_since;                   /* ticks at which the running operation started; 0: none */
	atomic_bool finished;                          /* the loop has ended */
};

/* What a worker writes while others look at it, and two workers beside each other in an array. */
MH_STATIC_ASSERT(sizeof(struct mh_worker_run) % MH_LINE_BYTES == 0, "workers share no line");
MH_STATIC_ASSERT(offsetof(struct mh_worker_run, done) % MH_LINE_BYTES == 0, "what is published is apart");
MH_STATIC_ASSERT(offsetof(struct mh_worker_run, recorder) % MH_LINE_BYTES == 0 &&
			 sizeof(struct mh_recorder) % MH_LINE_BYTES == 0,
		 "what a recorder hands over is apart from all else");

struct mh_worker_config {
	struct mh_phase_shared *shared;
	struct mh_workload *workload;
	unsigned workload_index, worker_index;
	uint64_t quota;
	double rate, rate_from; /* of this worker */
	int cpu;
};

/* Memory and all that can fail: nothing is allocated from here to close. 0, or -errno with a sentence. */
int mh_worker_open(struct mh_worker_run *run, const struct mh_worker_config *config, struct mh_error *reterr);
int mh_worker_start(struct mh_worker_run *run, struct mh_error *reterr);
void mh_worker_join(struct mh_worker_run *run);
/* Gives back what a killed worker held; after all are joined, in a thread that is no reader of the chain. */
void mh_worker_bury(struct mh_worker_run *run);
void mh_worker_close(struct mh_worker_run *run);

#endif
