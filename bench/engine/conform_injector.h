/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's stock error injector: the modules notifier-error-inject and memory-notifier-error-inject, and their
 * files below /sys/kernel/debug/notifier-error-inject.
 */
#ifndef BENCH_ENGINE_CONFORM_INJECTOR_H
#define BENCH_ENGINE_CONFORM_INJECTOR_H

#include <stdbool.h>

#include "bench/engine/conform_listener.h"

#define MH_CONFORM_INJECTOR_FOLDER "/sys/kernel/debug/notifier-error-inject/"

struct mh_conform_injector {
	struct notifier_block nb;
	struct mh_conform_listeners *listeners;
	bool base_loaded, memory_loaded;
	int errors[MH_EVENT_COUNT]; /* 0 or -errno */
};

#define MH_CONFORM_UNKNOWN (-1) /* no module or file of the injector */

/* Each returns 0, a positive errno as recorded, or MH_CONFORM_UNKNOWN. */
int mh_conform_injector_load(struct mh_conform_injector *injector, const char *module, const char *parameters);
int mh_conform_injector_unload(struct mh_conform_injector *injector, const char *module);
int mh_conform_injector_write(struct mh_conform_injector *injector, const char *path, const char *value);

#endif
