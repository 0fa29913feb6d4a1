/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench doctor: what this machine can measure and what not. Each line is a finding; "note" and "poor" ones say
 * what follows and what to do about it. Nothing here is an error.
 */
#include <jansson.h>
#include <linux/perf_event.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sync.h"
#include "base/thread.h"
#include "base/units.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/options.h"
#include "core/topology/topology.h"
#include "results/environment.h"

/* How long steal and context switches are watched. */
#define WATCH_NS     200000000u
#define FINDINGS_MAX 32

struct finding {
	const char *name;
	const char *grade; /* "good", "note" or "poor" */
	char *text;
};

struct findings {
	struct finding items[FINDINGS_MAX];
	size_t count;
};

static void add(struct findings *findings, const char *name, const char *grade, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void add(struct findings *findings, const char *name, const char *grade, const char *format, ...)
{
	struct finding *finding = &findings->items[findings->count];
	va_list arguments;

	if (findings->count == FINDINGS_MAX)
		return;
	va_start(arguments, format);
	if (vasprintf(&finding->text, format, arguments) < 0)
		finding->text = NULL;
	va_end(arguments);
	if (!finding->text)
		return;
	finding->name = name;
	finding->grade = grade;
	findings->count++;
}

static void look_at_clock(struct findings *findings)
{
	struct mh_clock clock;

	mh_clock_init(&clock, MH_CLOCK_TSC);
	if (clock.tsc)
		add(findings, "clock", "good", "TSC, steps of %llu ns, %.1f ns for an empty pair of readings",
		    (unsigned long long)clock.resolution_ns, clock.cost_ns);
	else
		add(findings, "clock", "note",
		    "CLOCK_MONOTONIC_RAW (%s), %.1f ns for an empty pair: short steps look longer",
		    clock.fallback_reason, clock.cost_ns);
	if (clock.resolution_ns >= 5)
		add(findings, "resolution", "note",
		    "times below %llu ns are quantised: percentiles of short operations come in such steps",
		    (unsigned long long)clock.resolution_ns * 10);
}

static void look_at_cpus(struct findings *findings, const struct mh_environment *environment)
{
	add(findings, "cpus", environment->nproc >= 2 ? "good" : "poor", "%lld usable, %s%s",
	    (long long)environment->nproc, environment->cpu_model[0] ? environment->cpu_model : "model not available",
	    environment->nproc >= 2 ? "" : ": two threads share one, their times are of the scheduler");
	if (!environment->governor[0])
		add(findings, "governor", "note",
		    "not available (usual in a virtual machine): frequency changes go unseen");
	else if (strcmp(environment->governor, "performance") == 0)
		add(findings, "governor", "good", "performance");
	else
		add(findings, "governor", "note",
		    "%s: the frequency follows the load; 'cpupower frequency-set -g performance'",
		    environment->governor);
	if (strcmp(environment->turbo, "on") == 0)
		add(findings, "turbo", "note", "on: the frequency depends on what the other cores do");
	if (strcmp(environment->smt, "on") == 0)
		add(findings, "smt", "note", "on: a sibling can halve a thread, unseen");
}

static void look_at_neighbours(struct findings *findings, const struct mh_environment *environment)
{
	if (environment->steal_ns == MH_NOT_AVAILABLE)
		add(findings, "steal", "note", "not available");
	else
		add(findings, "steal", environment->steal_ns > 2000000 ? "poor" : "good",
		    "%.1f ms in %u ms (a virtual machine may hide it)", (double)environment->steal_ns / 1e6,
		    WATCH_NS / 1000000u);
	if (environment->load_avg_before[0] > 0.5)
		add(findings, "load", "note", "%.2f: other work runs here and moves the tails",
		    environment->load_avg_before[0]);
	else
		add(findings, "load", "good", "%.2f", environment->load_avg_before[0]);
	if (environment->cgroup_cpu_max[0] && strncmp(environment->cgroup_cpu_max, "max", 3) != 0)
		add(findings, "cgroup", "poor", "cpu.max is %s: threads are held back in slices",
		    environment->cgroup_cpu_max);
}

static bool perf_event_opens(uint32_t type, uint64_t config)
{
	struct perf_event_attr attributes = {
		.type = type,
		.size = sizeof(attributes),
		.config = config,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	long fd = syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);

	if (fd < 0)
		return false;
	close((int)fd);
	return true;
}

static void look_at_perf(struct findings *findings)
{
	if (perf_event_opens(PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS))
		add(findings, "perf events", "good", "hardware counters");
	else if (perf_event_opens(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES))
		add(findings, "perf events", "note", "software events only: instructions and cycles are not available");
	else
		add(findings, "perf events", "note",
		    "not available (kernel.perf_event_paranoid, or none in this container)");
}

static void look_at_topology(struct findings *findings)
{
	struct mh_topology *topology;
	struct mh_error error;
	char memory[32];

	if (mh_topology_load("host", UINT64_C(1) << 30, &topology, &error) < 0) {
		add(findings, "topology", "poor", "%s", error.text);
		return;
	}
	add(findings, "topology", "good", "%zu node%s, %zu CPUs, %s%s", topology->node_count,
	    topology->node_count == 1 ? "" : "s", topology->cpu_count,
	    mh_show_size(memory, sizeof(memory), mh_topology_memory_bytes(topology)),
	    topology->node_count == 1 ? ": real distances between nodes cannot be measured here" : "");
	mh_topology_free(topology);
}

static void look(struct findings *findings)
{
	struct mh_environment environment;

	mh_environment_read(&environment);
	mh_sleep_ns(WATCH_NS);
	mh_environment_finish(&environment);
	add(findings, "kernel", "good", "%s", environment.kernel);
	look_at_cpus(findings, &environment);
	look_at_clock(findings);
	look_at_neighbours(findings, &environment);
	look_at_perf(findings);
	look_at_topology(findings);
	add(findings, "times", "note", "are of this code on this host, never a kernel's latencies");
}

static int print_json(const struct findings *findings)
{
	json_t *list = json_array();
	json_t *json;
	char *text;

	for (size_t i = 0; i < findings->count; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name", findings->items[i].name, "grade",
						      findings->items[i].grade, "text", findings->items[i].text));
	json = json_pack("{s:s, s:i, s:o}", "schema", "memhp-bench/doctor", "schema_version", 1, "findings", list);
	text = json ? json_dumps(json, JSON_INDENT(2)) : NULL;
	json_decref(json);
	if (!text)
		return MH_EXIT_INTERNAL;
	puts(text);
	free(text);
	return MH_EXIT_DONE;
}

static int print_text(const struct findings *findings, bool colour)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		const char *tint = strcmp(finding->grade, "poor") == 0   ? "\033[31m"
				   : strcmp(finding->grade, "note") == 0 ? "\033[33m"
									 : "\033[32m";

		printf("%s%-4s%s  %-11s %s\n", colour ? tint : "", finding->grade, colour ? "\033[0m" : "",
		       finding->name, finding->text);
	}
	return MH_EXIT_DONE;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = state->input;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "unexpected argument '%s'", argument);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int mh_cmd_doctor(int argc, char **argv)
{
	static const struct argp_child children[] = {{&mh_print_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {NULL,     parse, NULL, "What this machine can measure and what not.",
					 children, NULL,  NULL};
	struct mh_options options;
	struct findings findings = {.count = 0};
	int code;

	mh_options_init(&options);
	if (mh_options_parse(&argp, "doctor", argc, argv, &options))
		return MH_EXIT_USAGE;
	look(&findings);
	code = options.format == MH_FORMAT_JSON ? print_json(&findings)
						: print_text(&findings, mh_options_colour(&options, STDOUT_FILENO));
	for (size_t i = 0; i < findings.count; i++)
		free(findings.items[i].text);
	return code;
}
