/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/micro/context.h"

#include <string.h>
#include <time.h>

static void read_date(struct mh_micro_context *context)
{
	time_t now = (time_t)(mh_clock_unix_ns() / 1000000000u);
	struct tm utc;

	context->date[0] = '\0';
	if (gmtime_r(&now, &utc))
		strftime(context->date, sizeof(context->date), "%Y-%m-%dT%H:%M:%S+00:00", &utc);
}

void mh_micro_context_read(struct mh_micro_context *context, const struct mh_timer *timer)
{
	context->timer = timer;
	read_date(context);
	mh_environment_read(&context->environment);
	mh_core_probe(&timer->clock, &context->core);
}

static bool scales_frequency(const struct mh_environment *environment)
{
	return environment->governor[0] && strcmp(environment->governor, "performance") != 0;
}

static void describe_doubts(const struct mh_micro_context *context, struct mh_text *text)
{
	if (scales_frequency(&context->environment))
		mh_text_add(text, "warning: the governor '%s' changes the CPUs' frequency: times will be noisy\n",
			    context->environment.governor);
#ifndef NDEBUG
	mh_text_add(text, "warning: this is a debug build: its times are not those of a release\n");
#endif
	if (context->timer->clock.fell_back)
		mh_text_add(text, "warning: times are by CLOCK_MONOTONIC_RAW: %s\n",
			    context->timer->clock.fallback_reason);
	for (const char *at = context->not_available; *at;) {
		const size_t length = strcspn(at, "\n");

		mh_text_add(text, "warning: %.*s\n", (int)length, at);
		at += length + (at[length] == '\n');
	}
}

void mh_micro_context_describe(const struct mh_micro_context *context, struct mh_text *text)
{
	const struct mh_environment *environment = &context->environment;
	const struct mh_clock *clock = &context->timer->clock;

	mh_text_add(text, "%s\nRunning memhp-bench micro %s\n", context->date, context->version);
	mh_text_add(text, "Run on (%lld X %.0f MHz CPUs)\n", (long long)environment->nproc,
		    mh_core_probe_ghz(&context->core) * 1000);
	if (environment->load_avg_before[0] >= 0)
		mh_text_add(text, "Load Average: %.2f, %.2f, %.2f\n", environment->load_avg_before[0],
			    environment->load_avg_before[1], environment->load_avg_before[2]);
	mh_text_add(text, "Clock: %s, steps of %llu ns, an empty pair of readings %.1f ns; empty loop %.3f ns a turn\n",
		    clock->tsc ? "tsc" : "monotonic", (unsigned long long)clock->resolution_ns, clock->cost_ns,
		    context->core.loop_ns);
	for (size_t i = 0; i < context->settings->context.count; i++)
		mh_text_add(text, "%s: %s\n", context->settings->context.items[i].first,
			    context->settings->context.items[i].second);
	describe_doubts(context, text);
}

static void put_host(const struct mh_micro_context *context, struct mh_json_put *put, json_t *object)
{
	const struct mh_environment *environment = &context->environment;

	mh_json_put_text(put, object, "date", context->date);
	mh_json_put_text(put, object, "host_name", environment->host);
	mh_json_put_text(put, object, "executable", "memhp-bench micro");
	mh_json_put_i64(put, object, "num_cpus", environment->nproc);
	mh_json_put_u64(put, object, "mhz_per_cpu", (uint64_t)(mh_core_probe_ghz(&context->core) * 1000 + 0.5));
	mh_json_put_bool(put, object, "cpu_scaling_enabled", scales_frequency(environment));
	if (environment->aslr != MH_NOT_AVAILABLE)
		mh_json_put_bool(put, object, "aslr_enabled", environment->aslr != 0);
	(void)mh_json_put_list(put, object, "caches"); /* readers insist on it */

	json_t *loads = mh_json_put_list(put, object, "load_avg");

	for (unsigned i = 0; i < 3 && environment->load_avg_before[0] >= 0; i++)
		mh_json_add_double(put, loads, environment->load_avg_before[i]);
}

static void put_clock(const struct mh_micro_context *context, struct mh_json_put *put, json_t *object)
{
	const struct mh_clock *clock = &context->timer->clock;

	mh_json_put_text(put, object, "clock", clock->tsc ? "tsc" : "monotonic");
	mh_json_put_u64(put, object, "clock_resolution_ns", clock->resolution_ns);
	mh_json_put_double(put, object, "clock_pair_ns", clock->cost_ns);
	mh_json_put_double(put, object, "core_ghz", mh_core_probe_ghz(&context->core));
	mh_json_put_double(put, object, "empty_loop_ns", context->core.loop_ns);
}

void mh_micro_context_put(const struct mh_micro_context *context, struct mh_json_put *put, json_t *object)
{
	const struct mh_pair_list *own = &context->settings->context;

	put_host(context, put, object);
	mh_json_put_text(put, object, "library_version", context->version);
	mh_json_put_text(put, object, "library_build_type",
#ifdef NDEBUG
			 "release"
#else
			 "debug"
#endif
	);
	mh_json_put_u64(put, object, "json_schema_version", 1);
	put_clock(context, put, object);
	if (*context->not_available)
		mh_json_put_text(put, object, "perf_counters_not_available", context->not_available);
	for (size_t i = 0; i < own->count; i++)
		mh_json_put_text(put, object, own->items[i].first, own->items[i].second);
}
