/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cycle of an empty block with what a run adds to it: the time of each operation recorded, or a stamp an event and
 * each step recorded, as bench/engine does with record.stamps: op and event; and beside a thread that replaces pages of
 * the same node at random, so that offlines drain its lists and some blocks are not empty; and such a drain alone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/micro/beside.h"
#include "bench/micro/bench_list.h"
#include "bench/micro/cycle_machine.h"
#include "bench/micro/state.h"
#include "core/pcp.h"
#include "results/recorder.h"

#define BLOCKS 1024
#define LIVE   4096u /* pages; a power of two */
#define DIGITS 2

enum series { OFFLINE, ONLINE, LOCK, WALK, DRAIN, MIGRATE, GRACE, SERIES };
static const char *const series_names[SERIES] = {"offline", "online", "lock", "walk", "drain", "migrate", "grace"};

struct busy {
	struct mh_clock clock;
	struct mh_cycle_machine machine;
	struct mh_cycle cycle;
	struct mh_series_table table;
	struct mh_recorder recorder;
	/* The other thread's: */
	struct mh_beside beside;
	struct mh_cpu *cpu;
	uint32_t count, place;
	mh_handle handles[LIVE];
};

static void replace(void *data)
{
	struct busy *busy = data;
	struct mh_page_request request = {.kind = MH_PAGE_MOVABLE};
	mh_handle *handle = &busy->handles[busy->place];

	mh_page_free(busy->machine.machine, busy->cpu, handle);
	MH_ASSERT(mh_page_alloc(busy->machine.machine, busy->cpu, &request, handle) == 0);
	busy->place = (busy->place * 0x5bd1e995u + 0x3c6ef35fu) & (LIVE - 1);
}

static void enter(void *data)
{
	mh_cpu_enter(((struct busy *)data)->cpu);
}

static void leave(void *data)
{
	mh_cpu_leave(((struct busy *)data)->cpu);
}

static int take_pages(struct busy *busy)
{
	struct mh_page_request request = {.kind = MH_PAGE_MOVABLE};
	int ret = mh_cpu_new(busy->machine.machine, &busy->cpu);

	if (ret < 0)
		return ret;
	mh_cpu_enter(busy->cpu);
	while (ret == 0 && busy->count < LIVE) {
		ret = mh_page_alloc(busy->machine.machine, busy->cpu, &request, &busy->handles[busy->count]);
		busy->count += ret == 0;
	}
	mh_cpu_leave(busy->cpu);
	busy->beside = (struct mh_beside){.turn = replace, .begin = enter, .end = leave, .data = busy};
	return ret;
}

static void busy_free(struct busy *busy)
{
	if (busy->cpu) {
		mh_cpu_enter(busy->cpu);
		while (busy->count)
			mh_page_free(busy->machine.machine, busy->cpu, &busy->handles[--busy->count]);
		mh_cpu_leave(busy->cpu);
		mh_cpu_free(busy->machine.machine, busy->cpu);
	}
	mh_cycle_release(&busy->cycle);
	mh_recorder_release(&busy->recorder);
	mh_series_table_release(&busy->table);
	mh_cycle_machine_release(&busy->machine);
	free(busy);
}

static int make_recorder(struct busy *busy, struct mh_error *reterr)
{
	int ret = 0;

	mh_series_table_init(&busy->table, MH_HISTOGRAM_HOUR_NS);
	for (unsigned i = 0; i < SERIES && ret >= 0; i++)
		ret = mh_series_table_add(&busy->table, series_names[i], DIGITS, reterr);
	return ret < 0 ? ret : mh_recorder_init(&busy->recorder, &busy->table, reterr);
}

static int make(struct busy *busy, enum mh_stamp_level level, bool allocating, struct mh_error *reterr)
{
	const struct mh_cycle_machine_config config = {
		.node_blocks = BLOCKS,
		.by_page = true,
		.clock = &busy->clock,
	};
	int ret;

	mh_clock_init(&busy->clock, MH_CLOCK_TSC);
	ret = mh_cycle_machine_init(&busy->machine, &config, reterr);
	if (ret == 0)
		ret = make_recorder(busy, reterr);
	if (ret == 0)
		ret = mh_cycle_init(&busy->cycle, &busy->machine, 0, level);
	return ret < 0 || !allocating ? ret : take_pages(busy);
}

static void set_up(struct memhp_bench_state *state, enum mh_stamp_level level, bool allocating)
{
	struct mh_error error = {.text = "no memory for a cycle"};
	struct busy *busy = aligned_alloc(128, sizeof(*busy));

	if (busy)
		memset(busy, 0, sizeof(*busy));
	if (busy && make(busy, level, allocating, &error) == 0) {
		memhp_bench_set_data(state, busy);
		return;
	}
	if (busy)
		busy_free(busy);
	memhp_bench_skip(state, "%s", error.text);
}

static void set_up_operations(struct memhp_bench_state *state)
{
	set_up(state, MH_STAMPS_OP, false);
}

static void set_up_events(struct memhp_bench_state *state)
{
	set_up(state, MH_STAMPS_EVENT, false);
}

