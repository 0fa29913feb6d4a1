/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the host's facts and counters, each from one place, and forms the fingerprint. */
#include "results/environment.h"

#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "base/thread.h"
#include "results/cgroup.h"
#include "results/decimal.h"
#include "results/host_file.h"

#define CPU_FOLDER  "/sys/devices/system/cpu"
#define NODE_FOLDER "/sys/devices/system/node"
#define CPUS_MAX    8192 /* looked at for their governor */

static void read_system(struct mh_environment *environment)
{
	struct utsname name;

	if (uname(&name) < 0)
		return;
	snprintf(environment->host, sizeof(environment->host), "%s", name.nodename);
	snprintf(environment->kernel, sizeof(environment->kernel), "%.20s %.80s %.20s", name.sysname, name.release,
		 name.machine);
}

static void read_cpu_model(struct mh_environment *environment, const char *root)
{
	char *text = mh_host_file_read(root, "/proc/cpuinfo");
	char *model = environment->cpu_model;
	size_t size = sizeof(environment->cpu_model);

	/* x86 says "model name", POWER "cpu", ARM64 only the number of the part. */
	if (text && !mh_host_value(text, "model name", model, size) && !mh_host_value(text, "cpu", model, size))
		(void)mh_host_value(text, "CPU part", model, size);
	free(text);
}

/* The governor that all CPUs share. */
static void read_governor(struct mh_environment *environment, const char *root)
{
	char path[PATH_MAX], governor[MH_ENVIRONMENT_TEXT];

	for (unsigned cpu = 0; cpu < CPUS_MAX; cpu++) {
		snprintf(path, sizeof(path), CPU_FOLDER "/cpu%u/cpufreq/scaling_governor", cpu);
		if (!mh_host_line(root, path, governor, sizeof(governor)))
			return;
		if (cpu > 0 && strcmp(governor, environment->governor) != 0)
			snprintf(governor, sizeof(governor), "mixed");
		memcpy(environment->governor, governor, sizeof(governor));
	}
}

static void read_turbo(struct mh_environment *environment, const char *root)
{
	int64_t no_turbo = mh_host_number(root, CPU_FOLDER "/intel_pstate/no_turbo");
	int64_t boost = mh_host_number(root, CPU_FOLDER "/cpufreq/boost");

	if (no_turbo != MH_NOT_AVAILABLE)
		boost = !no_turbo;
	if (boost != MH_NOT_AVAILABLE)
		snprintf(environment->turbo, sizeof(environment->turbo), "%s", boost ? "on" : "off");
}

/* The word in brackets: "always [madvise] never". */
static void read_hugepages(struct mh_environment *environment, const char *root)
{
	char line[MH_ENVIRONMENT_TEXT];

	if (!mh_host_line(root, "/sys/kernel/mm/transparent_hugepage/enabled", line, sizeof(line)))
		return;
	char *open = strchr(line, '['), *close = strchr(line, ']');

	if (open && close > open)
		snprintf(environment->hugepages, sizeof(environment->hugepages), "%.*s", (int)(close - open - 1),
			 open + 1);
}

static void read_container(struct mh_environment *environment, const char *root)
{
	char *name = environment->container;
	size_t size = sizeof(environment->container);

	if (mh_host_line(root, "/run/systemd/container", name, size))
		return;
	if (mh_host_file_exists(root, "/run/.containerenv"))
		snprintf(name, size, "podman");
	else if (mh_host_file_exists(root, "/.dockerenv"))
		snprintf(name, size, "docker");
	else if (getenv("KUBERNETES_SERVICE_HOST"))
		snprintf(name, size, "kubernetes");
	else
		snprintf(name, size, "none");
}

static int64_t count_nodes(const char *root)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s" NODE_FOLDER, root) >= (int)sizeof(path))
		return MH_NOT_AVAILABLE;
	DIR *folder = opendir(path);
	int64_t count = 0;

	if (!folder)
		return MH_NOT_AVAILABLE;
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
		count += strncmp(entry->d_name, "node", 4) == 0 && entry->d_name[4] >= '0' && entry->d_name[4] <= '9';
	closedir(folder);
	return count;
}

static int64_t read_memory(const char *root)
{
	char *text = mh_host_file_read(root, "/proc/meminfo"), value[64];
	int64_t kib = MH_NOT_AVAILABLE;

	if (text && mh_host_value(text, "MemTotal", value, sizeof(value)))
		kib = mh_host_parse(value);
	free(text);
	return kib < 0 || kib > INT64_MAX / 1024 ? MH_NOT_AVAILABLE : kib * 1024;
}

static void read_load(double load[3], const char *root)
{
	char line[128];
	const char *at = line;

	for (unsigned i = 0; i < 3; i++)
		load[i] = MH_LOAD_NOT_AVAILABLE;
	if (!mh_host_line(root, "/proc/loadavg", line, sizeof(line)))
		return;
	for (unsigned i = 0; i < 3; i++) {
		size_t length = strcspn(at, " ");

		if (mh_decimal_parse(at, length, &load[i]) < 0)
			return;
		at += length + (at[length] == ' ');
	}
}

