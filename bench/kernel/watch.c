/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "bench/kernel/symbol.h"
#include "bench/kernel/trace_line.h"

#define PIECE_SIZE      16384
#define PROBES_SIZE_MAX (1u << 20) /* of everybody's definitions together */

/* The registers of a function's arguments. Tried on x86-64 only; elsewhere by the tracer's own names. */
#if defined(__x86_64__)
static const char *const arguments[] = {"%di", "%si", "%dx"};
#else
static const char *const arguments[] = {"$arg1", "$arg2", "$arg3"};
#endif

/* Where struct memory_notify has its fields. Which function is probed: memory_notify(), or, where gcc writes that one's
 * body into those who call it for PREPARE_ONLINE and FINISH_OFFLINE (as in Debian's 6.12), the one that walks every
 * chain of this kind, and then only for this chain. The latter's return tells which chain from 6.9 on only. */
static const struct layout {
	unsigned start, nr;
	bool has_nids;
	unsigned nid_normal, nid;
	bool has_nodes; /* a chain of nodes, by node_notify() */
	bool by_chain;
} layouts[MH_COMPAT_COUNT] = {
	[MH_COMPAT_V6_1] = {0, 8, true, 16, 20, false, false},
	[MH_COMPAT_V6_12] = {16, 24, true, 32, 36, false, true},
	[MH_COMPAT_V7_3] = {0, 8, false, 0, 0, true, false},
};

/* tracefs by itself, or where debugfs mounts it. */
static int find_tracefs(const struct mh_kernel_tree *tree, char ret_folder[MH_KERNEL_PATH_SIZE],
			struct mh_error *reterr)
{
	static const char *const places[] = {"/sys/kernel/tracing", MH_KERNEL_DEBUG "/tracing"};
	char path[MH_KERNEL_PATH_SIZE];

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		mh_kernel_path(tree, path, "%s/kprobe_events", places[i]);
		if (!mh_kernel_has(tree, path))
			continue;
		mh_kernel_path(tree, ret_folder, "%s", places[i]);
		return 0;
	}
	return mh_error_set(
		reterr, -ENOENT,
		"'%s' is not there or not readable: as root, mount -t tracefs nodev /sys/kernel/tracing, on a "
		"kernel with CONFIG_KPROBE_EVENTS",
		mh_kernel_path(tree, path, "/sys/kernel/tracing/kprobe_events"));
}

static int join(char path[MH_KERNEL_PATH_SIZE], const char *folder, const char *name, struct mh_error *reterr)
{
	int length = snprintf(path, MH_KERNEL_PATH_SIZE, "%s/%s", folder, name);

	if (length >= 0 && length < MH_KERNEL_PATH_SIZE)
		return 0;
	return mh_error_set(reterr, -ENAMETOOLONG, "'%s' lies too deep for its files to be named", folder);
}

static int refuse_leftovers(const struct mh_kernel_tree *tree, const char *events, struct mh_error *reterr)
{
	struct mh_text text = MH_TEXT_INIT;
	int ret = mh_kernel_read_text(tree, events, PROBES_SIZE_MAX, &text, reterr);

	if (ret == 0 && strstr(text.data, ":" MH_KERNEL_PROBE_GROUP "/"))
		ret = mh_error_set(reterr, -EEXIST,
				   "'%s' has probes of another run of ours: wait until it has ended, or, if it was "
				   "killed, put back what it left by the restore.sh in its result folder",
				   events);
	mh_text_release(&text);
	return ret;
}

/* "-:GROUP/NAME" of "p:GROUP/NAME FUNCTION …". */
static void removal_of(const char *probe, char ret_removal[64])
{
	snprintf(ret_removal, 64, "-%.*s\n", (int)strcspn(probe + 1, " "), probe + 1);
}

static int set_probe(const struct mh_kernel_tree *tree, struct mh_kernel_journal *journal, const char *events,
		     const char *probe, struct mh_error *reterr)
{
	char removal[64], line[MH_KERNEL_VALUE_SIZE];
	int ret;

	removal_of(probe, removal);
	snprintf(line, sizeof(line), "%s\n", probe);
	ret = mh_kernel_journal_note(journal, MH_KERNEL_UNDO_APPEND, events, removal, reterr);
	if (ret == 0)
		ret = mh_kernel_append(tree, events, line, reterr);
	if (ret == -ENOENT)
		return mh_error_set(reterr, ret, "'%s' takes no probe '%s': this kernel has no such function to probe",
				    events, probe);
	if (ret == -EINVAL)
		return mh_error_set(reterr, -EOPNOTSUPP, "'%s' does not take the probe '%s'", events, probe);
	return ret;
}

/* A function that gets an event (of which newer kernels make an enum: what stands above its 32 bits is nobody's) and a
 * struct memory_notify. */