static void set_up_allocating(struct memhp_bench_state *state)
{
	if (mh_thread_cpu_count() < 2)
		memhp_bench_skip(state, "one CPU: the thread beside it needs another");
	else
		set_up(state, MH_STAMPS_NONE, true);
}

static void tear_down(struct memhp_bench_state *state)
{
	struct busy *busy = memhp_bench_data(state);

	MH_ASSERT(mh_check_machine(busy->machine.machine) == 0);
	busy_free(busy);
}

static inline void record(struct busy *busy, enum series series, uint64_t from, uint64_t to)
{
	(void)mh_recorder_record(&busy->recorder, series, mh_clock_ns(&busy->clock, to - from));
}

/* As the engine turns a trace into values. */
static void record_steps(struct busy *busy, uint64_t start)
{
	const struct mh_trace *trace = &busy->cycle.trace;
	uint64_t last = start, walk = start;

	for (uint32_t i = 0; i < trace->count; i++) {
		const struct mh_stamp *stamp = &trace->stamps[i];

		if (stamp->kind == MH_STAMP_LOCKED)
			record(busy, LOCK, start, stamp->ticks);
		else if (stamp->kind == MH_STAMP_WALK_BEGIN)
			walk = stamp->ticks;
		else if (stamp->kind == MH_STAMP_WALK_END)
			record(busy, WALK, walk, stamp->ticks);
		else if (stamp->kind == MH_STAMP_DRAINED)
			record(busy, DRAIN, last, stamp->ticks);
		else if (stamp->kind == MH_STAMP_MIGRATED)
			record(busy, MIGRATE, last, stamp->ticks);
		else if (stamp->kind == MH_STAMP_GRACE_END)
			record(busy, GRACE, last, stamp->ticks);
		last = stamp->ticks;
	}
}

/* One block, two operations, a reading of the clock between and at both ends; then the next. */
static inline void cycle_recorded(struct busy *busy, bool steps)
{
	struct mh_cycle *cycle = &busy->cycle;
	uint64_t begin = mh_clock_ticks(&busy->clock), middle, end;

	MH_ASSERT(mh_cycle_offline(cycle) == 0);
	middle = mh_clock_ticks(&busy->clock);
	record(busy, OFFLINE, begin, middle);
	if (steps) {
		record_steps(busy, begin);
		middle = mh_clock_ticks(&busy->clock); /* what recording took is not the next one's */
	}
	MH_ASSERT(mh_cycle_online(cycle) == 0);
	end = mh_clock_ticks(&busy->clock);
	record(busy, ONLINE, middle, end);
	if (steps)
		record_steps(busy, middle);
	cycle->next = mh_cycle_next(cycle);
}

static void run_operations(struct memhp_bench_state *state)
{
	struct busy *busy = memhp_bench_data(state);
	struct mh_rcu_domain *domain = &mh_machine_chain(busy->machine.machine)->rcu;

	mh_rcu_thread_enter(domain);
	MEMHP_BENCH_LOOP(state)
	cycle_recorded(busy, false);
	mh_rcu_thread_leave(domain);
}

static void run_events(struct memhp_bench_state *state)
{
	struct busy *busy = memhp_bench_data(state);
	struct mh_rcu_domain *domain = &mh_machine_chain(busy->machine.machine)->rcu;

	mh_rcu_thread_enter(domain);
	MEMHP_BENCH_LOOP(state)
	cycle_recorded(busy, true);
	mh_rcu_thread_leave(domain);
}

static void begin_beside(struct busy *busy)
{
	struct mh_error error;

	if (mh_beside_start(&busy->beside, &error) < 0)
		abort(); /* its CPU was there when the set-up asked */
}

static void end_beside(struct memhp_bench_state *state, struct busy *busy)
{
	mh_beside_stop(&busy->beside);
	if (busy->beside.preempted)
		mh_state_note_preemption(state);
}

static void run_allocating(struct memhp_bench_state *state)
{
	struct busy *busy = memhp_bench_data(state);
	struct mh_rcu_domain *domain = &mh_machine_chain(busy->machine.machine)->rcu;

	begin_beside(busy);
	mh_rcu_thread_enter(domain);
	MEMHP_BENCH_LOOP(state)
	mh_cycle_once(&busy->cycle);
	mh_rcu_thread_leave(domain);
	end_beside(state, busy);
}

/* The thread beside is inside its gate: it answers at its next allocation or free, and takes units from the zone again.
 */
static void run_draining(struct memhp_bench_state *state)
{
	struct busy *busy = memhp_bench_data(state);

	begin_beside(busy);
	MEMHP_BENCH_LOOP(state)
	mh_pcp_drain_all(busy->machine.machine);
	end_beside(state, busy);
}

#define BUSY(noun) .name = "busy/" #noun, .run = run_##noun, .set_up = set_up_##noun, .tear_down = tear_down

const struct memhp_bench mh_benches_busy[] = {
	{BUSY(operations)},
	{BUSY(events)},
	{BUSY(allocating), .real_time = true},
	{.name = "busy/draining",
	 .run = run_draining,
	 .set_up = set_up_allocating,
	 .tear_down = tear_down,
	 .real_time = true},
	{0},
};
