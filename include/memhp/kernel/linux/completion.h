/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waiting for something to be done. Unlike the kernel, no signal ends a wait. */
#ifndef MEMHP_LINUX_COMPLETION_H
#define MEMHP_LINUX_COMPLETION_H

#include <linux/sched.h>

struct completion {
	struct memhp_completion memhp;
};

#define COMPLETION_INITIALIZER(name)                                                                                   \
	{                                                                                                              \
		.memhp = { 0 }                                                                                         \
	}
#define DECLARE_COMPLETION(name)         struct completion name = COMPLETION_INITIALIZER(name)
#define DECLARE_COMPLETION_ONSTACK(name) DECLARE_COMPLETION(name)

static inline void init_completion(struct completion *completion)
{
	completion->memhp.done = 0;
	completion->memhp.waiters.first = completion->memhp.waiters.last = NULL;
}

#define reinit_completion(completion)       memhp_completion_init(&(completion)->memhp)
#define complete(completion)                memhp_complete(&(completion)->memhp, 0)
#define complete_all(completion)            memhp_complete(&(completion)->memhp, 1)
#define completion_done(completion)         (memhp_completion_try(&(completion)->memhp, 0) != 0)
#define try_wait_for_completion(completion) (memhp_completion_try(&(completion)->memhp, 1) != 0)

#define wait_for_completion_timeout(completion, timeout)                                                               \
	((unsigned long)memhp_completion_wait(&(completion)->memhp, (long)(timeout), MEMHP_HERE))
#define wait_for_completion(completion)                                                                                \
	((void)memhp_completion_wait(&(completion)->memhp, MAX_SCHEDULE_TIMEOUT, MEMHP_HERE))
#define wait_for_completion_io(completion)            wait_for_completion(completion)
#define wait_for_completion_interruptible(completion) (wait_for_completion(completion), 0)
#define wait_for_completion_killable(completion)      (wait_for_completion(completion), 0)
#define wait_for_completion_interruptible_timeout(completion, timeout)                                                 \
	((long)wait_for_completion_timeout(completion, timeout))
#define wait_for_completion_killable_timeout(completion, timeout)                                                      \
	((long)wait_for_completion_timeout(completion, timeout))

#endif
