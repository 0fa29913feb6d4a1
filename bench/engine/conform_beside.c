/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread that begins in their order what is due beside an operation. What may wait for the operation (another
 * operation, a registration) gets a thread of its own; the rest is done at once.
 */
#include "bench/engine/conform_beside.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "bench/engine/conform_replay.h"

#define QUIET_NS     UINT64_C(30000000) /* nothing heard for so long: the operation waits for something */
#define TRACE_STAMPS 4096

struct mh_conform_task {
	struct mh_conform_replay *replay;
	const struct mh_conform_control *control;
	struct mh_thread thread;
	bool threaded;
	atomic_bool running; /* its thread has begun; before it waits for anything */
	atomic_bool done;    /* it waits for nothing any more */
	int result;          /* positive errno; after the thread was joined */
};

static void task_operate(struct mh_conform_task *task)
{
	const struct mh_conform_control *control = task->control;
	struct mh_operation operation;
	struct mh_trace trace;
	int64_t ret = mh_trace_init(&trace, TRACE_STAMPS, MH_STAMPS_NONE, task->replay->clock);

	if (ret == 0) {
		mh_conform_operation_begin(task->replay, &operation, &trace);
		operation.signal = NULL; /* it is another thread's */
		ret = mh_conform_write_state(task->replay, &operation, control->block, control->value,
					     strlen(control->value));
		mh_trace_release(&trace);
	}
	task->result = ret < 0 ? (int)-ret : 0;
}

static void task_run(void *data)
{
	struct mh_conform_task *task = data;

	atomic_store_explicit(&task->running, true, memory_order_relaxed);
	if (task->control->word == MH_CONFORM_OP)
		task_operate(task);
	else
		task->result = mh_conform_control_do(task->replay, task->control);
	atomic_store_explicit(&task->done, true, memory_order_relaxed);
}

static bool changes_chain(enum mh_conform_word word)
{
	return word >= MH_CONFORM_ADD && word <= MH_CONFORM_NDUP;
}

/* A registration that a walk keeps waiting must stand in line before the walk may end: else the next walk could be
 * first, which with the kernel's lock it cannot. One that is done never stood there, or stands no more. */
static void wait_until_in_line(const struct mh_conform_task *task)
{
	const bool nodes = task->control->word >= MH_CONFORM_NADD;
	struct mh_machine *machine = task->replay->machine;
	struct mh_chain *chain = nodes ? mh_machine_node_chain(machine) : mh_machine_chain(machine);

	for (uint64_t turns = 0; turns < 1000 && chain && !mh_chain_change_waits(chain) &&
				 !atomic_load_explicit(&task->done, memory_order_relaxed);
	     turns++)
		mh_sleep_ns(20000);
}

static void task_start(struct mh_conform_task *task)
{
	struct mh_error error;

	task->threaded = mh_thread_start(&task->thread, "beside", -1, task_run, task, &error) == 0;
	if (!task->threaded) {
		task->result = EAGAIN;
		return;
	}
	while (!atomic_load_explicit(&task->running, memory_order_relaxed))
		mh_yield();
	if (changes_chain(task->control->word))
		wait_until_in_line(task);
}

static void signal_send(struct mh_conform_besides *besides, int number)
{
	mh_mutex_lock(&besides->lock);
	besides->killed |= number == SIGKILL;
	mh_mutex_unlock(&besides->lock);
	atomic_store_explicit(&besides->replay->signal, true, memory_order_relaxed);
}

static void task_begin(struct mh_conform_besides *besides, size_t index)
{
	struct mh_conform_task *task = &besides->tasks[index];

	task->replay = besides->replay;
	task->control = &besides->recorded->beside[index].control;
	if (task->control->word == MH_CONFORM_SIG)
		signal_send(besides, task->control->signal);
	else if (task->control->word == MH_CONFORM_OP || changes_chain(task->control->word))
		task_start(task);
	else
		task->result = mh_conform_control_do(besides->replay, task->control);
}

