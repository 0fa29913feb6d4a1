/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "made_up_kernel.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include <memhp/kernel.h>

#include "bench/kernel/release.h"

#define PAGES 32768u
#define NODE  3

/* One operation as the kernel does it. */
struct doing {
	struct made_up_kernel *kernel;
	unsigned index;
	bool online, changes_node; /* the node's first block, or its last */
	int refusal;               /* of the injector: 0 or -errno */
};

static void trace(struct made_up_kernel *kernel, const char *line)
{
	static unsigned long us = 1000000;
	char whole[512];

	if (kernel->misdeed == MISDEED_SILENT)
		return;
	snprintf(whole, sizeof(whole), "     unit_bench_k-%-7d [000] ..... %lu.%06lu: %s\n", (int)getpid(),
		 us / 1000000, us % 1000000, line);
	us += 7;
	made_up_add(&kernel->made_up, MADE_UP_INSTANCE "/trace_pipe", whole);
}

/* The call or the return of a function that is probed: its number is that of its probe. */
static void trace_call(struct made_up_kernel *kernel, const char *function, char sign)
{
	char probe[128], line[256];
	unsigned number;
	const char *at;

	if (!kernel->traces_calls)
		return;
	for (at = strstr(kernel->made_up.log.data, " p:memhp/c"); at; at = strstr(at + 1, " p:memhp/c"))
		if (sscanf(at, " p:memhp/c%u %127s", &number, probe) == 2 && strcmp(probe, function) == 0)
			break;
	if (!at)
		return;
	snprintf(line, sizeof(line), sign == 'c' ? "%c%u: (%s+0x0/0x30)" : "%c%u: (caller+0x1/0x2 <- %s)", sign, number,
		 function);
	trace(kernel, line);
}

static void call(struct made_up_kernel *kernel, const char *function)
{
	trace_call(kernel, function, 'c');
	trace_call(kernel, function, 'd');
}

static void walk_memory(const struct doing *doing, enum mh_event event, int value)
{
	const struct mh_protocol *protocol = mh_protocol_of(doing->kernel->compat);
	const int nid = doing->changes_node ? NODE : -1;
	char line[256], nids[64] = "";

	if (protocol->status_change)
		snprintf(nids, sizeof(nids), " nidn=%d nid=%d", nid, nid);
	snprintf(line, sizeof(line), "mn: (memory_notify+0x0/0x30) ev=%lu start=%u nr=%u%s", protocol->actions[event],
		 doing->index * PAGES, PAGES, nids);
	trace(doing->kernel,
	      doing->kernel->misdeed == MISDEED_GARBLED_TRACE ? "mn: (memory_notify+0x0/0x30) ev=" : line);
	call(doing->kernel, "slab_memory_callback");
	snprintf(line, sizeof(line), "mr: (online_pages+0x1a2/0x2f0 <- memory_notify) ret=%d", value);
	trace(doing->kernel, line);
}

static void walk_node(const struct doing *doing, enum mh_event event)
{
	const struct mh_protocol *protocol = mh_protocol_of(doing->kernel->compat);
	char line[256];

	if (!protocol->node_chain || !doing->changes_node)
		return;
	snprintf(line, sizeof(line), "nn: (node_notify+0x0/0x30) ev=%lu nid=%d", protocol->actions[event], NODE);
	trace(doing->kernel, line);
	trace(doing->kernel, "nx: (online_pages+0x1a2/0x2f0 <- node_notify) ret=1");
}

static void walk_prepared(const struct doing *doing, enum mh_event event)
{
	if (mh_protocol_of(doing->kernel->compat)->prepares)
		walk_memory(doing, event, NOTIFY_OK);
}

/* 0 or -errno; every walk but what changes. */
static int do_online(const struct doing *doing)
{
	walk_prepared(doing, MH_PREPARE_ONLINE);
	walk_node(doing, MH_NODE_ADDING_FIRST_MEMORY);
	walk_memory(doing, MH_GOING_ONLINE, notifier_from_errno(doing->refusal));
	if (doing->refusal) {
		if (doing->kernel->misdeed != MISDEED_NO_CANCEL)
			walk_memory(doing, MH_CANCEL_ONLINE, NOTIFY_OK);
		walk_node(doing, MH_NODE_CANCEL_ADDING_FIRST_MEMORY);
		walk_prepared(doing, MH_FINISH_OFFLINE);
		return doing->refusal;
	}
	walk_node(doing, MH_NODE_ADDED_FIRST_MEMORY);
	walk_memory(doing, MH_ONLINE, NOTIFY_OK);
	return 0;
}