struct target {
	const char *function;
	unsigned first;    /* which of its arguments the event is */
	const char *chain; /* " nh=…" of its call and of its return, to filter by; "": it walks one chain only */
	const char *returned_chain;
};

/* Beginning, argument and return. */
static int set_memory_probes(struct mh_kernel_watch *watch, const struct layout *layout, const struct target *target,
			     struct mh_kernel_journal *journal, const char *events, struct mh_error *reterr)
{
	const char *event = arguments[target->first], *data = arguments[target->first + 1];
	char probe[MH_KERNEL_VALUE_SIZE], nids[64] = "";
	int ret;

	if (layout->has_nids)
		snprintf(nids, sizeof(nids), " nidn=+%u(%s):s32 nid=+%u(%s):s32", layout->nid_normal, data, layout->nid,
			 data);
	snprintf(probe, sizeof(probe),
		 "p:" MH_KERNEL_PROBE_GROUP "/" MH_KERNEL_PROBE_WALK
		 " %s ev=%s:u32 start=+%u(%s):u64 nr=+%u(%s):u64%s%s",
		 target->function, event, layout->start, data, layout->nr, data, nids, target->chain);
	ret = set_probe(watch->tree, journal, events, probe, reterr);
	if (ret < 0)
		return ret;
	snprintf(probe, sizeof(probe), "r:" MH_KERNEL_PROBE_GROUP "/" MH_KERNEL_PROBE_WALKED " %s ret=$retval:s32%s",
		 target->function, target->returned_chain);
	return set_probe(watch->tree, journal, events, probe, reterr);
}

/* The walks of the memory chain. */
static int set_walk_probes(struct mh_kernel_watch *watch, const struct layout *layout,
			   struct mh_kernel_journal *journal, const char *events, struct mh_error *reterr)
{
	static const struct target own = {"memory_notify", 0, "", ""};
	struct target every = {"blocking_notifier_call_chain", 1, NULL, " nh=$arg1:x64"};
	uint64_t chain;
	char from[32];
	int ret;

	if (!layout->by_chain)
		return set_memory_probes(watch, layout, &own, journal, events, reterr);
	ret = mh_kernel_symbol(watch->tree, "memory_chain", &chain, reterr);
	if (ret < 0)
		return ret;
	snprintf(watch->filter, sizeof(watch->filter), "nh==%#llx\n", (unsigned long long)chain);
	snprintf(from, sizeof(from), " nh=%s:x64", arguments[0]);
	every.chain = from;
	return set_memory_probes(watch, layout, &every, journal, events, reterr);
}

static int set_node_probes(struct mh_kernel_watch *watch, struct mh_kernel_journal *journal, const char *events,
			   struct mh_error *reterr)
{
	char probe[MH_KERNEL_VALUE_SIZE];
	int ret;

	snprintf(probe, sizeof(probe),
		 "p:" MH_KERNEL_PROBE_GROUP "/" MH_KERNEL_PROBE_NODE_WALK " node_notify ev=%s:u32 nid=+0(%s):s32",
		 arguments[0], arguments[1]);
	ret = set_probe(watch->tree, journal, events, probe, reterr);
	return ret < 0 ? ret
		       : set_probe(watch->tree, journal, events,
				   "r:" MH_KERNEL_PROBE_GROUP "/" MH_KERNEL_PROBE_NODE_WALKED
				   " node_notify ret=$retval:s32",
				   reterr);
}

/* Both of the function's, or none; what kept it from being probed is told by its errno. */
static int set_function(const struct mh_kernel_tree *tree, struct mh_kernel_journal *journal, const char *events,
			const struct mh_kernel_functions *functions, size_t number, struct mh_error *reterr)
{
	char probe[MH_KERNEL_VALUE_SIZE];
	struct mh_error refused = {.text = ""};
	int ret = 0;

	snprintf(probe, sizeof(probe), "p:" MH_KERNEL_PROBE_GROUP "/%c%zu %s", MH_KERNEL_PROBE_CALL, number,
		 functions->names[number]);
	ret = set_probe(tree, journal, events, probe, &refused);
	snprintf(probe, sizeof(probe), "r:" MH_KERNEL_PROBE_GROUP "/%c%zu %s", MH_KERNEL_PROBE_CALLED, number,
		 functions->names[number]);
	if (ret == 0)
		ret = set_probe(tree, journal, events, probe, &refused);
	functions->errors[number] = ret;
	return ret == -E2BIG ? mh_error_set(reterr, ret, "%s", refused.text) : 0;
}

