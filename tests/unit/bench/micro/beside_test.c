/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thread beside a benchmark works from start to stop, on another CPU. */
#include <criterion/criterion.h>

#include "bench/micro/beside.h"

struct watched {
	atomic_uint turns;
	int cpu;
	bool began, ended;
};

static void begin(void *data)
{
	struct watched *watched = data;

	watched->began = true;
	watched->cpu = mh_thread_bound_cpu();
}

static void turn(void *data)
{
	atomic_fetch_add_explicit(&((struct watched *)data)->turns, 1, memory_order_relaxed);
}

static void end(void *data)
{
	((struct watched *)data)->ended = true;
}

Test(beside, works_from_start_to_stop)
{
	struct watched watched = {.cpu = -1};
	struct mh_beside beside = {.turn = turn, .begin = begin, .end = end, .data = &watched};
	struct mh_error error = {.text = ""};
	int ret = mh_beside_start(&beside, &error);

	if (mh_thread_cpu_count() < 2) {
		cr_expect_lt(ret, 0);
		return;
	}
	cr_assert_eq(ret, 0, "%s", error.text);
	cr_expect(watched.began);
	cr_expect_geq(watched.cpu, 0);
	while (atomic_load_explicit(&watched.turns, memory_order_relaxed) < 10)
		;
	mh_beside_stop(&beside);
	cr_expect(watched.ended);
}
