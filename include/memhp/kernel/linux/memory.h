/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory chain: events, their argument, registration. */
#ifndef MEMHP_LINUX_MEMORY_H
#define MEMHP_LINUX_MEMORY_H

#include <linux/memhp_types.h>
#include <linux/node.h>
#include <linux/notifier.h>
#include <memhp/kernel.h>

/*
 * Where the kernel puts its own. 6.1 names the slab allocator and the limit of overcommitted memory; from 6.2 on all
 * have names. Read off the chains of booted kernels, but for HMAT and CXL, which no recorded machine had.
 */
#define SLAB_CALLBACK_PRI 1
#if MEMHP_COMPAT == 61
#define IPC_CALLBACK_PRI 10
#else
#define DEFAULT_CALLBACK_PRI 0
#define CXL_CALLBACK_PRI     5
#define MM_COMPUTE_BATCH_PRI 10
#define CPUSET_CALLBACK_PRI  10
#define MEMTIER_HOTPLUG_PRI  100
#define KSM_CALLBACK_PRI     100
#if MEMHP_COMPAT == 612
#define HMAT_CALLBACK_PRI 2
#else
#define HMAT_CALLBACK_PRI 6
#endif
#endif

#endif