static int set_functions(struct mh_kernel_watch *watch, struct mh_kernel_journal *journal,
			 const struct mh_kernel_functions *functions, struct mh_error *reterr)
{
	char events[MH_KERNEL_PATH_SIZE];
	int ret = functions ? join(events, watch->folder, "kprobe_events", reterr) : 0;

	for (size_t i = 0; ret == 0 && functions && i < functions->count; i++)
		ret = set_function(watch->tree, journal, events, functions, i, reterr);
	return ret;
}

/* @callback: as of mh_kernel_watch_open_callback(), or NULL: the walks of the chains. */
static int set_probes(struct mh_kernel_watch *watch, enum mh_compat compat, const char *callback,
		      struct mh_kernel_journal *journal, struct mh_error *reterr)
{
	const struct layout *layout = &layouts[compat];
	char events[MH_KERNEL_PATH_SIZE];
	int ret = join(events, watch->folder, "kprobe_events", reterr);

	if (ret == 0)
		ret = refuse_leftovers(watch->tree, events, reterr);
	if (ret == 0 && callback)
		return set_memory_probes(watch, layout, &(struct target){callback, 1, "", ""}, journal, events, reterr);
	if (ret == 0)
		ret = set_walk_probes(watch, layout, journal, events, reterr);
	if (ret == 0 && layout->has_nodes)
		ret = set_node_probes(watch, journal, events, reterr);
	return ret;
}

/* Where the kernel has instances, ours: then nothing that others trace is in it, and nothing of theirs is changed. */
static int enter_instance(struct mh_kernel_watch *watch, struct mh_kernel_journal *journal, struct mh_error *reterr)
{
	char instances[MH_KERNEL_PATH_SIZE], own[MH_KERNEL_PATH_SIZE];
	int ret = join(instances, watch->folder, "instances", reterr);

	if (ret < 0 || !mh_kernel_has(watch->tree, instances))
		return ret;
	ret = join(own, instances, MH_KERNEL_INSTANCE, reterr);
	if (ret < 0)
		return ret;
	/* Noted only when it is ours: one that another run made is not to be removed. */
	ret = watch->tree->calls->make(watch->tree->calls->data, own);
	if (ret == -EEXIST)
		return mh_error_set(reterr, ret, "'%s' is there already: another run of ours goes on, or was killed",
				    own);
	if (ret < 0)
		return mh_kernel_complain(reterr, ret, "make", own);
	ret = mh_kernel_journal_note(journal, MH_KERNEL_UNDO_REMOVE, own, "", reterr);
	snprintf(watch->folder, sizeof(watch->folder), "%s", own);
	watch->own_instance = true;
	return ret;
}

/* "local [global] mono": the one in brackets. */
static void chosen_word(const char *shown, char ret_word[64])
{
	const char *open = strchr(shown, '[');

	if (open)
		snprintf(ret_word, 64, "%.*s\n", (int)strcspn(open + 1, "]"), open + 1);
	else
		snprintf(ret_word, 64, "%.62s\n", shown);
}

/* Sets a file of the instance; what it showed before is put back. */
static int set(struct mh_kernel_watch *watch, struct mh_kernel_journal *journal, const char *file, const char *value,
	       struct mh_error *reterr)
{
	char path[MH_KERNEL_PATH_SIZE], shown[MH_KERNEL_VALUE_SIZE], before[64];
	int ret = join(path, watch->folder, file, reterr);

	if (ret == 0)
		ret = mh_kernel_read(watch->tree, path, shown, reterr);
	if (ret < 0)
		return ret;
	chosen_word(shown, before);
	ret = mh_kernel_journal_note(journal, MH_KERNEL_UNDO_WRITE, path, before, reterr);
	return ret < 0 ? ret : mh_kernel_write(watch->tree, path, value, reterr);
}

static int open_pipe(struct mh_kernel_watch *watch, struct mh_error *reterr)
{
	char path[MH_KERNEL_PATH_SIZE];
	int ret = join(path, watch->folder, "trace_pipe", reterr);

	if (ret < 0)
		return ret;
	watch->pipe_fd = watch->tree->calls->open(watch->tree->calls->data, path, O_RDONLY | O_NONBLOCK);
	return watch->pipe_fd < 0 ? mh_kernel_complain(reterr, watch->pipe_fd, "read", path) : 0;
}

/* Other chains' walks are left out; "0" takes a filter away. */
static int set_filter(struct mh_kernel_watch *watch, struct mh_kernel_journal *journal, const char *probe,
		      struct mh_error *reterr)
{
	char file[64], path[MH_KERNEL_PATH_SIZE];
	int ret;

	if (!watch->filter[0])
		return 0;
	snprintf(file, sizeof(file), "events/" MH_KERNEL_PROBE_GROUP "/%s/filter", probe);
	ret = join(path, watch->folder, file, reterr);
	if (ret == 0)
		ret = mh_kernel_journal_note(journal, MH_KERNEL_UNDO_WRITE, path, "0\n", reterr);
	return ret < 0 ? ret : mh_kernel_write(watch->tree, path, watch->filter, reterr);
}