/* Waits until the next entry is due. False: the operation has returned before. */
static bool wait_until_due(struct mh_conform_besides *besides)
{
	const uint64_t due_ms = besides->recorded->beside[besides->begun].after_ms;
	size_t heard = mh_conform_log_count(&besides->replay->log);

	while (besides->now_ms < due_ms && !besides->ended) {
		bool told = mh_condition_wait_for(&besides->changed, &besides->lock, QUIET_NS);
		size_t count = mh_conform_log_count(&besides->replay->log);

		if (!told && !besides->paused && !besides->ended && count == heard)
			besides->now_ms = due_ms;
		heard = count;
	}
	return besides->now_ms >= due_ms;
}

/* What is done after the operation has returned: what was recorded as done, but a signal finds nobody any more. */
static bool is_done_late(const struct mh_conform_beside *entry)
{
	return entry->fired && entry->control.word != MH_CONFORM_SIG;
}

static void begin_all(void *data)
{
	struct mh_conform_besides *besides = data;

	mh_mutex_lock(&besides->lock);
	while (besides->begun < besides->recorded->beside_count) {
		bool due = wait_until_due(besides);

		mh_mutex_unlock(&besides->lock);
		if (due || is_done_late(&besides->recorded->beside[besides->begun]))
			task_begin(besides, besides->begun);
		mh_mutex_lock(&besides->lock);
		besides->begun++;
		mh_condition_broadcast(&besides->changed);
	}
	mh_mutex_unlock(&besides->lock);
}

int mh_conform_besides_begin(struct mh_conform_besides *besides, struct mh_conform_replay *replay,
			     const struct mh_conform_operation *recorded, struct mh_error *reterr)
{
	int ret;

	*besides = (struct mh_conform_besides){.replay = replay, .recorded = recorded};
	besides->tasks = calloc(recorded->beside_count + 1, sizeof(*besides->tasks));
	if (!besides->tasks)
		return mh_error_set(reterr, -ENOMEM, "no memory");
	mh_mutex_init(&besides->lock);
	mh_condition_init(&besides->changed);
	ret = mh_thread_start(&besides->thread, "besides", -1, begin_all, besides, reterr);
	if (ret == 0)
		return 0;
	mh_condition_release(&besides->changed);
	mh_mutex_release(&besides->lock);
	free(besides->tasks);
	return ret;
}

/* Whether something is due by now that has not begun yet; besides->lock is held. */
static bool is_behind(const struct mh_conform_besides *besides)
{
	return besides->begun < besides->recorded->beside_count &&
	       besides->recorded->beside[besides->begun].after_ms <= besides->now_ms;
}

void mh_conform_besides_pause(struct mh_conform_besides *besides, uint64_t delay_ms)
{
	mh_mutex_lock(&besides->lock);
	besides->now_ms += delay_ms;
	besides->paused++;
	mh_condition_broadcast(&besides->changed);
	while (is_behind(besides))
		mh_condition_wait(&besides->changed, &besides->lock);
	besides->paused--;
	mh_mutex_unlock(&besides->lock);
}

void mh_conform_besides_end(struct mh_conform_besides *besides)
{
	mh_mutex_lock(&besides->lock);
	besides->ended = true;
	mh_condition_broadcast(&besides->changed);
	mh_mutex_unlock(&besides->lock);
	mh_thread_join(&besides->thread);
	for (size_t i = 0; i < besides->recorded->beside_count; i++)
		if (besides->tasks[i].threaded)
			mh_thread_join(&besides->tasks[i].thread);
}

json_t *mh_conform_besides_results(const struct mh_conform_besides *besides)
{
	json_t *list = json_array();

	for (size_t i = 0; i < besides->recorded->beside_count; i++)
		if (besides->recorded->beside[i].fired)
			json_array_append_new(list, json_integer(besides->tasks[i].result));
	return list;
}

void mh_conform_besides_release(struct mh_conform_besides *besides)
{
	mh_condition_release(&besides->changed);
	mh_mutex_release(&besides->lock);
	free(besides->tasks);
}
