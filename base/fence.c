/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * By membarrier(), private to this process: Linux 4.14. A child of fork() has its parent's registration.
 */
#include "base/fence.h"

#include <linux/membarrier.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/assert.h"

static bool possible;

static long membarrier(int command)
{
	return syscall(SYS_membarrier, command, 0, 0);
}

static void register_process(void)
{
	possible = membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) == 0;
}

bool mh_fence_prepare(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, register_process);
	return possible;
}

void mh_fence_all(void)
{
	/* A process that is registered is not refused, unless it has forbidden itself the call since: without the fence
	 * a lock would let two in, or nobody. */
	MH_ASSERT(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0);
}
