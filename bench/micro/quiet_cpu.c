/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/micro/quiet_cpu.h"

#include <stdlib.h>

#include "base/thread.h"
#include "bench/micro/probe.h"

#define CPUS_TRIED_MAX 16

struct trial {
	const struct mh_clock *clock;
	struct mh_core_probe probe;
};

static void run(void *data)
{
	struct trial *trial = data;

	mh_core_probe(trial->clock, &trial->probe);
}

int mh_quiet_cpu(const struct mh_clock *clock)
{
	unsigned *cpus;
	size_t count;
	int quiet = -1;
	double best_ns = 0;

	if (mh_thread_cpus(&cpus, &count) < 0)
		return -1;
	for (size_t i = 0; i < count && i < CPUS_TRIED_MAX; i++) {
		struct trial trial = {.clock = clock};
		struct mh_thread thread;

		if (mh_thread_start(&thread, "probe", (int)cpus[i], run, &trial, NULL) < 0)
			continue;
		mh_thread_join(&thread);
		if (quiet >= 0 && trial.probe.loop_ns >= best_ns)
			continue;
		quiet = (int)cpus[i];
		best_ns = trial.probe.loop_ns;
	}
	free(cpus);
	return quiet;
}
