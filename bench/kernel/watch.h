/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Seeing the walks of a kernel: probes on the function that walks, in an instance of tracefs of our own where there are
 * instances, read through its trace_pipe.
 *
 * Legal order: open, take after each operation, close, then the journal is undone.
 */
#ifndef BENCH_KERNEL_WATCH_H
#define BENCH_KERNEL_WATCH_H

#include "bench/kernel/journal.h"
#include "bench/kernel/release.h"
#include "bench/kernel/walk_log.h"

#define MH_KERNEL_PROBE_GROUP "memhp"
#define MH_KERNEL_INSTANCE    "memhp-bench"

struct mh_kernel_watch {
	const struct mh_kernel_tree *tree;
	char folder[MH_KERNEL_PATH_SIZE]; /* of the instance, or of tracefs itself */
	bool own_instance;
	char filter[48]; /* of walks, by which chain they are over; "": none */
	int pipe_fd;     /* -1: not open */
	struct mh_kernel_walk_log log;
};

/**
 * mh_kernel_watch_open - set the probes and begin to trace
 * @tid: the thread whose walks are kept
 * @journal: learns of each change before it is made; what failed half-way is undone with it
 *
 * Return: 0; -ENOENT no tracefs, or no function to probe; -EEXIST another run's probes or instance are there;
 * -EOPNOTSUPP this kernel's probes know no such arguments; others of the call that failed. With a sentence.
 */
int mh_kernel_watch_open(const struct mh_kernel_tree *tree, const struct mh_kernel_release *release, int tid,
			 struct mh_kernel_journal *journal, struct mh_kernel_watch *ret_watch, struct mh_error *reterr);
/**
 * mh_kernel_watch_open_callback - the same of the calls of one listener of the memory chain instead of the walks
 * @callback: "MODULE:FUNCTION"; the module may be loaded later, and again and again
 *
 * What is read is one walk a call: its event and argument, and what the listener returned.
 */
int mh_kernel_watch_open_callback(const struct mh_kernel_tree *tree, const struct mh_kernel_release *release, int tid,
				  const char *callback, struct mh_kernel_journal *journal,
				  struct mh_kernel_watch *ret_watch, struct mh_error *reterr);

#define MH_KERNEL_FUNCTIONS_MAX 96

/* Further functions whose calls and returns are to be traced, too. */
struct mh_kernel_functions {
	const char *const *names; /* by number: MH_KERNEL_LINE_CALL's @function */
	size_t count;             /* at most MH_KERNEL_FUNCTIONS_MAX */
	int *errors;              /* @count, filled: 0, or the -errno with which the kernel refused to probe it */
};

/* The walks, and those calls beside them; that a function cannot be probed is no failure. */
int mh_kernel_watch_open_calls(const struct mh_kernel_tree *tree, const struct mh_kernel_release *release, int tid,
			       const struct mh_kernel_functions *functions, struct mh_kernel_journal *journal,
			       struct mh_kernel_watch *ret_watch, struct mh_error *reterr);
/* Lets go of the buffer; the rest is the journal's. */
void mh_kernel_watch_close(struct mh_kernel_watch *watch);

/* Reads what the buffer has into watch->log, from which the operation before was cleared. 0, or -errno with a sentence:
 * of the read, or of mh_kernel_walk_log_feed(). */
int mh_kernel_watch_take(struct mh_kernel_watch *watch, struct mh_error *reterr);

#endif
