/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/micro/perf.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct mh_perf_event events[] = {
	{"CYCLES", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
	{"INSTRUCTIONS", PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS},
	{"BRANCHES", PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_INSTRUCTIONS},
	{"BRANCH-MISSES", PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_MISSES},
	{"CACHE-REFERENCES", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_REFERENCES},
	{"CACHE-MISSES", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES},
	{"PAGE-FAULTS", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS},
	{"CONTEXT-SWITCHES", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES},
	{"CPU-MIGRATIONS", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS},
	{"TASK-CLOCK", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK},
	{NULL, 0, 0},
};

static const struct mh_perf_event *find(const char *name)
{
	for (const struct mh_perf_event *event = events; event->name; event++)
		if (strcasecmp(event->name, name) == 0)
			return event;
	return NULL;
}

static int refuse(const char *name, struct mh_error *reterr)
{
	struct mh_text list = MH_TEXT_INIT;

	for (const struct mh_perf_event *event = events; event->name; event++)
		mh_text_add(&list, "%s%s", list.length ? ", " : "", event->name);
	mh_error_set(reterr, -EINVAL, "there is no event '%s': use %s", name, list.data);
	mh_text_release(&list);
	return -EINVAL;
}

static int add(struct mh_perf_set *set, const char *name, struct mh_error *reterr)
{
	const struct mh_perf_event *event = find(name);

	if (!event)
		return refuse(name, reterr);
	if (set->count == MH_PERF_MAX)
		return mh_error_set(reterr, -EINVAL, "use at most %d events", MH_PERF_MAX);
	set->events[set->count++] = event;
	return 0;
}

int mh_perf_parse(const char *names, struct mh_perf_set *ret_set, struct mh_error *reterr)
{
	struct mh_perf_set set = {.count = 0};
	char *copy = strdup(names), *rest = copy;
	int ret = copy ? 0 : mh_error_set(reterr, -ENOMEM, "no memory for '%s'", names);

	for (char *name = strsep(&rest, ","); ret == 0 && name; name = strsep(&rest, ","))
		ret = add(&set, name, reterr);
	free(copy);
	if (ret == 0)
		*ret_set = set;
	return ret;
}

/* Of this thread on any CPU; in user space alone, which needs no privilege. -1 and errno. */
static int open_event(const struct mh_perf_event *event)
{
	struct perf_event_attr attributes = {
		.type = event->type,
		.size = sizeof(attributes),
		.config = event->config,
		.exclude_kernel = event->type == PERF_TYPE_HARDWARE,
		.exclude_hv = 1,
	};

	return (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0UL);
}

void mh_perf_keep_available(struct mh_perf_set *set, struct mh_text *told)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < set->count; i++) {
		int fd = open_event(set->events[i]);

		if (fd < 0) {
			mh_text_add(told, "%s is not available here: %s\n", set->events[i]->name, strerror(errno));
			continue;
		}
		close(fd);
		set->events[kept++] = set->events[i];
	}
	set->count = kept;
}

void mh_perf_open(struct mh_perf *perf, const struct mh_perf_set *set)
{
	perf->count = set->count;
	for (unsigned i = 0; i < set->count; i++)
		perf->fds[i] = open_event(set->events[i]);
}

static uint64_t read_count(int fd)
{
	uint64_t count = 0;

	return fd >= 0 && read(fd, &count, sizeof(count)) == sizeof(count) ? count : 0;
}

void mh_perf_begin(struct mh_perf *perf)
{
	for (unsigned i = 0; i < perf->count; i++)
		perf->counts[i] = read_count(perf->fds[i]);
}

void mh_perf_stop(struct mh_perf *perf)
{
	for (unsigned i = 0; i < perf->count; i++)
		perf->counts[i] = read_count(perf->fds[i]) - perf->counts[i];
}

void mh_perf_close(struct mh_perf *perf)
{
	for (unsigned i = 0; i < perf->count; i++)
		if (perf->fds[i] >= 0)
			close(perf->fds[i]);
	perf->count = 0;
}
