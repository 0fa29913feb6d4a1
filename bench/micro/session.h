/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running what was selected, in order or interleaved, and the ratios; every result goes to the sinks as it comes. */
#ifndef BENCH_MICRO_SESSION_H
#define BENCH_MICRO_SESSION_H

#include <signal.h>

#include "base/error.h"
#include "bench/micro/context.h"
#include "bench/micro/filter.h"
#include "bench/micro/settings.h"
#include "bench/micro/sink.h"

#define MH_SINKS_MAX 2

struct mh_micro_session {
	const struct mh_micro_settings *settings;
	const struct mh_instances *instances; /* among which the names of ratios are found */
	const struct mh_selection *selection; /* may be empty */
	const struct mh_micro_context *context;
	struct mh_sink *sinks;
	unsigned sink_count;
	const volatile sig_atomic_t *stop; /* may be NULL */
	uint64_t seed;                     /* of shuffled orders */
	/* Called with each sentence that somebody must see. */
	void (*warn)(const char *name, const char *sentence);
	/* Out: */
	unsigned skipped; /* benchmarks and ratios that have no result */
	struct mh_core_watch core;
};

/* Between the begin and the end of the sinks. Return: 0; -EINTR stopped; -ENOMEM, -EAGAIN with a sentence. */
int mh_micro_session_run(struct mh_micro_session *session, struct mh_error *reterr);

/* -ENOENT: a ratio is of a benchmark that there is not. */
int mh_micro_session_check(const struct mh_micro_settings *settings, const struct mh_instances *instances,
			   struct mh_error *reterr);

#endif