/* Time that a hypervisor gave to others, of all CPUs: the 8th number of the "cpu" line, in clock ticks. */
static int64_t read_steal(const char *root)
{
	char *text = mh_host_file_read(root, "/proc/stat"), line[256];
	long ticks_per_second = sysconf(_SC_CLK_TCK);
	int64_t ticks = MH_NOT_AVAILABLE;

	if (text && mh_host_value(text, "cpu", line, sizeof(line))) {
		char *at = line;

		for (unsigned i = 0; at && i < 7; i++) {
			at = strchr(at, ' ');
			at = at ? at + 1 : NULL;
		}
		ticks = at ? mh_host_parse(at) : MH_NOT_AVAILABLE;
	}
	free(text);
	return ticks < 0 || ticks_per_second <= 0 ? MH_NOT_AVAILABLE : ticks * (1000000000 / ticks_per_second);
}

static void read_counters(struct mh_environment *environment, const char *root)
{
	struct rusage usage;

	environment->steal_ns = read_steal(root);
	environment->throttle_count = mh_cgroup_throttle_count(root);
	environment->ctx_switches_vol = MH_NOT_AVAILABLE;
	environment->ctx_switches_invol = MH_NOT_AVAILABLE;
	if (getrusage(RUSAGE_SELF, &usage) == 0) {
		environment->ctx_switches_vol = usage.ru_nvcsw;
		environment->ctx_switches_invol = usage.ru_nivcsw;
	}
}

void mh_environment_read_under(struct mh_environment *environment, const char *root)
{
	*environment = (struct mh_environment){
		.nproc = mh_thread_cpu_count(),
		.aslr = mh_host_number(root, "/proc/sys/kernel/randomize_va_space"),
		.numa_nodes = count_nodes(root),
		.memory_bytes = read_memory(root),
		.migrations = MH_NOT_AVAILABLE,
	};
	read_system(environment);
	read_cpu_model(environment, root);
	read_governor(environment, root);
	read_turbo(environment, root);
	read_hugepages(environment, root);
	read_container(environment, root);
	(void)mh_host_line(root, CPU_FOLDER "/smt/control", environment->smt, sizeof(environment->smt));
	(void)mh_host_line(root, "/sys/devices/system/clocksource/clocksource0/current_clocksource",
			   environment->clocksource, sizeof(environment->clocksource));
	mh_cgroup_cpu_max(root, environment->cgroup_cpu_max, sizeof(environment->cgroup_cpu_max));
	read_load(environment->load_avg_before, root);
	for (unsigned i = 0; i < 3; i++)
		environment->load_avg_after[i] = MH_LOAD_NOT_AVAILABLE;
	read_counters(environment, root);
}

void mh_environment_read(struct mh_environment *environment)
{
	mh_environment_read_under(environment, "");
}

/* Not available when either end is not. */
static int64_t difference(int64_t after, int64_t before)
{
	return after == MH_NOT_AVAILABLE || before == MH_NOT_AVAILABLE ? MH_NOT_AVAILABLE : after - before;
}

void mh_environment_finish_under(struct mh_environment *environment, const char *root)
{
	struct mh_environment after;

	read_counters(&after, root);
	read_load(environment->load_avg_after, root);
	environment->steal_ns = difference(after.steal_ns, environment->steal_ns);
	environment->throttle_count = difference(after.throttle_count, environment->throttle_count);
	environment->ctx_switches_vol = difference(after.ctx_switches_vol, environment->ctx_switches_vol);
	environment->ctx_switches_invol = difference(after.ctx_switches_invol, environment->ctx_switches_invol);
}

void mh_environment_finish(struct mh_environment *environment)
{
	mh_environment_finish_under(environment, "");
}

int64_t mh_environment_thread_migrations(void)
{
	char *text = mh_host_file_read("", "/proc/thread-self/sched"), value[32];
	int64_t count = MH_NOT_AVAILABLE;

	if (text && mh_host_value(text, "se.nr_migrations", value, sizeof(value)))
		count = mh_host_parse(value);
	free(text);
	return count;
}

void mh_environment_fingerprint(const struct mh_environment *environment, char ret_hex[MH_SHA256_TEXT])
{
	struct mh_text text = MH_TEXT_INIT;

	mh_text_add(&text, "kernel=%s\ncpu_model=%s\nnproc=%" PRId64 "\nsmt=%s\ngovernor=%s\nturbo=%s\naslr=%" PRId64,
		    environment->kernel, environment->cpu_model, environment->nproc, environment->smt,
		    environment->governor, environment->turbo, environment->aslr);
	mh_text_add(&text, "\ncontainer=%s\ncgroup_cpu_max=%s\nnuma_nodes=%" PRId64 "\nmemory_bytes=%" PRId64,
		    environment->container, environment->cgroup_cpu_max, environment->numa_nodes,
		    environment->memory_bytes);
	mh_text_add(&text, "\nclocksource=%s\nhugepages=%s\n", environment->clocksource, environment->hugepages);
	ret_hex[0] = '\0'; /* without memory: no fingerprint, comparable with nothing */
	if (!text.failed)
		mh_sha256_hex(text.data, text.length, ret_hex);
	mh_text_release(&text);
}