static int do_offline(const struct doing *doing)
{
	walk_node(doing, MH_NODE_REMOVING_LAST_MEMORY);
	walk_memory(doing, MH_GOING_OFFLINE, notifier_from_errno(doing->refusal));
	if (doing->refusal) {
		if (doing->kernel->misdeed != MISDEED_NO_CANCEL)
			walk_memory(doing, MH_CANCEL_OFFLINE, NOTIFY_OK);
		walk_node(doing, MH_NODE_CANCEL_REMOVING_LAST_MEMORY);
		return doing->refusal;
	}
	walk_node(doing, MH_NODE_REMOVED_LAST_MEMORY);
	walk_memory(doing, MH_OFFLINE, NOTIFY_OK);
	walk_prepared(doing, MH_FINISH_OFFLINE);
	return 0;
}

static int do_online_pages(const struct doing *doing)
{
	int ret;

	trace_call(doing->kernel, "online_pages", 'c');
	ret = do_online(doing);
	trace_call(doing->kernel, "online_pages", 'd');
	return ret;
}

static int do_offline_pages(const struct doing *doing)
{
	int ret;

	trace_call(doing->kernel, "offline_pages", 'c');
	call(doing->kernel, "start_isolate_page_range");
	ret = do_offline(doing);
	trace_call(doing->kernel, "offline_pages", 'd');
	return ret;
}

static int injected(struct made_up_kernel *kernel, bool online)
{
	char value[MH_KERNEL_VALUE_SIZE];

	made_up_content(&kernel->made_up,
			online ? MH_KERNEL_INJECTOR "/MEM_GOING_ONLINE/error"
			       : MH_KERNEL_INJECTOR "/MEM_GOING_OFFLINE/error",
			value);
	return kernel->misdeed == MISDEED_DEAF_INJECTOR ? 0 : atoi(value);
}

static void show_masks(struct made_up_kernel *kernel)
{
	const char *list = kernel->online_count ? "0,3\n" : "0\n";

	made_up_file(&kernel->made_up, "/sys/devices/system/node/has_memory", list);
	made_up_file(&kernel->made_up, "/sys/devices/system/node/has_normal_memory", "0\n");
}

static void change(const struct doing *doing, const char *word)
{
	struct made_up_kernel *kernel = doing->kernel;

	if (kernel->misdeed == MISDEED_STATE_KEPT)
		return;
	kernel->online_count += doing->online ? 1 : -1u;
	show_masks(kernel);
	if (doing->online)
		made_up_block(&kernel->made_up, doing->index, "online\n",
			      strcmp(word, "online_movable") == 0 ? "Movable\n" : "Normal\n", NODE);
	else
		made_up_block(&kernel->made_up, doing->index, "offline\n", "Normal Movable\n", NODE);
}

static void misbehave(struct made_up_kernel *kernel)
{
	if (kernel->misdeed == MISDEED_LOST_EVENTS)
		made_up_add(&kernel->made_up, MADE_UP_INSTANCE "/trace_pipe", "CPU:0 [LOST 3 EVENTS]\n");
	if (kernel->misdeed == MISDEED_OTHER_WRITER)
		made_up_add(&kernel->made_up, MADE_UP_INSTANCE "/trace_pipe",
			    "  udev-1  [000] .....  1.000001: mn: (memory_notify+0x0/0x30) ev=8 start=1 nr=2 nidn=-1 "
			    "nid=-1\n");
}

/* An answer to made_up_tree: a write to a state is an operation, all else just goes to its file. */
static int operate(struct made_up_tree *made_up, const char *path, const char *word)
{
	struct made_up_kernel *kernel = made_up->data;
	struct doing doing = {.kernel = kernel, .online = strcmp(word, "offline") != 0};
	char state[MH_KERNEL_VALUE_SIZE];
	int ret;

	if (sscanf(path, MH_KERNEL_MEMORY "/memory%u/state", &doing.index) != 1)
		return 0;
	if (++kernel->writes == kernel->kill_at)
		raise(SIGKILL);
	made_up_state(made_up, doing.index, state);
	if ((strcmp(state, "online") == 0) == doing.online)
		return -EINVAL;
	doing.changes_node = kernel->online_count == (doing.online ? 0u : 1u);
	doing.refusal = injected(kernel, doing.online);
	ret = doing.online ? do_online_pages(&doing) : do_offline_pages(&doing);
	misbehave(kernel);
	if (ret == 0)
		change(&doing, word);
	else if (kernel->misdeed == MISDEED_WRONG_ERRNO)
		ret = -EIO;
	return ret < 0 ? ret : MADE_UP_TAKEN;
}

void made_up_kernel_init(struct made_up_kernel *kernel, const char *release)
{
	struct mh_kernel_release parsed;
	struct mh_error error = {.text = ""};

	cr_assert_eq(mh_kernel_release_parse(release, &parsed, &error), 0, "%s", error.text);
	*kernel = (struct made_up_kernel){.compat = parsed.compat};
	made_up_init(&kernel->made_up);
	made_up_whole(&kernel->made_up, release);
	kernel->made_up.answer = operate;
	kernel->made_up.data = kernel;
	show_masks(kernel);
}

void made_up_kernel_release(struct made_up_kernel *kernel)
{
	made_up_release(&kernel->made_up);
}
