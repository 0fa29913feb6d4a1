/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host's facts from made-up folders, and what is not available. */
#include "results/environment.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "results/cgroup.h"
#include "results/decimal.h"
#include "sample.h"

static void put_file(const char *root, const char *path, const char *text)
{
	struct mh_error error = {0};
	char full[512];

	snprintf(full, sizeof(full), "%s%s", root, path);
	*strrchr(full, '/') = '\0';
	cr_assert_eq(mh_folder_make(full, &error), 0, "%s", error.text);
	full[strlen(full)] = '/';
	cr_assert_eq(mh_file_write(full, text, strlen(text), &error), 0, "%s", error.text);
}

static void put_host(const char *root)
{
	put_file(root, "/proc/cpuinfo", "processor\t: 0\nmodel name\t: Model X  \nmodel\t: 1\n");
	put_file(root, "/proc/meminfo", "MemFree: 7 kB\nMemTotal:        2048 kB\n");
	put_file(root, "/proc/loadavg", "0.50 1.25 10.00 1/80 4242\n");
	put_file(root, "/proc/stat", "cpu  1 2 3 4 5 6 7 300 0 0\ncpu0 1 2 3 4 5 6 7 300 0 0\n");
	put_file(root, "/proc/sys/kernel/randomize_va_space", "2\n");
	put_file(root, "/proc/self/cgroup", "0::/a/b\n");
	put_file(root, "/sys/fs/cgroup/a/cpu.max", "50000 100000\n");
	put_file(root, "/sys/fs/cgroup/a/cpu.stat", "usage_usec 1\nnr_periods 5\nnr_throttled 4\n");
	put_file(root, "/sys/fs/cgroup/a/b/cpu.stat", "nr_throttled 99\n");
	put_file(root, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n");
	put_file(root, "/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "performance\n");
	put_file(root, "/sys/devices/system/cpu/intel_pstate/no_turbo", "1\n");
	put_file(root, "/sys/devices/system/cpu/smt/control", "on\n");
	put_file(root, "/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
	put_file(root, "/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
	put_file(root, "/sys/devices/system/node/node0/cpulist", "0\n");
	put_file(root, "/sys/devices/system/node/node12/cpulist", "1\n");
	put_file(root, "/sys/devices/system/node/possible", "0-63\n");
	put_file(root, "/run/.containerenv", "");
}

Test(environment, reads_each_fact_from_its_place)
{
	char *root = sample_folder();
	struct mh_environment environment;

	put_host(root);
	mh_environment_read_under(&environment, root);
	cr_expect_str_eq(environment.cpu_model, "Model X");
	cr_expect_eq(environment.memory_bytes, 2048 * 1024);
	cr_expect_eq(environment.load_avg_before[0], 0.5);
	cr_expect_eq(environment.load_avg_before[2], 10.0);
	cr_expect_eq(environment.load_avg_after[0], MH_LOAD_NOT_AVAILABLE);
	cr_expect_eq(environment.aslr, 2);
	cr_expect_str_eq(environment.cgroup_cpu_max, "50000 100000");
	cr_expect_eq(environment.throttle_count, 4, "%ld", environment.throttle_count);
	cr_expect_str_eq(environment.governor, "performance");
	cr_expect_str_eq(environment.turbo, "off");
	cr_expect_str_eq(environment.smt, "on");
	cr_expect_str_eq(environment.clocksource, "tsc");
	cr_expect_str_eq(environment.hugepages, "madvise");
	cr_expect_eq(environment.numa_nodes, 2);
	cr_expect_str_eq(environment.container, "podman");
	cr_expect_gt(environment.nproc, 0);
	sample_folder_remove(root);
}

Test(environment, says_not_available_where_nothing_is)
{
	char *root = sample_folder();
	struct mh_environment environment;

	mh_environment_read_under(&environment, root);
	cr_expect_str_eq(environment.cpu_model, "");
	cr_expect_str_eq(environment.governor, "");
	cr_expect_str_eq(environment.turbo, "");
	cr_expect_str_eq(environment.cgroup_cpu_max, "");
	cr_expect_eq(environment.memory_bytes, MH_NOT_AVAILABLE);
	cr_expect_eq(environment.numa_nodes, MH_NOT_AVAILABLE);
	cr_expect_eq(environment.aslr, MH_NOT_AVAILABLE);
	cr_expect_eq(environment.steal_ns, MH_NOT_AVAILABLE);
	cr_expect_eq(environment.throttle_count, MH_NOT_AVAILABLE);
	cr_expect_eq(environment.load_avg_before[1], MH_LOAD_NOT_AVAILABLE);
	mh_environment_finish_under(&environment, root);
	cr_expect_eq(environment.steal_ns, MH_NOT_AVAILABLE);
	sample_folder_remove(root);
}

Test(environment, counts_what_fell_into_the_run)
{
	char *root = sample_folder();
	struct mh_environment environment;

	put_host(root);
	mh_environment_read_under(&environment, root);
	put_file(root, "/proc/stat", "cpu  1 2 3 4 5 6 7 303 0 0\n");
	put_file(root, "/sys/fs/cgroup/a/cpu.stat", "nr_throttled 11\n");
	put_file(root, "/proc/loadavg", "3.00 2.00 1.00 1/80 4242\n");
	mh_environment_finish_under(&environment, root);
	cr_expect_eq(environment.steal_ns, 3 * (1000000000 / sysconf(_SC_CLK_TCK)), "%ld", environment.steal_ns);
	cr_expect_eq(environment.throttle_count, 7);
	cr_expect_eq(environment.load_avg_before[0], 0.5);
	cr_expect_eq(environment.load_avg_after[0], 3.0);
	cr_expect_geq(environment.ctx_switches_vol, 0);
	cr_expect_lt(environment.ctx_switches_vol, 100000);
	sample_folder_remove(root);
}

Test(cgroup, states_the_least_memory_of_all_groups_on_the_way_up)
{
	char *root = sample_folder();

	cr_expect_eq(mh_cgroup_memory_max(root), MH_NOT_AVAILABLE);
	put_file(root, "/proc/self/cgroup", "0::/a/b\n");
	put_file(root, "/sys/fs/cgroup/a/b/memory.max", "max\n");
	cr_expect_eq(mh_cgroup_memory_max(root), MH_NOT_AVAILABLE);
	put_file(root, "/sys/fs/cgroup/a/memory.max", "2097152\n");
	cr_expect_eq(mh_cgroup_memory_max(root), 2097152);
	put_file(root, "/sys/fs/cgroup/a/b/memory.max", "4194304\n");
	cr_expect_eq(mh_cgroup_memory_max(root), 2097152, "what stands above holds, too");
	put_file(root, "/sys/fs/cgroup/a/b/memory.max", "1048576\n");
	cr_expect_eq(mh_cgroup_memory_max(root), 1048576);
	put_file(root, "/sys/fs/cgroup/memory/memory.limit_in_bytes", "524288\n");
	cr_expect_eq(mh_cgroup_memory_max(root), 524288);
	sample_folder_remove(root);
}

Test(environment, reads_cgroups_of_version_1)
{
	char *root = sample_folder();
	struct mh_environment environment;

	put_file(root, "/proc/self/cgroup", "5:cpuset:/x\n4:cpuacct,cpu:/job\n0::/\n");
	put_file(root, "/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "-1\n");
	put_file(root, "/sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "100000\n");
	mh_environment_read_under(&environment, root);
	cr_expect_str_eq(environment.cgroup_cpu_max, "max 100000");
	put_file(root, "/sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "20000\n");
	mh_environment_read_under(&environment, root);
	cr_expect_str_eq(environment.cgroup_cpu_max, "20000 100000");
	sample_folder_remove(root);
}

Test(environment, calls_governors_that_differ_mixed)
{
	char *root = sample_folder();
	struct mh_environment environment;

	put_host(root);
	put_file(root, "/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "powersave\n");
	mh_environment_read_under(&environment, root);
	cr_expect_str_eq(environment.governor, "mixed");
	sample_folder_remove(root);
}

Test(environment, has_a_fingerprint_of_what_is_stable)
{
	struct mh_environment a, b;
	char first[MH_SHA256_TEXT], second[MH_SHA256_TEXT];

	mh_environment_read(&a);
	b = a;
	snprintf(b.host, sizeof(b.host), "another");
	b.load_avg_before[0] = 99;
	b.steal_ns = 5;
	mh_environment_fingerprint(&a, first);
	mh_environment_fingerprint(&b, second);
	cr_expect_str_eq(first, second);
	cr_expect_eq(strlen(first), 64u);
	snprintf(b.governor, sizeof(b.governor), "another");
	mh_environment_fingerprint(&b, second);
	cr_expect_str_neq(first, second);
}

Test(decimal, reads_plain_numbers_and_nothing_else)
{
	static const char *const bad[] = {"",   ".",   "1.",   ".5",  "-1",
					  "+1", "1e5", "nan",  "inf", "1.2.3",
					  " 1", "1 ",  "0x10", "1,5", "12345678901234567890"};
	double value;

	cr_expect_eq(mh_decimal_parse("99.99", 5, &value), 0);
	cr_expect_eq(value, 99.99);
	cr_expect_eq(mh_decimal_parse("0", 1, &value), 0);
	cr_expect_eq(value, 0.0);
	cr_expect_eq(mh_decimal_parse("1767225600.123", 14, &value), 0);
	cr_expect_eq(value, 1767225600.123);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_lt(mh_decimal_parse(bad[i], strlen(bad[i]), &value), 0, "'%s' was read", bad[i]);
}
