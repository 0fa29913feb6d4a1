/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Concurrency Kit's epochs around a walk over an array, for orientation beside the kinds of chains. A file of
 * benchmarks of its own, built where the library is installed; no part of memhp-bench.
 *
 * The records outlive the threads: one in memory that was freed corrupts the list that a grace period walks.
 */
#include <stdlib.h>

#include <ck_epoch.h>

#include <memhp/bench.h>

#include "bench/micro/callbacks.h"

struct array {
	unsigned count;
	notifier_fn_t calls[];
};

struct protected_array {
	ck_epoch_t epoch;
	struct array *array;
	ck_epoch_record_t records[2]; /* one a thread */
};

static void set_up(struct memhp_bench_state *state)
{
	unsigned count = (unsigned)memhp_bench_arg(state, 0);
	struct protected_array *made = aligned_alloc(64, (sizeof(*made) + 63) / 64 * 64);
	struct array *array = malloc(sizeof(*array) + count * sizeof(array->calls[0]));

	if (!made || !array) {
		free(made);
		free(array);
		memhp_bench_skip(state, "no memory for an array of %u callbacks", count);
		return;
	}
	ck_epoch_init(&made->epoch);
	for (unsigned i = 0; i < 2; i++)
		ck_epoch_register(&made->epoch, &made->records[i], NULL);
	array->count = count;
	for (unsigned i = 0; i < count; i++)
		array->calls[i] = mh_callback_of(i);
	made->array = array;
	memhp_bench_set_data(state, made);
}

static void tear_down(struct memhp_bench_state *state)
{
	struct protected_array *made = memhp_bench_data(state);

	free(made->array);
	free(made);
}

static __attribute__((noinline)) int walk(struct protected_array *made, ck_epoch_record_t *record, unsigned long action,
					  void *data)
{
	const struct array *array;
	int value = NOTIFY_DONE;

	ck_epoch_begin(record, NULL);
	array = ck_pr_load_ptr(&made->array);
	for (unsigned i = 0; i < array->count; i++)
		value = array->calls[i](NULL, action, data);
	ck_epoch_end(record, NULL);
	return value;
}

static void run(struct memhp_bench_state *state)
{
	struct protected_array *made = memhp_bench_data(state);
	ck_epoch_record_t *record = &made->records[memhp_bench_thread(state)];
	const unsigned long action = memhp_bench_iterations(state); /* no constant */

	MEMHP_BENCH_LOOP(state)
	(void)walk(made, record, action, made);
}

static const struct memhp_bench benches[] = {
	{.name = "rival/ck_epoch",
	 .run = run,
	 .set_up = set_up,
	 .tear_down = tear_down,
	 .args = {MEMHP_BENCH_VALUES("listeners", 0, 1, 3, 10, 100, 1000)}},
	{.name = "rival/ck_epoch",
	 .run = run,
	 .set_up = set_up,
	 .tear_down = tear_down,
	 .args = {MEMHP_BENCH_VALUES("listeners", 3)},
	 .threads_min = 2,
	 .threads_max = 2},
	{0},
};

MEMHP_BENCHMARKS(benches)
