/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where and with what benchmarks were measured. */
#ifndef BENCH_MICRO_CONTEXT_H
#define BENCH_MICRO_CONTEXT_H

#include <stdio.h>

#include "base/text.h"
#include "bench/micro/probe.h"
#include "bench/micro/settings.h"
#include "bench/micro/timer.h"
#include "results/environment.h"
#include "results/json_put.h"

struct mh_micro_context {
	const struct mh_micro_settings *settings;
	const struct mh_timer *timer;
	const char *version;       /* of the program */
	const char *not_available; /* perf counters that are not: a line each; "": none */
	struct mh_environment environment;
	struct mh_core_probe core; /* before the first benchmark */
	char date[40];             /* UTC */
};

/* Reads the host and probes the core. What is not written here the caller sets. */
void mh_micro_context_read(struct mh_micro_context *context, const struct mh_timer *timer);

/* As Google Benchmark heads its console's output; to be shown on stderr. */
void mh_micro_context_describe(const struct mh_micro_context *context, struct mh_text *text);

/* The object "context" of its JSON. */
void mh_micro_context_put(const struct mh_micro_context *context, struct mh_json_put *put, json_t *object);

#endif
