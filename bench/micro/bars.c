/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of bars. A row's words for B1 to B6 stand in docs/performance.md, and why each can be asked for.
 *
 * To add one: the instances it compares in a file of benchmarks (bench_list.h), a row here, its id in the list of
 * tests/unit/bench/micro/bars_test.c.
 */
#include "bench/micro/bar.h"
#include "bench/micro/bar_figures.h"

#define RATIO(of_it, to_it) .kind = MH_BAR_RATIO, .of = (of_it), .to = (to_it)
#define AT_MOST(value)      .bar = (value)
#define AT_LEAST(value)     .at_least = true, .bar = (value)

const struct mh_bar mh_bars[] = {
	/* A walk against the calls alone. */
	{.id = "B1a", RATIO("chain/memb/listeners:3", "chain/bare/listeners:3"), AT_MOST(1.30)},
	{.id = "B1a-qsbr", RATIO("chain/qsbr/listeners:3", "chain/bare/listeners:3"), AT_MOST(1.30)},
	{.id = "B1a-2", RATIO("chain/memb/listeners:3/threads:2", "chain/bare/listeners:3/threads:2"), AT_MOST(1.35)},
	{.id = "B1b-10", RATIO("chain/memb/listeners:10", "chain/bare/listeners:10"), AT_MOST(1.15)},
	{.id = "B1b-100", RATIO("chain/memb/listeners:100", "chain/bare/listeners:100"), AT_MOST(1.10)},
	{.id = "B1b-1000", RATIO("chain/memb/listeners:1000", "chain/bare/listeners:1000"), AT_MOST(1.10)},
	{.id = "B1c", RATIO("chain/memb/listeners:0", "chain/bare/listeners:0"), AT_MOST(1.50)},

	/* Two readers: ns a call and thread. */
	{.id = "B1d", RATIO("chain/memb/listeners:3/threads:2", "chain/memb/listeners:3"), AT_MOST(1.15)},
	{.id = "B1d-rwlock",
	 RATIO("chain/rwlock/listeners:3/threads:2", "chain/memb/listeners:3/threads:2"),
	 AT_LEAST(4)},
	{.id = "B1d-mutex",
	 RATIO("chain/mutex/listeners:3/threads:2", "chain/memb/listeners:3/threads:2"),
	 AT_LEAST(5)},

	/* A reader while another thread changes the chain without pause. */
	{.id = "B1f-memb", RATIO("reader/memb/writers:1/real_time", "reader/memb/writers:0/real_time"), AT_MOST(3)},
	{.id = "B1f-qsbr", RATIO("reader/qsbr/writers:1/real_time", "reader/qsbr/writers:0/real_time"), AT_MOST(3)},
	{.id = "B1f-rwlock",
	 RATIO("reader/rwlock/writers:1/real_time", "reader/memb/writers:1/real_time"),
	 AT_LEAST(100)},

	/* Register and unregister against the one grace period in it. */
	{.id = "B1g-memb", RATIO("register/memb/readers:0/real_time", "grace/memb/readers:0/real_time"), AT_MOST(1.80)},
	{.id = "B1g-qsbr", RATIO("register/qsbr/readers:0/real_time", "grace/qsbr/readers:0/real_time"), AT_MOST(1.80)},
	{.id = "B1g-memb-reader",
	 RATIO("register/memb/readers:1/real_time", "grace/memb/readers:1/real_time"),
	 AT_MOST(1.80)},
	{.id = "B1g-qsbr-reader",
	 RATIO("register/qsbr/readers:1/real_time", "grace/qsbr/readers:1/real_time"),
	 AT_MOST(1.80)},

	/* Recording a latency. */
	{.id = "B2a", RATIO("record/inlined", "record/load"), AT_MOST(6)},
	{.id = "B2a-hdr", RATIO("record/inlined", "rival/hdr_record"), AT_MOST(0.35)},
	{.id = "B2a-call", RATIO("record/call", "rival/hdr_record"), AT_MOST(0.60)},
	{.id = "B2b", .kind = MH_BAR_FIGURE, .figure = mh_bar_histogram_kib, AT_MOST(40)},
	{.id = "B2b-touched", .kind = MH_BAR_FIGURE, .figure = mh_bar_histogram_touched_kib, AT_MOST(4)},
	{.id = "B2c", RATIO("record/stamp_pair", "rival/hdr_clock_pair"), .absent = "record/clock_pair", AT_MOST(0.65)},
	{.id = "B2c-chained",
	 RATIO("record/stamp_chained", "rival/hdr_clock_pair"),
	 .absent = "record/clock_pair",
	 AT_MOST(0.45)},

	/* Deciding whether a fault fires; and a cycle with one armed. */
	{.id = "B3a-drand48", RATIO("decision/sieved/ppb:1000000", "decision/drand48/ppb:1000000"), AT_MOST(0.25)},
	{.id = "B3a-rand", RATIO("decision/sieved/ppb:1000000", "decision/rand/ppb:1000000"), AT_MOST(0.25)},
	{.id = "B3b-0", RATIO("armed/veto/ppb:0", "armed/none"), AT_MOST(1.08)},
	{.id = "B3b-0.001", RATIO("armed/veto/ppb:1000000", "armed/none"), AT_MOST(1.10)},
	{.id = "B3c",
	 RATIO("decision/ten/ppb:1000000", "decision/keyed/ppb:1000000"),
	 .times = 0.1, /* the second stands for ten of them */
	 AT_MOST(0.20)},

	/* The harness itself. */
	{.id = "B6a", .kind = MH_BAR_FIGURE, .figure = mh_bar_empty_loop, AT_MOST(1.10)},
	{.id = "B6a-loop", .kind = MH_BAR_FIGURE, .figure = mh_bar_same_loop, AT_MOST(1.10)},
	{.id = "B6b-0.5", .kind = MH_BAR_FIGURE, .times = 0.5, .figure = mh_bar_wall_time, AT_MOST(1.25)},
	{.id = "B6b-0.1", .kind = MH_BAR_FIGURE, .times = 0.1, .figure = mh_bar_wall_time, AT_MOST(1.25)},
	{.id = "B6b-0.01", .kind = MH_BAR_FIGURE, .times = 0.01, .figure = mh_bar_wall_time, AT_MOST(1.25)},
	{0},
};
