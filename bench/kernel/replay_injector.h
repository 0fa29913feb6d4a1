/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's error injector for the cases that are replayed: loaded for those that refuse an event, and by those that
 * load it themselves, on a kernel on which nobody had.
 */
#ifndef BENCH_KERNEL_REPLAY_INJECTOR_H
#define BENCH_KERNEL_REPLAY_INJECTOR_H

#include "bench/kernel/injector.h"
#include "bench/kernel/release.h"

#define MH_KERNEL_INJECTOR_BASE   "notifier_error_inject"
#define MH_KERNEL_INJECTOR_MODULE "memory_notifier_error_inject"

struct mh_kernel_replay_injector {
	const struct mh_kernel_tree *tree;
	const char *release;
	bool base_found, found; /* loaded when we came: used as they are, and never unloaded */
	bool possible;          /* they are loaded, or there are files to load them from */
};

/* Looks what there is, and notes that what is not loaded is to be unloaded. @release is kept. 0, or -errno with a
 * sentence: it is loaded, and armed. */
int mh_kernel_replay_injector_open(struct mh_kernel_replay_injector *injector, const struct mh_kernel_tree *tree,
				   const char *release, struct mh_kernel_journal *journal, struct mh_error *reterr);

/* As it was found. 0, or -errno with a sentence. */
int mh_kernel_replay_injector_reset(const struct mh_kernel_replay_injector *injector, struct mh_error *reterr);
/* Loaded, and disarmed. */
int mh_kernel_replay_injector_load(const struct mh_kernel_replay_injector *injector, struct mh_error *reterr);

/* One of its two modules, by either spelling; NULL: @name is another. */
const char *mh_kernel_replay_injector_module(const char *name);

#endif
