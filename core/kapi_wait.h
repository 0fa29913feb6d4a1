/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sleep and wake of a module's threads, for the families that are built on it. */
#ifndef CORE_KAPI_WAIT_H
#define CORE_KAPI_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include <memhp/kapi_wait.h>

#include "base/sync.h"

/* memhp_wake_task() where the module called something else. */
int mh_kapi_wake_task(struct task_struct *task, unsigned states);

/* Until this thread's state is MEMHP_RUNNING, or @deadline_ns of modules: false, and it is set running. */
bool mh_kapi_sleep_until(uint64_t deadline_ns);
/* @timeout jiffies from now, in ns of modules; MEMHP_TIMEOUT_NEVER: MH_KAPI_NEVER. */
uint64_t mh_kapi_timeout_ns(long timeout);
/* One turn of a wait for @condition under @lock; false: @deadline_ns of modules is past. */
bool mh_kapi_condition_wait(struct mh_condition *condition, struct mh_mutex *lock, uint64_t deadline_ns);

#endif
