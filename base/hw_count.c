/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One descriptor a counter, no group: a host that has some of them gives those. */
#include "base/hw_count.h"

#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

const char *const mh_hw_names[MH_HW_COUNTERS] = {
	[MH_HW_INSTRUCTIONS] = "instructions",
	[MH_HW_CYCLES] = "cycles",
	[MH_HW_CACHE_MISSES] = "cache_misses",
	[MH_HW_BRANCH_MISSES] = "branch_misses",
};

static const struct mh_hw_event hardware[MH_HW_COUNTERS] = {
	[MH_HW_INSTRUCTIONS] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS},
	[MH_HW_CYCLES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
	[MH_HW_CACHE_MISSES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES},
	[MH_HW_BRANCH_MISSES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_MISSES},
};

/* As read(2) gives it with the format below. */
struct reading {
	uint64_t value, enabled_ns, running_ns;
};

/* User mode only: what an unprivileged process may count (kernel.perf_event_paranoid: 2). */
static int event_open(const struct mh_hw_event *event)
{
	struct perf_event_attr attributes;

	memset(&attributes, 0, sizeof(attributes));
	attributes.type = event->type;
	attributes.size = sizeof(attributes);
	attributes.config = event->config;
	attributes.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
	attributes.disabled = 1;
	attributes.exclude_kernel = 1;
	attributes.exclude_hv = 1;
	return (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

void mh_hw_init(struct mh_hw_count *count)
{
	for (int i = 0; i < MH_HW_COUNTERS; i++) {
		count->fds[i] = -1;
		count->values[i] = MH_HW_NOT_AVAILABLE;
	}
}

void mh_hw_open_events(struct mh_hw_count *count, const struct mh_hw_event events[MH_HW_COUNTERS])
{
	mh_hw_init(count);
	for (int i = 0; i < MH_HW_COUNTERS; i++)
		count->fds[i] = event_open(&events[i]);
}

void mh_hw_open(struct mh_hw_count *count)
{
	mh_hw_open_events(count, hardware);
}

void mh_hw_start(struct mh_hw_count *count)
{
	for (int i = 0; i < MH_HW_COUNTERS; i++) {
		if (count->fds[i] < 0)
			continue;
		(void)ioctl(count->fds[i], PERF_EVENT_IOC_RESET, 0);
		(void)ioctl(count->fds[i], PERF_EVENT_IOC_ENABLE, 0);
	}
}

/* Some hypervisors open a counter that then counts nothing: 0 in time that did pass is none either. */
static int64_t value_of(const struct reading *reading)
{
	if (!reading->running_ns || !reading->value)
		return MH_HW_NOT_AVAILABLE;
	return (int64_t)((double)reading->value * (double)reading->enabled_ns / (double)reading->running_ns);
}

void mh_hw_stop(struct mh_hw_count *count)
{
	for (int i = 0; i < MH_HW_COUNTERS; i++) {
		struct reading reading;

		if (count->fds[i] < 0)
			continue;
		(void)ioctl(count->fds[i], PERF_EVENT_IOC_DISABLE, 0);
		if (read(count->fds[i], &reading, sizeof(reading)) == (ssize_t)sizeof(reading))
			count->values[i] = value_of(&reading);
	}
}

void mh_hw_close(struct mh_hw_count *count)
{
	for (int i = 0; i < MH_HW_COUNTERS; i++) {
		if (count->fds[i] >= 0)
			close(count->fds[i]);
		count->fds[i] = -1;
	}
}