/* Stamps of the clock that bench/kernel/block.c reads, so that a walk can be placed within its write. */
static int begin_trace(struct mh_kernel_watch *watch, struct mh_kernel_journal *journal, struct mh_error *reterr)
{
	int ret = set(watch, journal, "trace_clock", "mono_raw\n", reterr);

	if (ret == 0)
		ret = set(watch, journal, "tracing_on", "1\n", reterr);
	if (ret == 0)
		ret = set_filter(watch, journal, MH_KERNEL_PROBE_WALK, reterr);
	if (ret == 0)
		ret = set_filter(watch, journal, MH_KERNEL_PROBE_WALKED, reterr);
	if (ret == 0)
		ret = set(watch, journal, "events/" MH_KERNEL_PROBE_GROUP "/enable", "1\n", reterr);
	return ret == 0 ? open_pipe(watch, reterr) : ret;
}

/* What is to be seen. */
struct sight {
	const struct mh_kernel_release *release;
	const char *callback;                        /* as of mh_kernel_watch_open_callback(); NULL: the walks */
	const struct mh_kernel_functions *functions; /* beside them; NULL: none */
};

static int open_sight(const struct mh_kernel_tree *tree, const struct sight *sight, int tid,
		      struct mh_kernel_journal *journal, struct mh_kernel_watch *ret_watch, struct mh_error *reterr)
{
	struct mh_kernel_watch *watch = ret_watch;
	int ret;

	*watch = (struct mh_kernel_watch){.tree = tree, .pipe_fd = -1};
	mh_kernel_walk_log_init(&watch->log, sight->release->protocol, tid);
	ret = find_tracefs(tree, watch->folder, reterr);
	if (ret == 0)
		ret = set_probes(watch, sight->release->compat, sight->callback, journal, reterr);
	if (ret == 0)
		ret = set_functions(watch, journal, sight->functions, reterr);
	if (ret == 0)
		ret = enter_instance(watch, journal, reterr);
	if (ret == 0)
		ret = begin_trace(watch, journal, reterr);
	if (ret < 0)
		mh_kernel_watch_close(watch);
	return ret;
}

int mh_kernel_watch_open(const struct mh_kernel_tree *tree, const struct mh_kernel_release *release, int tid,
			 struct mh_kernel_journal *journal, struct mh_kernel_watch *ret_watch, struct mh_error *reterr)
{
	return open_sight(tree, &(struct sight){.release = release}, tid, journal, ret_watch, reterr);
}

int mh_kernel_watch_open_callback(const struct mh_kernel_tree *tree, const struct mh_kernel_release *release, int tid,
				  const char *callback, struct mh_kernel_journal *journal,
				  struct mh_kernel_watch *ret_watch, struct mh_error *reterr)
{
	return open_sight(tree, &(struct sight){.release = release, .callback = callback}, tid, journal, ret_watch,
			  reterr);
}

int mh_kernel_watch_open_calls(const struct mh_kernel_tree *tree, const struct mh_kernel_release *release, int tid,
			       const struct mh_kernel_functions *functions, struct mh_kernel_journal *journal,
			       struct mh_kernel_watch *ret_watch, struct mh_error *reterr)
{
	return open_sight(tree, &(struct sight){.release = release, .functions = functions}, tid, journal, ret_watch,
			  reterr);
}

void mh_kernel_watch_close(struct mh_kernel_watch *watch)
{
	if (watch->pipe_fd >= 0)
		watch->tree->calls->close(watch->tree->calls->data, watch->pipe_fd);
	watch->pipe_fd = -1;
	mh_kernel_walk_log_release(&watch->log);
}

int mh_kernel_watch_take(struct mh_kernel_watch *watch, struct mh_error *reterr)
{
	const struct mh_kernel_calls *calls = watch->tree->calls;
	char piece[PIECE_SIZE];
	ssize_t got;
	int ret = 0;

	mh_kernel_walk_log_clear(&watch->log);
	do {
		int fed = 0;

		got = calls->read(calls->data, watch->pipe_fd, piece, sizeof(piece), false);
		if (got > 0)
			fed = mh_kernel_walk_log_feed(&watch->log, piece, (size_t)got, ret == 0 ? reterr : NULL);
		ret = ret == 0 ? fed : ret;
	} while (got > 0 || got == -EINTR);
	/* -EAGAIN: nothing more is there. */
	if (got < 0 && got != -EAGAIN && ret == 0)
		return mh_kernel_complain(reterr, (int)got, "read the trace of", watch->folder);
	return ret;
}
